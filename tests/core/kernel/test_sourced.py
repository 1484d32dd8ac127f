import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refusals import refused_by
from stannary.core.kernel import (
    DatedValue,
    Mark,
    Parameter,
    Place,
    RefusalError,
    Value,
    as_fraction,
    check_order,
)

LOOKED_UP = datetime.date(2026, 11, 22)
SEVENTH = datetime.date(2024, 3, 7)
PLACE = Place("standard.toml", 9)


def dated(value: Value | None, since: datetime.date | None = None) -> DatedValue:
    return DatedValue(value, "made up for a test", Mark.OWN, LOOKED_UP, since)


def constant(*values: DatedValue) -> Parameter:
    return Parameter("surveillance_from_months", "month", "made up", values, PLACE)


CHANGED = constant(dated(12), dated(18, SEVENTH), dated(24, datetime.date(2026, 1, 1)))


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (datetime.date(1990, 1, 1), 12),
        (datetime.date(2024, 3, 6), 12),  # the day before the change
        (SEVENTH, 18),  # the day of the change
        (datetime.date(2024, 3, 8), 18),  # the day after
        (datetime.date(2025, 12, 31), 18),
        (datetime.date(2026, 1, 1), 24),
        (datetime.date.max, 24),
    ],
)
def test_a_value_is_in_force_from_its_first_day_on(day: datetime.date, value: int) -> None:
    assert CHANGED.on(day).value == value
    assert CHANGED.whole_on(day) == value


def test_a_day_before_the_first_value_takes_the_first_value() -> None:
    late = constant(dated(12, SEVENTH), dated(18, datetime.date(2025, 1, 1)))

    assert late.whole_on(datetime.date(2020, 1, 1)) == 12


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, None),
        (12, None),
        (-1, "KERNEL-004"),
        ("12", "KERNEL-004"),
        (True, "KERNEL-004"),
    ],
)
def test_a_whole_number_is_not_negative_and_not_a_word(value: Value, expected: str | None) -> None:
    assert refused_by(lambda: constant(dated(value)).whole_on(SEVENTH)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", Fraction(0)),
        ("0.75", Fraction(3, 4)),
        ("2/3", Fraction(2, 3)),
        ("1", Fraction(1)),
        (1, Fraction(1)),
        (10**39, Fraction(10**39)),
        ("9" * 40, Fraction(10**40 - 1)),
    ],
)
def test_a_number_is_read_as_an_exact_fraction(value: Value, expected: Fraction) -> None:
    assert constant(dated(value)).fraction_on(SEVENTH) == expected


@pytest.mark.parametrize(
    "value",
    [
        "",
        "half",
        "-0.5",
        -1,
        "+1",
        ".5",
        "1.",
        "1/0",
        "1/00",
        "1e3",
        " 1",
        "1\n",
        "٣",
        True,
        "9" * 41,
        10**40,
    ],
)
def test_anything_else_is_not_a_number(value: Value) -> None:
    assert refused_by(lambda: as_fraction(value, name="points")) == "KERNEL-004"


def test_a_number_too_long_to_print_is_refused_and_not_printed() -> None:
    assert refused_by(lambda: as_fraction(10**5000, name="points")) == "KERNEL-004"


@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_a_fraction_reads_back_as_it_was_written(numerator: int, denominator: int) -> None:
    text = f"{numerator}/{denominator}"

    assert as_fraction(text, name="share") == Fraction(numerator, denominator)


def test_an_unknown_value_is_none_and_not_zero() -> None:
    unknown = constant(dated(None))

    assert unknown.whole_on(SEVENTH) is None
    assert unknown.fraction_on(SEVENTH) is None
    assert unknown.word_on(SEVENTH) is None


def test_a_word_is_given_as_it_stands() -> None:
    assert constant(dated("substantially")).word_on(SEVENTH) == "substantially"


def test_a_value_of_the_wrong_kind_says_where_what_and_how_to_mend_it() -> None:
    with pytest.raises(RefusalError) as refusal:
        constant(dated("a year")).whole_on(SEVENTH)
    assert str(refusal.value) == (
        "standard.toml, line 9: KERNEL-004: A constant has a value of the kind and in the range that its use needs. "
        "Here: name=surveillance_from_months, value=a year, kind=whole number. Correct the value, or leave it out "
        "and mark it ? if it is unknown."
    )


@pytest.mark.parametrize("text", ["S", "S2", "SEED", "SEED+S", "SEED+S2", "D", "GK", "?", "own"])
def test_the_known_marks_are_read(text: str) -> None:
    assert Mark.parse(text).value == text
    assert Mark.parse(text).is_placeholder is (text in {"GK", "?"})


@pytest.mark.parametrize("text", ["", "s", "S3", "OWN", "SEED + S"])
def test_another_mark_is_refused(text: str) -> None:
    assert refused_by(lambda: Mark.parse(text, at=PLACE)) == "KERNEL-003"


def test_a_refused_mark_says_where_what_and_how_to_mend_it() -> None:
    with pytest.raises(RefusalError) as refusal:
        Mark.parse("sure", at=PLACE)
    assert str(refusal.value) == (
        "standard.toml, line 9: KERNEL-003: Every constant says how sure we are of it, with one of the known marks. "
        "Here: mark=sure. Use one of S, S2, SEED, SEED+S, SEED+S2, D, GK, ? or own."
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([dated(1)], []),
        ([dated(1, SEVENTH)], []),
        ([dated(1), dated(2, SEVENTH)], []),
        ([dated(1, SEVENTH), dated(2, datetime.date(2024, 3, 8))], []),  # the next day
        ([dated(1, SEVENTH), dated(2, SEVENTH)], ["KERNEL-005"]),  # the same day
        (
            [dated(1, SEVENTH), dated(2, datetime.date(2024, 3, 6))],
            ["KERNEL-005"],
        ),  # the day before
        ([dated(1), dated(2)], ["KERNEL-005"]),
        ([dated(1, SEVENTH), dated(2)], ["KERNEL-005"]),
    ],
)
def test_values_stand_in_the_order_in_which_they_came_into_force(
    values: list[DatedValue], expected: list[str]
) -> None:
    assert [finding.code for finding in check_order(constant(*values))] == expected


def test_values_out_of_order_say_where_what_and_how_to_mend_it() -> None:
    (finding,) = check_order(constant(dated(1, SEVENTH), dated(2)))

    assert finding.message == (
        "standard.toml, line 9: KERNEL-005: The values of a constant stand in the order in which they came into "
        "force, each with its own day. Here: name=surveillance_from_months, from=left out, after=2024-03-07. "
        "Put the values in order, and give each but the first the day it holds from."
    )

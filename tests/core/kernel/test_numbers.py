from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refusals import refused_by
from stannary.core.kernel import (
    MASS_MAX_MG,
    InvariantError,
    Place,
    RefusalError,
    largest_remainder,
    mass_text,
    parse_mass_mg,
    percent_text,
    share_12_text,
    share_text,
)

SHARES = st.fractions(min_value=0, max_value=1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", "KERNEL-001"),  # just under
        ("1", None),
        ("8999999999999999999", None),
        ("9000000000000000000", None),  # the most
        ("9000000000000000001", "KERNEL-001"),  # just over
        ("000000000000000000000001", None),
        ("0000000000000000000000001", "KERNEL-001"),  # 25 digits are no longer read
        ("", "KERNEL-001"),
        ("   ", "KERNEL-001"),
        ("-5", "KERNEL-001"),
        ("+5", "KERNEL-001"),
        ("1.0", "KERNEL-001"),
        ("1e6", "KERNEL-001"),
        ("1 000", "KERNEL-001"),
        ("1_000", "KERNEL-001"),
        ("٣", "KERNEL-001"),  # a digit, but not one that every program reads
        ("²", "KERNEL-001"),
    ],
)
def test_a_mass_is_a_whole_number_of_milligrams_within_range(
    text: str, expected: str | None
) -> None:
    assert refused_by(lambda: parse_mass_mg(text)) == expected


def test_a_refused_mass_says_where_what_and_how_to_mend_it() -> None:
    with pytest.raises(RefusalError) as refusal:
        parse_mass_mg("12.5", at=Place("moves.csv", 3, "mass_mg"))
    assert str(refusal.value) == (
        "moves.csv, line 3, column mass_mg: KERNEL-001: A mass is a whole number of milligrams from 1 to "
        "9 000 000 000 000 000 000. Here: value=12.5. Write the mass in milligrams, digits only, without "
        "separators or decimals."
    )


@given(st.integers(1, MASS_MAX_MG))
def test_a_mass_reads_back_as_it_was_written(mass_mg: int) -> None:
    assert parse_mass_mg(f" {mass_mg}\n") == mass_mg


@given(st.integers(-MASS_MAX_MG, MASS_MAX_MG))
def test_a_printed_mass_loses_no_milligram(mass_mg: int) -> None:
    kilograms = mass_text(mass_mg).removesuffix(" kg").replace(" ", "")

    assert Decimal(kilograms) * 10**6 == mass_mg


@pytest.mark.parametrize(
    ("mass_mg", "text"),
    [(0, "0 kg"), (-1, "-0.000001 kg"), (999_999_000_000, "999 999 kg"), (10**12, "1 000 000 kg")],
)
def test_a_mass_is_printed_in_kilograms_with_thousands_apart(mass_mg: int, text: str) -> None:
    assert mass_text(mass_mg) == text


@given(SHARES)
def test_twelve_decimals_are_never_further_off_than_half_of_the_last_one(share: Fraction) -> None:
    text = share_12_text(share)

    assert len(text.partition(".")[2]) == 12
    assert abs(Fraction(text) - share) <= Fraction(1, 2 * 10**12)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(1, 2 * 10**12), "0.000000000000"),  # a half goes to the even neighbour: down to 0
        (Fraction(3, 2 * 10**12), "0.000000000002"),  # and up to 2
        (Fraction(10**12 + 1, 2 * 10**12 * 10**12), "0.000000000001"),  # just over a half
        (Fraction(10**12 - 1, 2 * 10**12 * 10**12), "0.000000000000"),  # just under
        (Fraction(1), "1.000000000000"),
        (Fraction(0), "0.000000000000"),
        (Fraction(-1, 3), "-0.333333333333"),
        (Fraction(10**40), "1" + "0" * 40 + ".000000000000"),
    ],
)
def test_the_thirteenth_decimal_is_rounded_half_to_even(share: Fraction, text: str) -> None:
    assert share_12_text(share) == text


@given(st.integers(0, 10**12))
def test_a_share_of_twelve_decimals_is_printed_exactly_and_without_idle_zeros(part: int) -> None:
    share = Fraction(part, 10**12)
    text = share_text(share)

    assert Fraction(text) == share
    assert "." not in text or not text.endswith(("0", "."))


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(1), "1"),
        (Fraction(100), "100"),
        (Fraction(1, 3), "0.333333333333"),
    ],
)
def test_a_share_is_printed_short(share: Fraction, text: str) -> None:
    assert share_text(share) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(7499, 10_000), "74.9"),  # just under a level never reads as the level
        (Fraction(749_999, 1_000_000), "74.9"),
        (Fraction(3, 4), "75.0"),
        (Fraction(7501, 10_000), "75.0"),
        (Fraction(-7499, 10_000), "-74.9"),
        (Fraction(-1, 10_000), "0.0"),
        (Fraction(0), "0.0"),
    ],
)
def test_a_percentage_is_rounded_towards_zero(share: Fraction, text: str) -> None:
    assert percent_text(share) == text


@pytest.mark.parametrize(("places", "text"), [(0, "33"), (1, "33.3"), (3, "33.333")])
def test_a_percentage_has_as_many_decimals_as_asked_for(places: int, text: str) -> None:
    assert percent_text(Fraction(1, 3), places=places) == text


@given(st.fractions(min_value=-2, max_value=2), st.integers(0, 6))
def test_a_percentage_is_never_larger_than_the_share(share: Fraction, places: int) -> None:
    shown = Fraction(percent_text(share, places=places)) / 100

    assert abs(shown) <= abs(share)
    assert abs(share) - abs(shown) < Fraction(1, 10 ** (places + 2))


@given(st.integers(0, MASS_MAX_MG), st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_parts_by_largest_remainder_add_up_and_stay_within_one_of_their_due(
    total: int, counts: list[int]
) -> None:
    weights = [Fraction(count + 1, sum(counts) + len(counts)) for count in counts]

    parts = largest_remainder(total, weights)

    assert sum(parts) == total
    assert all(abs(part - weight * total) < 1 for part, weight in zip(parts, weights, strict=True))


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (0, [], ()),
        (0, [Fraction(1)], (0,)),
        (1, [Fraction(1, 2), Fraction(1, 2)], (1, 0)),  # the earlier place where remainders tie
        (3, [Fraction(1, 2), Fraction(0), Fraction(1, 2)], (2, 0, 1)),
        (10, [Fraction(1, 6), Fraction(1, 2), Fraction(1, 3)], (2, 5, 3)),
    ],
)
def test_what_is_left_goes_to_the_largest_remainders(
    total: int, weights: list[Fraction], parts: tuple[int, ...]
) -> None:
    assert largest_remainder(total, weights) == parts


@pytest.mark.parametrize(
    ("total", "weights"),
    [
        (1, []),
        (10, [Fraction(1, 2), Fraction(1, 3)]),  # less than one
        (10, [Fraction(1, 2), Fraction(2, 3)]),  # more than one
        (10, [Fraction(3, 2), Fraction(-1, 2)]),  # one, but with a negative part
        (-1, [Fraction(1)]),
    ],
)
def test_weights_that_are_no_whole_are_a_bug_of_ours(total: int, weights: list[Fraction]) -> None:
    with pytest.raises(InvariantError):
        largest_remainder(total, weights)

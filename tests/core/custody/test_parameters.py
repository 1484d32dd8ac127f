"""What a custody pack decides, and what holds where it is silent."""

import datetime
from fractions import Fraction

import pytest

from refusals import refused_by
from stannary.core.custody import DEFAULT_RULES, CustodyRules
from stannary.core.kernel import DatedValue, Mark, Parameter, RefusalError, Value
from stannary.core.standards import Edition

DAY = datetime.date(2026, 6, 1)


def parameter(name: str, *values: tuple[Value | None, datetime.date | None]) -> Parameter:
    dated = tuple(
        DatedValue(value=value, source="illustrative", mark=Mark.OWN, as_of=DAY, valid_from=start)
        for value, start in values
    )
    return Parameter(name=name, unit="1", summary="", values=dated)


def pack(*parameters: Parameter, kind: str = "custody") -> Edition:
    return Edition(
        kind=kind,
        publisher="example",
        standard="custody",
        edition="1",
        title="",
        short_title="",
        summary="",
        language="en",
        licence="CC0-1.0",
        in_force_from=datetime.date(2026, 1, 1),
        requirements_complete=True,
        texts="full",
        parameters={one.name: one for one in parameters},
    )


FACTOR, UPGRADE = "transform_mass_factor_max", "model_upgrade_allowed"


def test_a_pack_that_says_nothing_leaves_the_strictest() -> None:
    assert CustodyRules.from_edition(pack(), DAY) == DEFAULT_RULES
    assert (DEFAULT_RULES.transform_mass_factor_max, DEFAULT_RULES.model_upgrade_allowed) == (
        Fraction(1),
        False,
    )


def test_a_constant_that_the_pack_does_not_know_keeps_its_default() -> None:
    unknown = pack(parameter(FACTOR, (None, None)), parameter(UPGRADE, (None, None)))

    assert CustodyRules.from_edition(unknown, DAY) == DEFAULT_RULES


def test_constants_come_from_the_pack() -> None:
    both = pack(parameter(FACTOR, ("1.25", None)), parameter(UPGRADE, (True, None)))

    assert CustodyRules.from_edition(both, DAY) == CustodyRules(Fraction(5, 4), True)


@pytest.mark.parametrize(
    ("day", "factor"),
    [
        (datetime.date(2026, 6, 30), Fraction(1)),
        (datetime.date(2026, 7, 1), Fraction(2)),
        (datetime.date(2026, 7, 2), Fraction(2)),
    ],
)
def test_the_value_in_force_on_the_day_counts(day: datetime.date, factor: Fraction) -> None:
    dated = pack(parameter(FACTOR, ("1", None), ("2", datetime.date(2026, 7, 1))))

    assert CustodyRules.from_edition(dated, day).transform_mass_factor_max == factor


@pytest.mark.parametrize(
    ("name", "value"), [(FACTOR, "much"), (FACTOR, True), (UPGRADE, "no"), (UPGRADE, 1)]
)
def test_a_value_of_another_kind_is_refused(name: str, value: Value) -> None:
    wrong = pack(parameter(name, (value, None)))

    assert refused_by(lambda: CustodyRules.from_edition(wrong, DAY)) == "KERNEL-004"


@pytest.mark.parametrize("kind", ["assurance", "other"])
def test_a_pack_of_another_kind_is_refused(kind: str) -> None:
    other = pack(kind=kind)

    assert refused_by(lambda: CustodyRules.from_edition(other, DAY)) == "CUSTODY-018"


MONTHS, MIN_SHARE, WORDS = "balance_period_months", "controlled_blending_min_share", "level_of_mix"


def known(*parameters: Parameter) -> CustodyRules:
    return CustodyRules.from_edition(pack(*parameters), DAY)


def test_every_other_constant_is_asked_for_where_it_is_needed() -> None:
    rules = known(
        parameter(MONTHS, (12, None)),
        parameter(MIN_SHARE, ("1/20", None)),
        parameter(WORDS, ("lowest", None)),
    )

    assert (rules.whole(MONTHS), rules.share(MIN_SHARE)) == (12, Fraction(1, 20))
    assert rules.word(WORDS, ("each_origin", "lowest")) == "lowest"
    assert (rules.pack, rules.on) == ("example/custody/1", DAY)
    assert (rules.knows(MONTHS), rules.knows("credit_unit")) == (True, False)


def test_a_constant_that_is_not_known_refuses_what_needs_it_and_says_which_one() -> None:
    rules = known(parameter(MONTHS, (None, None)))

    with pytest.raises(RefusalError) as refusal:
        rules.whole(MONTHS)

    assert str(refusal.value) == (
        "CUSTODY-070: What an act needs of a custody pack is known in that pack on that day. Here: "
        "constant=balance_period_months, pack=example/custody/1, on=2026-06-01, mark=own. Add the "
        "value with its source, mark and day to the pack, or use rules that have it: nothing is "
        "assumed."
    )
    assert not rules.knows(MONTHS)


def test_without_a_pack_nothing_is_known() -> None:
    with pytest.raises(RefusalError) as refusal:
        DEFAULT_RULES.share(MIN_SHARE)

    assert dict(refusal.value.findings[0].facts) == {
        "constant": MIN_SHARE,
        "pack": "none",
        "on": "no day",
        "mark": "not in the pack",
    }


@pytest.mark.parametrize("value", ["twelve", True, "12"])
def test_a_whole_number_is_a_whole_number(value: Value) -> None:
    assert refused_by(lambda: known(parameter(MONTHS, (value, None))).whole(MONTHS)) == "KERNEL-004"


@pytest.mark.parametrize(("value", "code"), [(-1, "KERNEL-004"), (0, None), (1, None)])
def test_a_whole_number_is_not_below_nothing(value: int, code: str | None) -> None:
    assert refused_by(lambda: known(parameter(MONTHS, (value, None))).whole(MONTHS)) == code


@pytest.mark.parametrize("value", ["middle", "lowest each_origin", " "])
def test_a_word_that_this_program_does_not_know_is_refused(value: str) -> None:
    rules = known(parameter(WORDS, (value, None)))

    assert refused_by(lambda: rules.word(WORDS, ("each_origin", "lowest"))) == "CUSTODY-071"


def test_a_list_of_words_keeps_its_order() -> None:
    rules = known(parameter(WORDS, ("b a", None)))

    assert rules.words(WORDS, ("a", "b")) == ("b", "a")
    assert refused_by(lambda: rules.words(WORDS, ("a",))) == "CUSTODY-071"

"""What a custody pack decides, and what holds where it is silent."""

import datetime
from fractions import Fraction

import pytest

from refusals import refused_by
from stannary.core.custody import DEFAULT_RULES, CustodyRules
from stannary.core.kernel import DatedValue, Mark, Parameter, Value
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

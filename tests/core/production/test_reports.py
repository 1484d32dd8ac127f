"""Units of production reports, and what a line must say."""

from fractions import Fraction

import pytest

from refusals import refused_by
from stannary.core.kernel import MASS_MAX_MG, Place
from stannary.core.production import mass_mg
from stannary.core.production.reports import grade_share

AT = Place("reports.xlsx", 2)


def mass(value: str, unit: str, metal: str = "") -> int:
    return mass_mg(Fraction(value), unit, metal=metal, at=AT)


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("1", "tonnes", 1_000_000_000),
        ("1", "dry metric tonnes", 1_000_000_000),
        ("1", "kdmt", 1_000_000_000_000),
        ("1", "Kt", 1_000_000_000_000),
        ("1", "Mt", 10**15),
        ("1", "million tonnes", 10**15),
        ("1", "short tons", 907_184_740),
        ("1", "000 dry short tons", 907_184_740_000),
        ("1", "million long tonnes", 1_016_046_908_800_000),
        ("1", "million recoverable pounds", 453_592_370_000),
        ("1", "billion pounds", 453_592_370_000_000),
        ("1", "ozt", 31_103),
        ("10", "troy ounces", 311_034),
        ("1", "kozt", 31_103_476),
        ("1", "000 carats", 200_000),
        ("1", " Kg ", 1_000_000),
    ],
)
def test_units_have_their_size_in_milligrams(value: str, unit: str, expected: int) -> None:
    assert mass(value, unit) == expected


def test_ounces_of_precious_metals_are_troy_ounces_and_of_others_are_not_certain() -> None:
    assert mass("1", "koz", "Gold") == mass("1", "kozt")
    assert refused_by(lambda: mass("1", "koz", "Copper")) == "PRODUCTION-002"


@pytest.mark.parametrize("unit", ["tons", "thousand tons", "mt", "units", "", "%"])
def test_a_unit_that_may_be_several_is_refused(unit: str) -> None:
    assert refused_by(lambda: mass("1", unit)) == "PRODUCTION-002"


@pytest.mark.parametrize("unit", ["wmt", "kwmt", "thousand wet metric tonnes", "WMT"])
def test_a_wet_mass_is_refused(unit: str) -> None:
    assert refused_by(lambda: mass("1", unit)) == "PRODUCTION-003"


def test_a_quantity_is_above_nothing_and_not_beyond_what_a_mass_can_be() -> None:
    assert mass_mg(Fraction(1, 1000), "g", at=AT) == 1
    assert mass_mg(Fraction(MASS_MAX_MG, 10**9), "t", at=AT) == MASS_MAX_MG
    assert refused_by(lambda: mass("0", "t")) == "PRODUCTION-001"
    assert refused_by(lambda: mass("-1", "t")) == "PRODUCTION-001"
    assert refused_by(lambda: mass_mg(None, "t", at=AT)) == "PRODUCTION-001"
    assert refused_by(lambda: mass_mg(Fraction(999, 10**6), "g", at=AT)) == "PRODUCTION-001"
    assert (
        refused_by(lambda: mass_mg(Fraction(MASS_MAX_MG + 1, 10**9), "t", at=AT))
        == "PRODUCTION-001"
    )


def test_grades_are_shares_above_nothing_and_at_most_one() -> None:
    assert grade_share(Fraction("23.7"), "% ") == Fraction(237, 1000)
    assert grade_share(Fraction("1.26"), "g/t") == Fraction(126, 10**8)
    assert grade_share(Fraction(1), "ozt/t") == Fraction("31103.4768") / 10**9
    assert grade_share(Fraction(100), "%") == 1
    assert grade_share(Fraction(101), "%") is None
    assert grade_share(Fraction(0), "%") is None
    assert grade_share(None, "%") is None
    assert grade_share(Fraction(1), "oz/t") is None

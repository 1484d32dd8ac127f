"""Conversion factors: approved, in force, reviewed; and what is weighed to what is contained."""

from fractions import Fraction

import pytest

from core.custody.accounting.made_up import day, takes, under
from refusals import refused_by
from stannary.core.custody import (
    ConversionFactor,
    CustodyRules,
    Kind,
    factor_for,
    factors_needed,
)
from stannary.core.custody.accounting.conversions import contained_mg, dry_mass_mg, whole_mg
from stannary.core.kernel import InvariantError, RefusalError


def factor(value: str = "0.95", **other: object) -> ConversionFactor:
    fields: dict[str, object] = {
        "material": "ore",
        "product": "metal",
        "process": "illustrative smelting",
        "element": "lithium",
        "factor": Fraction(value),
        "source": "made up",
        "approved_by": "Example Assurance",
        "approved_on": day("2026-01-10"),
        "valid_from": day("2026-01-01"),
        "valid_until": day("2027-06-01"),
        "illustrative": True,
        **other,
    }
    return ConversionFactor(**fields)  # type: ignore[arg-type]  # fields by name


def find(on: str, *factors: ConversionFactor, **other: str) -> ConversionFactor:
    return factor_for(
        factors, material="ore", product="metal", day=day(on), allowed=under(), **other
    )


@pytest.mark.parametrize(
    ("value", "code"),
    [("0", "CUSTODY-077"), ("1/1000000", None), ("1", None), ("1000001/1000000", "CUSTODY-077")],
)
def test_a_factor_is_above_nothing_and_at_most_one(value: str, code: str | None) -> None:
    assert refused_by(lambda: factor(value)) == code


@pytest.mark.parametrize(
    "name", ["material", "product", "process", "element", "source", "approved_by"]
)
def test_a_factor_says_what_it_is_for_and_who_approved_it(name: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        factor(**{name: ""})

    assert refusal.value.rule.code == "CUSTODY-077"
    assert refusal.value.findings[0].facts["missing"] == name


@pytest.mark.parametrize(
    ("until", "code"),
    [("2025-12-31", "CUSTODY-077"), ("2026-01-01", "CUSTODY-077"), ("2026-01-02", None)],
)
def test_a_factor_ends_after_it_begins(until: str, code: str | None) -> None:
    assert refused_by(lambda: factor(valid_until=day(until))) == code


@pytest.mark.parametrize(
    ("on", "code"),
    [
        ("2026-01-09", "CUSTODY-078"),  # not approved yet
        ("2026-01-10", None),
        ("2027-01-09", None),
        ("2027-01-10", "CUSTODY-079"),  # its review is due
        ("2027-05-31", "CUSTODY-079"),
        ("2027-06-01", "CUSTODY-078"),  # no longer in use
    ],
)
def test_a_factor_is_used_while_approved_in_force_and_reviewed(on: str, code: str | None) -> None:
    assert refused_by(lambda: find(on, factor())) == code


def test_a_factor_in_use_without_an_end_stays_in_use() -> None:
    assert refused_by(lambda: find("2026-12-31", factor(valid_until=None))) is None


def test_the_factor_that_was_approved_last_counts_and_of_two_the_smaller_one() -> None:
    old, new = factor("0.5"), factor("0.9", approved_on=day("2026-02-01"))
    small = factor("0.8", approved_on=day("2026-02-01"))

    assert find("2026-03-01", old, new, small) is small
    assert find("2026-01-20", old, new, small) is old


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"process": "illustrative smelting"}, None),
        ({"process": "roasting"}, "CUSTODY-078"),
        ({"element": "lithium"}, None),
        ({"element": "nickel"}, "CUSTODY-078"),
    ],
)
def test_process_and_element_are_the_same_where_they_are_named(
    other: dict[str, str], code: str | None
) -> None:
    assert refused_by(lambda: find("2026-03-01", factor(), **other)) == code


@pytest.mark.parametrize(
    ("other", "asked", "code"),
    [
        ({}, {}, None),
        ({"process": "roasting"}, {}, "CUSTODY-106"),
        ({"process": "roasting"}, {"process": "roasting"}, None),
        ({"process": "roasting"}, {"element": "lithium"}, "CUSTODY-106"),
        ({"element": "nickel"}, {}, "CUSTODY-106"),
        ({"element": "nickel"}, {"element": "nickel"}, None),
        ({"element": "nickel"}, {"process": "illustrative smelting"}, "CUSTODY-106"),
        ({"process": "roasting", "approved_on": day("2026-03-02")}, {}, None),  # not in force yet
        ({"process": "roasting", "valid_until": day("2026-03-01")}, {}, None),  # no longer
    ],
)
def test_between_processes_or_elements_nothing_is_guessed(
    other: dict[str, object], asked: dict[str, str], code: str | None
) -> None:
    known = (factor(), factor("0.9", **other))

    assert refused_by(lambda: find("2026-03-01", *known, **asked)) == code


def test_factors_among_which_nothing_is_guessed_are_named() -> None:
    with pytest.raises(RefusalError) as refusal:
        find("2026-03-01", factor(), factor(process="roasting", element="nickel"))

    assert dict(refusal.value.findings[0].facts) == {
        "material": "ore",
        "product": "metal",
        "on": "2026-03-01",
        "processes": "illustrative smelting; roasting",
        "elements": "lithium; nickel",
    }
    with pytest.raises(RefusalError) as refusal:
        find("2026-03-01", factor(), process="roasting", element="nickel")
    assert dict(refusal.value.findings[0].facts) == {
        "material": "ore",
        "product": "metal",
        "on": "2026-03-01",
        "process": "roasting",
        "element": "nickel",
    }


def test_another_material_or_product_is_another_factor() -> None:
    wrong = (factor(material="slag"), factor(product="salt"))

    with pytest.raises(RefusalError) as refusal:
        find("2026-03-01", *wrong)

    assert dict(refusal.value.findings[0].facts) == {
        "material": "ore",
        "product": "metal",
        "on": "2026-03-01",
    }


@pytest.mark.parametrize(("moisture", "dry"), [("0", 999), ("0.085", 914), ("1", 0)])
def test_dry_mass_is_rounded_down(moisture: str, dry: int) -> None:
    assert dry_mass_mg(999, Fraction(moisture)) == dry


@pytest.mark.parametrize(("grade", "content"), [("0", 0), ("0.0285", 28), ("1", 999)])
def test_content_is_rounded_down(grade: str, content: int) -> None:
    assert contained_mg(999, Fraction(grade)) == content
    assert whole_mg(Fraction(-1, 2)) == -1


@pytest.mark.parametrize(("mass", "share"), [(-1, "0"), (1, "-0.1"), (1, "1.1")])
def test_a_mass_or_a_share_that_cannot_be_is_a_bug(mass: int, share: str) -> None:
    with pytest.raises(InvariantError, match="cannot be"):
        dry_mass_mg(mass, Fraction(share))


def test_factors_are_needed_for_what_enters_an_account_under_rules_that_ask_for_them() -> None:
    known = (factor(), factor(material="sand"))
    account = takes("F", "2026-02-01", Kind.TRANSFORM, "M", 100, account="north")
    apart = takes("F", "2026-02-01", Kind.TRANSFORM, "M", 100, material="sand")
    approved = under(conversion_factor_source="approved")

    assert factors_needed(known, [account, apart], lambda _: approved) == known[:1]
    assert factors_needed(known, [apart], lambda _: approved) == ()
    assert factors_needed(known, [account], lambda _: under()) == ()
    assert factors_needed(known, [account], lambda _: CustodyRules()) == ()

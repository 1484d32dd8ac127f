import datetime
from dataclasses import replace
from typing import Any

import pytest

from core.independence.made_up import ANYTHING, APPROVAL, DAY, ONE
from stannary.core.independence import FirmApproval, Suspension, approval_for, check_firm


def codes(*approvals: FirmApproval, on: datetime.date = DAY, **changed: Any) -> list[str]:
    asked: dict[str, Any] = {
        "firm": "firm",
        "standard": "example/made-up",
        "country": "ZA",
        "materials": ("copper",),
    }
    found = check_firm(approvals or (APPROVAL,), on=on, **(asked | changed))
    return [finding.code for finding in found]


def test_a_firm_approved_for_standard_country_and_material_may_audit() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    "changed",
    [
        {"firm": "another"},
        {"standard": "example/other"},
        {"country": "CL"},
        {"materials": ("copper", "lithium")},
        {"materials": ()},
    ],
)
def test_what_an_approval_does_not_cover_is_independence_001(changed: dict[str, Any]) -> None:
    assert codes(**changed) == ["INDEPENDENCE-001"]


def test_an_approval_for_everything_covers_a_site_of_unknown_materials() -> None:
    assert codes(ANYTHING, country="CL", materials=()) == []
    assert codes(ANYTHING, country="CL", materials=("lithium",)) == []


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (APPROVAL.since - ONE, ["INDEPENDENCE-001"]),
        (APPROVAL.since, []),
        (DAY + 30 * ONE, []),
        (DAY + 31 * ONE, ["INDEPENDENCE-001"]),
    ],
)
def test_an_approval_counts_from_its_first_day_to_its_last(
    day: datetime.date, expected: list[str]
) -> None:
    assert codes(on=day) == expected


def test_two_approvals_that_each_cover_a_part_do_not_add_up() -> None:
    copper = replace(APPROVAL, materials=frozenset({"copper"}))
    gold = replace(APPROVAL, materials=frozenset({"gold"}))

    assert codes(copper, gold, materials=("copper", "gold")) == ["INDEPENDENCE-001"]


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (DAY - ONE, None, ["INDEPENDENCE-002"]),
        (DAY, DAY + ONE, ["INDEPENDENCE-002"]),
        (DAY - ONE, DAY, []),
        (DAY + ONE, None, []),
    ],
)
def test_a_suspended_firm_audits_nothing_until_the_day_it_ends(
    since: datetime.date, until: datetime.date | None, expected: list[str]
) -> None:
    suspended = replace(APPROVAL, suspensions=(Suspension(since, until, "made up"),))

    assert codes(suspended) == expected


def test_a_second_approval_that_is_not_suspended_is_used() -> None:
    suspended = replace(APPROVAL, suspensions=(Suspension(DAY, None, "made up"),))

    assert codes(suspended, ANYTHING) == []
    found = approval_for(
        (suspended, ANYTHING),
        firm="firm",
        standard="example/made-up",
        country="ZA",
        materials=("copper",),
        on=DAY,
    )
    assert found is ANYTHING

import datetime
from dataclasses import replace
from typing import Any

import pytest

from core.independence.made_up import (
    ANYTHING,
    APPROVAL,
    AUDITOR,
    DAY,
    ENGAGEMENT,
    LEAD,
    ONE,
    REVIEWER,
    assignment,
    limits,
    person,
    trained,
)
from stannary.core.independence import (
    Competence,
    Declaration,
    FeeShare,
    Interest,
    TeamMember,
    TeamRole,
    blocking,
    check_assignment,
)
from stannary.core.kernel import Finding, add_months


def found(on: datetime.date = DAY, **changed: Any) -> tuple[Finding, ...]:
    return check_assignment(assignment(**changed), (APPROVAL, ANYTHING), on=on)


def codes(on: datetime.date = DAY, **changed: Any) -> list[str]:
    return [finding.code for finding in found(on, **changed)]


def tied(**interest: Any) -> tuple[TeamMember, ...]:
    parts: dict[str, Any] = {"operator": "operator", "kind": "shares", "until": None}
    declared = Declaration(ENGAGEMENT, DAY, (Interest(**(parts | interest)),))
    return (LEAD, TeamMember(TeamRole.AUDITOR, person("ben", declarations=(declared,))), REVIEWER)


def test_nothing_speaks_against_a_free_and_competent_team() -> None:
    assert codes() == []


def test_what_speaks_against_the_firm_speaks_against_its_team() -> None:
    assert [one.code for one in check_assignment(assignment(), (), on=DAY)] == ["INDEPENDENCE-001"]


@pytest.mark.parametrize(
    "team",
    [
        (AUDITOR, REVIEWER),
        (LEAD, replace(LEAD, record=person("dot", "lead_auditor")), REVIEWER),
        (LEAD, AUDITOR),
        (LEAD, AUDITOR, REVIEWER, replace(REVIEWER, record=person("eve"))),
        (LEAD, AUDITOR, TeamMember(TeamRole.REVIEWER, AUDITOR.record)),
        (),
    ],
)
def test_a_team_has_one_lead_and_one_reviewer_who_audits_nothing(
    team: tuple[TeamMember, ...],
) -> None:
    assert codes(team=team) == ["INDEPENDENCE-003"]


def test_a_missing_competence_names_person_role_and_competence() -> None:
    lead = TeamMember(TeamRole.LEAD, person("dot"))

    (one,) = found(team=(lead, AUDITOR, REVIEWER))

    assert one.code == "INDEPENDENCE-004"
    assert (one.facts["person"], one.facts["missing"]) == ("Dot", "lead_auditor")


@pytest.mark.parametrize(
    ("until", "expected"),
    [(DAY - ONE, ["INDEPENDENCE-004"]), (DAY, []), (DAY + ONE, [])],
)
def test_a_training_counts_on_its_last_day_and_not_after(
    until: datetime.date, expected: list[str]
) -> None:
    record = person("ben", competences=trained("standard_training", until=until))

    assert codes(team=(LEAD, TeamMember(TeamRole.AUDITOR, record), REVIEWER)) == expected


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (DAY + ONE, ["INDEPENDENCE-005"]),
        (DAY, []),
        (DAY - 365 * ONE, []),
        (DAY - 366 * ONE, ["INDEPENDENCE-005"]),
    ],
)
def test_interests_are_declared_by_the_day_and_not_too_long_ago(
    declared: datetime.date, expected: list[str]
) -> None:
    record = person("ben", declarations=(Declaration(ENGAGEMENT, declared, ()),))

    assert codes(team=(LEAD, TeamMember(TeamRole.AUDITOR, record), REVIEWER)) == expected


def test_an_interest_that_goes_on_conflicts_unless_the_secretariat_cleared_it() -> None:
    assert codes(team=tied()) == ["INDEPENDENCE-006"]
    assert codes(team=tied(until=DAY)) == ["INDEPENDENCE-006"]
    assert codes(team=tied(until=DAY - ONE)) == []
    assert codes(team=tied(cleared=True)) == []
    assert codes(team=tied(operator="another")) == []


@pytest.mark.parametrize("kind", ["employment", "advice"])
def test_work_for_the_operator_cools_off_for_the_months_that_the_standard_says(kind: str) -> None:
    free = add_months(DAY, -36)

    assert codes(team=tied(kind=kind, until=free)) == []
    assert codes(team=tied(kind=kind, until=free + ONE)) == ["INDEPENDENCE-007"]
    assert codes(team=tied(kind=kind, until=free - ONE)) == []


def test_clearing_an_interest_does_not_shorten_the_cooling_off() -> None:
    assert codes(team=tied(kind="employment", cleared=True)) == ["INDEPENDENCE-007"]
    assert codes(team=tied(kind="employment", until=DAY - ONE, cleared=True)) == [
        "INDEPENDENCE-007"
    ]


@pytest.mark.parametrize(
    ("past", "expected"),
    [
        ((), []),
        (("ana",), []),
        (("ana", "ana"), ["INDEPENDENCE-008"]),
        (("ana", "ana", "zoe"), []),
        (("zoe", "ana", "ana"), ["INDEPENDENCE-008"]),
    ],
)
def test_the_same_person_leads_at_most_two_full_audits_in_a_row(
    past: tuple[str, ...], expected: list[str]
) -> None:
    assert codes(past_leads=past) == expected


def test_rotation_does_not_apply_to_a_surveillance_audit() -> None:
    assert codes(past_leads=("ana", "ana"), full_audit=False) == []


@pytest.mark.parametrize(
    ("fees", "expected"),
    [
        (FeeShare(149, 1000), []),
        (FeeShare(150, 1000), []),
        (FeeShare(151, 1000), ["INDEPENDENCE-009"]),
        (FeeShare(1, 0), ["INDEPENDENCE-009"]),
        (None, ["INDEPENDENCE-009"]),
    ],
)
def test_fees_from_one_operator_stay_within_the_share(
    fees: FeeShare | None, expected: list[str]
) -> None:
    assert codes(fees=fees) == expected


@pytest.mark.parametrize("unknown", ["?", None])
@pytest.mark.parametrize(
    "limit",
    [
        "independence_cooling_off_months",
        "independence_lead_audits_in_a_row",
        "independence_fee_share",
        "independence_declaration_days",
        "competences_of_auditor",
    ],
)
def test_a_limit_that_the_standard_leaves_open_is_said_and_blocks_nothing(
    limit: str, unknown: str | None
) -> None:
    those = found(edition=limits(**{limit: unknown}), team=tied(kind="employment", until=DAY - ONE))

    open_ones = [one for one in those if one.code == "INDEPENDENCE-010"]
    assert [one.facts["limit"] for one in open_ones] == [limit]
    assert open_ones[0] not in blocking(those)


def test_a_role_that_nobody_has_leaves_no_limit_open() -> None:
    assert codes(edition=limits(competences_of_auditor=None), team=(LEAD, REVIEWER)) == []


def test_every_reason_is_given_at_once_in_the_order_of_the_rules() -> None:
    record = person("ben", competences=(Competence("x", DAY, None),), declarations=())
    team = (LEAD, TeamMember(TeamRole.AUDITOR, record), REVIEWER)

    those = codes(team=team, past_leads=("ana", "ana"), fees=None)

    assert those == ["INDEPENDENCE-004", "INDEPENDENCE-005", "INDEPENDENCE-008", "INDEPENDENCE-009"]

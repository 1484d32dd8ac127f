"""What stands against a team, from what is recorded; the limits themselves are tested in core."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stannary.core.independence import TeamRole, blocking
from stannary.core.kernel import RefusalError
from stannary.core.standards import Edition
from stannary.web.independence import operations, queries
from stannary.web.independence.models import CompetenceRecord, FirmApproval
from stannary.web.independence.operations import InterestSaid
from stannary.web.parties.models import Organisation, Person, Site, Unit
from web.independence.conftest import DAY, ENGAGEMENT, NOW, ONE, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def codes(
    edition: Edition,
    firm: Organisation,
    operator: Organisation,
    site: Site,
    team: Team,
    approval: FirmApproval,
    auditor: Person,
) -> Callable[..., list[str]]:
    """Record figures, and give what checks the team with something changed."""
    operations.record_fees(
        actor=auditor,
        firm=firm,
        operator=operator,
        year_ended_on=datetime.date(2025, 12, 31),
        from_operator=15,
        in_all=100,
        currency="EUR",
        at=NOW,
    )

    def check(**changed: Any) -> list[str]:
        asked: dict[str, Any] = {"edition": edition, "firm": firm, "operator": operator}
        asked |= {"engagement_id": ENGAGEMENT, "site": site, "team": team, "full_audit": True}
        found = queries.check(**(asked | {"on": DAY} | changed))
        return [finding.code for finding in found]

    return check


def test_nothing_stands_against_a_team_of_an_approved_firm(codes: Callable[..., list[str]]) -> None:
    assert codes() == []


def test_a_suspended_firm_is_found(
    codes: Callable[..., list[str]], approval: FirmApproval, secretary: Person
) -> None:
    operations.suspend_firm(
        actor=secretary, approval_id=approval.pk, since=DAY, until=None, reason="It went badly."
    )

    assert codes() == ["INDEPENDENCE-002"]
    assert codes(on=DAY + 31 * ONE) == ["INDEPENDENCE-001"]


def test_units_in_scope_add_their_materials(codes: Callable[..., list[str]], site: Site) -> None:
    unit = Unit.objects.create(site=site, name="Gold plant", kind="plant", materials="gold")
    assert codes() == ["INDEPENDENCE-001"]

    Unit.objects.filter(pk=unit.pk).update(in_scope=False)
    assert codes() == []


def test_a_missing_competence_and_a_missing_declaration_are_found(
    codes: Callable[..., list[str]], hire: Callable[[str], Person], team: Team
) -> None:
    newcomer = (hire("dot"), TeamRole.AUDITOR)

    assert codes(team=(*team, newcomer)) == ["INDEPENDENCE-004", "INDEPENDENCE-005"]


def test_a_competence_that_was_taken_back_is_missing(
    codes: Callable[..., list[str]], secretary: Person, team: Team
) -> None:
    row = CompetenceRecord.objects.get(person=team[1][0])
    operations.withdraw_competence(actor=secretary, competence_id=row.pk, reason="A mistake.")

    assert codes() == ["INDEPENDENCE-004"]


def test_an_interest_stands_against_the_team_until_it_is_cleared(
    codes: Callable[..., list[str]], operator: Organisation, secretary: Person, team: Team
) -> None:
    declared = operations.declare_interests(
        actor=team[1][0],
        engagement_id=ENGAGEMENT,
        interests=[InterestSaid(operator, "shares")],
        at=NOW,
    )
    assert codes() == ["INDEPENDENCE-006"]

    operations.clear_interest(
        actor=secretary, interest_id=declared.interests.get().pk, reason="A pension fund."
    )
    assert codes() == []


def test_who_worked_for_the_operator_cools_off(
    codes: Callable[..., list[str]], operator: Organisation, team: Team
) -> None:
    operations.declare_interests(
        actor=team[1][0],
        engagement_id=ENGAGEMENT,
        interests=[InterestSaid(operator, "employment", DAY - ONE, "Geologist")],
        at=NOW,
    )

    assert codes() == ["INDEPENDENCE-007"]


def test_the_audits_that_were_led_by_the_day_count(
    codes: Callable[..., list[str]], secretary: Person, site: Site, team: Team
) -> None:
    for days in (2, 1):
        operations.record_lead(
            actor=secretary, person=team[0][0], site=site, ended_on=DAY - days * ONE, at=NOW
        )

    assert codes() == ["INDEPENDENCE-008"]
    assert codes(on=DAY - 2 * ONE, full_audit=False) == ["INDEPENDENCE-005"] * 3
    assert "INDEPENDENCE-008" not in codes(on=DAY - 2 * ONE)


def test_the_newest_figures_of_the_last_year_count(
    codes: Callable[..., list[str]], auditor: Person, firm: Organisation, operator: Organisation
) -> None:
    operations.record_fees(
        actor=auditor,
        firm=firm,
        operator=operator,
        year_ended_on=datetime.date(2025, 12, 31),
        from_operator=16,
        in_all=100,
        currency="EUR",
        at=NOW + datetime.timedelta(seconds=1),
    )

    assert codes() == ["INDEPENDENCE-009"]


def test_without_figures_the_fees_stand_against_the_team(
    codes: Callable[..., list[str]], db: None
) -> None:
    other = Organisation.objects.create(slug="other-minerals", name="Other", kind="operator")

    assert codes(operator=other) == ["INDEPENDENCE-009"]


def test_gathering_takes_the_same_queries_for_any_team(
    codes: Callable[..., list[str]], hire: Callable[[str], Person], team: Team
) -> None:
    many = (*team, *((hire(f"p{n}"), TeamRole.AUDITOR) for n in range(20)))
    with CaptureQueriesContext(
        connection,
    ) as few:
        codes()
    with CaptureQueriesContext(connection) as more:
        codes(team=many)

    assert len(few) == len(more) == 8


def test_limits_that_are_left_open_block_nothing(
    edition: Edition,
    firm: Organisation,
    operator: Organisation,
    site: Site,
    team: Team,
    approval: FirmApproval,
) -> None:
    bare = type(edition)(
        **{
            name: {} if name == "parameters" else getattr(edition, name)
            for name in edition.__dataclass_fields__
        }
    )

    found = queries.check(
        engagement_id=ENGAGEMENT,
        edition=bare,
        firm=firm,
        operator=operator,
        site=site,
        team=team,
        full_audit=True,
        on=DAY,
    )

    assert {one.code for one in found} == {"INDEPENDENCE-010"}
    assert len(found) == 7
    assert blocking(found) == ()


def test_the_secretariat_checks_and_nobody_else(
    edition: Edition,
    firm: Organisation,
    site: Site,
    team: Team,
    approval: FirmApproval,
    auditor: Person,
    secretary: Person,
) -> None:
    asked: dict[str, Any] = {"edition": edition, "firm": firm, "engagement_id": ENGAGEMENT}
    asked |= {"site": site, "team": team, "full_audit": True, "on": DAY}

    found = queries.checked(actor=secretary, **asked)

    assert [one.code for one in found.blocking] == ["INDEPENDENCE-009"]
    assert found.open_limits == ()
    with pytest.raises(RefusalError, match="PARTY-001"):
        queries.checked(actor=auditor, **asked)
    Site.objects.filter(pk=site.pk).update(operator="Somebody")
    site.refresh_from_db()
    with pytest.raises(RefusalError, match="INDEPENDENCE-031"):
        queries.checked(actor=secretary, **asked)


def test_made_up_firms_audit_made_up_sites(
    edition: Edition, firm: Organisation, site: Site, secretary: Person
) -> None:
    firm.illustrative = False
    with pytest.raises(RefusalError, match="INDEPENDENCE-031"):
        queries.checked(
            actor=secretary,
            edition=edition,
            firm=firm,
            engagement_id=ENGAGEMENT,
            site=site,
            team=(),
            full_audit=True,
            on=DAY,
        )

"""Interests are declared and cleared in an engagement when the table of rights says so."""

import pytest
from django.test import Client

from stannary.core.cycle import Action, Role, State, may
from stannary.core.kernel import RefusalError
from stannary.web.cycle.models import Engagement, Member
from stannary.web.independence import operations
from stannary.web.independence.models import DeclarationRecord, InterestRecord
from stannary.web.independence.operations import InterestSaid
from stannary.web.parties.models import Organisation, Person
from web.cycle.conftest import put_in

pytestmark = pytest.mark.django_db
Cast = dict[Role | None, Person]
NOT_A_FIRM_S = State.ACCEPTED
OF_A_FIRM = (State.TEAM_PROPOSED, State.PUBLISHED)
ENDED = State.WITHDRAWN


def refused(do: object) -> str:
    try:
        do()  # type: ignore[operator]  # tests give functions
    except RefusalError as refusal:
        return refusal.rule.code
    return ""


def declare(person: Person, row: Engagement, *ties: InterestSaid) -> DeclarationRecord:
    return operations.declare_interests(actor=person, engagement_id=row.pk, interests=ties)


@pytest.mark.parametrize("state", [NOT_A_FIRM_S, *OF_A_FIRM, ENDED])
def test_who_audits_declares_while_the_firm_is_at_work(
    state: State, engagement: Engagement, cast: Cast
) -> None:
    put_in(engagement, state, by=cast[Role.SITE_USER])

    for role, person in cast.items():
        roles = {role} if role else set()
        code = refused(lambda person=person: declare(person, engagement))
        if may(roles, Action.DECLARE_INTERESTS, state):
            assert code == "", role
        elif may(roles, Action.READ, state):
            assert code in {"ENGAGEMENT-001", "ENGAGEMENT-002"}, role
        else:
            assert code == "PARTY-001", role


@pytest.mark.parametrize("state", [NOT_A_FIRM_S, *OF_A_FIRM, ENDED])
def test_an_interest_is_cleared_while_the_firm_is_at_work(
    state: State, engagement: Engagement, cast: Cast, operator: Organisation, firm: Organisation
) -> None:
    secretary, auditor = cast[Role.SECRETARIAT], cast[Role.AUDITOR]
    made = DeclarationRecord.objects.create(
        person=auditor,
        engagement_id=engagement.pk,
        declared_on=engagement.opened_at.date(),
        made_at=engagement.opened_at,
    )
    tie = InterestRecord.objects.create(declaration=made, operator=operator, kind="shares")
    put_in(engagement, state, by=cast[Role.SITE_USER])
    browser = Client()
    browser.force_login(secretary)
    address = f"/independence/interests/{tie.pk}/"
    is_open = state in OF_A_FIRM

    assert ("does not stand in the way" in browser.get(address).content.decode()) is is_open
    code = refused(
        lambda: operations.clear_interest(actor=secretary, interest_id=tie.pk, reason="Few shares.")
    )
    assert code == ("" if is_open else "ENGAGEMENT-001")


def test_the_page_shows_what_was_declared_and_no_form_when_nothing_is_declared(
    engagement: Engagement, cast: Cast
) -> None:
    auditor = cast[Role.AUDITOR]
    put_in(engagement, State.TEAM_PROPOSED, by=cast[Role.SITE_USER])
    operations.ask_for_declaration(
        actor=cast[Role.LEAD_AUDITOR],
        person=auditor,
        engagement_id=engagement.pk,
        site=engagement.site,
        operator=engagement.operator,
    )
    browser = Client()
    browser.force_login(auditor)
    address = f"/independence/declarations/{engagement.pk}/"
    assert browser.post(address, {"whole": "on"}).status_code == 302
    assert "<fieldset" in browser.get(address).content.decode()

    Member.objects.filter(person=auditor).update(ended_at=engagement.opened_at)
    page = browser.get(address).content.decode()
    assert "Declared on" in page
    assert "<fieldset" not in page
    assert "Nothing is declared now" in page
    assert browser.post(address, {"whole": "on"}).status_code == 404
    assert DeclarationRecord.objects.count() == 1

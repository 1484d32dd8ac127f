"""Who reads, records and decides: every role and state, by core's table; the site least of all."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from django.db import transaction
from django.test import Client

from stannary.core.cycle import Action, Role, State, may
from stannary.core.kernel import RefusalError
from stannary.core.stakeholders import Disposition
from stannary.web.cycle.models import Engagement
from stannary.web.stakeholders import queries, urls
from stannary.web.stakeholders.operations import decide_input, record_input
from web.cycle.conftest import put_in
from web.stakeholders.conftest import DAY, Cast, Stored, said

pytestmark = pytest.mark.django_db

TEAM = {Role.AUDITOR, Role.LEAD_AUDITOR, Role.REVIEWER}
AFTER = {State.PUBLISHED, State.LEVEL_PENDING, State.SURVEILLANCE, State.SURVEILLANCE_DONE} | {
    State.REASSESSED,
    State.EXPIRED,
}
"""States in which what was published is read by others, written out once more than in core."""

PUBLIC = {"Dust at the crusher.", "Dust on the road."}
SECRET = "Said by two, and taken back."


@pytest.fixture
def rows(stored: Stored) -> None:
    stored("verdict")
    stored(topic="Dust on the road.", people=2)
    stored("withdrawn", topic=SECRET)


# every cell of a table in core, which knows no database
@pytest.mark.untraced
@pytest.mark.either_database
@pytest.mark.parametrize("state", list(State))
def test_the_site_reads_nothing_before_publication_and_never_more_than_is_published(
    state: State, engagement: Engagement, cast: Cast, rows: None
) -> None:
    put_in(engagement, state, by=cast[Role.SITE_USER])

    assert list(wrongly_read(state, engagement, cast)) == []
    assert list(wrongly_written(state, engagement, cast)) == []


def wrongly_read(state: State, engagement: Engagement, cast: Cast) -> Iterator[str]:
    for role, person in cast.items():
        try:
            found = queries.stakeholder_input(actor=person, engagement_id=engagement.pk, on=DAY)
        except RefusalError as refusal:
            waiting = role in (Role.SITE_USER, Role.SECRETARIAT, Role.OBSERVER)
            right = "ENGAGEMENT-001" if waiting else "PARTY-001"
            if role in TEAM or (state in AFTER and waiting) or refusal.rule.code != right:
                yield f"{role}: {refusal.rule.code}"
            continue
        if role in TEAM:
            if {one.row.topic for one in found.entries} != PUBLIC | {SECRET}:
                yield f"{role} of the team reads too little"
        elif state not in AFTER or found.entries or found.reads_all:
            yield f"{role} reads what it must not"
        if {one.topic for one in found.public} != PUBLIC:
            yield f"{role}: what is published is wrong"
        if [one.people for one in found.public] != [12, None]:
            yield f"{role} reads the number of a small group"


def wrongly_written(state: State, engagement: Engagement, cast: Cast) -> Iterator[str]:
    for role, person in cast.items():
        held = frozenset({role}) if role else frozenset()
        acts: dict[Action, Callable[[], object]] = {
            Action.RECORD_INPUT: partial(
                record_input, actor=person, engagement_id=engagement.pk, said=said()
            ),
            Action.DECIDE_INPUT: partial(
                decide_input,
                actor=person,
                engagement_id=engagement.pk,
                number=2,
                disposition=Disposition.VERDICT,
                reason="It was measured.",
                seen=0,
            ),
        }
        for action, do in acts.items():
            try:
                with transaction.atomic():
                    do()
                    transaction.set_rollback(True)
                    done = True
            except RefusalError:
                done = False
            if done is not may(held, action, state):
                yield f"{role} {action}: {done}"


@pytest.mark.parametrize("state", [State.STAGE_2, State.PUBLISHED])
def test_every_endpoint_answers_as_the_query_does(
    state: State, engagement: Engagement, cast: Cast, rows: None
) -> None:
    put_in(engagement, state, by=cast[Role.SITE_USER])
    there = f"/engagements/{engagement.pk}/input/"
    api = f"/api/v1/engagements/{engagement.pk}/input"
    assert {str(one.pattern) for one in urls.urlpatterns} == {
        "",
        "input.csv",
        "record/",
        "<int:number>/decide/",
    }
    for role, person in cast.items():
        browser = Client()
        browser.force_login(person)
        published = state is State.PUBLISHED and role not in (Role.RESPONDENT, None)
        outside = role in (Role.RESPONDENT, None)
        reads = 200 if role in TEAM or published else 404 if outside else 422
        all_of_it = 200 if role in TEAM else 404 if published or outside else 422
        answers = {
            there: reads,
            api: reads,
            there + "input.csv": all_of_it,
            api + "/1": all_of_it,
        }
        for address, right in answers.items():
            answer = browser.get(address)
            assert answer.status_code == right, (role, address)
            body = b"".join(answer) if answer.streaming else answer.content
            assert (SECRET.encode() in body) <= (role in TEAM), (role, address)
            assert (b"2026-01" in body) <= (role in TEAM), (role, address)
        page = browser.get(f"/engagements/{engagement.pk}/")
        assert (there in page.content.decode()) is (reads == 200), role

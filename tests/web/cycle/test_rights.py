"""One table is the source of every check: each endpoint, role and state is asked, outsiders too.

Acts share one endpoint and one operation. Each act is asked of the operation for each role in each
state; over the wire go those that the table allows there, and two others, in turn: so each role
hears each refusal there, too.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from stannary.core.cycle import STEPS, Action, ActKind, Role, State, may
from stannary.core.kernel import RefusalError
from stannary.web.cycle import operations, urls
from stannary.web.cycle.models import Engagement, RelevanceProposal
from stannary.web.parties.models import Person
from web.cycle.conftest import World, put_in

pytestmark = [pytest.mark.django_db, pytest.mark.untraced]
Cast = dict[Role | None, Person]

WORK: dict[str, tuple[Action, dict[str, str]]] = {
    "people/": (Action.MANAGE_PEOPLE, {"person": "nobody", "role": "observer"}),
    "people/1/end/": (Action.MANAGE_PEOPLE, {}),
    "scope/": (Action.SET_SCOPE, {"seen": "something else"}),
    "relevance/": (Action.PROPOSE_RELEVANCE, {"chapter": "none"}),
    "relevance/judge/": (Action.JUDGE_RELEVANCE, {"chapter": "1.1", "reason": ""}),
}
"""What is sent to each endpoint of work: something that is refused for another reason if allowed."""

SAID = {
    "reason": "made up for a test",
    "firm": "example-assurance",
    "until": "2026-12-31",
    "requirement": "1.1.1.1",
    "objection": "1",
    "clock": "stage_2",
}


def test_every_endpoint_of_engagements_is_asked_here() -> None:
    ours = {str(one.pattern) for one in urls.urlpatterns}
    reads = {"", "new/", "overview/", "overview.csv", "<uuid:engagement_id>/"}
    posted = {"act/", *(one.replace("1", "<int:member_id>") for one in WORK)}

    assert ours == reads | {f"<uuid:engagement_id>/{one}" for one in posted}
    assert get_resolver() is not None


@pytest.fixture
def browsers(cast: Cast) -> dict[Role | None, Client]:
    """Give everybody's browser."""
    found: dict[Role | None, Client] = {}
    for role, one in cast.items():
        found[role] = Client()
        found[role].force_login(one)
    return found


KINDS = tuple(ActKind)
BARRED = frozenset({"ENGAGEMENT-001", "ENGAGEMENT-002"})
"""Refused for the state or for the role."""


def over_the_wire(state: State, allowed: frozenset[ActKind]) -> frozenset[ActKind]:
    """Give the acts that are asked of the endpoint in a state, not only of the operation."""
    turn = 2 * list(State).index(state)
    return allowed | {KINDS[number % len(KINDS)] for number in (turn, turn + 1)}


def test_every_act_goes_over_the_wire_in_some_state() -> None:
    assert frozenset[ActKind]().union(*(over_the_wire(s, frozenset()) for s in State)) == set(KINDS)


def found_in(answer: Any) -> set[str]:
    """Give the codes of an answer to a program."""
    return {one["code"] for one in answer.json().get("findings", [])}


def undone(do: Any) -> Any:
    """Do something, and take it back."""
    with transaction.atomic():
        found = do()
        transaction.set_rollback(True)
    return found


@pytest.mark.either_database
@pytest.mark.parametrize("state", list(State))
def test_acts_and_work_are_open_to_whom_the_table_says_and_to_nobody_else(
    state: State,
    engagement: Engagement,
    cast: Cast,
    browsers: dict[Role | None, Client],
    world: World,
) -> None:
    put_in(engagement, state, by=cast[Role.SITE_USER])
    RelevanceProposal.objects.create(
        engagement=engagement,
        chapter="1.1",
        reason="None here.",
        proposed_by=cast[Role.SITE_USER],
        proposed_at=engagement.opened_at,
    )

    wrong = [
        line
        for role, browser in browsers.items()
        for line in (
            *asked(browser, role, engagement, state),
            *asked_directly(cast[role], role, engagement, state),
        )
    ]

    assert wrong == []


def asked_directly(
    person: Person, role: Role | None, engagement: Engagement, state: State
) -> Iterator[str]:
    """Ask the operation of all acts as one person, and give what the table does not say."""
    held = frozenset({role}) if role else frozenset()
    allowed = frozenset(kind for kind in KINDS if may(held, kind, state))
    seen = engagement.acts.count()
    for kind in set(KINDS) - over_the_wire(state, allowed):
        codes = undone(
            lambda what=kind: refused(
                lambda: operations.act(
                    actor=person,
                    engagement_id=engagement.pk,
                    kind=what,
                    expected_number=seen,
                    said=operations.Said(SAID["reason"], "1.1.1.1", SAID["clock"]),
                )
            )
        )
        if not (codes & BARRED if may(held, Action.READ, state) else codes == {"PARTY-001"}):
            yield f"{role} {kind}: {sorted(codes)}"


def refused(do: Callable[[], object]) -> set[str]:
    """Give the codes for which something is refused; empty if it is done."""
    try:
        do()
    except RefusalError as refusal:
        return {one.rule.code for one in refusal.findings}
    return set()


def asked(
    browser: Client, role: Role | None, engagement: Engagement, state: State
) -> Iterator[str]:
    """Ask every endpoint as one person, and give what the table does not say."""
    held = frozenset({role}) if role else frozenset()
    reads = may(held, Action.READ, state)
    there = f"/engagements/{engagement.pk}/"
    api = f"/api/v1/engagements/{engagement.pk}"
    for address in (there, api):
        status = browser.get(address).status_code
        if status != (200 if reads else 404):
            yield f"{role} {address}: {status}"
    seen = engagement.acts.count()
    allowed_acts = frozenset(kind for kind in KINDS if may(held, kind, state))
    for kind in over_the_wire(state, allowed_acts):
        body = {**SAID, "kind": kind, "seen": seen, "refers_to": "1.1.1.1"}
        del body["requirement"], body["objection"]
        answer = undone(
            lambda sent=body: browser.post(
                f"{api}/acts", json.dumps(sent), content_type="application/json"
            )
        )
        yield from judged(f"{role} {kind}", answer, reads=reads, may_do=kind in allowed_acts)
    for name, (action, sent) in WORK.items():
        answer = undone(
            lambda to=name, what=sent: browser.post(
                there + to, what, headers={"Accept": "text/html"}
            )
        )
        allowed = may(held, action, state)
        told = set()
        if answer.status_code == 422 and answer.context:
            told = {one["code"] for one in answer.context["trouble_findings"]}
        right = {200, 302, 404, 409, 422} if allowed else ({422} if reads else {404})
        barred = bool(told & BARRED)
        if answer.status_code not in right or (reads and barred is allowed):
            yield f"{role} {name}: {answer.status_code} {sorted(told)}"


def judged(what: str, answer: Any, *, reads: bool, may_do: bool) -> Iterator[str]:
    """Compare an answer with the table: 404, refused for state or role, or neither."""
    codes = found_in(answer)
    barred = bool(codes & BARRED)
    right = (
        answer.status_code == 404
        if not reads
        else answer.status_code in (201, 422) and barred is not may_do
    )
    if not right:
        yield f"{what}: {answer.status_code} {sorted(codes)}"


@pytest.mark.parametrize("state", [State.DRAFT, State.SELF_ASSESSMENT, State.EXPIRED])
def test_the_page_of_an_engagement_offers_what_the_table_says(
    state: State,
    engagement: Engagement,
    cast: Cast,
    browsers: dict[Role | None, Client],
    world: World,
) -> None:
    put_in(engagement, state, by=cast[Role.SITE_USER])
    for role, browser in browsers.items():
        answer = browser.get(f"/engagements/{engagement.pk}/")
        if answer.status_code == 404:
            continue
        text = answer.content.decode()
        offered = {kind for kind in ActKind if f'name="act" value="{kind}"' in text}

        assert offered == {kind for kind in STEPS if may({role} - {None}, kind, state)}, role  # type: ignore[arg-type]  # None is out


def test_forms_of_acts_are_closed_to_outsiders_in_the_same_words_as_what_is_not_there(
    engagement: Engagement, browsers: dict[Role | None, Client]
) -> None:
    nowhere = "/engagements/5b1c1f0e-7a55-4f5c-9e0c-2f6d3f0a1c01/"
    for ending, sent in (("", None), ("act/", {"act": "withdraw", "seen": "0"})):
        answers = [
            browsers[None].get(start + ending)
            if sent is None
            else browsers[None].post(start + ending, sent)
            for start in (f"/engagements/{engagement.pk}/", nowhere)
        ]
        assert [one.status_code for one in answers] == [404, 404]
        changing = re.compile(rb'[0-9a-f-]{36}|value="[0-9A-Za-z]{64}"')
        bodies = [changing.sub(b"", one.content) for one in answers]
        assert bodies[0] == bodies[1]
    dance = browsers[Role.SITE_USER].post(f"/engagements/{engagement.pk}/act/", {"act": "dance"})
    assert dance.status_code == 404


def test_the_overview_is_for_the_secretariat(
    engagement: Engagement, browsers: dict[Role | None, Client]
) -> None:
    for role, browser in browsers.items():
        right = 200 if role is Role.SECRETARIAT else 404
        for address in (
            "/engagements/overview/",
            "/engagements/overview.csv",
            "/api/v1/engagements/overview",
        ):
            assert browser.get(address).status_code == right, (role, address)

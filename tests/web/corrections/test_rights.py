"""Who reads findings and takes which step: every role, step and state, by core's table alone."""

import json
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client

from stannary.core.corrections import NoteKind
from stannary.core.cycle import Action, Role, State, may
from stannary.core.kernel import RefusalError
from stannary.web.corrections import queries, urls
from stannary.web.corrections.models import FindingRecord, FindingStep, StepEvidence
from stannary.web.corrections.operations import Said, raise_finding, take_step
from stannary.web.cycle.models import Engagement
from stannary.web.evidence.models import EvidenceVersion
from stannary.web.evidence.operations import Given, hand_in
from stannary.web.parties.models import Person
from web.corrections.conftest import BY, DAY, ONE, REQUIREMENT, WAY, Cast, at
from web.cycle.conftest import put_in

pytestmark = pytest.mark.django_db

SITE, TEAM = Role.SITE_USER, {Role.AUDITOR, Role.LEAD_AUDITOR}
TAKEN_BY = {
    NoteKind.PLAN: {SITE},
    NoteKind.HAND_IN: {SITE},
    NoteKind.REFUSE: TEAM,
    NoteKind.PROPOSE: TEAM,
    NoteKind.CLOSE: TEAM | {Role.REVIEWER},
    NoteKind.EXTEND: {Role.LEAD_AUDITOR, Role.SECRETARIAT},
    NoteKind.ESCALATE: {Role.LEAD_AUDITOR, Role.SECRETARIAT},
    NoteKind.CONFIRM: TEAM,
    NoteKind.REOPEN: TEAM,
}
"""Who takes which step, written out once more than in core."""

ON = DAY + 60 * ONE
SHOWS = {
    NoteKind.PLAN: 1,
    NoteKind.HAND_IN: 2,
    NoteKind.REFUSE: 3,
    NoteKind.PROPOSE: 3,
    NoteKind.CLOSE: 4,
    NoteKind.EXTEND: 1,
    NoteKind.ESCALATE: 2,
    NoteKind.CONFIRM: 5,
    NoteKind.REOPEN: 5,
}
"""Of each step the number of the finding that is ready for it."""


@pytest.fixture
def water(engagement: Engagement, cast: Cast) -> EvidenceVersion:
    given = Given("Register", "2026", "", (REQUIREMENT,), "confidential", b"All there.", "r.txt")
    return hand_in(actor=cast[SITE], engagement_id=engagement.pk, given=given)


@pytest.fixture
def rows(engagement: Engagement, cast: Cast, water: EvidenceVersion) -> list[FindingRecord]:
    """Store five findings; each went one step further on the usual way than the one before it."""
    author, proposer = (Person.objects.create_user(name) for name in ("author", "proposer"))
    by = {NoteKind.PROPOSE: proposer, NoteKind.CLOSE: author}
    found = FindingRecord.objects.bulk_create(
        FindingRecord(
            engagement=engagement,
            site=engagement.site,
            standard=engagement.standard,
            number=number,
            requirement_id=REQUIREMENT,
            grade="minor",
            text="A register has gaps.",
            raised_by=author,
            on=DAY,
            at=at(DAY),
        )
        for number in range(1, 6)
    )
    steps = FindingStep.objects.bulk_create(
        FindingStep(
            finding=row,
            number=number,
            kind=kind,
            engagement=engagement,
            role=BY[kind],
            by=by.get(kind, cast[SITE]),
            on=DAY,
            at=at(DAY),
            text="Seen.",
            due=DAY + ONE if kind is NoteKind.PLAN else None,
            **dict.fromkeys(("root_cause", "action", "owner"), "a" if number == 1 else ""),
        )
        for row in found
        for number, kind in enumerate(WAY[: row.number - 1], 1)
    )
    StepEvidence.objects.bulk_create(
        StepEvidence(step=one, version=water) for one in steps if one.kind == "hand_in"
    )
    return found


def expected(role: Role | None, kind: NoteKind, state: State) -> str:
    """Give what comes of a step: kept, or with which code it is refused."""
    held = frozenset({role}) if role else frozenset()
    if not may(held, Action.READ_FINDINGS, state):
        return (
            "ENGAGEMENT-002"
            if may(held, Action.READ, state) and role not in READERS
            else "PARTY-001"
        )
    action = queries.STEP_ACTIONS[kind]
    if not may(held, action, state):
        some_day = any(may(held, action, one) for one in State)
        return "ENGAGEMENT-001" if some_day else "ENGAGEMENT-002"
    early = kind in (NoteKind.CONFIRM, NoteKind.REOPEN) and state is not State.SURVEILLANCE
    return "CORRECTION-008" if early else "kept"


READERS = {SITE, *TEAM, Role.REVIEWER, Role.SECRETARIAT}


def outcome(role: Role | None, kind: NoteKind, engagement: Engagement, cast: Cast) -> str:
    """Try a step, and take it back."""
    number = SHOWS[kind]
    item = EvidenceVersion.objects.get().item
    try:
        with transaction.atomic():
            take_step(
                actor=cast[role],
                engagement_id=engagement.pk,
                number=number,
                kind=kind,
                seen=number - 1,
                said=Said("Seen.", "a", "b", "c", ON, (item,), ON + ONE),
                on=ON,
            )
            transaction.set_rollback(True)
    except RefusalError as refusal:
        return refusal.rule.code
    return "kept"


@pytest.mark.untraced
@pytest.mark.either_database
@pytest.mark.parametrize("state", [State.STAGE_2, State.SURVEILLANCE, State.EXPIRED])
def test_steps_are_taken_by_whom_the_table_names(
    state: State, engagement: Engagement, cast: Cast, rows: list[FindingRecord]
) -> None:
    put_in(engagement, state, by=cast[SITE])

    wrong = [
        f"{role} {kind}: {found}, not {right}"
        for role in cast
        for kind in NoteKind
        for found, right in [(outcome(role, kind, engagement, cast), expected(role, kind, state))]
        if found != right
    ]

    assert wrong == []


def test_the_table_says_what_is_written_here() -> None:
    for kind, roles in TAKEN_BY.items():
        action = queries.STEP_ACTIONS[kind]
        assert {one for one in Role if any(may({one}, action, x) for x in State)} == roles, kind


# every cell of a table in core, which knows no database
@pytest.mark.untraced
@pytest.mark.either_database
@pytest.mark.parametrize("state", list(State))
def test_findings_are_read_raised_and_offered_as_the_table_says(
    state: State, engagement: Engagement, cast: Cast, rows: list[FindingRecord]
) -> None:
    put_in(engagement, state, by=cast[SITE])

    assert list(wrongly_read(state, engagement, cast)) == []
    assert list(wrongly_raised(state, engagement, cast)) == []


def wrongly_read(state: State, engagement: Engagement, cast: Cast) -> Iterator[str]:
    for role, person in cast.items():
        held = frozenset({role}) if role else frozenset()
        try:
            found = queries.findings(actor=person, engagement_id=engagement.pk, on=ON)
        except RefusalError as refusal:
            right = {"ENGAGEMENT-002"} if role is Role.OBSERVER else {"PARTY-001"}
            if role in READERS or refusal.rule.code not in right:
                yield f"{role}: {refusal.rule.code}"
            continue
        reads = may(held, Action.READ_FINDINGS, state)
        if role not in READERS or len(found.found) != (5 if reads else 0):
            yield f"{role} reads {len(found.found)}"
        for one in found.found:
            offered = set(found.steps(one, person))
            kinds = {kind for kind, number in SHOWS.items() if number == one.row.number}
            right = {kind for kind in kinds if expected(role, kind, state) == "kept"}
            if offered & kinds != right:
                yield f"{role} is offered {offered} of {one.row.number}"


def wrongly_raised(state: State, engagement: Engagement, cast: Cast) -> Iterator[str]:
    for role, person in cast.items():
        held = frozenset({role}) if role else frozenset()
        try:
            with transaction.atomic():
                raise_finding(
                    actor=person,
                    engagement_id=engagement.pk,
                    requirement=REQUIREMENT,
                    text="made up",
                )
                transaction.set_rollback(True)
                found = True
        except RefusalError:
            found = False
        if found is not may(held, Action.RAISE_FINDING, state):
            yield f"{role} raises: {found}"


def test_every_endpoint_answers_as_the_query_does(
    engagement: Engagement, cast: Cast, rows: list[FindingRecord]
) -> None:
    put_in(engagement, State.STAGE_2, by=cast[SITE])
    there = f"/engagements/{engagement.pk}/findings/"
    api = f"/api/v1/engagements/{engagement.pk}/findings"
    assert {str(one.pattern) for one in urls.urlpatterns} == {
        "",
        "findings.csv",
        "raise/",
        "<int:number>/",
        "<int:number>/step/",
    }
    wrong = []
    for role, person in cast.items():
        browser = Client()
        browser.force_login(person)
        lists = 200 if role in READERS else 422 if role is Role.OBSERVER else 404
        own = (
            200
            if role in READERS - {SITE, Role.SECRETARIAT}
            else 422
            if role is Role.OBSERVER
            else 404
        )
        answers = {
            there: lists,
            there + "findings.csv": lists,
            there + "1/": own,
            api: lists,
            api + "/1": own,
        }
        wrong += [
            f"{role} {address}: {status}"
            for address, right in answers.items()
            if (status := browser.get(address).status_code) != right
        ]
        sent = {"kind": "plan", "seen": 0}
        answer = browser.post(f"{api}/1/steps", json.dumps(sent), content_type="application/json")
        barred = {200: 422}.get(own, own)
        if answer.status_code != barred:
            wrong.append(f"{role} steps: {answer.status_code}")

    assert wrong == []

"""Raising findings, steps about them, and what follows from both."""

import datetime
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from stannary.core.corrections import Grade, NoteKind
from stannary.core.cycle import Role, State
from stannary.core.kernel import RefusalError
from stannary.core.standards import Edition
from stannary.web.assessments.models import Assessment, RatingRecord
from stannary.web.corrections import queries
from stannary.web.corrections.models import FindingRecord, FindingStep, StepEvidence
from stannary.web.corrections.operations import Said, raise_finding
from stannary.web.cycle.models import Engagement, Member
from stannary.web.cycle.operations import open_engagement
from stannary.web.parties.models import Organisation
from web.corrections.conftest import BY, DAY, ONE, REQUIREMENT, WAY, Walk, at

pytestmark = pytest.mark.django_db


def refused(do: Callable[[], object]) -> list[str]:
    """Give the codes with which something is refused."""
    try:
        with transaction.atomic():
            do()
    except RefusalError as refusal:
        return [one.code for one in refusal.findings]
    return []


def seen(walk: Walk, role: Role | None = Role.AUDITOR, on: datetime.date = DAY) -> queries.Findings:
    return queries.findings(actor=walk.cast[role], engagement_id=walk.engagement.pk, on=on)


def test_a_finding_goes_from_raising_to_a_retest_in_the_next_audit(walk: Walk) -> None:
    row = walk.raised()
    walk.advance(State.DRAFT)
    walk.up_to(NoteKind.CLOSE, row)
    walk.advance(State.SURVEILLANCE)

    retest = seen(walk).one(row.number)
    assert retest.is_to_retest
    assert retest.audit.endswith("/1")
    walk.step(row, NoteKind.CONFIRM)

    one = seen(walk).one(row.number)
    assert one.state == "effective"
    assert [step.kind for step in one.steps] == [*WAY, "confirm"]
    assert [step.round for step in one.steps] == [0, 0, 0, 0, 1]
    assert one.steps[1].evidence.get().version == walk.file


def test_numbers_of_findings_go_on_in_the_next_engagement(
    walk: Walk, operator: Organisation
) -> None:
    assert [walk.raised().number, walk.raised().number] == [1, 2]
    following = _following(walk, operator)

    assert FindingRecord.objects.get(number=1).engagement == walk.engagement
    with pytest.raises(IntegrityError), transaction.atomic():
        FindingRecord.objects.create(
            engagement=following,
            site=following.site,
            standard=following.standard,
            number=2,
            requirement_id=REQUIREMENT,
            grade="minor",
            text="made up",
            raised_by=walk.cast[Role.AUDITOR],
            on=DAY,
            at=at(DAY),
        )


def _following(walk: Walk, operator: Organisation) -> Engagement:
    """Lead the engagement to publication, and open the one after it with the same people."""
    walk.advance(State.PUBLISHED)
    row = open_engagement(
        actor=walk.cast[Role.SITE_USER],
        site=walk.engagement.site,
        edition_id=walk.engagement.edition_id,
        operator=operator,
        opened_at=at(DAY + 400 * ONE),
    )
    for one in walk.engagement.members.exclude(role="site_user"):
        Member.objects.create(
            engagement=row,
            person=one.person,
            role=one.role,
            added_by=one.added_by,
            added_at=one.added_at,
        )
    return row


def test_a_finding_appears_in_the_next_engagement_until_its_correction_has_lasted(
    walk: Walk, operator: Organisation
) -> None:
    lasted, came_back, left_open = walk.raised(), walk.raised(), walk.raised()
    walk.advance(State.DRAFT)
    for row in (lasted, came_back):
        walk.up_to(NoteKind.CLOSE, row)
    first = walk.engagement
    following = _following(walk, operator)
    walk.engagement = following
    walk.file = None
    day = DAY + 500 * ONE

    for role in (Role.SITE_USER, Role.SECRETARIAT, Role.AUDITOR):
        found = seen(walk, role, on=day).found
        assert [one.row.number for one in found] == [1, 2, 3]
        assert all(one.is_carried for one in found)
        assert [one.is_to_retest for one in found] == [True, True, False]
    assert refused(lambda: walk.step(lasted, NoteKind.CONFIRM, day)) == ["ENGAGEMENT-001"]
    walk.advance(State.STAGE_1)
    walk.step(lasted, NoteKind.CONFIRM, day)
    walk.step(came_back, NoteKind.REOPEN, day)
    walk.step(left_open, NoteKind.PLAN, day)

    states = [one.core.state for one in seen(walk, on=day).found]
    assert states == ["effective", "open", "planned"]
    walk.engagement = first
    assert [one.core.state for one in seen(walk, on=day).found] == states
    actions = queries.public_actions(following, on=day)
    assert [one.state for one in actions] == ["effective", "open", "planned"]


def test_what_was_never_handed_over_is_not_carried(walk: Walk, operator: Organisation) -> None:
    walk.raised()
    first = walk.engagement
    Engagement.objects.filter(pk=first.pk).update(on_route=False)
    following = open_engagement(
        actor=walk.cast[Role.SITE_USER],
        site=first.site,
        edition_id=first.edition_id,
        operator=operator,
        opened_at=at(DAY + ONE),
    )

    walk.engagement = following
    assert seen(walk, Role.SITE_USER).found == ()


def test_who_was_slower_is_told_who_was_faster(walk: Walk) -> None:
    row = walk.raised()
    walk.advance(State.DRAFT)
    walk.step(row, NoteKind.PLAN)

    with pytest.raises(RefusalError) as refusal:
        walk.step(row, NoteKind.PLAN, seen=0)

    assert refusal.value.rule.code == "CORRECTION-020"
    facts = refusal.value.findings[0].facts
    assert (facts["step"], facts["by"], facts["there"]) == ("plan", "site-user", "1")


def test_who_says_to_have_seen_more_than_there_is_is_refused(walk: Walk) -> None:
    row = walk.raised()
    walk.advance(State.DRAFT)

    assert refused(lambda: walk.step(row, NoteKind.PLAN, seen=3)) == ["CORRECTION-020"]


def test_the_database_takes_one_step_of_two(walk: Walk) -> None:
    row = walk.raised()
    walk.advance(State.DRAFT)
    step = walk.step(row, NoteKind.PLAN)
    step.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        step.save(force_insert=True)


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        (Said(root_cause="a", action="b", owner="c"), ["CORRECTION-003"]),
        (Said(root_cause="a", action=" ", owner="c", due=DAY), ["CORRECTION-003"]),
        (
            Said(root_cause="Olga Operator forgot.", action="b", owner="c", due=DAY),
            ["CORRECTION-011"],
        ),
        (Said(root_cause="a", action="b", owner="Olga Operator", due=DAY), []),
    ],
)
def test_a_plan_is_whole_and_names_nobody_of_the_site(
    walk: Walk, said: Said, codes: list[str]
) -> None:
    _names(walk)
    row = walk.raised()
    walk.advance(State.DRAFT)

    assert refused(lambda: walk.step(row, NoteKind.PLAN, said=said)) == codes


def _names(walk: Walk) -> None:
    olga = walk.cast[Role.SITE_USER]
    olga.first_name, olga.last_name = "Olga", "Operator"
    olga.save()


@pytest.mark.parametrize(
    ("different", "codes"),
    [
        ({}, []),
        ({"requirement": "9.9.9.9"}, ["CORRECTION-010"]),
        ({"text": " "}, ["CORRECTION-010"]),
        ({"text": "Olga Operator has no register."}, ["CORRECTION-011"]),
    ],
)
def test_a_finding_says_what_was_found_and_names_nobody(
    walk: Walk, different: dict[str, Any], codes: list[str]
) -> None:
    _names(walk)

    assert refused(lambda: walk.raised(**different)) == codes


def test_evidence_that_is_not_open_to_the_site_is_not_there(walk: Walk) -> None:
    row = walk.raised()
    walk.advance(State.DRAFT)
    walk.step(row, NoteKind.PLAN)

    for items, code in (((uuid.uuid4(),), "PARTY-001"), ((), "CORRECTION-005")):
        said = Said(evidence=items)
        step = partial(walk.step, row, NoteKind.HAND_IN, said=said)
        assert refused(step) == [code]


def test_who_proposed_to_close_does_not_close(walk: Walk) -> None:
    row = walk.raised()
    walk.advance(State.DRAFT)
    walk.up_to(NoteKind.PROPOSE, row)

    assert refused(lambda: walk.step(row, NoteKind.CLOSE, role=Role.AUDITOR)) == ["CORRECTION-006"]
    found = seen(walk)
    offered = found.steps(found.one(1), walk.cast[Role.AUDITOR])
    assert offered == (NoteKind.REFUSE,)
    found = seen(walk, Role.REVIEWER)
    assert found.steps(found.one(1), walk.cast[Role.REVIEWER]) == (NoteKind.CLOSE,)


def test_what_is_late_is_escalated_by_the_secretariat(walk: Walk) -> None:
    row = walk.raised()
    walk.advance(State.DRAFT)
    walk.step(row, NoteKind.PLAN)
    late = DAY + 31 * ONE

    assert refused(lambda: walk.step(row, NoteKind.ESCALATE, late - ONE)) == ["CORRECTION-009"]
    (one,) = queries.waiting_everywhere(actor=walk.cast[Role.SECRETARIAT], on=late)
    assert (one.overdue_since, one.grade, one.state) == (late, Grade.MAJOR, "overdue")
    walk.step(row, NoteKind.ESCALATE, late)
    walk.step(row, NoteKind.EXTEND, late)
    (one,) = queries.waiting_everywhere(actor=walk.cast[Role.SECRETARIAT], on=late)
    assert one.core.escalated_on == late
    assert one.core.due == late + 900 * ONE
    assert one.overdue_since is None


def test_the_desk_is_the_secretariats_and_shows_what_it_may_read(walk: Walk) -> None:
    walk.raised()

    assert queries.waiting_everywhere(actor=walk.cast[Role.SECRETARIAT], on=DAY) == ()
    for role in (Role.LEAD_AUDITOR, Role.SITE_USER, None):
        with pytest.raises(RefusalError) as refusal:
            queries.waiting_everywhere(actor=walk.cast[role], on=DAY)
        assert refusal.value.rule.code == "PARTY-001"


@pytest.fixture
def audit(walk: Walk, firm: Organisation) -> Assessment:
    """Give the audit of the engagement, with one verdict of each kind."""
    return Assessment.objects.create(
        site=walk.engagement.site,
        edition_id=walk.engagement.edition_id,
        pack_sha256="0" * 64,
        engagement=walk.engagement,
        kind="audit",
        firm=firm,
        lead_auditor=walk.cast[Role.LEAD_AUDITOR],
        opened_at=at(DAY),
    )


def rate(audit: Assessment, ratings: dict[str, str]) -> None:
    RatingRecord.objects.bulk_create(
        RatingRecord(
            assessment=audit,
            requirement_id=name,
            rating=rating,
            rationale=f"Reason for {name}.",
            assessor=audit.lead_auditor,
            at=at(DAY),
        )
        for name, rating in ratings.items()
    )


def test_findings_are_drafted_from_verdicts_critical_ones_first(
    walk: Walk, audit: Assessment, open_mining: Edition
) -> None:
    critical = next(one.id for one in open_mining.requirements if one.critical)
    usual = [one.id for one in open_mining.requirements if not one.critical][:5]
    ratings = ["substantially", "not_met", "fully", "partially", "not_relevant"]
    rate(audit, {**dict(zip(usual, ratings, strict=True)), critical: "substantially"})
    held = seen(walk).held

    drafts = queries.drafts(held)

    assert [(one.verdict.requirement, str(one.grade)) for one in drafts] == [
        (critical, "major"),
        (usual[1], "minor"),
        (usual[3], "minor"),
        (usual[0], "observation"),
    ]
    row = walk.raised(requirement=critical, grade=None, text="")
    assert (row.grade, row.text) == ("major", f"Reason for {critical}.")
    assert row.verdict is not None
    assert len(queries.drafts(held)) == 3
    assert refused(lambda: walk.raised(requirement=critical, text="")) == ["CORRECTION-021"]
    own_words = walk.raised(requirement=critical, text="Something else.")
    assert own_words.verdict is None


def test_without_an_audit_nothing_is_drafted(walk: Walk) -> None:
    assert queries.drafts(seen(walk).held) == ()
    assert refused(lambda: walk.raised(text="")) == ["CORRECTION-010"]
    usual = raise_finding(
        actor=walk.cast[Role.LEAD_AUDITOR],
        engagement_id=walk.engagement.pk,
        requirement=REQUIREMENT,
        text="In words of one's own.",
    )
    assert usual.grade == "minor"


def test_a_verdict_of_which_a_finding_was_made_is_not_drafted_again_at_surveillance(
    walk: Walk, audit: Assessment
) -> None:
    rate(audit, {REQUIREMENT: "partially"})
    walk.raised(text="")
    walk.advance(State.SURVEILLANCE)

    assert queries.drafts(seen(walk).held) == ()


def test_what_becomes_public_names_roles_and_no_people(walk: Walk) -> None:
    walk.raised(text="Late Comer keeps no register.")
    row = walk.raised()
    walk.advance(State.DRAFT)
    walk.up_to(NoteKind.CLOSE, row)
    late = walk.cast[Role.RESPONDENT]
    late.first_name, late.last_name = "Late", "Comer"
    late.save()

    first, second = queries.public_actions(walk.engagement, on=DAY)

    assert first.finding == "[name left out] keeps no register."
    assert (first.cause, first.plan, first.state, first.verified_by) == ("", "", "open", "")
    assert (second.id, second.requirement, second.grade) == ("2", REQUIREMENT, "minor")
    assert (second.cause, second.plan, second.due) == ("Two registers.", "One.", DAY + 30 * ONE)
    assert (second.state, second.closed_on) == ("closed", DAY)
    assert second.verified_by == "lead_auditor"
    assert "Manager" not in repr(second)


def test_a_closure_that_is_only_proposed_is_public_as_handed_in(walk: Walk) -> None:
    row = walk.raised()
    walk.advance(State.DRAFT)
    walk.up_to(NoteKind.PROPOSE, row)

    (one,) = queries.public_actions(walk.engagement, on=DAY)

    assert (one.state, one.closed_on, one.verified_by) == ("handed_in", None, "")


def test_facts_are_never_changed(walk: Walk) -> None:
    row = walk.raised()
    walk.advance(State.DRAFT)
    walk.up_to(NoteKind.HAND_IN, row)

    for model, column in ((FindingRecord, "text"), (FindingStep, "text"), (StepEvidence, "step")):
        changed = {column: "x"} if column == "text" else {column: FindingStep.objects.all()[0]}
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.all().update(**changed)
    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError), transaction.atomic():
            StepEvidence.objects.all()._raw_delete("default")


def test_every_step_is_taken_by_somebody() -> None:
    assert set(BY) == set(NoteKind) == set(queries.STEP_ACTIONS)

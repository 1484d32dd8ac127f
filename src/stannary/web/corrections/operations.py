"""What may be done about findings: raising them, and every step after that.

Rules: CORRECTION-001 to CORRECTION-011 (core), CORRECTION-020 and 021, PARTY-001; ENGAGEMENT-001
and 002 for rights.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from stannary.core.corrections import (
    Correction,
    Grade,
    Note,
    NoteKind,
    add_note,
    check_no_names,
    found,
)
from stannary.core.corrections.rules import CAUSE_AND_PLAN_ARE_WRITTEN
from stannary.core.cycle import Action, Role, may
from stannary.core.kernel import Finding, RefusalError, refuse
from stannary.web.corrections import queries, records, rules
from stannary.web.corrections.models import FindingRecord, FindingStep, StepEvidence
from stannary.web.corrections.queries import STEP_ACTIONS, Found
from stannary.web.cycle import queries as cycle
from stannary.web.cycle.queries import Held
from stannary.web.cycle.records import tidy
from stannary.web.evidence import queries as evidence
from stannary.web.evidence.models import EvidenceVersion
from stannary.web.parties.models import Person, Site

TEXT_MAX = 10_000
OWNER_MAX = 200


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says with a step, as far as the step needs it.

    Attributes:
        text: What was seen, or why.
        root_cause: Why it happened; with a plan, as the three after it.
        action: What is done about it.
        owner: Who answers for it; never public.
        due: By when.
        evidence: Ids of items of evidence; with handing in.
        until: New last day; with an extension.
    """

    text: str = ""
    root_cause: str = ""
    action: str = ""
    owner: str = ""
    due: datetime.date | None = None
    evidence: Sequence[UUID] = ()
    until: datetime.date | None = None


@transaction.atomic
def raise_finding(
    *,
    actor: Person,
    engagement_id: UUID,
    requirement: str,
    grade: Grade | None = None,
    text: str = "",
    on: datetime.date | None = None,
    at: datetime.datetime | None = None,
) -> FindingRecord:
    """Raise a finding about a requirement. This will record it, or nothing.

    Where the newest audit rated the requirement below fully met, and no finding was made of that,
    what is left out is taken from the verdict: its reason is the text, its weight the grade.

    Args:
        actor: Of the audit team.
        engagement_id: In which engagement.
        requirement: Of its edition.
        grade: How grave it is; None: as the verdict suggests.
        text: What was found; empty: the reason of the verdict.
        on: The day that counts for its time; None: today. No page lets people choose.
        at: When it was recorded; None: now.

    Raises:
        RefusalError: PARTY-001, ENGAGEMENT-001 and 002 as for every work. CORRECTION-010 if there
            is no such requirement, or neither text nor verdict. CORRECTION-011 if it names
            somebody of the site. CORRECTION-021 if a finding was made of the verdict.
    """
    held = cycle.engagement_to_change(
        actor=actor, engagement_id=engagement_id, action=Action.RAISE_FINDING
    )
    requirement, text = tidy(requirement)[:40], tidy(text)[:TEXT_MAX]
    draft = queries.draft_of(held, requirement)
    _not_raised_twice(held, requirement, text, draft)
    moment = at or timezone.now()
    day = on or timezone.localdate(moment)
    Site.objects.select_for_update().get(pk=held.row.site_id)  # numbers are given one by one
    row = FindingRecord(
        engagement=held.row,
        site=held.row.site,
        standard=held.row.standard,
        number=_next_number(held),
        round=queries.audit_number(held.records),
        requirement_id=requirement,
        grade=grade or (draft.grade if draft else Grade.MINOR),
        text=text or (draft.verdict.rationale if draft else ""),
        verdict_id=draft.verdict.id if draft else None,
        raised_by=actor,
        on=day,
        at=moment,
    )
    _check(row, held)
    row.save(force_insert=True)
    return row


def _check(row: FindingRecord, held: Held) -> None:
    """CORRECTION-010 and 011: it says what was found, and names nobody of the site."""
    found(
        name=str(row.number),
        audit=records.audit_name(held.row.pk, row.round),
        requirement=row.requirement_id,
        grade=Grade(row.grade),
        on=row.on,
        by=str(row.raised_by_id),
        text=row.text,
        edition=held.edition,
    )
    _names_nobody([row.text], held)


def _not_raised_twice(held: Held, requirement: str, text: str, draft: queries.Draft | None) -> None:
    """CORRECTION-021: what has no text of its own is made of a verdict that became no finding."""
    if draft is not None or text:
        return
    there = FindingRecord.objects.filter(
        engagement=held.row, requirement_id=requirement, verdict__isnull=False
    ).first()
    if there is not None:
        refuse(rules.VERDICT_IS_RAISED_ONCE, requirement=requirement, finding=str(there.number))


def _next_number(held: Held) -> int:
    rows = FindingRecord.objects.filter(site=held.row.site_id, standard=held.row.standard)
    newest = rows.order_by("-number").values_list("number", flat=True).first()
    return (newest or 0) + 1


def _names_nobody(texts: Sequence[str], held: Held, one: Found | None = None) -> None:
    """CORRECTION-011: what will be public names nobody of the site."""
    those = [held.row, *([one.row.engagement] if one else ())]
    named = check_no_names(texts, queries.site_names(those))
    if named:
        raise RefusalError(*named)


@transaction.atomic
def take_step(
    *,
    actor: Person,
    engagement_id: UUID,
    number: int,
    kind: NoteKind,
    seen: int,
    said: Said | None = None,
    on: datetime.date | None = None,
    at: datetime.datetime | None = None,
) -> FindingStep:
    """Take one step about a finding. This will record it, or nothing.

    Args:
        actor: Who takes it.
        engagement_id: Through which engagement: that of the finding, or a later one that has to
            re-test it.
        number: Of the finding.
        kind: Which step.
        seen: How many steps the actor saw; with more there is a conflict.
        said: What the step needs.
        on: The day that counts; None: today. No page lets people choose.
        at: When it was recorded; None: now.

    Raises:
        RefusalError: PARTY-001 if the finding is not there for the actor, or one of the pieces of
            evidence. CORRECTION-020 if others acted since the actor looked. ENGAGEMENT-001 and 002
            as for every work. CORRECTION-001 to 009 for the step itself, CORRECTION-011 if the
            plan names somebody of the site.
    """
    moment = at or timezone.now()
    day = on or timezone.localdate(moment)
    held = cycle.engagement_to_change(
        actor=actor, engagement_id=engagement_id, action=Action.READ_CARRIED_FINDINGS
    )
    row = queries.of_held(held, on=day).one(number).row
    FindingRecord.objects.select_for_update().get(pk=row.pk)  # two engagements may lead to it
    one = queries.of_held(held, on=day).one(number)
    _newest_is_seen(one, seen)
    cycle.engagement(actor=actor, engagement_id=engagement_id, action=STEP_ACTIONS[kind])
    said = said or Said()
    given = _evidence(actor, held, said) if kind is NoteKind.HAND_IN else ()
    note = _note(actor, one, kind, said, given=given, day=day)
    add_note(one.core, note, one.edition)
    if note.correction is not None:
        _names_nobody([note.correction.root_cause, note.correction.action], held, one)
    return _keep(actor, held, one, note, given=given, at=moment)


def _newest_is_seen(one: Found, seen: int) -> None:
    """CORRECTION-020: show what happened since the actor looked."""
    if seen == len(one.steps):
        return
    facts = {"seen": str(seen), "there": str(len(one.steps))}
    if one.steps:
        newest = one.steps[-1]
        facts |= {
            "step": newest.kind,
            "by": newest.by.get_full_name() or newest.by.username,
            "at": newest.at.strftime("%Y-%m-%d %H:%M UTC"),
        }
    raise RefusalError(Finding(rules.NEWEST_STEP_WAS_SEEN, facts))


def _evidence(actor: Person, held: Held, said: Said) -> tuple[EvidenceVersion, ...]:
    """Give the newest versions of the pieces of evidence, all of which the actor reads."""
    if not said.evidence:
        return ()
    there = evidence.evidence(actor=actor, engagement_id=held.row.pk)
    return tuple(there.item(name).newest for name in dict.fromkeys(said.evidence))


def _note(
    actor: Person,
    one: Found,
    kind: NoteKind,
    said: Said,
    *,
    given: Sequence[EvidenceVersion],
    day: datetime.date,
) -> Note:
    plan = None
    if kind is NoteKind.PLAN:
        if said.due is None:
            refuse(CAUSE_AND_PLAN_ARE_WRITTEN, missing="due")
        plan = Correction(
            root_cause=tidy(said.root_cause)[:TEXT_MAX],
            action=tidy(said.action)[:TEXT_MAX],
            owner=tidy(said.owner)[:OWNER_MAX],
            due=said.due,
        )
    return Note(
        kind=kind,
        by=str(actor.pk),
        on=day,
        text=tidy(said.text)[:TEXT_MAX],
        correction=plan,
        evidence=tuple(str(version.pk) for version in given),
        until=said.until if kind is NoteKind.EXTEND else None,
        audit=one.audit,
    )


def _keep(
    actor: Person,
    held: Held,
    one: Found,
    note: Note,
    *,
    given: Sequence[EvidenceVersion],
    at: datetime.datetime,
) -> FindingStep:
    plan = note.correction
    row = FindingStep(
        finding=one.row,
        number=len(one.steps) + 1,
        kind=note.kind,
        engagement=held.row,
        round=queries.audit_number(held.records),
        role=_role(held, note.kind),
        by=actor,
        on=note.on,
        at=at,
        text=note.text,
        root_cause=plan.root_cause if plan else "",
        action=plan.action if plan else "",
        owner=plan.owner if plan else "",
        due=plan.due if plan else None,
        until=note.until,
    )
    row.save(force_insert=True)
    StepEvidence.objects.bulk_create(StepEvidence(step=row, version=version) for version in given)
    return row


def _role(held: Held, kind: NoteKind) -> Role:
    """Give the first role of somebody that may take the step."""
    action, state = STEP_ACTIONS[kind], held.core.state
    return next(role for role in Role if role in held.roles and may({role}, action, state))

"""Rows to core findings; the only file here that knows both."""

import datetime
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from stannary.core.corrections import (
    Correction,
    Grade,
    NonConformity,
    Note,
    NoteKind,
    found,
    replay_notes,
)
from stannary.core.standards import Edition
from stannary.web.corrections.models import FindingRecord, FindingStep


class FindingFacts(NamedTuple):
    """What core needs of a finding as it was raised, without a row; `FINDING_FACTS` in order."""

    pk: int
    engagement_id: UUID
    edition_id: str
    round: int
    number: int
    requirement_id: str
    grade: str
    on: datetime.date
    raised_by_id: int
    text: str


FINDING_FACTS = ("pk", "engagement_id", "engagement__edition_id", *FindingFacts._fields[3:])


class StepFacts(NamedTuple):
    """What core needs of a step, without a row; its fields in order."""

    pk: int
    finding_id: int
    engagement_id: UUID
    round: int
    kind: str
    by_id: int
    on: datetime.date
    text: str
    root_cause: str
    action: str
    owner: str
    due: datetime.date | None
    until: datetime.date | None


def audit_name(engagement_id: UUID, number: int) -> str:
    """Give the id of an audit: that of an engagement, or one of its surveillance audits."""
    return f"{engagement_id}/{number}"


def finding(row: FindingRecord, steps: Iterable[FindingStep], edition: Edition) -> NonConformity:
    """Rebuild a finding from its rows, the steps oldest first."""
    notes = (note(one, (str(x.version_id) for x in one.evidence.all())) for one in steps)
    return rebuilt(row, notes, edition)


def rebuilt(
    row: FindingRecord | FindingFacts, notes: Iterable[Note], edition: Edition
) -> NonConformity:
    """Rebuild a finding from what was raised and its notes, oldest first."""
    raised = found(
        name=str(row.number),
        audit=audit_name(row.engagement_id, row.round),
        requirement=row.requirement_id,
        grade=Grade(row.grade),
        on=row.on,
        by=str(row.raised_by_id),
        text=row.text,
        edition=edition,
    )
    return replay_notes(raised, notes, edition)


def note(row: FindingStep | StepFacts, evidence: Iterable[str]) -> Note:
    """Make a row, with the versions of evidence that belong to it, a note of core."""
    kind = NoteKind(row.kind)
    plan = None
    if kind is NoteKind.PLAN and row.due is not None:
        plan = Correction(row.root_cause, row.action, row.owner, row.due)
    return Note(
        kind=kind,
        by=str(row.by_id),
        on=row.on,
        text=row.text,
        correction=plan,
        evidence=tuple(evidence),
        until=row.until,
        audit=audit_name(row.engagement_id, row.round),
    )

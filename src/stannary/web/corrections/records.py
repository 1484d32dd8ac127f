"""Rows to core findings; the only file here that knows both."""

from collections.abc import Iterable
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


def audit_name(engagement_id: UUID, number: int) -> str:
    """Give the id of an audit: that of an engagement, or one of its surveillance audits."""
    return f"{engagement_id}/{number}"


def finding(row: FindingRecord, steps: Iterable[FindingStep], edition: Edition) -> NonConformity:
    """Rebuild a finding from its rows, the steps oldest first."""
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
    return replay_notes(raised, map(note, steps), edition)


def note(row: FindingStep) -> Note:
    """Make a row a note of core."""
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
        evidence=tuple(str(one.version_id) for one in row.evidence.all()),
        until=row.until,
        audit=audit_name(row.engagement_id, row.round),
    )

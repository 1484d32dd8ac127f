"""Adding a note. Ratings and photos go where all others go.

Rules: NOTEBOOK-001 to NOTEBOOK-004, RATING-021, PARTY-001.
"""

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from stannary.core.kernel import Finding, RefusalError, refuse
from stannary.web.assessments import operations as assessments
from stannary.web.assessments.models import Assessment
from stannary.web.assessments.queries import assessment_to_change
from stannary.web.assessments.records import tidy
from stannary.web.notebook import queries, rules
from stannary.web.notebook.models import TEXT_MAX, Note
from stannary.web.parties.models import Person
from stannary.web.standards import queries as standards


@dataclass(frozen=True, slots=True)
class Noted:
    """What somebody wrote down.

    Attributes:
        id: Chosen where it was written; the same whenever it is sent again.
        requirement_id: What it is about; empty: the whole.
        text: What was written; empty only for a photo.
        noted_at: By the clock of the device, which may be wrong.
        place: A geo: address; empty: not given.
        evidence: Item of evidence that is the photo; None: none.
        clock_ahead_s: Seconds by which the device was ahead of the server; None: not known.
    """

    id: UUID
    requirement_id: str
    text: str
    noted_at: datetime.datetime
    place: str = ""
    evidence: UUID | None = None
    clock_ahead_s: int | None = None


@transaction.atomic
def add_note(
    *, actor: Person, assessment_id: int, noted: Noted, at: datetime.datetime | None = None
) -> Note:
    """Keep a note. This will add nothing if the same note is there already.

    Args:
        actor: Of the audit team.
        assessment_id: Of which audit.
        noted: What was written down.
        at: When it arrived; None: now.

    Raises:
        RefusalError: PARTY-001 if the actor may take no notes there. RATING-021 if the assessment
            stands alone and is published. NOTEBOOK-001, 002 and 004 for what is written,
            NOTEBOOK-003 if the id is of another note.
    """
    queries.assessment_to_note(actor=actor, assessment_id=assessment_id)
    those = assessment_to_change(actor=actor, assessment_id=assessment_id)
    fresh = Note(
        id=noted.id,
        assessment=those,
        requirement_id=noted.requirement_id,
        text=tidy(noted.text),
        place=noted.place,
        evidence=noted.evidence,
        noted_at=noted.noted_at,
        clock_ahead_s=noted.clock_ahead_s,
        at=at or timezone.now(),
        author=actor,
    )
    there = Note.objects.filter(pk=noted.id).select_related("author").first()
    if there is not None:
        if _said(there) != _said(fresh):
            refuse(rules.ID_IS_OF_ONE_NOTE, note=str(noted.id))
        return there
    if those.engagement is None:
        assessments.rateable(those)
    findings = _findings(those, fresh)
    if findings:
        raise RefusalError(*findings)
    fresh.save(force_insert=True)
    return fresh


def _said(note: Note) -> tuple[object, ...]:
    """Give what makes a note the same; how wrong the clock was may differ when it is sent again."""
    about = (note.assessment_id, note.author_id, note.requirement_id, note.noted_at)
    return (*about, note.text, note.place, note.evidence)


def _findings(those: Assessment, note: Note) -> list[Finding]:
    found = []
    if len(note.text) > TEXT_MAX or not (note.text or note.evidence):
        facts = {"characters": str(len(note.text)), "at_most": str(TEXT_MAX)}
        found.append(Finding(rules.NOTE_SAYS_SOMETHING, facts))
    edition = standards.edition(those.edition_id)
    if note.requirement_id and note.requirement_id not in edition.requirement_by_id:
        facts = {"requirement": note.requirement_id, "edition": edition.id}
        found.append(Finding(rules.REQUIREMENT_IS_KNOWN, facts))
    if note.evidence is not None and not queries.is_evidence_of(those, note.evidence):
        found.append(Finding(rules.PHOTO_IS_EVIDENCE, {"evidence": str(note.evidence)}))
    return found

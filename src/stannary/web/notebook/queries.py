"""Who may open the notebook of an assessment, and who reads its notes: every check is made here.

Both stand in `core.cycle.rights`: the audit team takes notes, the reviewer reads them, nobody else
learns that there are any (PARTY-001). An assessment that stands alone is its firm's auditors'.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from stannary.core.cycle import Action
from stannary.core.kernel import refuse
from stannary.core.standards import Edition
from stannary.web.assessments import queries as assessments
from stannary.web.assessments.models import Assessment
from stannary.web.assessments.records import Newest
from stannary.web.evidence.models import EvidenceVersion
from stannary.web.notebook.models import Note
from stannary.web.parties.models import Person
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.standards import queries as standards


@dataclass(frozen=True, slots=True)
class Notebook:
    """What an auditor takes along into the field.

    Attributes:
        assessment: The row.
        edition: Under which it is.
        newest: By requirement the record that counts.
        notes: All of them, oldest first.
        may_rate: Whether the person rates now.
        may_note: Whether the person adds notes now.
        may_photograph: Whether the person hands in evidence now; never where there is no
            engagement, for evidence belongs to one.
    """

    assessment: Assessment
    edition: Edition
    newest: dict[str, Newest]
    notes: tuple[Note, ...]
    may_rate: bool
    may_note: bool
    may_photograph: bool


def assessment_to_note(*, actor: Person, assessment_id: int) -> Assessment:
    """Give an assessment to somebody who may open its notebook.

    Raises:
        RefusalError: PARTY-001 if it is not there, is a site's own, or the person is not of its
            audit team.
    """
    return _open_to(actor, assessment_id, Action.TAKE_NOTES)


def _open_to(actor: Person, assessment_id: int, action: Action) -> Assessment:
    those = assessments.assessment(actor=actor, assessment_id=assessment_id)
    own = those.kind == Assessment.Kind.SELF
    engaged = those.engagement_id is not None
    if own or (engaged and not assessments.may_do(actor, those, action)):
        refuse(IS_THERE_FOR_YOU, assessment=str(assessment_id)[:40])
    return those


def notes(*, actor: Person, assessment_id: int) -> QuerySet[Note]:
    """Give the notes of an assessment, oldest first.

    Raises:
        RefusalError: PARTY-001 if the person is not on the auditors' side of it.
    """
    those = _open_to(actor, assessment_id, Action.READ_NOTES)
    return notes_of(those)


def notes_of(those: Assessment) -> QuerySet[Note]:
    """Give the notes of an assessment that was checked already, oldest first."""
    return Note.objects.filter(assessment=those).select_related("author")


def note(*, actor: Person, assessment_id: int, note_id: UUID) -> Note:
    """Give one note.

    Raises:
        RefusalError: PARTY-001 if it is not there, or as for `notes`.
    """
    found = notes(actor=actor, assessment_id=assessment_id).filter(pk=note_id).first()
    if found is None:
        refuse(IS_THERE_FOR_YOU, note=str(note_id)[:40])
    return found


def notebook(*, actor: Person, assessment_id: int) -> Notebook:
    """Give everything that an auditor takes along.

    Raises:
        RefusalError: PARTY-001 as for `assessment_to_note`.
    """
    those = assessment_to_note(actor=actor, assessment_id=assessment_id)
    engaged = those.engagement_id is not None
    return Notebook(
        assessment=those,
        edition=standards.edition(those.edition_id),
        newest=assessments.newest_records([those])[those.pk],
        notes=tuple(notes_of(those)),
        may_rate=assessments.side_of(actor, those) is not None,
        may_note=engaged or those.state == Assessment.State.OPEN,
        may_photograph=engaged and assessments.may_do(actor, those, Action.ADD_EVIDENCE),
    )


def is_evidence_of(those: Assessment, item: UUID) -> bool:
    """Tell whether an item is evidence of the engagement of an assessment."""
    if those.engagement is None:
        return False
    return EvidenceVersion.objects.filter(engagement=those.engagement, item=item).exists()

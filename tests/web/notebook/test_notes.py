"""Notes: who adds and reads them, what one must be, and that one that is sent twice is one."""

import datetime
import uuid
from contextlib import suppress
from dataclasses import replace

import pytest

from stannary.core.cycle import Action, Role, State, may
from stannary.core.kernel import RefusalError, Rule
from stannary.web.assessments.models import Assessment
from stannary.web.cycle.models import Engagement
from stannary.web.evidence.operations import hand_in
from stannary.web.notebook import queries, rules
from stannary.web.notebook.models import TEXT_MAX, Note
from stannary.web.notebook.operations import Noted, add_note
from stannary.web.parties.models import Person
from stannary.web.publications.models import PublishedResult
from web.evidence.conftest import given
from web.notebook.conftest import Cast

pytestmark = pytest.mark.django_db
AT = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)
NOTE = Noted(
    id=uuid.UUID("8e03978e-40d5-43e8-bc93-6894a57f9324"),
    requirement_id="1.1.1.1",
    text="The gate was locked.",
    noted_at=AT,
    place="geo:64.14660,-21.94260;u=12",
    clock_ahead_s=3,
)


def add(audit: Assessment, actor: Person, noted: Noted = NOTE) -> Note:
    return add_note(actor=actor, assessment_id=audit.pk, noted=noted)


def refused(audit: Assessment, actor: Person, noted: Noted) -> Rule | None:
    try:
        add(audit, actor, noted)
    except RefusalError as refusal:
        return refusal.rule
    return None


def read(audit: Assessment, actor: Person) -> list[Note]:
    """Give what somebody reads; nothing where the notes are not there for them."""
    with suppress(RefusalError):
        return list(queries.notes(actor=actor, assessment_id=audit.pk))
    return []


def test_a_note_of_the_team_is_kept_as_it_was_written(audit: Assessment, auditor: Person) -> None:
    note = add_note(actor=auditor, assessment_id=audit.pk, noted=NOTE, at=AT)

    assert list(queries.notes(actor=auditor, assessment_id=audit.pk)) == [note]
    assert (note.requirement_id, note.text, note.place) == ("1.1.1.1", NOTE.text, NOTE.place)
    assert (note.noted_at, note.clock_ahead_s, note.at, note.author) == (AT, 3, AT, auditor)
    assert str(note) == "1.1.1.1 The gate was locked."


@pytest.mark.either_database
def test_who_takes_and_reads_notes_is_what_the_table_says(
    audit: Assessment, engagement: Engagement, cast: Cast
) -> None:
    add(audit, cast[Role.AUDITOR])
    for state in State:
        Engagement.objects.filter(pk=engagement.pk).update(state=state)
        for role, person in cast.items():
            roles = () if role is None else (role,)
            noted = replace(NOTE, id=uuid.uuid4())
            took = refused(audit, person, noted) is None
            assert took is may(roles, Action.TAKE_NOTES, state), (role, state)
            found = bool(read(audit, person))
            assert found is may(roles, Action.READ_NOTES, state), (role, state)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"text": ""}, rules.NOTE_SAYS_SOMETHING),  # NOTEBOOK-001
        ({"text": " \n"}, rules.NOTE_SAYS_SOMETHING),
        ({"text": "x" * TEXT_MAX}, None),
        ({"text": "x" * (TEXT_MAX + 1)}, rules.NOTE_SAYS_SOMETHING),
        ({"requirement_id": ""}, None),
        ({"requirement_id": "1.1.1.99"}, rules.REQUIREMENT_IS_KNOWN),  # NOTEBOOK-002
        ({"evidence": uuid.UUID(int=1)}, rules.PHOTO_IS_EVIDENCE),  # NOTEBOOK-004
    ],
)
def test_a_note_says_something_of_what_is_there(
    audit: Assessment, auditor: Person, change: dict[str, object], expected: Rule | None
) -> None:
    noted = replace(NOTE, **change)  # type: ignore[arg-type]  # the table names the fields

    assert refused(audit, auditor, noted) is expected
    assert Note.objects.count() == (expected is None)


def test_a_note_names_its_photo_of_the_same_engagement(
    audit: Assessment, auditor: Person, engagement: Engagement
) -> None:
    photo = hand_in(actor=auditor, engagement_id=engagement.pk, given=given())

    note = add(audit, auditor, replace(NOTE, text="", evidence=photo.item))

    assert note.evidence == photo.item


def test_a_note_that_is_sent_again_is_one_note(audit: Assessment, auditor: Person) -> None:
    first = add(audit, auditor)
    again = add(audit, auditor, replace(NOTE, clock_ahead_s=900))

    assert again == first
    assert again.clock_ahead_s == 3
    assert Note.objects.count() == 1


def test_the_id_of_a_note_stands_for_no_other(
    audit: Assessment, auditor: Person, colleague: Person
) -> None:
    add(audit, auditor)

    # NOTEBOOK-003
    assert refused(audit, auditor, replace(NOTE, text="No gate.")) is rules.ID_IS_OF_ONE_NOTE
    assert refused(audit, colleague, NOTE) is rules.ID_IS_OF_ONE_NOTE


def test_an_assessment_that_stands_alone_takes_notes_until_it_is_published(
    rated: Assessment, auditor: Person, rival: Person
) -> None:
    add(rated, auditor)

    with pytest.raises(RefusalError, match="PARTY-001"):
        add(rated, rival, replace(NOTE, id=uuid.uuid4()))
    assert not queries.notebook(actor=auditor, assessment_id=rated.pk).may_photograph


def test_nothing_is_noted_of_what_is_published(published: PublishedResult, auditor: Person) -> None:
    audit = Assessment.objects.get()

    with pytest.raises(RefusalError, match="RATING-021"):
        add(audit, auditor)
    assert not queries.notebook(actor=auditor, assessment_id=audit.pk).may_note


def test_the_site_s_own_assessment_has_no_notebook(
    audit: Assessment, engagement: Engagement, auditor: Person
) -> None:
    own = Assessment.objects.get(engagement=engagement, kind="self")

    with pytest.raises(RefusalError, match="PARTY-001"):
        queries.assessment_to_note(actor=auditor, assessment_id=own.pk)

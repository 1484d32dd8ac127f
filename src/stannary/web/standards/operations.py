"""Writes about standards: editions and transitions come from packs, and editions only ever grow.

Rules: STANDARD-011, STANDARD-012, TRANSITION-001 to TRANSITION-006, TRANSITION-008.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from stannary.core.kernel import Finding, RefusalError
from stannary.core.standards import Edition, Transition, check_transition, check_unchanged
from stannary.core.standards.changes import check_transition_unchanged
from stannary.core.standards.rules import MOVES_NAME_WHAT_IS_THERE
from stannary.formats.canonical import pack_sha256, sha256_hex
from stannary.formats.pack_transitions import load_transition
from stannary.formats.packs import load_pack, run_cases, shipped_packs
from stannary.web.standards import records
from stannary.web.standards.models import EditionRecord, TransitionRecord


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a loading did: ids of editions by what became of them.

    An edition counts as changed when its pack or the transition that leads to it was.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]


@transaction.atomic
def load_packs(
    *, folders: Iterable[Path] | None = None, now: datetime.datetime | None = None
) -> Loaded:
    """Bring the stored editions to what their packs say; all of them or none.

    Calling it again changes nothing. A stored edition accepts new dated values, new constants,
    better explanations and translations.

    Args:
        folders: The packs; None for those that come with the program.
        now: When this happens; None for now.

    Raises:
        RefusalError: STANDARD-011 with everything that a pack would change in an edition in force,
            STANDARD-012 for cases of a new or changed pack that do not come out as it says,
            TRANSITION-001 to TRANSITION-006 for a table that does not fit its two editions,
            TRANSITION-008 for what it would change after its window has opened, and what
            `load_pack` refuses.
    """
    now = now or timezone.now()
    read = [
        (folder, load_pack(folder)) for folder in (shipped_packs() if folders is None else folders)
    ]
    stored = {row.edition_id: row for row in EditionRecord.objects.select_for_update()}
    outcomes: dict[str, list[str]] = {"added": [], "changed": [], "unchanged": []}
    findings: list[Finding] = []
    for folder, edition in read:
        content = records.content_of(edition)
        row = stored.get(edition.id)
        if row is not None and row.content == content:
            _note_pack(row, folder)
            outcomes["unchanged"].append(edition.id)
            continue
        if row is not None:
            findings += check_unchanged(records.edition_from(row.content), edition, on=now.date())
        findings += run_cases(folder)
        outcomes["changed" if row else "added"].append(edition.id)
        if not findings:
            stored[edition.id] = _store(row, folder, edition, content, now)
    if not findings:
        moved = _load_transitions(read, stored, now, findings)
        outcomes["changed"] += [one for one in moved if one in outcomes["unchanged"]]
        outcomes["unchanged"] = [one for one in outcomes["unchanged"] if one not in moved]
    if findings:
        raise RefusalError(*findings)
    return Loaded(*(tuple(ids) for ids in outcomes.values()))


def _note_pack(row: EditionRecord, folder: Path) -> None:
    """Keep the hash of the files of an edition that says the same as before."""
    found = pack_sha256(folder)
    if row.pack_sha256 != found:
        row.pack_sha256 = found
        row.save(update_fields=["pack_sha256"])


def _store(
    row: EditionRecord | None,
    folder: Path,
    edition: Edition,
    content: str,
    now: datetime.datetime,
) -> EditionRecord:
    row = row or EditionRecord(edition_id=edition.id)
    row.content = content
    row.sha256 = sha256_hex(content.encode())
    row.pack_sha256 = pack_sha256(folder)
    row.loaded_at = now
    row.save()
    return row


def _load_transitions(
    read: Sequence[tuple[Path, Edition]],
    stored: Mapping[str, EditionRecord],
    now: datetime.datetime,
    findings: list[Finding],
) -> set[str]:
    """Bring the stored transitions to what the packs say; give the editions to which they lead."""
    there = {row.after_id: row for row in TransitionRecord.objects.select_for_update()}
    editions = {edition.id: edition for _folder, edition in read}
    moved = set()
    for folder, edition in read:
        transition = load_transition(folder)
        row = there.get(stored[edition.id].pk)
        if row is not None:
            was = records.transition_from(row.content)
            findings += check_transition_unchanged(was, transition, on=now.date())
        if transition is not None:
            findings += _check_transition(transition, edition, editions, stored)
        if findings or (transition is None and row is None):
            continue
        if transition is None:
            if row is not None:
                row.delete()
                moved.add(edition.id)
            continue
        content = records.transition_content(transition)
        if row is None or row.content != content:
            row = row or TransitionRecord(after=stored[edition.id])
            row.before = stored[transition.before]
            row.content = content
            row.sha256 = sha256_hex(content.encode())
            row.loaded_at = now
            row.save()
            moved.add(edition.id)
    return moved


def _check_transition(
    transition: Transition,
    after: Edition,
    editions: Mapping[str, Edition],
    stored: Mapping[str, EditionRecord],
) -> tuple[Finding, ...]:
    """Check a transition against its older edition as it is read now, or was loaded before."""
    before = editions.get(transition.before)
    if before is None and transition.before in stored:
        before = records.edition_from(stored[transition.before].content)
    if before is None:
        facts = {"edition": transition.before[:80], "is": "not loaded here"}
        return (Finding(MOVES_NAME_WHAT_IS_THERE, facts, transition.at),)
    return check_transition(transition, before, after)

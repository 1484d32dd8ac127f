"""Writes about standards: editions come from packs, and only ever grow.

Rules: STANDARD-011, STANDARD-012.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from stannary.core.kernel import Finding, RefusalError
from stannary.core.standards import Edition, check_unchanged
from stannary.formats.canonical import sha256_hex
from stannary.formats.packs import load_pack, run_cases, shipped_packs
from stannary.web.standards import records
from stannary.web.standards.models import EditionRecord


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a loading did: ids of editions by what became of them."""

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
            STANDARD-012 for cases of a new or changed pack that do not come out as it says, and
            what `load_pack` refuses.
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
            outcomes["unchanged"].append(edition.id)
            continue
        if row is not None:
            findings += check_unchanged(records.edition_from(row.content), edition, on=now.date())
        findings += run_cases(folder)
        outcomes["changed" if row else "added"].append(edition.id)
        if not findings:
            _store(row, edition, content, now)
    if findings:
        raise RefusalError(*findings)
    return Loaded(*(tuple(ids) for ids in outcomes.values()))


def _store(
    row: EditionRecord | None, edition: Edition, content: str, now: datetime.datetime
) -> None:
    row = row or EditionRecord(edition_id=edition.id)
    row.content = content
    row.sha256 = sha256_hex(content.encode())
    row.loaded_at = now
    row.save()

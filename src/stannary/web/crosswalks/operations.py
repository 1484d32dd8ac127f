"""Writes about crosswalks: they come from files, and newer judgements replace older ones.

Rules: CROSSWALK-001 to CROSSWALK-006, CROSSWALK-008, CROSSWALK-009.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from stannary.core.crosswalks import Crosswalk, check_crosswalk, rules
from stannary.core.kernel import Finding, Place, RefusalError
from stannary.core.standards import Edition
from stannary.formats.canonical import sha256_hex
from stannary.formats.crosswalks import NAME, load_crosswalk, shipped_crosswalks
from stannary.web.crosswalks import records
from stannary.web.crosswalks.models import CrosswalkRecord
from stannary.web.standards import queries as standards

TAKEN = frozenset({"plan"})
"""Names that are addresses of something else."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a loading did: names of crosswalks by what became of them."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]


@transaction.atomic
def load_crosswalks(
    *, files: Iterable[Path] | None = None, now: datetime.datetime | None = None
) -> Loaded:
    """Bring the stored crosswalks to what their files say; all of them or none.

    Calling it again changes nothing. The editions that a crosswalk joins must be loaded.

    Args:
        files: Each is known by its name without the ending; None for those that come with the
            program.
        now: When this happens; None for now.

    Raises:
        RefusalError: With every finding of every file: what `load_crosswalk` refuses,
            CROSSWALK-001 if an edition is not loaded or lacks a clause, and what
            `check_crosswalk` finds.
    """
    now = now or timezone.now()
    editions = {one.id: one for one in standards.editions()}
    stored = {row.name: row for row in CrosswalkRecord.objects.select_for_update()}
    outcomes: dict[str, list[str]] = {"added": [], "changed": [], "unchanged": []}
    findings: list[Finding] = []
    for file in shipped_crosswalks() if files is None else files:
        name = file.stem
        if not NAME.fullmatch(name) or name in TAKEN:
            facts = {"name": name[:80]}
            findings.append(Finding(rules.FILE_IS_READABLE, facts, Place(str(file))))
            continue
        try:
            crosswalk = load_crosswalk(file)
        except RefusalError as refusal:
            findings += refusal.findings
            continue
        findings += _check(crosswalk, editions)
        content = records.content_of(crosswalk)
        row = stored.get(name)
        if row is not None and row.content == content:
            outcomes["unchanged"].append(name)
        elif not findings:
            outcomes["changed" if row else "added"].append(name)
            stored[name] = _store(row, name, crosswalk, content, now)
    if findings:
        raise RefusalError(*findings)
    return Loaded(*(tuple(names) for names in outcomes.values()))


def _check(crosswalk: Crosswalk, editions: dict[str, Edition]) -> tuple[Finding, ...]:
    """Check a crosswalk against the editions that are loaded."""
    first, second = editions.get(crosswalk.first), editions.get(crosswalk.second)
    if first is None or second is None:
        missing = crosswalk.second if first else crosswalk.first
        facts = {"edition": missing[:80], "is": "not loaded"}
        return (Finding(rules.CLAUSES_ARE_THERE, facts, crosswalk.at),)
    return check_crosswalk(crosswalk, first, second)


def _store(
    row: CrosswalkRecord | None,
    name: str,
    crosswalk: Crosswalk,
    content: str,
    now: datetime.datetime,
) -> CrosswalkRecord:
    row = row or CrosswalkRecord(name=name)
    row.first = crosswalk.first
    row.second = crosswalk.second
    row.content = content
    row.sha256 = sha256_hex(content.encode())
    row.loaded_at = now
    row.save()
    return row

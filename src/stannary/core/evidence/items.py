"""One item of evidence: a file or link, its period, its revisions, and who may read it.

Rules: EVIDENCE-003, EVIDENCE-005 to EVIDENCE-010.
"""

import datetime
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from stannary.core.evidence import rules
from stannary.core.kernel import Finding, PartialDate
from stannary.core.standards import Edition

MAX_BYTES = 50_000_000
"""The largest file that is kept."""
TITLE_MAX = 200
LINK_MAX = 2_000
_LINK = re.compile(r"https?://[^\s/?#@\\]+(?:[/?#]\S*)?", re.IGNORECASE)

EVIDENCE_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "txt": "text/plain",
}
"""Types that are kept, by their short name."""


class EvidenceKind(StrEnum):
    """What an item is."""

    FILE = "file"
    LINK = "link"


class Visibility(StrEnum):
    """Who may read an item.

    PUBLIC: everybody, with the report. CONFIDENTIAL: the site and the audit team. AUDITOR_ONLY:
    the audit team alone, not even others of the site than who handed it in.
    """

    PUBLIC = "public"
    CONFIDENTIAL = "confidential"
    AUDITOR_ONLY = "auditor_only"


class Reader(StrEnum):
    """Who asks."""

    EVERYBODY = "everybody"
    SITE = "site"
    AUTHOR = "author"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One version of an item.

    Attributes:
        id: Of this version.
        item: Of the item; all its versions share it.
        kind: File or link.
        title: What it is.
        sha256: Of the file as it is kept, in hexadecimal; of the address for a link.
        size: Bytes; 0 for a link.
        covers_from: First day of the period that it speaks of.
        covers_until: Last day of that period, itself included.
        requirements: Ids of the requirements that it serves, in the order given.
        visibility: Who may read it.
        previous: Id of the version before; empty for the first.
        twin_of: Item of which this is the redacted twin; empty for an original.
    """

    id: str
    item: str
    kind: EvidenceKind
    title: str
    sha256: str
    size: int
    covers_from: PartialDate
    covers_until: PartialDate
    requirements: tuple[str, ...]
    visibility: Visibility
    previous: str = ""
    twin_of: str = ""


def check_evidence(
    new: EvidenceItem, kept: Sequence[EvidenceItem], edition: Edition, *, on: datetime.date
) -> tuple[Finding, ...]:
    """Check an item that is to be kept and return every finding, by code.

    Args:
        new: The item.
        kept: Every version of every item of the same engagement.
        edition: Whose requirements it serves.
        on: Today.
    """
    found = [
        *_size(new),
        *_period(new, on),
        *_texts(new, edition),
        *_twin(new, kept),
        *_revision(new, kept),
    ]
    return tuple(sorted(found, key=lambda finding: finding.code))


def current(kept: Iterable[EvidenceItem]) -> tuple[EvidenceItem, ...]:
    """Keep the newest version of each item, in the order given."""
    all_of_them = tuple(kept)
    replaced = {one.previous for one in all_of_them}
    return tuple(one for one in all_of_them if one.id not in replaced)


def check_link(address: str) -> tuple[Finding, ...]:
    """Check the address of a link.

    Example:
        >>> check_link("https://example.org/permit.pdf")
        ()
        >>> [finding.code for finding in check_link("javascript:alert(1)")]
        ['EVIDENCE-010']
    """
    if len(address) <= LINK_MAX and _LINK.fullmatch(address) and address.isprintable():
        return ()
    facts = {"link": address[:80], "characters": str(len(address)), "at_most": str(LINK_MAX)}
    return (Finding(rules.IS_A_FILE_OR_A_LINK, facts),)


_OPEN_TO = {
    Visibility.PUBLIC: frozenset(Reader),
    Visibility.CONFIDENTIAL: frozenset({Reader.SITE, Reader.AUTHOR, Reader.TEAM}),
    Visibility.AUDITOR_ONLY: frozenset({Reader.AUTHOR, Reader.TEAM}),
}


def may_read(
    item: EvidenceItem, readers: Collection[Reader], *, newest: EvidenceItem | None = None
) -> bool:
    """Tell whether somebody may read a version of an item.

    Args:
        item: The version; an original stays closed where only its redacted twin is public.
        readers: What the person is; who reads what is public is `Reader.EVERYBODY` too.
        newest: The newest version of the same item: what it closes is closed in all versions
            before it, too. None: `item` itself is the newest.
    """
    asked = (item, newest or item)
    return all(not _OPEN_TO[one.visibility].isdisjoint(readers) for one in asked)


def _size(new: EvidenceItem) -> Iterator[Finding]:
    smallest = 1 if new.kind is EvidenceKind.FILE else 0
    if not smallest <= new.size <= MAX_BYTES:
        facts = {"bytes": str(new.size), "at_most": str(MAX_BYTES)}
        yield Finding(rules.FILE_IS_WITHIN_SIZE, facts)


def _period(new: EvidenceItem, on: datetime.date) -> Iterator[Finding]:
    facts = {"from": str(new.covers_from), "until": str(new.covers_until)}
    if new.covers_until.last < new.covers_from.first:
        yield Finding(rules.PERIOD_IS_NAMED, facts)
    elif max(new.covers_from.first, new.covers_until.first) > on:
        yield Finding(rules.PERIOD_IS_NAMED, {**facts, "today": on.isoformat()})


def _texts(new: EvidenceItem, edition: Edition) -> Iterator[Finding]:
    if not new.title.strip() or len(new.title) > TITLE_MAX:
        facts = {"characters": str(len(new.title)), "at_most": str(TITLE_MAX)}
        yield Finding(rules.TITLE_IS_WRITTEN, facts)
    unknown = [one for one in new.requirements if one not in edition.requirement_by_id]
    repeated = len(set(new.requirements)) != len(new.requirements)
    if unknown or repeated or not new.requirements:
        shown = ", ".join(unknown)[:80] or ("repeated" if repeated else "none")
        facts = {"requirements": shown, "edition": edition.id}
        yield Finding(rules.REQUIREMENTS_ARE_KNOWN, facts)


def _twin(new: EvidenceItem, kept: Sequence[EvidenceItem]) -> Iterator[Finding]:
    if not new.twin_of:
        return
    facts = {"original": new.twin_of[:40]}
    original = next((one for one in current(kept) if one.item == new.twin_of), None)
    if original is None or new.twin_of == new.item:
        yield Finding(rules.TWIN_HAS_ITS_ORIGINAL, {**facts, "problem": "not there"})
        return
    for wrong, problem in (
        (original.visibility is Visibility.PUBLIC, "public"),
        (bool(original.twin_of), "a twin itself"),
        (
            (original.covers_from, original.covers_until) != (new.covers_from, new.covers_until),
            "another period",
        ),
    ):
        if wrong:
            yield Finding(rules.TWIN_HAS_ITS_ORIGINAL, {**facts, "problem": problem})


def _revision(new: EvidenceItem, kept: Sequence[EvidenceItem]) -> Iterator[Finding]:
    newest = next((one for one in current(kept) if one.item == new.item), None)
    expected = newest.id if newest is not None else ""
    if new.previous != expected:
        facts = {"previous": new.previous[:40] or "none", "newest": expected or "none"}
        yield Finding(rules.REVISION_FOLLOWS, facts)
    elif newest is not None and newest.sha256 == new.sha256:
        yield Finding(rules.REVISION_FOLLOWS, {"newest": expected, "problem": "the same content"})

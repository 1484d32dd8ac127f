"""Handing in evidence: a first version, a revision, a redacted twin.

A file is scanned and cleaned before anything is locked or written; what is wrong with it and what
is wrong with the rest is refused together.

Rules: EVIDENCE-001 to EVIDENCE-011, KERNEL-002; PARTY-001, ENGAGEMENT-001 and 002 for rights.
"""

import datetime
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from stannary.core.cycle import Action
from stannary.core.cycle.rules import ACT_FITS_THE_ROLE
from stannary.core.evidence import (
    EvidenceItem,
    EvidenceKind,
    Visibility,
    check_evidence,
    check_link,
    current,
    rules,
)
from stannary.core.kernel import Finding, PartialDate, RefusalError, refuse
from stannary.core.standards import Edition
from stannary.formats.evidence_files import CleanFile, clean_file
from stannary.web.cycle import queries as cycle
from stannary.web.cycle.queries import Held
from stannary.web.cycle.records import tidy
from stannary.web.evidence import files, queries, records, scanning
from stannary.web.evidence.models import EvidenceVersion
from stannary.web.parties.models import Person


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody hands in, as they wrote it.

    Attributes:
        title: What it is.
        covers_from: First day, month or year that it speaks of.
        covers_until: Last one; empty: the same as the first.
        requirements: Ids of those that it serves.
        visibility: public, confidential or auditor_only.
        content: The file; None for a link.
        name: The file's name; only its ending counts, and it is not kept.
        link: An address; empty for a file.
    """

    title: str
    covers_from: str
    covers_until: str
    requirements: Sequence[str]
    visibility: str
    content: bytes | None = None
    name: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What is handed in, with its file scanned and cleaned.

    Attributes:
        given: As it was written.
        file: To be kept; None for a link, and for a file that is refused.
        findings: What is wrong with the file or link.
        scanned_by: Which scanner looked at the file; empty: none.
    """

    given: Given
    file: CleanFile | None
    findings: tuple[Finding, ...]
    scanned_by: str


def offer(*, actor: Person, engagement_id: UUID, given: Given) -> Offer:
    """Look at what somebody hands in, outside of any transaction. This will keep nothing.

    Raises:
        RefusalError: PARTY-001, ENGAGEMENT-001 and 002 as for every work. What is wrong with the
            file is not raised: it is refused together with the rest.
    """
    cycle.engagement(actor=actor, engagement_id=engagement_id, action=Action.ADD_EVIDENCE)
    if (given.content is None) == (not given.link):
        facts = {"file": "no" if given.content is None else "yes", "link": given.link[:40] or "no"}
        return Offer(given, None, (Finding(rules.IS_A_FILE_OR_A_LINK, facts),), "")
    if given.content is None:
        return Offer(given, None, check_link(given.link), "")
    clamd = scanning.scanner()
    try:
        scanned_by = clamd.version() if clamd else ""
        file = clean_file(given.content, given.name, scan=clamd.scan if clamd else None)
    except RefusalError as refusal:
        return Offer(given, None, refusal.findings, "")
    return Offer(given, file, (), scanned_by)


def hand_in(
    *,
    actor: Person,
    engagement_id: UUID,
    given: Given | Offer,
    at: datetime.datetime | None = None,
) -> EvidenceVersion:
    """Hand in the first version of a piece of evidence.

    Args:
        actor: A site user, or somebody of the audit team.
        engagement_id: In which engagement.
        given: What is handed in; an `Offer` if the file has been looked at already.
        at: When; None: now.

    Raises:
        RefusalError: PARTY-001, ENGAGEMENT-001 and 002 as for every work; with every finding of
            EVIDENCE-001 to 011 and KERNEL-002 together.
    """
    return _keep(actor, engagement_id, _offered(actor, engagement_id, given), at)


def revise(
    *,
    actor: Person,
    engagement_id: UUID,
    item_id: UUID,
    previous: UUID,
    given: Given | Offer,
    at: datetime.datetime | None = None,
) -> EvidenceVersion:
    """Hand in a new version of a piece of evidence; those before it stay.

    Args:
        actor: Of the side that handed it in, and able to read it.
        engagement_id: In which engagement.
        item_id: Which piece of evidence.
        previous: The version that the actor saw as the newest.
        given: The whole of the new version.
        at: When; None: now.

    Raises:
        RefusalError: As `hand_in`; EVIDENCE-009 with who was faster if `previous` is not the
            newest any more. ENGAGEMENT-002 if the other side handed it in.
    """
    offered = _offered(actor, engagement_id, given)
    return _keep(actor, engagement_id, offered, at, item_id=item_id, previous=previous)


def hand_in_twin(
    *,
    actor: Person,
    engagement_id: UUID,
    original_id: UUID,
    given: Given | Offer,
    at: datetime.datetime | None = None,
) -> EvidenceVersion:
    """Hand in the redacted twin of a piece of evidence that is not public.

    Raises:
        RefusalError: As `hand_in`; PARTY-001 if the original is not there for the actor,
            ENGAGEMENT-002 if the other side handed it in.
    """
    offered = _offered(actor, engagement_id, given)
    return _keep(actor, engagement_id, offered, at, original_id=original_id)


def _offered(actor: Person, engagement_id: UUID, given: Given | Offer) -> Offer:
    if isinstance(given, Offer):
        return given
    return offer(actor=actor, engagement_id=engagement_id, given=given)


@transaction.atomic
def _keep(
    actor: Person,
    engagement_id: UUID,
    offered: Offer,
    at: datetime.datetime | None,
    *,
    item_id: UUID | None = None,
    previous: UUID | None = None,
    original_id: UUID | None = None,
) -> EvidenceVersion:
    """Check everything, keep the file, then the row that names it."""
    held = cycle.engagement_to_change(
        actor=actor, engagement_id=engagement_id, action=Action.ADD_EVIDENCE
    )
    rows = tuple(held.row.evidence.select_related("handed_in_by"))
    side = queries.side_of(held.roles)
    for asked in (item_id, original_id):
        if asked is not None:
            _is_of_this_side(actor, held, rows, asked, side)
    moment = at or timezone.now()
    fresh = EvidenceVersion(
        engagement=held.row,
        item=item_id or uuid.uuid4(),
        previous_id=previous,
        twin_of=original_id or _twin_of(rows, item_id),
        handed_in_by=actor,
        side=side,
        at=moment,
        **_content(offered),
    )
    findings = _findings(fresh, offered, rows, held.edition, timezone.localdate(moment))
    if findings:
        raise RefusalError(*findings)
    if offered.file is not None:
        files.keep(offered.file.content, offered.file.sha256)
    fresh.save(force_insert=True)
    return fresh


def _is_of_this_side(
    actor: Person, held: Held, rows: Sequence[EvidenceVersion], item_id: UUID, side: str
) -> None:
    """Let nobody revise, or redact, what they cannot read or what the other side handed in."""
    found = queries.one_item(queries.items_in(held, rows, actor), item_id)
    if found.newest.side != side:
        roles = " and ".join(sorted(held.roles))
        refuse(ACT_FITS_THE_ROLE, handed_in_by=found.newest.side, role=roles)


def _twin_of(rows: Sequence[EvidenceVersion], item_id: UUID | None) -> UUID | None:
    return next((row.twin_of for row in rows if row.item == item_id), None)


def _content(offered: Offer) -> dict[str, object]:
    """Give the columns that tell of title, period, requirements, and file or link."""
    given, file = offered.given, offered.file
    link = "" if given.content is not None else given.link
    digest = hashlib.sha256(link.encode()).hexdigest()
    return {
        "kind": str(EvidenceKind.LINK if link else EvidenceKind.FILE),
        "title": tidy(" ".join(given.title.split())),
        "link": link,
        "sha256": file.sha256 if file else digest,
        "sha256_as_given": file.sha256_as_given if file else digest,
        "size": len(file.content) if file else 0,
        "media_type": file.media_type if file else "",
        "covers_from": tidy(given.covers_from),
        "covers_until": tidy(given.covers_until) or tidy(given.covers_from),
        "requirements": [tidy(one) for one in given.requirements if tidy(one)],
        "visibility": given.visibility,
        "removed": list(file.removed) if file else [],
        "scanned_by": offered.scanned_by,
    }


def _findings(
    fresh: EvidenceVersion,
    offered: Offer,
    rows: Sequence[EvidenceVersion],
    edition: Edition,
    today: datetime.date,
) -> tuple[Finding, ...]:
    """Give everything that is wrong; what cannot be read stands in for itself by what is right."""
    found = list(offered.findings)
    dates = []
    for text in (fresh.covers_from, fresh.covers_until):
        try:
            dates.append(PartialDate.parse(text))
        except RefusalError as refusal:
            found += [one for one in refusal.findings if one not in found]
    if len(dates) < 2:
        dates = [PartialDate(today.year), PartialDate(today.year)]
    if fresh.visibility not in set(Visibility):
        found.append(Finding(rules.VISIBILITY_IS_KNOWN, {"visibility": fresh.visibility[:20]}))
    item = EvidenceItem(
        id=str(fresh.pk),
        item=str(fresh.item),
        kind=EvidenceKind(fresh.kind),
        title=fresh.title,
        sha256=fresh.sha256,
        size=1 if offered.findings else fresh.size,
        covers_from=dates[0],
        covers_until=dates[1],
        requirements=tuple(fresh.requirements),
        visibility=Visibility.CONFIDENTIAL,
        previous=str(fresh.previous_id or ""),
        twin_of=str(fresh.twin_of or ""),
    )
    kept = tuple(map(records.item, rows))
    found += [_told(one, fresh, rows) for one in check_evidence(item, kept, edition, on=today)]
    return tuple(sorted(found, key=lambda one: one.code))


def _told(finding: Finding, fresh: EvidenceVersion, rows: Sequence[EvidenceVersion]) -> Finding:
    """EVIDENCE-009: say who was faster."""
    if finding.rule is not rules.REVISION_FOLLOWS:
        return finding
    newest_ids = {one.id for one in current(map(records.item, rows))}
    newest = next((r for r in rows if r.item == fresh.item and str(r.pk) in newest_ids), None)
    if newest is None:
        return finding
    by = newest.handed_in_by.get_full_name() or newest.handed_in_by.username
    more = {"by": by, "at": newest.at.strftime("%Y-%m-%d %H:%M UTC"), "title": newest.title[:80]}
    return replace(finding, facts={**finding.facts, **more})

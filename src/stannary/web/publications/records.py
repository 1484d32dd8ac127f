"""Rows to core objects and back; the only file here that knows both."""

import datetime
import json
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from stannary.core import publications
from stannary.core.assessments import RatingSheet, Verdict, rating_sheet
from stannary.core.credentials import Json
from stannary.core.cycle import ActKind
from stannary.core.kernel import InvariantError, RefusalError
from stannary.core.publications import PublishedResult as Result
from stannary.core.scores import score
from stannary.core.standards import Edition, Rating
from stannary.formats.canonical import canonical_bytes, pack_sha256, sha256_hex
from stannary.formats.claim_file import ResultDraft, build_result_file, draft_result
from stannary.formats.packs import find_shipped_pack, load_pack
from stannary.formats.result_bundle import build_bundle, pack_members
from stannary.formats.results import result_bytes
from stannary.web.assessments.models import Assessment
from stannary.web.assessments.queries import Standing, standing_of
from stannary.web.assessments.records import verdict
from stannary.web.publications.about import core_id, gather
from stannary.web.publications.models import PublishedResult
from stannary.web.standards import queries as standards


def result_of(row: PublishedResult) -> Result:
    """Read what a row holds.

    Raises:
        InvariantError: If the content is not what was hashed when it was published.
    """
    return _result(row.content, row.sha256)


@lru_cache(maxsize=64)
def _result(content: str, sha256: str) -> Result:
    if sha256_hex(content.encode()) != sha256:
        raise InvariantError("a published result was changed in the database")
    return publications.result_from_dict(json.loads(content))


@dataclass(frozen=True, slots=True)
class Release:
    """A publication that is being prepared.

    Attributes:
        kind: Why.
        published_on: The day of release.
        as_of: The day whose points and thresholds count: that of release for an audit, that of
            the result before for what follows an audit and begins no clock anew.
        earlier: The result before; None for the first.
        act: With which an engagement publishes it; None for an assessment that stands alone.
    """

    kind: publications.Kind
    published_on: datetime.date
    as_of: datetime.date
    earlier: PublishedResult | None
    act: ActKind | None


def draft(now: Standing, release: Release, *, result_id: uuid.UUID) -> Result:
    """Make what would be published of an assessment.

    Raises:
        RefusalError: With every finding of core: RATING-001 to RATING-009, PUBLICATION-001 to
            PUBLICATION-017.
    """
    those = now.assessment
    sheet = rating_sheet(now.edition, [verdict(record) for record in now.newest.values()])
    said = gather(now, kind=release.kind, earlier=release.earlier, on=release.published_on)
    return publications.publish(
        result_id=core_id(result_id),
        site_id=those.site.slug,
        site_name=those.site.name,
        illustrative=those.illustrative,
        sheet=sheet,
        score=score(sheet, as_of=release.as_of),
        firm=those.by,
        lead_auditor=said.lead_auditor,
        published_on=release.published_on,
        pack_sha256=standards.pack_sha256_of(those.edition_id),
        about=said.about,
        site=said.site,
        rulings=said.rulings,
    )


@dataclass(frozen=True, slots=True)
class Seal:
    """What makes a result checkable without this site: signature, who signed, entry in the log.

    Attributes:
        draft: What was signed.
        token: The signed credential.
        log_index: Entry in the public log.
        log_proof: Proof of that entry.
        log_vkey: What readers need to check the proof.
    """

    draft: ResultDraft
    token: str
    log_index: int
    log_proof: str
    log_vkey: str


def correction(
    base: PublishedResult,
    verdicts: Mapping[str, tuple[Rating, str]],
    *,
    reason: str,
    fresh: bool,
    published_on: datetime.date,
    result_id: uuid.UUID,
) -> Result:
    """Make the correction of a result.

    Raises:
        RefusalError: With every finding of core, as `core.publications.correct` says.
    """
    was = result_of(base)
    edition = standards.edition(was.standard)
    said = []
    for one in was.verdicts:
        rating, why = verdicts.get(one.requirement, (one.rating, one.reason))
        said.append(Verdict(one.requirement, rating, why, one.evidence))
    sheet = rating_sheet(edition, said)
    return publications.correct(
        was,
        sheet,
        base_sha256=base.sha256,
        result_id=core_id(result_id),
        published_on=published_on,
        reason=reason,
        names=_names(base, edition) if fresh else None,
    )


def sheet_of(result: Result, edition: Edition) -> RatingSheet:
    """Give the verdicts of a result as a sheet; they were checked when they were published."""
    verdicts = {
        one.requirement: Verdict(one.requirement, one.rating, one.reason, one.evidence)
        for one in result.verdicts
    }
    return RatingSheet(edition=edition, verdicts=verdicts)


def _names(base: PublishedResult, edition: Edition) -> publications.Names:
    those = base.assessment
    now = standing_of(those, edition, {}, as_of=base.published_on)
    kind = publications.Kind.CORRECTION
    said = gather(now, kind=kind, earlier=base, on=base.published_on)
    return publications.Names(those.site.name, those.by, said.lead_auditor, said.about)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a result stands among those of its site.

    Attributes:
        assessment: Whose result it is.
        earlier: The result before; None for the first.
        act_number: Of the act that publishes it; None where there is none.
    """

    assessment: Assessment
    earlier: PublishedResult | None
    act_number: int | None = None


def row_of(result: Result, place: Place, *, result_id: uuid.UUID, seal: Seal) -> PublishedResult:
    """Make the row of a result that is being published; it is not saved yet."""
    content = result_bytes(result)
    kind = result.about.kind if result.about is not None else publications.Kind.AUDIT
    return PublishedResult(
        result_id=result_id,
        assessment=place.assessment,
        site=place.assessment.site,
        kind=kind.value,
        act_number=place.act_number,
        earlier=place.earlier,
        corrects=place.earlier if kind is publications.Kind.CORRECTION else None,
        standard=result.standard,
        published_on=result.published_on,
        level=result.level or "",
        level_state=result.level_state,
        illustrative=result.illustrative,
        content=content.decode(),
        sha256=sha256_hex(content),
        credential=seal.token,
        issuer_document=canonical_bytes(seal.draft.issuer_document).decode(),
        log_index=seal.log_index,
        log_proof=seal.log_proof,
        log_vkey=seal.log_vkey,
    )


def drafted_row(result: Result, base: PublishedResult) -> PublishedResult:
    """Make a row of a correction that is only looked at: neither signed nor logged nor saved."""
    content = result_bytes(result)
    return PublishedResult(
        result_id=uuid.UUID(int=0),
        assessment=base.assessment,
        site=base.site,
        kind=PublishedResult.Kind.CORRECTION,
        earlier=base,
        corrects=base,
        standard=result.standard,
        published_on=result.published_on,
        level=result.level or "",
        level_state=result.level_state,
        illustrative=result.illustrative,
        content=content.decode(),
        sha256=sha256_hex(content),
    )


def drafted(
    result: Result, result_id: uuid.UUID, *, issuer_name: str, issuer_document: Mapping[str, Json]
) -> ResultDraft:
    """Write the credential of a result; its id follows from the result's."""
    return draft_result(
        result,
        credential_id=uuid.uuid5(result_id, "credential").urn,
        issuer_name=issuer_name,
        issuer_document=issuer_document,
    )


def result_file(row: PublishedResult) -> str:
    """Write the file with which anybody checks a result without this site: always the same text."""
    draft = ResultDraft(
        payload={},  # it stands in the token, and is not repeated
        result=json.loads(row.content),
        issuer_document=json.loads(row.issuer_document),
    )
    return build_result_file(
        draft, token=row.credential, proof=row.log_proof, log_vkey=row.log_vkey
    )


def bundle(row: PublishedResult) -> bytes:
    """Write the zip with which anybody checks a result with nothing else at hand.

    The standard is enclosed where its licence allows it and the pack at hand is still the one under
    which the result was scored.
    """
    result = result_of(row)
    members: Mapping[str, bytes] = {}
    with suppress(RefusalError):  # it is not shipped any more, or was never
        folder = find_shipped_pack(result.standard)
        if pack_sha256(folder) == result.pack_sha256:
            members = pack_members(folder, load_pack(folder).licence)
    return build_bundle(
        result=row.content.encode(),
        token=row.credential,
        issuer_document=row.issuer_document.encode(),
        proof=row.log_proof,
        log_vkey=row.log_vkey,
        pack_hash=result.pack_sha256,
        pack=members,
    )

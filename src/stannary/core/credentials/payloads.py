"""What is signed: the credential of a claim and the credential of a published result.

Rules: CREDENTIAL-006, CREDENTIAL-015.
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from stannary.core.claims import Blended, Blending, Claim
from stannary.core.credentials import rules
from stannary.core.credentials.dids import check_did
from stannary.core.credentials.evidence import (
    Digest,
    Evidence,
    digest_as_json,
    digest_from_json,
)
from stannary.core.credentials.fields import Fields
from stannary.core.credentials.heads import Head, read_head
from stannary.core.credentials.plain_json import Json
from stannary.core.credentials.tokens import VCDM_CONTEXT
from stannary.core.custody import BalancePeriod
from stannary.core.kernel import Place, refuse, share_12_text, share_text
from stannary.core.provenance import Trace
from stannary.core.publications import PublishedResult

# The terms of our subjects have no published vocabulary yet. An address under the reserved domain
# `example` says so and can be nobody else's; it is part of form 1 and changes only with the form.
VOCABULARY = "https://stannary.example/terms/v1#"
LOT_CLAIM = "LotClaimCredential"
SITE_CLAIM = "SiteClaimCredential"
RESULT = "ResultCredential"
BOOKS = "EnclosedBooks"
BOOK_REGISTER = "EnclosedBookRegister"
ORIGINS_LISTED = 50
"""How many origins a credential lists, largest first; the rest is in the movements enclosed."""

_CONTEXT: tuple[Json, ...] = (VCDM_CONTEXT, {"@vocab": VOCABULARY})
_URN = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHARE = re.compile(r"[1-9][0-9]{0,38}(/[1-9][0-9]{0,38})?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1990, 2200


@dataclass(frozen=True, slots=True)
class ClaimCredential:
    """A claim as it was signed.

    Attributes:
        head: What the credential says of itself.
        claim: The claim.
        custody_pack: Id of the pack whose words it uses.
        sentences: Language to sentence.
        evidence: What must be enclosed.
    """

    head: Head
    claim: Claim
    custody_pack: str
    sentences: Mapping[str, str]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class ResultCredential:
    """A published result as it was signed.

    Attributes:
        head: What the credential says of itself.
        result: Id of the result.
        digest: Of the result in canonical JSON; its parts are its verdicts.
        issuer_document: SHA-256 of the issuer's document.
    """

    head: Head
    result: str
    digest: Digest
    issuer_document: str


def claim_credential(
    claim: Claim,
    *,
    issuer: str,
    issuer_name: str,
    custody_pack: str,
    sentences: Mapping[str, str],
    trace: Trace,
    evidence: Evidence,
) -> dict[str, Json]:
    """Write the credential of a claim: what is signed, key for key.

    Args:
        claim: Made by `make_claim`; its id is "urn:uuid:" and a UUID in small letters.
        issuer: DID of who signs.
        issuer_name: What it calls itself.
        custody_pack: Id of the pack whose words the claim uses.
        sentences: Language to sentence, as `claim_sentences` gives them.
        trace: Of the lot.
        evidence: Of what is enclosed.

    Raises:
        RefusalError: CREDENTIAL-006 for another id, CREDENTIAL-010 if the issuer is not a DID.
    """
    payload = _head(claim.id, LOT_CLAIM, issuer, issuer_name)
    return payload | {
        "name": f"Claim about lot {claim.lot}",
        **_days(claim),
        "credentialSubject": _claim_subject(claim, custody_pack, sentences, trace),
        "evidence": _enclosed(evidence),
    }


def site_claim_credential(
    claim: Claim,
    about: Blending,
    *,
    issuer: str,
    issuer_name: str,
    custody_pack: str,
    sentences: Mapping[str, str],
    blended: Blended,
    evidence: Evidence,
) -> dict[str, Json]:
    """Write the credential of a claim on what a site blended: what is signed, key for key.

    Args:
        claim: Checked by `check_site_claim`; its id is "urn:uuid:" and a UUID in small letters.
        about: What it is about.
        issuer: DID of who signs.
        issuer_name: What it calls itself.
        custody_pack: Id of the pack whose words the claim uses.
        sentences: Language to sentence, as `claim_sentences` gives them.
        blended: What was blended, of all materials.
        evidence: Of what is enclosed.

    Raises:
        RefusalError: CREDENTIAL-006 for another id, CREDENTIAL-010 if the issuer is not a DID.
    """
    measured = blended.of(about.material)
    payload = _head(claim.id, SITE_CLAIM, issuer, issuer_name)
    return payload | {
        "name": f"Claim about what {about.facility} blended",
        **_days(claim),
        "credentialSubject": {
            "type": "SiteClaim",
            "facility": about.facility,
            "material": about.material,
            "periodFrom": about.period.valid_from.isoformat(),
            "periodUntil": about.period.valid_until.isoformat(),
            **_said(claim, custody_pack, sentences),
            "contentMg": str(measured.content_mg),
            "batches": str(len(measured.batches)),
            "blends": str(len(blended.made)),
            "blendsSha256": blended.sha256,
            **_made(claim),
        },
        "evidence": _enclosed(evidence),
    }


def _days(claim: Claim) -> dict[str, Json]:
    return {
        "validFrom": f"{claim.made_on.isoformat()}T00:00:00Z",
        "validUntil": f"{claim.valid_until.isoformat()}T00:00:00Z",
    }


def _enclosed(evidence: Evidence) -> list[Json]:
    kinds = (
        ("EnclosedMovements", evidence.movements),
        ("EnclosedAchievements", evidence.achievements),
        (BOOKS, evidence.books),
        (BOOK_REGISTER, evidence.register),
    )
    results: list[Json] = [
        {"type": "EnclosedResult", "result": result, "sha256": sha256}
        for result, sha256 in evidence.results
    ]
    return [
        *(digest_as_json(kind, digest) for kind, digest in kinds if digest is not None),
        *results,
        {"type": "IssuerDocument", "sha256": evidence.issuer_document},
    ]


def _said(claim: Claim, custody_pack: str, sentences: Mapping[str, str]) -> dict[str, Json]:
    return {
        "sentence": dict(sentences),
        "wording": claim.wording,
        "custodyRules": custody_pack,
        "standard": claim.standard,
        "level": claim.level,
        "share": str(claim.share),
        "shareDecimal": share_text(claim.share),
        "element": claim.element,
    }


def _made(claim: Claim) -> dict[str, Json]:
    return {"madeBy": claim.made_by, "madeOn": claim.made_on.isoformat()}


def _claim_subject(
    claim: Claim, custody_pack: str, sentences: Mapping[str, str], trace: Trace
) -> dict[str, Json]:
    origins: list[Json] = [
        {
            "site": origin.site,
            "attestation": origin.attestation,
            "producedFrom": origin.at.date().isoformat(),
            "share": share_12_text(origin.share),
            "contentMg": str(origin.content_mg),
        }
        for origin in trace.origins[:ORIGINS_LISTED]
    ]
    return {
        "type": "LotClaim",
        "lot": claim.lot,
        **_said(claim, custody_pack, sentences),
        "contentMg": str(trace.content_mg),
        "massMg": str(trace.mass_mg),
        "model": str(trace.model) if trace.model else "not named",
        **_made(claim),
        "origins": origins,
        "originsNotListed": str(max(0, len(trace.origins) - ORIGINS_LISTED)),
        "recycledShare": share_12_text(trace.recycled_share),
        "unknownShare": share_12_text(trace.unknown_share),
    }


def result_credential(
    result: PublishedResult,
    *,
    credential_id: str,
    issuer: str,
    issuer_name: str,
    digest: Digest,
    issuer_document: str,
) -> dict[str, Json]:
    """Write the credential of a published result.

    Args:
        result: As it was published.
        credential_id: "urn:uuid:" and a UUID in small letters.
        issuer: DID of who signs.
        issuer_name: What it calls itself.
        digest: Of the result in canonical JSON; its parts are its verdicts.
        issuer_document: SHA-256 of the issuer's document in canonical JSON.

    Raises:
        RefusalError: CREDENTIAL-006 for another id, CREDENTIAL-010 if the issuer is not a DID.
    """
    subject: dict[str, Json] = {
        "type": "PublishedResult",
        "result": result.id,
        "site": result.site_id,
        "siteName": result.site_name,
        "illustrative": result.illustrative,
        "standard": result.standard,
        "packSha256": result.pack_sha256,
        "levelState": result.level_state,
        "level": result.level or "none",
        "asOf": result.as_of.isoformat(),
        "publishedOn": result.published_on.isoformat(),
        "firm": result.firm,
    }
    payload = _head(credential_id, RESULT, issuer, issuer_name)
    payload |= {
        "name": f"Published result {result.id}",
        "validFrom": f"{result.published_on.isoformat()}T00:00:00Z",
        "credentialSubject": subject,
        "evidence": [
            {**digest_as_json("EnclosedResult", digest), "result": result.id},
            {"type": "IssuerDocument", "sha256": issuer_document},
        ],
    }
    return payload


def _head(credential_id: str, kind: str, issuer: str, issuer_name: str) -> dict[str, Json]:
    if not _URN.fullmatch(credential_id):
        refuse(rules.PAYLOAD_IS_CREDENTIAL, id=credential_id[:80], needed="urn:uuid:…")
    check_did(issuer)
    return {
        "@context": list(_CONTEXT),
        "id": credential_id,
        "type": ["VerifiableCredential", kind],
        "issuer": {"id": issuer, "name": issuer_name},
    }


def read_claim_credential(
    payload: Mapping[str, Json], *, at: Place | None = None
) -> ClaimCredential:
    """Read the credential of a claim back, on a lot or on what a site blended.

    Whether it says what the claim's own facts make of it is left to the check: it writes the
    credential anew and compares.

    Raises:
        RefusalError: CREDENTIAL-006 if it is no credential, CREDENTIAL-015 if a member that form
            1 has is missing or of another kind.
    """
    head = read_head(payload, at=at)
    whole = Fields(payload, rules.SUBJECT_IS_KNOWN, "", at)
    subject = whole.object("credentialSubject")
    of_site = SITE_CLAIM in head.types
    if of_site == (LOT_CLAIM in head.types):
        whole.stop("type", f"not a {LOT_CLAIM}" if not of_site else "two in one")
    claim = Claim(
        id=whole.text("id"),
        lot="" if of_site else subject.text("lot"),
        wording=subject.text("wording"),
        standard=subject.text("standard"),
        level=subject.text("level"),
        share=_share(subject),
        element=subject.text("element"),
        made_by=subject.text("madeBy"),
        made_on=_day(whole, "validFrom"),
        valid_until=_day(whole, "validUntil"),
        blending=_blending(subject) if of_site else None,
    )
    sentences = subject.object("sentence")
    enclosed = whole.objects("evidence")
    return ClaimCredential(
        head=head,
        claim=claim,
        custody_pack=subject.text("custodyRules"),
        sentences={language: sentences.text(language) for language in sentences.content},
        evidence=Evidence(
            movements=None
            if of_site
            else digest_from_json(_only(whole, enclosed, "EnclosedMovements")),
            achievements=digest_from_json(_only(whole, enclosed, "EnclosedAchievements")),
            results=tuple(
                (one.text("result"), digest_from_json(one).sha256)
                for one in enclosed
                if one.text("type") == "EnclosedResult"
            ),
            issuer_document=digest_from_json(_only(whole, enclosed, "IssuerDocument")).sha256,
            books=_at_most_one(whole, enclosed, BOOKS),
            register=_at_most_one(whole, enclosed, BOOK_REGISTER),
        ),
    )


def _blending(subject: Fields) -> Blending:
    begin, end = _plain_day(subject, "periodFrom"), _plain_day(subject, "periodUntil")
    if not _FIRST_YEAR <= begin.year <= end.year <= _LAST_YEAR or begin >= end:
        subject.stop("periodUntil", "no period")
    return Blending(subject.text("facility"), subject.text("material"), BalancePeriod(begin, end))


def read_result_credential(
    payload: Mapping[str, Json], *, at: Place | None = None
) -> ResultCredential:
    """Read the credential of a published result back.

    Raises:
        RefusalError: CREDENTIAL-006, CREDENTIAL-015 as `read_claim_credential`.
    """
    head = read_head(payload, at=at)
    whole = Fields(payload, rules.SUBJECT_IS_KNOWN, "", at)
    if RESULT not in head.types:
        whole.stop("type", f"not a {RESULT}")
    enclosed = whole.objects("evidence")
    return ResultCredential(
        head=head,
        result=whole.object("credentialSubject").text("result"),
        digest=digest_from_json(_only(whole, enclosed, "EnclosedResult")),
        issuer_document=digest_from_json(_only(whole, enclosed, "IssuerDocument")).sha256,
    )


def _only(whole: Fields, enclosed: tuple[Fields, ...], kind: str) -> Fields:
    found = [one for one in enclosed if one.text("type") == kind]
    if len(found) != 1:
        whole.stop("evidence", f"{len(found)} of {kind}")
    return found[0]


def _at_most_one(whole: Fields, enclosed: tuple[Fields, ...], kind: str) -> Digest | None:
    """Give what only form 2 has."""
    if not any(one.text("type") == kind for one in enclosed):
        return None
    return digest_from_json(_only(whole, enclosed, kind))


def _share(subject: Fields) -> Fraction:
    text = subject.text("share")
    if not _SHARE.fullmatch(text):
        subject.stop("share", "not a fraction above 0")
    return Fraction(text)


def _day(fields: Fields, name: str) -> datetime.date:
    text = fields.text(name)
    day = text.removesuffix("T00:00:00Z")
    fits = day != text and _DAY.fullmatch(day)
    try:
        return datetime.date.fromisoformat(day if fits else "")
    except ValueError:
        fields.stop(name, "not the beginning of a day in UTC")


def _plain_day(fields: Fields, name: str) -> datetime.date:
    text = fields.text(name)
    try:
        return datetime.date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        fields.stop(name, "not a day written YYYY-MM-DD")

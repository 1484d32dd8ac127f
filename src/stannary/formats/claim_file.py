"""Claim files and result files, written: everything that a check needs, in one JSON file.

`draft_claim` (or `draft_result`) gives what is to be signed; sign it, enter it in the log, then
`build_claim_file` (or `build_result_file`) gives the text of the file. `read_checkable` takes it
apart again, for `core.verification.verify_file`.
"""

import json
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import partial
from typing import cast

from stannary.core.attestations import Achievement
from stannary.core.claims import (
    Claim,
    blended_again,
    check_site_claim,
    claim_sentences,
    keep_enclosed,
    make_claim,
)
from stannary.core.credentials import (
    Evidence,
    Json,
    check_did_document,
    claim_credential,
    envelope,
    result_credential,
    site_claim_credential,
)
from stannary.core.custody import (
    Amounts,
    BooksBehind,
    CustodyRules,
    Model,
    Row,
    events_of,
    said_of,
)
from stannary.core.kernel import InvariantError, RefusalError
from stannary.core.provenance import ancestry, trace
from stannary.core.publications import PublishedResult, result_as_dict
from stannary.core.standards import Edition
from stannary.formats.canonical import canonical_bytes, sha256_hex
from stannary.formats.claim_file_achievements import achievement_as_dict
from stannary.formats.claim_file_books import books_as_dict, books_digests
from stannary.formats.claim_file_digests import list_digest, movements_digest, result_digest
from stannary.formats.claim_file_reader import (
    CLAIM_FILE,
    CLAIM_FILE_2,
    CLAIM_FILE_3,
    parse_checkable,
    read_checkable,
)
from stannary.formats.movements import write_movements_csv
from stannary.formats.result_bundle import RESULT_FILE

__all__ = [
    "CLAIM_FILE",
    "CLAIM_FILE_2",
    "CLAIM_FILE_3",
    "RESULT_FILE",
    "ClaimDraft",
    "ResultDraft",
    "build_claim_file",
    "build_result_file",
    "draft_claim",
    "draft_result",
    "draft_site_claim",
    "parse_checkable",
    "read_checkable",
]


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """A claim ready to be signed, with all that it cites.

    Attributes:
        payload: The credential: what is signed.
        movements: The ancestry of the lot, as CSV; "" for what a site blended: the file is of form 3.
        achievements: Those that the mined lots name, as JSON values.
        results: The published results on which these rest, as JSON values.
        issuer_document: The issuer's document.
        books: The books behind the lot, as JSON values; None: the file is of form 1.
    """

    payload: dict[str, Json]
    movements: str
    achievements: list[Json]
    results: list[Json]
    issuer_document: Mapping[str, Json]
    books: dict[str, Json] | None = None


@dataclass(frozen=True, slots=True)
class ResultDraft:
    """A published result ready to be signed.

    Attributes:
        payload: The credential: what is signed.
        result: The result as JSON values.
        issuer_document: The issuer's document.
    """

    payload: dict[str, Json]
    result: Mapping[str, Json]
    issuer_document: Mapping[str, Json]


def draft_claim(
    claim: Claim,
    *,
    rows: Iterable[Row],
    achievements: Mapping[str, Achievement],
    results: Iterable[PublishedResult],
    edition: Edition,
    custody_pack: Edition,
    issuer_name: str,
    issuer_document: Mapping[str, Json],
    carried: Amounts | None = None,
    books: BooksBehind | None = None,
    lowered_to: Model | None = None,
    packs: Mapping[str, Edition] | None = None,
) -> ClaimDraft:
    """Make a claim, if it may be made, and write the credential to be signed.

    Args:
        claim: What is to be said; its id is "urn:uuid:" and a UUID.
        rows: All movements known, in file order; only the ancestry of the lot is enclosed.
        achievements: By id; only those that the ancestry names are enclosed.
        results: Published results; only those on which these achievements rest are enclosed.
        edition: The standard whose level is claimed.
        custody_pack: The pack whose words are used.
        issuer_name: What the issuer calls itself.
        issuer_document: The issuer's document; its id is the issuer.
        carried: What the books let be said of the lot, as its holder knows; None: not known.
        books: The books behind the lot, to enclose instead of `rows` and to keep again; None: form 1.
        lowered_to: As for `core.claims.check_claim`; a file does not tell it.
        packs: Those that `books.packs` names, by id; None: none.

    Raises:
        RefusalError: CLAIM codes, TRACE-001 or CUSTODY codes, CREDENTIAL-006 or CREDENTIAL-010.
    """
    issuer = check_did_document(dict(issuer_document))
    custody_rules = CustodyRules.from_edition(custody_pack, claim.made_on)
    kept = None if books is None else keep_enclosed(books, claim, custody_pack, packs or {})
    known = events_of(rows) if kept is None else kept.replay.events
    events = ancestry(known, claim.lot, rules=custody_rules)
    traced = trace(events, claim.lot, rules=custody_rules)
    said = None if kept is None else said_of(kept, claim.lot, traced.model)
    bounds: list[Amounts | None] = [one for one in (carried, said) if one is not None]
    make = partial(make_claim, claim, trace=traced, achievements=achievements, edition=edition)
    for one in bounds or [None]:
        make(custody_pack=custody_pack, carried=one, lowered_to=lowered_to)
    movements = write_movements_csv(row for event in events for row in event.rows)
    named = {origin.attestation for origin in traced.origins}
    named |= {source.attestation for source in said or ()}
    achieved, published = _cited(named, achievements, results)
    enclosed_books = None if books is None else books_as_dict(books)
    payload = claim_credential(
        claim,
        issuer=issuer,
        issuer_name=issuer_name,
        custody_pack=custody_pack.id,
        sentences=claim_sentences(claim, custody_pack),
        trace=traced,
        evidence=_evidence(movements, achieved, published, issuer_document, enclosed_books),
    )
    return ClaimDraft(payload, movements, achieved, published, issuer_document, enclosed_books)


def draft_site_claim(
    claim: Claim,
    *,
    achievements: Mapping[str, Achievement],
    results: Iterable[PublishedResult],
    edition: Edition,
    custody_pack: Edition,
    issuer_name: str,
    issuer_document: Mapping[str, Json],
    books: BooksBehind,
    packs: Mapping[str, Edition] | None = None,
) -> ClaimDraft:
    """Make a claim on what a site blended, if it may be made, and write the credential to be signed.

    Args:
        claim: What is to be said; its id is "urn:uuid:" and a UUID.
        achievements: By id; only those that the origins of the batches name are enclosed.
        results: Published results; only those on which these achievements rest are enclosed.
        edition: The standard whose level is claimed.
        custody_pack: The pack whose words are used.
        issuer_name: What the issuer calls itself.
        issuer_document: The issuer's document; its id is the issuer.
        books: The books behind all batches of the site and period, to enclose and to keep again.
        packs: Those that `books.packs` names, by id; None: none.

    Raises:
        RefusalError: CLAIM codes, CUSTODY codes of the books, CREDENTIAL-006 or CREDENTIAL-010.
        InvariantError: If the claim is about a lot.
    """
    about = claim.blending
    if about is None:
        raise InvariantError("a claim on a lot is drafted with what the lot is made of")
    issuer = check_did_document(dict(issuer_document))
    kept = keep_enclosed(books, claim, custody_pack, packs or {})
    blended = blended_again(claim, about, kept=kept, pack=custody_pack)
    findings = check_site_claim(
        claim,
        blended=blended,
        given=kept.given,
        achievements=achievements,
        edition=edition,
        custody_pack=custody_pack,
        certificates=books.certificates or (),
    )
    if findings:
        raise RefusalError(*findings)
    origins = [origin for one in blended.batches for origin in one.trace.origins]
    achieved, published = _cited({one.attestation for one in origins}, achievements, results)
    enclosed = books_as_dict(books)
    payload = site_claim_credential(
        claim,
        about,
        issuer=issuer,
        issuer_name=issuer_name,
        custody_pack=custody_pack.id,
        sentences=claim_sentences(claim, custody_pack),
        blended=blended,
        evidence=_evidence("", achieved, published, issuer_document, enclosed),
    )
    return ClaimDraft(payload, "", achieved, published, issuer_document, enclosed)


def _cited(
    named: Set[str], achievements: Mapping[str, Achievement], results: Iterable[PublishedResult]
) -> tuple[list[Json], list[Json]]:
    """Give the achievements that are named, and the results on which they rest, as JSON values."""
    cited = [one for name, one in sorted(achievements.items()) if name in named]
    enclosed = _resting_on(cited, results)
    return (
        [achievement_as_dict(one) for one in cited],
        [cast("Json", result_as_dict(one)) for one in enclosed],
    )


def _resting_on(
    cited: Iterable[Achievement], results: Iterable[PublishedResult]
) -> list[PublishedResult]:
    resting = {one.result_id for one in cited}
    return sorted((one for one in results if one.id in resting), key=lambda one: one.id)


def _evidence(
    movements: str,
    achieved: list[Json],
    published: list[Json],
    document: Mapping[str, Json],
    books: Mapping[str, Json] | None,
) -> Evidence:
    kept, register = (None, None) if books is None else books_digests(books)
    return Evidence(
        movements=movements_digest(movements) if movements else None,
        achievements=list_digest(achieved),
        results=tuple(
            (str(one["id"]), sha256_hex(canonical_bytes(one)))
            for one in published
            if isinstance(one, dict)
        ),
        issuer_document=sha256_hex(canonical_bytes(document)),
        books=kept,
        register=register,
    )


def draft_result(
    result: PublishedResult,
    *,
    credential_id: str,
    issuer_name: str,
    issuer_document: Mapping[str, Json],
) -> ResultDraft:
    """Write the credential of a published result, to be signed.

    Args:
        result: As it was published.
        credential_id: "urn:uuid:" and a UUID.
        issuer_name: What the issuer calls itself.
        issuer_document: The issuer's document; its id is the issuer.

    Raises:
        RefusalError: CREDENTIAL-006 or CREDENTIAL-010 for a bad id.
    """
    content = cast("Mapping[str, Json]", result_as_dict(result))
    payload = result_credential(
        result,
        credential_id=credential_id,
        issuer=check_did_document(dict(issuer_document)),
        issuer_name=issuer_name,
        digest=result_digest(content),
        issuer_document=sha256_hex(canonical_bytes(issuer_document)),
    )
    return ResultDraft(payload, content, issuer_document)


def build_claim_file(draft: ClaimDraft, *, token: str, proof: str, log_vkey: str) -> str:
    """Write a claim file.

    Args:
        draft: What was signed, from `draft_claim`.
        token: The signed credential, from `signing.sign_vc_jwt(draft.payload, ...)`.
        proof: Log proof of `core.credentials.log_entry(token)`, as text.
        log_vkey: Verifier key of the log, as text.

    Returns:
        JSON, to be saved as `<id>.claim.json`. Nothing is checked here: `read_checkable` and
        `core.verification.verify_file` do that.
    """
    books: dict[str, Json] = {} if draft.books is None else {"books": draft.books}
    movements: dict[str, Json] = {"movements": draft.movements} if draft.movements else {}
    form = CLAIM_FILE_2 if books else CLAIM_FILE
    return _written(
        {
            "type": form if movements else CLAIM_FILE_3,
            "credential": envelope(token),
            "proof": proof,
            **movements,
            **books,
            "achievements": draft.achievements,
            "results": draft.results,
            "issuer_document": dict(draft.issuer_document),
            "log_vkey": log_vkey,
        }
    )


def build_result_file(draft: ResultDraft, *, token: str, proof: str, log_vkey: str) -> str:
    """Write a result file, to be saved as `<id>.result.json`.

    Args:
        draft: What was signed, from `draft_result`.
        token: The signed credential.
        proof: Log proof of `core.credentials.log_entry(token)`, as text.
        log_vkey: Verifier key of the log, as text.
    """
    return _written(
        {
            "type": RESULT_FILE,
            "credential": envelope(token),
            "proof": proof,
            "result": dict(draft.result),
            "issuer_document": dict(draft.issuer_document),
            "log_vkey": log_vkey,
        }
    )


def _written(content: dict[str, Json]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"

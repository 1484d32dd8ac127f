"""Step 1: can everything be read? What later steps need, read once.

Rules: VERIFY-001, and those of the part that cannot be read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from stannary.core.credentials import (
    LOT_CLAIM,
    RESULT,
    SITE_CLAIM,
    ClaimCredential,
    Head,
    Json,
    ResultCredential,
    Token,
    check_did_document,
    parse_token,
    read_claim_credential,
    read_head,
    read_result_credential,
)
from stannary.core.kernel import Finding, Place, RefusalError, gettext_noop
from stannary.core.publications import PublishedResult, result_from_dict
from stannary.core.transparency_log import LogProof, VerifierKey, parse_proof, parse_vkey
from stannary.core.verification.parts import Checkable, Kind
from stannary.core.verification.report import Statement, Step, StepName, failed, passed

Read = TypeVar("Read")
_WITH_LINES = ("movements", "books")


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be read; None for what is not there or cannot be read.

    Attributes:
        token: The signed credential, taken apart.
        payload: The credential.
        head: What it says of itself.
        claim: If it is the credential of a claim.
        result: If it is the credential of a published result.
        results: The results enclosed, in order; None for one that cannot be read.
        proof: The log proof.
        log_key: The verifier key that is enclosed.
        step: How step 1 came out.
    """

    token: Token | None
    payload: Mapping[str, Json] | None
    head: Head | None
    claim: ClaimCredential | None
    result: ResultCredential | None
    results: tuple[PublishedResult | None, ...]
    proof: LogProof | None
    log_key: VerifierKey | None
    step: Step

    @property
    def statement(self) -> Statement | None:
        """What the file says, to head the report."""
        if self.head is None or self.payload is None:
            return None
        name = self.payload.get("name")
        return Statement(
            id=self.head.id or "",
            name=name if isinstance(name, str) else "",
            issuer=self.head.issuer,
            issuer_name=self.head.issuer_name or "",
            valid_from=self.head.valid_from,
            valid_until=self.head.valid_until,
            sentences=self.claim.sentences if self.claim else {},
        )


class _Reader:
    """Reads part after part and keeps what went wrong, and where."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[tuple[str, tuple[Finding, ...]]] = []

    def read(self, part: str, act: Callable[[], Read]) -> Read | None:
        """Read a part; None if it cannot be read."""
        try:
            return act()
        except RefusalError as refusal:
            self.problems.append((part, refusal.findings))
            return None


def read_parts(parsed: Checkable) -> Reading:
    """Read everything in a file, and tell how that came out."""
    reader = _Reader(parsed.name)
    at = Place(parsed.name)
    token = None
    if parsed.token:
        token = reader.read("credential", lambda: parse_token(parsed.token, at=at))
    payload = token.payload if token else parsed.plain
    head = claim = result = None
    if payload is not None:
        head = reader.read("credential", lambda: read_head(payload, at=at))
    if head and payload is not None:
        is_claim = LOT_CLAIM in head.types or SITE_CLAIM in head.types
        if is_claim or parsed.kind is Kind.CLAIM_FILE:
            claim = reader.read("credential", lambda: read_claim_credential(payload, at=at))
        elif RESULT in head.types or parsed.kind is Kind.RESULT_FILE:
            result = reader.read("credential", lambda: read_result_credential(payload, at=at))
    document = parsed.issuer_document
    if document is not None:
        reader.read("issuer_document", lambda: check_did_document(dict(document), at=at))
    proof = log_key = None
    if parsed.proof:
        proof = reader.read("proof", lambda: parse_proof(parsed.proof, at=at))
    if parsed.log_vkey:
        log_key = reader.read("log_vkey", lambda: parse_vkey(parsed.log_vkey, at=at))
    enclosed = {
        "movements": parsed.movements,
        "books": parsed.books,
        "pack": parsed.pack,
        "achievements": parsed.achievements,
        "receipt": parsed.receipt,
    }
    reader.problems += [
        (name, one.findings) for name, one in enclosed.items() if one and one.findings
    ]
    results = tuple(
        reader.read(f"result {number}", partial(result_from_dict, one.content))
        for number, one in enumerate(parsed.results, start=1)
    )
    return Reading(
        token=token,
        payload=payload,
        head=head,
        claim=claim,
        result=result,
        results=results,
        proof=proof,
        log_key=log_key,
        step=_step(parsed, reader.problems),
    )


def _step(parsed: Checkable, problems: list[tuple[str, tuple[Finding, ...]]]) -> Step:
    if problems:
        part, findings = problems[0]
        place = findings[0].at
        line = f", line {place.line}" if place and place.line and part in _WITH_LINES else ""
        return failed(
            StepName.READABLE,
            gettext_noop("The part %(part)s cannot be read: %(demand)s"),
            [finding for _, those in problems for finding in those],
            where=part + line,
            part=part,
            demand=findings[0].rule.demand,
        )
    texts = {
        Kind.CLAIM_FILE: gettext_noop(
            "A claim with its credential, its log proof, the movements and what else it cites."
        ),
        Kind.RESULT_FILE: gettext_noop("A published result with its credential and its log proof."),
        Kind.CREDENTIAL: gettext_noop(
            "A signed credential alone, without the things that it cites."
        ),
        Kind.PLAIN_CREDENTIAL: gettext_noop("A credential in the open, without a signature."),
        Kind.LOG_PROOF: gettext_noop("A log proof alone, without the entry that it is about."),
        Kind.TOTAL_RECEIPT: gettext_noop(
            "A holder's receipt of a mine's total, with the log's entry of it and its proof."
        ),
    }
    return passed(StepName.READABLE, texts[parsed.kind])


def standards_named(parsed: Checkable) -> tuple[str, ...]:
    """Give the ids of the standards and custody packs that a check of a file needs, sorted.

    They are only names out of a file that nobody has checked yet.
    """
    reading = read_parts(parsed)
    named = {result.standard for result in reading.results if result is not None}
    if reading.claim is not None:
        named |= {reading.claim.claim.standard, reading.claim.custody_pack}
    if parsed.books is not None and parsed.books.books is not None:
        named |= parsed.books.books.packs
    return tuple(sorted(named))

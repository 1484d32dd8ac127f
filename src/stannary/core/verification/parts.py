"""What is checked and whom the reader trusts: files that were taken apart, not yet believed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from stannary.core.attestations import Achievement
from stannary.core.credentials import Digest, Json
from stannary.core.custody import BooksBehind, Row
from stannary.core.kernel import Finding
from stannary.core.standards import Edition
from stannary.core.totals import Receipt
from stannary.core.transparency_log import VerifierKey


class Kind(StrEnum):
    """What a file is."""

    CLAIM_FILE = "claim_file"
    RESULT_FILE = "result_file"
    CREDENTIAL = "credential"
    PLAIN_CREDENTIAL = "plain_credential"
    LOG_PROOF = "log_proof"
    TOTAL_RECEIPT = "total_receipt"


@dataclass(frozen=True, slots=True)
class EnclosedMovements:
    """Movements as they are enclosed.

    Attributes:
        digest: Of the text; its parts are the lines.
        rows: What they say; empty where they cannot be read.
        findings: Why they cannot be read; empty where they can.
    """

    digest: Digest
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class EnclosedBooks:
    """The books behind a lot as they are enclosed.

    Attributes:
        digest: Of the movements; its parts are the lines.
        register: Of method, certificates and factors in canonical JSON; its parts are they.
        books: What they say; None where they cannot be read.
        findings: Why they cannot be read; empty where they can.
    """

    digest: Digest
    register: Digest
    books: BooksBehind | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class EnclosedAchievements:
    """Achievements as they are enclosed.

    Attributes:
        digest: Of the list in canonical JSON; its parts are the achievements.
        items: What they say; empty where one cannot be read.
        findings: Why they cannot be read; empty where they can.
    """

    digest: Digest
    items: tuple[Achievement, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class EnclosedResult:
    """A published result as it is enclosed.

    Attributes:
        content: As JSON values, not yet checked.
        digest: Of the canonical JSON; in a result file its parts are the verdicts.
    """

    content: Mapping[str, Json]
    digest: Digest


@dataclass(frozen=True, slots=True)
class EnclosedPack:
    """What a file says of the standard of its result, and the standard where it is enclosed.

    Attributes:
        stated: Content hash of the pack as the file states it.
        edition: The standard; None where it is not enclosed or cannot be read.
        sha256: Content hash of what is enclosed; "" where nothing is.
        findings: Why it cannot be read; empty where it can.
    """

    stated: str
    edition: Edition | None = None
    sha256: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class EnclosedReceipt:
    """A holder's receipt of a total as it is enclosed.

    Attributes:
        receipt: What it says; None where it cannot be read.
        findings: Why it cannot be read; empty where it can.
    """

    receipt: Receipt | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Checkable:
    """A file taken apart, ready to be checked. What is not enclosed is None, "" or empty.

    Attributes:
        name: Of the file, for messages.
        kind: What it is.
        token: The signed credential, compact.
        plain: A credential that nobody signed as JWS.
        proof: The log proof, as text.
        log_vkey: The verifier key of the log, as text.
        issuer_document: The issuer's document.
        issuer_document_sha256: Of its canonical JSON.
        movements: Of a claim.
        achievements: Of a claim.
        results: Of a claim; of a result file exactly one.
        pack: Of a result bundle.
        books: Of a claim of form 2.
        receipt: Of a holder, of a mine's total.
    """

    name: str
    kind: Kind
    token: str = ""
    plain: Mapping[str, Json] | None = None
    proof: str = ""
    log_vkey: str = ""
    issuer_document: Mapping[str, Json] | None = None
    issuer_document_sha256: str = ""
    movements: EnclosedMovements | None = None
    achievements: EnclosedAchievements | None = None
    results: tuple[EnclosedResult, ...] = ()
    pack: EnclosedPack | None = None
    books: EnclosedBooks | None = None
    receipt: EnclosedReceipt | None = None


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom the reader trusts.

    Attributes:
        documents: Issuers' documents that the reader got on a way of their own, each checked by
            `check_did_document`.
        dids: Issuers that the reader names without having their documents.
        log_keys: Keys of logs.
    """

    documents: tuple[Mapping[str, Json], ...] = ()
    dids: tuple[str, ...] = ()
    log_keys: tuple[VerifierKey, ...] = ()

    @property
    def names_issuers(self) -> bool:
        """Whether the reader said whom to trust at all."""
        return bool(self.documents or self.dids)

    def document_of(self, issuer: str) -> Mapping[str, Json] | None:
        """Give the document of an issuer; None if the reader has none."""
        return next((one for one in self.documents if one.get("id") == issuer), None)


NOBODY = Trust()
"""The reader has named nobody."""

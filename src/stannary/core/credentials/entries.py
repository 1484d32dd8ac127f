"""What the public log holds of a credential: its kind, its id and its digest, not itself.

And that a claim was taken back: its id, the day, and the digest of the reason.

Rules: CREDENTIAL-002, CREDENTIAL-004 to CREDENTIAL-006.
"""

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from stannary.core.credentials.heads import Head, read_head
from stannary.core.credentials.payloads import LOT_CLAIM, RESULT
from stannary.core.credentials.tokens import parse_token

ENTRY_TYPES = {LOT_CLAIM: "stannary/claim/1", RESULT: "stannary/result/1"}
OTHER_ENTRY = "stannary/credential/1"
WITHDRAWAL = "stannary/claim-withdrawal/1"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """That a claim was taken back, as the log holds it.

    Attributes:
        id: Of the claim.
        on: First day on which it is no longer in force.
        sha256: Of the reason, as UTF-8: whoever reads the reason can compare.
    """

    id: str
    on: datetime.date
    sha256: str


def log_entry(token: str) -> bytes:
    """Give the entry of a signed credential for the log, in canonical JSON.

    The digest is that of the signed text itself, so whoever has it can compute the entry.

    Args:
        token: Compact `vc+jwt`; its signature is not checked here.

    Raises:
        RefusalError: CREDENTIAL-002, CREDENTIAL-004, CREDENTIAL-005 or CREDENTIAL-006 if it is
            not one.
    """
    return entry_of(read_head(parse_token(token).payload), token)


def entry_of(head: Head, token: str) -> bytes:
    """Give the entry of a credential that is read already; see `log_entry`."""
    kinds = [kind for name, kind in ENTRY_TYPES.items() if name in head.types]
    entry = {
        "id": head.id or "",
        "sha256": hashlib.sha256(token.encode("ascii")).hexdigest(),
        "type": kinds[0] if kinds else OTHER_ENTRY,
    }
    return _written(entry)


def withdrawal_entry(claim_id: str, *, on: datetime.date, reason: str) -> bytes:
    """Give the entry that takes a claim back, for the log, in canonical JSON.

    The reason itself is not in it: an entry stays for good, and a reason may name people.

    Args:
        claim_id: "urn:uuid:…", as the claim was signed.
        on: First day on which it is no longer in force.
        reason: As it is published beside the claim.

    Example:
        >>> day = datetime.date(2026, 11, 22)
        >>> withdrawal_of(withdrawal_entry("urn:uuid:1", on=day, reason="Weighed wrongly.")).on
        datetime.date(2026, 11, 22)
    """
    digest = hashlib.sha256(reason.encode("utf-8")).hexdigest()
    entry = {"id": claim_id, "on": on.isoformat(), "sha256": digest, "type": WITHDRAWAL}
    return _written(entry)


def withdrawal_of(entry: bytes) -> Withdrawal | None:
    """Read an entry that takes a claim back; None for every other entry."""
    try:
        said = json.loads(entry)
        named = isinstance(said, dict) and said.get("type") == WITHDRAWAL
        if not named or not all(isinstance(value, str) for value in said.values()):
            return None
        found = Withdrawal(said["id"], datetime.date.fromisoformat(said["on"]), said["sha256"])
    except (ValueError, KeyError, RecursionError):
        return None
    again = {"id": found.id, "on": found.on.isoformat(), "sha256": found.sha256, "type": WITHDRAWAL}
    return found if _written(again) == entry else None


def _written(entry: Mapping[str, str]) -> bytes:
    # for an object of texts with keys in order this is RFC 8785
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode("utf-8")

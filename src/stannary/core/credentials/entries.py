"""What the public log holds of a credential: its kind, its id and its digest, not itself.

Rules: CREDENTIAL-002, CREDENTIAL-004 to CREDENTIAL-006.
"""

import hashlib
import json

from stannary.core.credentials.heads import Head, read_head
from stannary.core.credentials.payloads import LOT_CLAIM, RESULT
from stannary.core.credentials.tokens import parse_token

ENTRY_TYPES = {LOT_CLAIM: "stannary/claim/1", RESULT: "stannary/result/1"}
OTHER_ENTRY = "stannary/credential/1"


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
    # for an object of texts with keys in order this is RFC 8785
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode("utf-8")

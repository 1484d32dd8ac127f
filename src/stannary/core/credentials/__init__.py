"""What is signed, byte for byte, and the names of who signs; no keys."""

from stannary.core.credentials.dids import (
    check_did_document,
    did_document,
    did_web_url,
    key_from_document,
    key_name,
    key_of_did,
    thumbprint,
)
from stannary.core.credentials.entries import (
    Withdrawal,
    entry_of,
    log_entry,
    withdrawal_entry,
    withdrawal_of,
)
from stannary.core.credentials.evidence import (
    Digest,
    Evidence,
    differing_parts,
    digest_of,
    lines_of,
)
from stannary.core.credentials.heads import Head, read_head
from stannary.core.credentials.payloads import (
    LOT_CLAIM,
    RESULT,
    SITE_CLAIM,
    ClaimCredential,
    ResultCredential,
    claim_credential,
    read_claim_credential,
    read_result_credential,
    result_credential,
    site_claim_credential,
)
from stannary.core.credentials.plain_json import Json, parse_json
from stannary.core.credentials.tokens import (
    SignatureChecker,
    Token,
    check_public_jwk,
    envelope,
    open_envelope,
    parse_token,
)

__all__ = [
    "LOT_CLAIM",
    "RESULT",
    "SITE_CLAIM",
    "ClaimCredential",
    "Digest",
    "Evidence",
    "Head",
    "Json",
    "ResultCredential",
    "SignatureChecker",
    "Token",
    "Withdrawal",
    "check_did_document",
    "check_public_jwk",
    "claim_credential",
    "did_document",
    "did_web_url",
    "differing_parts",
    "digest_of",
    "entry_of",
    "envelope",
    "key_from_document",
    "key_name",
    "key_of_did",
    "lines_of",
    "log_entry",
    "open_envelope",
    "parse_json",
    "parse_token",
    "read_claim_credential",
    "read_head",
    "read_result_credential",
    "result_credential",
    "site_claim_credential",
    "thumbprint",
    "withdrawal_entry",
    "withdrawal_of",
]

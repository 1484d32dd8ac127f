"""What the log holds of a credential: enough to find it, nothing to read."""

import datetime
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats import claim_files as case
from stannary.core.credentials import (
    Withdrawal,
    entry_of,
    log_entry,
    parse_token,
    read_head,
    withdrawal_entry,
    withdrawal_of,
)
from stannary.core.credentials.heads import Head
from stannary.core.kernel import RefusalError
from stannary.core.transparency_log import ENTRY_MAX_BYTES
from stannary.formats.canonical import canonical_bytes, sha256_hex

TOKEN = case.signed(case.draft().payload)


def test_the_entry_is_the_kind_the_id_and_the_digest_of_the_signed_text() -> None:
    assert json.loads(log_entry(TOKEN)) == {
        "type": "stannary/claim/1",
        "id": case.CLAIM.id,
        "sha256": sha256_hex(TOKEN.encode("ascii")),
    }


def test_the_entry_can_be_computed_from_what_was_read() -> None:
    assert entry_of(read_head(parse_token(TOKEN).payload), TOKEN) == log_entry(TOKEN)


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        (("VerifiableCredential", "ResultCredential"), "stannary/result/1"),
        (("VerifiableCredential",), "stannary/credential/1"),
    ],
)
def test_every_kind_has_its_own_entry(types: tuple[str, ...], kind: str) -> None:
    head = Head(None, types, "did:web:x", None, None, None, has_status=False)

    assert json.loads(entry_of(head, "a.b.c")) == {
        "type": kind,
        "id": "",
        "sha256": sha256_hex(b"a.b.c"),
    }


@given(st.text(max_size=2000))
def test_the_entry_is_canonical_json_and_never_too_long(name: str) -> None:
    head = Head(name, (), "did:web:x", None, None, None, has_status=False)

    entry = entry_of(head, "a.b.c")

    assert entry == canonical_bytes(json.loads(entry))
    assert len(entry) <= ENTRY_MAX_BYTES


def test_what_is_no_credential_has_no_entry() -> None:
    with pytest.raises(RefusalError, match="CREDENTIAL-004"):
        log_entry("a.b")


DAY = datetime.date(2026, 11, 22)
TAKEN_BACK = withdrawal_entry(case.CLAIM.id, on=DAY, reason="Weighed wrongly.")


def test_a_withdrawal_is_the_claim_the_day_and_the_digest_of_the_reason() -> None:
    assert withdrawal_of(TAKEN_BACK) == Withdrawal(
        case.CLAIM.id, DAY, sha256_hex(b"Weighed wrongly.")
    )
    assert canonical_bytes(json.loads(TAKEN_BACK)) == TAKEN_BACK
    assert b"Weighed" not in TAKEN_BACK


@pytest.mark.parametrize(
    "entry",
    [
        log_entry(TOKEN),
        b"",
        b"[]",
        b"\xff",
        b"[" * 10_000,
        TAKEN_BACK.replace(b"2026-11-22", b"2026-11-32"),
        TAKEN_BACK.replace(b'"2026-11-22"', b"20261122"),
        TAKEN_BACK.replace(b"2026-11-22", b"20261122"),
        TAKEN_BACK.replace(b'"on":"2026-11-22",', b""),
        TAKEN_BACK.replace(b",", b", "),
        TAKEN_BACK.replace(b"withdrawal/1", b"withdrawal/2"),
    ],
)
def test_whatever_is_not_written_like_a_withdrawal_is_none(entry: bytes) -> None:
    assert withdrawal_of(entry) is None

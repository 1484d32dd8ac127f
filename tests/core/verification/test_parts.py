"""Whom a reader trusts."""

from formats import claim_files as case
from stannary.core.transparency_log import parse_vkey
from stannary.core.verification import NOBODY, Trust


def test_a_reader_who_names_nobody_trusts_nobody() -> None:
    assert not NOBODY.names_issuers
    assert NOBODY.document_of(case.DID) is None


def test_a_log_key_names_no_issuer() -> None:
    assert not Trust(log_keys=(parse_vkey(case.LOG.vkey),)).names_issuers


def test_a_document_or_a_name_does() -> None:
    assert Trust(documents=(case.DOCUMENT,)).names_issuers
    assert Trust(dids=(case.DID,)).names_issuers


def test_a_document_is_found_by_its_issuer() -> None:
    other = {**case.DOCUMENT, "id": "did:web:other.example"}
    trust = Trust(documents=(other, case.DOCUMENT))

    assert trust.document_of(case.DID) == case.DOCUMENT
    assert trust.document_of("did:web:third.example") is None

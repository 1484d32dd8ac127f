"""Steps 2 and 3: who signed, with which key, and is that somebody whom the reader trusts."""

import json
from typing import Any

import pytest

from core.verification.checks import (
    FAIL,
    FILE,
    NOT_CHECKED,
    PASS,
    STRANGER,
    TOKEN,
    changed,
    check,
    enveloped,
    failing,
    step,
)
from formats import claim_files as case
from stannary.core.credentials import Json, did_document
from stannary.core.credentials.tokens import decode_base64url
from stannary.core.verification import (
    NOBODY,
    Outcome,
    StepName,
    Trust,
)
from stannary.signing import public_jwk, sign_vc_jwt


def test_a_changed_credential_is_not_signed() -> None:
    head, payload, signature = TOKEN.split(".")
    forged = f"{head}.{payload[:-8]}AAAAAAAA.{signature}"

    for token in (forged, sign_vc_jwt(case.draft().payload, STRANGER, f"{case.DID}#key-2026")):
        report = check(changed(FILE, credential=enveloped(token)))
        assert not report.holds
    signed = step(report, StepName.SIGNED, FAIL)
    assert signed.findings[0].code == "CREDENTIAL-009"
    assert signed.reason == (
        f"The signature does not fit: the credential was changed after {case.NAME} signed it,"
        " or somebody else signed it."
    )
    assert step(report, StepName.ISSUER_TRUSTED, NOT_CHECKED)


def test_a_strangers_document_does_not_help_a_stranger() -> None:
    """Everything re-made with another key: it holds for nobody who knows the issuer."""
    document = did_document(case.DID, public_jwk(STRANGER))
    made = case.draft(issuer_document=document)
    token = sign_vc_jwt(made.payload, STRANGER, f"{case.DID}#key-2026")
    file = changed(
        FILE, credential=enveloped(token), issuer_document=document, proof=case.logged(token)
    )

    assert failing(check(file)) == {"signed": "credential"}
    # who knows nobody is told that the key comes from the file, and that nobody vouches for it
    assert step(check(file, trust=NOBODY), StepName.ISSUER_TRUSTED, NOT_CHECKED)


@pytest.mark.parametrize(
    ("trust", "outcome", "words"),
    [
        (Trust(documents=(case.DOCUMENT,)), PASS, "the key is the one that you know"),
        (Trust(dids=(case.DID,)), NOT_CHECKED, "its key comes from the file itself"),
        (Trust(dids=("did:web:other.example",)), FAIL, "not among those whom you trust"),
        (
            Trust(documents=(did_document("did:web:other.example", public_jwk(case.KEY)),)),
            FAIL,
            "not among those whom you trust",
        ),
        (Trust(log_keys=case.trust().log_keys), NOT_CHECKED, "named nobody"),
    ],
)
def test_trust_is_what_the_reader_says(trust: Trust, outcome: Outcome, words: str) -> None:
    report = check(FILE, trust=trust)

    assert words in step(report, StepName.ISSUER_TRUSTED, outcome).reason
    assert report.holds == (outcome is not FAIL)


def test_a_document_that_the_reader_trusts_wins_over_the_one_enclosed() -> None:
    older = did_document(case.DID, public_jwk(STRANGER))

    report = check(FILE, trust=Trust(documents=(older,)))

    assert failing(report) == {"signed": "credential"}


def test_a_key_that_the_document_does_not_list_signs_nothing() -> None:
    renamed = did_document(case.DID, {**public_jwk(case.KEY), "kid": "key-2025"})

    report = check(FILE, trust=Trust(documents=(renamed,)))

    assert step(report, StepName.SIGNED, FAIL).findings[0].code == "CREDENTIAL-011"
    assert step(report, StepName.ISSUER_TRUSTED, NOT_CHECKED)


def test_a_key_of_another_kind_cannot_be_used() -> None:
    document: dict[str, Any] = json.loads(json.dumps(case.DOCUMENT))
    document["verificationMethod"][0]["publicKeyJwk"]["crv"] = "X25519"

    report = check(FILE, trust=Trust(documents=(document,)))

    assert step(report, StepName.SIGNED, FAIL).findings[0].code == "CREDENTIAL-008"


def test_a_document_of_another_issuer_has_no_key_for_this_one() -> None:
    other = did_document("did:web:other.example", public_jwk(case.KEY))

    report = check(changed(FILE, issuer_document=other), trust=NOBODY)

    assert "No key of did:web:claims.example" in step(report, StepName.SIGNED, NOT_CHECKED).reason
    assert not report.holds
    assert failing(report) == {"consistent": "issuer_document"}


def base58(content: bytes) -> str:
    signs = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    number, text = int.from_bytes(content, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = signs[rest] + text
    return text


def test_a_did_key_brings_its_own_key() -> None:
    public = decode_base64url(str(public_jwk(STRANGER)["x"]))
    assert public is not None
    did = "did:key:z" + base58(b"\xed\x01" + public)
    payload: dict[str, Json] = {**case.draft().payload, "issuer": {"id": did}}
    token = sign_vc_jwt(payload, STRANGER, did)

    assert step(check(token, trust=Trust(dids=(did,))), StepName.ISSUER_TRUSTED, PASS)
    assert "is itself" in step(check(token, trust=NOBODY), StepName.SIGNED, PASS).reason

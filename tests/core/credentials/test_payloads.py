"""The credentials that are signed: written from facts alone, read back strictly."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from formats import claim_files as case
from stannary.core.credentials import (
    Json,
    claim_credential,
    digest_of,
    read_claim_credential,
    read_result_credential,
    result_credential,
    rules,
)
from stannary.core.credentials.payloads import ORIGINS_LISTED
from stannary.core.custody import events_of
from stannary.core.kernel import Place, RefusalError
from stannary.core.provenance import trace

TRACE = trace(events_of(case.rows()), "L-2041")
RESULT = case.results()[0]


def result_payload(credential_id: str = case.CLAIM.id, issuer: str = case.DID) -> dict[str, Json]:
    return result_credential(
        RESULT,
        credential_id=credential_id,
        issuer=issuer,
        issuer_name=case.NAME,
        digest=digest_of(b"x"),
        issuer_document="0" * 64,
    )


def claim_payload() -> dict[str, Any]:
    payload: dict[str, Any] = json.loads(json.dumps(case.draft().payload))
    return payload


def test_the_credential_of_a_claim_says_what_the_claim_says() -> None:
    payload = claim_payload()
    subject = payload["credentialSubject"]

    assert payload["type"] == ["VerifiableCredential", "LotClaimCredential"]
    assert payload["issuer"] == {"id": case.DID, "name": case.NAME}
    assert (payload["validFrom"], payload["validUntil"]) == (
        "2026-03-09T00:00:00Z",
        "2027-03-09T00:00:00Z",
    )
    assert (subject["share"], subject["shareDecimal"]) == ("3/8", "0.375")
    assert subject["sentence"]["en"].startswith("At least 37.5 % of the contained lithium")
    assert [origin["contentMg"] for origin in subject["origins"]] == ["500000000", "375000000"]
    assert subject["contentMg"] == "1000000000"


def test_a_claim_comes_back_as_it_was_signed() -> None:
    found = read_claim_credential(claim_payload())

    assert found.claim == case.CLAIM
    assert found.custody_pack == case.CUSTODY
    assert [name for name, _ in found.evidence.results] == ["north-2026", "south-2026"]
    assert set(found.sentences) == {"en", "fr"}


def test_a_result_comes_back_as_it_was_signed() -> None:
    found = read_result_credential(result_payload())

    assert (found.result, found.digest) == ("north-2026", digest_of(b"x"))
    assert found.head.valid_until is None


def test_a_result_without_a_level_says_none() -> None:
    pending = replace(RESULT, score={"level": {"code": None, "state": "pending"}})

    payload: Any = result_credential(
        pending,
        credential_id=case.CLAIM.id,
        issuer=case.DID,
        issuer_name="",
        digest=digest_of(b""),
        issuer_document="0" * 64,
    )

    assert payload["credentialSubject"]["level"] == "none"
    assert payload["credentialSubject"]["levelState"] == "pending"


def test_only_the_largest_origins_are_listed() -> None:
    many = replace(TRACE, origins=TRACE.origins * 30)

    payload: Any = claim_credential(
        case.CLAIM,
        issuer=case.DID,
        issuer_name=case.NAME,
        custody_pack=case.CUSTODY,
        sentences={},
        trace=replace(many, model=None),
        evidence=read_claim_credential(claim_payload()).evidence,
    )

    assert len(payload["credentialSubject"]["origins"]) == ORIGINS_LISTED
    assert payload["credentialSubject"]["originsNotListed"] == "10"
    assert payload["credentialSubject"]["model"] == "not named"


@pytest.mark.parametrize(
    ("credential_id", "issuer", "code"),
    [
        ("3c7a0d4e-7c6d-4a44-8a0e-2d7a7b0f3c11", case.DID, "CREDENTIAL-006"),
        (case.CLAIM.id.upper(), case.DID, "CREDENTIAL-006"),
        ("urn:uuid:1", case.DID, "CREDENTIAL-006"),
        (case.CLAIM.id, "https://claims.example", "CREDENTIAL-010"),
    ],
)
def test_a_credential_has_a_uuid_and_a_did(credential_id: str, issuer: str, code: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        result_payload(credential_id, issuer)
    assert refusal.value.rule.code == code


def drop(*path: str | int) -> Callable[[Any], None]:
    def act(payload: Any) -> None:
        for name in path[:-1]:
            payload = payload[name]
        del payload[path[-1]]

    return act


def put(value: Json, *path: str | int) -> Callable[[Any], None]:
    def act(payload: Any) -> None:
        for name in path[:-1]:
            payload = payload[name]
        payload[path[-1]] = value

    return act


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (put(["VerifiableCredential"], "type"), "type"),
        (put("x", "credentialSubject"), "credentialSubject"),
        (put([], "credentialSubject"), "credentialSubject"),
        (drop("id"), "id"),
        (drop("validUntil"), "validUntil"),
        (put("2026-03-09T10:00:00Z", "validFrom"), "validFrom"),
        (drop("credentialSubject", "lot"), "credentialSubject.lot"),
        (put(5, "credentialSubject", "lot"), "credentialSubject.lot"),
        (put("", "credentialSubject", "lot"), "credentialSubject.lot"),
        (put("0", "credentialSubject", "share"), "credentialSubject.share"),
        (put("0.375", "credentialSubject", "share"), "credentialSubject.share"),
        (put("3/0", "credentialSubject", "share"), "credentialSubject.share"),
        (put("1/" + "9" * 40, "credentialSubject", "share"), "credentialSubject.share"),
        (put([], "credentialSubject", "sentence"), "credentialSubject.sentence"),
        (put({"en": 5}, "credentialSubject", "sentence"), "credentialSubject.sentence.en"),
        (drop("evidence"), "evidence"),
        (put(["x"], "evidence"), "evidence[1]"),
        (drop("evidence", 0), "evidence"),
        (drop("evidence", 4), "evidence"),
        (drop("evidence", 0, "type"), "evidence[1].type"),
        (put("IssuerDocument", "evidence", 0, "type"), "evidence"),
        (drop("evidence", 2, "result"), "evidence[3].result"),
        (drop("evidence", 2, "sha256"), "evidence[3].sha256"),
    ],
)
def test_a_claim_in_another_form_is_refused_with_its_place(
    change: Callable[[Any], None], where: str
) -> None:
    payload = claim_payload()
    change(payload)

    with pytest.raises(RefusalError) as refusal:
        read_claim_credential(payload, at=Place("a.jwt"))

    finding = refusal.value.findings[0]
    assert finding.rule in (rules.SUBJECT_IS_KNOWN, rules.PAYLOAD_IS_CREDENTIAL)  # CREDENTIAL-015
    assert (finding.facts["where"], finding.at) == (where, Place("a.jwt"))


def test_a_claim_is_no_result_and_a_result_no_claim() -> None:
    with pytest.raises(RefusalError, match="not a ResultCredential"):
        read_result_credential(claim_payload())
    with pytest.raises(RefusalError, match="not a LotClaimCredential"):
        read_claim_credential(result_payload())


def test_a_missing_member_is_refused_in_words() -> None:
    payload = claim_payload()
    del payload["credentialSubject"]["level"]

    with pytest.raises(RefusalError) as refusal:
        read_claim_credential(payload)

    assert refusal.value.findings[0].message == (
        "CREDENTIAL-015: A credential about a lot or a result says everything that its form asks"
        " for, each in its form. Here: where=credentialSubject.level, problem=missing."
        " Ask whoever gave you the file for an unchanged copy."
    )


def test_our_credentials_fit_the_official_schema(shared: Path) -> None:
    schema = json.loads(
        (shared / "schemas" / "w3c" / "verifiable-credential-schema.json").read_text("utf-8")
    )
    required = set(schema["required"])

    for payload in (claim_payload(), result_payload()):
        assert required <= set(payload)

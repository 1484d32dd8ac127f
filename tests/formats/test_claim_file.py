"""Claim files as they are written: only what the claim needs, and refused where it says too much."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from formats import claim_files as case
from stannary.core.credentials import (
    log_entry,
    open_envelope,
    parse_token,
    read_claim_credential,
    read_result_credential,
)
from stannary.core.kernel import RefusalError
from stannary.core.transparency_log import check_proof, leaf_hash, parse_proof
from stannary.formats.canonical import canonical_bytes, sha256_hex
from stannary.formats.claim_file import CLAIM_FILE, RESULT_FILE, draft_result
from stannary.formats.results import result_bytes
from stannary.signing import note_verifier


def test_a_claim_file_has_the_parts_of_its_form() -> None:
    file = json.loads(case.claim_file())

    assert list(file) == [
        "type",
        "credential",
        "proof",
        "movements",
        "achievements",
        "results",
        "issuer_document",
        "log_vkey",
    ]
    assert file["type"] == CLAIM_FILE
    assert parse_token(open_envelope(file["credential"])).payload == case.draft().payload


def test_only_the_ancestry_of_the_lot_is_enclosed() -> None:
    made = case.draft()
    lots = {line.split(",")[5] for line in made.movements.splitlines()[1:]}

    assert lots == {"N-1", "S-1", "U-1", "L-2041"}  # N-2 went elsewhere


def test_only_achievements_and_results_that_count_are_enclosed() -> None:
    north = replace(case.CLAIM, lot="N-1", share=Fraction(1), wording="ALL-AT-LEVEL")

    made = case.draft(north)

    assert [one["id"] for one in made.achievements if isinstance(one, dict)] == ["north-2026"]
    assert [one["id"] for one in made.results if isinstance(one, dict)] == ["north-2026"]


def test_what_is_enclosed_is_what_is_signed() -> None:
    made = case.draft()
    evidence = read_claim_credential(made.payload).evidence

    assert evidence.movements is not None
    assert evidence.movements.sha256 == sha256_hex(made.movements.encode())
    assert evidence.achievements.sha256 == sha256_hex(canonical_bytes(made.achievements))
    assert evidence.results == tuple(
        (one.id, sha256_hex(result_bytes(one))) for one in case.results()
    )
    assert evidence.issuer_document == sha256_hex(canonical_bytes(case.DOCUMENT))


def test_the_proof_is_that_of_the_signed_text() -> None:
    file = json.loads(case.claim_file())
    entry = log_entry(open_envelope(file["credential"]))

    checkpoint = check_proof(
        parse_proof(file["proof"]),
        leaf=leaf_hash(entry),
        verifiers=[note_verifier(file["log_vkey"])],
        origin=case.LOG.name,
    )

    assert checkpoint.size == 11


def test_the_same_claim_gives_the_same_file() -> None:
    assert case.claim_file() == case.claim_file()


def test_a_claim_that_says_too_much_is_not_drafted() -> None:
    for claim, code in (
        (replace(case.CLAIM, share=Fraction(1, 2)), "CLAIM-001"),
        (replace(case.CLAIM, wording="ALL-AT-LEVEL", share=Fraction(1)), "CLAIM-001"),
        (replace(case.CLAIM, lot="L-1"), "TRACE-001"),
        (replace(case.CLAIM, id="3c7a0d4e"), "CREDENTIAL-006"),
    ):
        with pytest.raises(RefusalError) as refusal:
            case.draft(claim)
        assert refusal.value.rule.code == code


def test_an_issuer_needs_a_document() -> None:
    with pytest.raises(RefusalError, match="CREDENTIAL-010"):
        case.draft(issuer_document={})


def test_a_result_file_holds_the_result_as_it_was_published() -> None:
    file = json.loads(case.result_file())
    signed = read_result_credential(parse_token(open_envelope(file["credential"])).payload)

    assert file["type"] == RESULT_FILE
    assert canonical_bytes(file["result"]) == result_bytes(case.results()[0])
    assert signed.digest.sha256 == sha256_hex(result_bytes(case.results()[0]))
    assert len(signed.digest.parts) == len(file["result"]["verdicts"])


def test_a_result_needs_an_issuer_too() -> None:
    with pytest.raises(RefusalError, match="CREDENTIAL-010"):
        draft_result(
            case.results()[0],
            credential_id=case.CLAIM.id,
            issuer_name="",
            issuer_document={"id": "x"},
        )

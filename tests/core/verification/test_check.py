"""Whole files of every kind, through all eight steps."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from core.verification.checks import (
    FILE,
    NOT_CHECKED,
    PASS,
    RESULT_FILE,
    TOKEN,
    changed,
    check,
    enveloped,
    failing,
    loaded,
    outcomes,
    step,
)
from formats import claim_files as case
from stannary.core.credentials import Json
from stannary.core.verification import (
    NOBODY,
    StepName,
)
from stannary.formats.claim_file import draft_result
from stannary.formats.did import read_trust

DAY = datetime.date


def test_a_whole_claim_holds_for_a_reader_who_knows_issuer_and_log() -> None:
    report = check(FILE)

    assert report.holds
    assert report.summary == "It holds, as far as it could be checked."
    assert outcomes(report) == {
        "readable": "pass",
        "signed": "pass",
        "issuer_trusted": "pass",
        "not_revoked": "not_checked",
        "in_force": "pass",
        "logged": "pass",
        "recomputed": "pass",
        "consistent": "pass",
    }


def test_a_reader_who_knows_nobody_is_told_so_and_sees_the_rest_hold() -> None:
    report = check(FILE, trust=NOBODY)

    assert report.holds
    assert [str(found.name) for found in report.not_checked] == [
        "issuer_trusted",
        "not_revoked",
        "logged",
    ]
    assert "comes from the file itself" in report.step(StepName.SIGNED).reason
    assert "comes from the file itself" in report.step(StepName.LOGGED).reason


def test_a_published_result_holds() -> None:
    report = check(RESULT_FILE)

    assert report.holds
    assert report.kind == "result_file"
    assert step(report, StepName.RECOMPUTED, PASS)
    assert step(report, StepName.CONSISTENT, PASS)
    assert report.statement is not None
    assert report.statement.sentences == {}


def test_a_changed_rating_of_a_result_is_named() -> None:
    file = loaded(RESULT_FILE)
    file["result"]["verdicts"][11]["rating"] = "fully"

    report = check(json.dumps(file))

    assert failing(report) == {
        "recomputed": "result, score.principles[0].points",
        "consistent": "result, verdict 12",
    }


def test_a_changed_reason_of_a_result_is_named_too() -> None:
    file = loaded(RESULT_FILE)
    file["result"]["verdicts"][11]["reason"] += "!"

    assert failing(check(json.dumps(file))) == {"consistent": "result, verdict 12"}


def test_a_result_credential_that_says_another_level_fails() -> None:
    made = draft_result(
        case.results()[0],
        credential_id=case.CLAIM.id,
        issuer_name=case.NAME,
        issuer_document=case.DOCUMENT,
    )
    subject: Any = made.payload["credentialSubject"]
    token = case.signed({**made.payload, "credentialSubject": {**subject, "level": "OPEN-100"}})
    file = changed(RESULT_FILE, credential=enveloped(token), proof=case.logged(token))

    assert failing(check(file)) == {"consistent": "credentialSubject.level"}


def test_a_result_scored_with_another_pack_fails() -> None:
    report = check(RESULT_FILE, hashes={case.STANDARD: "0" * 64})

    assert failing(report) == {"recomputed": "result"}
    assert report.findings[0].code == "PUBLICATION-010"


def test_a_result_that_cannot_be_read_is_not_consistent_either() -> None:
    file = loaded(RESULT_FILE)
    del file["result"]["firm"]

    report = check(json.dumps(file))

    assert failing(report) == {
        "readable": "result 1",
        "recomputed": "result, firm",
        "consistent": "result",
    }


def test_a_claim_in_a_result_file_is_no_result() -> None:
    file = loaded(RESULT_FILE)
    file["credential"] = loaded(FILE)["credential"]

    report = check(json.dumps(file))

    assert not report.holds


@pytest.mark.parametrize("text", [TOKEN, json.dumps(enveloped(TOKEN))])
def test_a_credential_alone_is_checked_as_far_as_it_goes(text: str) -> None:
    report = check(text)

    assert report.holds
    assert outcomes(report) == {
        "readable": "pass",
        "signed": "pass",
        "issuer_trusted": "pass",
        "not_revoked": "not_checked",
        "in_force": "pass",
        "logged": "not_checked",
        "recomputed": "not_checked",
        "consistent": "not_checked",
    }


def test_the_words_of_a_credential_alone_are_checked() -> None:
    payload: Any = json.loads(json.dumps(case.draft().payload))
    payload["credentialSubject"]["sentence"]["en"] = "All of it is fine."

    assert failing(check(case.signed(payload))) == {"consistent": "credentialSubject.sentence.en"}
    assert step(check(case.signed(payload), packs={}), StepName.CONSISTENT, NOT_CHECKED)


def test_a_credential_whose_key_is_unknown_does_not_hold() -> None:
    report = check(TOKEN, trust=NOBODY)

    assert not report.holds
    assert not report.failed
    assert report.summary == "Nothing is wrong so far, but no signature could be checked."


def test_a_result_credential_alone_cites_what_is_not_there() -> None:
    token = loaded(RESULT_FILE)["credential"]["id"].partition(",")[2]

    assert step(check(token), StepName.CONSISTENT, NOT_CHECKED)


def plain(**more: Json) -> str:
    content: dict[str, Json] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": case.DID,
        "name": {"en": "in several languages"},
        "credentialSubject": {"mass": "1"},
        **more,
    }
    return json.dumps(content)


def test_a_credential_in_the_open_is_signed_by_nobody() -> None:
    report = check(plain())

    assert failing(report) == {"signed": ""}
    assert report.findings[0].code == "VERIFY-002"
    assert report.statement is not None
    assert report.statement.name == ""


def test_a_proof_of_another_kind_is_not_checked() -> None:
    report = check(plain(proof={"type": "DataIntegrityProof"}))

    assert step(report, StepName.SIGNED, NOT_CHECKED).where == "proof"
    assert not report.holds
    assert step(report, StepName.LOGGED, NOT_CHECKED).reason == "No log proof is enclosed."


def test_a_claim_file_of_the_first_form_holds_for_ever() -> None:
    """The file is never written anew: whoever breaks this breaks files that people keep."""
    folder = Path(__file__).parents[2] / "vectors" / "signatures"
    trust = read_trust([str(folder / "form-1.did.json"), str(folder / "form-1.vkey")])
    text = (folder / "form-1.claim.json").read_text(encoding="utf-8")

    report = check(text, trust=trust, on=DAY(2026, 11, 21))

    assert report.holds
    assert [str(found.name) for found in report.not_checked] == ["not_revoked"]

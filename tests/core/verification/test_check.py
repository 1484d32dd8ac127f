"""The eight steps: each passes, fails, or says why it was not taken."""

import datetime
import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from core.verification.checks import changed, check, failing, loaded, outcomes, step
from formats import claim_files as case
from stannary.core.credentials import Json, did_document
from stannary.core.credentials.tokens import decode_base64url
from stannary.core.transparency_log import parse_vkey
from stannary.core.verification import (
    NOBODY,
    STEP_TITLES,
    Outcome,
    StepName,
    Trust,
    report_as_dict,
)
from stannary.formats.claim_file import draft_result
from stannary.signing import key_from_seed, note_signer, public_jwk, sign_vc_jwt

DAY = datetime.date
FILE = case.claim_file()
RESULT_FILE = case.result_file()
TOKEN: str = loaded(FILE)["credential"]["id"].partition(",")[2]
PASS, FAIL, NOT_CHECKED = Outcome.PASSED, Outcome.FAILED, Outcome.NOT_CHECKED
STRANGER = key_from_seed(b"a stranger's key, 32 bytes long.", "key-2026")


def enveloped(token: str) -> dict[str, Json]:
    return {**loaded(FILE)["credential"], "id": f"data:application/vc+jwt,{token}"}


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


def test_the_steps_are_numbered_and_titled_in_their_order() -> None:
    report = check(FILE)

    assert [found.number for found in report.steps] == list(range(1, 9))
    assert [found.name for found in report.steps] == list(StepName)
    assert [found.title for found in report.steps] == list(STEP_TITLES.values())


def test_the_report_is_one_object_of_json() -> None:
    content: Any = json.loads(json.dumps(report_as_dict(check(FILE))))

    assert (content["file"], content["kind"], content["on"]) == (
        "x.claim.json",
        "claim_file",
        "2026-11-21",
    )
    assert content["holds"] is True
    assert content["findings"] == []
    assert content["statement"]["issuer_name"] == case.NAME
    assert content["statement"]["valid_until"] == "2027-03-09T00:00:00+00:00"
    assert content["steps"][6] == {
        "number": 7,
        "name": "recomputed",
        "outcome": "pass",
        "title": "Recomputed from what is enclosed",
        "reason": "The movements give a share of 0.375 at OPEN-75 or better; 0.375 is claimed."
        " The levels of all 2 achievements follow from the published ratings enclosed.",
        "where": "movements",
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


# readable


@pytest.mark.parametrize(
    ("part", "value", "where"),
    [
        ("credential", enveloped("a.b"), "credential"),
        ("credential", enveloped(sign_vc_jwt({"a": 1}, case.KEY, "#k")), "credential"),
        ("issuer_document", {"id": "example.org"}, "issuer_document"),
        ("proof", "c2sp.org/tlog-proof@v2\n", "proof"),
        ("log_vkey", "log.example", "log_vkey"),
        ("movements", "lot,mass\n", "movements, line 1"),
        ("movements", '{"type": "EPCISDocument"}', "movements, line 1"),
        ("achievements", [{"id": "north-2026"}], "achievements"),
        ("results", [{"id": "north-2026"}], "result 1"),
    ],
)
def test_a_part_that_cannot_be_read_is_named(part: str, value: Json, where: str) -> None:
    report = check(changed(FILE, **{part: value}))

    assert not report.holds
    assert step(report, StepName.READABLE, FAIL).where == where
    assert report.findings


def test_every_unreadable_part_is_told_and_the_rest_still_checked() -> None:
    file = loaded(FILE)
    broken = file["movements"].replace(",produce,", ",prodice,")
    report = check(changed(FILE, movements=broken, proof="x"))

    assert outcomes(report) == {
        "readable": "fail",
        "signed": "pass",
        "issuer_trusted": "pass",
        "not_revoked": "not_checked",
        "in_force": "pass",
        "logged": "not_checked",
        "recomputed": "not_checked",
        "consistent": "fail",
    }
    assert {finding.code for finding in report.findings} == {
        "LOG-009",
        "CUSTODY-025",
        "VERIFY-008",
    }


def test_without_a_readable_credential_nothing_can_be_said() -> None:
    report = check(changed(FILE, credential=enveloped("e30.e30.AAAA")))

    assert report.statement is None
    assert outcomes(report) == {
        "readable": "fail",
        "signed": "not_checked",
        "issuer_trusted": "not_checked",
        "not_revoked": "not_checked",
        "in_force": "not_checked",
        "logged": "not_checked",
        "recomputed": "not_checked",
        "consistent": "not_checked",
    }


# signed, issuer_trusted


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


# not_revoked, in_force


def test_a_status_list_is_not_read_yet() -> None:
    status: Json = {"type": "BitstringStatusListEntry"}
    payload = {**case.draft().payload, "credentialStatus": status}

    found = step(check(case.signed(payload)), StepName.NOT_REVOKED, NOT_CHECKED)

    assert "this version does not read such lists" in found.reason


@pytest.mark.parametrize(
    ("on", "outcome", "where"),
    [
        (DAY(1, 1, 1), FAIL, "validFrom"),
        (DAY(2026, 3, 8), FAIL, "validFrom"),
        (DAY(2026, 3, 9), PASS, ""),
        (DAY(2027, 3, 8), PASS, ""),
        (DAY(2027, 3, 9), FAIL, "validUntil"),
        (DAY(9999, 12, 31), FAIL, "validUntil"),
    ],
)
def test_a_claim_is_in_force_from_its_first_day_until_before_its_end(
    on: datetime.date, outcome: Outcome, where: str
) -> None:
    report = check(FILE, on=on)

    assert step(report, StepName.IN_FORCE, outcome).where == where
    assert report.holds == (outcome is PASS)


@pytest.mark.parametrize(
    ("dates", "on", "outcome"),
    [
        ({"validFrom": "2026-03-09T23:59:59Z"}, DAY(2026, 3, 9), PASS),
        ({"validFrom": "2026-03-10T00:00:00Z"}, DAY(2026, 3, 9), FAIL),
        ({"validFrom": "2026-03-10T00:30:00+01:00"}, DAY(2026, 3, 9), PASS),
        ({"validUntil": "2026-03-09T00:00:00Z"}, DAY(2026, 3, 9), FAIL),
        ({"validUntil": "2026-03-09T00:00:01Z"}, DAY(2026, 3, 9), PASS),
        ({"validUntil": "9999-12-31T23:59:59Z"}, DAY(9999, 12, 31), PASS),
        ({}, DAY(2026, 3, 9), PASS),
    ],
)
def test_a_day_counts_if_it_is_valid_at_any_time_of_it(
    dates: dict[str, Json], on: datetime.date, outcome: Outcome
) -> None:
    payload: dict[str, Json] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": case.DID,
        "credentialSubject": {},
    }

    assert step(check(case.signed({**payload, **dates}), on=on), StepName.IN_FORCE, outcome)


# logged


def test_a_log_that_the_reader_does_not_trust_proves_nothing() -> None:
    other = note_signer("log.example/other", key_from_seed(bytes(32)))
    same_name = note_signer(case.LOG.name, key_from_seed(bytes(32)))

    for vkey, code in ((other.vkey, "VERIFY-006"), (same_name.vkey, "LOG-010")):
        trust = replace(case.trust(), log_keys=(parse_vkey(vkey),))
        report = check(FILE, trust=trust)
        assert failing(report) == {"logged": "proof"}
        assert report.findings[0].code == code


def test_an_entry_of_another_credential_proves_nothing() -> None:
    proof = loaded(RESULT_FILE)["proof"]

    for trust in (None, NOBODY):
        report = check(changed(FILE, proof=proof), trust=trust)
        assert failing(report) == {"logged": "proof"}
        assert report.findings[0].code == "LOG-012"


def test_a_log_key_of_another_name_cannot_check_this_log() -> None:
    other = note_signer("log.example/other", key_from_seed(bytes(32)))

    report = check(changed(FILE, log_vkey=other.vkey), trust=Trust(documents=(case.DOCUMENT,)))

    assert failing(report) == {"logged": "proof"}
    assert "of another log than log.example/open" in report.step(StepName.LOGGED).reason


# recomputed


def test_a_share_that_was_signed_though_the_movements_give_less_fails() -> None:
    made = case.draft()
    more = case.draft(replace(case.CLAIM, level="OPEN-TRANSPARENCY", share=Fraction(7, 8)))
    subject: Any = more.payload["credentialSubject"]
    payload = {**made.payload, "credentialSubject": {**subject, "level": "OPEN-75"}}

    report = check(case.claim_file(replace(made, payload=payload)))

    assert step(report, StepName.SIGNED, PASS)
    found = step(report, StepName.RECOMPUTED, FAIL)
    assert [finding.code for finding in found.findings] == ["CLAIM-001", "CLAIM-004"]
    assert found.reason.startswith(
        "The movements give a share of 0.375 at OPEN-75 or better, where 0.875 is claimed."
    )


def test_movements_that_cannot_be_are_named_by_line() -> None:
    file = loaded(FILE)
    lines = file["movements"].split("\n")
    lines[4] = lines[4].replace("375000000", "375000001")

    report = check(changed(FILE, movements="\n".join(lines)))

    assert failing(report) == {"recomputed": "movements, line 5", "consistent": "movements, line 5"}
    assert step(report, StepName.RECOMPUTED, FAIL).findings[0].code.startswith("CUSTODY-")


def test_a_model_that_the_origins_do_not_allow_fails() -> None:
    file = loaded(FILE)
    better = file["movements"].replace("controlled_blending", "identity_preserved")

    report = check(changed(FILE, movements=better))

    assert step(report, StepName.RECOMPUTED, FAIL).findings[0].code == "CUSTODY-014"


@pytest.mark.parametrize("missing", [case.STANDARD, case.CUSTODY])
def test_without_the_standard_nothing_is_recomputed(missing: str) -> None:
    packs = {name: pack for name, pack in case.packs().items() if name != missing}

    for file in (FILE, RESULT_FILE):
        report = check(file, packs=packs)
        if file == FILE or missing == case.STANDARD:
            assert missing in step(report, StepName.RECOMPUTED, NOT_CHECKED).reason
            assert report.holds
    assert report.file == "x.claim.json"


def test_levels_whose_ratings_are_not_enclosed_rest_on_the_issuers_word() -> None:
    made = case.draft(results=case.results()[:1])

    report = check(case.claim_file(made))

    assert report.holds
    assert "of 1 of 2 achievements" in step(report, StepName.RECOMPUTED, PASS).reason


def test_ratings_under_a_standard_that_is_not_at_hand_are_not_recomputed() -> None:
    file = loaded(FILE)
    file["results"][0]["standard"] = "other/mining/1"

    report = check(json.dumps(file))

    assert "of 1 of 2 achievements" in step(report, StepName.RECOMPUTED, PASS).reason
    assert failing(report) == {"consistent": "result 1"}


def test_ratings_that_do_not_give_the_level_are_named() -> None:
    file = loaded(FILE)
    file["results"][0]["verdicts"][3]["rating"] = "not_met"

    report = check(json.dumps(file))

    assert failing(report) == {
        "recomputed": "result 1, score.level.code",
        "consistent": "result 1",
    }
    assert "PUBLICATION-005" in {finding.code for finding in report.findings}


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({"level": "OPEN-100"}, "level"),
        ({"site": "east"}, "site"),
        ({"valid_from": datetime.date(2026, 1, 14)}, "valid_from"),
        ({"standard": "stannary/open-mining/0.2"}, "standard"),
    ],
)
def test_an_achievement_says_what_its_published_result_says(
    change: dict[str, Any], differs: str
) -> None:
    """An issuer signs an achievement of South that its published result does not give."""
    achievements = dict(case.achievements())
    achievements["south-2026"] = replace(achievements["south-2026"], **change)

    report = check(case.claim_file(case.draft(achievements=achievements)))

    found = step(report, StepName.RECOMPUTED, FAIL)
    assert (found.facts["achievement"], found.facts["differs"]) == ("south-2026", differs)
    assert [finding.code for finding in found.findings] == ["VERIFY-007"]
    assert failing(report) == {"recomputed": "achievements"}


# consistent


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("name", "The best lot of all", "name"),
        ("credentialSubject.sentence.en", "Everything is fine.", "credentialSubject.sentence.en"),
        ("credentialSubject.sentence", {}, "credentialSubject.sentence"),
        ("credentialSubject.sentence.zh", "全部", "credentialSubject.sentence.zh"),
        ("credentialSubject.shareDecimal", "0.975", "credentialSubject.shareDecimal"),
        ("credentialSubject.contentMg", "9000000000", "credentialSubject.contentMg"),
        ("credentialSubject.model", "segregated", "credentialSubject.model"),
        ("credentialSubject.unknownShare", "0.000000000000", "credentialSubject.unknownShare"),
        ("credentialSubject.origins", [], "credentialSubject.origins"),
        ("credentialSubject.originsNotListed", 0, "credentialSubject.originsNotListed"),
    ],
)
def test_a_statement_that_was_signed_though_it_does_not_follow_is_named(
    path: str, value: Json, where: str
) -> None:
    payload: Any = json.loads(json.dumps(case.draft().payload))
    *above, last = path.split(".")
    inner = payload
    for name in above:
        inner = inner[name]
    inner[last] = value

    report = check(case.claim_file(replace(case.draft(), payload=payload)))

    assert failing(report) == {"consistent": where}


@pytest.mark.parametrize(
    ("change", "where"),
    [({"id": "urn:uuid:1"}, "id"), ({"issuer": {"id": "https://claims.example"}}, "issuer")],
)
def test_a_credential_that_the_program_would_not_write_does_not_follow(
    change: dict[str, Json], where: str
) -> None:
    for file in (
        case.claim_file(case.draft(), **change),
        case.result_file(**change),
    ):
        assert step(check(file), StepName.CONSISTENT, FAIL).where == where


def test_a_member_that_is_missing_is_named() -> None:
    payload: Any = json.loads(json.dumps(case.draft().payload))
    del payload["credentialSubject"]["madeOn"]

    report = check(case.claim_file(replace(case.draft(), payload=payload)))

    found = step(report, StepName.CONSISTENT, FAIL)
    assert found.reason == "Not as it was signed: credentialSubject.madeOn (missing)."


def test_members_beyond_the_form_are_left_alone() -> None:
    report = check(case.claim_file(case.draft(), credentialStatus={"type": "X"}, more="x"))

    assert step(report, StepName.CONSISTENT, PASS)


def test_what_was_changed_is_named_to_the_line() -> None:
    file = loaded(FILE)
    file["movements"] = file["movements"].replace("no papers", "all papers")
    file["achievements"][1]["level"] = "OPEN-100"
    file["results"][1]["lead_auditor"] = "B. Example"
    file["issuer_document"]["more"] = "x"

    found = step(check(json.dumps(file)), StepName.CONSISTENT, FAIL)

    assert found.reason == (
        "Not as it was signed: movements, line 4 (changed); achievements, item 2 (changed);"
        " result 2 (changed); issuer_document (changed)."
    )
    assert [finding.code for finding in found.findings] == ["VERIFY-008"] * 4


def test_many_changes_are_counted() -> None:
    movements = loaded(FILE)["movements"].replace(",concentrate,", ",ore,")

    found = step(check(changed(FILE, movements=movements)), StepName.CONSISTENT, FAIL)

    assert found.reason.endswith("movements, line 6 (changed); and 2 more.")
    assert len(found.findings) == 7


def test_parts_added_and_left_out_are_named() -> None:
    file = loaded(FILE)
    one, two = file["results"]

    for results, words in (([one], "result 2 (missing)"), ([one, two, one], "result 3 (added)")):
        found = step(check(changed(FILE, results=results)), StepName.CONSISTENT, FAIL)
        assert found.reason == f"Not as it was signed: {words}."


def test_without_digests_of_lines_only_the_part_is_named() -> None:
    payload: Any = json.loads(json.dumps(case.draft().payload))
    del payload["evidence"][0]["partDigests"]
    file = case.claim_file(replace(case.draft(), payload=payload))
    movements = loaded(file)["movements"].replace("no papers", "all papers")

    assert step(check(file), StepName.CONSISTENT, PASS)
    found = step(check(changed(file, movements=movements)), StepName.CONSISTENT, FAIL)
    assert found.reason == "Not as it was signed: movements (changed)."


# other files


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


def test_a_log_proof_alone_shows_who_signed_it() -> None:
    proof = loaded(FILE)["proof"]
    report = check(proof)

    assert report.holds
    assert step(report, StepName.SIGNED, PASS).reason == (
        "The log log.example/open, which you trust, signed that it had 11 entries."
    )
    assert "Entry number 5" in step(report, StepName.LOGGED, NOT_CHECKED).reason


def test_a_log_proof_alone_of_an_unknown_log_shows_nothing() -> None:
    proof = loaded(FILE)["proof"]
    other = note_signer("log.example/other", key_from_seed(bytes(32)))
    same_name = note_signer(case.LOG.name, key_from_seed(bytes(32)))

    assert step(check(proof, trust=NOBODY), StepName.SIGNED, NOT_CHECKED)
    for vkey, code in ((other.vkey, "VERIFY-006"), (same_name.vkey, "LOG-010")):
        report = check(proof, trust=Trust(log_keys=(parse_vkey(vkey),)))
        assert step(report, StepName.SIGNED, FAIL).findings[0].code == code


def test_a_log_proof_that_cannot_be_read_fails() -> None:
    report = check("c2sp.org/tlog-proof@v1\n")

    assert failing(report) == {"readable": "proof"}
    assert not report.holds


def test_a_report_without_open_steps_simply_holds() -> None:
    report = check(FILE)
    steps = tuple(
        replace(found, outcome=PASS) if found.outcome is NOT_CHECKED else found
        for found in report.steps
    )

    assert replace(report, steps=steps).summary == "It holds."
    assert check(changed(FILE, results=[])).summary == "It does not hold."

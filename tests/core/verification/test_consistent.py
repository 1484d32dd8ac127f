"""Step 8: everything enclosed is what was signed, every statement follows."""

import json
from dataclasses import replace
from typing import Any

import pytest

from core.verification.checks import (
    FAIL,
    FILE,
    PASS,
    changed,
    check,
    failing,
    loaded,
    step,
)
from formats import claim_files as case
from stannary.core.credentials import Json
from stannary.core.verification import (
    StepName,
)


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
    assert found.reason == "Not as it was signed: credentialSubject.madeOn."


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
        "Not as it was signed: movements, line 4; achievements, item 2; result 2; issuer_document."
    )
    assert [finding.code for finding in found.findings] == ["VERIFY-008"] * 4


def test_many_changes_are_counted() -> None:
    movements = loaded(FILE)["movements"].replace(",concentrate,", ",ore,")

    found = step(check(changed(FILE, movements=movements)), StepName.CONSISTENT, FAIL)

    assert found.reason.endswith("movements, line 6; +2.")
    assert len(found.findings) == 7


def test_parts_added_and_left_out_are_named() -> None:
    file = loaded(FILE)
    one, two = file["results"]

    for results, words in (([one], "result 2"), ([one, two, one], "result 3")):
        found = step(check(changed(FILE, results=results)), StepName.CONSISTENT, FAIL)
        assert found.reason == f"Not as it was signed: {words}."


def test_without_digests_of_lines_only_the_part_is_named() -> None:
    payload: Any = json.loads(json.dumps(case.draft().payload))
    del payload["evidence"][0]["partDigests"]
    file = case.claim_file(replace(case.draft(), payload=payload))
    movements = loaded(file)["movements"].replace("no papers", "all papers")

    assert step(check(file), StepName.CONSISTENT, PASS)
    found = step(check(changed(file, movements=movements)), StepName.CONSISTENT, FAIL)
    assert found.reason == "Not as it was signed: movements."


def test_changes_and_what_does_not_follow_are_told_apart() -> None:
    payload: Any = json.loads(json.dumps(case.draft().payload))
    payload["credentialSubject"]["sentence"]["en"] = "All is fine."
    file = case.claim_file(replace(case.draft(), payload=payload))

    found = step(check(file), StepName.CONSISTENT, FAIL)
    mixed = step(check(changed(file, results=[])), StepName.CONSISTENT, FAIL)

    assert found.reason == (
        "Signed, though it does not follow from what is enclosed: credentialSubject.sentence.en."
    )
    assert mixed.reason == (
        "Not as it was signed, or does not follow: result 1; result 2;"
        " credentialSubject.sentence.en."
    )

"""Step 1: what cannot be read is named, and the rest is still checked."""

import pytest

from core.verification.checks import (
    FAIL,
    FILE,
    changed,
    check,
    enveloped,
    loaded,
    outcomes,
    step,
)
from formats import claim_files as case
from stannary.core.credentials import Json
from stannary.core.verification import (
    StepName,
    standards_named,
)
from stannary.formats.claim_file import parse_checkable
from stannary.signing import sign_vc_jwt


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


def test_the_standards_that_a_check_needs_are_named_without_checking() -> None:
    def named(text: str) -> tuple[str, ...]:
        return standards_named(parse_checkable(text.encode("utf-8"), "x.json"))

    assert named(FILE) == (case.CUSTODY, case.STANDARD)
    assert named(changed(FILE, results=[{"id": "x"}])) == (case.CUSTODY, case.STANDARD)
    assert named(loaded(FILE)["proof"]) == ()

"""Step 6: in the public log, under a key that the reader knows."""

from dataclasses import replace

from core.verification.checks import (
    FAIL,
    FILE,
    NOT_CHECKED,
    PASS,
    RESULT_FILE,
    changed,
    check,
    failing,
    loaded,
    step,
)
from formats import claim_files as case
from stannary.core.transparency_log import parse_vkey
from stannary.core.verification import (
    NOBODY,
    StepName,
    Trust,
)
from stannary.signing import key_from_seed, note_signer


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

"""Step 4: what a log as it stands later says of a claim that was taken back since."""

import datetime

import pytest

from core.verification.checks import (
    FAIL,
    FILE,
    NOT_CHECKED,
    PASS,
    RESULT_FILE,
    changed,
    check,
    step,
)
from formats import claim_files as case
from stannary.core.credentials import log_entry, withdrawal_entry
from stannary.core.verification import LaterLog, Outcome, Report, StepName, later_log
from stannary.formats.claim_file import parse_checkable

DAY = datetime.date(2026, 11, 21)
TOKEN = parse_checkable(FILE.encode(), "x").token


def entries(*more: bytes) -> list[bytes]:
    """The log in which the claim is entry 5 of 11, with what came later."""
    found = [b"entry %d" % n for n in range(11)]
    found[5] = log_entry(TOKEN)
    return [*found, *more]


def taken_back(on: datetime.date, claim: str = case.CLAIM.id) -> bytes:
    return withdrawal_entry(claim, on=on, reason="Weighed wrongly.")


def told(log: LaterLog | None, outcome: Outcome, file: str = FILE) -> tuple[Report, str]:
    report = check(file, later=log, on=DAY)
    return report, step(report, StepName.NOT_REVOKED, outcome).reason


@pytest.mark.parametrize(
    ("days", "outcome", "said"),
    [
        (-1, FAIL, "It was taken back from 2026-11-20 on: entry number 12 of the log."),
        (0, FAIL, "It was taken back from 2026-11-21 on: entry number 12 of the log."),
        (1, PASS, "It was taken back from 2026-11-22 on, after 2026-11-21: entry number 12"),
    ],
)
def test_a_claim_that_was_taken_back_fails_from_its_day_on(
    days: int, outcome: Outcome, said: str
) -> None:
    log = later_log(
        case.LOG.name, entries(b"another", taken_back(DAY + datetime.timedelta(days=days)))
    )

    report, reason = told(log, outcome)

    assert reason.startswith(said)
    assert report.holds is (outcome is PASS)
    assert [one.code for one in report.findings] == ["VERIFY-004"] * (outcome is FAIL)


def test_of_two_withdrawals_the_earlier_day_counts() -> None:
    both = (taken_back(DAY), taken_back(DAY + datetime.timedelta(days=9)))
    for pair, number in ((both, 11), (both[::-1], 12)):
        log = later_log(case.LOG.name, entries(*pair))
        assert f"entry number {number} of" in told(log, FAIL)[1]


@pytest.mark.parametrize("more", [(), (b"another",), (taken_back(DAY, "urn:uuid:other"),)])
def test_a_log_that_says_nothing_of_it_lets_the_whole_hold(more: tuple[bytes, ...]) -> None:
    report, reason = told(later_log(case.LOG.name, entries(*more)), PASS)

    assert report.summary == "It holds."
    assert f"of {11 + len(more)} entries when you got it" in reason


@pytest.mark.parametrize(
    ("log", "outcome", "said"),
    [
        (None, NOT_CHECKED, "Give the log as it is now with --log."),
        (later_log("log.example/other", entries()), NOT_CHECKED, "entered in another one"),
        (later_log(case.LOG.name, entries()[:10]), NOT_CHECKED, "of 10 entries, is older"),
        (later_log(case.LOG.name, [b""] * 11), FAIL, "another entry at its place, number 5"),
    ],
)
def test_a_log_that_cannot_tell_says_why(log: LaterLog | None, outcome: Outcome, said: str) -> None:
    report, reason = told(log, outcome)

    assert said in reason
    assert report.holds is (outcome is NOT_CHECKED)


def test_a_log_that_lacks_the_place_fails() -> None:
    log = later_log(case.LOG.name, entries())
    short = LaterLog(log.origin, 11, later_log("", []).leaf, {})

    assert "another entry" in told(short, FAIL)[1]


def test_what_has_no_proof_or_no_credential_is_not_looked_for() -> None:
    log = later_log(case.LOG.name, entries())
    token = check(TOKEN, later=log, on=DAY)
    unread = check(changed(FILE, proof="?"), later=log, on=DAY)
    proof = check(parse_checkable(FILE.encode(), "x").proof, later=log, on=DAY)

    for report in (token, unread):
        assert "No log proof" in step(report, StepName.NOT_REVOKED, NOT_CHECKED).reason
    assert "no credential" in step(proof, StepName.NOT_REVOKED, NOT_CHECKED).reason


def test_a_result_is_looked_for_too() -> None:
    found = [b"entry %d" % n for n in range(11)]
    found[5] = log_entry(parse_checkable(RESULT_FILE.encode(), "x").token)

    assert told(later_log(case.LOG.name, found), PASS, RESULT_FILE)[0].holds

"""The eight steps for a holder's receipt of a mine's total."""

import datetime
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from core.totals.trees import DAY, made, with_part
from core.verification.checks import (
    FAIL,
    NOT_CHECKED,
    PASS,
    changed,
    check,
    failing,
    outcomes,
    step,
)
from formats import claim_files as case
from formats.receipt_files import HOLDER, RECEIPTS, TOTAL, entries, put, receipt_file
from stannary.core.kernel import MASS_MAX_MG
from stannary.core.totals import Receipt, entry_of_total
from stannary.core.transparency_log import parse_vkey
from stannary.core.verification import NOBODY, Report, StepName, Trust, later_log
from stannary.signing import key_from_seed, note_signer

RECEIPT = RECEIPTS[HOLDER]
FILE = receipt_file()
LATER = later_log(case.LOG.name, entries(RECEIPT.entry, b"another"))


def of(receipt: Receipt) -> Report:
    return check(receipt_file(receipt), on=DAY)


def test_a_receipt_holds_and_says_what_is_in_the_total() -> None:
    report = check(FILE, later=LATER, on=DAY)

    assert report.holds
    assert report.summary == "It holds."
    assert report.kind == "total_receipt"
    assert step(report, StepName.RECOMPUTED, PASS).reason == (
        "5 700.000001 kg of Example Refining are in the total of example-north-mine on 2026-11-21: "
        f"18 000.000001 kg, with the root {TOTAL.root.hex()}."
    )
    assert "at most what the mine produced (18 000.000002 kg)" in report.steps[-1].reason


def test_without_a_log_at_hand_it_holds_as_far_as_it_was_checked() -> None:
    report = check(FILE, on=DAY)

    assert report.holds
    assert "second total" in step(report, StepName.NOT_REVOKED, NOT_CHECKED).reason


def test_who_trusts_nobody_is_told_so() -> None:
    report = check(FILE, trust=NOBODY, on=DAY)

    assert "comes from the file itself" in step(report, StepName.SIGNED, PASS).reason
    assert "named no log" in step(report, StepName.ISSUER_TRUSTED, NOT_CHECKED).reason
    assert "comes from the file itself" in step(report, StepName.LOGGED, NOT_CHECKED).reason


def test_a_log_that_the_reader_does_not_trust_proves_nothing() -> None:
    other = note_signer("log.example/other", key_from_seed(bytes(32)))
    report = check(FILE, trust=Trust(log_keys=(parse_vkey(other.vkey),)), on=DAY)

    assert set(failing(report)) == {"signed", "logged"}
    assert "No log that you trust" in step(report, StepName.ISSUER_TRUSTED, NOT_CHECKED).reason


def first_step(receipt: Receipt, **change: object) -> Receipt:
    path = receipt.parts[2].path
    return with_part(receipt, 3, path=(replace(path[0], **change), *path[1:]))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "codes", "where"),
    [
        (lambda one: first_step(one, sum_mg=-1), ["TOTAL-001"], "part 3, step 1"),
        (lambda one: first_step(one, sum_mg=MASS_MAX_MG + 1), ["TOTAL-002"], "part 3, step 1"),
        (
            lambda one: replace(one, entry=b'{"type":"stannary/mine-total/2"}'),
            ["TOTAL-003"],
            "entry",
        ),
        (lambda one: first_step(one, hash=bytes(32)), ["TOTAL-004"], "part 3"),
        (
            lambda one: replace(one, entry=entry_of_total(replace(TOTAL, root=bytes(32)))),
            ["TOTAL-005"],
            "entry",
        ),
        (
            lambda one: replace(
                one,
                entry=entry_of_total(
                    replace(TOTAL, total_mg=TOTAL.total_mg - 1, held_mg=TOTAL.held_mg - 1)
                ),
            ),
            ["TOTAL-006"],
            "entry",
        ),
    ],
)
def test_each_way_not_to_lead_to_the_total_has_its_own_finding(
    change: Callable[[Receipt], Receipt], codes: list[str], where: str
) -> None:
    report = of(change(RECEIPT))

    assert failing(report) == {"recomputed": where}
    assert [one.code for one in report.findings] == codes


def test_what_does_not_add_up_fails_the_last_step() -> None:
    fewer = replace(RECEIPT, lots=RECEIPT.lots[:1])
    more = made(gone_mg=-1)[1][HOLDER]

    assert failing(of(fewer)) == {"recomputed": "part 1", "consistent": "parts"}
    assert failing(of(more)) == {"consistent": "entry"}
    assert [one.code for one in of(more).findings] == ["TOTAL-008"]


@pytest.mark.parametrize(("days", "fails"), [(-1, True), (0, False), (1, False)])
def test_a_total_of_a_day_to_come_is_none(days: int, fails: bool) -> None:
    report = check(FILE, on=DAY + datetime.timedelta(days=days))

    assert [one.code for one in report.findings] == ["VERIFY-005"] * fails
    assert report.holds is not fails


def test_an_entry_that_is_not_in_the_log_fails() -> None:
    proof = receipt_file(made(gone_mg=9)[1][HOLDER]).split('"proof": ')[1].split(",\n")[0]
    report = check(changed(FILE, proof=json.loads(proof)), on=DAY)

    assert failing(report) == {"logged": "proof"}
    assert report.findings[0].code == "LOG-012"


def test_a_second_total_of_the_same_mine_and_day_is_found() -> None:
    second = entry_of_total(replace(TOTAL, produced_mg=TOTAL.produced_mg + 1))
    again = check(
        FILE, later=later_log(case.LOG.name, entries(RECEIPT.entry, RECEIPT.entry)), on=DAY
    )
    other_day = entry_of_total(replace(TOTAL, day=DAY.replace(day=20)))
    harmless = later_log(case.LOG.name, entries(RECEIPT.entry, other_day))

    report = check(FILE, later=later_log(case.LOG.name, entries(RECEIPT.entry, second)), on=DAY)

    assert failing(report) == {"not_revoked": "log"}
    assert [one.code for one in report.findings] == ["TOTAL-009"]
    assert "entry number 11" in step(report, StepName.NOT_REVOKED, FAIL).reason
    assert again.summary == check(FILE, later=harmless, on=DAY).summary == "It holds."


def test_a_log_that_lacks_the_entry_says_so() -> None:
    other = later_log("log.example/other", entries(RECEIPT.entry))
    lacks = later_log(case.LOG.name, [b""] * 11)

    assert step(check(FILE, later=other, on=DAY), StepName.NOT_REVOKED, NOT_CHECKED)
    assert failing(check(FILE, later=lacks, on=DAY)) == {"not_revoked": "proof"}


@pytest.mark.parametrize(
    "text", [put(("holder",), ""), changed(FILE, proof="?"), changed(FILE, log_vkey="?")]
)
def test_what_cannot_be_read_fails_the_first_step_and_raises_nothing(text: str) -> None:
    report = check(text, later=LATER, on=DAY)

    assert "readable" in failing(report)
    assert not report.holds
    assert len(outcomes(report)) == 8


def test_an_entry_of_another_form_is_compared_with_nothing() -> None:
    report = of(replace(RECEIPT, entry=b"?"))

    for name in (StepName.NOT_REVOKED, StepName.IN_FORCE, StepName.CONSISTENT):
        assert step(report, name, NOT_CHECKED)

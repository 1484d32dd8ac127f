"""The report: eight steps in order, each with its title, its rule and its reason."""

import json
from dataclasses import replace
from typing import Any

from core.verification.checks import (
    FAIL,
    FILE,
    NOT_CHECKED,
    PASS,
    changed,
    check,
    loaded,
    step,
)
from formats import claim_files as case
from stannary.core.verification import (
    STEP_RULES,
    STEP_TITLES,
    StepName,
    report_as_dict,
)


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
        "rule": "VERIFY-007",
        "outcome": "pass",
        "title": "Recomputed from what is enclosed",
        "reason": "The movements give a share of 0.375 at OPEN-75 or better; 0.375 is claimed."
        " The levels of all 2 achievements follow from the published ratings enclosed.",
        "where": "movements",
    }


def test_a_report_without_open_steps_simply_holds() -> None:
    report = check(FILE)
    steps = tuple(
        replace(found, outcome=PASS) if found.outcome is NOT_CHECKED else found
        for found in report.steps
    )

    assert replace(report, steps=steps).summary == "It holds."
    assert check(changed(FILE, results=[])).summary == "It does not hold."


def test_every_step_has_its_own_rule() -> None:
    assert {str(name): rule.code for name, rule in STEP_RULES.items()} == {
        "readable": "VERIFY-001",
        "signed": "VERIFY-002",
        "issuer_trusted": "VERIFY-003",
        "not_revoked": "VERIFY-004",
        "in_force": "VERIFY-005",
        "logged": "VERIFY-006",
        "recomputed": "VERIFY-007",
        "consistent": "VERIFY-008",
    }
    assert [found.rule for found in check(FILE).steps] == list(STEP_RULES.values())


def test_a_reason_is_said_in_another_language_with_the_rule_that_it_quotes() -> None:
    words = {
        "The movements enclosed cannot be so. What does not hold: %(demand)s": "Non: %(demand)s",
        "A lot that is used or moved was made by an event of the same file.": "Un lot est fait.",
    }
    movements = loaded(FILE)["movements"].replace("N-1,in", "N-9,in")

    found = step(check(changed(FILE, movements=movements)), StepName.RECOMPUTED, FAIL)

    assert found.said(lambda text: words[text]) == "Non: Un lot est fait."
    assert found.reason.endswith(
        "A lot that is used or moved was made by an event of the same file."
    )

"""Step 7: shares follow from movements, levels from published ratings."""

import datetime
import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

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
from stannary.core.verification import (
    StepName,
)


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

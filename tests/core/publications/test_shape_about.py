"""What form 2 says beside the verdicts, as JSON values and back."""

import json
from typing import Any

import pytest

from core.publications.test_about import CHAPTER, CORRECTION, FULL, WORDS
from core.publications.test_results import PACK, QUARTERS, published
from core.publications.test_shape import replaced
from stannary.core.kernel import RefusalError
from stannary.core.publications import (
    About,
    Kind,
    check_result,
    result_as_dict,
    result_from_dict,
)


def shape(about: About = FULL) -> dict[str, Any]:
    return result_as_dict(published(about=about, **WORDS))


def test_form_2_says_what_was_assessed_by_whom_and_when() -> None:
    whole = shape()

    assert list(whole) == [
        "type",
        "id",
        "kind",
        "site",
        "engagement",
        "standard",
        "pack_sha256",
        "as_of",
        "published_on",
        "firm",
        "lead_auditor",
        "team",
        "scope",
        "dates",
        "not_relevant_chapters",
        "verdicts",
        "score",
        "derivation",
        "stakeholder_input",
        "corrective_actions",
        "earlier",
        "notice",
    ]
    assert (whole["type"], whole["kind"]) == ("stannary/published-result/2", "surveillance")
    assert whole["scope"] == {
        "units": [{"name": "North pit", "kind": "pit"}],
        "materials": ["copper", "gold"],
    }
    assert whole["team"][0] == {"role": "lead_auditor", "name": "Ada Fell"}
    assert whole["dates"][0] == {"step": "stage_1", "from": "2026-05-30", "to": "2026-05-31"}
    assert whole["not_relevant_chapters"][0]["title"] == CHAPTER.title
    assert whole["verdicts"][0]["site"] == {"rating": "partially", "reason": ""}
    assert whole["verdicts"][0]["ruling"] == {"by": "reviewer", "reason": "The register was shown."}
    assert (whole["verdicts"][1]["site"], whole["verdicts"][1]["ruling"]) == (None, None)
    assert whole["stakeholder_input"][0] == {
        "id": "S-1",
        "group": "workers",
        "channel": "interview",
        "people": 12,
        "topic": "Noise.",
        "requirements": ["1.1.1.1"],
        "disposition": "Seen on site.",
    }
    assert whole["stakeholder_input"][1]["people"] is None
    assert whole["corrective_actions"][0] == {
        "id": "F-1",
        "requirement": "1.1.1.4",
        "grade": "minor",
        "finding": "One of three sites has no log.",
        "cause": "Nobody was named.",
        "plan": "Name somebody.",
        "due": "2026-06-02",
        "state": "planned",
        "closed_on": None,
        "verified_by": "",
    }
    assert whole["earlier"] == {"id": "tarn-hill-2025", "sha256": "ab" * 32}
    assert whole["notice"] is None
    assert shape(CORRECTION)["notice"] == {"reason": "A typing error.", "changed": ["1.1.1.1"]}


@pytest.mark.parametrize("about", [FULL, CORRECTION, About(Kind.AUDIT)])
def test_a_result_of_form_2_comes_back_the_same_and_holds(about: About) -> None:
    result = published(about=about, **WORDS)
    content = json.loads(json.dumps(result_as_dict(result)))

    assert result_from_dict(content) == result
    assert check_result(content, QUARTERS, pack_sha256=PACK) == ()


@pytest.mark.parametrize(
    ("path", "value", "key", "problem"),
    [
        ("kind", "rumour", "kind", "not a kind of result"),
        ("kind", ..., "kind", "missing"),
        ("type", "stannary/published-result/1", "kind", "unknown"),
        ("scope", [], "scope", "not an object"),
        ("scope/units/0/area", "1 ha", "scope.units[0].area", "unknown"),
        ("scope/materials/0", 29, "scope.materials[0]", "not a text"),
        ("team", {}, "team", "not a list"),
        ("dates/0/to", "2026-6-1", "dates[0].to", "not a day written YYYY-MM-DD"),
        ("verdicts/0/site/rating", "mostly", "verdicts[0].site.rating", "not a rating"),
        ("verdicts/0/ruling", "yes", "verdicts[0].ruling", "not an object"),
        ("verdicts/0/site", ..., "verdicts[0].site", "missing"),
        (
            "stakeholder_input/0/people",
            True,
            "stakeholder_input[0].people",
            "not a whole number",
        ),
        ("stakeholder_input/0/people", -1, "stakeholder_input[0].people", "not a whole number"),
        ("stakeholder_input/0/people", "12", "stakeholder_input[0].people", "not a whole number"),
        (
            "corrective_actions/0/due",
            "",
            "corrective_actions[0].due",
            "not a day written YYYY-MM-DD",
        ),
        ("earlier", "tarn-hill-2025", "earlier", "not an object"),
        ("notice", {}, "notice.reason", "missing"),
    ],
)
def test_another_shape_is_refused_and_says_where(
    path: str, value: object, key: str, problem: str
) -> None:
    with pytest.raises(RefusalError) as refusal:
        result_from_dict(replaced(shape(), path, value))

    finding = refusal.value.findings[0]
    assert finding.code == "PUBLICATION-006"
    assert finding.facts == {"key": key, "problem": problem}

"""A published result as JSON values and back."""

import copy
import json
from typing import Any

import pytest

from core.publications.test_results import PACK, published
from stannary.core.kernel import RefusalError
from stannary.core.publications import result_as_dict, result_from_dict

NO_FORM = 'neither "stannary/published-result/1" nor "stannary/published-result/2"'


def shape() -> dict[str, Any]:
    return result_as_dict(published("fffs ffff ffff f-p"))


def test_a_result_has_the_keys_of_its_form_in_their_order() -> None:
    whole = shape()

    assert list(whole) == [
        "type",
        "id",
        "site",
        "standard",
        "pack_sha256",
        "as_of",
        "published_on",
        "firm",
        "lead_auditor",
        "verdicts",
        "score",
        "derivation",
    ]
    assert whole["type"] == "stannary/published-result/1"
    assert whole["site"] == {"id": "tarn-hill", "name": "Tarn Hill", "illustrative": True}
    assert (whole["standard"], whole["pack_sha256"]) == ("vectors/quarters/1", PACK)
    assert (whole["as_of"], whole["published_on"]) == ("2026-06-01", "2026-06-01")
    assert whole["verdicts"][13] == {
        "requirement": "4.1.1.2",
        "title": "Requirement 4.1.1.2",
        "critical": False,
        "rating": "not_relevant",
        "reason": "Two of three sites do.",
        "evidence": ["https://example.org/a"],
    }
    assert list(whole["derivation"][0]) == ["code", "text", "facts"]
    assert whole["score"]["level"]["code"] == "Q-75"


@pytest.mark.parametrize(
    "letters", ["fffs ffff ffff f-p", "???? ffff ffff fff", "---- ---- ---- --f"]
)
def test_a_result_comes_back_the_same_also_through_text(letters: str) -> None:
    result = published(letters)
    text = json.dumps(result_as_dict(result))

    assert result_from_dict(json.loads(text)) == result
    assert json.dumps(result_as_dict(result_from_dict(json.loads(text)))) == text


def test_a_result_shares_nothing_with_what_it_was_read_from() -> None:
    content = shape()
    result = result_from_dict(content)
    before = copy.deepcopy(result_as_dict(result))

    content["score"]["level"]["code"] = "Q-100"
    result_as_dict(result)["score"]["principles"].clear()  # type: ignore[index]  # JSON values

    assert result_as_dict(result) == before


def broken(path: str, value: object) -> dict[str, Any]:
    """A result of form 1 with one value replaced; `...` removes it."""
    return replaced(shape(), path, value)


def replaced(content: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    at: Any = content
    *way, last = [int(key) if key.isdigit() else key for key in path.split("/")]
    for key in way:
        at = at[key]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return content


@pytest.mark.parametrize(
    ("path", "value", "key", "problem"),
    [
        ("type", "stannary/published-result/3", "type", NO_FORM),
        ("type", ..., "type", "missing"),
        ("more", "x", "more", "unknown"),
        ("site", "tarn-hill", "site", "not an object"),
        ("site/illustrative", 1, "site.illustrative", "neither true nor false"),
        ("site/illustrative", ..., "site.illustrative", "missing"),
        ("firm", None, "firm", "not a text"),
        ("as_of", "2026-6-1", "as_of", "not a day written YYYY-MM-DD"),
        ("as_of", "20260601", "as_of", "not a day written YYYY-MM-DD"),
        ("as_of", "2026-02-30", "as_of", "not a day written YYYY-MM-DD"),
        ("as_of", "2026-W23-1", "as_of", "not a day written YYYY-MM-DD"),
        ("published_on", 20260601, "published_on", "not a text"),
        ("verdicts", {}, "verdicts", "not a list"),
        ("verdicts/2", "fully", "verdicts[2]", "not an object"),
        ("verdicts/2/rating", "mostly", "verdicts[2].rating", "not a rating"),
        ("verdicts/2/critical", "no", "verdicts[2].critical", "neither true nor false"),
        ("verdicts/2/evidence", "x", "verdicts[2].evidence", "not a list"),
        ("verdicts/2/evidence/0", 7, "verdicts[2].evidence[0]", "not a text"),
        ("verdicts/2/assessor", "x", "verdicts[2].assessor", "unknown"),
        ("score", [], "score", "not an object"),
        ("score/as_of", 1.5, "score.as_of", "neither text nor whole number"),
        ("score", {1: "x"}, "score", "not an object"),
        ("score/level", {1: "x"}, "score.level", "not an object"),
        ("derivation/0/facts/points", 3, "derivation[0].facts.points", "not a text"),
        ("derivation/0/code", ..., "derivation[0].code", "missing"),
    ],
)
def test_another_form_is_refused_and_says_where(
    path: str, value: object, key: str, problem: str
) -> None:
    with pytest.raises(RefusalError) as refusal:
        result_from_dict(broken(path, value))

    (finding,) = refusal.value.findings
    assert finding.code == "PUBLICATION-006"
    assert finding.facts == {"key": key, "problem": problem}


def test_every_missing_and_unknown_key_is_told_at_once() -> None:
    with pytest.raises(RefusalError) as refusal:
        result_from_dict({"type": "stannary/published-result/1", "x": 1})

    problems = [finding.facts["problem"] for finding in refusal.value.findings]
    assert problems == ["missing"] * 11 + ["unknown"]

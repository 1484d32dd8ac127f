"""The JSON of a score, key by key."""

import json

from core.scores.letters import scored
from stannary.core.scores import score_as_dict


def test_a_determined_score_has_the_keys_of_the_contract_in_their_order() -> None:
    shape = score_as_dict(scored("fffs ffff ffff f-p"))

    assert list(shape) == [
        "standard",
        "as_of",
        "level",
        "principles",
        "chapters",
        "critical",
        "next_level",
        "findings",
    ]
    assert shape["standard"] == "vectors/quarters/1"
    assert shape["as_of"] == "2026-06-01"
    assert json.dumps(shape["level"]) == '{"code": "Q-75", "state": "determined", "floor": null}'
    principles = shape["principles"]
    assert isinstance(principles, list)
    assert json.dumps(principles[0]) == (
        '{"id": "1", "points": "3.75", "possible": "4", "share": "0.9375", "rated": 4, '
        '"not_relevant": 0, "pending": 0}'
    )
    chapters = shape["chapters"]
    assert isinstance(chapters, list)
    assert [chapter["id"] for chapter in chapters] == ["1.1", "2.1", "3.1", "3.2", "4.1"]
    assert json.dumps(shape["critical"]) == (
        '{"relevant": 3, "at_least_substantially": 3, "fully": 3, "pending": 0, "unmet": []}'
    )
    assert json.dumps(shape["next_level"]) == (
        '{"code": "Q-100", "points_needed": [{"principle": "1", "points": "0.25"}, '
        '{"principle": "4", "points": "0.5"}], "critical_needed": []}'
    )
    assert shape["findings"] == []


def test_a_pending_score_has_a_ceiling_and_shares_that_may_be_null() -> None:
    shape = score_as_dict(scored("???? ffff ffff fff"))

    assert json.dumps(shape["level"]) == (
        '{"code": null, "state": "pending", "floor": "Q-T", "ceiling": "Q-100"}'
    )
    principles = shape["principles"]
    assert isinstance(principles, list)
    assert principles[0]["share"] is None
    assert principles[0]["pending"] == 4


def test_a_score_without_level_has_no_ceiling_and_says_why() -> None:
    shape = score_as_dict(scored("---- ---- ---- ---"))

    assert json.dumps(shape["level"]) == '{"code": null, "state": "none", "floor": null}'
    assert shape["next_level"] is None
    findings = shape["findings"]
    assert isinstance(findings, list)
    assert list(findings[0]) == ["code", "demand", "facts", "remedy", "at"]
    assert findings[0]["code"] == "SCORE-003"

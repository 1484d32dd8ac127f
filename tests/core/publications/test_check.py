"""A published result is recomputed and compared, without trusting who published it."""

import json
from dataclasses import replace
from typing import Any

import pytest

from core.publications.test_results import PACK, published, sheet
from core.scores.score_vectors import FOLDER, edition
from stannary.core.kernel import Finding
from stannary.core.publications import check_result, result_as_dict
from stannary.core.publications.check import DIFFERENCES_MAX

QUARTERS = edition("quarters")
PUBLISHED = sorted((FOLDER / "published").glob("*.json"))


def shape(letters: str = "fffs ffff ffff f-p") -> dict[str, Any]:
    return result_as_dict(published(letters))


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


@pytest.mark.parametrize(
    "letters",
    ["fffs ffff ffff f-p", "???? ffff ffff fff", "pfff ffff ---- fff", "ffff ffff ffff fff"],
)
def test_a_result_as_it_was_published_holds(letters: str) -> None:
    assert check_result(shape(letters), QUARTERS, pack_sha256=PACK) == ()


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_results_of_old_still_hold(path: Any) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    under = edition(content["standard"].split("/")[1])

    assert check_result(content, under) == ()


def test_there_are_results_of_old() -> None:
    assert len(PUBLISHED) >= 5


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("score/level/code", "Q-100", "score.level.code"),
        ("score/level/floor", "Q-50", "score.level.floor"),
        ("score/principles/0/points", "3.76", "score.principles[0].points"),
        ("score/principles/0/rated", 5, "score.principles[0].rated"),
        ("score/principles/0/rated", True, "score.principles[0].rated"),
        ("score/principles/3/share", None, "score.principles[3].share"),
        ("score/chapters/4/not_relevant", 0, "score.chapters[4].not_relevant"),
        ("score/critical/unmet", ["1.1.1.1"], "score.critical.unmet[0]"),
        ("score/next_level", None, "score.next_level"),
        ("score/more", "x", "score.more"),
        ("score/principles", {}, "score.principles"),
        ("score/critical", [], "score.critical"),
        ("score/standard", "vectors/lenient/1", "score.standard"),
        ("derivation/0/text", "Principle 1 is perfect.", "derivation[0].text"),
        ("derivation/0/facts/points", "4", "derivation[0].facts.points"),
        ("derivation/0/code", "SCORE-001", "derivation[0].code"),
    ],
)
def test_whatever_is_changed_in_the_score_is_found_and_named(
    path: str, value: object, where: str
) -> None:
    content = shape()
    at: Any = content
    *way, last = [int(key) if key.isdigit() else key for key in path.split("/")]
    for key in way:
        at = at[key]
    at[last] = value

    (finding,) = check_result(content, QUARTERS)

    assert (finding.code, finding.facts["where"]) == ("PUBLICATION-005", where)


def test_a_difference_is_told_with_both_sides() -> None:
    content = shape()
    content["score"]["principles"][0]["points"] = "3.5"

    (finding,) = check_result(content, QUARTERS)

    assert finding.message == (
        "PUBLICATION-005: A published score and its derivation are what the published ratings "
        "give. Here: where=score.principles[0].points, published=3.5, recomputed=3.75. Do not "
        "rely on this result; ask who published it for the original."
    )


def test_a_text_instead_of_a_number_is_told_apart() -> None:
    content = shape()
    content["score"]["principles"][0]["rated"] = "4"

    (finding,) = check_result(content, QUARTERS)

    assert (finding.facts["published"], finding.facts["recomputed"]) == ("'4'", "4")


def test_a_difference_in_a_long_text_is_shown_where_it_is() -> None:
    content = shape()
    text = content["derivation"][0]["text"]
    content["derivation"][0]["text"] = text.replace("pending: 0", "pending: 1")

    (finding,) = check_result(content, QUARTERS)

    assert finding.facts["published"].endswith("pending: 1.")
    assert finding.facts["recomputed"].endswith("pending: 0.")


def test_what_was_removed_or_added_is_absent_on_the_other_side() -> None:
    content = shape()
    del content["score"]["critical"]["fully"]
    content["derivation"].append({"code": "SCORE-005", "text": "All is well.", "facts": {}})

    first, second = check_result(content, QUARTERS)

    assert (first.facts["where"], first.facts["published"]) == ("score.critical.fully", "(absent)")
    assert second.facts["where"] == "derivation[17]"
    assert second.facts["recomputed"] == "(absent)"


def test_a_rating_that_is_changed_shows_in_the_score() -> None:
    content = shape()
    content["verdicts"][3]["rating"] = "partially"

    findings = check_result(content, QUARTERS)

    assert set(codes(findings)) == {"PUBLICATION-005"}
    assert findings[0].facts["where"] == "score.principles[0].points"


def test_at_most_twenty_differences_are_named() -> None:
    content = shape("ffff ffff ffff fff")
    for verdict in content["verdicts"]:
        verdict["rating"] = "not_met"

    assert DIFFERENCES_MAX == 20
    assert codes(check_result(content, QUARTERS)) == ["PUBLICATION-005"] * DIFFERENCES_MAX


def test_a_reason_that_was_removed_is_found() -> None:
    content = shape()
    content["verdicts"][3]["reason"] = ""

    assert codes(check_result(content, QUARTERS)) == ["PUBLICATION-001"]


def test_a_title_or_critical_mark_of_ones_own_is_found() -> None:
    content = shape()
    content["verdicts"][1]["title"] = "Something easier"
    content["verdicts"][2]["critical"] = True

    findings = check_result(content, QUARTERS)

    assert codes(findings) == ["PUBLICATION-009", "PUBLICATION-009"]
    assert [finding.facts["wrong"] for finding in findings] == ["title", "critical"]


def test_a_requirement_that_was_left_out_is_found() -> None:
    content = shape("ffff ffff ffff ff?")
    removed = content["verdicts"].pop()

    (finding,) = check_result(content, QUARTERS)

    assert finding.code == "PUBLICATION-009"
    assert finding.facts["first_missing"] == removed["requirement"]


def test_requirements_in_another_order_are_found() -> None:
    content = shape("ffff ffff ffff fff")
    content["verdicts"].reverse()

    assert codes(check_result(content, QUARTERS)) == ["PUBLICATION-009"]


def test_unknown_and_repeated_requirements_stop_the_recomputation() -> None:
    content = shape("ffff ffff ffff fff")
    content["verdicts"][0]["requirement"] = "1.1.1.2"
    content["verdicts"][5]["requirement"] = "9.9.9.9"

    assert codes(check_result(content, QUARTERS)) == [
        "PUBLICATION-009",
        "PUBLICATION-009",
        "RATING-002",
        "RATING-001",
    ]


def test_evidence_that_is_no_link_is_found() -> None:
    content = shape()
    content["verdicts"][0]["evidence"] = ["javascript:alert(1)"]

    assert codes(check_result(content, QUARTERS)) == ["RATING-007"]


def test_another_edition_cannot_check_it() -> None:
    (finding,) = check_result(shape(), edition("lenient"))

    assert finding.code == "PUBLICATION-010"
    assert finding.facts == {"names": "vectors/quarters/1", "checked_with": "vectors/lenient/1"}


def test_another_pack_of_the_same_name_is_found() -> None:
    (finding,) = check_result(shape(), QUARTERS, pack_sha256="f" * 64)

    assert (finding.code, finding.facts["states"]) == ("PUBLICATION-010", PACK)


def test_a_pack_whose_threshold_was_changed_gives_another_score() -> None:
    stricter = tuple(
        replace(level, min_principle_share=QUARTERS.levels[3].min_principle_share)
        for level in QUARTERS.levels
    )

    findings = check_result(shape(), replace(QUARTERS, levels=stricter))

    assert "score.level.code" in {finding.facts["where"] for finding in findings}


def test_what_cannot_be_read_is_told_and_not_raised() -> None:
    assert codes(check_result({"type": "x"}, QUARTERS))[0] == "PUBLICATION-006"


def test_names_and_days_are_checked_as_when_it_was_published() -> None:
    content = shape()
    content["firm"] = ""
    content["published_on"] = "2026-05-31"

    assert codes(check_result(content, QUARTERS)) == ["PUBLICATION-002", "PUBLICATION-007"]


def test_a_result_under_an_outline_holds_without_a_level() -> None:
    result = published(sheet=sheet("ffff", pack="outline"))

    assert check_result(result_as_dict(result), edition("outline")) == ()

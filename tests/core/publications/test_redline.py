"""Two results side by side."""

from dataclasses import replace
from typing import Any

from core.publications.test_about import FULL, WORDS
from core.publications.test_results import QUARTERS, published, sheet
from core.scores.score_vectors import edition
from stannary.core.assessments.comparison import Change, compare
from stannary.core.publications import PublishedResult, Redline, redline, redline_as_dict
from stannary.core.standards import Rating

BEFORE = "fffs ffff ffff f-p"
AFTER = "fffp ffff ffff f-f"


def between(before: PublishedResult, after: PublishedResult, one: Any, other: Any) -> Redline:
    return redline(before, after, compare(one, other))


def of(before: str, after: str) -> Redline:
    one, other = sheet(before), sheet(after)
    return between(published(sheet=one), published(sheet=other, result_id="x"), one, other)


def test_every_verdict_that_differs_is_laid_beside_the_one_before() -> None:
    found = of(BEFORE, AFTER)

    assert [(x.requirement, str(x.change), x.fields) for x in found.verdicts] == [
        ("1.1.1.4", "worse", ("rating",)),
        ("4.1.1.3", "better", ("rating",)),
    ]
    assert (found.count(Change.BETTER), found.count(Change.WORSE), found.same) == (1, 1, 13)
    first = found.verdicts[0]
    assert first.before is not None
    assert first.after is not None
    assert (first.before.rating, first.after.rating) == (Rating.SUBSTANTIALLY, Rating.PARTIALLY)


def test_level_and_scores_stand_beside_those_before() -> None:
    found = of(BEFORE, AFTER)

    assert of("???? ffff ffff f-p", BEFORE).level_changed
    assert not of(BEFORE, BEFORE).level_changed
    assert len(found.principles) == len(QUARTERS.principles)
    assert (found.principles[0].before, found.principles[0].after) == ("0.9375", "0.875")
    assert [one.id for one in found.chapters] == [one.id for one in QUARTERS.chapters]


def test_reasons_evidence_and_words_of_the_site_count_as_differences_too() -> None:
    those = sheet(BEFORE)
    before = published(sheet=those, about=FULL)
    after = published(sheet=those, about=FULL, result_id="x", **WORDS)
    fewer = replace(after.verdicts[1], evidence=(), reason="Another.")
    after = replace(after, verdicts=(after.verdicts[0], fewer, *after.verdicts[2:]))

    found = between(before, after, those, those)

    assert [(x.requirement, x.fields) for x in found.verdicts] == [
        ("1.1.1.1", ("site", "ruling")),
        ("1.1.1.2", ("reason", "evidence")),
    ]
    shape: Any = redline_as_dict(found)
    assert shape["verdicts"][0]["after"]["site"] == {"rating": "partially", "reason": ""}
    assert shape["verdicts"][0]["before"]["ruling"] is None
    assert (shape["same"], shape["level_changed"]) == (13, False)
    assert shape["before"]["id"] == "tarn-hill-2026"


def test_what_only_one_of_two_editions_has_stands_alone() -> None:
    one, other = sheet(BEFORE), sheet("ffff", pack="outline")
    before, after = published(sheet=one), published(sheet=other, result_id="x")

    found = between(before, after, one, other)

    new = [x for x in found.verdicts if x.before is None]
    gone = [x for x in found.verdicts if x.after is None]
    assert len(new) == len(edition("outline").requirements)
    assert {x.change for x in found.verdicts} == {Change.NOT_COMPARABLE}
    assert len(new) + len(gone) == len(found.verdicts)
    shape: Any = redline_as_dict(found)
    assert (shape["verdicts"][0]["before"], shape["verdicts"][-1]["after"]) == (None, None)


def test_a_score_without_parts_has_none_to_compare() -> None:
    those = sheet(BEFORE)
    odd = replace(published(sheet=those), score={})

    found = between(odd, published(sheet=those), those, those)

    assert {one.before for one in found.principles} == {None}

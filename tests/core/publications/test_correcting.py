"""A correction stands for itself and says what it changed."""

import datetime
from dataclasses import replace
from typing import Any

import pytest

from core.publications.test_about import FULL, ONE_DAY, WORDS
from core.publications.test_results import PACK, QUARTERS, published, sheet
from core.scores.letters import DAY
from refusals import refused_by
from stannary.core.assessments import RatingSheet, Verdict, rating_sheet
from stannary.core.publications import (
    Earlier,
    Kind,
    Names,
    Notice,
    PublishedResult,
    StepDates,
    changed_between,
    check_result,
    correct,
    result_as_dict,
)
from stannary.core.standards import Rating

LATER = DAY + ONE_DAY
SHA = "cd" * 32
LETTERS = "fffs ffff ffff f-p"


def with_rating(name: str, rating: Rating, why: str = "It was read wrongly.") -> RatingSheet:
    verdicts = dict(sheet(LETTERS).verdicts)
    verdicts[name] = Verdict(name, rating, why)
    return rating_sheet(QUARTERS, verdicts.values())


def corrected(base: PublishedResult, those: RatingSheet, **changes: Any) -> PublishedResult:
    whole: dict[str, Any] = {
        "base_sha256": SHA,
        "result_id": "tarn-hill-2026-b",
        "published_on": LATER,
        "reason": "A typing error.",
    }
    return correct(base, those, **(whole | changes))


@pytest.mark.parametrize("base", [published(LETTERS), published(LETTERS, about=FULL, **WORDS)])
def test_a_correction_keeps_everything_but_what_it_corrects(base: PublishedResult) -> None:
    found = corrected(base, with_rating("4.1.1.3", Rating.FULLY))

    assert found.about is not None
    assert (found.about.kind, found.about.earlier) == (Kind.CORRECTION, Earlier(base.id, SHA))
    assert found.about.notice == Notice("A typing error.", ("score", "derivation", "4.1.1.3"))
    assert (found.as_of, found.published_on, found.first_published_on) == (DAY, LATER, DAY)
    assert found.score != base.score
    assert [one for one in found.verdicts if one.requirement != "4.1.1.3"] == [
        one for one in base.verdicts if one.requirement != "4.1.1.3"
    ]
    assert check_result(result_as_dict(found), QUARTERS, pack_sha256=PACK) == ()


def test_a_verdict_that_is_corrected_no_longer_rests_on_a_ruling() -> None:
    base = published(LETTERS, about=FULL, **WORDS)

    found = corrected(base, with_rating("1.1.1.1", Rating.SUBSTANTIALLY))

    assert base.verdicts[0].ruling is not None
    assert (found.verdicts[0].ruling, found.verdicts[0].site) == (None, base.verdicts[0].site)


def test_names_are_corrected_too() -> None:
    base = published(LETTERS, about=FULL)
    names = Names("Tarn Hill", "Fell Assurance Ltd", "Ada Fell", replace(FULL, team=()))

    found = corrected(base, sheet(LETTERS), names=names)

    assert found.about is not None
    assert found.about.notice == Notice("A typing error.", ("firm", "team"))
    assert found.firm == "Fell Assurance Ltd"


def test_a_correction_changes_something_and_says_why() -> None:
    base = published(LETTERS)

    assert refused_by(lambda: corrected(base, sheet(LETTERS))) == "PUBLICATION-011"
    fixed = with_rating("4.1.1.3", Rating.FULLY)
    assert refused_by(lambda: corrected(base, fixed, reason=" ")) == "PUBLICATION-011"


def test_a_correction_of_a_correction_keeps_the_first_release() -> None:
    first = corrected(published(LETTERS), with_rating("4.1.1.3", Rating.FULLY))

    second = corrected(
        first, sheet(LETTERS), result_id="tarn-hill-2026-c", published_on=LATER + ONE_DAY
    )

    assert second.about is not None
    assert second.about.earlier == Earlier("tarn-hill-2026-b", SHA)
    assert second.first_published_on == DAY


def test_the_first_release_stands_among_the_steps_in_its_place() -> None:
    late = StepDates("surveillance", DAY, DAY)
    base = published(LETTERS, about=replace(FULL, dates=(*FULL.dates, late)))

    found = corrected(base, with_rating("4.1.1.3", Rating.FULLY))

    assert found.about is not None
    assert [one.step for one in found.about.dates] == [
        "stage_1",
        "draft",
        "publication",
        "surveillance",
    ]


def test_a_requirement_that_nobody_spoke_of_may_be_corrected() -> None:
    base = published(sheet=rating_sheet(QUARTERS, [Verdict("1.1.1.1", Rating.FULLY)]))
    those = rating_sheet(
        QUARTERS, [Verdict("1.1.1.1", Rating.FULLY), Verdict("1.1.1.2", Rating.FULLY)]
    )

    found = corrected(base, those)

    assert found.about is not None
    assert found.about.notice is not None
    assert found.about.notice.changed[-1] == "1.1.1.2"


def test_what_differs_is_named_by_key_and_by_requirement() -> None:
    earlier = result_as_dict(published(LETTERS))
    later = result_as_dict(
        published(LETTERS, about=FULL, result_id="x", published_on=DAY + datetime.timedelta(1))
    )

    assert changed_between(earlier, later) == ()
    assert changed_between(earlier, {**earlier, "firm": "Other", "as_of": "2026-05-01"}) == (
        "as_of",
        "firm",
    )
    assert changed_between(earlier, {**earlier, "verdicts": None})[0] == "1.1.1.1"

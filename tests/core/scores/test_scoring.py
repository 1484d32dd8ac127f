"""Rules of the level, by their codes; the vectors hold the many cases."""

import time
from dataclasses import replace
from fractions import Fraction
from functools import partial

import pytest

from core.scores.letters import DAY, QUARTERS, constant, level, scored, with_levels
from core.scores.score_vectors import edition
from refusals import refused_by
from stannary.core.assessments import Verdict, rating_sheet
from stannary.core.scores import LevelOutcome, score
from stannary.core.standards import Level, Rating


def test_an_edition_without_levels_gives_none() -> None:
    outcome = scored("ffff ffff ffff fff", with_levels())

    (finding,) = outcome.findings
    assert finding.message == (
        "SCORE-001: A level is given only under an edition whose requirements are complete and "
        "that has levels. Here: edition=vectors/quarters/1, missing=levels. Load the official "
        "text of the standard, or choose a complete edition."
    )
    assert outcome.level == LevelOutcome(code=None, state="none")
    assert outcome.tests == ()


def test_every_unknown_constant_is_named() -> None:
    levels = (
        level("A"),
        Level("B", "B", "", constant("min_principle_share", None), None, None),
        Level("C", "C", "", None, constant("critical_at_least", None), None),
        Level("D", "D", "", None, None, constant("all_at_least", None)),
    )
    unknown = replace(QUARTERS.ratings[1], points=constant("points", None))
    ratings = (QUARTERS.ratings[0], unknown, *QUARTERS.ratings[2:])

    outcome = scored("ffff ffff ffff fff", replace(QUARTERS, levels=levels, ratings=ratings))

    (finding,) = outcome.findings
    assert finding.code == "SCORE-002"
    assert finding.facts == {
        "unknown": "points of substantially, min_principle_share of B, critical_at_least of C, "
        "all_at_least of D",
        "on": "2026-06-01",
    }
    tally = outcome.principles[0]
    assert (str(tally.points), str(tally.possible), tally.share, tally.rated) == ("0", "0", None, 4)


def test_a_best_rating_that_is_worth_nothing_cannot_be_scored() -> None:
    ratings = tuple(replace(x, points=constant("points", "0")) for x in QUARTERS.ratings)

    outcome = scored("ffff ffff ffff fff", replace(QUARTERS, ratings=ratings))

    (finding,) = outcome.findings
    assert (finding.code, finding.facts["unknown"]) == ("SCORE-002", "points above 0")


def test_nothing_relevant_is_a_reason_of_its_own() -> None:
    (finding,) = scored("---- ---- ---- ---").findings

    assert (finding.code, finding.facts["not_relevant"]) == ("SCORE-003", "15")


def test_an_empty_principle_is_shown_and_left_out() -> None:
    outcome = scored("ffff ---- ffff fff")

    (finding,) = outcome.findings
    assert (finding.code, finding.facts) == ("SCORE-004", {"principle": "2", "not_relevant": "4"})
    assert outcome.level.code == "Q-100"
    assert "2" not in {test.principle for test in outcome.tests}


def test_a_site_below_the_lowest_level_is_told_which_it_is() -> None:
    outcome = scored("nnn", edition("ladder"))

    (finding,) = outcome.findings
    assert (finding.code, finding.facts) == ("SCORE-005", {"lowest_level": "B-25"})
    assert outcome.next_level is not None


def test_what_is_not_relevant_or_pending_is_in_no_count() -> None:
    """SCORE-006."""
    tally = scored("fs-? ffff ffff fff").principles[0]

    assert (tally.points, tally.possible, tally.share) == (
        Fraction(7, 4),
        Fraction(2),
        Fraction(7, 8),
    )
    assert (tally.rated, tally.not_relevant, tally.pending, tally.relevant) == (2, 1, 1, 3)


def test_the_lowest_principle_decides_and_not_the_mean() -> None:
    """SCORE-007."""
    assert scored("ffff ffff ffff pps").level.code == "Q-50"
    assert scored("ffff ffff ffff ppn").level.code == "Q-T"


@pytest.mark.parametrize(
    ("letters", "code"),
    [
        ("ffff ffff ffff ffn", "Q-50"),
        ("ffff ffff ffff fsp", "Q-75"),
        ("ffff ffff ffff fss", "Q-75"),
    ],
)
def test_a_share_just_under_at_and_just_over_three_quarters(letters: str, code: str) -> None:
    """SCORE-008."""
    assert scored(letters).level.code == code


@pytest.mark.parametrize(
    ("letters", "code"),
    [
        ("pfff ffff ffff fff", "Q-T"),
        ("sfff ffff ffff fff", "Q-75"),
        ("ffff ffff ffff fff", "Q-100"),
    ],
)
def test_a_critical_requirement_just_under_at_and_over_what_is_asked(
    letters: str, code: str
) -> None:
    """SCORE-009."""
    assert scored(letters).level.code == code


@pytest.mark.parametrize(("letter", "code"), [("p", "A"), ("s", "B"), ("f", "B")])
def test_a_level_may_ask_something_of_every_requirement_and_of_nothing_else(
    letter: str, code: str
) -> None:
    """SCORE-010."""
    under = with_levels(level("A"), level("B", every="substantially"))

    assert scored(f"ffff ffff ffff ff{letter}", under).level.code == code


def test_a_level_that_asks_for_not_met_or_better_asks_for_nothing() -> None:
    under = with_levels(level("A"), level("B", critical="not_met", every="not_met"))

    outcome = scored("???? ???? nnnn ???", under)

    assert outcome.level == LevelOutcome(code="B", state="determined")
    assert {test.outcome for test in outcome.tests} == {"passed"}


def test_nothing_is_missing_for_a_level_that_asks_for_not_met_or_better() -> None:
    under = with_levels(level("A", share="1/2"), level("B", "1/2", "not_met", "not_met"))

    following = scored("nnnn nnnn ffff ??f", under).next_level

    assert following is not None
    assert following.code == "A"
    assert following.points_needed == (
        ("1", Fraction(2)),
        ("2", Fraction(2)),
        ("4", Fraction(1, 2)),
    )
    higher = scored("?fff ffff ffff ?nf", with_levels(level("A"), *under.levels[1:])).next_level
    assert higher is not None
    assert (higher.code, higher.critical_needed) == ("B", ())
    assert higher.points_needed == (("4", Fraction(1, 2)),)


def test_a_level_without_a_share_may_still_ask_to_lift_every_requirement() -> None:
    """SCORE-012: from 0.5 and from 0 to 0.75, a pending one from nothing."""
    under = with_levels(level("A"), level("B", every="substantially"))

    following = scored("ffps nppf f??f psn", under).next_level

    assert following is not None
    assert following.points_needed == (
        ("1", Fraction(1, 4)),
        ("2", Fraction(3, 4) + 2 * Fraction(1, 4)),
        ("3", 2 * Fraction(3, 4)),
        ("4", Fraction(1, 4) + Fraction(3, 4)),
    )
    assert following.critical_needed == ("2.1.1.1", "3.2.1.1")


def test_pending_tells_the_floor_and_the_ceiling() -> None:
    """SCORE-011."""
    assert scored("ffff f?ff ffff fff").level == LevelOutcome(None, "pending", "Q-75", "Q-100")
    assert scored("ffff f?ff ffff ffp").level == LevelOutcome("Q-75", "determined")


def test_the_next_level_needs_the_smallest_number_of_points() -> None:
    """SCORE-012: exactly what is missing reaches the threshold, and nothing less."""
    outcome = scored("sspn ssss ssss pps")

    following = outcome.next_level
    assert following is not None
    assert (following.code, following.critical_needed) == ("Q-75", ())
    assert following.points_needed == (("1", Fraction(1)), ("4", Fraction(1, 2)))
    for principle, points in following.points_needed:
        tally = next(x for x in outcome.principles if x.id == principle)
        assert (tally.points + points) / tally.possible == Fraction(3, 4)


def test_a_next_level_that_asks_for_everything_lists_the_criticals_below_it() -> None:
    under = with_levels(level("A"), level("B", critical="substantially", every="fully"))

    following = scored("sfff ffff ffff fff", under).next_level

    assert following is not None
    assert following.critical_needed == ("1.1.1.1",)
    assert following.points_needed == (("1", Fraction(1, 4)),)


def test_a_test_of_a_level_tells_how_near_it_was() -> None:
    outcome = scored("ffff f?ff ffff fsp")

    tests = {(test.level, test.principle): test for test in outcome.tests if test.principle}
    second = tests["Q-75", "2"]
    assert second.outcome == "passed"
    assert (second.low, second.high) == (Fraction(3, 4), Fraction(1))
    assert (second.low_margin, second.high_margin) == (Fraction(0), Fraction(1))
    assert second.pending == 1
    assert (second.count, second.needed_share) == (4, Fraction(3, 4))
    assert tests["Q-100", "2"].outcome == "open"
    assert tests["Q-100", "4"].outcome == "failed"
    assert tests["Q-100", "4"].high_margin == Fraction(-3, 4)
    every = next(test for test in outcome.tests if test.kind == "all_at_least")
    assert (every.below, every.pending, every.count) == (("4.1.1.2", "4.1.1.3"), 1, 15)
    assert every.needed_rating is Rating.FULLY


def test_a_test_that_asks_for_a_word_that_is_no_rating_is_refused() -> None:
    for word in ("pending", "excellent"):
        under = with_levels(level("A", critical=word))
        assert refused_by(partial(scored, "ffff ffff ffff fff", under)) == "KERNEL-004"


@pytest.mark.untraced
def test_five_hundred_requirements_are_scored_in_less_than_five_milliseconds() -> None:
    requirements = tuple(
        replace(QUARTERS.requirements[n % 15], id=f"{QUARTERS.requirements[n % 15].chapter}.2.{n}")
        for n in range(500)
    )
    under = replace(QUARTERS, requirements=requirements)
    sheet = rating_sheet(
        under, [Verdict(x.id, list(Rating)[n % 4]) for n, x in enumerate(requirements)]
    )
    seconds = []
    for _ in range(20):
        begin = time.perf_counter()
        score(sheet, as_of=DAY)
        seconds.append(time.perf_counter() - begin)

    assert min(seconds) < 0.005

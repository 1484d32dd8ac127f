"""The program agrees with a second, naive implementation on 10 000 random assessments."""

from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.scores.oracle import WORDS, NaiveLevel, NaiveRequirement, NaiveStandard, naive_score
from core.scores.random_assessments import (
    DAY,
    as_edition,
    as_sheet,
    random_ratings,
    random_standard,
)
from stannary.core.scores import Score, derivation, score, score_as_dict, step_text
from stannary.core.standards import check_edition

PARTS = 5
SEEDS = 50
ASSESSMENTS_A_STANDARD = 4
STANDARDS_A_SEED = 10


def plain(outcome: Score) -> dict[str, Any]:
    """A score in the plain values of the oracle."""

    def tally(x: Any) -> dict[str, Any]:
        keys = ("id", "points", "possible", "share", "rated", "not_relevant", "pending")
        return {key: getattr(x, key) for key in keys}

    following = outcome.next_level
    critical = outcome.critical
    return {
        "principles": [tally(x) for x in outcome.principles],
        "chapters": [tally(x) for x in outcome.chapters],
        "critical": {
            "relevant": critical.relevant,
            "at_least_substantially": critical.at_least_substantially,
            "fully": critical.fully,
            "pending": critical.pending,
            "unmet": list(critical.unmet),
        },
        "level": {
            "code": outcome.level.code,
            "state": outcome.level.state,
            "floor": outcome.level.floor,
            "ceiling": outcome.level.ceiling,
        },
        "next_level": None
        if following is None
        else {
            "code": following.code,
            "points_needed": list(following.points_needed),
            "critical_needed": list(following.critical_needed),
        },
        "findings": [finding.code for finding in outcome.findings],
    }


@pytest.mark.parametrize("part", range(PARTS))
@settings(max_examples=SEEDS, deadline=None)
@given(seed=st.integers(0, 2**64 - 1))
def test_ten_thousand_random_assessments_agree_with_the_naive_implementation(
    part: int, seed: int
) -> None:
    random = Random(PARTS * seed + part)  # noqa: S311 - chosen by hypothesis, nothing secret
    for _ in range(STANDARDS_A_SEED):
        standard = random_standard(random)
        edition = as_edition(standard)
        assert check_edition(edition) == ()
        for _ in range(ASSESSMENTS_A_STANDARD):
            ratings = random_ratings(random, standard)

            outcome = score(as_sheet(edition, ratings), as_of=DAY)

            assert plain(outcome) == naive_score(standard, ratings), (standard, ratings)
            assert score_as_dict(outcome)["standard"] == edition.id
            assert all(step_text(step) for step in derivation(outcome, edition))


def test_the_seeds_make_ten_thousand_assessments() -> None:
    assert PARTS * SEEDS * STANDARDS_A_SEED * ASSESSMENTS_A_STANDARD == 10_000


def test_the_random_assessments_are_full_of_ties_and_of_every_outcome() -> None:
    random = Random(20260601)  # noqa: S311 - a fixed sample
    ties = 0
    states: dict[str, int] = {"determined": 0, "pending": 0, "none": 0}
    for _ in range(400):
        standard = random_standard(random)
        outcome = score(as_sheet(as_edition(standard), random_ratings(random, standard)), as_of=DAY)
        states[outcome.level.state] += 1
        ties += any(
            test.kind == "principle_share" and 0 in (test.low_margin, test.high_margin)
            for test in outcome.tests
        )

    assert ties > 80
    assert min(states.values()) > 20


def test_the_naive_implementation_itself_follows_the_rules_by_hand() -> None:
    standard = NaiveStandard(
        principles=("1",),
        chapters=(("1.1", "1"),),
        requirements=(
            NaiveRequirement("1.1.1.1", "1.1", "1", critical=True),
            NaiveRequirement("1.1.1.2", "1.1", "1", critical=False),
        ),
        points=dict(zip(WORDS, map(Fraction, ("1", "0.75", "0.5", "0")), strict=True)),
        levels=(
            NaiveLevel("LOW"),
            NaiveLevel("HALF", Fraction(1, 2), "substantially"),
            NaiveLevel("TOP", Fraction(1), "fully", "fully"),
        ),
    )

    level = naive_score(standard, {"1.1.1.1": "fully", "1.1.1.2": "not_met"})["level"]
    assert level["code"] == "HALF"
    level = naive_score(standard, {"1.1.1.1": "partially", "1.1.1.2": "fully"})["level"]
    assert level["code"] == "LOW"
    level = naive_score(standard, {"1.1.1.1": "fully"})["level"]
    assert (level["floor"], level["ceiling"]) == ("HALF", "TOP")

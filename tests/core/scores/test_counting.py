"""Ratings counted, and points weighed in whole units."""

from dataclasses import replace
from fractions import Fraction

import pytest

from core.scores.letters import DAY, LETTERS, constant
from core.scores.score_vectors import edition
from stannary.core.assessments import Verdict, rating_sheet
from stannary.core.scores.counting import NOT_RELEVANT, PENDING, Count, Scale, count, scale_on
from stannary.core.standards import SCORED


@pytest.mark.parametrize(
    ("pack", "units", "per_point"),
    [
        ("quarters", (4, 3, 2, 0), 4),
        ("thirds", (3, 2, 1, 0), 3),
        ("ladder", (20, 15, 10, 4), 5),
        (
            "hairline",
            (10_000_000_000_000, 7_500_000_000_001, 7_499_999_999_999, 0),
            10_000_000_000_000,
        ),
    ],
)
def test_points_become_the_smallest_whole_units(
    pack: str, units: tuple[int, ...], per_point: int
) -> None:
    assert scale_on(edition(pack), DAY) == Scale(units, per_point)


def test_a_scale_with_an_unknown_or_worthless_rating_is_none() -> None:
    quarters = edition("quarters")
    for value in (None, "0"):
        ratings = tuple(replace(x, points=constant("points", value)) for x in quarters.ratings)
        assert scale_on(replace(quarters, ratings=ratings), DAY) is None


def test_every_requirement_is_counted_once_in_its_chapter_and_principle() -> None:
    under = edition("quarters")
    letters = "fspn -?ff ffff sss"
    ratings = [LETTERS[letter] for letter in letters.replace(" ", "")]
    sheet = rating_sheet(
        under,
        [
            Verdict(x.id, rating, "why")
            for x, rating in zip(under.requirements, ratings, strict=True)
        ],
    )

    counts = count(sheet)

    assert counts.principles == (
        Count("1", (1, 1, 1, 1, 0, 0)),
        Count("2", (2, 0, 0, 0, 1, 1)),
        Count("3", (4, 0, 0, 0, 0, 0)),
        Count("4", (0, 3, 0, 0, 0, 0)),
    )
    assert [found.id for found in counts.chapters] == ["1.1", "2.1", "3.1", "3.2", "4.1"]
    assert counts.chapters[2].by_place == counts.chapters[3].by_place == (2, 0, 0, 0, 0, 0)
    assert len(counts.places) == 14
    assert counts.criticals == (("1.1.1.1", 0), ("3.2.1.1", 0))


def test_a_count_gives_a_tally_with_and_without_points() -> None:
    found = Count("2", (1, 1, 0, 0, 3, 2))

    tally = found.tally(Scale((4, 3, 2, 0), 4))

    assert (tally.points, tally.possible) == (Fraction(7, 4), Fraction(2))
    assert tally.share == Fraction(7, 8)
    assert (tally.rated, tally.not_relevant, tally.pending) == (2, 3, 2)
    assert (found.rated, found.pending, found.relevant) == (2, 2, 4)
    assert found.tally(None).share is None
    assert Count("2", (0, 0, 0, 0, 1, 1)).tally(Scale((4, 3, 2, 0), 4)).share is None


def test_places_follow_the_scored_ratings() -> None:
    assert (len(SCORED), len(SCORED) + 1) == (NOT_RELEVANT, PENDING)

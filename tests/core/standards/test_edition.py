import datetime
from dataclasses import replace
from fractions import Fraction

import pytest

from core.standards.made_up import EDITION, FIRST_DAY, constant, dated, requirement, scale
from stannary.core.standards import SCORED, Rating, at_least


@pytest.mark.parametrize("better", range(4))
@pytest.mark.parametrize("worse", range(4))
def test_a_rating_is_at_least_as_good_as_itself_and_all_worse_ones(better: int, worse: int) -> None:
    assert at_least(SCORED[better], SCORED[worse]) is (better <= worse)


def test_an_edition_is_known_by_publisher_standard_and_edition() -> None:
    assert EDITION.id == "example/made-up/1.0"


def test_a_requirement_knows_its_principle_and_section_from_its_id() -> None:
    entry = requirement("3.10.2.14")

    assert (entry.principle, entry.chapter, entry.section) == ("3", "3.10", "3.10.2")


def test_parts_of_an_edition_are_found_by_id() -> None:
    assert EDITION.requirement_by_id["1.2.1.1"].chapter == "1.2"
    assert EDITION.chapter_by_id["2.1"].principle == "2"
    assert EDITION.level_by_code["HALF"].title == "Half"


def test_requirements_of_a_chapter_keep_their_order_and_an_empty_chapter_has_none() -> None:
    edition = replace(EDITION, requirements=EDITION.requirements[:2])
    ids = {
        name: [entry.id for entry in those]
        for name, those in edition.requirements_by_chapter.items()
    }

    assert ids == {"1.1": ["1.1.1.1", "1.1.1.2"], "1.2": [], "2.1": []}


@pytest.mark.parametrize(
    ("code", "rank"), [("SEEN", 0), ("HALF", 1), ("FULL", 2), ("half", -1), ("", -1)]
)
def test_levels_rank_from_the_lowest_and_an_unknown_code_ranks_below_all(
    code: str, rank: int
) -> None:
    assert EDITION.rank(code) == rank


@pytest.mark.parametrize(
    ("day", "points"),
    [
        (datetime.date(2026, 6, 30), Fraction(3, 4)),  # the day before
        (datetime.date(2026, 7, 1), Fraction(2, 3)),  # the day itself
        (datetime.date(2026, 7, 2), Fraction(2, 3)),
    ],
)
def test_points_are_those_in_force_on_the_day(day: datetime.date, points: Fraction) -> None:
    changed = replace(EDITION, ratings=scale("1", "0.75", "0.5", "0"))
    later = dated("2/3", datetime.date(2026, 7, 1))
    substantially = replace(changed.ratings[1], points=constant(dated("0.75"), later))
    changed = replace(changed, ratings=(changed.ratings[0], substantially, *changed.ratings[2:]))

    assert changed.points_on(day)[Rating.SUBSTANTIALLY] == points


def test_a_rating_whose_points_are_unknown_has_no_points() -> None:
    edition = replace(EDITION, ratings=scale("1", None, "0.5", "0"))

    assert Rating.SUBSTANTIALLY not in edition.points_on(FIRST_DAY)
    assert edition.points_on(FIRST_DAY)[Rating.NOT_MET] == 0

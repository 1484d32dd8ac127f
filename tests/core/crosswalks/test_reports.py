"""What ratings under one standard say about another."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.crosswalks.links import LEAD, OTHER, PATIENT, crosswalk, link
from core.crosswalks.test_crosswalk import crosswalks
from stannary.core.crosswalks import Crosswalk, GapState, Link, clause_rating, gap_report
from stannary.core.standards import Rating

FULL, MOST, PART, UNMET, NONE, OPEN = Rating
ALMOST = Fraction(999_999, 1_000_000)


def state(*links: Link, **ratings: Rating) -> GapState:
    """Give the state of requirement 5.1.1.1, ratings named r1111 for 1.1.1.1."""
    said = {".".join(name[1:]): rating for name, rating in ratings.items()}
    report = gap_report(crosswalk(*links), LEAD, OTHER, said)
    return report.gaps[0].state


WHOLE = link("1.1.1.1", "5.1.1.1")


@pytest.mark.parametrize(
    ("rating", "expected"),
    [
        (FULL, GapState.SHOWN),
        (MOST, GapState.PARTLY),
        (PART, GapState.PARTLY),
        (UNMET, GapState.GAP),
        (NONE, GapState.NOT_RATED),
        (OPEN, GapState.NOT_RATED),
    ],
)
def test_the_rating_of_what_covers_it_whole_decides(rating: Rating, expected: GapState) -> None:
    assert state(WHOLE, r1111=rating) is expected


def test_what_is_not_named_is_not_rated() -> None:
    assert state(WHOLE) is GapState.NOT_RATED


def test_a_part_fully_met_is_a_part() -> None:
    assert state(link("1.1.1.1", "5.1.1.1", "subset", coverage=ALMOST), r1111=FULL) is (
        GapState.PARTLY
    )


def test_a_gap_needs_ratings_on_all_sides() -> None:
    two = (link("1.1.1.1", "5.1.1.1", "subset"), link("1.1.1.2", "5.1.1.1", "superset"))

    assert state(*two, r1111=UNMET, r1112=UNMET) is GapState.GAP
    assert state(*two, r1111=UNMET, r1112=NONE) is GapState.GAP
    assert state(*two, r1111=UNMET, r1112=OPEN) is GapState.NOT_RATED
    assert state(*two, r1111=UNMET, r1112=PART) is GapState.PARTLY
    assert state(*two, r1111=UNMET, r1112=FULL) is GapState.SHOWN
    assert state(*two, r1111=PART, r1112=OPEN) is GapState.PARTLY


def test_a_chapter_counts_by_all_its_requirements() -> None:
    whole = link("1.1", "5.1.1.1", "superset")

    assert state(whole, r1111=FULL, r1112=FULL) is GapState.SHOWN
    assert state(whole, r1111=FULL, r1112=MOST) is GapState.PARTLY
    assert state(whole, r1111=FULL, r1112=UNMET) is GapState.PARTLY
    assert state(whole, r1111=UNMET, r1112=UNMET) is GapState.GAP
    assert state(whole, r1111=FULL) is GapState.NOT_RATED
    assert state(whole, r1111=FULL, r1112=NONE) is GapState.SHOWN


def test_without_a_judgement_on_it_ratings_say_nothing() -> None:
    good = {"r1111": FULL, "r1112": FULL}

    assert state(link("1.1", "5.1", "intersects"), **good) is GapState.PERHAPS
    assert state(link("", "5.1.1.1", "none"), **good) is GapState.ASK
    assert state(link("1.1.1.1", "5.1.1.1", "none"), **good) is GapState.UNEXAMINED
    assert state(**good) is GapState.UNEXAMINED


def test_a_report_shows_on_which_links_each_requirement_rests() -> None:
    judged = crosswalk(link("1.1", "5.1", "intersects"), WHOLE, link("", "5.2", "none"))
    report = gap_report(judged, LEAD, OTHER, {"1.1.1.1": FULL, "1.1.1.2": UNMET})

    assert (report.first, report.second) == (LEAD.id, OTHER.id)
    assert [(one.first, rating) for one, rating in report.gaps[0].by] == [
        ("1.1.1.1", FULL),
        ("1.1", PART),
    ]
    assert [str(gap.state) for gap in report.gaps] == ["shown", "perhaps", "perhaps", "ask"]
    assert report.count(GapState.PERHAPS) == 2


def test_a_clause_that_the_first_edition_lacks_is_not_rated() -> None:
    shorter = replace(LEAD, requirements=LEAD.requirements[1:])
    report = gap_report(crosswalk(WHOLE), shorter, OTHER, {"1.1.1.1": FULL})

    assert report.gaps[0].state is GapState.NOT_RATED


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        ([], OPEN),
        ([NONE], NONE),
        ([NONE, NONE], NONE),
        ([FULL, OPEN], OPEN),
        ([FULL, NONE], FULL),
        ([FULL, MOST], MOST),
        ([FULL, PART], PART),
        ([FULL, UNMET], PART),
        ([UNMET, NONE], UNMET),
        ([UNMET, UNMET], UNMET),
    ],
)
def test_a_clause_is_never_better_than_its_worst_requirement(
    ratings: list[Rating], expected: Rating
) -> None:
    assert clause_rating(ratings) is expected


@PATIENT
@given(
    crosswalks(),
    st.dictionaries(st.sampled_from(sorted(LEAD.requirement_by_id)), st.sampled_from(Rating)),
)
def test_the_counts_of_a_report_add_up(judged: Crosswalk, ratings: dict[str, Rating]) -> None:
    report = gap_report(judged, LEAD, OTHER, ratings)

    assert sum(report.count(one) for one in GapState) == len(OTHER.requirements)
    shown = [gap for gap in report.gaps if gap.state is GapState.SHOWN]
    assert all(any(one.coverage == 1 and rating is FULL for one, rating in gap.by) for gap in shown)

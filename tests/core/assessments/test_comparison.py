import pytest

from core.standards.made_up import EDITION
from core.standards.test_transitions import AFTER, MOVES, move, transition
from stannary.core.assessments import RatingSheet, Verdict
from stannary.core.assessments.comparison import Change, compare
from stannary.core.standards import Edition, Rating


def sheet(edition: Edition = EDITION, **ratings: Rating) -> RatingSheet:
    """Give a sheet from ratings by id, written with underscores: r1_1_1_1."""
    verdicts = {
        name[1:].replace("_", "."): Verdict(name[1:].replace("_", "."), rating)
        for name, rating in ratings.items()
    }
    return RatingSheet(edition, verdicts)


@pytest.mark.parametrize(
    ("was", "now", "change"),
    [
        (Rating.FULLY, Rating.FULLY, Change.SAME),
        (Rating.PARTIALLY, Rating.SUBSTANTIALLY, Change.BETTER),
        (Rating.FULLY, Rating.SUBSTANTIALLY, Change.WORSE),
        (Rating.NOT_RELEVANT, Rating.FULLY, Change.RELEVANCE),
        (Rating.FULLY, Rating.NOT_RELEVANT, Change.RELEVANCE),
        (Rating.NOT_RELEVANT, Rating.NOT_RELEVANT, Change.SAME),
        (Rating.PENDING, Rating.FULLY, Change.UNRATED),
        (Rating.FULLY, Rating.PENDING, Change.UNRATED),
    ],
)
def test_two_ratings_of_one_demand_are_compared(was: Rating, now: Rating, change: Change) -> None:
    result = compare(sheet(r1_1_1_1=was), sheet(r1_1_1_1=now))

    row = result.rows[0]
    assert (row.requirement, row.before, row.now, row.change) == ("1.1.1.1", was, now, change)


def test_changes_are_counted_in_all_and_by_chapter() -> None:
    result = compare(
        sheet(r1_1_1_1=Rating.FULLY, r1_1_1_2=Rating.FULLY, r2_1_1_1=Rating.NOT_MET),
        sheet(r1_1_1_1=Rating.PARTIALLY, r1_1_1_2=Rating.PARTIALLY, r2_1_1_1=Rating.FULLY),
    )

    assert (result.count(Change.WORSE), result.count(Change.BETTER)) == (2, 1)
    assert result.by_chapter(EDITION)["1.1"] == {Change.WORSE: 2}
    assert result.by_chapter(EDITION)["1.2"] == {Change.UNRATED: 1}


def test_under_a_newer_edition_only_what_stayed_the_same_is_compared() -> None:
    moves = (
        *MOVES[:2],
        move("reworded", "1.2.1.1", "2.1.1.2", again=False),
        MOVES[3],
    )
    before = sheet(
        r1_1_1_1=Rating.FULLY, r1_1_1_2=Rating.FULLY, r1_2_1_1=Rating.FULLY, r2_1_1_1=Rating.FULLY
    )
    now = sheet(AFTER, r1_1_1_1=Rating.PARTIALLY, r1_1_1_2=Rating.FULLY, r2_1_1_2=Rating.FULLY)

    changes = {row.requirement: row.change for row in compare(before, now, transition(*moves)).rows}

    assert changes == {
        "1.1.1.1": Change.WORSE,
        "1.1.1.2": Change.NOT_COMPARABLE,
        "1.1.1.3": Change.NOT_COMPARABLE,
        "2.1.1.1": Change.UNRATED,
        "2.1.1.2": Change.SAME,
    }


def test_a_demand_whose_words_changed_in_substance_is_not_compared() -> None:
    moves = (*MOVES[:2], move("reworded", "1.2.1.1", "2.1.1.2", again=True), MOVES[3])
    before, now = sheet(r1_2_1_1=Rating.FULLY), sheet(AFTER, r2_1_1_2=Rating.FULLY)

    assert compare(before, now, transition(*moves)).rows[-1].change is Change.NOT_COMPARABLE


def test_editions_without_a_known_transition_are_not_compared() -> None:
    result = compare(sheet(r1_1_1_1=Rating.FULLY), sheet(AFTER, r1_1_1_1=Rating.FULLY))

    assert result.count(Change.NOT_COMPARABLE) == len(AFTER.requirements)

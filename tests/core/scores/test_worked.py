"""What each requirement gives adds up to what the score says."""

from fractions import Fraction

import pytest

from core.scores.letters import DAY, LETTERS
from core.scores.score_vectors import edition
from stannary.core.assessments import RatingSheet, Verdict, rating_sheet
from stannary.core.scores import score
from stannary.core.scores.worked import worked
from stannary.core.standards import Rating


def sheet(letters: str, pack: str = "quarters") -> RatingSheet:
    under = edition(pack)
    ratings = [LETTERS[letter] for letter in letters.replace(" ", "")]
    return rating_sheet(
        under,
        [
            Verdict(one.id, rating, "Why.")
            for one, rating in zip(under.requirements, ratings, strict=True)
        ],
    )


@pytest.mark.parametrize(
    "letters",
    ["fffs ffff ffff f-p", "???? ffff ffff fff", "---- ---- ---- ---", "nnnn pppp ssss fff"],
)
def test_the_points_of_the_requirements_add_up_to_those_of_the_chapters(letters: str) -> None:
    those = sheet(letters)

    found = worked(those, as_of=DAY)

    chapters = score(those, as_of=DAY).chapters
    assert [(one.id, one.points, one.possible) for one in found] == [
        (one.id, one.points, one.possible) for one in chapters
    ]
    assert [row.requirement for one in found for row in one.rows] == [
        one.id for one in those.edition.requirements
    ]


def test_what_is_not_relevant_or_not_rated_is_in_no_count() -> None:
    rows = {
        row.requirement: row
        for chapter in worked(sheet("fsp- ???? ffff fff"), as_of=DAY)
        for row in chapter.rows
    }

    assert [rows[f"1.1.1.{n}"].points for n in (1, 2, 3, 4)] == [
        1,
        Fraction(3, 4),
        Fraction(1, 2),
        None,
    ]
    assert (rows["1.1.1.4"].rating, rows["1.1.1.4"].possible) == (Rating.NOT_RELEVANT, None)
    assert rows["1.1.1.1"].critical
    assert rows["1.1.1.1"].possible == 1


def test_nothing_counts_where_no_points_are_known() -> None:
    found = worked(sheet("ff", pack="dated"), as_of=DAY)

    assert {row.points for one in found for row in one.rows} == {None}
    assert {one.possible for one in found} == {Fraction(0)}

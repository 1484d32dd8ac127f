"""A score worked out by hand: what each requirement gives, and how it adds up to the level.

It says what `score` says, requirement by requirement, so that a stranger can add it up again.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from stannary.core.assessments import RatingSheet
from stannary.core.scores.counting import scale_on
from stannary.core.standards import SCORED, Rating


@dataclass(frozen=True, slots=True)
class WorkedRow:
    """One requirement.

    Attributes:
        requirement: Id.
        critical: Whether the edition calls it critical.
        rating: That counts.
        points: That it gives; None where it is in no count: not relevant, not rated, or no points
            are known on the day.
        possible: That it could give; None in the same cases.
    """

    requirement: str
    critical: bool
    rating: Rating
    points: Fraction | None
    possible: Fraction | None


@dataclass(frozen=True, slots=True)
class WorkedChapter:
    """A chapter with its requirements, and what they add up to."""

    id: str
    principle: str
    rows: tuple[WorkedRow, ...]
    points: Fraction
    possible: Fraction


def worked(sheet: RatingSheet, *, as_of: datetime.date) -> tuple[WorkedChapter, ...]:
    """Give what each requirement gives, by chapter in the edition's order.

    Args:
        sheet: The ratings; a requirement that it does not name is pending.
        as_of: The day whose points count.
    """
    scale = scale_on(sheet.edition, as_of)
    points = sheet.edition.points_on(as_of) if scale is not None else {}
    by_chapter: dict[str, list[WorkedRow]] = {one.id: [] for one in sheet.edition.chapters}
    for one in sheet.edition.requirements:
        rating = sheet.rating(one.id)
        counts = rating in SCORED and rating in points
        by_chapter[one.chapter].append(
            WorkedRow(
                requirement=one.id,
                critical=one.critical,
                rating=rating,
                points=points[rating] if counts else None,
                possible=points[Rating.FULLY] if counts else None,
            )
        )
    return tuple(
        WorkedChapter(
            id=chapter.id,
            principle=chapter.principle,
            rows=tuple(by_chapter[chapter.id]),
            points=_sum(row.points for row in by_chapter[chapter.id]),
            possible=_sum(row.possible for row in by_chapter[chapter.id]),
        )
        for chapter in sheet.edition.chapters
    )


def _sum(values: Iterable[Fraction | None]) -> Fraction:
    return sum((value for value in values if value is not None), Fraction(0))

"""Ratings counted per chapter and principle, and weighed in whole numbers.

Points are fractions such as 0.75 or 1/3. They are multiplied once by the least common multiple
of their denominators, so that the counting itself adds whole numbers and stays exact.
"""

import datetime
import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from stannary.core.assessments import RatingSheet
from stannary.core.scores.outcomes import CriticalTally, Tally
from stannary.core.standards import SCORED, Edition, Rating

BEST = 0
SUBSTANTIALLY = SCORED.index(Rating.SUBSTANTIALLY)
WORST = len(SCORED) - 1
NOT_RELEVANT = len(SCORED)
PENDING = NOT_RELEVANT + 1
PLACE = {rating: n for n, rating in enumerate((*SCORED, Rating.NOT_RELEVANT, Rating.PENDING))}
"""Place of a rating in every list of counts: scored ones best first, then the other two."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Points of the four scored ratings in whole units, best first.

    Attributes:
        units: Points times `per_point`.
        per_point: How many units make a point, 1 or more.
    """

    units: tuple[int, ...]
    per_point: int

    @property
    def best(self) -> int:
        """Units that a requirement can have at most, 1 or more."""
        return self.units[BEST]


@dataclass(frozen=True, slots=True)
class Count:
    """How many requirements of a principle or chapter have each rating, by `PLACE`."""

    id: str
    by_place: tuple[int, ...]

    @property
    def rated(self) -> int:
        """How many carry points."""
        return sum(self.by_place[:NOT_RELEVANT])

    @property
    def relevant(self) -> int:
        """How many are rated or pending."""
        return self.rated + self.pending

    @property
    def pending(self) -> int:
        """How many are not rated yet."""
        return self.by_place[PENDING]

    def units(self, scale: Scale) -> int:
        """Units given to what is rated."""
        return sum(
            count * units for count, units in zip(self.by_place[:4], scale.units, strict=True)
        )

    def tally(self, scale: Scale | None) -> Tally:
        """Give points, possible points and share; without a scale there are none."""
        given = Fraction(self.units(scale), scale.per_point) if scale else Fraction(0)
        possible = Fraction(self.rated * scale.best, scale.per_point) if scale else Fraction(0)
        return Tally(
            id=self.id,
            points=given,
            possible=possible,
            share=given / possible if possible else None,
            rated=self.rated,
            not_relevant=self.by_place[NOT_RELEVANT],
            pending=self.pending,
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """Everything that the tests of levels look at.

    Attributes:
        principles: In the edition's order.
        chapters: In the edition's order.
        places: Id and place of the rating of each requirement that is relevant or pending, in
            the edition's order.
        criticals: Those of them that are critical.
    """

    principles: tuple[Count, ...]
    chapters: tuple[Count, ...]
    places: tuple[tuple[str, int], ...]
    criticals: tuple[tuple[str, int], ...]

    def critical_tally(self) -> CriticalTally:
        """Count the critical requirements."""
        found = [place for _, place in self.criticals]
        return CriticalTally(
            relevant=len(found),
            at_least_substantially=sum(place <= SUBSTANTIALLY for place in found),
            fully=found.count(BEST),
            pending=found.count(PENDING),
            unmet=tuple(
                name for name, place in self.criticals if SUBSTANTIALLY < place < NOT_RELEVANT
            ),
        )


def scale_on(edition: Edition, day: datetime.date) -> Scale | None:
    """Give the points in force on a day; None if one is unknown or the best is worth nothing."""
    points = edition.points_on(day)
    if any(rating not in points for rating in SCORED) or points[Rating.FULLY] <= 0:
        return None
    per_point = math.lcm(*(points[rating].denominator for rating in SCORED))
    units = tuple(int(points[rating] * per_point) for rating in SCORED)
    return Scale(units=units, per_point=per_point)


def count(sheet: RatingSheet) -> Counts:
    """Count the ratings of a sheet, each requirement of the edition once."""
    edition = sheet.edition
    by_chapter = {chapter.id: [0] * (PENDING + 1) for chapter in edition.chapters}
    verdicts = sheet.verdicts
    places: list[tuple[str, int]] = []
    criticals: list[tuple[str, int]] = []
    for requirement in edition.requirements:
        verdict = verdicts.get(requirement.id)
        place = PENDING if verdict is None else PLACE[verdict.rating]
        by_chapter[requirement.chapter][place] += 1
        if place != NOT_RELEVANT:
            places.append((requirement.id, place))
            if requirement.critical:
                criticals.append((requirement.id, place))
    chapters = tuple(Count(name, tuple(those)) for name, those in by_chapter.items())
    principles = tuple(
        Count(
            principle.id,
            _sum(by_chapter[x.id] for x in edition.chapters if x.principle == principle.id),
        )
        for principle in edition.principles
    )
    return Counts(principles, chapters, tuple(places), tuple(criticals))


def _sum(counts: Iterable[list[int]]) -> tuple[int, ...]:
    total = [0] * (PENDING + 1)
    for those in counts:
        for place, number in enumerate(those):
            total[place] += number
    return tuple(total)

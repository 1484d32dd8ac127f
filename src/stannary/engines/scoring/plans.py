"""An edition on a day, as the whole numbers that an engine compares."""

import datetime
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from stannary.core.assessments import RatingSheet
from stannary.core.kernel import Finding
from stannary.core.scores import score
from stannary.core.scores.counting import PLACE, WORST, Scale, scale_on
from stannary.core.scores.rules import CONSTANTS_ARE_KNOWN, EDITION_CAN_GIVE_A_LEVEL
from stannary.core.standards import Edition

NO_LEVEL = -1
"""Stands where there is no level."""


@dataclass(frozen=True, slots=True)
class LevelTests:
    """What a level asks, a test that is not made being one that always passes.

    Attributes:
        code: Of the level.
        numerator: Of the share that each principle must reach; 0 when none is asked.
        denominator: Of that share; 0 when none is asked.
        worst_critical: Code of the worst rating that a relevant critical requirement may have.
        worst: The same for any relevant requirement.
    """

    code: str
    numerator: int
    denominator: int
    worst_critical: int
    worst: int


@dataclass(frozen=True)
class Plan:
    """An edition on a day, ready to score many assessments; made by `plan_of`.

    Attributes:
        edition: Whose requirements are rated.
        as_of: The day whose points and thresholds are used.
        scale: Points in whole units, best rating first; all 0 where points are unknown.
        levels: Lowest first; empty when there can be no level.
        reasons: Why there can be no level, SCORE-001 and SCORE-002; empty when there can.
        stretches: First and last place (not included) of neighbouring requirements of one
            principle, and that principle's place.
        sizes: How many requirements each principle has.
        criticals: Places of the critical requirements.
    """

    edition: Edition
    as_of: datetime.date
    scale: Scale
    levels: tuple[LevelTests, ...]
    reasons: tuple[Finding, ...]
    stretches: tuple[tuple[int, int, int], ...]
    sizes: tuple[int, ...]
    criticals: tuple[int, ...]

    @cached_property
    def most(self) -> int:
        """The largest number that is compared or counted, whatever the ratings are."""
        units = max(1, *self.scale.units)
        factors = (max(level.numerator, level.denominator) for level in self.levels)
        return max(self.sizes, default=0) * units * max(1, *factors, 1)


def plan_of(edition: Edition, *, as_of: datetime.date) -> Plan:
    """Read from the core rule what is compared under an edition on a day.

    The tests are those that `score` makes of a sheet on which everything is pending, so that no
    threshold is read twice and in two ways.

    Args:
        edition: Sound by `check_edition`.
        as_of: The day; an earlier one than the edition's first takes its first values.

    Raises:
        RefusalError: KERNEL-004 if a constant of the edition has the wrong kind.
    """
    outcome = score(RatingSheet(edition=edition, verdicts={}), as_of=as_of)
    of_the_edition = (EDITION_CAN_GIVE_A_LEVEL, CONSTANTS_ARE_KNOWN)
    reasons = tuple(x for x in outcome.findings if x.rule in of_the_edition)
    shares: dict[str, Fraction] = {}
    worst: dict[tuple[str, str], int] = {}
    for test in outcome.tests:
        if test.needed_share is not None:
            shares[test.level] = test.needed_share
        if test.needed_rating is not None:
            worst[test.level, test.kind] = PLACE[test.needed_rating]
    levels = tuple(
        LevelTests(
            code=level.code,
            numerator=shares[level.code].numerator if level.code in shares else 0,
            denominator=shares[level.code].denominator if level.code in shares else 0,
            worst_critical=worst.get((level.code, "critical_at_least"), WORST),
            worst=worst.get((level.code, "all_at_least"), WORST),
        )
        for level in edition.levels
    )
    places = _principles(edition)
    return Plan(
        edition=edition,
        as_of=as_of,
        scale=scale_on(edition, as_of) or Scale(units=(0, 0, 0, 0), per_point=1),
        levels=() if reasons else levels,
        reasons=reasons,
        stretches=_stretches(places),
        sizes=tuple(places.count(n) for n in range(len(edition.principles))),
        criticals=tuple(n for n, x in enumerate(edition.requirements) if x.critical),
    )


def _principles(edition: Edition) -> list[int]:
    """Give the place of the principle of each requirement."""
    place = {principle.id: n for n, principle in enumerate(edition.principles)}
    return [place[edition.chapter_by_id[x.chapter].principle] for x in edition.requirements]


def _stretches(places: list[int]) -> tuple[tuple[int, int, int], ...]:
    found: list[tuple[int, int, int]] = []
    begin = 0
    for end in range(1, len(places) + 1):
        if end == len(places) or places[end] != places[begin]:
            found.append((begin, end, places[begin]))
            begin = end
    return tuple(sorted(found, key=lambda stretch: stretch[2]))

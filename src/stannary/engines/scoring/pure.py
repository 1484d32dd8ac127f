"""The engine that needs nothing but Python: for small tables, and for numbers beyond 64 bits."""

from dataclasses import dataclass
from typing import NamedTuple

from stannary.core.scores.counting import BEST, NOT_RELEVANT, PENDING, WORST
from stannary.engines.scoring.codes import KNOWN, refuse_unknown
from stannary.engines.scoring.outcomes import Scores
from stannary.engines.scoring.plans import NO_LEVEL, LevelTests, Plan


@dataclass(frozen=True, slots=True)
class _Ratings:
    """What the tests look at in one assessment.

    Attributes:
        principles: Units at the worst and at the best ending of what is pending, and possible
            units, by principle; all 0 where nothing is relevant.
        worst: Codes of the worst rating, of all and of the critical requirements; 0 for none.
        pending: Whether anything is pending, among all and among the critical requirements.
    """

    principles: list[tuple[int, int, int]]
    worst: tuple[int, int]
    pending: tuple[bool, bool]

    def passes(self, level: LevelTests, *, at_best: bool) -> bool:
        """Tell whether all tests of a level pass at the worst or the best ending."""
        asked = (level.worst, level.worst_critical)
        for worst, pending, allowed in zip(self.worst, self.pending, asked, strict=True):
            if worst > allowed or (pending and not at_best and allowed < WORST):
                return False
        return all(
            (high if at_best else low) * level.denominator >= possible * level.numerator
            for low, high, possible in self.principles
        )


class _Lists(NamedTuple):
    """Points and counts, `list[assessment][principle]`."""

    given: list[list[int]]
    possible: list[list[int]]
    pending: list[list[int]]
    not_relevant: list[list[int]]


def score_bytes(plan: Plan, table: memoryview, many: int) -> Scores:
    """Score one assessment after another.

    Args:
        plan: From `plan_of`.
        table: From `table_of`.
        many: How many assessments it has.

    Raises:
        RefusalError: ENGINE-002 for an unknown code.
    """
    width = len(plan.edition.requirements)
    rows = table.tobytes()
    floor: list[int] = []
    ceiling: list[int] = []
    lists = _Lists([], [], [], [])
    for n in range(many):
        row = rows[n * width : (n + 1) * width]
        if row.translate(None, KNOWN):
            refuse_unknown(plan, row, n)
        counts = _counts(plan, row)
        points = [
            sum(x * y for x, y in zip(those, plan.scale.units, strict=False)) for those in counts
        ]
        lists.given.append(points)
        lists.possible.append([sum(those[:NOT_RELEVANT]) * plan.scale.best for those in counts])
        lists.pending.append([those[PENDING] for those in counts])
        lists.not_relevant.append([those[NOT_RELEVANT] for those in counts])
        ratings = _ratings(plan, row, counts, points)
        floor.append(_highest(plan, row, ratings, at_best=False))
        ceiling.append(_highest(plan, row, ratings, at_best=True))
    return Scores(plan, "python", floor, ceiling, lists)


def _counts(plan: Plan, row: bytes) -> list[list[int]]:
    """Count each code in each principle."""
    counts = [[0] * len(KNOWN) for _ in plan.sizes]
    for begin, end, principle in plan.stretches:
        for code in KNOWN:
            counts[principle][code] += row.count(code, begin, end)
    return counts


def _ratings(plan: Plan, row: bytes, counts: list[list[int]], points: list[int]) -> _Ratings:
    units = plan.scale.units
    criticals = bytes(row[place] for place in plan.criticals)
    parts = (row, criticals)
    return _Ratings(
        principles=[
            (
                points[n] + those[PENDING] * units[WORST],
                points[n] + those[PENDING] * units[BEST],
                (sum(those) - those[NOT_RELEVANT]) * units[BEST],
            )
            for n, those in enumerate(counts)
        ],
        worst=(_worst(row), _worst(criticals)),
        pending=(PENDING in parts[0], PENDING in parts[1]),
    )


def _worst(codes: bytes) -> int:
    return max((code for code in range(NOT_RELEVANT) if code in codes), default=BEST)


def _highest(plan: Plan, row: bytes, ratings: _Ratings, *, at_best: bool) -> int:
    """Give the place of the highest level that passes; there is none where nothing is relevant."""
    if row.count(NOT_RELEVANT) == len(row):
        return NO_LEVEL
    for place in range(len(plan.levels) - 1, -1, -1):
        if ratings.passes(plan.levels[place], at_best=at_best):
            return place
    return NO_LEVEL

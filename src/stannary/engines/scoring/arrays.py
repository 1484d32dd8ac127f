"""Scoring a table with arrays of numpy, block by block; or with the compiled loops."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stannary.core.scores.counting import BEST, NOT_RELEVANT, PENDING, WORST
from stannary.engines.scoring.codes import refuse_unknown
from stannary.engines.scoring.outcomes import Scores
from stannary.engines.scoring.plans import NO_LEVEL, Plan

BLOCK = 4096
"""Assessments that numpy looks at together, so that they stay in the cache."""

LONGEST = 252
"""Requirements that are counted together: no more than a byte can count, and a multiple of 4."""

IN_32_BITS = 2**31 - 1

Numbers = NDArray[Any]


class _Answer(NamedTuple):
    """The arrays that are filled, some assessments in their last dimension.

    `points` are given and possible, `counted` pending and not relevant, both by principle.
    """

    floor: Numbers
    ceiling: Numbers
    points: Numbers
    counted: Numbers

    def part(self, begin: int, end: int) -> "_Answer":
        """Give the same for neighbouring assessments; what is written there is written here."""
        return _Answer(*(array[..., begin:end] for array in self))


def score_table(plan: Plan, table: memoryview, many: int, *, compiled: bool) -> Scores:
    """Score a table of codes.

    Args:
        plan: From `plan_of`, with at least one requirement, and numbers that fit in 64 bits.
        table: From `table_of`.
        many: How many assessments it has.
        compiled: Whether numba does it, and not numpy.

    Returns:
        The scores; levels are int8 or wider, points int32 where they fit, else int64.

    Raises:
        RefusalError: ENGINE-002 for an unknown code.
    """
    codes = np.asarray(table).reshape(many, len(plan.edition.requirements))
    principles = len(plan.sizes)
    most = max(map(abs, plan.scale.units)) * max(plan.sizes, default=0)
    levels = np.full((2, many), NO_LEVEL, np.int8 if len(plan.levels) < 128 else np.int64)
    answer = _Answer(
        floor=levels[0],
        ceiling=levels[1],
        points=np.zeros((2, principles, many), np.int32 if most <= IN_32_BITS else np.int64),
        counted=np.zeros((2, principles, many), np.int32),
    )
    bad = (_compiled if compiled else _plain)(plan, codes, answer)
    if bad >= 0:
        first = bad + int(np.argmax((codes[bad:] > PENDING).any(axis=1)))
        refuse_unknown(plan, codes[first].tobytes(), first)
    return Scores(
        plan,
        "numba" if compiled else "numpy",
        answer.floor,
        answer.ceiling,
        answer.points[0].T,
        answer.points[1].T,
        answer.counted[0].T,
        answer.counted[1].T,
    )


def _compiled(plan: Plan, codes: Numbers, answer: _Answer) -> int:
    from stannary.engines.scoring import compiled  # noqa: PLC0415 - needs an optional extra

    by_columns = bool(codes.flags.f_contiguous and not codes.flags.c_contiguous)
    levels = [(x.numerator, x.denominator, x.worst_critical, x.worst) for x in plan.levels]
    return compiled.score_table(
        codes.T if by_columns else np.ascontiguousarray(codes),
        by_columns,
        np.array(list(_pieces(plan)), np.int64),
        np.array(plan.sizes, np.int64),
        np.array(plan.criticals, np.int64),
        np.array(plan.scale.units, np.int64),
        np.array(levels, np.int64).reshape(len(levels), 4),
        *answer,
    )


def _pieces(plan: Plan) -> Iterator[tuple[int, int, int]]:
    """Cut the stretches so that a byte can count each of them."""
    for begin, end, principle in plan.stretches:
        for first in range(begin, end, LONGEST):
            yield first, min(first + LONGEST, end), principle


def _plain(plan: Plan, codes: Numbers, answer: _Answer) -> int:
    """Score with numpy alone; give the first assessment of a block with an unknown code, or -1."""
    for begin in range(0, len(codes), BLOCK):
        block = np.ascontiguousarray(codes[begin : begin + BLOCK].T)
        if block.max() > PENDING:
            return begin
        part = answer.part(begin, begin + BLOCK)
        counts = _counts(plan, block)
        units = np.array(plan.scale.units, np.int64)
        part.points[0] = np.einsum("pcn,c->pn", counts[:, :NOT_RELEVANT], units)
        part.points[1] = counts[:, :NOT_RELEVANT].sum(axis=1) * units[BEST]
        part.counted[0] = np.array(plan.sizes)[:, None] - counts.sum(axis=1)
        part.counted[1] = counts[:, NOT_RELEVANT]
        _levels(plan, block, part)
    return -1


def _counts(plan: Plan, block: Numbers) -> Numbers:
    """Count the first five codes in each principle: principles by codes by assessments."""
    counts = np.zeros((len(plan.sizes), PENDING, block.shape[1]), np.int64)
    for begin, end, principle in _pieces(plan):
        for code in range(PENDING):
            hits = (block[begin:end] == code).view(np.uint8)
            counts[principle, code] += np.add.reduce(hits, axis=0, dtype=np.uint8)
    return counts


def _levels(plan: Plan, block: Numbers, part: _Answer) -> None:
    """Write floor and ceiling of a block whose points are written."""
    units = plan.scale.units
    given, possible = part.points.astype(np.int64)
    pending = part.counted[0].astype(np.int64)
    low = given + pending * units[WORST]
    high = given + pending * units[BEST]
    most = possible + pending * units[BEST]
    relevant = (block != NOT_RELEVANT).any(axis=0)
    looks = [_Look(block), _Look(block[list(plan.criticals)])]
    for place, level in enumerate(plan.levels):
        asked = most * level.numerator
        sure = relevant & (low * level.denominator >= asked).all(axis=0)
        possible_yet = relevant & (high * level.denominator >= asked).all(axis=0)
        for look, allowed in zip(looks, (level.worst, level.worst_critical), strict=True):
            fine = look.worst <= allowed
            possible_yet &= fine
            sure &= fine & ~look.pending if allowed < WORST else fine
        part.ceiling[possible_yet] = place
        part.floor[sure] = place


class _Look:
    """The worst rating of some requirements, and whether one is pending."""

    __slots__ = ("pending", "worst")

    def __init__(self, codes: Numbers) -> None:
        rated = np.where(codes < NOT_RELEVANT, codes, BEST)
        self.worst = rated.max(axis=0, initial=BEST)
        self.pending = (codes == PENDING).any(axis=0)

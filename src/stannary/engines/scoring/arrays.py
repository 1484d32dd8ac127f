"""Scoring a table with arrays of numpy, block by block; or with the compiled loops."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stannary.core.scores.counting import BEST, NOT_RELEVANT, PENDING, WORST
from stannary.engines.scoring.codes import refuse_unknown
from stannary.engines.scoring.outcomes import EngineName, Scores
from stannary.engines.scoring.plans import NO_LEVEL, Plan

BLOCK = 1024
"""Assessments that numpy looks at together, so that they stay in the cache."""

LONGEST = 252
"""Requirements that are counted together: no more than a byte can count, and a multiple of 4."""

Numbers = NDArray[Any]


class _Answer(NamedTuple):
    """The arrays that are filled, assessments in their last dimension.

    `answers` are points given, requirements rated and requirements pending, by principle, of the
    narrowest type that holds every number that is compared.
    """

    floor: Numbers
    ceiling: Numbers
    answers: Numbers

    def part(self, begin: int, end: int) -> "_Answer":
        """Give the same for neighbouring assessments; what is written there is written here."""
        return _Answer(*(array[..., begin:end] for array in self))


@dataclass(frozen=True, eq=False)
class _Arrays:
    """Points and counts, kept narrow and given as 64 bits, in which readers can go on counting."""

    plan: Plan
    answers: Numbers

    @cached_property
    def given(self) -> Numbers:
        return self._wide(0)

    @cached_property
    def possible(self) -> Numbers:
        return self._wide(1) * self.plan.scale.best

    @cached_property
    def pending(self) -> Numbers:
        return self._wide(2)

    @cached_property
    def not_relevant(self) -> Numbers:
        return np.array(self.plan.sizes, np.int64) - self._wide(1) - self._wide(2)

    def _wide(self, which: int) -> Numbers:
        wide: Numbers = self.answers[which].T.astype(np.int64)
        return wide


def score_table(plan: Plan, table: memoryview, many: int, *, compiled: bool) -> Scores:
    """Score a table of codes.

    Args:
        plan: From `plan_of`, with at least one requirement, and numbers that fit in 64 bits.
        table: From `table_of`.
        many: How many assessments it has.
        compiled: Whether numba does it, and not numpy.

    Returns:
        The scores; levels are int8 or wider, points and counts int64.

    Raises:
        RefusalError: ENGINE-002 for an unknown code.
    """
    codes = np.asarray(table).reshape(many, len(plan.edition.requirements))
    levels = np.full((2, many), NO_LEVEL, _narrowest(np.int8, len(plan.levels)))
    answers = np.zeros((3, len(plan.sizes), many), _narrowest(np.int16, plan.most))
    answer = _Answer(levels[0], levels[1], answers)
    bad = (_compiled if compiled else _plain)(plan, codes, answer)
    if bad >= 0:
        first = bad + int(np.argmax((codes[bad:] > PENDING).any(axis=1)))
        refuse_unknown(plan, codes[first].tobytes(), first)
    name: EngineName = "numba" if compiled else "numpy"
    return Scores(plan, name, answer.floor, answer.ceiling, _Arrays(plan, answers))


def _narrowest(least: type[np.signedinteger[Any]], most: int) -> type[np.signedinteger[Any]]:
    """Give the narrowest type, but at least one, that holds a number and its negative."""
    kinds = (least, np.int16, np.int32, np.int64)
    return next(kind for kind in kinds if most <= np.iinfo(kind).max)


def _compiled(plan: Plan, codes: Numbers, answer: _Answer) -> int:
    from stannary.engines.scoring import compiled  # noqa: PLC0415 - needs an optional extra

    by_columns = bool(codes.flags.f_contiguous and not codes.flags.c_contiguous)
    levels = [(x.numerator, x.denominator, x.worst_critical, x.worst) for x in plan.levels]
    table = (codes.T if by_columns else np.ascontiguousarray(codes)).view()
    nothing = np.zeros(compiled.BLOCK, np.uint8)
    table.flags.writeable = nothing.flags.writeable = False
    return compiled.score_table(
        table,
        nothing,
        by_columns,
        np.array(list(_pieces(plan)), np.int64).reshape(-1, 3),
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
    units = np.array(plan.scale.units, np.int64)
    for begin in range(0, len(codes), BLOCK):
        block = np.ascontiguousarray(codes[begin : begin + BLOCK].T)
        if block.max() > PENDING:
            return begin
        part = answer.part(begin, begin + BLOCK)
        counts = _counts(plan, block)
        part.answers[0] = np.einsum("pcn,c->pn", counts[:, :NOT_RELEVANT], units)
        part.answers[1] = counts[:, :NOT_RELEVANT].sum(axis=1)
        part.answers[2] = np.array(plan.sizes)[:, None] - counts.sum(axis=1)
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
    given, rated, pending = part.answers.astype(np.int64)
    low = given + pending * units[WORST]
    high = given + pending * units[BEST]
    most = (rated + pending) * units[BEST]
    relevant = (rated + pending).any(axis=0)
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
        rated = codes * (codes < NOT_RELEVANT).view(np.uint8)
        self.worst = rated.max(axis=0, initial=BEST)
        self.pending = (codes == PENDING).any(axis=0)

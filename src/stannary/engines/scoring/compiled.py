"""Loops that numba turns into machine code; as plain Python they would do the same, slowly.

A table is read in blocks of assessments, either way that it can lie in memory. Of each requirement
the code is added up five times, cut at 1, 2, 3, 4 and whole: the difference of two neighbouring
sums is how many codes are at least so high. Sums are kept in bytes, which the machine adds many at
a time; they may run over, for a difference of at most 252 is right modulo 256. Then the block is
judged, level by level. The first call on a machine compiles for some seconds.
"""

# ruff: noqa: FBT001, PLR0917 - compiled loops take neither keywords nor records

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

BLOCK = 24_576
"""Assessments that are counted before they are judged: long enough that the ratings of a requirement
are read in one go, short enough that sums and flags stay in the cache."""

ROWS = 2_048
"""The same where the ratings of one assessment lie side by side: they are looked at twice."""

FINE = -1

NOT_MET, NOT_RELEVANT, PENDING = 3, 4, 5

WORST, WORST_CRITICAL, OPEN, OPEN_CRITICAL, RELEVANT, HIGHEST, FAILED, UNSURE = range(8)
"""Rows of the flags of a block: worst ratings, whether one is pending, whether anything is relevant,
the highest code, and of the level that is judged whether it is failed or may be."""

Function = TypeVar("Function", bound=Callable[..., Any])
Numbers = NDArray[Any]


def compiled(function: Function) -> Function:
    """Compile a function when it is first called; keep the machine code if there is a place for it."""
    try:
        return cast("Function", numba.njit(nogil=True, cache=True)(function))
    except RuntimeError:  # neither this folder nor the user's can be written to
        return cast("Function", numba.njit(nogil=True)(function))


@compiled
def _cut(most: int, a: int, b: int, c: int, d: int) -> np.uint8:
    top: int = np.uint8(most)  # type: ignore[assignment] # the type that is compiled
    return np.uint8(min(a, top) + min(b, top) + min(c, top) + min(d, top))


@compiled
def _column(columns: Numbers, nothing: Numbers, place: int, last: int, part: slice) -> Numbers:
    """Give the codes of one requirement; past the last one, codes that add nothing."""
    if place < last:
        return columns[place, part]
    return nothing[: part.stop - part.start]


@compiled
def _add_columns(
    columns: Numbers,
    nothing: Numbers,
    place: int,
    last: int,
    part: slice,
    sums: Numbers,
    highest: Numbers,
) -> None:
    """Add up the ratings of eight requirements in one pass over the sums."""
    first = _column(columns, nothing, place, last, part)
    second = _column(columns, nothing, place + 1, last, part)
    third = _column(columns, nothing, place + 2, last, part)
    fourth = _column(columns, nothing, place + 3, last, part)
    fifth = _column(columns, nothing, place + 4, last, part)
    sixth = _column(columns, nothing, place + 5, last, part)
    seventh = _column(columns, nothing, place + 6, last, part)
    eighth = _column(columns, nothing, place + 7, last, part)
    ones, twos, threes, fours, wholes = sums[0], sums[1], sums[2], sums[3], sums[4]
    for n in range(part.stop - part.start):
        a, b, c, d = first[n], second[n], third[n], fourth[n]
        e, f, g, h = fifth[n], sixth[n], seventh[n], eighth[n]
        ones[n] += _cut(1, a, b, c, d) + _cut(1, e, f, g, h)
        twos[n] += _cut(2, a, b, c, d) + _cut(2, e, f, g, h)
        threes[n] += _cut(3, a, b, c, d) + _cut(3, e, f, g, h)
        fours[n] += _cut(4, a, b, c, d) + _cut(4, e, f, g, h)
        wholes[n] += a + b + c + d + e + f + g + h
        highest[n] = max(highest[n], a, b, c, d, e, f, g, h)


@compiled
def _add_rows(
    rows: Numbers, begin: int, end: int, stretch: Numbers, sums: Numbers, highest: Numbers
) -> None:
    """Add up a stretch where the ratings of one assessment lie side by side."""
    for n in range(end - begin):
        row = rows[begin + n, stretch[0] : stretch[1]]
        ones = twos = threes = fours = wholes = top = np.uint8(0)
        for place in range(row.shape[0]):
            code = row[place]
            ones = np.uint8(ones + min(code, np.uint8(1)))
            twos = np.uint8(twos + min(code, np.uint8(2)))
            threes = np.uint8(threes + min(code, np.uint8(3)))
            fours = np.uint8(fours + min(code, np.uint8(4)))
            wholes = np.uint8(wholes + code)
            top = max(top, code)
        sums[0, n], sums[1, n], sums[2, n], sums[3, n], sums[4, n] = (
            ones,
            twos,
            threes,
            fours,
            wholes,
        )
        highest[n] = max(highest[n], top)


@compiled
def _look_at_columns(
    columns: Numbers,
    nothing: Numbers,
    part: slice,
    criticals: Numbers,
    worst: Numbers,
    pending: Numbers,
) -> None:
    """Find the worst rating of the critical requirements, and whether one is pending."""
    last = columns.shape[0]
    padded = np.full(-(-criticals.shape[0] // 4) * 4, last)
    padded[: criticals.shape[0]] = criticals
    for at in range(0, padded.shape[0], 4):
        first = _column(columns, nothing, padded[at], last, part)
        second = _column(columns, nothing, padded[at + 1], last, part)
        third = _column(columns, nothing, padded[at + 2], last, part)
        fourth = _column(columns, nothing, padded[at + 3], last, part)
        for n in range(part.stop - part.start):
            a, b, c, d = first[n], second[n], third[n], fourth[n]
            worst[n] = max(worst[n], _rated(a), _rated(b), _rated(c), _rated(d))
            pending[n] |= (
                np.uint8(a == PENDING)
                | np.uint8(b == PENDING)
                | np.uint8(c == PENDING)
                | np.uint8(d == PENDING)
            )


@compiled
def _rated(code: int) -> np.uint8:
    return np.uint8(code * np.uint8(code <= NOT_MET))


@compiled
def _look_at_rows(
    rows: Numbers, begin: int, criticals: Numbers, worst: Numbers, pending: Numbers
) -> None:
    """Do the same where the ratings of one assessment lie side by side."""
    for n in range(worst.shape[0]):
        row = rows[begin + n]
        seen = np.uint8(0)
        for place in criticals:
            seen |= np.uint8(1) << row[place]
        worst[n] = 3 if seen & 8 else 2 if seen & 4 else 1 if seen & 2 else 0
        pending[n] = np.uint8(seen >> PENDING)


@compiled
def _tally(
    size: int,
    keep: int,
    units: Numbers,
    sums: Numbers,
    answers: tuple[Numbers, Numbers, Numbers],
    flags: Numbers,
) -> None:
    """Turn the sums of a stretch into points and counts, and note its worst rating.

    `answers` are points given, requirements rated and pending; what they hold counts if `keep` is
    1, and nothing if it is 0.
    """
    given, rated, open_ = answers
    narrow = given.dtype.type
    best, second, third, last = (
        narrow(units[0]),
        narrow(units[1]),
        narrow(units[2]),
        narrow(units[3]),
    )
    whole = narrow(size)
    worst, pending, relevant = flags[WORST], flags[OPEN], flags[RELEVANT]
    ones, twos, threes, fours, wholes = sums[0], sums[1], sums[2], sums[3], sums[4]
    for n in range(given.shape[0]):
        from_1 = ones[n]
        from_2, from_3 = np.uint8(twos[n] - ones[n]), np.uint8(threes[n] - twos[n])
        from_4, from_5 = np.uint8(fours[n] - threes[n]), np.uint8(wholes[n] - fours[n])
        a, b, c, d = whole - from_1, from_1 - from_2, from_2 - from_3, from_3 - from_4
        given[n] = narrow(a * best + b * second + c * third + d * last + given[n] * keep)
        rated[n] = narrow(whole - from_4 + rated[n] * keep)
        open_[n] = narrow(from_5 + open_[n] * keep)
        lowest = 3 if from_3 > from_4 else 2 if from_2 > from_3 else 1 if from_1 > from_2 else 0
        worst[n] = max(worst[n], np.uint8(lowest))
        pending[n] |= np.uint8(from_5 > 0)
        relevant[n] |= np.uint8((from_4 < size) | (from_5 > 0))


@compiled
def _judge_ratings(
    allowed: int, worst: Numbers, pending: Numbers, failed: Numbers, unsure: Numbers
) -> None:
    """Compare the worst rating with the worst that a level allows."""
    matters = np.uint8(allowed < NOT_MET)
    for n in range(worst.shape[0]):
        below = np.uint8(worst[n] > allowed)
        failed[n] |= below
        unsure[n] |= below | (pending[n] & matters)


@compiled
def _judge_shares(
    asked: Numbers,
    units: Numbers,
    answers: tuple[Numbers, Numbers, Numbers],
    failed: Numbers,
    unsure: Numbers,
) -> None:
    """Compare a principle's share with a level's, at the worst and the best ending."""
    given, rated, open_ = answers
    narrow = given.dtype.type
    asks, denominator = narrow(units[0] * asked[0]), narrow(asked[1])
    best, last = narrow(units[0]), narrow(units[3])
    for n in range(failed.shape[0]):
        needed = narrow((rated[n] + open_[n]) * asks)
        high = narrow((given[n] + open_[n] * best) * denominator)
        low = narrow((given[n] + open_[n] * last) * denominator)
        failed[n] |= np.uint8(high < needed)
        unsure[n] |= np.uint8(low < needed)


@compiled
def _raise(levels: Numbers, place: int, relevant: Numbers, excluded: Numbers) -> None:
    """Note a level for every assessment that has something relevant and is not excluded."""
    for n in range(levels.shape[0]):
        levels[n] = place if relevant[n] > excluded[n] else levels[n]


@compiled
def _count_block(
    table: Numbers,
    nothing: Numbers,
    by_columns: bool,
    part: slice,
    stretches: Numbers,
    criticals: Numbers,
    units: Numbers,
    answers: Numbers,
    flags: Numbers,
) -> bool:
    """Count the ratings of a block and write its points; False if there is an unknown code."""
    sums = np.empty((5, BLOCK), np.uint8)
    highest = flags[HIGHEST]
    many = part.stop - part.start
    worst, pending = flags[WORST_CRITICAL, :many], flags[OPEN_CRITICAL, :many]
    before = -1
    for at in range(stretches.shape[0]):
        first, last, principle = stretches[at, 0], stretches[at, 1], stretches[at, 2]
        among = slice(np.searchsorted(criticals, first), np.searchsorted(criticals, last))
        sums[:] = 0
        if by_columns:
            for place in range(first, last, 8):
                _add_columns(table, nothing, place, last, part, sums, highest)
            _look_at_columns(table, nothing, part, criticals[among], worst, pending)
        else:
            _add_rows(table, part.start, part.stop, stretches[at], sums, highest)
        those = (
            answers[0, principle, part],
            answers[1, principle, part],
            answers[2, principle, part],
        )
        _tally(last - first, 1 if principle == before else 0, units, sums, those, flags)
        before = principle
    return bool(highest.max() <= PENDING)


@compiled
def _judge_block(
    levels: Numbers,
    units: Numbers,
    answers: Numbers,
    part: slice,
    flags: Numbers,
    floor: Numbers,
    ceiling: Numbers,
) -> None:
    """Find the levels of a block."""
    many = part.stop - part.start
    worst, pending = flags[WORST, :many], flags[OPEN, :many]
    worst_critical, pending_critical = flags[WORST_CRITICAL, :many], flags[OPEN_CRITICAL, :many]
    relevant, failed, unsure = flags[RELEVANT, :many], flags[FAILED, :many], flags[UNSURE, :many]
    for place in range(levels.shape[0]):
        failed[:] = 0
        unsure[:] = 0
        _judge_ratings(levels[place, 3], worst, pending, failed, unsure)
        _judge_ratings(levels[place, 2], worst_critical, pending_critical, failed, unsure)
        for principle in range(answers.shape[1] if levels[place, 1] else 0):
            those = (
                answers[0, principle, part],
                answers[1, principle, part],
                answers[2, principle, part],
            )
            _judge_shares(levels[place], units, those, failed, unsure)
        _raise(ceiling[part], place, relevant, failed)
        _raise(floor[part], place, relevant, unsure)


@compiled
def score_table(
    table: Numbers,
    nothing: Numbers,
    by_columns: bool,
    stretches: Numbers,
    criticals: Numbers,
    units: Numbers,
    levels: Numbers,
    floor: Numbers,
    ceiling: Numbers,
    answers: Numbers,
) -> int:
    """Score all assessments of a table into the arrays that are given.

    Args:
        table: Codes, in C's order: requirements by assessments if `by_columns`, else the reverse.
        nothing: `BLOCK` zeros, as unchangeable as the table.
        by_columns: Which of the two.
        stretches: First place, last place (not included) and principle, ordered by principle.
        criticals: Places of the critical requirements, in order.
        units: Of the four scored ratings, best first.
        levels: Numerator, denominator, worst critical rating and worst rating, lowest level first.
        floor: Of each assessment; filled with -1.
        ceiling: The same.
        answers: Points given, requirements rated and requirements pending, by principle and
            assessment; of a type that holds every number that is compared. A principle without
            requirements is left as it is.

    Returns:
        The first assessment of a block in which there is an unknown code; -1 if all are known.
    """
    many = floor.shape[0]
    flags = np.zeros((8, BLOCK), np.uint8)
    block = BLOCK if by_columns else ROWS
    for begin in range(0, many, block):
        part = slice(begin, min(begin + block, many))
        flags[:] = 0
        if not _count_block(
            table, nothing, by_columns, part, stretches, criticals, units, answers, flags
        ):
            return begin
        if not by_columns:
            here = part.stop - part.start
            worst, pending = flags[WORST_CRITICAL, :here], flags[OPEN_CRITICAL, :here]
            _look_at_rows(table, begin, criticals, worst, pending)
        _judge_block(levels, units, answers, part, flags, floor, ceiling)
    return FINE

"""Loops that numba turns into machine code; as plain Python they would do the same, slowly.

A table is read in blocks of assessments, either way that it can lie in memory. Ratings are
counted in bytes, which the machine adds up many at a time; a stretch has at most 255 requirements,
so that no byte overflows. Then the block is judged, level by level. The first call on a machine
compiles for some seconds.
"""

# ruff: noqa: FBT001, PLR0917 - compiled loops take neither keywords nor records

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

BLOCK = 4096
"""Assessments that are counted before they are judged, so that the counts stay in the cache."""

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
def _add_column(a: Numbers, counts: Numbers, highest: Numbers) -> None:
    """Count the ratings of one requirement."""
    for n in range(a.shape[0]):
        highest[n] = max(highest[n], a[n])
        for code in range(NOT_RELEVANT + 1):
            counts[code, n] += np.uint8(a[n] == code)


@compiled
def _hits(code: int, a: int, b: int, c: int, d: int) -> np.uint8:
    return np.uint8(a == code) + np.uint8(b == code) + np.uint8(c == code) + np.uint8(d == code)


@compiled
def _add_columns(
    columns: Numbers, place: int, begin: int, end: int, counts: Numbers, highest: Numbers
) -> None:
    """Count the ratings of four requirements in one pass over the counts."""
    first, second = columns[place, begin:end], columns[place + 1, begin:end]
    third, fourth = columns[place + 2, begin:end], columns[place + 3, begin:end]
    fully, substantially, partially = counts[0], counts[1], counts[2]
    not_met, not_relevant = counts[NOT_MET], counts[NOT_RELEVANT]
    for n in range(end - begin):
        a, b, c, d = first[n], second[n], third[n], fourth[n]
        fully[n] += _hits(0, a, b, c, d)
        substantially[n] += _hits(1, a, b, c, d)
        partially[n] += _hits(2, a, b, c, d)
        not_met[n] += _hits(NOT_MET, a, b, c, d)
        not_relevant[n] += _hits(NOT_RELEVANT, a, b, c, d)
        highest[n] = max(highest[n], a, b, c, d)


@compiled
def _count_columns(
    columns: Numbers, begin: int, end: int, stretch: Numbers, counts: Numbers, highest: Numbers
) -> None:
    """Count a stretch where the ratings of one requirement lie side by side."""
    first, last = stretch[0], stretch[1]
    fours = first + (last - first) % 4
    for place in range(first, fours):
        _add_column(columns[place, begin:end], counts, highest)
    for place in range(fours, last, 4):
        _add_columns(columns, place, begin, end, counts, highest)


@compiled
def _count_rows(
    rows: Numbers, begin: int, end: int, stretch: Numbers, counts: Numbers, highest: Numbers
) -> None:
    """Count a stretch where the ratings of one assessment lie side by side."""
    for n in range(end - begin):
        row = rows[begin + n, stretch[0] : stretch[1]]
        fully = substantially = partially = not_met = not_relevant = top = np.uint8(0)
        for place in range(row.shape[0]):
            code = row[place]
            fully = np.uint8(fully + np.uint8(code == 0))
            substantially = np.uint8(substantially + np.uint8(code == 1))
            partially = np.uint8(partially + np.uint8(code == 2))
            not_met = np.uint8(not_met + np.uint8(code == NOT_MET))
            not_relevant = np.uint8(not_relevant + np.uint8(code == NOT_RELEVANT))
            top = max(top, code)
        counts[0, n], counts[1, n], counts[2, n] = fully, substantially, partially
        counts[NOT_MET, n], counts[NOT_RELEVANT, n] = not_met, not_relevant
        highest[n] = max(highest[n], top)


@compiled
def _look_at_columns(
    columns: Numbers, begin: int, criticals: Numbers, worst: Numbers, pending: Numbers
) -> None:
    """Find the worst rating of the critical requirements, and whether one is pending."""
    for place in criticals:
        codes = columns[place, begin : begin + worst.shape[0]]
        for n in range(worst.shape[0]):
            worst[n] = max(worst[n], np.uint8(codes[n] * np.uint8(codes[n] <= NOT_MET)))
            pending[n] |= np.uint8(codes[n] == PENDING)


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
    total: Numbers,
    size: int,
    units: Numbers,
    given: Numbers,
    rated: Numbers,
    open_: Numbers,
    endings: Numbers,
) -> None:
    """Turn the counts of a principle into points, and into those of the two endings.

    `endings` are the lowest, the highest and the possible points.
    """
    best, second, third, last = units
    low, high, most = endings[0], endings[1], endings[2]
    for n in range(given.shape[0]):
        a, b, c, d, e = total[0, n], total[1, n], total[2, n], total[3, n], total[4, n]
        points = a * best + b * second + c * third + d * last
        pending = size - a - b - c - d - e
        given[n] = points
        rated[n] = a + b + c + d
        open_[n] = pending
        low[n] = points + pending * last
        high[n] = points + pending * best
        most[n] = (size - e) * best


@compiled
def _look_at_all(
    total: Numbers, open_: Numbers, worst: Numbers, pending: Numbers, relevant: Numbers
) -> None:
    """Find the worst rating of a principle's requirements, and whether one is pending."""
    for n in range(worst.shape[0]):
        second, third, last = total[1, n] > 0, total[2, n] > 0, total[3, n] > 0
        worst[n] = max(worst[n], np.uint8(3 if last else 2 if third else 1 if second else 0))
        pending[n] |= np.uint8(open_[n] > 0)
        relevant[n] |= np.uint8((open_[n] > 0) | (total[0, n] > 0) | second | third | last)


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
    numerator: int, denominator: int, endings: Numbers, failed: Numbers, unsure: Numbers
) -> None:
    """Compare a principle's share with a level's, at the worst and the best ending."""
    low, high, most = endings[0], endings[1], endings[2]
    for n in range(failed.shape[0]):
        asked = most[n] * numerator
        failed[n] |= np.uint8(high[n] * denominator < asked)
        unsure[n] |= np.uint8(low[n] * denominator < asked)


@compiled
def _raise(levels: Numbers, place: int, relevant: Numbers, excluded: Numbers) -> None:
    """Note a level for every assessment that has something relevant and is not excluded."""
    for n in range(levels.shape[0]):
        levels[n] = place if relevant[n] > excluded[n] else levels[n]


@compiled
def _count_block(
    table: Numbers,
    by_columns: bool,
    begin: int,
    end: int,
    stretches: Numbers,
    sizes: Numbers,
    units: Numbers,
    answers: Numbers,
    endings: Numbers,
    flags: Numbers,
) -> bool:
    """Count the ratings of a block and write its points; False if there is an unknown code."""
    counts = np.zeros((5, BLOCK), np.uint8)
    total = np.zeros((5, BLOCK), answers.dtype)
    worst, pending = flags[WORST, : end - begin], flags[OPEN, : end - begin]
    relevant, highest = flags[RELEVANT, : end - begin], flags[HIGHEST, : end - begin]
    at = 0
    for principle in range(sizes.shape[0]):
        total[:] = 0
        while at < stretches.shape[0] and stretches[at, 2] == principle:
            counts[:] = 0
            if by_columns:
                _count_columns(table, begin, end, stretches[at], counts, highest)
            else:
                _count_rows(table, begin, end, stretches[at], counts, highest)
            total += counts
            at += 1
        _tally(
            total,
            sizes[principle],
            units,
            answers[0, principle, begin:end],
            answers[1, principle, begin:end],
            answers[2, principle, begin:end],
            endings[principle],
        )
        _look_at_all(total, answers[2, principle, begin:end], worst, pending, relevant)
    return bool(highest.max() <= PENDING)


@compiled
def _judge_block(
    levels: Numbers, endings: Numbers, flags: Numbers, floor: Numbers, ceiling: Numbers
) -> None:
    """Find the levels of a block."""
    many = floor.shape[0]
    worst, pending = flags[WORST, :many], flags[OPEN, :many]
    worst_critical, pending_critical = flags[WORST_CRITICAL, :many], flags[OPEN_CRITICAL, :many]
    relevant, failed, unsure = flags[RELEVANT, :many], flags[FAILED, :many], flags[UNSURE, :many]
    for place in range(levels.shape[0]):
        failed[:] = 0
        unsure[:] = 0
        numerator, denominator, allowed_critical, allowed = levels[place]
        _judge_ratings(allowed, worst, pending, failed, unsure)
        _judge_ratings(allowed_critical, worst_critical, pending_critical, failed, unsure)
        for principle in range(endings.shape[0] if denominator else 0):
            _judge_shares(numerator, denominator, endings[principle], failed, unsure)
        _raise(ceiling, place, relevant, failed)
        _raise(floor, place, relevant, unsure)


@compiled
def score_table(
    table: Numbers,
    by_columns: bool,
    stretches: Numbers,
    sizes: Numbers,
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
        by_columns: Which of the two.
        stretches: First place, last place (not included) and principle, ordered by principle.
        sizes: Requirements of each principle.
        criticals: Places of the critical requirements.
        units: Of the four scored ratings, best first.
        levels: Numerator, denominator, worst critical rating and worst rating, lowest level first.
        floor: Of each assessment; filled with -1.
        ceiling: The same.
        answers: Points given, requirements rated and requirements pending, by principle and
            assessment; of a type that holds every number that is compared.

    Returns:
        The first assessment of a block in which there is an unknown code; -1 if all are known.
    """
    many = floor.shape[0]
    endings = np.zeros((sizes.shape[0], 3, BLOCK), answers.dtype)
    flags = np.zeros((8, BLOCK), np.uint8)
    for begin in range(0, many, BLOCK):
        end = min(begin + BLOCK, many)
        flags[:] = 0
        if not _count_block(
            table, by_columns, begin, end, stretches, sizes, units, answers, endings, flags
        ):
            return begin
        worst, pending = flags[WORST_CRITICAL, : end - begin], flags[OPEN_CRITICAL, : end - begin]
        if by_columns:
            _look_at_columns(table, begin, criticals, worst, pending)
        else:
            _look_at_rows(table, begin, criticals, worst, pending)
        _judge_block(levels, endings, flags, floor[begin:end], ceiling[begin:end])
    return FINE

"""Passes over the whole graph, upwards: shares of classes, or of every origin, for every node.

A mix has a row, in the order of nodes. What goes into it is written in `froms`, for each edge: the row of
a mix, or -1 - n for something of origin n. `begins` has a number for each row: where its edges begin, and one
more. Behind the last edge `froms` holds `LATER` more numbers, all -1: loops ask early for what comes next.
"""

# ruff: noqa: PLR0917 - compiled loops take neither keywords nor records

import numpy as np

from stannary.engines.provenance.compiling import (
    LAST,
    ONE,
    SIX,
    Numbers,
    bare,
    compiled,
    fetch,
    trailing_zeros,
)
from stannary.engines.provenance.vectors import EIGHT, bits, mix, pack, spread

WIDTH = EIGHT
"""Classes that are swept together at most: one line of the cache holds them."""

CHUNKS = 64
"""A word has a bit for each of so many chunks of eight origins."""

SOON, LATER = 8, 32
"""Edges by which the shares of a mix, and where they are, are asked for before they are needed."""

BEYOND, LINES = 512, 10
"""Shares behind the last one from which on room is asked for before it is written, and how many lines at a time."""

STREAM = 128
"""Edges by which weights are asked for while classes are swept; with what goes in, twice as many."""

NEAR = 3
"""The same, where shares are listed."""

MASKS = 8
"""Words of origins up to which every node keeps its own while shares are listed."""

_THREE, _NINE, _HEAD = np.uint64(3), np.uint64(9), np.uint64(2)


@compiled
def by_class(
    begins: Numbers,
    froms: Numbers,
    weight: Numbers,
    classes: Numbers,
    first: int,
    width: int,
    table: Numbers,
) -> None:
    """Write the shares of up to eight classes, those from `first` on, for every origin and every mix.

    `classes` has the class of each origin. `table` has `width` numbers a row, one row after the other in one
    dimension, and eight more. First stand rows of origins, origin 0 last; then those of mixes.
    """
    origins = classes.shape[0]
    table[: origins * width + EIGHT] = 0.0
    for origin in range(origins):
        one = classes[origin] - first
        if 0 <= one < width:
            table[(origins - 1 - origin) * width + one] = 1.0
    mixes = table[origins * width :]
    for here in range(begins.shape[0] - 1):
        begin, end = np.int64(begins[here]), np.int64(begins[here + 1])
        fetch(weight, np.uint64(begin + STREAM))  # these two are read in order, but from afar
        fetch(froms, np.uint64(begin + 2 * STREAM))
        mix(mixes, froms, weight, begin, end, np.int64(here), np.int64(width))


@bare
def packed(
    begins: Numbers,
    froms: Numbers,
    weight: Numbers,
    turn: Numbers,
    begin: int,
    head: Numbers,
    stride: int,
    marks: Numbers,
    shares: Numbers,
    sums: Numbers,
    words: Numbers,
) -> int:
    """Write the share of every origin for every mix, those that are not 0, from row `begin` on.

    Origins stand in the order that `turn` gives, in chunks of eight. `head` has `stride` numbers a row:
    where its marks begin, where its shares begin, and a bit for each chunk in which it has any. A mark has a bit for
    each share in a chunk. `sums` and `words`, a number for each origin and a bit for each chunk, are 0 before
    and after.

    Returns:
        The row for which there is no room any more; the number of rows when all are written.
    """
    step, many = np.uint64(stride), words.shape[0]
    by, at = head[np.uint64(begin) * step], head[np.uint64(begin) * step + ONE]
    for here in range(begin, begins.shape[0] - 1):
        if at + np.uint64(sums.shape[0] + WIDTH) > np.uint64(shares.shape[0]):
            return here
        for line in range(LINES):
            fetch(shares, at + np.uint64(BEYOND + EIGHT * line))
        chunks = np.uint64(0)  # of the first word, not written before it must be
        for edge in range(begins[here], begins[here + 1]):
            _ask_early(edge, froms, head, step, marks, shares)
            from_, part = np.int64(froms[edge]), weight[edge]
            if from_ < 0:
                one = np.uint64(turn[-1 - from_])
                sums[one] += part
                words[one >> _NINE] |= ONE << (one >> _THREE & LAST)
                continue
            row = np.uint64(from_) * step
            left = head[row + _HEAD]
            chunks |= left
            mark, place = head[row], head[row + ONE]
            mark, place = _spread(0, left, mark, place, part, marks, shares, sums)
            for word in range(1, many):
                left = head[row + _HEAD + np.uint64(word)]
                words[word] |= left
                mark, place = _spread(word, left, mark, place, part, marks, shares, sums)
        row = np.uint64(here) * step
        words[0] |= chunks
        for word in range(many):
            head[row + _HEAD + np.uint64(word)] = words[word]
            by, at = _pack(word, words[word], by, at, marks, shares, sums)
            words[word] = 0
        head[row + step], head[row + step + ONE] = by, at
    return int(begins.shape[0] - 1)


@bare
def _ask_early(
    edge: int, froms: Numbers, head: Numbers, step: np.uint64, marks: Numbers, shares: Numbers
) -> None:
    """Ask for where the shares of a later edge are, and for those of a nearer one."""
    fetch(head, np.uint64(max(froms[edge + LATER], 0)) * step)
    if froms[edge + SOON] >= 0:
        soon = np.uint64(froms[edge + SOON]) * step
        fetch(marks, head[soon])
        for line in range(EIGHT):
            fetch(shares, head[soon + ONE] + np.uint64(EIGHT * line))


@bare
def _spread(
    word: int,
    left: np.uint64,
    mark: np.uint64,
    place: np.uint64,
    part: float,
    marks: Numbers,
    shares: Numbers,
    sums: Numbers,
) -> tuple[np.uint64, np.uint64]:
    """Add a part of the shares of a mix in the chunks of a word; give where the next marks and shares are."""
    while left:
        chunk = np.uint64(word) << SIX | trailing_zeros(left)
        left &= left - ONE
        byte = np.uint64(marks[mark])
        mark += ONE
        spread(sums, chunk << _THREE, shares, place, byte, part)
        place += bits(byte)
    return mark, place


@bare
def _pack(
    word: int,
    left: np.uint64,
    mark: np.uint64,
    place: np.uint64,
    marks: Numbers,
    shares: Numbers,
    sums: Numbers,
) -> tuple[np.uint64, np.uint64]:
    """Move the sums in the chunks of a word up; give where the next marks and shares are."""
    while left:
        chunk = np.uint64(word) << SIX | trailing_zeros(left)
        left &= left - ONE
        byte = pack(sums, chunk << _THREE, shares, place)
        marks[mark] = byte
        mark += ONE
        place += bits(byte)
    return mark, place


@bare
def listed(
    node: Numbers,
    source: Numbers,
    weight: Numbers,
    begin: int,
    ends: Numbers,
    ids: Numbers,
    shares: Numbers,
    sums: Numbers,
    words: Numbers,
    masks: Numbers,
) -> int:
    """Write the share of every origin for every node, those that are not 0, one by one.

    This is for processors and graphs that `packed` is not for. It takes nodes and edges as `loops` does.
    It begins with node `begin`; those before are written. `ends` tells where the shares of a node begin
    in `ids` and `shares`, which are as long as each other. `sums` and `words`, a number and a bit for
    each origin, are 0 before and after. `masks` has the words of every node, or no columns if origins
    are many: then bits are set share by share, which takes longer.

    Returns:
        The node for which there is no room any more; the number of nodes when all are written.
    """
    at, last = ends[begin], source.shape[0] - 1
    for here in range(begin, node.shape[0] - 1):
        if at + sums.shape[0] > ids.shape[0]:
            return here
        origin = node[here, 1]
        if origin:
            one = np.uint64(origin) - ONE
            ids[at] = one
            shares[at] = 1.0
            at += 1
            ends[here + 1] = at
            for word in range(masks.shape[1]):
                masks[here, word] = 0
            if masks.shape[1]:
                masks[here, one >> SIX] = ONE << (one & LAST)
            continue
        for edge in range(node[here, 0], node[here + 1, 0]):
            from_ = np.int64(source[edge])
            soon = int(min(edge + NEAR, last))
            coming = np.uint64(ends[source[soon]])
            fetch(ids, coming)
            for line in range(8):
                fetch(shares, coming + np.uint64(8 * line))
            _add_shares(weight[edge], ends[from_], ends[from_ + 1], ids, shares, sums)
            if masks.shape[1]:
                for word in range(masks.shape[1]):
                    words[word] |= masks[from_, word]
            else:
                for place in range(ends[from_], ends[from_ + 1]):
                    one = np.uint64(ids[place])
                    words[one >> SIX] |= ONE << (one & LAST)
        at = _write_shares(at, ids, shares, sums, words, masks[here])
        ends[here + 1] = at
    return int(node.shape[0] - 1)


@bare
def _add_shares(
    part: float, begin: int, end: int, ids: Numbers, shares: Numbers, sums: Numbers
) -> None:
    for place in range(begin, end):
        one = np.uint64(ids[place])
        sums[one] += part * shares[place]


@bare
def _write_shares(
    at: int, ids: Numbers, shares: Numbers, sums: Numbers, words: Numbers, mask: Numbers
) -> int:
    """Move what was added up to where it is kept; give where the next begins."""
    for many in range(words.shape[0]):
        word = words[many]
        words[many] = 0
        if many < mask.shape[0]:
            mask[many] = word
        while word:
            one = np.uint64(many) << SIX | trailing_zeros(word)
            word &= word - ONE
            ids[at] = one
            shares[at] = sums[one]
            sums[one] = 0.0
            at += 1
    return at

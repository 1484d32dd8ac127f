"""Passes over the whole graph, upwards: shares of classes, or of every origin, for every node.

A mix has a row, in the order of nodes. What goes into it is written in `froms`, for each edge: the row of
a mix, or -1 - n for something of origin n. `begins` has a number for each row: where its edges begin, and one
more. Behind the last edge `froms` holds `vectors.LATER` more numbers, all -1: loops ask early for what comes next.
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
from stannary.engines.provenance.vectors import (
    EIGHT,
    lay_four,
    lay_four_more,
    lay_one,
    lay_three,
    lay_two,
    mix,
    settle,
    stream,
    unite,
)

WIDTH = EIGHT
"""Classes that are swept together at most: one line of the cache holds them."""

STREAM = 128
"""Edges by which weights are asked for while classes are swept; with what goes in, twice as many."""

NEAR = 3
"""The same, where shares are listed."""

MOST = 4096
"""Origins up to which shares are packed: a mix has a bit for each, whether it has any of it or not."""

MASKS = 8
"""Words of origins up to which every node keeps its own while shares are listed."""

LAID = 4
"""Inputs whose shares are laid together at most, each with its bits in `marks`."""

STAGE = 512
"""Shares that are written past the caches at once, or more."""

APART = np.uint64(1 << 63)
"""A bit beside the place where shares begin: they are in `ends`."""


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
    last: Numbers,
    origins: int,
    head: Numbers,
    stride: int,
    shares: Numbers,
    ends: Numbers,
    stage: Numbers,
    marks: Numbers,
    done: Numbers,
) -> bool:
    """Write the share of every origin for every mix, of those that it has.

    `head` has `stride` numbers a row, whole lines of the cache: where its shares begin, and a bit for each
    origin that it has. First stand rows of origins, origin 0 last; then those of mixes. A row in `last` goes into no
    other: its shares are written to `ends`, and past the caches, not to `shares`; what is not a whole line yet is in
    `stage`. `marks` is for the bits of `LAID` rows. `done` has how many rows, and shares, are written, how many in `ends`,
    and how many are in `stage`; it goes on from there.

    Returns:
        Whether all is written; else there must be more room.
    """
    given = (shares, head, froms, weight, marks, origins, stride, marks.shape[0] // LAID)
    for here in range(done[0], begins.shape[0] - 1):
        left = min(shares.shape[0] - done[1], ends.shape[0] - done[2] - done[3])
        if left < origins + EIGHT:
            return False
        row = np.int64((here + origins) * stride)
        edge, end = np.int64(begins[here]), np.int64(begins[here + 1])
        unite(head, froms, edge, end, origins, stride, row)
        if last[here]:
            out, to = stage, done[3]
            head[row] = np.uint64(done[2] + to) | APART
        else:
            out, to = shares, done[1]
            head[row] = to
        first = (end - edge - 1) % LAID + 1
        if first == 2:
            many = lay_two(out, to, row, edge, *given)
        elif first == 3:
            many = lay_three(out, to, row, edge, *given)
        elif first == LAID:
            many = lay_four(out, to, row, edge, *given)
        else:
            many = lay_one(out, to, row, edge, *given)
        for more in range(edge + first, end, LAID):
            lay_four_more(out, to, row, more, *given)
        done[0] = here + 1
        done[3 if last[here] else 1] += many
        if done[3] >= STAGE:
            _write_lines(ends, stage, done)
    settle()
    return True


@bare
def _write_lines(ends: Numbers, stage: Numbers, done: Numbers) -> None:
    """Write whole lines past the caches, and keep what is left."""
    whole = done[3] - done[3] % EIGHT
    stream(ends, done[2], stage, whole)
    done[2] += whole
    done[3] -= whole
    for place in range(EIGHT):
        stage[place] = stage[whole + place]


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

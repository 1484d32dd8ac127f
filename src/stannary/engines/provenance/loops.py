"""Loops over the graph: shares of one lot, and what carries some material. Of every lot: `sweeps`.

A node is a composition. `node` has a row for each: where its edges begin, and 0 for a mix or one
more than the origin of a source. Edges of a node lie side by side up to where the next begins. Every
edge leads to a smaller node, so that one pass, downwards or upwards, meets all in the right order.

A set of nodes is four arrays of words: a bit for each node, a bit for each word that is not 0,
and so on. Its greatest and its least are found with one instruction a level, whatever its size.
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
    leading_zeros,
    trailing_zeros,
)


@bare
def add(place: np.uint64, b0: Numbers, b1: Numbers, b2: Numbers, b3: Numbers) -> None:
    """Put a node into a set."""
    i0 = place >> SIX
    was = b0[i0]
    b0[i0] = was | (ONE << (place & LAST))
    if was == 0:
        i1 = i0 >> SIX
        was = b1[i1]
        b1[i1] = was | (ONE << (i0 & LAST))
        if was == 0:
            i2 = i1 >> SIX
            was = b2[i2]
            b2[i2] = was | (ONE << (i1 & LAST))
            if was == 0:
                b3[i2 >> SIX] |= ONE << (i2 & LAST)


@bare
def remove(place: np.uint64, b0: Numbers, b1: Numbers, b2: Numbers, b3: Numbers) -> None:
    """Take a node out of a set that has it."""
    i0 = place >> SIX
    left = b0[i0] & ~(ONE << (place & LAST))
    b0[i0] = left
    if left == 0:
        i1 = i0 >> SIX
        left = b1[i1] & ~(ONE << (i0 & LAST))
        b1[i1] = left
        if left == 0:
            i2 = i1 >> SIX
            left = b2[i2] & ~(ONE << (i1 & LAST))
            b2[i2] = left
            if left == 0:
                b3[i2 >> SIX] &= ~(ONE << (i2 & LAST))


@bare
def backward(
    node: Numbers,
    source: Numbers,
    weight: Numbers,
    start: int,
    held: Numbers,
    b0: Numbers,
    b1: Numbers,
    b2: Numbers,
    b3: Numbers,
    share: Numbers,
    sources: Numbers,
    amounts: Numbers,
) -> tuple[int, int]:
    """Send one unit back from a node, greatest node first, until only sources hold it.

    `held`, a number for each node, and the set `b0` to `b3` are 0 and empty before and after. `share` of an origin
    grows by what it gives. `sources` is filled with the sources met and `amounts` with what they give, as far as they are long.
    On every level a word is read until it is 0, for what is put in lies further down; to guess whether it is in costs more.

    Returns:
        How many nodes were met, and how many of `sources` are filled.
    """
    held[start] = 1.0
    add(np.uint64(start), b0, b1, b2, b3)
    met = filled = 0
    for top in range(start >> 24, -1, -1):
        word3 = b3[top]
        while word3:
            i2 = (np.uint64(top) << SIX) | (LAST - leading_zeros(word3))
            word2 = b2[i2]
            while word2:
                i1 = (i2 << SIX) | (LAST - leading_zeros(word2))
                word1 = b1[i1]
                while word1:
                    i0 = (i1 << SIX) | (LAST - leading_zeros(word1))
                    word0 = b0[i0]
                    while word0:
                        here = (i0 << SIX) | (LAST - leading_zeros(word0))
                        b0[i0] = word0 & ~(ONE << (here & LAST))
                        mass, held[here] = held[here], 0.0
                        met += 1
                        if node[here, 1]:
                            share[node[here, 1] - np.uint32(1)] += mass
                            if filled < sources.shape[0]:
                                sources[filled], amounts[filled] = here, mass
                                filled += 1
                        else:
                            for edge in range(node[here, 0], node[here + ONE, 0]):
                                before = np.uint64(source[edge])
                                held[before] += mass * weight[edge]
                                begins = np.uint64(node[before, 0])  # it will be needed soon
                                fetch(source, begins)
                                fetch(weight, begins)
                                add(before, b0, b1, b2, b3)
                        word0 = b0[i0]
                    word1 = b1[i1] = b1[i1] & ~(ONE << (i0 & LAST))
                word2 = b2[i2] = b2[i2] & ~(ONE << (i1 & LAST))
            word3 = b3[top] = b3[top] & ~(ONE << (i2 & LAST))
    return met, filled


@compiled
def forward(
    node: Numbers, source: Numbers, weight: Numbers, begin: int, end: int, carried: Numbers
) -> None:
    """Write what part of each mix is of some sources, in one pass upwards.

    It writes from `begin` up to `end`, not included. In `carried` the numbers of sources are given, and
    those of mixes before `begin`.
    """
    for here in range(begin, end):
        if node[here, 1] == 0:
            total = 0.0
            for edge in range(node[here, 0], node[here + 1, 0]):
                total += weight[edge] * carried[source[edge]]
            carried[here] = total


@compiled
def count_uses(node: Numbers, source: Numbers, end: int, begins: Numbers) -> None:
    """Count the edges from each node into nodes before `end`, two places further on."""
    for edge in range(node[end, 0]):
        begins[source[edge] + np.uint32(2)] += np.uint32(1)


@compiled
def index_uses(node: Numbers, source: Numbers, end: int, begins: Numbers, users: Numbers) -> None:
    """Sort nodes by what they use, by counting: `begins[n + 1]` moves to where n's users end."""
    for here in range(end):
        for edge in range(node[here, 0], node[here + 1, 0]):
            from_ = source[edge] + np.uint32(1)
            users[begins[from_]] = here
            begins[from_] += np.uint32(1)


@bare
def follow(
    node: Numbers,
    source: Numbers,
    weight: Numbers,
    begins: Numbers,
    users: Numbers,
    indexed: int,
    carried: Numbers,
    b0: Numbers,
    b1: Numbers,
    b2: Numbers,
    b3: Numbers,
    found: Numbers,
) -> int:
    """Follow some sources to what uses them, least node first, as far as uses are indexed.

    For nodes before `indexed`, `begins` tells where their users begin in `users`. `carried` is 1 for the
    sources and else 0, and is filled. The set `b0` to `b3` holds the sources, and nothing afterwards.
    `found` is filled with the nodes that were met, ascending.

    Returns:
        How many of `found` are filled.
    """
    many, top = 0, np.int64(0)
    while top < b3.shape[0]:
        word = b3[top]
        if word == 0:
            top += 1
            continue
        i2 = (np.uint64(top) << SIX) | trailing_zeros(word)
        i1 = (i2 << SIX) | trailing_zeros(b2[i2])
        i0 = (i1 << SIX) | trailing_zeros(b1[i1])
        here = (i0 << SIX) | trailing_zeros(b0[i0])
        remove(here, b0, b1, b2, b3)
        if node[here, 1] == 0:
            total = 0.0
            for edge in range(node[here, 0], node[here + ONE, 0]):
                total += weight[edge] * carried[source[edge]]
            carried[here] = total
        found[many] = here
        many += 1
        if here < np.uint64(indexed):
            for place in range(begins[here], begins[here + ONE]):
                add(np.uint64(users[place]), b0, b1, b2, b3)
    return many


@compiled
def ancestors(
    lot: int,
    maker: Numbers,
    begins: Numbers,
    used: Numbers,
    used_rank: Numbers,
    rank: Numbers,
    lots_seen: Numbers,
    events_seen: Numbers,
    lots: Numbers,
    events: Numbers,
) -> tuple[int, int, int]:
    """Count the lots and events that a lot is made of, and find the weakest model on the way.

    `maker` is the event of each lot, `begins` tells where the inputs of an event begin in `used`. Ranks are
    those of the models named where lots were used and made, -1 for none. `lots_seen` and `events_seen`
    are 0 before and after; `lots` and `events` have room for all.

    Returns:
        How many lots, how many events, and the greatest rank.
    """
    lots[0], lots_seen[lot] = lot, 1
    many, done, met, weakest = 1, 0, 0, -1
    while done < many:
        here = lots[done]
        done += 1
        weakest = max(weakest, rank[here])
        event = maker[here]
        if events_seen[event]:
            continue
        events_seen[event] = 1
        events[met] = event
        met += 1
        for row in range(begins[event], begins[event + np.uint32(1)]):
            weakest = max(weakest, used_rank[row])
            from_ = used[row]
            if not lots_seen[from_]:
                lots_seen[from_] = 1
                lots[many] = from_
                many += 1
    for place in range(many):
        lots_seen[lots[place]] = 0
    for place in range(met):
        events_seen[events[place]] = 0
    return many, met, weakest

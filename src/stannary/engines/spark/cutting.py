"""Cutting a graph by time and by chain into pieces that tasks can work on.

A stretch of time is a closed segment, or the open end. Within a stretch, nodes that are linked by uses
are one chain; chains of one stretch need nothing of each other, so they are worked on at the same time.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from stannary.engines.provenance.compiling import Numbers, compiled
from stannary.engines.provenance.graph import Graph
from stannary.engines.provenance.plain import edges_of
from stannary.engines.spark.parcels import ANSWER, PIECE, Parcel


class Plan(NamedTuple):
    """How a graph is cut.

    Attributes:
        stretches: Where each stretch of nodes begins, and one more.
        firsts: The first piece of each stretch, and one more: a stretch is a wave of tasks.
        piece: Of each node.
        chains: How many there are in each stretch.
    """

    stretches: Numbers
    firsts: Numbers
    piece: Numbers
    chains: Numbers

    @property
    def waves(self) -> int:
        """How many waves of tasks there are."""
        return len(self.firsts) - 1


def plan(graph: Graph, width: int) -> Plan:
    """Cut a graph into at most so many pieces for each stretch of time, about equally large."""
    node, source, _ = graph.kernel()
    ends = graph["segments"].tolist()
    ends += [graph.nodes] if graph.nodes > graph.closed else []
    piece = np.zeros(graph.nodes, np.uint32)
    firsts, chains, begin = [0], [], 0
    for end in ends:
        chain = np.zeros(end - begin, np.uint32)
        join(node, source, begin, end, chain)
        work = 1 + np.diff(node[begin : end + 1, 0].astype(np.int64))
        sums = np.bincount(chain, work)
        roots = np.flatnonzero(sums)
        sizes = sums[roots]
        middle = np.cumsum(sizes) - sizes / 2
        group = np.minimum((middle * width / sizes.sum()).astype(np.int64), width - 1)
        _, place = np.unique(group, return_inverse=True)
        of_root = np.zeros(end - begin, np.uint32)
        of_root[roots] = place
        piece[begin:end] = firsts[-1] + of_root[chain]
        firsts.append(firsts[-1] + int(place.max()) + 1)
        chains.append(len(roots))
        begin = end
    return Plan(np.array([0, *ends]), np.array(firsts), piece, np.array(chains))


@compiled
def join(node: Numbers, source: Numbers, begin: int, end: int, chain: Numbers) -> None:
    """Give every node of a stretch the least node of its chain, both counted from the stretch's begin."""
    for here in range(end - begin):
        chain[here] = here
        for edge in range(node[begin + here, 0], node[begin + here + 1, 0]):
            if source[edge] < begin:
                continue
            one, other = np.int64(source[edge]) - begin, np.int64(here)
            while chain[one] != one:
                chain[one] = chain[chain[one]]
                one = np.int64(chain[one])
            while chain[other] != other:
                chain[other] = chain[chain[other]]
                other = np.int64(chain[other])
            if one < other:
                chain[other] = one
            else:
                chain[one] = other
    for here in range(end - begin):
        chain[here] = chain[chain[here]]


def pieces(graph: Graph, cut: Plan) -> Iterator[tuple[int, list[Parcel]]]:
    """Give the pieces of each wave, the last first, because a piece knows who wants its shares later."""
    wants: dict[int, list[tuple[Numbers, int]]] = {}
    for wave in reversed(range(cut.waves)):
        begin, end = cut.stretches[wave], cut.stretches[wave + 1]
        of_node = cut.piece[begin:end]
        order = np.argsort(of_node, kind="stable")
        bounds = np.searchsorted(
            of_node[order], np.arange(cut.firsts[wave], cut.firsts[wave + 1] + 1)
        )
        found = []
        for place in range(len(bounds) - 1):
            number = int(cut.firsts[wave]) + place
            own = begin + order[bounds[place] : bounds[place + 1]]
            parcel = _piece(graph, cut, number, own, wants.pop(number, []))
            outside, owner = parcel.parts[1:3]
            for by in np.unique(owner).tolist():
                wants.setdefault(by, []).append((outside[owner == by], number))
            found.append(parcel)
        yield wave, found


def _piece(
    graph: Graph, cut: Plan, number: int, own: Numbers, wants: list[tuple[Numbers, int]]
) -> Parcel:
    node, source, weight = graph.kernel()
    edges, many = edges_of(node, own)
    froms = source[edges].astype(np.int64)
    inside = cut.piece[froms] == number
    outside = np.unique(froms[~inside])
    local = np.empty(len(froms), np.int64)
    local[~inside] = np.searchsorted(outside, froms[~inside])
    local[inside] = len(outside) + np.searchsorted(own, froms[inside])
    wanted = [np.searchsorted(own, nodes) for nodes, _ in wants]
    wanter = [np.full(len(nodes), by) for nodes, by in wants]
    nothing = np.zeros(0, np.int64)
    return Parcel(
        ANSWER,
        number,
        0,
        PIECE,
        (
            own,
            outside,
            cut.piece[outside],
            np.concatenate([[0], np.cumsum(many)]),
            node[own, 1],
            local,
            weight[edges],
            np.concatenate([nothing, *wanted]),
            np.concatenate([nothing, *wanter]),
        ),
    )

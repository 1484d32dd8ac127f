"""Questions to a graph, answered with numbers of lots, nodes and origins; shares in double precision."""

import threading
from typing import NamedTuple

import numpy as np

from stannary.engines.provenance import loops, plain, sweeps
from stannary.engines.provenance.columns import Spread
from stannary.engines.provenance.compiling import Numbers
from stannary.engines.provenance.graph import Graph
from stannary.engines.provenance.rows import Classes, Listed, Rows, Shares, aligned, fits, pack
from stannary.engines.provenance.vectors import PACKS

_EMPTY = 0
_SPARE = 2
_FEW = 64
"""Sources are followed one by one if they are at most a part in so many of all nodes."""

_BEHIND = 4
"""Uses are indexed again when nodes that are not are more than a part in so many."""


class Back(NamedTuple):
    """Of what a lot is made.

    Attributes:
        share: Of each origin.
        sources: Nodes of sources, and `amounts` what each gives; empty if not asked for.
        met: How many nodes were met on the way.
    """

    share: Numbers
    sources: Numbers
    amounts: Numbers
    met: int


class _Room(threading.local):
    """What one thread needs to ask: numbers and bits for all nodes, all 0 between questions."""

    held: Numbers = np.zeros(0)
    bits: tuple[Numbers, Numbers, Numbers, Numbers] = (held,) * 4


class Questions:
    """Asks a graph; threads may ask at the same time while nothing is appended."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._room = _Room()
        self._begins = self._users = np.zeros(0, np.uint32)
        self._indexed = 0
        self._rows = Rows()

    def back(self, lot: int, *, sources: bool = False) -> Back:
        """Give the share of every origin of a lot.

        Args:
            lot: Its number.
            sources: Whether to tell what each mined lot gives as well.
        """
        graph = self.graph
        start = int(graph.columns["node_of"].room[lot])
        share = np.zeros(graph.columns["origin_site"].count)
        if not graph.fast:
            node = graph["node"]
            met, found, amounts = plain.backward(*graph.kernel(), start)
            np.add.at(share, node[found, 1] - 1, amounts)
            return Back(share, found, amounts, met)
        held, bits = self._ready()
        most = graph.nodes if sources else _EMPTY
        found, amounts = np.empty(most, np.uint32), np.empty(most)
        met, many = loops.backward(
            *(graph.columns[x].room for x in ("node", "source", "weight")),
            start,
            held,
            *bits,
            share,
            found,
            amounts,
        )
        return Back(share, found[:many], amounts[:many], met)

    def rows(self) -> Rows:
        """Give the rows that passes over the whole graph take; they are made when they are first asked for."""
        self._rows = self._rows.of(self.graph)
        return self._rows

    def room_by_class(self, width: int) -> Numbers:
        """Give room for an answer of `by_class`, to be used again while nothing is appended.

        Args:
            width: How many classes there are, up to eight.
        """
        origins = self.graph.columns["origin_site"].count
        return aligned((origins + self.rows().many) * width + sweeps.WIDTH)

    def by_class(self, classes: Numbers, width: int, *, room: Numbers | None = None) -> Classes:
        """Give the shares of classes for every node.

        Args:
            classes: Of each origin, 0 or more; `width` for none of them.
            width: How many there are.
            room: From `room_by_class`; None takes new memory.
        """
        graph = self.graph
        if not graph.fast:
            table = plain.by_class(*graph.kernel(), classes, width)
            return Classes(table, np.arange(len(table)), 0)
        rows, classes = self.rows(), np.asarray(classes, np.int64)
        kernel = rows.begins, rows.froms, graph["weight"]
        tables, lines = [], len(classes) + rows.many
        for first in range(0, width, sweeps.WIDTH):
            some = min(width - first, sweeps.WIDTH)
            table = self.room_by_class(some) if room is None or first else room
            sweeps.by_class(*kernel, classes, first, some, table)
            tables.append(table[: lines * some].reshape(lines, some))
        whole = tables[0] if len(tables) == 1 else np.concatenate(tables, axis=1)
        return Classes(whole, rows.place, len(classes))

    def by_origin(self, *, room: Shares | None = None, packed: bool = True) -> Shares:
        """Give the share of every origin for every node.

        Args:
            room: An earlier answer that is written over; None takes new memory.
            packed: Whether to pack shares if the processor can; a graph of very many origins is never.
        """
        if not self.graph.fast:
            return Listed(*plain.by_origin(*self.graph.kernel()))
        if packed and PACKS and fits(self.graph):
            return pack(self.graph, self.rows(), room)
        return self._listed(room)

    def _listed(self, room: Shares | None) -> Listed:
        graph = self.graph
        origins = graph.columns["origin_site"].count
        kind = np.uint16 if origins <= np.iinfo(np.uint16).max else np.uint32
        ends = np.zeros(graph.nodes + 1, np.int64)
        many = max(4 * graph.nodes, 2 * origins)
        ids, shares = Spread(kind, many), Spread(np.float64, many)
        if isinstance(room, Listed) and room.spread and room.spread[0].kind == ids.kind:
            ids, shares = room.spread
            many = len(shares.room)
        sums, words = np.zeros(origins), np.zeros((origins >> 6) + 1, np.uint64)
        kept = len(words) if len(words) <= sweeps.MASKS else 0
        masks = np.empty((graph.nodes, kept), np.uint64)
        done = 0
        while True:
            places = ids.room, shares.room
            done = sweeps.listed(*graph.kernel(), done, ends, *places, sums, words, masks)
            del places
            if done == graph.nodes:
                found = (ids.room[: ends[-1]], shares.room[: ends[-1]])
                return Listed(ends, *found, (ids, shares))
            many = many * 3 // 2 + origins
            ids.grow(many)
            shares.grow(many)

    def forward(self, sources: Numbers) -> Numbers:
        """Give what part of every node is of some sources.

        Args:
            sources: Their nodes.
        """
        graph = self.graph
        carried = np.zeros(graph.nodes)
        carried[sources] = 1.0
        if not graph.fast:
            plain.forward(*graph.kernel(), carried)
        elif len(sources) * _FEW > graph.nodes:
            loops.forward(*graph.kernel(), 0, graph.nodes, carried)
        else:
            self._follow(sources, carried)
        return carried

    def _follow(self, sources: Numbers, carried: Numbers) -> None:
        graph = self.graph
        if (graph.closed - self._indexed) * _BEHIND > graph.closed:
            self._index()
        _, bits = self._ready()
        for place in sources.astype(np.uint64).tolist():
            loops.add(np.uint64(place), *bits)
        found = np.empty(graph.nodes, np.uint32)
        indexed = self._indexed
        uses = (self._begins, self._users, indexed)
        loops.follow(*graph.kernel(), *uses, carried, *bits, found)
        loops.forward(*graph.kernel(), indexed, graph.nodes, carried)

    def _index(self) -> None:
        """Sort uses in closed segments by what is used; in the open end nodes may still move."""
        node, source, _ = self.graph.kernel()
        end = self.graph.closed
        begins = np.zeros(end + 2, np.uint32)
        loops.count_uses(node, source, end, begins)
        np.cumsum(begins, out=begins)
        users = np.empty(node[end, 0], np.uint32)
        loops.index_uses(node, source, end, begins, users)
        self._begins, self._users, self._indexed = begins, users, end

    @property
    def index_bytes(self) -> int:
        """How many bytes the index of uses takes."""
        return self._begins.nbytes + self._users.nbytes

    def _ready(self) -> tuple[Numbers, tuple[Numbers, Numbers, Numbers, Numbers]]:
        room, nodes = self._room, self.graph.nodes
        if len(room.held) < nodes:
            most = nodes + nodes // _SPARE
            room.held = np.zeros(most)
            room.bits = tuple(np.zeros((most >> x) + 2, np.uint64) for x in (6, 12, 18, 24))  # type: ignore[assignment] # four
        return room.held, room.bits

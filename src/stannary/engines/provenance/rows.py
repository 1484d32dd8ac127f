"""Rows of mixes and what goes into them, as passes over the whole graph take them; and their answers.

They follow from nodes and edges. They are made when the first such question is asked, and kept: what lies in closed
segments does not move any more, so after more was appended only what came later is made again.
"""

from typing import Any, NamedTuple

import numpy as np

from stannary.engines.provenance import sweeps
from stannary.engines.provenance.columns import Spread
from stannary.engines.provenance.compiling import Numbers
from stannary.engines.provenance.graph import Graph
from stannary.engines.provenance.vectors import EIGHT, LATER, PART


class Rows(NamedTuple):
    """Rows of a graph, see `sweeps`; they stay as they are when more is appended, and others are made.

    Attributes:
        begins: Where the edges of each row begin, and one more.
        froms: What goes in, and `LATER` more.
        place: Of each node: its row, or -1 - n for a source of origin n.
        last: Of each row: whether it goes into no other.
        closed: How many nodes lay in closed segments.
    """

    begins: Numbers = np.zeros(1, np.uint32)
    froms: Numbers = np.full(LATER, -1, np.int32)
    place: Numbers = np.zeros(0, np.int32)
    last: Numbers = np.zeros(0, bool)
    closed: int = 0

    @property
    def many(self) -> int:
        """How many rows there are."""
        return len(self.begins) - 1

    @property
    def nbytes(self) -> int:
        """How many bytes they take."""
        return sum(x.nbytes for x in (self.begins, self.froms, self.place, self.last))

    def of(self, graph: Graph) -> "Rows":
        """Give the rows of a graph that may have grown; what lay in closed segments is kept."""
        node, source, _ = graph.kernel()
        if len(self.place) == graph.nodes and self.closed == graph.closed:
            return self
        nodes, edges = self.closed, int(node[self.closed, 0])
        kept = self.place[:nodes]
        rows = int(np.count_nonzero(kept >= 0))
        origin = node[nodes:-1, 1].astype(np.int32)
        mixes = origin == 0
        more = np.where(mixes, rows + np.cumsum(mixes, dtype=np.int32) - 1, -origin)
        place = np.concatenate([kept, more])
        froms = np.empty(len(source) + LATER, np.int32)
        froms[:edges] = self.froms[:edges]
        froms[edges:-LATER] = place[source[edges:]]
        froms[-LATER:] = -1
        begins = [self.begins[:rows], node[nodes + np.flatnonzero(mixes), 0], node[-1:, 0]]
        last = np.ones(rows + int(np.count_nonzero(mixes)), bool)
        last[froms[froms >= 0]] = False
        return Rows(np.concatenate(begins), froms, place, last, graph.closed)


class Classes(NamedTuple):
    """Shares of classes for every node: a row for each origin and each mix, and where a node's row is.

    Attributes:
        table: The rows, origins first, a number for each class.
        place: Of each node: its row among those of mixes, or -1 - n for a source of origin n.
        origins: How many rows of origins there are.
    """

    table: Numbers
    place: Numbers
    origins: int

    def of(self, nodes: Numbers) -> Numbers:
        """Give the shares of some nodes, a row each."""
        rows: Numbers = self.table[self.place[nodes] + self.origins]
        return rows


class Listed(NamedTuple):
    """Shares that are not 0, of every origin for every node: those of node n stand from ends[n] on."""

    ends: Numbers
    origins: Numbers
    shares: Numbers
    spread: tuple[Spread, ...] = ()

    @property
    def many(self) -> int:
        """How many shares there are."""
        return len(self.shares)

    def of(self, node: int) -> tuple[Numbers, Numbers]:
        """Give origins and shares of a node."""
        part = slice(self.ends[node], self.ends[node + 1])
        return self.origins[part], self.shares[part]

    def sums(self) -> Numbers:
        """Add up the shares of every node: 1 each."""
        found: Numbers = np.add.reduceat(self.shares, self.ends[:-1])
        return found


class Packed(NamedTuple):
    """The same for every mix, packed: see `sweeps.packed`. A source is of its own origin alone.

    Attributes:
        place: Of each node, as in `Classes`.
        head: Where the shares of a mix begin, and a bit for each origin that it has, in one row.
        shares: Those of a mix one after the other, origins ascending.
        ends: The same, of mixes that go into no other.
        origins: How many rows of origins there are; those of mixes stand behind them.
        spread: Memory of both.
    """

    place: Numbers
    head: Numbers
    shares: Numbers
    ends: Numbers
    origins: int
    spread: tuple[Spread, Spread]

    @property
    def many(self) -> int:
        """How many shares there are."""
        return len(self.shares) + len(self.ends) - 1  # before all others stands the 1 of origins

    def of(self, node: int) -> tuple[Numbers, Numbers]:
        """Give origins, ascending, and shares of a node."""
        row = self.head[int(self.place[node]) + self.origins]
        origins = np.flatnonzero(_bits(row[1:]).reshape(-1, 64)[:, :PART])
        from_ = self.ends if row[0] & sweeps.APART else self.shares
        begin = int(row[0] & ~sweeps.APART)
        return origins, from_[begin : begin + len(origins)]

    def sums(self) -> Numbers:
        """Add up the shares of every mix: 1 each."""
        begins = self.head[self.origins :, 0]
        apart = begins >= sweeps.APART
        found = np.empty(len(begins))
        found[~apart] = np.add.reduceat(self.shares, begins[~apart].astype(np.int64))
        begins = begins[apart] & ~sweeps.APART
        found[apart] = np.add.reduceat(self.ends, begins.astype(np.int64))
        return found


Shares = Listed | Packed


def _bits(numbers: Numbers) -> Numbers:
    return np.unpackbits(np.ascontiguousarray(numbers).view(np.uint8), bitorder="little")


def aligned(many: int, kind: Any = np.float64) -> Numbers:
    """Give numbers of eight bytes that begin at the begin of a line of the cache."""
    room = np.empty(many + EIGHT, kind)
    begin = -(room.ctypes.data // room.itemsize) % EIGHT
    return room[begin : begin + many]


def _zeros(many: int, kind: Any) -> Numbers:
    room: Numbers = aligned(many, kind)
    room[:] = 0
    return room


def fits(graph: Graph) -> bool:
    """Say whether origins are few enough for a row to have a bit for each."""
    return graph.columns["origin_site"].count <= sweeps.MOST


def pack(graph: Graph, rows: Rows, room: Shares | None) -> Packed:
    """Give the share of every origin for every mix; an earlier answer may be written over."""
    origins, total = graph.columns["origin_site"].count, rows.many
    words = -(-origins // PART)
    shape = origins + total, -(-(1 + words) // EIGHT) * EIGHT
    kept = room if isinstance(room, Packed) and room.head.shape == shape else None
    head = kept.head if kept else _zeros(shape[0] * shape[1], np.uint64).reshape(shape)
    size = 8 * total + 2 * origins + EIGHT
    spread = kept.spread if kept else (Spread(np.float64, size), Spread(np.float64, size))
    _begin(head, origins)
    spread[0].room[0] = 1.0
    stage, marks = aligned(sweeps.STAGE + origins + EIGHT), np.zeros(sweeps.LAID * words, np.uint64)
    done = np.array([0, 1, 0, 0])
    given = (
        rows.begins,
        rows.froms,
        graph["weight"],
        rows.last,
        origins,
        head.reshape(-1),
        shape[1],
    )
    while not sweeps.packed(*given, *(x.room for x in spread), stage, marks, done):
        for memory in spread:
            memory.grow(len(memory.room) * 3 // 2)
    _, at, past, fill = done.tolist()
    shares, ends = spread[0].room[:at], spread[1].room[: past + fill]
    ends[past:] = stage[:fill]
    return Packed(rows.place, head, shares, ends, origins, spread)


def _begin(head: Numbers, origins: int) -> None:
    """Write the rows of origins: each has itself, and its share is the 1 that stands before all others."""
    head[:origins] = 0
    each = np.arange(origins)
    head[origins - 1 - each, 1 + each // PART] = np.uint64(1) << (each % PART).astype(np.uint64)

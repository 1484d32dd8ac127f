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
from stannary.engines.provenance.vectors import EIGHT

_SAMPLE = 1024
"""Mixes that are looked at to see which origins go together."""

_MORE = 4
"""It is seen again when more than a part in so many of all origins is new."""

_FEW = 1024
"""Origins up to which it is seen which go together; the table of all pairs grows with their square."""


class Rows(NamedTuple):
    """Rows of a graph, see `sweeps`; they stay as they are when more is appended, and others are made.

    Attributes:
        begins: Where the edges of each row begin, and one more.
        froms: What goes in, and `sweeps.LATER` more.
        place: Of each node: its row, or -1 - n for a source of origin n.
        closed: How many nodes lay in closed segments.
        first: How many rows there are in the first of these, or all if none is closed.
    """

    begins: Numbers = np.zeros(1, np.uint32)
    froms: Numbers = np.full(sweeps.LATER, -1, np.int32)
    place: Numbers = np.zeros(0, np.int32)
    closed: int = 0
    first: int = 0

    @property
    def many(self) -> int:
        """How many rows there are."""
        return len(self.begins) - 1

    @property
    def nbytes(self) -> int:
        """How many bytes they take."""
        return self.begins.nbytes + self.froms.nbytes + self.place.nbytes

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
        froms = np.empty(len(source) + sweeps.LATER, np.int32)
        froms[:edges] = self.froms[:edges]
        froms[edges : -sweeps.LATER] = place[source[edges:]]
        froms[-sweeps.LATER :] = -1
        begins = [self.begins[:rows], node[nodes + np.flatnonzero(mixes), 0], node[-1:, 0]]
        segments = graph["segments"]
        end = int(segments[0]) if len(segments) else graph.nodes
        first = int(np.count_nonzero(place[:end] >= 0))
        return Rows(np.concatenate(begins), froms, place, graph.closed, first)


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
        head: Where marks and shares of a mix begin, and its chunks, in one row.
        marks: Bits of the origins in each chunk.
        origins: The origin at each place in chunks.
        spread: Memory of marks and of shares.
    """

    place: Numbers
    head: Numbers
    marks: Numbers
    shares: Numbers
    origins: Numbers
    spread: tuple[Spread, Spread]

    def of(self, node: int) -> tuple[Numbers, Numbers]:
        """Give origins, ascending, and shares of a node."""
        row = int(self.place[node])
        if row < 0:
            return np.array([-1 - row]), np.ones(1)
        places = self.places(row)
        origins, begin = self.origins[places], int(self.head[row, 1])
        order = np.argsort(origins)
        return origins[order], self.shares[begin : begin + len(places)][order]

    def places(self, row: int) -> Numbers:
        """Give where in chunks the origins of a mix stand."""
        begin, end = int(self.head[row, 0]), int(self.head[row + 1, 0])
        chunks = np.flatnonzero(_bits(self.head[row, 2:]))
        bits = _bits(self.marks[begin:end]).reshape(-1, EIGHT)
        which, bit = np.nonzero(bits)
        found: Numbers = chunks[which] * EIGHT + bit
        return found

    def origins_in(self, rows: Numbers, origins: int) -> Numbers:
        """Give 1 for each origin that some mixes have, in the order of chunks, and else 0; a mix in a row."""
        begins, ends = self.head[rows, 0].astype(np.int64), self.head[rows + 1, 0].astype(np.int64)
        many = ends - begins
        at = np.repeat(begins - np.cumsum(many) + many, many) + np.arange(many.sum())
        chunks = _bits(self.head[rows, 2:]).reshape(len(rows), -1).view(bool)
        marks = np.zeros(chunks.shape, np.uint8)
        marks[chunks] = self.marks[at]
        return _bits(marks).reshape(len(rows), -1)[:, :origins].astype(np.float32)

    def sums(self) -> Numbers:
        """Add up the shares of every mix: 1 each."""
        found: Numbers = np.add.reduceat(self.shares, self.head[:-1, 1].astype(np.int64))
        return found


Shares = Listed | Packed


def _bits(numbers: Numbers) -> Numbers:
    return np.unpackbits(np.ascontiguousarray(numbers).view(np.uint8), bitorder="little")


def gathered(found: Packed, origins: int) -> Numbers:
    """Put origins that go together side by side; give where each stands.

    Chunks of eight are filled one after the other: with the origin that is in most mixes of a sample, then with those
    that are most often where those chosen are. Few chunks are then needed for a mix.

    Args:
        found: Shares in which origins stand in their own order.
        origins: How many there are.
    """
    rows = len(found.head) - 1
    if origins > _FEW or not rows:
        return np.arange(origins, dtype=np.int64)
    has = found.origins_in(np.linspace(0, rows - 1, min(rows, _SAMPLE)).astype(np.int64), origins)
    both = has.T @ has
    each = np.diag(both)
    alike = both / np.maximum(1, each[:, None] + each[None] - both)
    left, near = np.ones(origins, bool), each
    order: list[int] = []
    for number in range(origins):
        place = number % EIGHT
        near = alike[order[-1]] + (near if place > 1 else 0) if place else each
        order.append(int(np.argmax(np.where(left, near, -1))))
        left[order[-1]] = False
    turn = np.empty(origins, np.int64)
    turn[order] = np.arange(origins)
    return turn


def aligned(many: int, kind: Any = np.float64) -> Numbers:
    """Give numbers of eight bytes that begin at the begin of a line of the cache."""
    room = np.empty(many + EIGHT, kind)
    begin = -(room.ctypes.data // room.itemsize) % EIGHT
    return room[begin : begin + many]


def _zeros(many: int, kind: Any) -> Numbers:
    room: Numbers = aligned(many, kind)
    room[:] = 0
    return room


class Packing:
    """Packs shares of every origin for a graph; learns once which origins go together."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._turn: Numbers = np.zeros(0, np.int64)

    def fits(self) -> bool:
        """Say whether a row has room for a bit for each chunk."""
        return self._many() <= sweeps.MASKS

    def _many(self) -> int:
        return -(-self.graph.columns["origin_site"].count // (sweeps.CHUNKS * EIGHT))

    def pack(self, rows: Rows, room: Shares | None) -> Packed:
        """Give the share of every origin for every mix; an earlier answer may be written over."""
        origins = self.graph.columns["origin_site"].count
        turn, known = self._turn, len(self._turn)
        if (origins - known) * _MORE > origins:
            first = rows._replace(begins=rows.begins[: rows.first + 1])
            turn = gathered(self._packed(np.arange(origins), first, None), origins)
        elif origins > known:
            turn = np.concatenate([turn, np.arange(known, origins)])
        self._turn = turn
        return self._packed(turn, rows, room)

    def _packed(self, turn: Numbers, rows: Rows, room: Shares | None) -> Packed:
        many, total = self._many(), rows.many
        stride = -(-(2 + many) // 4) * 4
        kept = room if isinstance(room, Packed) and room.head.shape == (total + 1, stride) else None
        head = _zeros((total + 1) * stride, np.uint64) if kept is None else kept.head.reshape(-1)
        head[:2] = 0
        size = 16 * total + 2 * many * sweeps.CHUNKS * EIGHT
        marks, shares = kept.spread if kept else (Spread(np.uint8, size), Spread(np.float64, size))
        sums, words = _zeros(many * sweeps.CHUNKS * EIGHT, np.float64), np.zeros(many, np.uint64)
        done, given = 0, (rows.begins, rows.froms, self.graph["weight"], turn)
        while True:
            rooms = marks.room, shares.room
            size = len(rooms[1])
            done = sweeps.packed(*given, done, head, stride, *rooms, sums, words)
            del rooms
            if done == total:
                break
            marks.grow(size * 3 // 2)
            shares.grow(size * 3 // 2)
        table = head.reshape(total + 1, stride)
        ends = table[total, :2].tolist()
        packs = marks.room[: ends[0]], shares.room[: ends[1]]
        return Packed(rows.place, table, *packs, np.argsort(turn), (marks, shares))

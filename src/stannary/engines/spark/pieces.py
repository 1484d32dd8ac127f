"""What a task does: it makes a small graph of its piece and asks it, with the kernels of the engine `arrays`.

What a piece is made of outside of itself has a composition that was worked out before. A composition is a
mix of origins, so it stands in the small graph as one: the kernels need to know nothing of pieces.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from stannary.core.kernel import InvariantError
from stannary.engines.provenance.compiling import Numbers
from stannary.engines.provenance.graph import Graph
from stannary.engines.provenance.questions import Questions
from stannary.engines.provenance.rows import Listed
from stannary.engines.spark.parcels import ANSWER, ASKED, FORM, PIECE, TABLE, VECTORS, Parcel

PASSED = -2
"""Where a parcel goes for which another piece waits, before its wave is looked up."""

_BEYOND = 2**32
"""Numbers from here on are of no node."""


class Piece(NamedTuple):
    """A part of the graph; its nodes are numbered from 0, those outside first, then its own.

    Attributes:
        own: Its nodes in the whole graph, ascending.
        outside: Nodes in other pieces that its own are made of; `owner` the piece of each.
        begins: Where the edges of each own node begin, and one more.
        origin: Of each own node: 0 for a mix, or one more than its origin.
        source: Of each edge; `weight` likewise.
        wanted: Own nodes, counted from 0, that others are made of; `wanter` the piece that is.
    """

    own: Numbers
    outside: Numbers
    owner: Numbers
    begins: Numbers
    origin: Numbers
    source: Numbers
    weight: Numbers
    wanted: Numbers
    wanter: Numbers


class Question(Protocol):
    """What is asked of every piece.

    Attributes:
        upwards: Whether pieces pass shares on to later ones; else they pass amounts on to earlier ones.
        blocks: In how many blocks origins are divided; a task takes one.
    """

    @property
    def upwards(self) -> bool:
        """See the class."""

    @property
    def blocks(self) -> int:
        """See the class."""

    def answer(
        self, piece: Piece, number: int, block: int, given: Sequence[Parcel]
    ) -> Iterator[Parcel]:
        """Work a piece out: give parcels for other pieces and for who asked; `goes` is not filled in yet."""


class Vectors(NamedTuple):
    """Shares that are not 0, of some nodes: those of row n stand from ends[n] on."""

    nodes: Numbers
    ends: Numbers
    ids: Numbers
    shares: Numbers

    def rows(self, places: Numbers) -> "Vectors":
        """Give some rows."""
        begins, many = self.ends[places], self.ends[places + 1] - self.ends[places]
        ends = np.concatenate([[0], np.cumsum(many)])
        at = np.repeat(begins - ends[:-1], many) + np.arange(ends[-1])
        return Vectors(self.nodes[places], ends, self.ids[at], self.shares[at])

    def kept(self, keep: Numbers) -> "Vectors":
        """Leave shares out."""
        before = np.concatenate([[0], np.cumsum(keep)])
        return Vectors(self.nodes, before[self.ends], self.ids[keep], self.shares[keep])


def together(parcels: Iterable[Parcel]) -> Vectors:
    """Put the rows of parcels one after the other."""
    many = [Vectors(*one.parts) for one in parcels if one.what == VECTORS]
    lengths = [np.diff(one.ends) for one in many]
    nothing = np.zeros(0, np.int64)
    return Vectors(
        np.concatenate([nothing, *(one.nodes for one in many)]),
        np.concatenate([[0], np.cumsum(np.concatenate([nothing, *lengths]))]),
        np.concatenate([nothing, *(one.ids for one in many)]),
        np.concatenate([np.zeros(0), *(one.shares for one in many)]),
    )


def _joined(one: Vectors, other: Vectors) -> Vectors:
    return together(Parcel(ANSWER, 0, 0, VECTORS, rows) for rows in (one, other))


def of_rows(nodes: Numbers, table: Numbers) -> Vectors:
    """Turn rows of a table into shares that are not 0."""
    rows, ids = np.nonzero(table)
    ends = np.searchsorted(rows, np.arange(len(table) + 1))
    return Vectors(nodes, ends, ids, table[rows, ids])


class Small(NamedTuple):
    """A graph of one piece, to be asked.

    Attributes:
        ask: Asks it.
        first: Its first own node; those before stand for what came from outside.
    """

    ask: Questions
    first: int


def upward(piece: Piece, vectors: Vectors, origin: Numbers, *, base: int, nothing: int) -> Small:
    """Make a graph in which nodes outside are mixes of what was worked out for them.

    Args:
        piece: The piece.
        vectors: The shares of nodes outside.
        origin: The origins of own nodes, as they are to be taken.
        base: Origin that stands for the share with id 0; the next ones follow.
        nothing: Origin that is greater than all others; a node that has no share of any id is of it.
    """
    order = np.argsort(vectors.nodes, kind="stable")
    if not np.array_equal(vectors.nodes[order], piece.outside):
        raise InvariantError("a piece was not given the shares of each node outside exactly once")
    known, which = np.unique(vectors.ids, return_inverse=True)
    sources = len(known) + 1
    many = np.diff(vectors.ends)
    ends = vectors.ends + np.concatenate([[0], np.cumsum(many == 0)])
    source = np.full(ends[-1], len(known), np.int64)
    weight = np.ones(ends[-1])
    at = np.repeat(ends[:-1] - vectors.ends[:-1], many) + np.arange(len(which))
    source[at], weight[at] = which, vectors.shares
    first = sources + len(order)
    local = np.concatenate([sources + order, first + np.arange(len(piece.own))])
    stands = np.append(base + known.astype(np.int64), nothing) + 1
    ask = _asking(
        np.concatenate([np.zeros(sources, np.int64), ends[:-1], ends[-1] + piece.begins]),
        np.concatenate([stands, np.zeros(len(order), np.int64), origin]),
        np.concatenate([source, local[piece.source]]),
        np.concatenate([weight, piece.weight]),
        nothing + 1,
    )
    return Small(ask, first)


def _asking(
    begins: Numbers, origin: Numbers, source: Numbers, weight: Numbers, origins: int
) -> Questions:
    """Make a graph, and give who asks it."""
    graph = Graph(fast=True)
    whole = {
        "node": np.stack([begins, np.append(origin, 0)], axis=1).astype(np.uint32),
        "source": source.astype(np.uint32),
        "weight": weight,
        "origin_site": np.zeros(origins, np.uint32),
        "origin_attestation": np.zeros(origins, np.uint32),
    }
    for name, values in whole.items():
        graph.columns[name].count = 0
        graph.columns[name].append(values)
    return Questions(graph)


def _passed_on(piece: Piece, block: int, found: Vectors) -> Iterator[Parcel]:
    """Give the shares of own nodes to each piece that wants them."""
    for wanter in np.unique(piece.wanter).tolist():
        rows = found.rows(piece.wanted[piece.wanter == wanter])
        yield Parcel(PASSED, wanter, block, VECTORS, rows)


@dataclass(frozen=True, eq=False)
class ByClass:
    """The share of each class for every node.

    Attributes:
        classes: Of each origin; `width` for none.
        width: How many there are.
    """

    classes: Numbers
    width: int
    upwards = True
    blocks = 1

    def answer(
        self, piece: Piece, number: int, block: int, given: Sequence[Parcel]
    ) -> Iterator[Parcel]:
        """Work a piece out."""
        origins = len(self.classes)
        nothing = origins + self.width
        classes = np.concatenate([self.classes, np.arange(self.width + 1)])
        small = upward(piece, together(given), piece.origin, base=origins, nothing=nothing)
        own = np.arange(small.first, small.ask.graph.nodes)
        table = small.ask.by_class(classes, self.width).of(own)
        wanted, place = np.unique(piece.wanted, return_inverse=True)
        shares = of_rows(piece.own[wanted], table[wanted])
        yield from _passed_on(piece._replace(wanted=place), block, shares)
        yield Parcel(ANSWER, number, block, TABLE, (piece.own, table.ravel()))


@dataclass(frozen=True, eq=False)
class ByOrigin:
    """The share of each origin for every node, those that are not 0.

    Attributes:
        origins: How many there are.
        blocks: In how many blocks they are divided.
    """

    origins: int
    blocks: int = 1
    upwards = True

    def answer(
        self, piece: Piece, number: int, block: int, given: Sequence[Parcel]
    ) -> Iterator[Parcel]:
        """Work a piece out; origins of other blocks count as nothing."""
        origin = piece.origin.astype(np.int64)
        first, end = (self.origins * n // self.blocks for n in (block, block + 1))
        origin[(origin > 0) & ((origin <= first) | (origin > end))] = self.origins + 1
        found = _shares(piece, together(given), origin, self.origins)
        yield from _passed_on(piece, block, found)
        yield Parcel(ANSWER, number, block, VECTORS, found)


@dataclass(frozen=True, eq=False)
class Forward:
    """What part of every node is of some sources, for some questions at once.

    Attributes:
        questions: How many there are; who asks tells which sources count in which.
    """

    questions: int
    upwards = True
    blocks = 1

    def answer(
        self, piece: Piece, number: int, block: int, given: Sequence[Parcel]
    ) -> Iterator[Parcel]:
        """Work a piece out: a source that counts is a mix of its questions, which come from outside."""
        question, node, _ = _asked(given)
        known, which = np.unique(question, return_inverse=True)
        units = Vectors(_BEYOND + known, np.arange(len(known) + 1), known, np.ones(len(known)))
        own = np.searchsorted(piece.own, node)
        order = np.argsort(own, kind="stable")
        counts = np.bincount(own, minlength=len(piece.own))
        begins = piece.begins + np.concatenate([[0], np.cumsum(counts)])
        at = np.repeat(begins[:-1], counts) + np.arange(len(own))
        at -= np.repeat(np.cumsum(counts) - counts, counts)
        kept = np.ones(begins[-1], bool)
        kept[at] = False
        source, weight = np.empty(begins[-1], np.int64), np.ones(begins[-1])
        outside = len(piece.outside)
        source[at] = outside + which[order]
        source[kept] = piece.source + np.where(piece.source < outside, 0, len(known))
        weight[kept] = piece.weight
        origin = np.where((piece.origin > 0) & (counts == 0), self.questions + 1, 0)
        changed = piece._replace(
            outside=np.concatenate([piece.outside.astype(np.int64), units.nodes]),
            begins=begins,
            source=source,
            weight=weight,
        )
        found = _shares(changed, _joined(together(given), units), origin, self.questions)
        yield from _passed_on(piece, block, found)
        yield Parcel(ANSWER, number, block, VECTORS, found)


def _shares(piece: Piece, vectors: Vectors, origin: Numbers, ids: int) -> Vectors:
    """Ask for all shares of own nodes, without those of nothing."""
    small = upward(piece, vectors, origin, base=0, nothing=ids)
    found = small.ask.by_origin(packed=False)
    if not isinstance(found, Listed):
        raise InvariantError("shares of a piece are listed")
    ends = np.asarray(found.ends[small.first :])
    part = slice(int(ends[0]), int(ends[-1]))
    shares = Vectors(piece.own, ends - ends[0], found.origins[part], found.shares[part])
    return shares.kept(shares.ids < ids)


def _asked(given: Sequence[Parcel]) -> tuple[Numbers, Numbers, Numbers]:
    """Put what is asked of a piece together: questions, nodes, amounts."""
    parts = [one.parts for one in given if one.what == ASKED]
    nothing = np.zeros(0, np.int64)
    question, node, amount = (
        np.concatenate([nothing, *(part[n] for part in parts)]) for n in range(3)
    )
    return question, node, amount


@dataclass(frozen=True, eq=False)
class Backward:
    """What every source gives to some nodes, for some questions at once."""

    upwards = False
    blocks = 1

    def answer(
        self, piece: Piece, number: int, block: int, given: Sequence[Parcel]
    ) -> Iterator[Parcel]:
        """Work a piece out: a question is one more node, a mix of what it asks for."""
        question, node, amount = _asked(given)
        order = np.argsort(question, kind="stable")
        known, begins = np.unique(question[order], return_index=True)
        outside, edges = len(piece.outside), len(piece.source)
        last = outside + len(piece.own)
        asked = outside + np.searchsorted(piece.own, node[order])
        begins = np.concatenate([piece.begins[:-1], edges + np.append(begins, len(order))])
        ends_here = np.concatenate([np.ones(outside, bool), piece.origin > 0])
        ask = _asking(
            np.concatenate([np.zeros(outside, np.int64), begins]),
            np.concatenate([ends_here, np.zeros(len(known), bool)]),
            np.concatenate([piece.source, asked]),
            np.concatenate([piece.weight, amount[order]]),
            1,
        )
        ask.graph.columns["node_of"].append(np.arange(last, last + len(known)))
        backs = [ask.back(n, sources=True) for n in range(len(known))]
        questions = np.repeat(known, [len(back.sources) for back in backs])
        nodes = np.concatenate([np.asarray(back.sources, np.int64) for back in backs])
        amounts = np.concatenate([back.amounts for back in backs])
        here = nodes >= outside
        found = (questions[here], piece.own[nodes[here] - outside], amounts[here])
        yield Parcel(ANSWER, number, block, ASKED, found)
        questions, nodes, amounts = questions[~here], nodes[~here], amounts[~here]
        owner = piece.owner[nodes]
        for by in np.unique(owner).tolist():
            those = owner == by
            rest = (questions[those], piece.outside[nodes[those]], amounts[those])
            yield Parcel(PASSED, by, block, ASKED, rest)


def work(
    question: Question, firsts: Numbers, parcels: Sequence[Parcel], *, form: int
) -> Iterator[Parcel]:
    """Do one task.

    Args:
        question: What is asked.
        firsts: The first piece of each wave, and one more.
        parcels: Everything for one piece and one block, the piece itself among it.
        form: `parcels.FORM` of who asks, who may be another process on another machine.
    """
    if form != FORM:
        raise InvariantError("a worker has another release of this program than who asks")
    whole = [one for one in parcels if one.what == PIECE]
    given = [one for one in parcels if one.what != PIECE]
    if not question.upwards and not given:
        return
    if len(whole) != 1:
        raise InvariantError(f"a task was given {len(whole)} pieces instead of one")
    piece, number, block = Piece(*whole[0].parts), whole[0].piece, whole[0].block
    for one in question.answer(piece, number, block, given):
        if one.goes == PASSED:
            wave = int(np.searchsorted(firsts, one.piece, side="right")) - 1
            yield one._replace(goes=wave)
        else:
            yield one

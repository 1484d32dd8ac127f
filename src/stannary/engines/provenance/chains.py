"""From numbers back to what core reads: the chain behind a lot, in whole milligrams.

What core makes of it is exact, without asking the book again.
"""

import datetime
from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

import numpy as np

from stannary.core.custody import Event, Kind, Model, Row, Side
from stannary.core.provenance import Chain
from stannary.engines.provenance.compiling import Numbers, chosen
from stannary.engines.provenance.graph import Graph
from stannary.engines.provenance.growing import ascend, descend
from stannary.engines.provenance.loops import ancestors
from stannary.engines.provenance.movements import KINDS, MODELS, moment
from stannary.engines.provenance.names import Names


class Told(NamedTuple):
    """A row as far as it is kept: what core reads of a `Row` to trace, without its checks.

    Of what is used, site and attestation are not kept.
    """

    event: str
    at: datetime.datetime
    kind: Kind
    entity: str
    lot: str
    side: Side
    mass_mg: int
    content_mg: int
    model: Model | None
    site: str = ""
    attestation: str = ""


def events_behind(graph: Graph, lot: int) -> Numbers:
    """Give the events that a lot is made of, inputs before outputs."""
    lots, events = len(graph.lots), len(graph.events)
    seen = np.zeros(lots, np.uint8), np.zeros(events, np.uint8)
    room = np.empty(lots, np.uint32), np.empty(events, np.uint32)
    columns = (graph[x] for x in ("maker", "begins", "used", "used_model", "model"))
    _, met, _ = chosen(ancestors, fast=graph.fast)(lot, *columns, *seen, *room)
    return np.sort(room[1][: int(met)])


class Descent(NamedTuple):
    """What was made of some lots.

    Attributes:
        lots: The lots themselves, and all that were made of them; ascending.
        events: Those that made them, or all that they were made of, or that used one of them;
            ascending.
    """

    lots: Numbers
    events: Numbers


def descent_of(graph: Graph, first: Numbers, also: Numbers) -> Descent:
    """Follow some lots to all that was made of them, and all of that back to where it came from.

    Args:
        graph: Holds them.
        first: Numbers of lots.
        also: Lots that are followed back alone.
    """
    reached, wanted = (np.zeros(len(graph.lots), np.uint8) for _ in range(2))
    events = np.zeros(len(graph.events), np.uint8)
    reached[first] = 1
    columns = graph["begins"], graph["makes"], graph["used"]
    chosen(descend, fast=graph.fast)(*columns, reached, events)
    wanted[also] = 1
    wanted |= reached
    chosen(ascend, fast=graph.fast)(*columns, wanted, events)
    return Descent(np.flatnonzero(reached), np.flatnonzero(events))


def chain_of_events(graph: Graph, events: Numbers) -> Chain:
    """Give events as core knows them.

    Args:
        graph: Holds them.
        events: Their numbers, ascending; with each, those that made what it used.
    """
    told = tuple(_told(graph, events))
    rows = {row.lot: row for event in told for row in event.outputs}
    maker = {row.lot: place for place, event in enumerate(told) for row in event.outputs}
    return Chain(told, rows, maker)


def _told(graph: Graph, events: Numbers) -> Iterator[Event]:
    lots, texts = _Cached(graph.lots), _Cached(graph.texts)
    used = _Rows(graph, events, "begins", ("used", "used_mass", "used_content", "used_model"))
    of_lots = ("mass", "content", "model", "site", "entity", "attestation", "offset")
    made = _Rows(graph, events, "makes", of_lots)
    for place, number in enumerate(events.tolist()):
        name, kind = graph.events.text(number), KINDS[graph["kind"][number]]
        outs = made.of(place)
        first = outs[0]
        at = moment(int(graph["at"][number]), first[7])
        entity = texts[first[5]]
        ins = (
            Told(name, at, kind, entity, lots[lot], Side.IN, mass, content, _model(model))
            for _, lot, mass, content, model in used.of(place)
        )
        those = (
            Told(name, at, kind, texts[by], lots[lot], Side.OUT, mass, content, _model(model),
                 texts[site], texts[attestation])
            for lot, mass, content, model, site, by, attestation, _ in outs
        )  # fmt: skip
        yield Event(
            id=name,
            at=at,
            kind=kind,
            site=texts[first[4]],
            entity=entity,
            inputs=cast("tuple[Row, ...]", tuple(ins)),
            outputs=cast("tuple[Row, ...]", tuple(those)),
        )


def _model(rank: int) -> Model | None:
    return MODELS[rank] if rank >= 0 else None


class _Cached(dict[int, str]):
    """Texts by number, each read once."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def __missing__(self, number: int) -> str:
        self[number] = text = self.names.text(number)
        return text


class _Rows:
    """Rows of some events, each with its own number first."""

    def __init__(self, graph: Graph, events: Numbers, ends: str, columns: Sequence[str]) -> None:
        begins = graph[ends][events].astype(np.int64)
        many = graph[ends][events.astype(np.int64) + 1].astype(np.int64) - begins
        self.ends = np.concatenate([[0], np.cumsum(many)]).tolist()
        at = np.repeat(begins - self.ends[:-1], many) + np.arange(self.ends[-1])
        at = at.astype(np.int64)  # nothing would be of no whole number
        taken = (graph[name][at].tolist() for name in columns)
        self.rows = list(zip(at.tolist(), *taken, strict=True))

    def of(self, place: int) -> list[tuple[int, ...]]:
        """Give the rows of one of the events."""
        return self.rows[self.ends[place] : self.ends[place + 1]]


ONE = 2**256
"""Shares of what carries some material are told as so many parts of this."""


def carried_exactly(graph: Graph, lots: Numbers, sources: Numbers) -> dict[int, int]:
    """Count again what part of lots is of some sources, to 200 binary digits and more.

    Args:
        graph: Holds them.
        lots: All that carry material of the sources, ascending.
        sources: The lots that are wholly of what is followed.

    Returns:
        Number of a lot to its share as parts of `ONE`, rounded down at each step.
    """
    found = dict.fromkeys(sources.tolist(), ONE)
    events = np.unique(graph["maker"][lots])
    used = _Rows(graph, events, "begins", ("used", "used_content"))
    made = _Rows(graph, events, "makes", ())
    for place in range(len(events)):
        rows = used.of(place)
        if not rows:
            continue
        total = sum(content for _, _, content in rows)
        carried = sum(found.get(lot, 0) * content for _, lot, content in rows)
        for (lot,) in made.of(place):
            found[lot] = carried // total
    return found

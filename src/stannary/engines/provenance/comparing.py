"""Whether two stores tell the same, in whatever batches and order it came."""

from collections.abc import Iterator

import numpy as np

from stannary.engines.provenance.compiling import Numbers
from stannary.engines.provenance.graph import Graph
from stannary.engines.provenance.names import Names


def difference(one: Graph, other: Graph) -> str:
    """Give what of two graphs differs first: the name of a column; "" if nothing does."""
    return next(_differences(one, other), "")


def _differences(one: Graph, other: Graph) -> Iterator[str]:
    lots, events = _places(one.lots, other.lots), _places(one.events, other.events)
    if lots is None or events is None:
        yield "lot" if lots is None else "event"
        return
    for name in ("mass", "content", "model", "offset"):
        if not np.array_equal(one[name], other[name][lots]):
            yield name
    for name in ("site", "entity", "attestation"):
        if _texts(one, name, slice(None)) != _texts(other, name, lots):
            yield name
    for name in ("at", "kind", "depth"):
        if not np.array_equal(one[name], other[name][events]):
            yield name
    if not np.array_equal(events[one["maker"]], other["maker"][lots]):
        yield "maker"
    if not np.array_equal(_uses(one, lots, events), _uses(other)):
        yield "used"
    for left in ("mass_left", "content_left"):
        if not np.array_equal(getattr(one, left).values, getattr(other, left).values[lots]):
            yield left


def _places(one: Names, other: Names) -> Numbers | None:
    """Give the numbers that texts have elsewhere; None if not all are there, or others, too."""
    if len(one) != len(other):
        return None
    places = other.find(one.texts) if len(one) else np.zeros(0, np.int64)
    return None if (places < 0).any() else places


def _texts(graph: Graph, name: str, places: Numbers | slice) -> list[str]:
    numbers, which = np.unique(graph[name][places], return_inverse=True)
    known = [graph.texts.text(number) for number in numbers.tolist()]
    return [known[place] for place in which.tolist()]


def _uses(graph: Graph, lots: Numbers | None = None, events: Numbers | None = None) -> Numbers:
    """Give a row for each use: event, lot, mass, content and rank, all in order."""
    begins = graph["begins"].astype(np.int64)
    event = np.repeat(np.arange(len(graph.events)), begins[1:] - begins[:-1])
    used = graph["used"].astype(np.int64)
    if lots is not None and events is not None:
        event, used = events[event], lots[used]
    columns = [event, used, *(graph[x] for x in ("used_mass", "used_content", "used_model"))]
    rows = np.stack([x.astype(np.int64) for x in columns], axis=1)
    return rows[np.lexsort(rows.T[::-1])]

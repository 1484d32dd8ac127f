"""What pages ask the arrays; every answer is counted again from whole milligrams.

The arrays find what is behind a lot, or made of a mine's material, in a moment, and in double
precision. What is printed is counted once more, over what they found alone.
"""

import datetime
from collections.abc import Iterable, Iterator
from fractions import Fraction

import numpy as np

from stannary.core.provenance import Chain
from stannary.engines.provenance import Arrays, texts_of
from stannary.engines.provenance import graph as graphs
from stannary.engines.provenance.chains import (
    ONE,
    carried_exactly,
    chain_of_events,
    descent_of,
    events_behind,
)
from stannary.engines.provenance.compiling import Numbers
from stannary.engines.provenance.names import Names
from stannary.web.custody.tracing import Descent, Following, Judge, Produced, Reached, kept

_DECIMALS = 10**12
_MINUTE, _MINUTES_A_DAY = 60_000_000, 24 * 60
_EPOCH, _DAY = datetime.date(1970, 1, 1), datetime.timedelta(days=1)


def chains_behind(lots: Iterable[str]) -> dict[str, Chain] | None:
    """Give the chains that lots are made of; None if the arrays do not tell all, or of one of them."""
    with kept.asked() as arrays:
        if arrays is None:
            return None
        graph = arrays.graph
        numbers = {name: graph.lots.find_one(name) for name in lots}
        if any(number < 0 for number in numbers.values()):
            return None
        return {
            name: chain_of_events(graph, events_behind(graph, number))
            for name, number in numbers.items()
        }


def following(site: str) -> Following | None:
    """Follow a mine's material; None if the arrays do not tell all that is booked."""
    with kept.asked() as arrays:
        if arrays is None:
            return None
        graph = arrays.graph
        origins = np.flatnonzero(graph["origin_site"] == graph.texts.find_one(site))
        sources = graph["lot_of"][np.flatnonzero(np.isin(graph["node"][:-1, 1], origins + 1))]
        lots, _ = arrays.carriers(origins)
        parts = carried_exactly(graph, np.sort(lots), sources)
        names = {number: graph.lots.text(number) for number in parts}
        return Following(
            produced_mg=sum(graph["content"][sources].tolist()),
            lots=tuple((names[number], arrays.time(number)) for number in lots.tolist()),
            parts={names[number]: part for number, part in parts.items()},
            one=ONE,
        )


def descent(lots: Iterable[str], also: Iterable[str]) -> Descent | None:
    """Follow lots to what was made of them; None if the arrays do not tell all that is booked."""
    with kept.asked() as arrays:
        if arrays is None:
            return None
        graph = arrays.graph
        first, more = (_numbers(graph.lots, names) for names in (lots, also))
        found = descent_of(graph, first, more)
        return Descent(
            frozenset(graph.lots.text(number) for number in found.lots.tolist()),
            tuple(graph.events.text(number) for number in found.events.tolist()),
        )


def _numbers(known: Names, names: Iterable[str]) -> Numbers:
    numbers = known.find(texts_of(list(names)))
    return numbers[numbers >= 0]


def reached(judge: Judge) -> tuple[Reached, ...] | None:
    """Tell which lots carry what counted before and does not now, or the reverse."""
    with kept.asked() as arrays:
        return None if arrays is None else tuple(_reached(arrays, judge))


def _reached(arrays: Arrays, judge: Judge) -> Iterator[Reached]:
    graph = arrays.graph
    nodes = np.flatnonzero(graph["node"][:-1, 1] > graphs.UNKNOWN + 1)
    lots = graph["lot_of"][nodes]
    origin = graph["node"][nodes, 1].astype(np.int64) - 1
    minutes = graph["offset"][lots].astype(np.int64)
    day = (graph["at"][graph["maker"][lots]] // _MINUTE + minutes) // _MINUTES_A_DAY
    pairs, which = np.unique(np.stack([origin, day], axis=1), axis=0, return_inverse=True)
    sources = {number: arrays.source(number) for number in set(pairs[:, 0].tolist())}
    produced = [
        Produced(sources[number].site, sources[number].attestation, _EPOCH + days * _DAY)
        for number, days in pairs.tolist()
    ]
    was, now = (np.array(x, bool)[which.reshape(-1)] for x in judge(produced))
    changed, before, after = (
        arrays.ask.forward(nodes[x])[graph["node_of"]] for x in (was != now, was, now)
    )
    found = np.flatnonzero(changed)
    made = graph["at"][graph["maker"][found]]
    for number in found[np.argsort(made, kind="stable")].tolist():
        maker = graph.texts.text(int(graph["entity"][number]))
        shares = (Fraction(round(x[number] * _DECIMALS), _DECIMALS) for x in (before, after))
        yield Reached(graph.lots.text(number), maker, *shares)

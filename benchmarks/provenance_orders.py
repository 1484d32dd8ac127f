"""The order in which compositions are kept, and how many lots go into one: what they do to speed."""

import functools
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks import provenance_algebra as algebra
from benchmarks import provenance_peers as peers
from benchmarks.provenance_graph import MINES, supply
from benchmarks.provenance_judging import ROUNDS, Entry, Numbers, check, quartiles, sweep, timed
from benchmarks.provenance_ours import Ours, loaded

SIZE = 300_000
MIXINGS = {"few lots in a blend": 0.4, "as elsewhere": 1.0, "many lots in a blend": 2.5}
ARRIVAL = "ours in order of arrival"
LOTS = 100


def orders() -> list[Entry]:
    """Ask graphs of three mixings, closed and in the order of arrival, beside what is usual."""
    rows: list[Entry] = []
    for name, mixing in MIXINGS.items():
        graph = supply(SIZE, mixing=mixing)
        ours, arrival = loaded(graph), loaded(graph, closed=False)
        with tempfile.TemporaryDirectory() as folder:
            one = peers.given(graph, Path(folder))
            rows.append(_lots(name, one, ours, arrival))
            rows += _whole(name, one, ours, arrival)
    return rows


def _lots(name: str, one: peers.Given, ours: Ours, arrival: Ours) -> Entry:
    """Ask for product lots, each way in turn."""
    graph = one.graph
    products = np.flatnonzero(graph.level == 11)
    lots = np.random.default_rng(7).choice(products, LOTS, replace=False).tolist()
    peer = peers.numpy_frontier(one)
    others: dict[str, Callable[[int], Any]] = {
        ARRIVAL: arrival.engine.ask.back,
        peer.name: peer.ask,
    }
    mines = []
    for lot in lots:
        wanted = ours.shares(lot)
        mines.append(np.count_nonzero(wanted))
        check(ARRIVAL, wanted, arrival.shares(lot))
        check(peer.name, wanted, peer.ask(lot))
    row: Entry = {
        "what": f"{name}, single product lot",
        "edges": graph.edges,
        "mines_p50": float(np.median(mines)),
        "ancestors_p50": float(np.median([ours.engine.ancestors(lot)[0] for lot in lots])),
    }
    for who, ask in others.items():
        ratios: list[float] = []
        for _ in range(ROUNDS):
            mine = [timed(functools.partial(ours.engine.ask.back, lot)).cpu for lot in lots]
            theirs = [timed(functools.partial(ask, lot)).cpu for lot in lots]
            ratios.append(statistics.median(theirs) / statistics.median(mine))
        row[f"{who}, ratio_cpu"] = quartiles(ratios)
    return row


def _whole(name: str, one: peers.Given, ours: Ours, arrival: Ours) -> list[Entry]:
    """Ask for every lot, each way in turn."""
    edges, many = one.graph.edges, algebra.CLASSES
    levels = algebra.scipy_levels(one)
    asks = []
    for each in (ours, arrival):
        ask = each.engine.ask
        by_class = functools.partial(
            ask.by_class, each.mine % many, many, room=ask.room_by_class(many)
        )
        asks.append((by_class, functools.partial(ask.by_origin, room=ask.by_origin())))
    node_of = [each.engine.graph["node_of"] for each in (ours, arrival)]
    found = algebra.scipy_classes(one, levels)
    for (by_class, _), nodes in zip(asks, node_of, strict=True):
        check("scipy", by_class().of(nodes), found)
    _same(one, ours, arrival, asks[0][1](), asks[1][1]())
    scipy = "scipy, levels cut before"
    rows = sweep(
        f"{name}, by class",
        {
            "ours": (asks[0][0], 0),
            ARRIVAL: (asks[1][0], ROUNDS),
            scipy: (functools.partial(algebra.scipy_classes, one, levels, by_lot=False), ROUNDS),
        },
        edges,
    )[0]
    rows += sweep(
        f"{name}, by mine",
        {
            "ours": (asks[0][1], 0),
            ARRIVAL: (asks[1][1], ROUNDS),
            scipy: (functools.partial(algebra.scipy_mines, levels), ROUNDS),
        },
        edges,
    )[0]
    return rows


def _same(one: peers.Given, ours: Ours, arrival: Ours, first: Any, second: Any) -> None:
    """Compare the shares of some lots."""
    for lot in np.random.default_rng(5).integers(0, one.graph.lots, 200).tolist():
        check(ARRIVAL, _of(ours, first, lot), _of(arrival, second, lot))


def _of(each: Ours, shares: Any, lot: int) -> Numbers:
    """Give the share of each mine of a lot."""
    origins, parts = shares.of(int(each.engine.graph["node_of"][lot]))
    return np.bincount(each.mine[origins], parts, MINES)

"""Every lot by class and by mine, against sparse algebra, arrays and joins."""

import functools
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import scipy
import scipy.sparse
from benchmarks import provenance_algebra as algebra
from benchmarks.provenance_graph import MINES
from benchmarks.provenance_judging import (
    LARGE,
    ROUNDS,
    Entry,
    Numbers,
    check,
    gate,
    lower,
    sweep,
)
from benchmarks.provenance_ours import Ours
from benchmarks.provenance_peers import Given, duck

from stannary.engines.provenance.questions import Questions
from stannary.engines.provenance.rows import Shares

FORMS = ("scipy", "scipy in order of arrival")
CUTS = ("levels cut before", "levels cut as well")
Works = dict[str, tuple[Callable[[], Any], int]]
"""What is run in turn, and how many rounds."""


def whole_by_class(one: Given, ours: Ours, *, stream: float) -> tuple[list[Entry], list[Entry]]:
    """The share of each class for every lot."""
    graph, engine, edges = one.graph, ours.engine, one.graph.edges
    many = algebra.CLASSES
    classes = np.where(np.arange(len(ours.mine)) > 1, ours.mine % many, many)
    room = engine.ask.room_by_class(many)  # memory that was touched before; scipy's is kept, too
    kept = np.zeros((graph.lots, many))
    mine = functools.partial(engine.ask.by_class, classes, many, room=room)
    levels, base = algebra.scipy_levels(one), duck(one)
    wanted = mine().of(engine.graph["node_of"])
    check("scipy", wanted, algebra.scipy_classes(one, levels))
    check("numpy", wanted, algebra.numpy_classes(one))
    arrival = [algebra.scipy_arrival(one, cut=cut) for cut in (True, False)]
    check("scipy in order of arrival", wanted, arrival[0]())

    def split() -> None:
        algebra.scipy_classes(one, algebra.scipy_levels(one), by_lot=False)

    def anew() -> None:
        Questions(engine.graph).by_class(classes, many, room=room)

    def expanded() -> Numbers:
        return mine().of(engine.graph["node_of"])

    before = functools.partial(algebra.scipy_classes, one, levels, by_lot=False, room=kept)
    works: Works = {
        "ours": (mine, 0),
        f"{FORMS[0]}, {CUTS[0]}": (before, ROUNDS),
        f"{FORMS[0]}, {CUTS[1]}": (split, ROUNDS),
        f"{FORMS[1]}, {CUTS[0]}": (arrival[0], ROUNDS),
        f"{FORMS[1]}, {CUTS[1]}": (arrival[1], ROUNDS),
        "numpy": (functools.partial(algebra.numpy_classes, one), 3 if edges > LARGE else ROUNDS),
        "DuckDB": (functools.partial(algebra.duckdb_whole, base, f"mine % {many}"), ROUNDS),
        "ours, rows made as well": (anew, ROUNDS),
        "ours, a row for every lot": (expanded, ROUNDS),
        "ours, in new memory": (functools.partial(engine.ask.by_class, classes, many), ROUNDS),
    }
    rows, ratios = sweep("every lot by class", works, edges)
    found = base.execute("SELECT lot, k, x FROM comp").fetchnumpy()
    seen = np.zeros_like(wanted)
    seen[found["lot"], found["k"]] = found["x"]
    check("DuckDB", wanted, seen)
    nodes, mixes = engine.graph.nodes, engine.ask.rows().many
    least = len(engine.graph["source"]) * 12 + mixes * (4 + 8 * many)
    share = least / rows[0]["cpu_s"] / (stream * 1e9)
    at = f"every lot by class, {edges} edges"
    note = f"lots {graph.lots}, nodes {nodes}, mixes {mixes}; peer: scipy {scipy.__version__}"
    duckdb_note = f"peer: DuckDB {duckdb.__version__}, one thread"
    stream_note = f"{least} bytes at least; read in order by numpy in the same run"
    gates = [
        gate(f"{at}, against {form}, {cut}", demand, lower(ratios[f"{form}, {cut}"]), note)
        for form in FORMS
        for cut, demand in zip(CUTS, (5, 10), strict=True)
    ]
    return rows, [
        *gates,
        gate(f"{at}, against DuckDB", 80, lower(ratios["DuckDB"]), duckdb_note),
        gate(f"{at}, share of the stream", 0.1, share, stream_note),
    ]


def same_by_mine(one: Given, ours: Ours, levels: algebra.Levels, shares: Shares) -> None:
    """Compare shares of some lots with those of scipy in every way, and add up all."""
    engine, lots = ours.engine, one.graph.lots
    place = np.empty(lots, np.int64)
    place[levels.order] = np.arange(lots)
    some = np.random.default_rng(5).integers(0, lots, 300).tolist()
    ways: list[Callable[[], Any]] = [
        functools.partial(algebra.scipy_mines, levels),
        algebra.scipy_mines_arrival(one, cut=False),
        lambda: scipy.sparse.vstack(algebra.scipy_mines_blocks(levels)(), format="csr"),
    ]
    for way in ways[:1] if one.graph.edges > LARGE else ways:
        found = way()
        for lot in some:
            origins, parts = shares.of(int(engine.graph["node_of"][lot]))
            seen = np.bincount(ours.mine[origins], parts, MINES)
            check("scipy", seen, found[[int(place[lot])]].toarray()[0])
        del found
    sums = shares.sums()
    check("our shares", np.ones(len(sums)), sums)


def whole_by_mine(one: Given, ours: Ours) -> tuple[list[Entry], list[Entry]]:
    """The share of every mine for every lot."""
    engine, edges = ours.engine, one.graph.edges
    levels = algebra.scipy_levels(one)
    shares = engine.ask.by_origin()
    same_by_mine(one, ours, levels, shares)
    some = 2 if edges > LARGE else ROUNDS

    def anew() -> None:
        Questions(engine.graph).by_origin(room=shares)

    def cut_as_well() -> None:
        algebra.scipy_mines(algebra.scipy_levels(one))

    works: Works = {
        "ours": (functools.partial(engine.ask.by_origin, room=shares), 0),
        f"{FORMS[0]}, {CUTS[0]}": (functools.partial(algebra.scipy_mines, levels), ROUNDS),
        f"{FORMS[0]}, {CUTS[1]}": (cut_as_well, ROUNDS),
        f"{FORMS[1]}, {CUTS[0]}": (algebra.scipy_mines_arrival(one, cut=True), ROUNDS),
        f"{FORMS[1]}, {CUTS[1]}": (algebra.scipy_mines_arrival(one, cut=False), ROUNDS),
        "scipy in blocks, cut before": (algebra.scipy_mines_blocks(levels), some),
        "ours, rows made as well": (anew, 2),
        "ours, listed": (functools.partial(engine.ask.by_origin, packed=False), 2),
        "ours, in new memory": (engine.ask.by_origin, 2),
    }
    base = duck(one)
    works["DuckDB"] = (functools.partial(algebra.duckdb_whole, base, "mine"), ROUNDS)
    rows, ratios = sweep("every lot by mine", works, edges)
    for lot in np.random.default_rng(8).integers(0, one.graph.lots, 20).tolist():
        found = base.execute("SELECT k, x FROM comp WHERE lot = ?", [lot]).fetchnumpy()
        check("DuckDB", ours.shares(lot), np.bincount(found["k"], found["x"], MINES))
    rows[0]["shares_stored"] = shares.many
    at = f"every lot by mine, {edges} edges"
    note = f"peer: scipy {scipy.__version__}"
    gates = [
        gate(f"{at}, against {x}", 15, lower(ratios[x]), note)
        for x in (f"{form}, {cut}" for form in FORMS for cut in CUTS)
    ]
    note = f"peer: DuckDB {duckdb.__version__}, one thread"
    gates.append(gate(f"{at}, against DuckDB", 60, lower(ratios["DuckDB"]), note))
    return rows, gates

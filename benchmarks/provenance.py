"""Speed of tracing, against what a user would take instead, in one run with every answer checked.

    python -m benchmarks.provenance [EDGES ...] [--growth EDGES,EDGES,...]

Without arguments a graph of a million uses is measured. PostgreSQL takes part where pg_virtualenv is
installed; it is started for the run. Peers and our engine take turns, on the same lots.
"""

import argparse
import datetime
import functools
import json
import os
import platform
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numba
import numpy as np
import scipy
from benchmarks import provenance_peers as peers
from benchmarks.provenance_controls import controls, peak, resident
from benchmarks.provenance_graph import MINES, Supply, batches, ids, supply
from benchmarks.run import RESULTS
from numpy.typing import NDArray

from stannary.core.custody import Kind
from stannary.engines.provenance import Arrays
from stannary.engines.provenance.graph import HOT
from stannary.engines.provenance.names import Names

Numbers = NDArray[Any]
Entry = dict[str, Any]

ROUNDS = 5
BUDGET_S = 1.5
"""Seconds that one peer may take in one round for single lots."""
LOTS = 1000
NEAR = 1e-9
ORACLE = 5
LOOKUPS = 1_000_000
LARGE = 5_000_000
"""Uses from which a peer that takes minutes runs fewer rounds, or not."""
POOLS = (40, 365, 3650)
PATHS_MOST = 3e5
"""Paths up to which a query that counts every path is asked."""


class Seconds(NamedTuple):
    """Time for one answer: on the clock, and of the processor."""

    wall: float
    cpu: float


class Ours(NamedTuple):
    """Our engine with a graph in it, and the mine that each of its origins stands for."""

    engine: Arrays
    mine: Numbers
    append_s: float
    resident: int

    def shares(self, lot: int) -> Numbers:
        """Give the share of each mine of a lot."""
        return np.bincount(self.mine, self.engine.ask.back(lot).share, MINES)


def loaded(graph: Supply) -> Ours:
    """Append a graph to a new store in memory, and close it."""
    before, taken = resident(), 0.0
    engine = Arrays()
    for batch in batches(graph):
        begin = time.process_time()
        engine.append(batch)
        taken += time.process_time() - begin
    engine.graph.close_segments()
    origins = range(len(engine.graph["origin_site"]))
    names = (engine.source(n) for n in origins)
    mine = [int(x.site[1:]) if x.kind is Kind.PRODUCE else 0 for x in names]
    return Ours(engine, np.array(mine), taken, resident() - before)


def timed(work: Callable[[], Any], cpu: Callable[[], float] = time.thread_time) -> Seconds:
    """Time a piece of work."""
    wall, used = time.perf_counter(), cpu()
    work()
    used = cpu() - used
    return Seconds(time.perf_counter() - wall, used)


def oracle(graph: Supply, lot: int) -> Numbers:
    """Give the share of each mine in exact fractions, counted with the masses themselves."""
    found = [Fraction(0)] * MINES
    held = {lot: Fraction(1)}
    while held:
        here = max(held)
        mass = held.pop(here)
        begin, end = int(graph.first[here]), int(graph.first[here + 1])
        if begin == end:
            found[int(graph.site[here])] += mass
        total = int(graph.mass[begin:end].sum())
        for edge in range(begin, end):
            before = int(graph.source[edge])
            held[before] = held.get(before, Fraction(0)) + mass * Fraction(
                int(graph.mass[edge]), total
            )
    return np.array([float(x) for x in found])


def check(who: str, wanted: Numbers, seen: Numbers, near: float = NEAR) -> None:
    """Stop the run if somebody says anything else."""
    worst = float(np.abs(wanted - seen).max(initial=0.0))
    if not worst <= near:
        sys.exit(f"{who} gives another answer: it differs by {worst}")


def quartiles(values: Sequence[float]) -> list[float]:
    """Give the lower quartile, the median and the upper quartile."""
    return [round(x, 2) for x in statistics.quantiles(values, n=4, method="inclusive")]


def gate(name: str, demand: float, seen: float, note: str, *, unit: str = "ratio") -> Entry:
    """Write a gate in the form of the contract; bytes are at most, ratios at least."""
    most = unit != "ratio"
    holds = seen <= demand if most else seen >= demand
    shown = float(f"{seen:.4g}")
    return {
        "gate": name,
        "unit": unit,
        "demand": demand,
        "seen": shown,
        "holds": holds,
        "note": note,
    }


def single(one: peers.Given, ours: Ours, all_peers: list[peers.Peer], lots: Numbers) -> list[Entry]:
    """Ask for single lots, our engine before each peer on the same lots, round after round."""
    rows = []
    for peer in all_peers:
        first = timed(functools.partial(peer.ask, int(lots[0])))
        check(peer.name, ours.shares(int(lots[0])), peer.ask(int(lots[0])))
        again = timed(functools.partial(peer.ask, int(lots[1])))
        many = max(3, min(200, int(BUDGET_S / max(first.wall, again.wall, 1e-6))))
        ratios: dict[str, list[float]] = {"wall": [], "cpu": []}
        all_walls: list[float] = []
        for turn in range(ROUNDS):
            those = (
                lots[turn * many : (turn + 1) * many].tolist()
                if many * ROUNDS <= len(lots)
                else lots[:many].tolist()
            )
            mine = [timed(functools.partial(ours.engine.ask.back, lot)) for lot in those]
            used, walls = peer.cpu(), []
            answers = []
            for lot in those:
                begin = time.perf_counter()
                answers.append(peer.ask(lot))
                walls.append(time.perf_counter() - begin)
            used = peer.cpu() - used
            for lot, answer in zip(those, answers, strict=True):
                check(peer.name, ours.shares(lot), answer)
            all_walls += walls
            ratios["wall"].append(
                statistics.median(walls) / statistics.median(x.wall for x in mine)
            )
            ratios["cpu"].append(max(used, 1e-9) / sum(x.cpu for x in mine))
        rows.append(
            {
                "what": f"single product lot, {peer.name}",
                "edges": one.graph.edges,
                "version": peer.version,
                "lots_a_round": many,
                "p50_ms": round(statistics.median(all_walls) * 1e3, 3),
                "ratio_wall": quartiles(ratios["wall"]),
                "ratio_cpu": quartiles(ratios["cpu"]),
                "bytes_per_edge": round(peer.bytes_per_edge, 1),
            }
        )
    return rows


def ours_alone(
    one: peers.Given, ours: Ours, lots: Numbers, chase_ns: float
) -> tuple[Entry, list[Entry]]:
    """Time our engine alone on all lots, and what it costs for each lot that is met."""
    seen, met, parts = [], 0, 0
    for lot in lots.tolist():
        begin = time.thread_time_ns()
        back = ours.engine.ask.back(lot)
        seen.append(time.thread_time_ns() - begin)
        met += back.met
        if abs(float(back.share.sum()) - 1) > NEAR:
            sys.exit("our shares do not add up")
        parts += int(np.count_nonzero(back.share))
    ancestors = [ours.engine.ancestors(lot)[0] for lot in lots[:200].tolist()]
    percentiles = np.percentile(np.array(seen) / 1e3, [50, 90, 99])
    each = sum(seen) / met
    row = {
        "what": "single product lot, ours",
        "edges": one.graph.edges,
        "cpu_us_p50_p90_p99": [round(float(x), 1) for x in percentiles],
        "nodes_met": round(met / len(lots), 1),
        "ancestors_p50": float(np.median(ancestors)),
        "mines": round(parts / len(lots), 1),
        "cpu_ns_per_node_met": round(each, 1),
        "cpu_ns_per_ancestor": round(sum(seen[:200]) / sum(ancestors), 1),
    }
    name = f"CPU for each node that is met against the pointer chase, {one.graph.edges} edges"
    note = "chase over 64 MB of the same run; a node stands for one to some lots of the ancestry"
    return row, [gate(name, 0.7, each / chase_ns, note, unit="ratio at most")]


def sweep(
    name: str, works: dict[str, tuple[Callable[[], Any], int]], edges: int
) -> tuple[list[Entry], dict[str, dict[str, list[float]]]]:
    """Run whole-graph works in turn, ours before each, so many rounds as each is given."""
    (mine, ours), *others = works.items()
    rows, ratios = [], {}
    alone: list[Seconds] = []
    for other, (work, rounds) in others:
        found: dict[str, list[float]] = {"wall": [], "cpu": []}
        theirs: list[Seconds] = []
        for _ in range(rounds):
            alone.append(timed(ours[0], time.process_time))
            theirs.append(timed(work, time.process_time))
            found["wall"].append(theirs[-1].wall / alone[-1].wall)
            found["cpu"].append(theirs[-1].cpu / alone[-1].cpu)
        ratios[other] = found
        spread = {f"ratio_{x}": quartiles(y) if rounds > 1 else y for x, y in found.items()}
        cpu = statistics.median(x.cpu for x in theirs)
        what = {"what": f"{name}, {other}", "edges": edges, "rounds": rounds}
        rows.append({**what, "cpu_s": round(cpu, 4), **spread})
    cpu = statistics.median(x.cpu for x in alone)
    rows.insert(
        0, {"what": f"{name}, {mine}", "edges": edges, "rounds": len(alone), "cpu_s": round(cpu, 5)}
    )
    return rows, ratios


def lower(ratios: dict[str, list[float]]) -> float:
    """Give the median ratio, of clock or processor, whichever is lower."""
    return min(statistics.median(x) for x in ratios.values())


def whole_by_class(one: peers.Given, ours: Ours, stream: float) -> tuple[list[Entry], list[Entry]]:
    """The share of each class for every lot."""
    graph, engine, edges = one.graph, ours.engine, one.graph.edges
    classes = np.where(np.arange(len(ours.mine)) > 1, ours.mine % peers.CLASSES, peers.CLASSES)
    room = engine.ask.room_by_class(peers.CLASSES)  # memory that was touched before; scipy's table is kept, too
    kinds, kept = classes.astype(np.int64), np.zeros((graph.lots, peers.CLASSES))
    mine = functools.partial(engine.ask.by_class, kinds, peers.CLASSES, room=room)
    levels = peers.scipy_levels(one)
    base = peers.duck(one)
    wanted = mine().of(engine.graph["node_of"])
    check("scipy", wanted, peers.scipy_classes(one, levels)[:, : peers.CLASSES])
    check("numpy", wanted, peers.numpy_classes(one))
    before, as_well = (peers.scipy_arrival(one, cut=cut) for cut in (True, False))
    check("scipy in order of arrival", wanted, before())
    rounds = 3 if edges > LARGE else ROUNDS

    def split() -> None:
        peers.scipy_classes(one, peers.scipy_levels(one), by_lot=False)

    def expanded() -> Numbers:
        table: Numbers = mine().of(engine.graph["node_of"])
        return table

    works: dict[str, tuple[Callable[[], Any], int]] = {
        "ours": (mine, 0),
        "scipy, levels cut before": (
            functools.partial(peers.scipy_classes, one, levels, by_lot=False, room=kept),
            ROUNDS,
        ),
        "scipy, levels cut as well": (split, rounds),
        "scipy in order of arrival, levels cut before": (before, ROUNDS),
        "scipy in order of arrival, levels cut as well": (as_well, rounds),
        "numpy": (functools.partial(peers.numpy_classes, one), rounds),
        "DuckDB": (
            functools.partial(peers.duckdb_whole, base, f"mine % {peers.CLASSES}"),
            rounds if edges <= LARGE else 2,
        ),
        "ours, a row for every lot": (expanded, ROUNDS),
        "ours, in new memory": (
            functools.partial(engine.ask.by_class, kinds, peers.CLASSES),
            ROUNDS,
        ),
    }
    rows, ratios = sweep("every lot by class", works, edges)
    found = base.execute("SELECT lot, k, x FROM comp").fetchnumpy()
    seen = np.zeros_like(wanted)
    seen[found["lot"], found["k"]] = found["x"]
    check("DuckDB", wanted, seen)
    nodes, uses = engine.graph.nodes, len(engine.graph["source"])
    least = uses * 12 + engine.ask.rows.many * (4 + 8 * peers.CLASSES)
    share = least / rows[0]["cpu_s"] / (stream * 1e9)
    at = f"every lot by class, {edges} edges"
    note, sparse = f"lots {graph.lots}, nodes {nodes}; peer: ", f"scipy {scipy.__version__}"
    return rows, [
        *(
            gate(f"{at}, against {way}, levels {cut}", demand, lower(ratios[f"{way}, levels {cut}"]), f"{note}{sparse}")
            for way in ("scipy", "scipy in order of arrival")
            for cut, demand in (("cut before", 5), ("cut as well", 10))
        ),
        gate(f"{at}, against DuckDB", 80, lower(ratios["DuckDB"]), f"{note}DuckDB {duckdb.__version__}, one thread"),
        gate(f"{at}, share of the stream", 0.1, share, f"{least} bytes at least; read in order by numpy in the same run"),
    ]  # fmt: skip


def whole_by_mine(one: peers.Given, ours: Ours) -> tuple[list[Entry], list[Entry]]:
    """The share of every mine for every lot."""
    engine, edges = ours.engine, one.graph.edges
    levels = peers.scipy_levels(one)
    shares = engine.ask.by_origin()
    found = peers.scipy_mines(one, levels)
    place = np.empty(one.graph.lots, np.int64)
    place[levels.order] = np.arange(one.graph.lots)
    for lot in np.random.default_rng(5).integers(0, one.graph.lots, 300).tolist():
        origins, parts = shares.of(int(engine.graph["node_of"][lot]))
        seen = np.bincount(ours.mine[origins], parts, MINES)
        check("scipy", seen, found[[int(place[lot])]].toarray()[0])
    sums = shares.sums()
    check("our shares", np.ones(len(sums)), sums)
    stored = len(shares.shares)
    del found, sums
    large = edges > LARGE
    works: dict[str, tuple[Callable[[], Any], int]] = {
        "ours": (functools.partial(engine.ask.by_origin, room=shares), 0),
        "scipy, levels cut before": (
            functools.partial(peers.scipy_mines, one, levels),
            2 if large else ROUNDS,
        ),
        "scipy, levels cut as well": (
            lambda: peers.scipy_mines(one, peers.scipy_levels(one)),
            1 if large else 3,
        ),
        "ours, in new memory": (engine.ask.by_origin, 2),
    }
    if not large:
        base = peers.duck(one)
        works["DuckDB"] = (functools.partial(peers.duckdb_whole, base, "mine"), 2)
    rows, ratios = sweep("every lot by mine", works, edges)
    rows[0]["shares_stored"] = stored
    at = f"every lot by mine, {edges} edges"
    gates = [
        gate(f"{at}, against {x}", 15, lower(ratios[x]), f"peer: scipy {scipy.__version__}")
        for x in ("scipy, levels cut before", "scipy, levels cut as well")
    ]  # fmt: skip
    if not large:
        note = f"peer: DuckDB {duckdb.__version__}, one thread"
        gates.append(gate(f"{at}, against DuckDB", 60, lower(ratios["DuckDB"]), note))
    return rows, gates


def names(ours: Ours, graph: Supply) -> tuple[Entry, Entry]:
    """Look identifiers of lots up, against a dictionary of the same texts."""
    known: Names = ours.engine.graph.lots
    random = np.random.default_rng(9)
    texts = [known.text(n) for n in range(graph.lots)]
    table = {text: number for number, text in enumerate(texts)}
    ratios: dict[str, list[float]] = {"wall": [], "cpu": []}
    mine = theirs = Seconds(0, 0)
    for _ in range(ROUNDS):
        asked = random.integers(0, graph.lots, LOOKUPS)
        columns = ids("L", asked)
        fresh = [columns.text(n) for n in range(LOOKUPS)]
        mine = timed(functools.partial(known.find, columns))
        theirs = timed(lambda: [table[text] for text in fresh])  # noqa: B023 - called at once
        if not np.array_equal(known.find(columns), asked):
            sys.exit("identifiers are not found")
        ratios["wall"].append(theirs.wall / mine.wall)
        ratios["cpu"].append(theirs.cpu / mine.cpu)
    row = {
        "what": "identifiers looked up",
        "known": graph.lots,
        "million_per_cpu_s": round(LOOKUPS / mine.cpu / 1e6, 2),
        "dictionary_million_per_cpu_s": round(LOOKUPS / theirs.cpu / 1e6, 2),
        "ratio_wall": quartiles(ratios["wall"]),
        "ratio_cpu": quartiles(ratios["cpu"]),
    }
    note = f"peer: dict of Python {platform.python_version()}; {LOOKUPS} texts that were just read, all found"
    return row, gate(f"identifiers looked up, {graph.lots} known", 10, lower(ratios), note)


def shape(graph: Supply, ours: Ours) -> list[Entry]:
    """Say what the graph is like, and what the store takes."""
    random = np.random.default_rng(3)
    paths = _paths(graph.first, graph.source)
    products = np.flatnonzero(graph.level == 11)
    rows: list[Entry] = []
    for name, lots in (("random", np.arange(graph.lots)), ("product", products)):
        some = random.choice(lots, min(300, len(lots)), replace=False)
        ancestors = [ours.engine.ancestors(int(lot))[0] for lot in some]
        rows.append(
            {
                "what": f"ancestry of {name} lots",
                "edges": graph.edges,
                "lots": graph.lots,
                "ancestors_p50_p90_p99_max": np.percentile(ancestors, [50, 90, 99, 100]).tolist(),
                "paths_p50_p90_p99_max": np.percentile(paths[some], [50, 90, 99, 100])
                .round()
                .tolist(),
            }
        )
    parallel = graph.edges - len(np.unique(graph.target * graph.lots + graph.source))
    stored = ours.engine.graph
    hot = sum(stored[name].nbytes for name in HOT)
    every = sum(column.values.nbytes for column in stored.columns.values())
    texts = sum(x.blob.count + 8 * x.ends.count for x in (stored.lots, stored.events, stored.texts))
    rows.append(
        {
            "what": "store",
            "edges": graph.edges,
            "parallel_edges": parallel,
            "nodes": stored.nodes,
            "edges_stored": len(stored["source"]),
            "segments": len(stored["segments"]),
            "bytes_per_edge_backward": round(hot / graph.edges, 2),
            "bytes_per_edge_all_columns": round(every / graph.edges, 1),
            "bytes_per_edge_texts": round(texts / graph.edges, 1),
            "resident_bytes_per_edge": round(ours.resident / graph.edges, 1),
            "append_cpu_s": round(ours.append_s, 2),
            "appended_edges_per_cpu_s": round(graph.edges / ours.append_s),
        }
    )
    return rows


@numba.njit(cache=True)
def _paths(first: Numbers, source: Numbers) -> Numbers:
    """Count the paths from each lot, as a query without aggregation walks them."""
    found = np.ones(first.shape[0] - 1)
    for lot in range(found.shape[0]):
        for edge in range(first[lot], first[lot + 1]):
            found[lot] += found[source[edge]]
    return found


def forward(ours: Ours, graph: Supply) -> list[Entry]:
    """Follow a whole mine, and single mined lots."""
    engine = ours.engine
    origins = engine.graph["node"][:-1, 1]
    several = [int(np.flatnonzero(ours.mine == mine)[-1]) for mine in (0, 10, 100)]
    for origin in several:
        engine.carriers(np.array([origin]))
    mines = [
        timed(functools.partial(engine.carriers, np.array([origin]))).cpu for origin in several
    ]
    sources = np.random.default_rng(4).choice(np.flatnonzero(origins), 200, replace=False)
    engine.ask.forward(sources[:1])
    lots = [
        timed(functools.partial(engine.ask.forward, sources[n : n + 1])).cpu for n in range(200)
    ]
    return [
        {
            "what": "forward",
            "edges": graph.edges,
            "a_mine_cpu_s": [round(x, 4) for x in mines],
            "a_mined_lot_cpu_us_p50_p99": [
                round(float(x) * 1e6, 1) for x in np.percentile(lots, [50, 99])
            ],
            "index_bytes_per_edge": round(engine.ask.index_bytes / graph.edges, 2),
        }
    ]


def pools(periods: int) -> Supply:
    """Five tiers of three pools that carry over: 0.4 of the last period, 0.2 of each pool upstream."""
    tiers, sites, mass = 5, 3, 10**12
    first, source, masses, level, site = [0], [], [], [], []
    for period in range(periods):
        for tier in range(tiers):
            for one in range(sites):
                mined = tier == 0 or period == 0
                if not mined:
                    before = (period - 1) * tiers
                    source.append((before + tier) * sites + one)
                    source += [(before + tier - 1) * sites + other for other in range(sites)]
                    masses += [mass * 4 // 10, *[mass * 2 // 10] * sites]
                first.append(len(source))
                level.append(0 if mined else 1)
                site.append((period * sites + one) % MINES if mined else tier * sites + one)
    made = np.full(len(level), mass)
    columns = np.array(source, np.uint32), np.array(masses), made
    return Supply(np.array(first), *columns, np.array(level, np.uint8), np.array(site, np.int32))


def wide(inputs: int = 10_000) -> Supply:
    """One lot that is blended from very many."""
    mass = np.arange(1, inputs + 1)
    first = np.concatenate([np.zeros(inputs + 1, np.int64), [inputs]])
    level = np.concatenate([np.zeros(inputs, np.uint8), [1]]).astype(np.uint8)
    site = np.concatenate([np.arange(inputs) % MINES, [0]]).astype(np.int32)
    source = np.arange(inputs, dtype=np.uint32)
    return Supply(first, source, mass, np.concatenate([mass, [mass.sum()]]), level, site)


def adversarial() -> list[Entry]:
    """Ask for the last lot of graphs that are made to hurt; what walks every path gives up early."""
    rows = []
    cases = [
        *((f"pools of {n} periods", pools(n)) for n in (10, *POOLS)),
        ("10,000 inputs", wide()),
    ]
    for name, graph in cases:
        ours = loaded(graph)
        lot, paths = graph.lots - 1, float(_paths(graph.first, graph.source)[-1])
        wanted = ours.shares(lot)
        check("exact fractions", oracle(graph, lot), wanted)
        row: Entry = {"what": name, "lots": graph.lots, "paths": float(f"{paths:.3g}")}
        ask = functools.partial(ours.engine.ask.back, lot)
        row["ours_us"] = round(min(timed(ask).cpu for _ in range(20)) * 1e6, 1)
        with peers.folder() as folder:
            one = peers.given(graph, Path(folder))
            others = [peers.numpy_frontier(one), peers.python_heap(one), peers.scipy_rows(one)]
            others += [peers.rustworkx_push(one), peers.igraph_push(one)]
            if graph.lots < 10_000 and paths < 1e15:
                others.append(peers.duckdb_ctes(one)[1])
            if paths <= PATHS_MOST:
                others.append(peers.sqlite_cte(one))
            for peer in others:
                check(peer.name, wanted, peer.ask(lot))
                row[f"{peer.name}_us"] = round(
                    timed(functools.partial(peer.ask, lot)).wall * 1e6, 1
                )
        rows.append(row)
    return rows


def growth(sizes: Sequence[int]) -> tuple[list[Entry], list[Entry]]:
    """Fit how cost grows: in what a lot meets, in the size of the graph, and of a sweep in edges.

    Single lots are asked for with nothing in the cache for the size, and again at once for what they meet.
    """
    points, sweeps, slopes = [], [], []
    spoil = np.ones(2**24)
    for size in sizes:
        graph = supply(size)
        ours = loaded(graph)
        lots = np.random.default_rng(6).choice(
            np.flatnonzero(graph.level == 11), 150, replace=False
        )
        classes, room = (
            (ours.mine % peers.CLASSES).astype(np.int64),
            ours.engine.ask.room_by_class(peers.CLASSES),
        )
        ours.engine.ask.back(int(lots[0]))
        warm = []
        for lot in lots.tolist():
            ask = functools.partial(ours.engine.ask.back, lot)
            met = ask().met
            spoil += 1
            points.append((timed(ask).cpu, met, graph.edges))
            warm.append((min(timed(ask).cpu for _ in range(5)), met))
        logs = np.log(np.array([x for x in warm if x[1] >= 300]))
        slopes.append(float(np.polyfit(logs[:, 1], logs[:, 0], 1)[0]))
        sweep_ = functools.partial(ours.engine.ask.by_class, classes, peers.CLASSES, room=room)
        sweeps.append((min(timed(sweep_).cpu for _ in range(ROUNDS)), graph.edges))
    logs = np.log(np.array(points, float))
    fit = np.linalg.lstsq(
        np.column_stack([np.ones(len(logs)), logs[:, 1:]]), logs[:, 0], rcond=None
    )[0]
    swept = np.log(np.array(sweeps))
    edges = np.polyfit(swept[:, 1], swept[:, 0], 1)[0]
    lots_ = statistics.median(slopes)
    found = {"lots": lots_, "size": float(fit[2]), "edges": float(edges)}
    row = {
        "what": "growth",
        "sizes": list(sizes),
        **{f"exponent_{x}": round(y, 3) for x, y in found.items()},
    }
    row["class_sweep_cpu_s"] = [round(x, 4) for x, _ in sweeps]
    row["exponents_lots"] = [round(x, 3) for x in slopes]
    note, most = (
        f"over {', '.join(map(str, sizes))} edges, 150 product lots each",
        "difference at most",
    )
    again, cold = f"{note}, asked again at once", f"{note}, the cache emptied before each"
    gates = [
        gate("exponent of a single lot in what it meets, away from 1", 0.1, abs(lots_ - 1), again, unit=most),
        gate("exponent of a single lot in the size of the graph, away from 0", 0.1, abs(found["size"]), cold, unit=most),
        gate("exponent of the sweep by class in edges, away from 1", 0.1, abs(found["edges"] - 1), note, unit=most),
    ]  # fmt: skip
    return [row], gates


def at_size(size: int, before: Entry) -> tuple[list[Entry], list[Entry]]:
    """Measure everything on one graph."""
    graph = supply(size)
    ours = loaded(graph)
    rows = shape(graph, ours)
    products = np.flatnonzero(graph.level == 11)
    lots = np.random.default_rng(7).choice(products, min(LOTS, len(products)), replace=False)
    for lot in sorted(lots[:50].tolist(), key=lambda x: ours.engine.ask.back(x).met)[:ORACLE]:
        check("exact fractions", oracle(graph, lot), ours.shares(lot))
    with peers.folder() as folder:
        one = peers.given(graph, Path(folder))
        row, gates = ours_alone(one, ours, lots, before["pointer_chase_64_mb_ns"])
        rows.append(row)
        makers: list[Callable[[peers.Given], peers.Peer | list[peers.Peer]]] = [
            peers.numpy_frontier,
            peers.python_heap,
            peers.scipy_rows,
            peers.rustworkx_push,
            peers.igraph_push,
            peers.sqlite_cte,
            peers.duckdb_ctes,
            peers.postgresql_ctes,
        ]
        found: list[Entry] = []
        for maker in makers:  # one at a time, so that all fit into memory
            made = maker(one)
            found += single(one, ours, made if isinstance(made, list) else [made], lots)
            print(f"  {found[-1]}" if found else "", flush=True)
        rows += found
        gates += single_gates(found, graph.edges)
        for part in (
            whole_by_class(one, ours, before["stream_read_gb_per_cpu_s"]),
            whole_by_mine(one, ours),
        ):
            rows += part[0]
            gates += part[1]
    row, looked_up = names(ours, graph)
    rows += [row, *forward(ours, graph)]
    hot = sum(ours.engine.graph[name].nbytes for name in HOT) / graph.edges
    note = f"columns {', '.join(HOT)}; the edges of the graph as it was made are counted"
    gates += [
        looked_up,
        gate(f"bytes per edge, backward, {graph.edges} edges", 16, hot, note, unit="bytes at most"),
    ]
    return rows, gates


def single_gates(rows: list[Entry], edges: int) -> list[Entry]:
    """Judge single lots; of several ways of one peer, the fastest counts."""
    gates = []
    for name, demand, part in (
        ("the numpy frontier", 4, ("numpy frontier",)),
        ("the best graph library", 15, ("rustworkx", "igraph")),
        ("the recursive query of SQLite", 150, ("SQLite recursive CTE",)),
        ("the recursive query of PostgreSQL", 500, ("PostgreSQL recursive CTE",)),
    ):
        those = [
            x for x in rows if any(x["what"].endswith(y) or f"{y}," in x["what"] for y in part)
        ]
        if those:
            best = min(those, key=lambda x: min(x["ratio_wall"][1], x["ratio_cpu"][1]))
            seen = min(best["ratio_wall"][1], best["ratio_cpu"][1])
            way = f"{best['what'].partition(', ')[2]} {best['version']}"
            note = f"peer: {way}; median of {ROUNDS} rounds, clock or processor, the lower"
            gates.append(
                gate(f"single product lot against {name}, {edges} edges", demand, seen, note)
            )
    return gates


def run(sizes: Sequence[int], grown: Sequence[int]) -> Entry:
    """Measure, check and judge."""
    before = controls()
    rows: list[Entry] = []
    gates: list[Entry] = []
    begin = time.perf_counter()
    Arrays().append(next(batches(supply(200_000))))
    rows.append(
        {"what": "first call", "compiled_or_loaded_s": round(time.perf_counter() - begin, 2)}
    )
    for size in sizes:
        part = at_size(size, before)
        rows += part[0]
        gates += part[1]
    part = growth(grown)
    rows += part[0] + adversarial()
    gates += part[1]
    return {
        "name": "provenance",
        "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": {
            "python": platform.python_version(),
            "system": platform.system(),
            "processor": platform.machine(),
            "cores": os.cpu_count(),
            "numpy": np.__version__,
            "numba": numba.__version__,
            "peak_memory_gb": round(peak() / 1e9, 2),
        },
        "controls": {"before": before, "after": controls()},
        "gates": gates,
        "rows": rows,
    }


def _numbers(text: str) -> list[int]:
    return [int(float(x)) for x in text.split(",")]


def main() -> int:
    """Run, print and store the results; exit 1 if a gate does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("edges", nargs="*", default=["1e6"])
    parser.add_argument("--growth", type=_numbers, default=[2_000_000, 4_000_000, 8_000_000])
    parser.add_argument("--into", type=Path, default=RESULTS / "provenance.json")
    arguments = parser.parse_args()
    if "PGPORT" not in os.environ and shutil.which("pg_virtualenv"):
        options = ["-o", "shared_buffers=2GB", "-o", "fsync=off", "-o", "max_wal_size=8GB"]
        again = ["pg_virtualenv", "-t", *options, sys.executable, "-m", "benchmarks.provenance"]
        os.execvp(again[0], [*again, *sys.argv[1:]])  # noqa: S606 - our own command
    result = run([int(float(x)) for x in arguments.edges], arguments.growth)
    arguments.into.parent.mkdir(parents=True, exist_ok=True)
    arguments.into.write_text(json.dumps(result, indent=2) + "\n")
    for entry in result["rows"]:
        print("  " + ", ".join(f"{name} {value}" for name, value in entry.items()))
    for entry in result["gates"]:
        verdict = "holds" if entry["holds"] else "FAILS"
        print(
            f"{verdict}  {entry['seen']} ({entry['unit']} {entry['demand']})  {entry['gate']}; {entry['note']}"
        )
    return 0 if all(entry["holds"] for entry in result["gates"]) else 1


if __name__ == "__main__":
    sys.exit(main())

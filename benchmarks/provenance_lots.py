"""Single lots, our engine before each peer on the same lots; identifiers; what carries a mine's material."""

import functools
import platform
import statistics
import sys
import time

import numpy as np
from benchmarks import provenance_peers as peers
from benchmarks.provenance_graph import Supply, ids
from benchmarks.provenance_judging import (
    NEAR,
    ROUNDS,
    Entry,
    Numbers,
    Seconds,
    check,
    gate,
    lower,
    quartiles,
    timed,
)
from benchmarks.provenance_ours import Ours

from stannary.engines.provenance.names import Names

BUDGET_S = 1.5
"""Seconds that one peer may take in one round."""
MOST = 200
"""Lots that are asked for in one round at most."""
LOOKUPS = 1_000_000


def single(one: peers.Given, ours: Ours, all_peers: list[peers.Peer], lots: Numbers) -> list[Entry]:
    """Ask for single lots, our engine before each peer on the same lots, round after round."""
    rows = []
    for peer in all_peers:
        first = timed(functools.partial(peer.ask, int(lots[0])))
        check(peer.name, ours.shares(int(lots[0])), peer.ask(int(lots[0])))
        again = timed(functools.partial(peer.ask, int(lots[1])))
        many = max(3, min(MOST, int(BUDGET_S / max(first.wall, again.wall, 1e-6))))
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

"""Our engine alone, on a graph that is too large for peers: kept in files, appended, swept, and asked for single lots."""

import functools
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from benchmarks.provenance_algebra import CLASSES
from benchmarks.provenance_controls import own, peak
from benchmarks.provenance_graph import Supply, batches, supply
from benchmarks.provenance_judging import NEAR, ROUNDS, Entry, check, timed
from benchmarks.provenance_ours import Ours, mines_of, oracle

from stannary.engines.provenance import Arrays
from stannary.engines.provenance.graph import HOT

MEMORY, DISK = 120, 170
"""Bytes that a use takes: of memory while graph and store are made (100 seen at ten million), and of disk (154 seen). What
is mapped from files comes on top as long as memory is free, and is given up when it is not."""

LOTS = 1000
ORACLE = 3


def needs(size: int, folder: Path) -> None:
    """Say what memory and disk so many uses take; stop if there is less."""
    memory, disk = MEMORY * size / 1e9, DISK * size / 1e9
    lines = dict(x.split(":") for x in Path("/proc/meminfo").read_text("ascii").splitlines())
    there = int(lines["MemAvailable"].split()[0]) * 1024 / 1e9
    free = shutil.disk_usage(folder).free / 1e9
    print(
        f"{size} uses take about {memory:.1f} GB of memory ({there:.1f} GB are there) and {disk:.1f} GB "
        f"of disk in {folder} ({free:.1f} GB are free)",
        flush=True,
    )
    if memory > there or disk > free:
        sys.exit("there is too little; give a folder on another disk with --in, or fewer uses")


def alone(size: int, folder: Path) -> tuple[list[Entry], list[Entry]]:
    """Measure one graph; nothing is compared, so that no gate is judged."""
    begin = time.perf_counter()
    graph = supply(size)
    made, taken, most = time.perf_counter() - begin, 0.0, peak()
    with tempfile.TemporaryDirectory(dir=folder) as name:
        engine = Arrays(Path(name) / "store")
        for batch in batches(graph):
            before = time.process_time()
            engine.append(batch)
            taken += time.process_time() - before
        files = sum(x.stat().st_size for x in (Path(name) / "store").iterdir())
        row: Entry = {
            "what": "alone, made and appended",
            "edges": graph.edges,
            "lots": graph.lots,
            "nodes": engine.graph.nodes,
            "edges_stored": len(engine.graph["source"]),
            "segments": len(engine.graph["segments"]),
            "made_s": round(made, 1),
            "append_cpu_s": round(taken, 1),
            "appended_edges_per_cpu_s": round(graph.edges / taken),
            "disk_bytes_per_edge": round(files / graph.edges, 1),
        }
        hot = sum(engine.graph[x].nbytes for x in HOT)
        row["bytes_per_edge_backward"] = round(hot / graph.edges, 2)
        ours = Ours(engine, mines_of(engine), taken, 0)
        rows = [row, swept(graph, ours), asked(graph, ours)]
        row["memory_gb_while_made_and_at_the_end"] = [round(x / 1e9, 2) for x in (most, own())]
        engine.release()
    return rows, []


def swept(graph: Supply, ours: Ours) -> Entry:
    """Give every lot its classes."""
    ask, classes = ours.engine.ask, ours.mine % CLASSES
    rows = timed(ask.rows).cpu
    room = ask.room_by_class(CLASSES)
    work = functools.partial(ask.by_class, classes, CLASSES, room=room)
    first = timed(work).cpu
    again = [timed(work).cpu for _ in range(ROUNDS)]
    sums = work().table.sum(axis=1)
    check("a sum of shares", np.ones(len(sums)), sums)
    return {
        "what": "alone, every lot by class",
        "edges": graph.edges,
        "rows_made_cpu_s": round(rows, 3),
        "first_cpu_s": round(first, 3),
        "cpu_s": round(float(np.median(again)), 4),
        "ns_per_edge": round(float(np.median(again)) / graph.edges * 1e9, 2),
    }


def asked(graph: Supply, ours: Ours) -> Entry:
    """Ask for single lots; some are checked with exact fractions."""
    products = np.flatnonzero(graph.level == 11)
    lots = np.random.default_rng(7).choice(products, min(LOTS, len(products)), replace=False)
    seen = []
    for lot in lots.tolist():
        ask = functools.partial(ours.engine.ask.back, lot)
        seen.append((timed(ask).cpu, ask().met))
        if abs(float(ask().share.sum()) - 1) > NEAR:
            sys.exit("our shares do not add up")
    order = np.argsort([met for _, met in seen])[:ORACLE]
    for lot in lots[order].tolist():
        check("exact fractions", oracle(graph, lot), ours.shares(lot))
    micro = [cpu * 1e6 for cpu, _ in seen]
    return {
        "what": "alone, single product lot",
        "edges": graph.edges,
        "lots": len(lots),
        "cpu_us_p50_p90_p99": [round(float(x), 1) for x in np.percentile(micro, [50, 90, 99])],
        "nodes_met_p50": float(np.median([met for _, met in seen])),
    }

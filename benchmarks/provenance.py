"""Speed of tracing, against what a user would take instead, in one run with every answer checked.

    python -m benchmarks.provenance [EDGES ...] [--growth EDGES,EDGES,...] [--alone EDGES [--in FOLDER]]

Without arguments a graph of a million uses is measured. PostgreSQL takes part where pg_virtualenv is
installed; it is started for the run. Peers and our engine take turns, on the same lots; what a peer may take is
bounded by a number of lots and by time. With --alone nothing else is measured than our engine on a graph of any size, kept
in files: it says first what memory and disk that takes, and stops if there is less.
"""

import argparse
import datetime
import functools
import json
import os
import platform
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numba
import numpy as np
from benchmarks import provenance_peers as peers
from benchmarks.provenance_alone import alone, needs
from benchmarks.provenance_controls import controls, peak
from benchmarks.provenance_graph import batches, supply
from benchmarks.provenance_growth import adversarial, growth
from benchmarks.provenance_judging import Entry, check, gate
from benchmarks.provenance_lots import forward, names, ours_alone, single, single_gates
from benchmarks.provenance_orders import orders
from benchmarks.provenance_ours import loaded, oracle, shape
from benchmarks.provenance_whole import whole_by_class, whole_by_mine
from benchmarks.run import RESULTS

from stannary.engines.provenance import Arrays
from stannary.engines.provenance.graph import HOT

LOTS = 1000
ORACLE = 5


def at_size(size: int, before: Entry) -> tuple[list[Entry], list[Entry]]:
    """Measure everything on one graph."""
    begin = time.perf_counter()
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
        stream = before["stream_read_gb_per_cpu_s"]
        for whole in (functools.partial(whole_by_class, stream=stream), whole_by_mine):
            part = whole(one, ours)
            rows += part[0]
            gates += part[1]
            for entry in part[0]:
                print(f"  {entry}", flush=True)
    row, looked_up = names(ours, graph)
    rows += [row, *forward(ours, graph)]
    hot = sum(ours.engine.graph[name].nbytes for name in HOT) / graph.edges
    note = f"columns {', '.join(HOT)}; the edges of the graph as it was made are counted"
    gates += [
        looked_up,
        gate(f"bytes per edge, backward, {graph.edges} edges", 16, hot, note, unit="bytes at most"),
    ]
    took = round(time.perf_counter() - begin)
    rows.append({"what": "this size", "edges": graph.edges, "took_s": took, "peak_gb": peak_gb()})
    return rows, gates


def peak_gb() -> float:
    """Give the most memory that was held so far."""
    return round(peak() / 1e9, 2)


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
    rows += part[0] + adversarial() + orders()
    gates += part[1]
    return result(before, rows, gates)


def result(before: Entry, rows: list[Entry], gates: list[Entry]) -> Entry:
    """Put measurements into the form in which they are stored."""
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
            "peak_memory_gb": peak_gb(),
        },
        "controls": {"before": before, "after": controls()},
        "gates": gates,
        "rows": rows,
    }


def _numbers(text: str) -> list[int]:
    return [int(float(x)) for x in text.split(",")]


def _with_postgresql() -> None:
    """Start again with a server of PostgreSQL, if there is one to start."""
    if "PGPORT" not in os.environ and shutil.which("pg_virtualenv"):
        options = ["-o", "shared_buffers=2GB", "-o", "fsync=off", "-o", "max_wal_size=8GB"]
        again = ["pg_virtualenv", "-t", *options, sys.executable, "-m", "benchmarks.provenance"]
        os.execvp(again[0], [*again, *sys.argv[1:]])  # noqa: S606 - our own command


def main() -> int:
    """Run, print and store the results; exit 1 if a gate does not hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("edges", nargs="*", default=["1e6"])
    parser.add_argument("--growth", type=_numbers, default=[2_000_000, 4_000_000, 8_000_000])
    parser.add_argument("--alone", type=float, metavar="EDGES")
    parser.add_argument("--in", dest="folder", type=Path, default=Path("/var/tmp"))  # noqa: S108
    parser.add_argument("--into", type=Path)
    arguments = parser.parse_args()
    into = arguments.into or RESULTS / "provenance.json"
    if arguments.alone:
        size = int(arguments.alone)
        needs(size, arguments.folder)
        before = controls()
        found = result(before, *alone(size, arguments.folder))
        into = arguments.into or RESULTS / "provenance_alone.json"
    else:
        _with_postgresql()
        found = run([int(float(x)) for x in arguments.edges], arguments.growth)
    into.parent.mkdir(parents=True, exist_ok=True)
    into.write_text(json.dumps(found, indent=2) + "\n")
    for entry in found["rows"]:
        print("  " + ", ".join(f"{name} {value}" for name, value in entry.items()))
    for entry in found["gates"]:
        verdict = "holds" if entry["holds"] else "FAILS"
        print(
            f"{verdict}  {entry['seen']} ({entry['unit']} {entry['demand']})  {entry['gate']}; {entry['note']}"
        )
    return 0 if all(entry["holds"] for entry in found["gates"]) else 1


if __name__ == "__main__":
    sys.exit(main())

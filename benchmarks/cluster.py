"""The engine `spark` on two workers of this machine beside `arrays` on one core, every answer checked.

    sh scripts/setup.sh spark && python -m benchmarks.cluster [EDGES ...]

Without an argument a graph of a million uses is measured. Master and workers are started for the run, on
loopback. Both engines ask one graph in turn; a task and its first machine code are warmed before.
"""

import datetime
import functools
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.provenance_controls import controls
from benchmarks.provenance_graph import batches, supply
from benchmarks.run import RESULTS

TESTS = Path(__file__).resolve().parent.parent / "tests"
sys.path.insert(0, str(TESTS))

from engines.spark.cluster import cluster  # noqa: E402 - the folder of tests was added above
from stannary.engines.provenance import Arrays  # noqa: E402
from stannary.engines.spark import Asking, SparkRunner, session  # noqa: E402

ROUNDS = 3
LOTS = 1000
SEGMENT = 2**16
CLASSES = 5
NEAR = 1e-9
MEMORY = {"spark.driver.memory": "1g", "spark.executor.memory": "800m"}

Entry = dict[str, Any]


def lasting(work: Callable[[], Any]) -> float:
    """Give how many seconds a piece of work takes on the clock."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def turns(what: str, cluster_: Callable[[], Any], one_core: Callable[[], Any], edges: int) -> Entry:
    """Time both in turn."""
    cluster_()
    one_core()
    pairs = [(lasting(cluster_), lasting(one_core)) for _ in range(ROUNDS)]
    theirs, ours = (statistics.median(x) for x in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    row = {"what": what, "edges": edges, "rounds": ROUNDS, "cluster_s": round(theirs, 3)}
    row |= {"one_core_s": round(ours, 5), "times_as_long": round(ratio, 1)}
    print(f"  {row}", flush=True)
    return row


def checked(arrays: Arrays, ask: Asking, lots: list[int], classes: Any) -> None:
    """Stop the run if the cluster says anything else."""
    nodes = np.arange(arrays.graph.nodes)
    by_class = [x.by_class(classes, CLASSES).of(nodes) for x in (arrays.ask, ask)]
    worst = float(np.abs(by_class[0] - by_class[1]).max())
    wanted, seen = arrays.ask.by_origin(), ask.by_origin()
    for node in np.random.default_rng(2).choice(nodes, 2000).tolist():
        pairs = [
            dict(zip(*(x.tolist() for x in one.of(node)), strict=True)) for one in (wanted, seen)
        ]
        if set(pairs[0]) != set(pairs[1]):
            sys.exit("the cluster names other mines")
        worst = max(worst, *(abs(pairs[0][x] - pairs[1][x]) for x in pairs[0]))
    for lot, back in zip(lots, ask.backs(lots), strict=True):
        worst = max(worst, float(np.abs(back.share - arrays.ask.back(lot).share).max()))
    if not worst <= NEAR:
        sys.exit(f"the cluster gives another answer: it differs by {worst}")


def measured(edges: int, folder: Path) -> list[Entry]:
    """Load a graph, start a cluster, and ask both."""
    graph = supply(edges)
    arrays = Arrays(segment=SEGMENT)
    for batch in batches(graph):
        arrays.append(batch)
    products = np.flatnonzero(graph.level == 11)
    lots = (
        np.random.default_rng(1).choice(products, min(LOTS, len(products)), replace=False).tolist()
    )
    origins = len(arrays.graph["origin_site"])
    classes = np.arange(origins) % CLASSES
    begin = time.perf_counter()
    with (
        cluster(folder) as started,
        session(started.address, log=folder / "spark.log", settings=MEMORY) as spark,
    ):
        runner = SparkRunner(spark, width=2)
        start = time.perf_counter() - begin
        ask = Asking(arrays.graph, runner, folder)
        cut = lasting(ask.ready)
        ask.by_class(classes, CLASSES)
        first = time.perf_counter() - begin
        checked(arrays, ask, lots, classes)
        plan = ask.ready()
        rows: list[Entry] = [
            {
                "what": "cluster",
                "edges": graph.edges,
                "start_s": round(start, 1),
                "cut_s": round(cut, 2),
                "first_answer_s": round(first, 1),
                "waves": plan.waves,
                "pieces": int(plan.firsts[-1]),
                "part_of_nodes_in_greatest_piece_of_its_wave": [
                    round(float(np.bincount(part).max() / len(part)), 2)
                    for part in np.split(plan.piece.astype(np.int64), plan.stretches[1:-1])
                ],
            }
        ]
        print(f"  {rows[0]}", flush=True)
        timing = functools.partial(turns, edges=graph.edges)
        one = arrays.ask
        rows.append(
            timing(
                "every lot by class",
                functools.partial(ask.by_class, classes, CLASSES),
                functools.partial(one.by_class, classes, CLASSES),
            )
        )
        for blocks in (1, 2):
            ask.blocks = blocks
            rows.append(
                timing(
                    f"every lot by mine, origins in {blocks} blocks",
                    lambda: sum(len(x.parts[3]) for x in ask.each_by_origin()),
                    one.by_origin,
                )
            )
        rows.append(
            timing(
                f"{len(lots)} product lots at once",
                functools.partial(ask.backs, lots),
                lambda: [one.back(lot, sources=True) for lot in lots],
            )
        )
    return rows


def main() -> None:
    """Measure, print and store."""
    before, rows = controls(), []
    for edges in sys.argv[1:] or ["1e6"]:
        with tempfile.TemporaryDirectory(prefix="stannary-cluster-") as name:
            rows += measured(int(float(edges)), Path(name))
    java = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S607
    import pyspark  # noqa: PLC0415 - of the tier spark

    report = {
        "name": "cluster",
        "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": {
            "python": platform.python_version(),
            "system": platform.system(),
            "processor": platform.machine(),
            "cores": os.cpu_count(),
            "numpy": np.__version__,
            "pyspark": pyspark.__version__,
            "java": java.splitlines()[0],
        },
        "controls": {"before": before, "after": controls()},
        "rows": rows,
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / "cluster.json"
    path.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(f"stored in {path.name}")


if __name__ == "__main__":
    main()

"""The engine `spark` on two workers of this machine beside `arrays` on one core, every answer checked.

    sh scripts/setup.sh spark && python -m benchmarks.cluster [EDGES ...]

Without an argument graphs of three sizes are measured. Master and workers are started once, on loopback.
Both engines ask one graph in turn; checking the answers warms both before. A line through the sizes says
what each takes whatever the size and for each use, and where the lines would cross: that is extrapolated.
"""

import datetime
import functools
import json
import math
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
from benchmarks.provenance_graph import Supply, batches, supply
from benchmarks.run import RESULTS

TESTS = Path(__file__).resolve().parent.parent / "tests"
sys.path.insert(0, str(TESTS))

from engines.spark.cluster import cluster  # noqa: E402 - the folder of tests was added above
from stannary.engines.provenance import Arrays  # noqa: E402
from stannary.engines.spark import Asking, SparkRunner, session  # noqa: E402

SIZES = ("2.5e5", "1e6", "2e6")
ROUNDS = 3
LOTS = 1000
WAVES = 3
CLASSES = 5
NEAR = 1e-9
MEMORY = {"spark.driver.memory": "1g", "spark.executor.memory": "800m"}

SIDES = ("cluster_s", "one_core_s")

Entry = dict[str, Any]


def lasting(work: Callable[[], Any]) -> float:
    """Give how many seconds a piece of work takes on the clock."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def turns(what: str, cluster_: Callable[[], Any], one_core: Callable[[], Any], edges: int) -> Entry:
    """Time both in turn."""
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


def loaded(edges: int) -> tuple[Supply, Arrays]:
    """Append a graph, and close it in as many segments whatever its size: each is a wave."""
    graph = supply(edges)
    arrays = Arrays(segment=2**40)
    for batch in batches(graph):
        arrays.append(batch)
    arrays.graph.segment = arrays.graph.nodes // WAVES
    arrays.graph.close_segments()
    return graph, arrays


def measured(edges: int, runner: SparkRunner, folder: Path) -> list[Entry]:
    """Load a graph, and ask both."""
    graph, arrays = loaded(edges)
    products = np.flatnonzero(graph.level == 11)
    lots = (
        np.random.default_rng(1).choice(products, min(LOTS, len(products)), replace=False).tolist()
    )
    classes = np.arange(len(arrays.graph["origin_site"])) % CLASSES
    one, ask = arrays.ask, Asking(arrays.graph, runner, folder)
    cut = lasting(ask.ready)
    checked(arrays, ask, lots, classes)
    plan = ask.ready()
    row: Entry = {"what": "graph", "edges": graph.edges, "cut_s": round(cut, 2)}
    row |= {"waves": plan.waves, "pieces": int(plan.firsts[-1])}
    row["part_of_nodes_in_greatest_piece_of_its_wave"] = [
        round(float(np.bincount(part).max() / len(part)), 2)
        for part in np.split(plan.piece.astype(np.int64), plan.stretches[1:-1])
    ]
    print(f"  {row}", flush=True)
    works: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
        "every lot by class": (
            functools.partial(ask.by_class, classes, CLASSES),
            functools.partial(one.by_class, classes, CLASSES),
        ),
        "every lot by mine": (
            lambda: sum(len(x.parts[3]) for x in ask.each_by_origin()),
            one.by_origin,
        ),
        f"{len(lots)} product lots at once": (
            functools.partial(ask.backs, lots),
            lambda: [one.back(lot, sources=True) for lot in lots],
        ),
    }
    return [row, *(turns(what, *both, graph.edges) for what, both in works.items())]


def crossings(rows: list[Entry]) -> list[Entry]:
    """Say, for each question that was asked of two sizes or more, from which size on two workers would pay."""
    found = []
    for what in dict.fromkeys(x["what"] for x in rows if "cluster_s" in x):
        those = [x for x in rows if x["what"] == what]
        if len(those) > 1:
            edges = [x["edges"] for x in those]
            seen = {name: np.array([x[name] for x in those]) for name in SIDES}
            lines = {name: np.polyfit(edges, times, 1) for name, times in seen.items()}
            off = {
                f"{name[:-2]}_off_by": round(
                    float(np.abs(np.polyval(line, edges) / seen[name] - 1).max()), 3
                )
                for name, line in lines.items()
            }
            row = {"what": f"extrapolated: {what}", "sizes": edges, **crossing(*lines.values())}
            found.append({**row, **off})
            print(f"  {found[-1]}", flush=True)
    return found


def crossing(cluster_: Any, one_core: Any) -> Entry:
    """Tell of two lines, a slope and a height each, where the first goes below the second.

    A cluster whose use costs more than that of one core is never below it; then it is told how many workers
    would cost the same, if a use cost as much less as they are more.
    """
    (slope, fixed), (slope_one, fixed_one) = (x.tolist() for x in (cluster_, one_core))
    row = {"cluster_fixed_s": round(fixed, 3), "cluster_ns_a_use": round(slope * 1e9, 1)}
    row |= {"one_core_fixed_s": round(fixed_one, 4), "one_core_ns_a_use": round(slope_one * 1e9, 2)}
    if min(slope, slope_one) <= 0:
        return {
            **row,
            "said": "a larger graph took less time: these sizes say nothing about others",
        }
    if slope < slope_one:
        edges = (fixed - fixed_one) / (slope_one - slope)
        return {**row, "said": f"two workers would pay from {edges:.2g} uses on; not measured"}
    ratio = slope / slope_one
    said = f"two workers pay at no size: a use takes {ratio:.3g} times as long; "
    return {**row, "said": f"{said}{math.ceil(2 * ratio)} workers would tie at best; not measured"}


def main() -> None:
    """Measure, print and store."""
    before = controls()
    rows: list[Entry] = []
    with tempfile.TemporaryDirectory(prefix="stannary-cluster-") as name:
        folder, begin = Path(name), time.perf_counter()
        with (
            cluster(folder) as started,
            session(started.address, log=folder / "spark.log", settings=MEMORY) as spark,
        ):
            runner = SparkRunner(spark, width=2)
            rows.append({"what": "start", "start_s": round(time.perf_counter() - begin, 1)})
            for edges in sys.argv[1:] or SIZES:
                rows += measured(int(float(edges)), runner, folder)
    rows += crossings(rows)
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

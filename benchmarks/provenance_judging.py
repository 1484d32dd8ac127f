"""What measurements of tracing have in common: timing in turn, checking every answer, judging."""

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]
Entry = dict[str, Any]

ROUNDS = 5
NEAR = 1e-9
LARGE = 5_000_000
"""Uses from which a peer that takes minutes runs fewer rounds, or not."""


class Seconds(NamedTuple):
    """Time for one answer: on the clock, and of the processor."""

    wall: float
    cpu: float


def timed(work: Callable[[], Any], cpu: Callable[[], float] = time.thread_time) -> Seconds:
    """Time a piece of work."""
    wall, used = time.perf_counter(), cpu()
    work()
    used = cpu() - used
    return Seconds(time.perf_counter() - wall, used)


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

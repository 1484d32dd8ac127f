"""How cost grows, and graphs that are made to hurt."""

import functools
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from benchmarks import provenance_peers as peers
from benchmarks.provenance_algebra import CLASSES
from benchmarks.provenance_graph import MINES, Supply, supply
from benchmarks.provenance_judging import ROUNDS, Entry, Numbers, check, gate, timed
from benchmarks.provenance_ours import Ours, loaded, oracle, paths_of

POOLS = (40, 365, 3650)
ENOUGH = 300
"""Nodes from which on the cost of a lot is fitted to what it meets."""
PATHS_MOST = 3e5
"""Paths up to which a query that counts every path is asked."""


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
        lot, paths = graph.lots - 1, float(paths_of(graph.first, graph.source)[-1])
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


def once(ours: Ours, lots: Numbers) -> Numbers:
    """Give the CPU seconds of each lot, asked one after the other in random order; median of some such rounds."""
    random, seen = np.random.default_rng(7), np.empty((ROUNDS, len(lots)))
    for found in seen:
        for place in random.permutation(len(lots)).tolist():
            found[place] = timed(functools.partial(ours.engine.ask.back, int(lots[place]))).cpu
    return np.median(seen, axis=0)


def power(points: Sequence[tuple[float, int]]) -> float:
    """Fit to which power of what a lot meets its cost grows, where it meets enough."""
    logs = np.log(np.array([x for x in points if x[1] >= ENOUGH]))
    return float(np.polyfit(logs[:, 1], logs[:, 0], 1)[0])


def growth(sizes: Sequence[int]) -> tuple[list[Entry], list[Entry]]:
    """Fit how cost grows: in what a lot meets, in the size of the graph, and of a sweep in edges.

    Single lots are asked for with nothing in the cache for the size, and again at once for what they meet; what it
    takes to ask for a mined lot, which meets itself alone, is taken off that, so that the loop is fitted and not the call. Before
    each sweep half a gigabyte is read and written: else more of a small graph than of a large one is still in a cache.
    """
    points, sweeps, slopes, in_use = [], [], [], []
    spoil = np.ones(2**26)

    def cold(work: Callable[[], object], much: int = 2**24) -> float:
        spoil[:much] += 1
        return timed(work).cpu

    for size in sizes:
        graph = supply(size)
        ours = loaded(graph)
        lots = np.random.default_rng(6).choice(
            np.flatnonzero(graph.level == 11), 150, replace=False
        )
        classes, room = ours.mine % CLASSES, ours.engine.ask.room_by_class(CLASSES)
        ours.engine.ask.back(int(lots[0]))
        mined = functools.partial(ours.engine.ask.back, int(np.argmin(graph.level)))
        call = min(timed(mined).cpu for _ in range(100))
        warm = []
        for lot in lots.tolist():
            ask = functools.partial(ours.engine.ask.back, lot)
            met = ask().met
            points.append((cold(ask), met, graph.edges))
            warm.append((min(timed(ask).cpu for _ in range(5)) - call, met))
        slopes.append(power(warm))
        each = once(ours, lots) - call
        in_use.append(power([(cost, met) for cost, (_, met) in zip(each, warm, strict=True)]))
        sweep_ = functools.partial(ours.engine.ask.by_class, classes, CLASSES, room=room)
        sweep_()
        sweeps.append(
            (statistics.median(cold(sweep_, len(spoil)) for _ in range(ROUNDS)), graph.edges)
        )
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
    row["exponents_lots_each_once_in_random_order"] = [round(x, 3) for x in in_use]
    note, most = (
        f"over {', '.join(map(str, sizes))} edges, 150 product lots each",
        "difference at most",
    )
    again, empty = f"{note}, asked again at once", f"{note}, the cache emptied before each"
    gates = [
        gate("exponent of a single lot in what it meets, away from 1", 0.1, abs(lots_ - 1), again, unit=most),
        gate("exponent of a single lot in the size of the graph, away from 0", 0.1, abs(found["size"]), empty, unit=most),
        gate("exponent of the sweep by class in edges, away from 1", 0.1, abs(found["edges"] - 1), empty, unit=most),
    ]  # fmt: skip
    return [row], gates

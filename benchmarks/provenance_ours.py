"""Our engine with a graph in it, what it holds, and the judge in exact fractions."""

import time
from fractions import Fraction
from typing import NamedTuple

import numba
import numpy as np
from benchmarks.provenance_controls import resident
from benchmarks.provenance_graph import MINES, Supply, batches
from benchmarks.provenance_judging import Entry, Numbers

from stannary.core.custody import Kind
from stannary.engines.provenance import Arrays
from stannary.engines.provenance.graph import HOT


class Ours(NamedTuple):
    """Our engine with a graph in it, and the mine that each of its origins stands for."""

    engine: Arrays
    mine: Numbers
    append_s: float
    resident: int

    def shares(self, lot: int) -> Numbers:
        """Give the share of each mine of a lot."""
        return np.bincount(self.mine, self.engine.ask.back(lot).share, MINES)


def loaded(graph: Supply, *, closed: bool = True) -> Ours:
    """Append a graph to a new store in memory, and close it; sorting what is closed is counted.

    If it is not closed, nodes stay in the order of arrival.
    """
    before, taken = resident(), 0.0
    engine = Arrays() if closed else Arrays(segment=2**31)
    for batch in batches(graph):
        begin = time.process_time()
        engine.append(batch)
        taken += time.process_time() - begin
    begin = time.process_time()
    if closed:
        engine.graph.close_segments()
    taken += time.process_time() - begin
    return Ours(engine, mines_of(engine), taken, resident() - before)


def mines_of(engine: Arrays) -> Numbers:
    """Give the mine that each origin stands for, 0 for none."""
    names = (engine.source(n) for n in range(len(engine.graph["origin_site"])))
    return np.array([int(x.site[1:]) if x.kind is Kind.PRODUCE else 0 for x in names])


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


def shape(graph: Supply, ours: Ours) -> list[Entry]:
    """Say what the graph is like, and what the store takes."""
    random = np.random.default_rng(3)
    paths = paths_of(graph.first, graph.source)
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
def paths_of(first: Numbers, source: Numbers) -> Numbers:
    """Count the paths from each lot, as a query without aggregation walks them."""
    found = np.ones(first.shape[0] - 1)
    for lot in range(found.shape[0]):
        for edge in range(first[lot], first[lot + 1]):
            found[lot] += found[source[edge]]
    return found

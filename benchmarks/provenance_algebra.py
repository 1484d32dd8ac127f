"""What a user would take for every lot at once: sparse algebra, arrays and joins, level by level."""

# ruff: noqa: S608 - queries are put together from our own words

import itertools
from collections.abc import Callable
from typing import Any, NamedTuple

import duckdb
import numpy as np
import scipy.sparse
from benchmarks.provenance_graph import MINES
from benchmarks.provenance_judging import Numbers
from benchmarks.provenance_peers import Given

CLASSES = 5


class Levels(NamedTuple):
    """A graph cut by level, as sparse algebra needs it."""

    order: Numbers
    bounds: Numbers
    parts: list[Any]
    origins: Any


def scipy_levels(one: Given) -> Levels:
    """Cut the matrix by the level of what is made; columns in the order of levels."""
    lots = one.graph.lots
    order = np.argsort(one.graph.level, kind="stable")
    bounds = np.concatenate([[0], np.cumsum(np.bincount(one.graph.level))])
    place = np.empty(lots, np.int32)
    place[order] = np.arange(lots, dtype=np.int32)
    index = np.int32
    parts = (one.weight, place[one.graph.source], one.graph.first.astype(index))
    matrix = scipy.sparse.csr_array(parts, shape=(lots, lots))
    cut = [matrix[order[a:b]] for a, b in itertools.pairwise(bounds)]
    mined = order[: bounds[1]]
    mines = (
        np.ones(len(mined)),
        (np.arange(len(mined), dtype=index), one.mine[mined].astype(index)),
    )
    origins = scipy.sparse.csr_array(mines, shape=(len(mined), MINES))
    return Levels(order, bounds, cut, origins)


def scipy_classes(
    one: Given, levels: Levels, *, by_lot: bool = True, room: Numbers | None = None
) -> Numbers:
    """Give the share of each class for every lot, level by level."""
    table = np.zeros((one.graph.lots, CLASSES)) if room is None else room
    mined = levels.order[: levels.bounds[1]]
    table[np.arange(len(mined)), one.mine[mined] % CLASSES] = 1.0
    for level in range(1, len(levels.parts)):
        begin, end = levels.bounds[level], levels.bounds[level + 1]
        table[begin:end] = levels.parts[level] @ table
    if not by_lot:
        return table
    found = np.empty_like(table)
    found[levels.order] = table
    return found


def arrival_levels(one: Given, order: Numbers, bounds: Numbers) -> Callable[[], list[Any]]:
    """Give what cuts the matrix by level, with columns in the order of arrival."""
    lots = one.graph.lots
    parts = (one.weight, one.graph.source.astype(np.int32), one.graph.first.astype(np.int32))
    matrix = scipy.sparse.csr_array(parts, shape=(lots, lots))
    return lambda: [matrix[order[a:b]] for a, b in itertools.pairwise(bounds)]


def scipy_arrival(one: Given, *, cut: bool) -> Callable[[], Numbers]:
    """Give the same question in the order of arrival, as one would write it first.

    Args:
        one: The graph.
        cut: Whether the matrix is cut by level before the clock runs.
    """
    lots = one.graph.lots
    order = np.argsort(one.graph.level, kind="stable")
    bounds = np.concatenate([[0], np.cumsum(np.bincount(one.graph.level))])
    mined = np.flatnonzero(one.mine >= 0)
    levels = arrival_levels(one, order, bounds)
    kept = levels() if cut else None

    def ask() -> Numbers:
        these = levels() if kept is None else kept
        table = np.zeros((lots, CLASSES))
        table[mined, one.mine[mined] % CLASSES] = 1.0
        for level in range(1, len(these)):
            table[order[bounds[level] : bounds[level + 1]]] = these[level] @ table
        return table

    return ask


def scipy_mines(levels: Levels) -> Any:
    """Give the share of each mine for every lot, in the order of levels, sparse times sparse."""
    found = levels.origins
    for level in range(1, len(levels.parts)):
        part = levels.parts[level]
        known = scipy.sparse.csr_array(
            (part.data, part.indices, part.indptr), shape=(part.shape[0], found.shape[0])
        )
        found = scipy.sparse.vstack([found, known @ found], format="csr")
    return found


def scipy_mines_arrival(one: Given, *, cut: bool) -> Callable[[], Any]:
    """Give the same question with columns in the order of arrival, put into that of levels on the way."""
    levels = scipy_levels(one)
    order, bounds = levels.order, levels.bounds
    place = np.empty(one.graph.lots, np.int32)
    place[order] = np.arange(one.graph.lots, dtype=np.int32)
    cutting = arrival_levels(one, order, bounds)
    kept = cutting() if cut else None

    def ask() -> Any:
        found = levels.origins
        for part in (cutting() if kept is None else kept)[1:]:
            at = part.tocoo()
            shape = (part.shape[0], found.shape[0])
            known = scipy.sparse.csr_array((at.data, (at.row, place[at.col])), shape=shape)
            found = scipy.sparse.vstack([found, known @ found], format="csr")
        return found

    return ask


def scipy_mines_blocks(levels: Levels) -> Callable[[], Any]:
    """Give the same question without stacking: each level from the levels that go into it, cut before."""
    spans = list(itertools.pairwise(levels.bounds))
    blocks = [[part[:, a:b] for a, b in spans[:n]] for n, part in enumerate(levels.parts)]

    def ask() -> Any:
        found = [levels.origins]
        for row in blocks[1:]:
            total = None
            for part, known in zip(row, found, strict=True):
                if part.nnz:
                    more = part @ known
                    total = more if total is None else total + more
            found.append(total)
        return found

    return ask


def numpy_classes(one: Given) -> Numbers:
    """Give the share of each class for every lot with arrays alone, level by level."""
    table = np.zeros((one.graph.lots, CLASSES))
    mined = np.flatnonzero(one.mine >= 0)
    table[mined, one.mine[mined] % CLASSES] = 1.0
    for level in range(1, 12):
        lots = np.flatnonzero(one.graph.level == level)
        begins = one.graph.first[lots]
        many = one.graph.first[lots + 1] - begins
        ends = np.cumsum(many)
        edges = np.repeat(begins - ends + many, many) + np.arange(ends[-1])
        parts = one.weight[edges, None] * table[one.graph.source[edges]]
        table[lots] = np.add.reduceat(parts, ends - many, axis=0)
    return table


def duckdb_whole(base: "duckdb.DuckDBPyConnection", key: str) -> None:
    """Write the share of each class or mine for every lot into a table, level by level."""
    base.execute(  # the key is ours
        f"CREATE OR REPLACE TEMP TABLE comp AS SELECT id lot, ({key})::SMALLINT k, 1.0::DOUBLE x "
        "FROM lot WHERE mine >= 0"
    )
    for level in range(1, 12):
        base.execute(
            "INSERT INTO comp SELECT e.dst, c.k, sum(e.w * c.x) FROM edge e "
            f"JOIN lot l ON l.id = e.dst AND l.level = {level} JOIN comp c ON c.lot = e.src GROUP BY 1, 2"
        )

"""What a user would take instead, each written the way that suits it best.

Every peer gets the graph as it was made, lots as nodes in the order of arrival, with the parts of each use
worked out, and answers the same two questions: the share of each mine of one lot, and that of each class or
each mine of every lot.
"""

import heapq
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import igraph
import numpy as np
import psycopg
import rustworkx
import scipy
import scipy.sparse
from benchmarks.provenance_graph import MINES, Supply
from numpy.typing import NDArray

Numbers = NDArray[Any]
PATHS = """WITH RECURSIVE t(lot, x) AS (SELECT {start}, {one} UNION ALL
    SELECT e.src, t.x * e.w FROM t JOIN edge e ON e.dst = t.lot)
    SELECT l.mine, sum(x) FROM t JOIN lot l ON l.id = t.lot WHERE l.mine >= 0 GROUP BY 1"""
FRONTIER = """WITH RECURSIVE t(lot, x) AS (SELECT ?::INT, 1.0::DOUBLE UNION ALL
    SELECT e.src, sum(t.x * e.w) FROM t JOIN edge e ON e.dst = t.lot GROUP BY e.src)
    SELECT l.mine, sum(x) FROM t JOIN lot l ON l.id = t.lot WHERE l.mine >= 0 GROUP BY 1"""


class Given(NamedTuple):
    """A graph with what every peer needs worked out once."""

    graph: Supply
    target: Numbers
    weight: Numbers
    mine: Numbers
    folder: Path


def given(graph: Supply, folder: Path) -> Given:
    """Work out what every peer needs."""
    return Given(graph, graph.target, graph.weight, graph.mine, folder)


class Peer(NamedTuple):
    """One way of asking for one lot.

    Attributes:
        ask: Lot to share of each mine.
        cpu: Gives the seconds of processor time of whoever answers, so far.
        bytes_per_edge: What it holds for a use; 0 if that is not its own.
    """

    name: str
    version: str
    ask: Callable[[int], Numbers]
    cpu: Callable[[], float]
    bytes_per_edge: float = 0.0


def from_rows(rows: Any) -> Numbers:
    """Give the shares that a query found."""
    found = np.zeros(MINES)
    for mine, share in rows:
        found[mine] += share
    return found


def numpy_frontier(one: Given) -> Peer:
    """Arrays, a frontier of lots whose masses are added up in every step."""
    first, source, weight, mine = one.graph.first, one.graph.source, one.weight, one.mine

    def ask(lot: int) -> Numbers:
        found = np.zeros(MINES)
        lots: Numbers = np.array([lot])
        mass: Numbers = np.ones(1)
        while len(lots):
            mines = mine[lots]
            mined = mines >= 0
            if mined.any():
                found += np.bincount(mines[mined], mass[mined], MINES)
                lots, mass = lots[~mined], mass[~mined]
            begins = first[lots]
            many = first[lots + 1] - begins
            ends = np.cumsum(many)
            edges = np.repeat(begins - ends + many, many) + np.arange(ends[-1] if len(ends) else 0)
            lots, which = np.unique(source[edges], return_inverse=True)
            mass = np.bincount(which, np.repeat(mass, many) * weight[edges], len(lots))
        return found

    size = (source.nbytes + weight.nbytes + first.nbytes + mine.nbytes) / one.graph.edges
    return Peer("numpy frontier", np.__version__, ask, time.thread_time, size)


def python_heap(one: Given) -> Peer:
    """Lists and a heap, lot after lot, latest first."""
    first, source = one.graph.first.tolist(), one.graph.source.tolist()
    weight, mine = one.weight.tolist(), one.mine.tolist()

    def ask(lot: int) -> Numbers:
        found = np.zeros(MINES)
        held, heap = {lot: 1.0}, [-lot]
        while heap:
            here = -heapq.heappop(heap)
            mass = held.pop(here)
            if mine[here] >= 0:
                found[mine[here]] += mass
                continue
            for edge in range(first[here], first[here + 1]):
                before = source[edge]
                if before in held:
                    held[before] += mass * weight[edge]
                else:
                    held[before] = mass * weight[edge]
                    heapq.heappush(heap, -before)
        return found

    return Peer("plain Python", "lists and heapq", ask, time.thread_time)


def scipy_rows(one: Given) -> Peer:
    """A sparse row times a sparse matrix until nothing is left."""
    lots = one.graph.lots
    index = np.int32 if one.graph.edges < 2**31 else np.int64
    parts = (one.weight, one.graph.source.astype(index), one.graph.first.astype(index))
    matrix = scipy.sparse.csr_array(parts, shape=(lots, lots))
    mined = np.flatnonzero(one.mine >= 0)
    mines = (np.ones(len(mined)), (mined.astype(index), one.mine[mined].astype(index)))
    origins = scipy.sparse.csr_array(mines, shape=(lots, MINES))

    def ask(lot: int) -> Numbers:
        found = np.zeros(MINES)
        row = scipy.sparse.csr_array(
            (np.ones(1), np.array([lot], index), np.array([0, 1], index)), shape=(1, lots)
        )
        while row.nnz:
            found += (row @ origins).toarray()[0]
            row = row @ matrix
        return found

    size = (matrix.data.nbytes + matrix.indices.nbytes + matrix.indptr.nbytes) / one.graph.edges
    return Peer("scipy sparse", scipy.__version__, ask, time.thread_time, size)


def rustworkx_push(one: Given) -> Peer:
    """A native search for ancestors, then masses pushed in Python, latest lot first."""
    graph = rustworkx.PyDiGraph()
    graph.add_nodes_from(range(one.graph.lots))
    rows = (one.target.tolist(), one.graph.source.tolist(), one.weight.tolist())
    graph.add_edges_from(list(zip(*rows, strict=True)))
    mine = one.mine.tolist()

    def ask(lot: int) -> Numbers:
        found = np.zeros(MINES)
        lots = rustworkx.descendants(graph, lot)
        lots.add(lot)
        held = dict.fromkeys(lots, 0.0)
        held[lot] = 1.0
        for here in sorted(lots, reverse=True):
            mass = held[here]
            if mine[here] >= 0:
                found[mine[here]] += mass
                continue
            for _, before, part in graph.out_edges(here):
                held[before] += mass * part
        return found

    return Peer("rustworkx", version("rustworkx"), ask, time.thread_time)


def igraph_push(one: Given) -> Peer:
    """The same with igraph; weights are in a list."""
    pairs = np.stack([one.target, one.graph.source.astype(np.int64)], 1)
    graph = igraph.Graph(n=one.graph.lots, edges=pairs, directed=True)
    source, weight, mine = one.graph.source.tolist(), one.weight.tolist(), one.mine.tolist()

    def ask(lot: int) -> Numbers:
        found = np.zeros(MINES)
        lots = graph.subcomponent(lot, mode="out")
        held = dict.fromkeys(lots, 0.0)
        held[lot] = 1.0
        lots.sort(reverse=True)
        for here in lots:
            mass = held[here]
            if mine[here] >= 0:
                found[mine[here]] += mass
                continue
            for edge in graph.incident(here, mode="out"):
                held[source[edge]] += mass * weight[edge]
        return found

    return Peer("igraph", igraph.__version__, ask, time.thread_time)


def sqlite_cte(one: Given) -> Peer:
    """A recursive query over a clustered table, in a file that fits in its cache."""
    file = one.folder / "lots.sqlite"
    base = sqlite3.connect(file, isolation_level=None)
    base.executescript(
        "PRAGMA page_size = 8192; PRAGMA journal_mode = off; PRAGMA synchronous = off;"
        "CREATE TABLE edge(dst INT, n INT, src INT, w REAL, PRIMARY KEY (dst, n)) WITHOUT ROWID;"
        "CREATE TABLE lot(id INTEGER PRIMARY KEY, mine INT)"
    )
    base.execute("BEGIN")
    order = np.arange(one.graph.edges) - one.graph.first[one.target]
    rows = (one.target.tolist(), order.tolist(), one.graph.source.tolist(), one.weight.tolist())
    base.executemany("INSERT INTO edge VALUES (?, ?, ?, ?)", zip(*rows, strict=True))
    base.executemany("INSERT INTO lot VALUES (?, ?)", enumerate(one.mine.tolist()))
    base.execute("COMMIT")
    base.executescript("ANALYZE; PRAGMA cache_size = -2000000; PRAGMA mmap_size = 8000000000")
    query = PATHS.format(start="?", one="1.0")
    size = file.stat().st_size / one.graph.edges

    def ask(lot: int) -> Numbers:
        return from_rows(base.execute(query, (lot,)))

    return Peer("SQLite recursive CTE", sqlite3.sqlite_version, ask, time.thread_time, size)


def duckdb_ctes(one: Given) -> list[Peer]:
    """Recursive queries in two ways, on one thread and in memory."""
    base = duck(one)

    def asking(query: str) -> Callable[[int], Numbers]:
        return lambda lot: from_rows(base.execute(query, [lot]).fetchall())

    version = duckdb.__version__
    paths = PATHS.format(start="?::INT", one="1.0::DOUBLE")
    return [
        Peer("DuckDB recursive CTE", version, asking(paths), time.process_time),
        Peer("DuckDB CTE, aggregated frontier", version, asking(FRONTIER), time.process_time),
    ]


def duck(one: Given) -> "duckdb.DuckDBPyConnection":
    """Give a base with the graph."""
    base = duckdb.connect()
    base.execute("SET threads = 1")
    base.register(
        "e",
        {
            "dst": one.target.astype(np.int32),
            "src": one.graph.source.astype(np.int32),
            "w": one.weight,
        },
    )
    ids = np.arange(one.graph.lots, dtype=np.int32)
    base.register("l", {"id": ids, "mine": one.mine, "level": one.graph.level.astype(np.int16)})
    base.execute(
        "CREATE TABLE edge AS SELECT * FROM e; CREATE TABLE lot AS SELECT * FROM l; ANALYZE"
    )
    return base


def postgresql_ctes(one: Given) -> list[Peer]:
    """A recursive query with a covering index: the planner's choice, and nested loops forced.

    The server is the one that PGHOST and PGPORT name, or there is none.
    """
    if "PGPORT" not in os.environ:
        return []
    base = psycopg.connect(autocommit=True)
    base.execute("CREATE UNLOGGED TABLE edge(dst int, src int, w float8)")
    base.execute("CREATE UNLOGGED TABLE lot(id int, mine int2)")
    rows = (one.target.tolist(), one.graph.source.tolist(), one.weight.tolist())
    _copy(base, "edge", zip(*rows, strict=True))
    _copy(base, "lot", enumerate(one.mine.tolist()))
    base.execute("CREATE INDEX ON edge(dst) INCLUDE (src, w)")
    base.execute("CREATE INDEX ON lot(id) INCLUDE (mine)")
    for table in ("edge", "lot"):
        base.execute(f"VACUUM ANALYZE {table}")
    base.execute("SET jit = off; SET work_mem = '512MB'")
    size = _value(base, "SELECT pg_total_relation_size('edge')") / one.graph.edges
    process = Path(f"/proc/{_value(base, 'SELECT pg_backend_pid()')}/stat")
    ticks = os.sysconf("SC_CLK_TCK")

    def cpu() -> float:
        fields = process.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / ticks

    query = PATHS.format(start="%s::int", one="1.0::float8")
    forced = ("hashjoin", "mergejoin", "seqscan", "bitmapscan")

    def asking(on: str) -> Callable[[int], Numbers]:
        def ask(lot: int) -> Numbers:
            for what in forced:
                base.execute(f"SET enable_{what} = {on}")
            return from_rows(base.execute(query, (lot,), prepare=True).fetchall())

        return ask

    version = str(_value(base, "SHOW server_version"))
    return [
        Peer("PostgreSQL recursive CTE", version, asking("on"), cpu, size),
        Peer("PostgreSQL recursive CTE, index scans forced", version, asking("off"), cpu, size),
    ]


def _value(base: "psycopg.Connection[Any]", query: str) -> Any:
    row = base.execute(query).fetchone()
    return row[0] if row else None


def _copy(base: "psycopg.Connection[Any]", table: str, rows: Any) -> None:
    with base.cursor().copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def folder() -> "tempfile.TemporaryDirectory[str]":
    """Give a folder for files of peers."""
    return tempfile.TemporaryDirectory()

"""Speed of scoring many assessments, against peers, in one run with every answer checked.

Everybody gets the same ratings and must give the same: floor and ceiling of each assessment, and
points given, rated and pending by principle. The set is full of ties, and all of it is checked
against the core rule. Peers are given the layout that suits them, whole numbers, and the size
of block that suits them. Two ways of writing each are timed: the usual one and the fastest found.
"""

import datetime
import hashlib
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple

import duckdb
import numba
import numpy as np
from benchmarks.run import RESULTS, control
from numpy.typing import NDArray

from stannary.core.assessments import RatingSheet, Verdict
from stannary.core.scores import score
from stannary.core.standards import Edition
from stannary.engines.scoring import CODES, NO_LEVEL, Plan, Scores, plan_of, score_many
from stannary.formats.packs import find_pack, load_pack

PACK = "stannary/open-mining/1.0"
DAY = datetime.date(2026, 6, 1)
SEED = 20260601
DISTINCT = 10_000
REPEATED = 50
LONG = 20_000
ROUNDS = 7
BLOCKS = (250, 500, 1_000, 2_000, 20_000)
NOT_RELEVANT, PENDING = 4, 5

OURS = "numba, a column for each requirement"
ROWS = "numba, a row for each assessment"
NUMPY = "our engine without numba"
PYTHON = "our engine without numpy"
INDEXED = "numpy, table[codes], then add.reduceat"
TAKEN = "numpy, take(table, codes), then add.reduceat"
JOINED = "DuckDB, long format joined with the requirements"
WIDENED = "DuckDB, long format that was joined before the clock ran"

Numbers = NDArray[Any]
Entry = dict[str, Any]


class Answer(NamedTuple):
    """What everybody must give; points and counts by assessment and principle."""

    floor: Numbers
    ceiling: Numbers
    given: Numbers
    rated: Numbers
    pending: Numbers

    def first(self, many: int) -> "Answer":
        """Give the answer for the first assessments only."""
        return Answer(*(array[:many] for array in self))

    def check(self, who: str, seen: "Answer") -> None:
        """Stop the run if somebody says anything else."""
        for name, wanted, found in zip(self._fields, self, seen, strict=True):
            if not np.array_equal(wanted, found):
                sys.exit(f"{who} gives another {name}")


class Seconds(NamedTuple):
    """Time for one assessment: on the clock, and of the processor."""

    wall: float
    cpu: float


def ties(edition: Edition) -> Numbers:
    """Make ratings whose shares are often a threshold exactly or one rating beside it.

    Of each principle a number of requirements that four divides is rated; half, three quarters or
    all of them are fully met, give or take one, and critical ones first in most assessments.
    Pairs of fully met and not met are sometimes replaced by two that are partially met, which
    leaves the share as it is. A tenth of the assessments have some pending.
    """
    random = np.random.default_rng(SEED)
    codes = np.empty((DISTINCT, len(edition.requirements)), np.uint8)
    critical = np.array([x.critical for x in edition.requirements])
    principles = np.array([x.principle for x in edition.requirements])
    open_ = random.random(DISTINCT) < 0.1
    kept = random.random(DISTINCT) < 0.9
    for principle in sorted(set(principles)):
        those = np.flatnonzero(principles == principle)
        order = random.random((DISTINCT, len(those)))
        order -= critical[those] * kept[:, None]
        place = order.argsort(axis=1).argsort(axis=1)
        rated = random.integers(len(those) // 8, len(those) // 4 + 1, DISTINCT) * 4
        quarters = random.choice([2, 3, 4], DISTINCT, p=[0.4, 0.5, 0.1])
        fully = rated // 4 * quarters + random.choice([-1, 0, 1], DISTINCT, p=[0.1, 0.8, 0.1])
        fully = np.minimum(fully, rated)
        part = np.where(place < fully[:, None], 0, 3)
        pairs = random.integers(0, 4, DISTINCT) * (quarters < 4)
        part[np.abs(place - fully[:, None] + 0.5) < pairs[:, None]] = 2
        part[place >= rated[:, None]] = NOT_RELEVANT
        waits = (random.random(part.shape) < 0.02) & open_[:, None]
        part[waits] = PENDING
        codes[:, those] = part
    return codes


def expected(edition: Edition, codes: Numbers) -> tuple[Answer, int]:
    """Score every distinct row by the core rule; also count those with a share on a threshold."""
    ratings = {code: rating for rating, code in CODES.items()}
    scale = plan_of(edition, as_of=DAY).scale
    floor, ceiling, found = [], [], 0
    tables: list[list[list[int]]] = [[], [], []]
    for row in codes.tolist():
        verdicts = {
            requirement.id: Verdict(requirement.id, ratings[code], rationale="why")
            for requirement, code in zip(edition.requirements, row, strict=True)
        }
        outcome = score(RatingSheet(edition, verdicts), as_of=DAY)
        level = outcome.level
        ends = (level.floor, level.ceiling) if level.state == "pending" else (level.code,) * 2
        floor.append(edition.rank(ends[0]) if ends[0] else NO_LEVEL)
        ceiling.append(edition.rank(ends[1]) if ends[1] else NO_LEVEL)
        points = [int(x.points * scale.per_point) for x in outcome.principles]
        tables[0].append(points)
        tables[1].append([x.rated for x in outcome.principles])
        tables[2].append([x.pending for x in outcome.principles])
        found += any(0 in (x.low_margin, x.high_margin) for x in outcome.tests if x.needed_share)
    return Answer(np.array(floor), np.array(ceiling), *map(np.array, tables)), found


def of_scores(scores: Scores) -> Answer:
    """Give what an engine says in the common form."""
    plan = scores.plan
    given, possible, pending = map(np.array, (scores.given, scores.possible, scores.pending))
    ends = np.array(scores.floor), np.array(scores.ceiling)
    return Answer(*ends, given, possible // plan.scale.best, pending)


class Reduceat:
    """numpy: a look-up of points, then sums of neighbouring columns."""

    def __init__(self, plan: Plan, rows: Numbers) -> None:
        self.plan, self.rows = plan, rows
        self.starts = np.array([begin for begin, _, _ in plan.stretches])
        self.criticals = np.array(plan.criticals)
        self.table = np.zeros(256, np.int16)
        self.table[:4] = plan.scale.units

    def score(self, block: int, *, take: bool) -> Answer:
        """Score all rows in blocks, with `take` or by indexing."""
        many, principles = len(self.rows), len(self.plan.sizes)
        floor, ceiling = np.full((2, many), NO_LEVEL, np.int8)
        tables = np.empty((3, many, principles), np.int16)
        add = partial(np.add.reduceat, indices=self.starts, axis=1, dtype=np.int16)
        for begin in range(0, many, block):
            codes = self.rows[begin : begin + block]
            part = slice(begin, begin + block)
            given = add(np.take(self.table, codes) if take else self.table[codes])
            rated = add((codes < NOT_RELEVANT).view(np.uint8))
            pending = add((codes == PENDING).view(np.uint8))
            tables[0, part], tables[1, part], tables[2, part] = given, rated, pending
            self._levels(codes, (given, rated, pending), (floor[part], ceiling[part]))
        return Answer(floor, ceiling, *tables)

    def best_block(self, *, take: bool) -> int:
        """Find the size of block with which some of the rows are scored fastest."""
        some = Reduceat(self.plan, self.rows[:LONG])
        seen = {
            block: min(timed(partial(some.score, block, take=take), LONG).cpu for _ in range(3))
            for block in BLOCKS
        }
        return min(seen, key=lambda block: seen[block])

    def _levels(
        self, codes: Numbers, sums: tuple[Numbers, ...], ends: tuple[Numbers, Numbers]
    ) -> None:
        given, rated, pending = sums
        best, last = self.plan.scale.units[0], self.plan.scale.units[3]
        high, most = given + pending * best, (rated + pending) * best
        low = given + pending * last if last else given
        critical = codes[:, self.criticals]
        waits = pending.any(axis=1)
        critical_waits = (critical == PENDING).any(axis=1)
        relevant = most.any(axis=1)
        for place, level in enumerate(self.plan.levels):
            sure, yet = relevant, relevant
            if level.denominator:
                asked = most * level.numerator
                sure = sure & (low * level.denominator >= asked).all(axis=1)
                yet = yet & (high * level.denominator >= asked).all(axis=1)
            for those, open_, worst in (
                (codes, waits, level.worst),
                (critical, critical_waits, level.worst_critical),
            ):
                if worst < 3:
                    fine = ~((those > worst) & (those < NOT_RELEVANT)).any(axis=1)
                    sure, yet = sure & fine & ~open_, yet & fine
            ends[0][sure] = place
            ends[1][yet] = place


class LongTable:
    """DuckDB: a row for each rating, grouped by assessment and principle; one thread."""

    def __init__(self, plan: Plan, rows: Numbers) -> None:
        self.plan = plan
        self.base = duckdb.connect()
        self.base.execute("SET threads = 1")
        many, width = rows.shape
        place = {principle.id: n for n, principle in enumerate(plan.edition.principles)}
        requirements = plan.edition.requirements
        columns = {
            "a": np.repeat(np.arange(many, dtype=np.int32), width),
            "r": np.tile(np.arange(width, dtype=np.int16), many),
            "x": rows.ravel(),
        }
        of_each = {
            "r": np.arange(width, dtype=np.int16),
            "p": np.array([place[x.principle] for x in requirements], np.int8),
            "c": np.array([x.critical for x in requirements]),
        }
        self.base.register("columns", columns)
        self.base.register("of_each", of_each)
        self.base.execute("CREATE TABLE rating AS SELECT * FROM columns")
        self.base.execute("CREATE TABLE requirement AS SELECT * FROM of_each")
        self.base.execute(
            "CREATE TABLE wide AS SELECT a, x, p, c FROM rating JOIN requirement USING (r)"
        )
        self.base.execute("ANALYZE")

    def query(self, *, joined: bool) -> str:
        """Write the query, of a table that is joined with the requirements now or was before."""
        units = self.plan.scale.units
        points = " ".join(f"WHEN {code} THEN {units[code]}" for code in range(4))
        sums = f"""sum(CASE x {points} ELSE 0 END)::INT g, count(*) FILTER (x < 4) n,
            count(*) FILTER (x = 5) o, max(CASE WHEN x < 4 THEN x ELSE 0 END) w,
            max(CASE WHEN c AND x < 4 THEN x ELSE 0 END) wc, bool_or(c AND x = 5) oc"""
        source = "rating JOIN requirement USING (r)" if joined else "wide"
        ends = []
        for at_best in (False, True):
            cases = " ".join(
                f"WHEN {self._test(place, at_best=at_best)} THEN {place}"
                for place in range(len(self.plan.levels) - 1, -1, -1)
            )
            ends.append(f"CASE WHEN sum(n + o) = 0 THEN -1 {cases} ELSE -1 END")
        lists = ", ".join(
            f"max(CASE p WHEN {place} THEN {name} ELSE 0 END) {name}{place}"
            for name in "gno"
            for place in range(len(self.plan.sizes))
        )
        return f"""WITH part AS (SELECT a, p, {sums} FROM {source} GROUP BY a, p)
            SELECT a, {ends[0]} floor, {ends[1]} ceiling, {lists} FROM part GROUP BY a ORDER BY a"""  # noqa: S608 - our own numbers

    def _test(self, place: int, *, at_best: bool) -> str:
        level, units = self.plan.levels[place], self.plan.scale.units
        points = f"g + o * {units[0] if at_best else units[3]}"
        tests = [f"max(w) <= {level.worst}", f"max(wc) <= {level.worst_critical}"]
        if level.denominator:
            most = f"(n + o) * {units[0] * level.numerator}"
            tests.append(f"bool_and(({points}) * {level.denominator} >= {most})")
        if not at_best:
            tests += ["sum(o) = 0"] * (level.worst < 3)
            tests += ["NOT bool_or(oc)"] * (level.worst_critical < 3)
        return " AND ".join(tests)

    def score(self, query: str) -> Answer:
        """Run the query."""
        found = self.base.execute(query).fetchnumpy()
        places = range(len(self.plan.sizes))
        tables = (np.stack([found[f"{name}{n}"] for n in places], axis=1) for name in "gno")
        return Answer(found["floor"], found["ceiling"], *tables)


def timed(work: Callable[[], object], many: int) -> Seconds:
    """Time a piece of work, a share of it for each assessment."""
    wall, cpu = time.perf_counter_ns(), time.process_time_ns()
    work()
    cpu, wall = time.process_time_ns() - cpu, time.perf_counter_ns() - wall
    return Seconds(wall / many / 1e9, cpu / many / 1e9)


def controls(columns: Numbers) -> Entry:
    """Measure what the machine gives right now: reading, hashing on one and two cores, its load."""
    data = bytes(2**26)
    words = columns.ravel(order="K").view(np.uint64)
    read = statistics.median(timed(words.sum, 1).cpu for _ in range(5))
    one = timed(lambda: hashlib.sha256(data), 1).wall
    with ThreadPoolExecutor(2) as pool:
        two = timed(lambda: list(pool.map(hashlib.sha256, (data, data))), 1).wall
    return {
        "loop_ms": statistics.median(control()),
        "stream_read_gb_per_cpu_s": round(columns.nbytes / read / 1e9, 2),
        "sha256_gb_per_s": round(len(data) / one / 1e9, 3),
        "sha256_two_threads_ratio": round(2 * one / two, 2),
        "load_average": [round(x, 2) for x in os.getloadavg()],
    }


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Give the lower quartile, the median and the upper quartile."""
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def measure(works: dict[str, tuple[Callable[[], Answer], int]]) -> dict[str, list[Seconds]]:
    """Run all in turn, round after round."""
    found: dict[str, list[Seconds]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, (work, many) in works.items():
            found[name].append(timed(work, many))
    return found


def ratio(seen: dict[str, list[Seconds]], peer: str) -> tuple[float, dict[str, list[float]]]:
    """Give the median ratio, of clock or processor whichever is lower, and the quartiles of both."""
    pairs = list(zip(seen[peer], seen[OURS], strict=True))
    wall = quartiles([a.wall / b.wall for a, b in pairs])
    cpu = quartiles([a.cpu / b.cpu for a, b in pairs])
    shown = {"wall": [round(x, 1) for x in wall], "cpu": [round(x, 1) for x in cpu]}
    return min(wall[1], cpu[1]), shown


def against(peer: str, demand: float, seen: dict[str, list[Seconds]], note: str) -> Entry:
    """Compare our fastest with a peer."""
    name = f"scoring many assessments against {peer}"
    return gate(name, demand, ratio(seen, peer)[0], f"peer: {note}")


def gate(name: str, demand: float, seen: float, note: str) -> Entry:
    """Write a gate in the form of the contract."""
    return {
        "gate": name,
        "unit": "ratio",
        "demand": demand,
        "seen": round(seen, 3),
        "holds": seen >= demand,
        "note": note,
    }


def row(what: str, seen: Sequence[Seconds], **more: object) -> Entry:
    """Write what was measured of one way."""
    return {
        "what": what,
        "assessments_per_s": round(1 / statistics.median(x.wall for x in seen)),
        "assessments_per_cpu_s": round(1 / statistics.median(x.cpu for x in seen)),
        **more,
    }


def run() -> Entry:
    """Measure, check and judge."""
    edition = load_pack(find_pack(PACK))
    plan = plan_of(edition, as_of=DAY)
    few = ties(edition)
    right, tied = expected(edition, few)
    rows = np.tile(few, (REPEATED, 1))
    all_right = Answer(*(np.concatenate([array] * REPEATED) for array in right))
    columns = np.asfortranarray(rows)

    first = timed(lambda: score_many(edition, columns[:1], as_of=DAY, engine="numba"), 1)
    peer, long = Reduceat(plan, rows), LongTable(plan, rows[:LONG])
    indexed, taken = (peer.best_block(take=take) for take in (False, True))
    works: dict[str, tuple[Callable[[], Any], int]] = {
        OURS: (partial(score_many, edition, columns, as_of=DAY, engine="numba"), len(rows)),
        INDEXED: (partial(peer.score, indexed, take=False), len(rows)),
        TAKEN: (partial(peer.score, taken, take=True), len(rows)),
        JOINED: (partial(long.score, long.query(joined=True)), LONG),
        WIDENED: (partial(long.score, long.query(joined=False)), LONG),
        ROWS: (partial(score_many, edition, rows, as_of=DAY, engine="numba"), len(rows)),
        NUMPY: (partial(score_many, edition, rows, as_of=DAY, engine="numpy"), len(rows)),
        PYTHON: (partial(score_many, edition, few, as_of=DAY, engine="python"), len(few)),
    }
    for name, (work, many) in works.items():
        answer = work()
        found = of_scores(answer) if isinstance(answer, Scores) else answer
        all_right.first(many).check(name, found)
    before = controls(columns)
    seen = measure(works)
    after = controls(columns)
    read = max(x["stream_read_gb_per_cpu_s"] for x in (before, after)) * 1e9
    of_read = len(edition.requirements) / statistics.median(x.cpu for x in seen[OURS]) / read
    checked = f"floor, ceiling, points, rated and pending equal for {len(rows)} assessments"
    return {
        "name": "scoring",
        "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": {
            "python": platform.python_version(),
            "system": platform.system(),
            "processor": platform.machine(),
            "cores": os.cpu_count(),
            "numpy": np.__version__,
            "numba": numba.__version__,
            "duckdb": duckdb.__version__,
        },
        "controls": {"before": before, "after": after},
        "gates": [
            gate(
                "assessments that agree with the core rule, of a set full of ties",
                1.0,
                1.0,
                f"{len(few)} different ones, {tied} with a share exactly on a threshold; the run "
                "stops at the first that differs, whoever gives it",
            ),
            against(
                INDEXED,
                20.0,
                seen,
                f"numpy {np.__version__}, one thread, 16 bit whole numbers, blocks of {indexed}; {checked}",
            ),
            against(
                TAKEN,
                20.0,
                seen,
                f"numpy {np.__version__}, the same, in blocks of {taken}; the fastest way found",
            ),
            against(
                JOINED,
                250.0,
                seen,
                f"DuckDB {duckdb.__version__}, one thread, in memory; the first {LONG} equal",
            ),
            gate(
                "share of the speed at which the ratings can be read at all",
                0.2,
                of_read,
                "peer: sum of the same bytes as 64 bit words by numpy, before or after, the faster",
            ),
        ],
        "rows": [
            row(OURS, seen[OURS], first_call_s=round(first.wall, 2)),
            row(ROWS, seen[ROWS]),
            row(NUMPY, seen[NUMPY]),
            row(PYTHON, seen[PYTHON]),
            *(
                row(name, seen[name], quartiles_of_ratio=ratio(seen, name)[1])
                for name in (INDEXED, TAKEN, JOINED, WIDENED)
            ),
            {
                "what": "set",
                "requirements": len(edition.requirements),
                "critical": len(plan.criticals),
                "principles": len(plan.sizes),
                "levels": len(plan.levels),
                "assessments": len(rows),
                "different": len(few),
                "with_a_tie": tied,
                "of_each_floor": np.bincount(right.floor + 1).tolist(),
                "pending": int(np.count_nonzero(right.floor != right.ceiling)),
            },
        ],
    }


def main() -> int:
    """Run, print and store the results; exit 1 if a gate does not hold."""
    result = run()
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "scoring.json").write_text(json.dumps(result, indent=2) + "\n")
    for entry in result["rows"]:
        print("  " + ", ".join(f"{name} {value}" for name, value in entry.items()))
    for entry in result["gates"]:
        verdict = "holds" if entry["holds"] else "FAILS"
        print(
            f"{verdict}  {entry['seen']} (at least {entry['demand']})  {entry['gate']}; {entry['note']}"
        )
    return 0 if all(entry["holds"] for entry in result["gates"]) else 1


if __name__ == "__main__":
    sys.exit(main())

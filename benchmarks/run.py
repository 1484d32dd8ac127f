"""Speed of the thread, measured in one run, each answer checked: `make bench`.

Every gate names its peer and its version. Ratios compare runs that alternate in one process,
so that they hold on a busy machine; single times are shown beside them for orientation.
"""

import datetime
import json
import platform
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from stannary.core.assessments import Verdict, rating_sheet
from stannary.core.custody import Event, Kind, Row, Side, events_of
from stannary.core.provenance import chain_of, trace_in
from stannary.core.scores import score
from stannary.core.standards import SCORED, Edition, Rating
from stannary.formats.pack_writer import write_pack
from stannary.formats.packs import find_pack, load_pack
from stannary.formats.requirement_tables import ALL_COLUMNS, requirements_csv, requirements_xlsx
from stannary.formats.standard_import import Wanted, import_standard

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
DAY = datetime.date(2026, 6, 1)
LAYERS, WIDTH, INPUTS = 10, 100, 3

Entry = dict[str, Any]


def milliseconds(work: Callable[[], object], *, runs: int = 7) -> list[float]:
    """Time a piece of work several times after one warm-up."""
    work()
    seen = []
    for _ in range(runs):
        begin = time.perf_counter_ns()
        work()
        seen.append((time.perf_counter_ns() - begin) / 1e6)
    return seen


def alternating(
    a: Callable[[], object], b: Callable[[], object], *, runs: int = 5
) -> tuple[list[float], list[float]]:
    """Time two pieces of work in turn."""
    a()
    b()
    first, second = [], []
    for _ in range(runs):
        first += milliseconds(a, runs=1)
        second += milliseconds(b, runs=1)
    return first, second


def control() -> list[float]:
    """Time a fixed loop, so that readers can compare machines."""
    return milliseconds(lambda: sum(n * n for n in range(200_000)))


def layered_movements() -> list[Row]:
    """Build a chain in which the last lot has about a thousand ancestors and many paths."""
    begin = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    unit = 3**LAYERS * 1000
    rows: list[Row] = []

    def row(event: str, hour: int, kind: Kind, side: Side, lot: str, mass_mg: int) -> Row:  # noqa: PLR0917 - a table's row
        return Row(
            event=event, at=begin + datetime.timedelta(hours=hour), kind=kind, site=f"site-{lot}", entity="entity",
            lot=lot, side=side, material="ore", mass_mg=mass_mg, content_mg=mass_mg,
        )  # fmt: skip

    rows += [row(f"p{n}", 0, Kind.PRODUCE, Side.OUT, f"0-{n}", unit) for n in range(WIDTH)]
    for layer in range(1, LAYERS):
        for n in range(WIDTH):
            event = f"b{layer}-{n}"
            inputs = [f"{layer - 1}-{(n * 7 + k * 11) % WIDTH}" for k in range(INPUTS)]
            rows += [row(event, layer, Kind.BLEND, Side.IN, lot, unit // INPUTS) for lot in inputs]
            rows.append(
                row(event, layer, Kind.BLEND, Side.OUT, f"{layer}-{n}", unit // INPUTS * INPUTS)
            )
    last = [f"{LAYERS - 1}-{n}" for n in range(WIDTH)]
    rows += [row("end", LAYERS, Kind.BLEND, Side.IN, lot, unit) for lot in last]
    rows.append(row("end", LAYERS, Kind.BLEND, Side.OUT, "end", unit * WIDTH))
    return rows


def sqlite_of(events: tuple[Event, ...]) -> sqlite3.Connection:
    """Put the edges and their weights into SQLite with the index that a walk needs."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE edge (child TEXT, parent TEXT, share REAL)")
    base.execute("CREATE TABLE origin (lot TEXT PRIMARY KEY, site TEXT)")
    for event in events:
        total = sum(row.content_mg for row in event.inputs)
        for out in event.outputs:
            if not event.inputs:
                base.execute("INSERT INTO origin VALUES (?, ?)", (out.lot, out.site))
            base.executemany(
                "INSERT INTO edge VALUES (?, ?, ?)",
                [(out.lot, row.lot, row.content_mg / total) for row in event.inputs],
            )
    base.execute("CREATE INDEX edges ON edge (child, parent, share)")
    return base


_WALK = """
WITH RECURSIVE walk(lot, share) AS (
  SELECT ?, 1.0 UNION ALL SELECT edge.parent, walk.share * edge.share FROM walk JOIN edge ON edge.child = walk.lot
) SELECT origin.site, SUM(walk.share) FROM walk JOIN origin ON origin.lot = walk.lot GROUP BY origin.site
"""


def bench_trace(gates: list[Entry], rows: list[Entry]) -> None:
    """Compare the exact trace with a recursive query over the same movements."""
    movements = layered_movements()
    events = events_of(movements)
    chain = chain_of(events)
    base = sqlite_of(events)
    lot = "end"
    shares: dict[str, Fraction] = {}
    walked: dict[str, float] = {}

    def ours() -> None:
        shares.update({origin.site: origin.share for origin in trace_in(chain, lot).origins})

    def theirs() -> None:
        walked.update(dict(base.execute(_WALK, (lot,)).fetchall()))

    a, b = alternating(ours, theirs, runs=3)
    difference = max(abs(float(share) - walked[site]) for site, share in shares.items())
    if len(shares) != len(walked) or difference > 1e-9:
        sys.exit(f"the two disagree by {difference}")
    ratio = statistics.median(theirs_ms / ours_ms for ours_ms, theirs_ms in zip(a, b, strict=True))
    found = trace_in(chain, lot)
    rows.append(
        {
            "what": "exact trace",
            "lots": found.lots,
            "events": found.events,
            "ms": statistics.median(a),
        }
    )
    rows.append({"what": "SQLite recursive query, floats", "ms": statistics.median(b)})
    gates.append(
        {
            "gate": "exact trace of a lot with about 1 000 ancestors against a recursive SQL query in floats",
            "unit": "ratio", "demand": 50.0, "seen": round(ratio, 2), "holds": ratio >= 50,
            "note": f"peer: SQLite {sqlite3.sqlite_version}; answers agree within 1e-9",
        }
    )  # fmt: skip


def bench_score(gates: list[Entry], rows: list[Entry]) -> None:
    """Compare the integer tally with the same sums in fractions, on the shipped standard."""
    edition = load_pack(find_pack("stannary/open-mining/0.1"))
    ratings = [SCORED[n % 3] for n in range(len(edition.requirements))]
    verdicts = [
        Verdict(requirement.id, rating, rationale="for the measurement")
        for requirement, rating in zip(edition.requirements, ratings, strict=True)
    ]
    sheet = rating_sheet(edition, verdicts)
    shares: dict[str, Fraction | None] = {}

    def ours() -> None:
        shares.update({tally.id: tally.share for tally in score(sheet, as_of=DAY).principles})

    naive: dict[str, Fraction] = {}

    def theirs() -> None:
        naive.update(
            naive_shares(
                edition, dict(zip([v.requirement for v in verdicts], ratings, strict=True))
            )
        )

    a, b = alternating(ours, theirs, runs=9)
    if shares != naive:
        sys.exit("the two scores disagree")
    ratio = statistics.median(theirs_ms / ours_ms for ours_ms, theirs_ms in zip(a, b, strict=True))
    rows.append(
        {
            "what": "score with level, floor, next level",
            "requirements": len(verdicts),
            "ms": statistics.median(a),
        }
    )
    rows.append({"what": "principle shares alone, added as fractions", "ms": statistics.median(b)})
    gates.append(
        {
            "gate": "a whole score takes at most 20 times the bare sums of its shares",
            "unit": "ratio", "demand": 0.05, "seen": round(ratio, 3), "holds": ratio >= 0.05,
            "note": f"peer: fractions.Fraction of Python {platform.python_version()}; shares are equal",
        }
    )  # fmt: skip


def naive_shares(edition: Edition, ratings: dict[str, Rating]) -> dict[str, Fraction]:
    """Add up the points of each principle one by one."""
    points = edition.points_on(DAY)
    sums: dict[str, list[Fraction]] = {}
    for requirement in edition.requirements:
        sums.setdefault(requirement.principle, []).append(points[ratings[requirement.id]])
    best = max(points.values())
    return {name: sum(given, Fraction(0)) / (best * len(given)) for name, given in sums.items()}


def thousand() -> Edition:
    """Give an edition of 1 000 requirements with texts of the length that real ones have."""
    edition = load_pack(find_pack("stannary/open-mining/1.0"))
    chapters = {
        chapter.id: edition.requirements_by_chapter[chapter.id] for chapter in edition.chapters
    }
    requirements = [
        replace(texts[n % len(texts)], id=f"{chapter}.{n // 10 + 1}.{n % 10 + 1}")
        for chapter, texts in chapters.items()
        for n in range(39)
    ]
    return replace(edition, requirements=tuple(requirements[:1_000]), translations={})


def bench_import(gates: list[Entry], rows: list[Entry]) -> None:
    """Import 1 000 requirements from a table to a pack on disk, which is read back and compared."""
    edition = thousand()
    wanted = Wanted("my-firm/mining/1.0", "Mining", DAY, outline=edition)
    tables = {
        "CSV": requirements_csv(edition, ALL_COLUMNS).encode(),
        "XLSX": requirements_xlsx(edition, ALL_COLUMNS),
    }
    for form, content in tables.items():

        def ours(content: bytes = content) -> None:
            imported = import_standard(content, "bench", wanted)
            if imported.findings or len(imported.edition.requirements) != 1_000:
                sys.exit(f"the import found {len(imported.findings)} things wrong")
            with tempfile.TemporaryDirectory() as folder:
                write_pack(imported.edition, Path(folder) / "pack")

        ms = statistics.median(milliseconds(ours, runs=3))
        rows.append({"what": f"import from {form}", "requirements": 1_000, "ms": ms})
        gates.append(
            {
                "gate": f"1 000 requirements are imported from {form} in 5 s",
                "unit": "requirements a second", "demand": 200.0, "seen": round(1e6 / ms, 1),
                "holds": ms <= 5_000, "note": "read, checked, written as a pack and read back",
            }
        )  # fmt: skip


def main() -> int:
    """Run all, print and store the results; exit 1 if a gate does not hold."""
    gates: list[Entry] = []
    rows: list[Entry] = []
    before = control()
    bench_score(gates, rows)
    bench_trace(gates, rows)
    bench_import(gates, rows)
    after = control()
    result = {
        "name": "thread",
        "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": {
            "python": platform.python_version(),
            "system": platform.system(),
            "processor": platform.machine(),
        },
        "controls": {
            "loop_ms_before": statistics.median(before),
            "loop_ms_after": statistics.median(after),
        },
        "gates": gates,
        "rows": rows,
    }
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "thread.json").write_text(json.dumps(result, indent=2) + "\n")
    for row in rows:
        print(
            "  "
            + ", ".join(
                f"{name} {value:.2f}" if isinstance(value, float) else f"{name} {value}"
                for name, value in row.items()
            )
        )
    for gate in gates:
        print(
            f"{'holds' if gate['holds'] else 'FAILS'}  {gate['seen']} (at least {gate['demand']})  {gate['gate']}; {gate['note']}"
        )
    return 0 if all(gate["holds"] for gate in gates) else 1


if __name__ == "__main__":
    sys.exit(main())

"""Break what the posting engine stands on, on either database, and store what was found.

    python -m benchmarks.faults [--kills 1000] [--cuts 40] [--database sqlite|postgresql]

- **writers**: 16 processes post on a dozen scarce accounts, each by itself, then through a sequencer.
- **kills**: a sequencer is killed (SIGKILL) after 5 to 125 ms, while it takes the lead, recovers,
  decides or commits, and another one begins. After every twentieth, one is stopped instead, and
  goes on when another one leads.
- **full**: the tables lie on a volume that becomes full, and gets room again.
- **power**: the disk is copied at a random moment without what the operating system held back, and
  a machine is started from the copy. Once more with a database that does not wait for the disk: if
  nothing were lost then, the copy would prove nothing.

The last two make volumes of their own and need root; where that is not allowed they are not tried,
which is said. PostgreSQL is a cluster of its own with fsync on. Ends with 1 if anything is wrong.
"""

import argparse
import datetime
import json
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import posting_table
from benchmarks.run import RESULTS

TESTS = Path(__file__).resolve().parent.parent / "tests"
sys.path.insert(0, str(TESTS))

from engines.posting.cluster import cluster  # noqa: E402 - the folder of tests was added above

DATABASES = ("sqlite", "postgresql")
LOOKED_FOR = (
    "a posting that was acknowledged and is gone, doubled or changed; books that do not add up"
)
CARELESS = 5

Row = dict[str, Any]


@contextmanager
def database(kind: str) -> Iterator[str]:
    """Give the address of an empty database, thrown away afterwards."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="stannary-faults-") as folder:
            yield f"sqlite:///{folder}/ledger.sqlite3"
    else:
        with cluster("-c shared_buffers=256MB") as one:
            yield one.url()


def called(*call: object, own_mounts: bool = False) -> Row:
    """Run a harness of the tests and give its report."""
    words = [sys.executable, "-m", *map(str, call)]
    done = subprocess.run(  # noqa: S603 - our own harness
        ["unshare", "--mount", *words] if own_mounts else words,
        check=False, stdout=subprocess.PIPE, cwd=TESTS,
    )  # fmt: skip
    report: Row = json.loads(done.stdout or b'{"found": ["the rounds did not end"]}')
    return report


def broken(kind: str, given: argparse.Namespace) -> Iterator[tuple[str, Row]]:
    """Break everything on one database."""
    harness, seed = "engines.posting.kills", ("--seed", given.seed)
    with database(kind) as url:
        yield "16 writers", called(harness, "--url", url, "--writers", 16, *seed)
    with database(kind) as url:
        yield "kills", called(harness, "--url", url, "--kills", given.kills, *seed)
    harness = "engines.posting.outages"
    those = ("--database", kind, *seed)
    yield "disk full", called(harness, "full", *those, own_mounts=True)
    yield "power cuts", called(harness, "power", "--rounds", given.cuts, *those, own_mounts=True)
    call = (harness, "power", "--rounds", CARELESS, "--careless", *those)
    yield "power cuts, not waiting for the disk", called(*call, own_mounts=True)


def gate(kind: str, what: str, row: Row) -> Row:
    """Say whether nothing was found; where the database is careless, whether a loss was seen."""
    figures = {
        key: row[key]
        for key in ("writers", "kills", "pauses", "cuts", "acknowledged")
        if key in row
    }
    note = ", ".join(f"{value:,} {key}" for key, value in figures.items())
    if what.endswith("not waiting for the disk"):
        return {
            "gate": f"{kind}, {what}: the copy of the disk shows that acknowledged postings are lost",
            "unit": "postings", "demand": 1, "seen": row["gone"], "holds": row["gone"] > 0,
            "note": note,
        }  # fmt: skip
    return {
        "gate": f"{kind}, {what}: {LOOKED_FOR}", "unit": "findings", "demand": 0,
        "seen": len(row["found"]), "holds": not row["found"], "note": note,
    }  # fmt: skip


def main() -> int:
    """Run, print and store."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--cuts", type=int, default=40)
    parser.add_argument("--database", choices=DATABASES)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rows: list[Row] = []
    gates: list[Row] = []
    for kind in (given.database,) if given.database else DATABASES:
        for what, report in broken(kind, given):
            rows.append({"what": f"{kind}: {what}", "seed": given.seed, **report})
            if "not_possible" in report:
                print(f"NOT TRIED  {kind}, {what}: {report['not_possible']}", flush=True)
                continue
            gates.append(gate(kind, what, report))
            word = "holds" if gates[-1]["holds"] else "FAILS"
            print(f"{word}  {gates[-1]['gate']}; {gates[-1]['note']}", flush=True)
    result = {
        "name": "faults",
        "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": {
            "python": platform.python_version(),
            "system": platform.system(),
            "processor": platform.machine(),
        },
        "controls": {},
        "gates": gates,
        "rows": rows,
    }
    if given.database is None:
        (RESULTS / "faults.json").write_text(json.dumps(result, indent=2) + "\n")
        posting_table.write()
    for row in rows:
        if row["found"]:
            print(json.dumps(row))
    return 0 if all(one["holds"] for one in gates) else 1


if __name__ == "__main__":
    sys.exit(main())

"""Kill the sequencer many times under load, on either database, and store what was found.

    python -m benchmarks.faults --kills 1000 [--database sqlite|postgresql]

Each round forks a sequencer and kills it (SIGKILL) after 5 to 125 ms: while it takes the lead,
recovers, decides, or commits. After every twentieth, one is stopped instead, and goes on when
another one leads. PostgreSQL is a cluster of its own with fsync on. Ends with 1 if anything is wrong.
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

from benchmarks.run import RESULTS

TESTS = Path(__file__).resolve().parent.parent / "tests"
sys.path.insert(0, str(TESTS))

from engines.posting.cluster import cluster  # noqa: E402 - the folder of tests was added above

DATABASES = ("sqlite", "postgresql")


@contextmanager
def database(kind: str) -> Iterator[str]:
    """Give the address of an empty database, thrown away afterwards."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="stannary-faults-") as folder:
            yield f"sqlite:///{folder}/ledger.sqlite3"
    else:
        with cluster("-c shared_buffers=256MB") as one:
            yield one.url()


def broken(kind: str, kills: int, seed: int) -> dict[str, Any]:
    """Do all rounds on one database."""
    with database(kind) as url:
        call = ["-m", "engines.posting.kills", "--url", url, "--kills", str(kills)]
        done = subprocess.run(  # noqa: S603 - our own harness
            [sys.executable, *call, "--seed", str(seed)],
            check=False, stdout=subprocess.PIPE, cwd=TESTS,
        )  # fmt: skip
    report: dict[str, Any] = json.loads(done.stdout or b'{"found": ["the rounds did not end"]}')
    return {"what": kind, "seed": seed, **report}


def main() -> int:
    """Run, print and store."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--database", choices=DATABASES)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chosen = (given.database,) if given.database else DATABASES
    rows = [broken(kind, given.kills, given.seed) for kind in chosen]
    gates = [
        {
            "gate": f"{row['what']}: rounds with a lost, doubled or changed posting, or books that do not add up",
            "unit": "findings", "demand": 0, "seen": len(row["found"]), "holds": not row["found"],
            "note": f"{row.get('kills', 0)} kills, {row.get('pauses', 0)} pauses",
        }
        for row in rows
    ]  # fmt: skip
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
    if len(rows) == len(DATABASES):
        (RESULTS / "faults.json").write_text(json.dumps(result, indent=2) + "\n")
    for row in rows:
        print(json.dumps(row))
    return 0 if all(gate["holds"] for gate in gates) else 1


if __name__ == "__main__":
    sys.exit(main())

"""Speed of posting: the sequencer against one conditional update each, in one run, all checked.

Both paths work on the same ledger, in turn, with the unique id, the constraints and fsync on; 8
processes post, and 5 to 30 % of what they ask is refused. Afterwards every verdict that anybody
was told is compared with what is stored, and everything stored is decided again by core.

    python -m benchmarks.posting [--rounds 5] [--only sqlite|postgresql]
"""

import argparse
import datetime
import hashlib
import json
import multiprocessing
import os
import pickle
import platform
import random
import signal
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from benchmarks import posting_table
from benchmarks.run import RESULTS, control

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from engines.posting.cluster import cluster
from stannary.core.custody.postings import POST, Posting, posting_id
from stannary.engines.posting import Sequencer, Store, open_store, resum
from stannary.engines.posting.service import Client, Service
from stannary.engines.posting.wire import row_of

ACCOUNTS, FUNDED = 20_000, 6_000
HOT = 2
CLIENTS = 8
AT_ONCE, AHEAD = 1_024, 3
SINGLE_EACH, BATCHED_EACH = 250, 40_960
OPTIONS = "-c shared_buffers=1GB -c max_wal_size=8GB -c max_connections=60"
COPY_HEAD, COPY_END = b"PGCOPY\n\xff\r\n\x00" + bytes(8), b"\xff\xff"

Entry = dict[str, Any]
Made = Callable[[random.Random, int], Posting]
FORK = multiprocessing.get_context("fork")


class Seen(NamedTuple):
    """What a run of one path gave: postings a second, on the clock, and which part was refused."""

    rate: float
    refused: float


# What is posted.


def identity(chance: random.Random) -> bytes:
    """Make an id of now."""
    return posting_id(at_ms=time.time_ns() // 1_000_000, entropy=chance.getrandbits(74))


def skewed(chance: random.Random, _: int) -> Posting:
    """From one account to another; some are busier than others."""
    source = 2 + int(chance.random() ** 2 * (ACCOUNTS - 1))
    target = 2 + int(chance.random() ** 2 * (ACCOUNTS - 1))
    target = target if target != source else 2 + (target - 1) % (ACCOUNTS - 1)
    return Posting(identity(chance), POST, source, target, chance.randint(1, 4_000))


def hot(chance: random.Random, place: int) -> Posting:
    """Out of one account that all claims draw on; what it gets is a little less than is asked."""
    other = 3 + int(chance.random() * (ACCOUNTS - 2))
    if place % 2:
        return Posting(identity(chance), POST, 1, HOT, chance.randint(1, 1_500))
    return Posting(identity(chance), POST, HOT, other, chance.randint(1, 2_100))


# Who posts.


class Task(NamedTuple):
    """What one client does: postings are made before the clock runs."""

    made: Made
    each: int
    seed: int
    start: Any
    folder: Path

    def prepared(self) -> list[Posting]:
        """Make all postings of this client."""
        chance = random.Random(self.seed)  # noqa: S311 - a fixed sample
        return [self.made(chance, place) for place in range(self.each)]


def single(url: str, task: Task) -> None:
    """Post one after another, each in a transaction of its own."""
    store = open_store(url)
    wanted = task.prepared()
    told: list[tuple[bytes, int]] = []
    task.start.wait()
    began = time.perf_counter()
    for one in wanted:
        told.append((one.id, store.post(one, now_ms=time.time_ns() // 1_000_000)))  # noqa: PERF401
    keep(task, began, told)


def batched(place: Path, task: Task) -> None:
    """Send requests, some ahead of the answers."""
    client = Client(place)
    wanted = task.prepared()
    asked: list[list[Posting]] = []
    told: list[tuple[bytes, int]] = []
    task.start.wait()
    began = time.perf_counter()
    for begin in range(0, task.each, AT_ONCE):
        asked.append(wanted[begin : begin + AT_ONCE])
        client.send(asked[-1])
        if len(asked) >= AHEAD:
            hear(client, asked, told)
    while asked:
        hear(client, asked, told)
    keep(task, began, told)


def hear(client: Client, asked: list[list[Posting]], told: list[tuple[bytes, int]]) -> None:
    """Take the verdicts of the oldest request."""
    told.extend(zip((one.id for one in asked.pop(0)), client.receive(), strict=True))


def keep(task: Task, began: float, told: list[tuple[bytes, int]]) -> None:
    """Leave word of when this one worked and what it was told."""
    (task.folder / f"told-{task.seed}").write_bytes(
        pickle.dumps((began, time.perf_counter(), told))
    )


def lead(url: str, place: Path) -> None:
    """Serve until the end is asked for, then end in order."""
    sequencer = Sequencer(open_store(url), holder="benchmark")
    service = Service(sequencer, place)

    def end(*_: object) -> None:
        service.stop()

    signal.signal(signal.SIGTERM, end)
    service.serve()
    sequencer.stop()


@contextmanager
def leading(url: str, folder: Path) -> Iterator[Path]:
    """A sequencer in a process of its own."""
    place = folder / "socket"
    process = FORK.Process(target=lead, args=(url, place))
    process.start()
    while not place.exists():
        time.sleep(0.005)
    yield place
    os.kill(process.pid or 0, signal.SIGTERM)
    process.join()


class Run:
    """All rounds on one database, and all that was told."""

    def __init__(self, url: str, folder: Path) -> None:
        """Begin with funded accounts."""
        self.url, self.folder = url, folder
        self.told: dict[bytes, int] = {}
        self._seed = 0
        store = open_store(url)
        store.create()
        store.open_accounts(
            {"source": True, **{f"account-{n}": False for n in range(2, ACCOUNTS + 1)}}
        )
        sequencer = Sequencer(store, holder="funding")
        chance = random.Random(0)  # noqa: S311 - a fixed sample
        first = [Posting(identity(chance), POST, 1, n, FUNDED) for n in range(2, ACCOUNTS + 1)]
        for begin in range(0, len(first), 5_000):
            if any(sequencer.post(first[begin : begin + 5_000])):
                sys.exit("the first postings were refused")
        sequencer.stop()
        store.close()

    def posted(self, work: Any, where: Any, made: Made, each: int, clients: int) -> Seen:
        """Let clients post at the same time."""
        start = FORK.Barrier(clients)
        self._seed += clients
        seeds = range(self._seed, self._seed + clients)
        those = [
            FORK.Process(target=work, args=(where, Task(made, each, seed, start, self.folder)))
            for seed in seeds
        ]
        for one in those:
            one.start()
        for one in those:
            one.join()
        began: list[float] = []
        ended: list[float] = []
        refused = 0
        for seed in seeds:
            first, last, told = pickle.loads((self.folder / f"told-{seed}").read_bytes())  # noqa: S301
            began.append(first)
            ended.append(last)
            refused += sum(1 for _, verdict in told if verdict)
            self.told.update(told)
        return Seen(clients * each / (max(ended) - min(began)), refused / (clients * each))

    def single(self, made: Made, *, each: int = SINGLE_EACH, clients: int = CLIENTS) -> Seen:
        """The simple path."""
        return self.posted(single, self.url, made, each, clients)

    def batched(self, made: Made, *, each: int = BATCHED_EACH, clients: int = CLIENTS) -> Seen:
        """The sequencer, ended afterwards, so that the simple path is free again."""
        with leading(self.url, self.folder) as place:
            return self.posted(batched, place, made, each, clients)

    def latency(self, many: int = 300) -> tuple[list[float], list[float]]:
        """One caller, one posting at a time: by the simple path, then through the sequencer."""
        chance = random.Random(-1)  # noqa: S311 - a fixed sample
        store = open_store(self.url)

        def ask(one: Posting) -> int:
            return store.post(one, now_ms=time.time_ns() // 1_000_000)

        alone = self._timed(ask, chance, many)
        store.close()
        with leading(self.url, self.folder) as place:
            client = Client(place)
            through = self._timed(lambda one: client.post([one])[0], chance, many)
            client.close()
        return alone, through

    def _timed(
        self, ask: Callable[[Posting], int], chance: random.Random, many: int
    ) -> list[float]:
        seen = []
        for place in range(many):
            one = skewed(chance, place)
            began = time.perf_counter_ns()
            self.told[one.id] = ask(one)
            seen.append((time.perf_counter_ns() - began) / 1e6)
        return sorted(seen)

    def check(self) -> Entry:
        """Compare what was told with what is stored, and decide all of it again with core."""
        store = open_store(self.url)
        missing = dict(self.told)
        for entry in store.entries(after=0):
            verdict = missing.pop(entry.posting.id, entry.verdict)
            if verdict != entry.verdict:
                sys.exit(f"posting {entry.seq} was told {verdict} and is stored {entry.verdict}")
        if missing:
            sys.exit(f"{len(missing)} postings that were told are not stored")
        counted = resum(store)
        if counted.findings:
            sys.exit(counted.findings[0].message)
        store.close()
        return {"what": f"decided again by core: {self.url.partition(':')[0]}",
                "postings": counted.postings, "accepted": counted.accepted,
                "batches": counted.batches}  # fmt: skip


# The limit: a bare COPY of the same rows.


def copied(url: str, table: str, rows: Sequence[bytes]) -> float:
    """Copy rows in batches of 8,192, each committed; rows a second."""
    with psycopg.connect(url, autocommit=True) as base:
        base.execute(f"TRUNCATE {table}".encode())
        began = time.perf_counter()
        for begin in range(0, len(rows), 8192):
            with (
                base.cursor() as cursor,
                cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)".encode()) as copy,
            ):
                copy.write(b"".join((COPY_HEAD, *rows[begin : begin + 8192], COPY_END)))
        return len(rows) / (time.perf_counter() - began)


def bare_rows(many: int) -> list[bytes]:
    """Make rows as the sequencer would."""
    chance = random.Random(5)  # noqa: S311 - a fixed sample
    return [row_of(n, skewed(chance, n), 1_770_000_000_000, 0) for n in range(1, many + 1)]


# Controls.


def controls(folder: Path) -> Entry:
    """Say what the machine does just now."""
    page, seen = os.urandom(4096), []
    descriptor = os.open(folder / "page", os.O_RDWR | os.O_CREAT, 0o600)
    for _ in range(200):
        os.lseek(descriptor, 0, os.SEEK_SET)
        began = time.perf_counter_ns()
        os.write(descriptor, page)
        os.fdatasync(descriptor)
        seen.append((time.perf_counter_ns() - began) / 1e3)
    os.close(descriptor)
    block = bytes(64 << 20)

    def digest(_: int) -> str:
        return hashlib.sha256(block).hexdigest()

    at = time.perf_counter()
    digest(0)
    one = time.perf_counter() - at
    at = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(digest, range(2)))
    two = (time.perf_counter() - at) / 2
    seen.sort()
    return {
        "loop_ms": statistics.median(control()),
        "fdatasync_4k_us_p50": round(seen[100]), "fdatasync_4k_us_p99": round(seen[197]),
        "sha256_mb_s": round(64 / one), "sha256_two_threads": round(one / two, 2),
        "load": round(os.getloadavg()[0], 2),
    }  # fmt: skip


def quartiles(seen: Sequence[float]) -> list[float]:
    """Give the lower quartile, the median and the upper quartile."""
    return [round(one, 2) for one in statistics.quantiles(seen, n=4, method="inclusive")]


class Report:
    """Gates and rows as they come."""

    def __init__(self) -> None:
        """Begin empty."""
        self.gates: list[Entry] = []
        self.rows: list[Entry] = []

    def compare(
        self, what: str, slow: Sequence[Seen], fast: Sequence[Seen], demand: float, peer: str
    ) -> None:
        """Add a gate from rounds that alternated, and a row for each side."""
        ratios = [b.rate / a.rate for a, b in zip(slow, fast, strict=True)]
        low, middle, high = quartiles(ratios)
        refused = [round(statistics.mean(one.refused for one in side), 3) for side in (slow, fast)]
        fair = all(0.05 <= one <= 0.30 for one in refused)
        self.gates.append(
            {
                "gate": what, "unit": "ratio", "demand": demand, "seen": middle,
                "holds": middle >= demand and fair,
                "note": f"peer: {peer}; quartiles {low} to {high}; refused {refused[0]:.1%} and {refused[1]:.1%}",
            }
        )  # fmt: skip
        for name, side in ((peer, slow), ("sequencer", fast)):
            self.rows.append(
                {"what": f"{what}: {name}", "postings_a_second": quartiles([x.rate for x in side])}
            )


def bench_postgresql(report: Report, rounds: int, folder: Path) -> None:
    """Measure on a cluster of its own."""
    with cluster(OPTIONS) as one:
        url = one.url()
        with psycopg.connect(url) as base:
            server = divmod(base.info.server_version, 10_000)
        version = f"PostgreSQL {server[0]}.{server[1]}, psycopg {psycopg.__version__}, fsync on"
        run = Run(url, folder)
        for name, made, demand in (
            ("20,000 accounts", skewed, 30.0),
            ("one hot account", hot, 100.0),
        ):
            run.single(made, each=50)
            run.batched(made, each=8 * AT_ONCE)
            pairs = [(run.single(made), run.batched(made)) for _ in range(rounds)]
            report.compare(
                f"{name}, 8 clients: sequencer against a conditional update each",
                [a for a, _ in pairs], [b for _, b in pairs], demand,
                f"one conditional statement, prepared, {version}",
            )  # fmt: skip
        for clients in (1, 32):
            for name, made in (("20,000 accounts", skewed), ("one hot account", hot)):
                rate = round(run.single(made, each=800 // clients, clients=clients).rate)
                report.rows.append(
                    {"what": f"{name}: conditional update, {clients} clients", "postings_a_second": rate}
                )  # fmt: skip
        add_latency(report, run, "PostgreSQL")
        share_of_copy(report, run, rounds)
        report.rows.append(run.check())


def share_of_copy(report: Report, run: Run, rounds: int) -> None:
    """Compare with a bare COPY into the same table, and into one without any index."""
    with psycopg.connect(run.url, autocommit=True) as base:
        base.execute("CREATE TABLE copied (LIKE custody_posting INCLUDING ALL)")
        base.execute("CREATE TABLE heaped (LIKE custody_posting)")
    rows = bare_rows(150_000)
    seen = [
        (run.batched(skewed).rate, copied(run.url, "copied", rows), copied(run.url, "heaped", rows))
        for _ in range(rounds)
    ]
    for place, what in ((1, "same table, its indexes and checks"), (2, "no index, no check")):
        report.rows.append(
            {
                "what": f"bare COPY, {what}",
                "rows_a_second": quartiles([one[place] for one in seen]),
                "share_that_the_sequencer_reaches": quartiles([a[0] / a[place] for a in seen]),
            }
        )


def add_latency(report: Report, run: Run, name: str) -> None:
    """One caller, one posting at a time."""
    for what, seen in zip(("conditional update", "sequencer"), run.latency(), strict=True):
        report.rows.append(
            {
                "what": f"{name}, one caller, one posting at a time: {what}",
                "ms_p50": round(seen[len(seen) // 2], 2),
                "ms_p99": round(seen[len(seen) * 99 // 100], 2),
            }
        )


def bench_sqlite(report: Report, rounds: int, folder: Path) -> None:
    """Measure on a file: one writer alone against batches of 8,192."""
    run = Run(f"sqlite:///{folder}/ledger.sqlite3", folder)
    run.single(skewed, each=50, clients=1)
    pairs = [(run.single(skewed, each=1_000, clients=1), in_process(run)) for _ in range(rounds)]
    report.compare(
        "SQLite, batches of 8,192 against one transaction each",
        [a for a, _ in pairs], [b for _, b in pairs], 40.0,
        f"conditional update, SQLite {sqlite3.sqlite_version}, WAL, synchronous FULL",
    )  # fmt: skip
    report.rows.append(
        {
            "what": "SQLite, 8 clients through the socket",
            "postings_a_second": round(run.batched(skewed).rate),
        }
    )
    add_latency(report, run, "SQLite")
    report.rows.append(run.check())


def in_process(run: Run, batches: int = 12) -> Seen:
    """Post batches of 8,192 from the process in which the sequencer is."""
    store: Store = open_store(run.url)
    sequencer = Sequencer(store, holder="in process")
    chance = random.Random(time.time_ns())  # noqa: S311 - ids must differ from run to run
    wanted = [[skewed(chance, n) for n in range(8192)] for _ in range(batches)]
    began = time.perf_counter()
    verdicts = [sequencer.post(some) for some in wanted]
    seconds = time.perf_counter() - began
    sequencer.stop()
    store.close()
    refused = 0
    for some, told in zip(wanted, verdicts, strict=True):
        run.told.update(zip((one.id for one in some), told, strict=True))
        refused += sum(map(bool, told))
    return Seen(batches * 8192 / seconds, refused / (batches * 8192))


def main() -> int:
    """Run all, print and store the results; 1 if a gate does not hold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    given = parser.parse_args()
    report = Report()
    with tempfile.TemporaryDirectory(prefix="stannary-posting-") as name:
        folder = Path(name)
        before = controls(folder)
        if given.only != "postgresql":
            bench_sqlite(report, given.rounds, folder)
        if given.only != "sqlite":
            bench_postgresql(report, given.rounds, folder)
        after = controls(folder)
    result = {
        "name": "posting",
        "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": {
            "python": platform.python_version(),
            "system": platform.system(),
            "processor": platform.machine(),
            "cores": os.cpu_count(),
        },
        "controls": {"before": before, "after": after},
        "gates": report.gates,
        "rows": report.rows,
    }
    if given.only is None:
        (RESULTS / "posting.json").write_text(json.dumps(result, indent=2) + "\n")
        posting_table.write()
    for row in (before, *report.rows, after):
        print("  " + ", ".join(f"{key} {value}" for key, value in row.items()))
    for gate in report.gates:
        print(
            f"{'holds' if gate['holds'] else 'FAILS'}  {gate['seen']} (at least {gate['demand']})  {gate['gate']}; {gate['note']}"
        )
    return 0 if all(gate["holds"] for gate in report.gates) else 1


if __name__ == "__main__":
    sys.exit(main())

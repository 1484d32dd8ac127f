"""Fills the volume under a ledger, and cuts its power; then looks at what is left.

A process of its own, as root, in mounts of its own (`unshare --mount`):

- **power**: the ledger lies on an ext4 in a file (in memory), and three threads post. At a random moment all
  are stopped and the file is copied. Only what had reached that disk is in the copy, not what the
  operating system still held back; so this is what a machine finds that lost its power. The copy
  is mounted, the database recovers, and whatever was acknowledged before must be there.
- **full**: the tables lie on a volume of 5 MB, and somebody posts until there is no room. Then
  there is some again.

`--careless` turns off the waiting for the disk, to see that the model sees a loss.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from engines.posting.cluster import Cluster
from engines.posting.kills import ACCOUNTS, SCARCE, SETTINGS, Plan, Poster, forked, wrong_with
from stannary.core.custody.postings import POST, Posting, posting_id
from stannary.core.kernel import InvariantError, RefusalError
from stannary.engines.posting import Sequencer, Store, StoreUnavailableError, open_store, resum

TOLD = 17  # bytes: an id and its verdict
DISKS_MB, VOLUME_MB, SMALL_MB, ROOM_MB = 1_024, 192, 5, 64
OPTIONS = "-c shared_buffers=32MB -c max_wal_size=24MB -c min_wal_size=8MB"
SMALL = (
    "CREATE TABLESPACE small LOCATION '{}'",
    "ALTER TABLE custody_posting SET TABLESPACE small",
    "ALTER INDEX custody_posting_pkey SET TABLESPACE small",
    "ALTER INDEX posting_id_once SET TABLESPACE small",
)


def run(*call: object) -> None:
    """Run a command that must succeed."""
    subprocess.run([str(one) for one in call], check=True, stdout=subprocess.DEVNULL)


def hindrance() -> str:
    """Say why volumes cannot be made here; nothing if they can."""
    if os.geteuid():
        return "only root may mount"
    missing = [name for name in ("mkfs.ext4", "mount", "unshare") if not shutil.which(name)]
    if missing:
        return f"not installed: {', '.join(missing)}"
    with tempfile.TemporaryDirectory(prefix="stannary-outage-") as folder:
        try:
            with volume(Path(folder)):
                return ""
        except subprocess.CalledProcessError as error:
            return f"{error.cmd[0]} is not allowed here"


# Volumes.


@contextmanager
def volume(folder: Path, *, existing: bool = False) -> Iterator[Path]:
    """Mount the ext4 that lies in the file `disk` of a folder; make it first, if it is not there."""
    disk, place = folder / "disk", folder / "mounted"
    place.mkdir(exist_ok=True)
    if not existing:
        with disk.open("wb") as file:
            file.truncate(VOLUME_MB << 20)
        run("mkfs.ext4", "-q", "-F", "-m", 0, disk)
    run("mount", "-o", "loop,noatime", disk, place)
    try:
        yield place
    finally:
        run("umount", "--lazy", place)


@contextmanager
def memory(place: Path, megabytes: int) -> Iterator[Path]:
    """Mount a volume of so many megabytes."""
    place.mkdir()
    run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0777", "none", place)
    try:
        yield place
    finally:
        run("umount", "--lazy", place)


# Databases on them.


class Base(NamedTuple):
    """A database that runs on a volume, and the processes of it."""

    url: str
    cluster: Cluster | None

    def processes(self) -> list[int]:
        """Every process of the server, the first one first."""
        if self.cluster is None:
            return []
        first = (self.cluster.folder / "data" / "postmaster.pid").read_text().split()[0]
        others = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", first], check=False, capture_output=True, text=True
        )
        return [int(first), *map(int, others.stdout.split())]


@contextmanager
def base(
    kind: str, place: Path, *, existing: bool = False, careless: bool = False
) -> Iterator[Base]:
    """Run a database on a volume."""
    if kind == "sqlite":
        yield Base(f"sqlite:///{place}/ledger.sqlite3", None)
        return
    folder = place / "server"
    folder.mkdir(exist_ok=True)
    options = f"{OPTIONS} -c fsync=off" if careless else OPTIONS
    if existing:  # after a restart their process ids are those of others; here they are not
        for lock in [*folder.glob(".s.PGSQL.*"), *folder.glob("data/postmaster.pid")]:
            lock.unlink()
    one = Cluster(folder, options, segment_mb=1, existing=existing)
    one.start()
    try:
        yield Base(one.url(), one)
    finally:
        one.stop("immediate")


def opened(url: str, *, careless: bool = False) -> Store:
    """Open a ledger; careless on SQLite, nothing waits for the disk."""
    store = open_store(url)
    if careless and store.vendor == "sqlite":
        store.rows("PRAGMA synchronous=OFF")
    return store


def prepared(url: str) -> None:
    """Make the tables and the accounts: one source, the others scarce."""
    store = open_store(url)
    store.create()
    store.open_accounts({"source": True, **{f"account-{n}": False for n in range(1, ACCOUNTS + 1)}})
    sequencer = Sequencer(store, holder="funding")
    sequencer.post(
        [
            Posting(posting_id(at_ms=1, entropy=number), POST, 1, number, SCARCE)
            for number in range(2, ACCOUNTS + 2)
        ]
    )
    sequencer.stop()
    store.close()


# Power.


def load(url: str, told: Path, seed: int, careless: bool) -> int:
    """Post with three threads, and write down what was told, until the end."""
    record = os.open(told, os.O_WRONLY | os.O_APPEND)
    sequencer = Sequencer(opened(url, careless=careless), holder="load", settings=SETTINGS)
    plan = Plan(url, told.parent, 0, seed=seed)

    def post(number: int) -> None:
        poster = Poster(plan, number)
        while True:
            wanted = poster.request()
            verdicts = sequencer.post(wanted)
            poster.keep(wanted, verdicts)
            os.write(
                record,
                b"".join(
                    one.id + bytes([verdict]) for one, verdict in zip(wanted, verdicts, strict=True)
                ),
            )

    threads = [threading.Thread(target=post, args=(number,)) for number in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return 1


def told_in(path: Path) -> dict[bytes, int]:
    """Read what was told: id to verdict."""
    content = path.read_bytes()
    return {
        content[at : at + 16]: content[at + 16] for at in range(0, len(content) - TOLD + 1, TOLD)
    }


def disk_is_still(place: Path) -> tuple[str, ...]:
    """Say how much was ever written to the disk under a mount."""
    device = place.stat().st_dev
    name = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}/stat")
    figures = name.read_text().split()
    return (figures[4], figures[6], figures[8])


def after_the_cut(kind: str, folder: Path, told: dict[bytes, int]) -> tuple[int, list[str]]:
    """Start a machine from a copy of the disk: how many of what was told are gone, and what else."""
    with volume(folder, existing=True) as place:
        try:
            with base(kind, place, existing=True, careless=True) as again:
                return left_in(again.url, told)
        except (StoreUnavailableError, InvariantError, RefusalError) as error:
            return len(told), [f"the database did not recover: {error}"]
        except (subprocess.CalledProcessError, psycopg.Error):
            log = (place / "server" / "log").read_text(errors="replace")
            return len(told), [f"the server did not start: {log[-600:]}"]


def left_in(url: str, told: dict[bytes, int]) -> tuple[int, list[str]]:
    """Compare with what was told, count again, and go on to post."""
    store = open_store(url)
    there = {entry.posting.id: entry.verdict for entry in store.entries(after=0)}
    gone = sum(1 for one, verdict in told.items() if there.get(one) != verdict)
    found = wrong_with(store)
    sequencer = Sequencer(store, holder="after", settings=SETTINGS)
    last = Posting(posting_id(at_ms=2**47, entropy=1), POST, 2, 3, 10**9)
    if sequencer.post([last]) != [53]:
        found.append("it does not go on as it should")
    sequencer.stop()
    store.close()
    return gone, found


def cut(kind: str, rounds: int, seed: int, *, careless: bool) -> dict[str, Any]:
    """Cut the power at random moments; the load goes on after each look."""
    chance = random.Random(seed)  # noqa: S311 - moments, nothing secret
    report = {"cuts": 0, "acknowledged": 0, "gone": 0}
    found: list[str] = []
    with tempfile.TemporaryDirectory(prefix="stannary-outage-") as name, ExitStack() as stack:
        Path(name).chmod(0o755)
        folder = stack.enter_context(memory(Path(name) / "disks", DISKS_MB))
        told, after = folder / "told", folder / "after"
        told.touch()
        after.mkdir()
        with volume(folder) as place, base(kind, place, careless=careless) as one:
            prepared(one.url)
            run("sync", "--file-system", place)
            child = forked(load, one.url, told, seed, careless)
            try:
                while not told.stat().st_size:
                    time.sleep(0.005)
                for _ in range(rounds):
                    time.sleep(0.02 + chance.random() * 0.3)
                    frozen = [child, *one.processes()]
                    send(frozen, signal.SIGSTOP)
                    known = told_in(told)
                    settled_copy(folder / "disk", place, after / "disk")
                    gone, more = after_the_cut(kind, after, known)
                    send(frozen, signal.SIGCONT)
                    found += more
                    report["cuts"] += 1
                    report["gone"] += gone
                    report["acknowledged"] = len(known)
            finally:
                send([child], signal.SIGKILL)
                os.waitpid(child, 0)
    return {**report, "found": found}


def send(processes: list[int], sign: signal.Signals) -> None:
    """Send a signal to processes that this one started."""
    for one in processes:
        try:
            os.kill(one, sign)
        except ProcessLookupError:
            continue


def settled_copy(disk: Path, place: Path, to: Path) -> None:
    """Copy a disk while nothing is written to it; what was under way reaches it first."""
    while True:
        before = disk_is_still(place)
        run("cp", "--sparse=always", disk, to)
        if disk_is_still(place) == before and before[2] == "0":
            return


# A full disk.


def filled(kind: str) -> dict[str, Any]:
    """Post until there is no room, then make room and go on."""
    with tempfile.TemporaryDirectory(prefix="stannary-outage-") as name, ExitStack() as stack:
        Path(name).chmod(0o755)
        folder = stack.enter_context(memory(Path(name) / "disks", DISKS_MB))
        with memory(folder / "small", SMALL_MB) as small:
            rest = small if kind == "sqlite" else folder
            with base(kind, rest) as one:
                prepared(one.url)
                if kind == "postgresql":
                    on_a_small_volume(one.url, small)
                return until_full(one.url, small)


def on_a_small_volume(url: str, small: Path) -> None:
    """Move the postings and their indexes to a tablespace there."""
    shutil.chown(small, "postgres")
    small.chmod(0o700)
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in SMALL:
            connection.execute(statement.format(small).encode())


def until_full(url: str, small: Path) -> dict[str, Any]:
    """Fill, look, make room, and look again."""
    store, found = open_store(url), []
    sequencer = Sequencer(
        open_store(url), holder="full", settings=SETTINGS._replace(patience_s=0.0)
    )
    poster = Poster(Plan(url, small, 0), 9)
    told: dict[bytes, int] = {}
    refusal, left = None, []
    while refusal is None and len(told) < 500_000:
        left = [poster.posting() for _ in range(1_000)]
        refusal = posted(sequencer, left, told)
    if refusal != "ENGINE-023" or posted(sequencer, left, told) != "ENGINE-023":
        found.append(f"a full disk was not seen: {refusal}")
    full = len(told)
    found += [one.message for one in resum(store).findings]
    run("mount", "-o", f"remount,size={ROOM_MB}m", small)
    for _ in range(2):
        if posted(sequencer, left, told):
            found.append("it did not go on when there was room")
    sequencer.stop()
    there = {entry.posting.id: entry.verdict for entry in store.entries(after=0)}
    found += wrong_with(store)
    store.close()
    gone = sum(1 for one, verdict in told.items() if there.get(one) != verdict)
    return {"acknowledged": len(told), "when_full": full, "gone": gone, "found": found}


def posted(sequencer: Sequencer, wanted: list[Posting], told: dict[bytes, int]) -> str | None:
    """Post and remember what was told; the code of the refusal if there was one."""
    try:
        verdicts = sequencer.post(wanted)
    except RefusalError as refusal:
        return refusal.rule.code
    told.update(zip((one.id for one in wanted), verdicts, strict=True))
    return None


def main() -> int:
    """Do what the command line says; 1 if something was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", choices=("power", "full"))
    parser.add_argument("--database", choices=("sqlite", "postgresql"), required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--careless", action="store_true")
    given = parser.parse_args()
    hindered = hindrance()
    if hindered:
        sys.stdout.write(json.dumps({"not_possible": hindered, "found": []}) + "\n")
        return 0
    began = time.monotonic()
    report = (
        cut(given.database, given.rounds, given.seed, careless=given.careless)
        if given.what == "power" else filled(given.database)
    )  # fmt: skip
    if report["gone"]:
        report["found"].append(f"{report['gone']} acknowledged postings are gone or changed")
    report["seconds"] = round(time.monotonic() - began, 1)
    sys.stdout.write(json.dumps(report) + "\n")
    return 1 if report["found"] else 0


if __name__ == "__main__":
    sys.exit(main())

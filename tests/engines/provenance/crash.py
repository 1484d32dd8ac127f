"""Kill a process at random moments while it appends, and look at what it leaves behind.

    python -m engines.provenance.crash 1000

A child appends a chain batch by batch and says after each that it is done; it is killed, the store
is opened again and compared, column by column, with one that was built in memory from as many
batches. The next child goes on where the last one was stopped.
"""

import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from random import Random

import numpy as np

from core.custody.chains import random_chain
from stannary.core.custody import Row
from stannary.engines.provenance import Arrays

SEGMENT = 5
EVENTS = 150
LONGEST_S = 0.03
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a killed process loses no page


def batches_of(rows: Sequence[Row]) -> list[list[Row]]:
    return [list(rows) for _, rows in groupby(rows, key=lambda row: row.event)]


def assert_equal(seen: Arrays, wanted: Arrays) -> None:
    """Compare everything that two stores hold."""
    for name, column in wanted.graph.columns.items():
        assert np.array_equal(seen.graph[name], column.values), name
    for name in ("lots", "events", "texts"):
        one, other = getattr(seen.graph, name), getattr(wanted.graph, name)
        assert len(one) == len(other), name
        assert all(one.text(n) == other.text(n) for n in range(len(one))), name
        assert all(one.find_one(other.text(n)) == n for n in range(0, len(one), 7)), name
    for name in ("mass_left", "content_left"):
        assert np.array_equal(getattr(seen.graph, name).values, getattr(wanted.graph, name).values)
    assert seen.graph.origins == wanted.graph.origins


def append_until_killed(folder: Path, batches: Sequence[Sequence[Row]], pipe: int) -> None:
    """Append what is missing; say so after each."""
    arrays = Arrays(folder, segment=SEGMENT)
    os.write(pipe, b"o")
    for batch in batches[arrays.batches :]:
        arrays.append(batch)
        os.write(pipe, b"a")
    os.write(pipe, b"e")


def kill_once(random: Random, folder: Path, batches: Sequence[Sequence[Row]], had: int) -> int:
    """Run a child for a moment; give how many batches it said are done, those before included."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            append_until_killed(folder, batches, write)
        finally:
            os._exit(0)
    os.close(write)
    time.sleep(random.random() * LONGEST_S)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    said = b""
    while more := os.read(read, 65536):
        said += more
    os.close(read)
    return had + said.count(b"a")


def run(times: int, *, seed: int = 1) -> tuple[int, int]:
    """Kill so many children; give how many batches were done and how many of them had no answer."""
    random = Random(seed)  # noqa: S311 - test data, not a secret
    done = silent = killed = 0
    warm = Arrays(segment=SEGMENT)
    for batch in batches_of(random_chain(1, 60)):  # children inherit what is compiled
        warm.append(batch)
    while killed < times:
        batches = batches_of(random_chain(random.randrange(2**32), EVENTS))
        with tempfile.TemporaryDirectory(dir=MEMORY) as name:
            folder = Path(name) / "store"
            wanted = Arrays(segment=SEGMENT)
            kept = [batch for batch in batches if not batch[0].kind.is_move]
            had = 0
            while killed < times and had < len(kept):
                said = kill_once(random, folder, kept, had)
                killed += 1
                seen = Arrays(folder, segment=SEGMENT)
                assert seen.batches >= said, "a batch that was said to be done is lost"
                silent += seen.batches - said
                for batch in kept[had : seen.batches]:
                    wanted.append(batch)
                had = seen.batches
                assert_equal(seen, wanted)
                seen.release()
            done += had
    return done, silent


if __name__ == "__main__":
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    begin = time.monotonic()
    done, silent = run(times, seed=int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    sys.stdout.write(
        f"{times} kills, {done} batches kept, {silent} of them before they were said to be done,\n"
        f"every store equal to one built from the same batches; {time.monotonic() - begin:.0f} s\n"
    )

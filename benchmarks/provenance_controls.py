"""What the machine gives right now, to read the measurements beside it."""

import hashlib
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]
WORDS = 2**25
CHASE = 2**23


@numba.njit(cache=True)
def _gather(lines: Numbers, places: Numbers) -> float:
    total = 0.0
    for place in places:
        for column in range(8):
            total += lines[place, column]
    return total


@numba.njit(cache=True)
def _chase(following: Numbers, steps: int) -> int:
    place = 0
    for _ in range(steps):
        place = following[place]
    return place


def _cpu(work: Callable[[], object], times: int = 3) -> float:
    found = []
    for _ in range(times):
        begin = time.thread_time()
        work()
        found.append(time.thread_time() - begin)
    return min(found)


def controls() -> dict[str, Any]:
    """Measure reading in order, reading anywhere, following pointers, the disk, hashing and the load."""
    random = np.random.default_rng(1)
    numbers = np.ones(WORDS)
    stream = numbers.nbytes / _cpu(numbers.sum) / 1e9
    lines = numbers.reshape(-1, 8)
    places = random.integers(0, len(lines), 2**21)
    _gather(lines, places[:9])
    gather = len(places) / _cpu(lambda: _gather(lines, places)) / 1e6
    order = random.permutation(CHASE)
    following = np.empty(CHASE, np.int64)
    following[order] = np.roll(order, 1)
    _chase(following, 9)
    steps = 2**20
    chase = _cpu(lambda: _chase(following, steps)) / steps * 1e9
    data = bytes(2**26)
    begin = time.perf_counter()
    hashlib.sha256(data)
    one = time.perf_counter() - begin
    with ThreadPoolExecutor(2) as pool:
        begin = time.perf_counter()
        list(pool.map(hashlib.sha256, (data, data)))
        two = time.perf_counter() - begin
    return {
        "stream_read_gb_per_cpu_s": round(stream, 2),
        "gather_64_byte_million_per_cpu_s": round(gather, 1),
        "pointer_chase_64_mb_ns": round(chase, 1),
        "fdatasync_4_kib_us": round(_sync(), 1),
        "sha256_gb_per_s": round(len(data) / one / 1e9, 3),
        "sha256_two_threads_ratio": round(2 * one / two, 2),
        "load_average": [round(x, 2) for x in os.getloadavg()],
    }


def _sync() -> float:
    with tempfile.NamedTemporaryFile() as file:
        found = []
        for _ in range(50):
            file.seek(0)
            file.write(bytes(4096))
            file.flush()
            begin = time.perf_counter()
            os.fdatasync(file.fileno())
            found.append(time.perf_counter() - begin)
    return statistics.median(found) * 1e6


def resident() -> int:
    """Give the bytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def peak() -> int:
    """Give the most bytes of memory that this process held, pages of files as well."""
    return _status("VmHWM")


def own() -> int:
    """Give the bytes of memory that this process holds now without pages of files."""
    return _status("RssAnon")


def _status(name: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    return 0

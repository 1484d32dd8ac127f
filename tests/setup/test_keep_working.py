"""The keeper beside the server: a worker that dies is started again, and goes with its parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
WORKER = "import os, time; open({file!r}, 'a').write(f'{{os.getpid()}}\\n'); time.sleep(60)"
KEEPER = """
import sys; sys.path.insert(0, {scripts!r})
import run
run.keep([sys.executable, "-c", {worker!r}], pause=0.05)
"""
PARENT = """
import subprocess, sys, time
print(subprocess.Popen([sys.executable, "-c", {keeper!r}]).pid, flush=True); time.sleep(60)
"""


def until(holds: Callable[[], bool]) -> None:
    for _ in range(200):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen within ten seconds")


def is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Start a parent with its keeper, as the server has one."""
    file = tmp_path / "workers"
    file.touch()
    keeper = KEEPER.format(scripts=str(SCRIPTS), worker=WORKER.format(file=str(file)))
    started = subprocess.Popen(
        [sys.executable, "-c", PARENT.format(keeper=keeper)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield started, file
    started.kill()
    started.communicate()


def workers(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().split()]


def test_a_dead_worker_is_started_again_and_said(
    parent: tuple[subprocess.Popen[str], Path],
) -> None:
    started, file = parent
    until(lambda: len(workers(file)) == 1)
    os.kill(workers(file)[0], signal.SIGKILL)
    until(lambda: len(workers(file)) == 2)

    second = workers(file)[1]
    started.terminate()  # the parent goes, and its worker with it
    until(lambda: not is_there(second))
    assert "the worker ended with status -9; it is started again" in started.communicate()[1]


def test_a_keeper_that_is_stopped_stops_its_worker(
    parent: tuple[subprocess.Popen[str], Path],
) -> None:
    started, file = parent
    assert started.stdout is not None
    keeper = int(started.stdout.readline())
    until(lambda: len(workers(file)) == 1)

    os.kill(keeper, signal.SIGTERM)

    until(lambda: not is_there(workers(file)[0]))
    assert len(workers(file)) == 1

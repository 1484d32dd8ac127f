"""A store on disk: it opens as it was, cuts off a torn end, and builds again what is damaged."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.custody.chains import random_chain
from engines.provenance import crash
from engines.provenance.agreement import assert_agree
from refusals import refused_by
from stannary.core.custody import events_of
from stannary.core.provenance import Exact
from stannary.engines.provenance import Arrays
from stannary.engines.provenance.columns import Column

SEGMENT = 5
ROWS = random_chain(4, 90)
BATCHES = [batch for batch in crash.batches_of(ROWS) if not batch[0].kind.is_move]
TESTS = Path(__file__).resolve().parents[2]


def in_memory(count: int, *, fast: bool = True) -> Arrays:
    arrays = Arrays(segment=SEGMENT, fast=fast)
    for batch in BATCHES[:count]:
        arrays.append(batch)
    return arrays


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """Do not wait for the disk: nobody cuts the power of a test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        patch.setattr(Column, "flush", lambda _: None)
        yield


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with all batches; tests copy it."""
    folder = tmp_path_factory.mktemp("store") / "whole"
    arrays = Arrays(folder, segment=SEGMENT)
    for batch in BATCHES:
        arrays.append(batch)
    arrays.release()
    return folder


@pytest.fixture
def store(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "store"))


def opened(store: Path, *, fast: bool = True) -> Arrays:
    return Arrays(store, segment=SEGMENT, fast=fast)


@pytest.mark.parametrize("fast", [True, False])
def test_a_store_opens_as_it_was(store: Path, fast: bool) -> None:
    arrays = opened(store, fast=fast)

    assert (arrays.batches, len(arrays.graph["segments"]) > 3) == (len(BATCHES), True)
    assert arrays.graph.closed < arrays.graph.nodes
    crash.assert_equal(arrays, in_memory(len(BATCHES), fast=fast))
    assert_agree(Exact(events_of(ROWS)), arrays, ROWS)


def test_what_is_appended_after_opening_is_appended_to_the_same(
    whole: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    for batch in BATCHES:
        arrays = opened(folder)
        arrays.append(batch)
        arrays.release()

    crash.assert_equal(opened(folder), in_memory(len(BATCHES)))
    for name in ("movements.log", "closed.json"):
        assert (folder / name).read_bytes() == (whole / name).read_bytes()


def test_a_batch_that_is_torn_at_any_byte_is_cut_off(store: Path) -> None:
    log = store / "movements.log"
    content = log.read_bytes()
    begin = content.rindex(b"STANPROV")
    wanted = in_memory(len(BATCHES) - 1)

    for end in (begin, begin + 1, begin + 27, begin + 28, begin + 29, len(content) - 1):
        log.write_bytes(content[:end])
        arrays = opened(store)
        assert (arrays.batches, log.stat().st_size) == (len(BATCHES) - 1, begin)
        crash.assert_equal(arrays, wanted)
        arrays.append(BATCHES[-1])
        assert log.read_bytes() == content
        arrays.release()
    log.write_bytes(content[:-1] + b"?")
    assert opened(store).batches == len(BATCHES) - 1


def test_a_batch_that_is_damaged_before_the_last_is_refused_and_nothing_cut(store: Path) -> None:
    log = store / "movements.log"
    content = log.read_bytes()
    begin = content.rindex(b"STANPROV")
    (store / "closed.json").unlink()

    for place in (0, 40, begin - 1):
        damaged = bytearray(content)
        damaged[place] ^= 1
        log.write_bytes(damaged)
        assert refused_by(lambda: opened(store)) == "ENGINE-004"
        assert log.read_bytes() == bytes(damaged)


def cut(name: str) -> Callable[[Path], None]:
    return lambda store: os.truncate(store / name, 3)


def changed(name: str) -> Callable[[Path], None]:
    def change(store: Path) -> None:
        content = bytearray((store / name).read_bytes())
        content[9] ^= 255
        (store / name).write_bytes(content)

    return change


def noted(**other: object) -> Callable[[Path], None]:
    def note(store: Path) -> None:
        whole = json.loads((store / "closed.json").read_text())
        whole["body"] = json.dumps({**json.loads(whole["body"]), **other})
        (store / "closed.json").write_text(json.dumps(whole))

    return note


@pytest.mark.parametrize(
    "harm",
    [
        cut("weight"),
        cut("lot.texts"),
        changed("node"),
        changed("source"),
        changed("weight"),
        changed("event.texts"),
        changed("closed.json"),
        cut("closed.json"),
        noted(batches=1),
        lambda store: (store / "closed.json").unlink(),
        lambda store: (store / "maker").unlink(),
        lambda store: (store / "closed.new").write_text("half written"),
    ],
)
def test_columns_that_are_damaged_are_built_again_from_the_log(
    store: Path, harm: Callable[[Path], None]
) -> None:
    harm(store)

    arrays = opened(store)

    crash.assert_equal(arrays, in_memory(len(BATCHES)))
    arrays.release()
    crash.assert_equal(opened(store), in_memory(len(BATCHES)))


def test_a_store_of_other_segments_is_built_again(store: Path) -> None:
    arrays = Arrays(store, segment=25)

    other = Arrays(segment=25)
    for batch in BATCHES:
        other.append(batch)
    crash.assert_equal(arrays, other)


def test_a_full_disk_loses_nothing_and_leaves_nothing_half_written(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrays = opened(store)
    size = (store / "movements.log").stat().st_size
    more = [
        replace(row, event=f"new {row.event}", lot=f"new {row.lot}")
        for row in crash.batches_of(random_chain(99, 1))[0]
    ]

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)  # what was written is taken away again
        with pytest.raises(OSError, match="No space left"):
            arrays.append(more)
    assert (store / "movements.log").stat().st_size == size
    crash.assert_equal(arrays, in_memory(len(BATCHES)))
    arrays.append(more)
    assert opened(store).batches == len(BATCHES) + 1


@pytest.mark.untraced
def test_a_process_that_is_killed_a_dozen_times_loses_nothing_that_it_said_was_done() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "engines.provenance.crash", "12"],
        cwd=TESTS,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(TESTS.parent / "src"), str(TESTS)))},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("12 kills, ")

"""Several processes share one log: one writes, all read, and none believes what does not fit."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from itertools import chain, groupby
from pathlib import Path
from typing import Any

import pytest

from core.custody.chains import random_chain
from core.custody.replays import mine, use
from engines.provenance.crash import assert_equal
from stannary.core.custody import Kind, Row, events_of
from stannary.core.kernel import InvariantError, RefusalError
from stannary.core.provenance import chain_of, trace_in
from stannary.engines.provenance import Movements, movements_of
from stannary.engines.provenance.chains import chain_of_events, events_behind
from stannary.engines.provenance.log import Log
from stannary.engines.provenance.shared import NOTHING, Mark, Shared

ROWS = [row for row in random_chain(3, 60) if not row.kind.is_move]
SEGMENT = 7


EVENTS = [list(rows) for _, rows in groupby(ROWS, key=lambda row: row.event)]


def batches() -> Iterator[Movements]:
    """Give a dozen batches of four events and more."""
    size = len(EVENTS) // 12
    for first in range(0, 11 * size, size):
        yield movements_of(list(chain.from_iterable(EVENTS[first : first + size])))
    yield movements_of(list(chain.from_iterable(EVENTS[11 * size :])))


def mark(number: int) -> Mark:
    return Mark(number, number, bytes([number]) * 32)


def opened(folder: Path) -> Shared:
    return Shared(folder, segment=SEGMENT)


def append(store: Shared, first: int, end: int) -> None:
    for number, batch in enumerate(batches()):
        if first <= number < end:
            with store.writing():
                store.append(batch, mark(number + 1))


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """Give a folder with five batches."""
    append(opened(tmp_path), 0, 5)
    return tmp_path


def test_what_one_appends_the_others_take_up(written: Path) -> None:
    one, other = opened(written), opened(written)
    assert one.mark == mark(5)
    append(one, 5, 7)
    append(other, 7, 9)
    one.refresh()
    assert one.mark == other.mark == mark(9)
    assert_equal(one.arrays, other.arrays)
    with other.writing():
        other.append(movements_of([]), mark(10))  # nothing of it is about material
    one.refresh()
    assert one.mark == mark(10)
    assert_equal(one.arrays, other.arrays)


def test_a_log_that_was_replaced_is_read_from_its_begin(written: Path) -> None:
    one, other = opened(written), opened(written)
    with other.writing():
        other.replace([movements_of(ROWS)], mark(40))
    one.refresh()
    assert one.mark == mark(40)
    assert_equal(one.arrays, other.arrays)


@pytest.mark.parametrize("end", ["half", "whole", "unnoted"])
def test_a_process_that_is_killed_while_it_appends_leaves_a_sound_log(
    written: Path, end: str
) -> None:
    """Half of a batch is cut off; a whole one counts, whether or not its writer lived to say so."""
    child = os.fork()
    if child == 0:
        try:
            _die_while_appending(opened(written), end)
        finally:
            os._exit(1)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    kept = 5 if end == "half" else 6
    reader, found = opened(written), opened(written)
    assert reader.mark == mark(kept)
    append(found, kept, 8)
    reader.refresh()
    fresh = opened(written / "fresh")
    append(fresh, 0, 8)
    for store in (reader, found):
        assert_equal(store.arrays, fresh.arrays)


def _die_while_appending(store: Shared, end: str) -> None:
    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    append_whole = Log.append

    def torn(self: Any, batch: Any, said: bytes = b"") -> None:
        append_whole(self, batch, said)
        if end == "half":
            self._file.truncate((self.size + store._size) // 2)
        die()

    if end == "unnoted":
        os.fsync = die  # type: ignore[assignment]
    else:
        Log.append = torn  # type: ignore[method-assign,assignment]
    append(store, 5, 6)


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)


def go_back(path: Path) -> None:
    """Put an older log in its place, as one that was taken from a backup."""
    earlier = path.parent / "earlier"
    append(opened(earlier), 0, 2)
    shutil.copy(earlier / path.name, path)


@pytest.mark.parametrize(("harm", "left"), [(go_back, 2), (Path.unlink, 0)])
def test_a_log_that_does_not_go_on_is_begun_again(
    written: Path, harm: Callable[[Path], None], left: int
) -> None:
    reader = opened(written)
    harm(reader.path)
    reader.refresh()
    assert reader.mark == (mark(left) if left else NOTHING)
    append(opened(written), left, 4)
    reader.refresh()
    fresh = opened(written / "fresh")
    append(fresh, 0, 4)
    assert reader.mark == mark(4)
    assert_equal(reader.arrays, fresh.arrays)


def test_a_damaged_log_is_replaced_and_never_appended_to(written: Path) -> None:
    damage(written / "book.log")
    store = opened(written)
    assert store.mark == NOTHING
    with store.writing(), pytest.raises(InvariantError, match="replaced"):
        store.append(movements_of([]), mark(6))
    with pytest.raises(InvariantError, match="lock"):
        store.append(movements_of([]), mark(6))
    with store.writing():
        store.replace(batches(), mark(12))
    reader = opened(written)
    assert reader.mark == mark(12)
    assert_equal(reader.arrays, store.arrays)


def test_what_does_not_fit_leaves_everything_as_it_is(written: Path) -> None:
    store = opened(written)
    size = store.path.stat().st_size
    with store.writing(), pytest.raises(RefusalError):
        store.append(next(batches()), mark(6))
    twice = [movements_of(ROWS), next(batches())]
    with store.writing(), pytest.raises(RefusalError):
        store.replace(twice, mark(7))
    store.refresh()
    assert (store.mark, store.path.stat().st_size) == (mark(5), size)


@pytest.mark.parametrize("fast", [True, False])
def test_the_chain_behind_a_lot_is_the_judge_s(tmp_path: Path, fast: bool) -> None:
    store = Shared(tmp_path, segment=SEGMENT, fast=fast)
    with store.writing():
        store.replace(batches(), mark(1))
    graph, judge = store.arrays.graph, chain_of(events_of(ROWS))
    assert len(graph.lots) == len(judge.rows) > 50

    def trace_of(row: Row) -> object:
        number = graph.lots.find_one(row.lot)
        return trace_in(chain_of_events(graph, events_behind(graph, number)), row.lot)

    for row in judge.rows.values():
        assert trace_of(row) == trace_in(judge, row.lot)


def test_a_book_from_before_a_rest_had_to_be_possible_is_taken_up(tmp_path: Path) -> None:
    rows = [mine("E1", "A", 10, content_mg=5), use("E2", Kind.LOSS, "A", 8, content_mg=1)]
    store = opened(tmp_path)

    with store.writing():
        store.replace([movements_of(rows)], mark(2))

    assert store.mark == mark(2)
    assert list(store.arrays.graph.content_left.values) == [4]

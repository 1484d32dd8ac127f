"""While a batch is written the next one is decided on top of it; nobody is told before it is stored."""

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from engines.posting.made_up import NOW, at_random, balances, opened, posting, stored, verdicts
from engines.posting.test_sequencer import STILL, leading
from refusals import refused_by
from stannary.core.custody.postings import Posting, decide
from stannary.core.kernel import RefusalError
from stannary.engines.posting import (
    Sequencer,
    Settings,
    Store,
    StoreUnavailableError,
    open_store,
    resum,
)

LONG_S = 20
BESIDE = STILL._replace(many=1, most=2)
"""Every batch is written beside, and two postings fill one."""


class Held:
    """A sequencer whose writes wait until they are let go, one after another."""

    def __init__(self, url: str, settings: Settings = BESIDE, *, failing: Sequence[str] = ()):
        self.store = open_store(url)
        self.begun, self.free = threading.Semaphore(0), threading.Semaphore(0)
        self.decided = threading.Semaphore(0)
        self.said: list[object] = []
        self.told = threading.Semaphore(0)
        self._left = list(failing)
        self._write = self.store.write
        self.store.write = self.write  # type: ignore[method-assign]
        self.sequencer = Sequencer(self.store, holder="here", settings=settings)
        self._decide = self.sequencer._memory.decide
        self.sequencer._memory.decide = self.decide  # type: ignore[method-assign]

    def write(self, *arguments: Any, **named: Any) -> None:
        """Wait, then write; or fail, before it is stored or after."""
        self.begun.release()
        assert self.free.acquire(timeout=LONG_S)
        way = self._left.pop(0) if self._left else ""
        if way != "before":
            self._write(*arguments, **named)
        if way:
            raise StoreUnavailableError("the line is dead")

    def decide(self, postings: Sequence[Posting], now_ms: int) -> Any:
        """Decide as ever, and let it be known."""
        decided = self._decide(postings, now_ms)
        if postings:
            self.decided.release()
        return decided

    def ask(self, postings: Sequence[Posting]) -> None:
        """Hand in, and keep what is told."""

        def answer(said: Sequence[int] | None, refusal: RefusalError | None) -> None:
            self.said.append(list(said) if said is not None else refusal and refusal.rule.code)
            self.told.release()

        self.sequencer.enqueue(postings, answer)

    def go(self, writes: int = 1) -> None:
        """Let so many writes go on."""
        self.free.release(writes)


def wait(*signs: threading.Semaphore) -> None:
    """Wait for each of these."""
    assert all(one.acquire(timeout=LONG_S) for one in signs)


@contextmanager
def held(url: str, settings: Settings = BESIDE, failing: Sequence[str] = ()) -> Iterator[Held]:
    """Two requests of which the second is decided while the first is written."""
    one = Held(url, settings, failing=failing)
    try:
        yield one
    finally:
        one.go(99)
        one.sequencer.stop()
        one.store.close()


def two_of_them(one: Held) -> list[list[Posting]]:
    """Ask twice; give what was asked when the first is being written and the second is decided."""
    first, second = [posting(60), posting(60)], [posting(30), posting(30)]
    one.ask(first)
    wait(one.begun, one.decided)
    one.ask(second)
    wait(one.decided)
    return [first, second]


def test_the_next_batch_is_decided_while_one_is_written_and_each_told_when_it_is_stored(
    url: str, store: Store
) -> None:
    ledger = opened(store)
    with held(url) as one:
        first, second = two_of_them(one)
        assert one.said == []
        one.go()
        wait(one.begun, one.told)  # the second is written only now
        assert one.said == [verdicts(ledger, first)] == [[0, 53]]
        assert len(store.known([each.id for each in first])) == 2
        assert store.known([each.id for each in second]) == []
        one.go()
        wait(one.told)
        assert one.said[1:] == [verdicts(ledger, second)] == [[0, 53]]

    assert stored(store) == balances(ledger)
    assert resum(store).findings == ()


@pytest.mark.parametrize("way", ["before", "after"])
def test_what_was_decided_on_top_of_what_was_not_stored_is_decided_again(
    url: str, store: Store, way: str
) -> None:
    ledger = opened(store)
    with held(url, failing=[way]) as one:
        wanted = two_of_them(one)
        one.go(2)
        wait(one.told, one.told)

    assert one.said == [verdicts(ledger, some) for some in wanted]
    assert stored(store) == balances(ledger)
    assert resum(store).findings == ()


@pytest.mark.parametrize("way", ["before", "after"])
def test_what_fails_twice_is_told_to_all_and_booked_once_when_it_is_asked_again(
    url: str, store: Store, way: str
) -> None:
    ledger = opened(store)
    with held(url, failing=["before", way]) as one:
        wanted = two_of_them(one)
        one.go(99)
        wait(one.told, one.told)
        assert one.said == ["ENGINE-023"] * 2

        assert [one.sequencer.post(some) for some in wanted] == [
            verdicts(ledger, some) for some in wanted
        ]

    assert stored(store) == balances(ledger)
    assert resum(store).findings == ()


def test_who_leads_no_more_learns_it_while_writing_and_tells_everybody(
    url: str, store: Store
) -> None:
    ledger = opened(store)
    with held(url) as one:
        wanted = two_of_them(one)
        with leading(url, Settings(now_ms=lambda: NOW + STILL.lease_ms)) as new:
            mine = posting(70)
            assert new.post([mine]) == [decide(ledger, mine)]
            one.go(99)
            wait(one.told, one.told)

            assert one.said == ["ENGINE-021"] * 2
            assert [new.post(some) for some in wanted] == [
                verdicts(ledger, some) for some in wanted
            ]

    assert stored(store) == balances(ledger)
    assert resum(store).findings == ()


def test_who_ends_while_writing_tells_first(url: str, store: Store) -> None:
    ledger = opened(store)
    with held(url) as one:
        wanted = two_of_them(one)
        one.go(99)
        one.sequencer.stop()

    assert one.said == [verdicts(ledger, some) for some in wanted]
    assert stored(store) == balances(ledger)
    assert not store.head().sequenced


@pytest.mark.parametrize("act", ["look up", "open"])
def test_the_database_is_asked_when_nothing_is_being_written(
    url: str, store: Store, act: str
) -> None:
    opened(store)
    old = [entry.posting for entry in store.entries(after=0, until=2)]
    with held(url, BESIDE._replace(most=1)) as one:
        asked = getattr(one.store, "known" if act == "look up" else "open_accounts")
        wrote: list[bool] = []

        def watched(*arguments: Any, **named: Any) -> Any:
            under_way = one.sequencer._under_way
            wrote.append(under_way is not None and not under_way.batch.done)
            return asked(*arguments, **named)

        setattr(one.store, asked.__name__, watched)
        reached, land = threading.Semaphore(0), one.sequencer._land

        def landing() -> None:
            reached.release()
            land()

        one.sequencer._land = one.sequencer._memory._wait = landing  # type: ignore[method-assign]
        first = [posting(60), posting(60)]
        one.ask(first)
        wait(one.begun, one.decided, reached)
        again: list[Callable[[], None]] = [
            lambda: one.ask(old),
            lambda: one.said.append(one.sequencer.open("late")),
        ]
        caller = threading.Thread(target=again[act == "open"])
        caller.start()
        wait(reached)
        one.go(99)
        wait(one.told)
        caller.join()
        one.sequencer.stop()

    assert one.said == [[0, 53], [0, 0] if act == "look up" else 7]
    assert wrote == [False]
    assert resum(store).findings == ()


def test_a_mistake_of_ours_leaves_nobody_waiting_for_what_is_written(
    url: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(store)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    with held(url) as one:
        first = [posting(60), posting(60)]
        one.ask(first)
        wait(one.begun, one.decided)
        one._decide = lambda *_: 1 // 0  # type: ignore[assignment]
        one.ask([posting(1), posting(1)])
        one.go()
        wait(one.told, one.told)

        assert one.said == ["ENGINE-023"] * 2
        assert refused_by(lambda: one.sequencer.post(first)) == "ENGINE-023"

    with leading(url, Settings(now_ms=lambda: NOW + STILL.lease_ms)) as new:
        assert new.post(first) == [0, 53]
    assert resum(store).findings == ()


@pytest.mark.parametrize("window", [4, 30, 1_000])
def test_many_batches_under_way_say_what_core_says(url: str, store: Store, window: int) -> None:
    ledger = opened(store)
    ledger.advance(NOW)
    chance = random.Random(window)  # noqa: S311 - a fixed sample
    wanted = at_random(chance, 400)
    said: list[int] = []

    def answer(some: Sequence[int] | None, _: RefusalError | None) -> None:
        said.extend(some or ())

    with leading(url, STILL._replace(many=2, most=9, window=window, few_accounts=3)) as sequencer:
        asked = 0
        while asked < len(wanted):
            more = chance.choice((1, 3, 8, 20))
            sequencer.enqueue(wanted[asked : asked + more], answer)
            asked += more

    assert said == verdicts(ledger, wanted)
    assert stored(store) == balances(ledger)
    assert resum(store).findings == ()

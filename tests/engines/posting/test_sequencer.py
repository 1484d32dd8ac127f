"""The sequencer says what core says, stores it before it says so, and leads alone."""

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest

from engines.posting.made_up import (
    BUYER,
    FUNDED,
    NOW,
    SELLER,
    at_random,
    balances,
    ending,
    opened,
    posting,
    stored,
    verdicts,
)
from engines.posting.test_stores import together
from refusals import refused_by
from stannary.core.custody.postings import RESERVE, Posting, decide
from stannary.core.kernel import RefusalError
from stannary.engines.posting import (
    Sequencer,
    Settings,
    Store,
    StoreUnavailableError,
    open_store,
    resum,
)

STILL = Settings(now_ms=lambda: NOW, linger_s=0)


@contextmanager
def leading(url: str, settings: Settings = STILL, *, end: bool = True) -> Iterator[Sequencer]:
    """A sequencer on a connection of its own, ended in order; or left as if it had been killed."""
    store = open_store(url)
    sequencer = Sequencer(store, holder="first", settings=settings)
    try:
        yield sequencer
    finally:
        if end:
            sequencer.stop()
        else:
            store.release = lambda **_: None  # type: ignore[method-assign]
            sequencer.stop()
        store.close()


@pytest.mark.parametrize(
    "settings",
    [
        STILL,
        STILL._replace(window=16, few_accounts=0),
        STILL._replace(window=40, few_accounts=3),
    ],
)
def test_a_sequencer_says_what_core_says_however_little_it_remembers(
    url: str, store: Store, settings: Settings
) -> None:
    ledger = opened(store)
    ledger.advance(NOW)
    chance = random.Random(7)  # noqa: S311 - a fixed sample
    wanted = at_random(chance, 900)

    with leading(url, settings) as sequencer:
        said: list[int] = []
        while len(said) < len(wanted):
            some = wanted[len(said) : len(said) + chance.choice((1, 3, 40))]
            said += sequencer.post(some)

    assert said == verdicts(ledger, wanted)
    assert stored(store) == balances(ledger)
    assert resum(store).findings == ()
    assert {0, 50, 51, 52, 53, 55, 56, 57, 58, 59} <= set(said)


@pytest.mark.parametrize("few", [0, 512])
def test_who_comes_after_a_killed_one_goes_on_where_it_was(
    url: str, store: Store, few: int
) -> None:
    ledger = opened(store)
    settings = STILL._replace(few_accounts=few)
    held = [posting(3, RESERVE) for _ in range(27)]
    with leading(url, settings, end=False) as sequencer:
        for one in held:
            assert sequencer.post([one]) == [decide(ledger, one)]
    assert store.head().sequenced
    assert (stored(store) == balances(ledger)) is bool(few)

    later = STILL._replace(now_ms=lambda: NOW + 1, few_accounts=few)
    wanted = [*held[:3], ending(held[0], 2), ending(held[1]), posting(1), *held[-3:]]
    with leading(url, later) as sequencer:
        assert sequencer.post(wanted) == verdicts(ledger, wanted)

    assert stored(store) == balances(ledger)
    assert resum(store).findings == ()


def test_simple_postings_are_chained_by_who_leads_next(url: str, store: Store) -> None:
    ledger = opened(store)

    with leading(url) as sequencer:
        one = posting(3)
        assert sequencer.post([one]) == [decide(ledger, one)]
        assert refused_by(lambda: store.post(posting(1), now_ms=NOW)) == "ENGINE-025"
        assert refused_by(lambda: store.open_accounts({"late": False})) == "ENGINE-025"
    two = posting(4)
    assert store.post(two, now_ms=NOW) == decide(ledger, two)

    assert [batch.size for batch, _ in store.batches()] == [5, 1]
    assert resum(store).findings == ()
    with leading(url):
        pass
    assert [batch.size for batch, _ in store.batches()] == [5, 1, 1]
    assert stored(store) == balances(ledger)
    assert resum(store).findings == ()


def test_an_acknowledgement_comes_after_the_commit(
    url: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(store)
    seen: list[bool] = []
    mine = open_store(url)
    write = mine.write
    done = threading.Event()
    wanted = [posting(1), posting(2)]

    def watched(*arguments: object, **named: object) -> None:
        assert not done.is_set()
        write(*arguments, **named)  # type: ignore[arg-type]

    def answer(said: Sequence[int] | None, _: RefusalError | None) -> None:
        seen.append(len(store.known([one.id for one in wanted])) == 2 and said == [0, 0])
        done.set()

    monkeypatch.setattr(mine, "write", watched)
    sequencer = Sequencer(mine, holder="first", settings=STILL)
    sequencer.enqueue(wanted, answer)

    assert done.wait(20)
    sequencer.stop()
    mine.close()
    assert seen == [True]


def test_two_that_begin_at_once_are_one_that_leads(url: str, store: Store) -> None:
    opened(store)
    leaders: list[Sequencer] = []
    refused: list[str | None] = []

    def begin() -> None:
        mine = open_store(url)
        code = refused_by(lambda: leaders.append(Sequencer(mine, holder="one", settings=STILL)))
        refused.append(code)
        if code:
            mine.close()

    together([begin] * 6)

    assert sorted(filter(None, refused)) == ["ENGINE-020"] * 5
    assert len(leaders) == 1
    assert leaders[0].post([posting(1)]) == [0]
    leaders[0].stop()


def test_an_old_leader_cannot_write_when_its_lease_ran_out(url: str, store: Store) -> None:
    ledger = opened(store)
    with leading(url) as old:
        assert old.post([posting(0)]) == [50]
        just_before = Settings(now_ms=lambda: NOW + STILL.lease_ms - 1)
        other = open_store(url)
        assert refused_by(lambda: Sequencer(other, holder="second", settings=just_before)) == (
            "ENGINE-020"
        )
        with leading(url, Settings(now_ms=lambda: NOW + STILL.lease_ms)) as new:
            one, two = posting(60), posting(60)
            assert new.post([one]) == [decide(ledger, one)]

            assert refused_by(lambda: old.post([two])) == "ENGINE-021"
            assert refused_by(lambda: old.post([two])) == "ENGINE-021"
            assert refused_by(lambda: old.open("late")) == "ENGINE-021"
            assert new.post([two]) == [decide(ledger, two)] == [53]
        other.close()

    assert stored(store) == balances(ledger)
    assert resum(store).findings == ()


def test_an_idle_leader_learns_that_another_one_leads(url: str, store: Store) -> None:
    opened(store)
    quick = STILL._replace(lease_ms=30)
    with leading(url, quick) as old, leading(url, Settings(now_ms=lambda: NOW + 60_000)):
        old._thread.join(20)

        assert old.deposed is not None
        assert old.deposed.rule.code == "ENGINE-021"


def test_a_clock_that_jumps_back_changes_no_order_and_revives_nothing(
    url: str, store: Store
) -> None:
    opened(store)
    clock = [NOW]
    held = posting(10, RESERVE)._replace(expires_at_ms=NOW + 10)
    with leading(url, Settings(now_ms=lambda: clock[0], linger_s=0), end=False) as sequencer:
        assert sequencer.post([held]) == [0]
        clock[0] = NOW + 10
        assert sequencer.post([posting(1)]) == [0]
        clock[0] = NOW - 3_600_000
        assert sequencer.post([ending(held, 10)]) == [58]
    with leading(url, Settings(now_ms=lambda: NOW - 3_600_000)) as sequencer:
        assert sequencer.post([ending(held, 10)]) == [58]
        assert sequencer.post([ending(held)]) == [0]

    times = [entry.at_ms for entry in store.entries(after=0)]
    assert times == sorted(times)
    assert resum(store).findings == ()


@pytest.mark.parametrize(("at_ms", "due"), [(NOW + 9, 0), (NOW + 10, 1), (NOW + 11, 2)])
def test_what_expired_is_released_once(url: str, store: Store, at_ms: int, due: int) -> None:
    opened(store)
    held = [
        posting(10, RESERVE)._replace(expires_at_ms=expires) for expires in (0, NOW + 10, NOW + 11)
    ]
    ended = posting(10, RESERVE)._replace(expires_at_ms=NOW + 5)
    with leading(url) as sequencer:
        assert sequencer.post([*held, ended, ending(ended)]) == [0] * 5
    with leading(url, Settings(now_ms=lambda: at_ms)) as sequencer:
        wanted = store.due(at_ms)
        assert [one.reservation for one in wanted] == [one.id for one in held[1 : 1 + due]]
        for _ in range(2):
            assert not wanted or sequencer.post(wanted) == [0] * due
        assert store.due(at_ms) == []
        assert sequencer.available(SELLER) == (FUNDED, 30 - 10 * due)
    assert resum(store).findings == ()


@pytest.mark.untraced
def test_sixteen_callers_never_overdraw_a_scarce_account(url: str, store: Store) -> None:
    opened(store)
    said: dict[Posting, int] = {}

    with leading(url, STILL._replace(linger_s=0.002)) as sequencer:

        def caller(seed: int) -> None:
            chance = random.Random(seed)  # noqa: S311 - a fixed sample
            for _ in range(15):
                some = [posting(chance.randint(1, 9), chance.choice((1, 2))) for _ in range(3)]
                said.update(zip(some, sequencer.post(some), strict=True))

        together([lambda seed=seed: caller(seed) for seed in range(16)])  # type: ignore[misc]

    assert resum(store).findings == ()
    assert {entry.posting: entry.verdict for entry in store.entries(after=5)} == said
    assert set(said.values()) == {0, 53}
    assert stored(store)[SELLER][0] - stored(store)[SELLER][1] == 0


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (list, "ENGINE-022"),
        (lambda: [posting(0)] * 8192, None),
        (lambda: [posting(0)] * 8193, "ENGINE-022"),
        (lambda: [posting(2**63 - 1)], None),
        (lambda: [posting(2**63)], "ENGINE-022"),
        (lambda: [posting(1, 255)], None),
        (lambda: [posting(1, 256)], "ENGINE-022"),
        (lambda: [posting(1)._replace(id=b"short")], "ENGINE-022"),
        (lambda: [posting(1)._replace(id=bytes(17))], "ENGINE-022"),
        (lambda: [posting(1)._replace(reservation=b"")], "ENGINE-022"),
        (lambda: [posting(1)._replace(source="name")], "ENGINE-022"),
    ],
)
def test_a_request_is_within_limits(
    url: str, store: Store, wanted: Callable[[], list[Posting]], code: str | None
) -> None:
    opened(store)
    with leading(url) as sequencer:
        assert refused_by(lambda: sequencer.post(wanted())) == code
        assert sequencer.post([posting(1)]) == [0]


def test_an_account_is_opened_through_the_leader(url: str, store: Store) -> None:
    opened(store)
    with leading(url) as sequencer:
        assert sequencer.open("late") == sequencer.open("late") == 7
        assert refused_by(lambda: sequencer.open("late", source=True)) == "CUSTODY-061"
        assert sequencer.post([posting(1, target=7), posting(2, source=7)]) == [0, 53]
        assert sequencer.available(7) == (1, 0)
        assert sequencer.available(8) is None


def test_after_the_end_nothing_is_taken(url: str, store: Store) -> None:
    opened(store)
    with leading(url) as sequencer:
        pass

    assert refused_by(lambda: sequencer.post([posting(1)])) == "ENGINE-021"


def failing(store: Store, times: int, *, stored_first: bool) -> None:
    """Let the next writes fail: before they are stored, or after, with the answer lost."""
    write, left = store.write, [times]

    def broken(*arguments: object, **named: object) -> None:
        if left[0] and stored_first:
            write(*arguments, **named)  # type: ignore[arg-type]
        if left[0]:
            left[0] -= 1
            raise StoreUnavailableError("the line is dead")
        write(*arguments, **named)  # type: ignore[arg-type]

    store.write = broken  # type: ignore[method-assign]


@pytest.mark.parametrize("stored_first", [True, False])
@pytest.mark.parametrize(("times", "code"), [(1, None), (2, "ENGINE-023"), (3, "ENGINE-023")])
def test_what_may_not_be_stored_is_asked_again_and_booked_once(
    url: str, store: Store, times: int, code: str | None, stored_first: bool
) -> None:
    ledger = opened(store)
    mine = open_store(url)
    sequencer = Sequencer(mine, holder="first", settings=STILL)
    wanted = [posting(60), posting(60)]
    failing(mine, times, stored_first=stored_first)
    if stored_first and times > 1:
        code = None  # the second try finds them stored, and writes nothing

    assert refused_by(lambda: sequencer.post(wanted)) == code
    assert sequencer.post([wanted[0]]) == [0]
    assert sequencer.post(wanted) == verdicts(ledger, wanted) == [0, 53]

    sequencer.stop()
    mine.close()
    assert stored(store) == balances(ledger)
    assert resum(store).findings == ()


def test_what_was_decided_and_never_stored_is_never_acknowledged(url: str, store: Store) -> None:
    ledger = opened(store)
    mine = open_store(url)
    sequencer = Sequencer(mine, holder="first", settings=STILL._replace(patience_s=0.0))
    first = posting(10)
    assert sequencer.post([first]) == [decide(ledger, first)]
    away = [True]
    acquire, wanted = mine.acquire, [posting(60), posting(60)]
    failing(mine, 1, stored_first=False)

    def gone(**named: object) -> object:
        if away[0]:
            raise StoreUnavailableError("nobody answers")
        return acquire(**named)  # type: ignore[arg-type]

    mine.acquire = gone  # type: ignore[method-assign, assignment]
    for _ in range(3):
        assert refused_by(lambda: sequencer.post(wanted)) == "ENGINE-023"
        assert refused_by(lambda: sequencer.open("late")) == "ENGINE-023"
    assert store.known([one.id for one in wanted]) == []
    away[0] = False

    assert sequencer.post(wanted) == verdicts(ledger, wanted) == [0, 53]
    sequencer.stop()
    mine.close()
    assert stored(store) == balances(ledger)
    assert resum(store).findings == ()


def test_who_ends_unsure_writes_no_balances(url: str, store: Store) -> None:
    ledger = opened(store)
    mine = open_store(url)
    sequencer = Sequencer(mine, holder="first", settings=STILL._replace(patience_s=0.0))
    failing(mine, 9, stored_first=False)
    assert refused_by(lambda: sequencer.post([posting(60)])) == "ENGINE-023"
    sequencer.stop()
    mine.close()

    assert stored(store) == balances(ledger)
    assert resum(store).findings == ()


def test_a_database_that_says_something_else_stops_the_leader(url: str, store: Store) -> None:
    opened(store)
    with leading(url) as sequencer:
        sequencer._memory.ledger.accounts[SELLER].least = -10 * FUNDED

        assert refused_by(lambda: sequencer.post([posting(2 * FUNDED)])) == "ENGINE-024"
        assert refused_by(lambda: sequencer.post([posting(1)])) == "ENGINE-024"
    assert stored(store)[BUYER] == (FUNDED, 0)


def test_a_mistake_of_ours_leaves_nobody_waiting(
    url: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(store)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    with leading(url) as sequencer:
        monkeypatch.setattr(sequencer._memory, "decide", lambda *_: 1 // 0)

        assert refused_by(lambda: sequencer.post([posting(1)])) == "ENGINE-023"
        sequencer._thread.join(20)
        assert refused_by(lambda: sequencer.post([posting(1)])) == "ENGINE-023"


def test_a_mistake_of_ours_leaves_nobody_waiting_for_an_account(
    url: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(store)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    with leading(url) as sequencer:
        monkeypatch.setattr(sequencer._store, "open_accounts", lambda *_, **__: 1 // 0)

        assert refused_by(lambda: sequencer.open("late")) == "ENGINE-023"
        sequencer._thread.join(20)
        assert refused_by(lambda: sequencer.open("late")) == "ENGINE-023"


def test_a_replay_with_another_verdict_stops_the_next_leader(url: str, store: Store) -> None:
    opened(store)
    with leading(url, STILL._replace(few_accounts=0), end=False) as sequencer:
        sequencer.post([posting(1)])
    store.close()
    other = open_store(url)
    with other.transaction():
        other.count("UPDATE custody_posting SET verdict = 53 WHERE seq = 6")

    with pytest.raises(Exception, match="posting 6 is stored with verdict 53"):
        Sequencer(other, holder="second", settings=STILL)
    other.close()

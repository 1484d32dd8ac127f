"""The simple path: one posting, one transaction, the verdict of core; on both databases."""

import random
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from engines.posting.made_up import (
    BUYER,
    FUNDED,
    NOW,
    SELLER,
    SOURCE,
    at_random,
    balances,
    ending,
    identity,
    opened,
    posting,
    stored,
    verdicts,
)
from refusals import refused_by
from stannary.core.custody.postings import MOST, RESERVE, Posting, decide
from stannary.engines.posting import Store, open_store, resum

WRITERS = 16


def test_the_tables_are_made_once(store: Store) -> None:
    ledger = opened(store)

    store.create()

    assert stored(store) == balances(ledger)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_simple_path_says_what_core_says(store: Store, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a fixed sample
    ledger = opened(store)
    ledger.advance(NOW)

    for one in at_random(chance, 250):
        assert store.post(one, now_ms=NOW) == decide(ledger, one), one

    assert stored(store) == balances(ledger)
    assert resum(store).findings == ()


def test_a_posting_at_the_edge_of_64_bits_is_decided_as_core_does(store: Store) -> None:
    ledger = opened(store)
    issued = sum(one.balance for key, one in ledger.accounts.items() if key != SOURCE)
    wanted = [
        posting(MOST, source=SOURCE),
        posting(MOST - FUNDED + 1, source=SOURCE),
        posting(MOST - issued, source=SOURCE),
        posting(MOST - issued, source=SOURCE, target=SELLER),
        posting(1, source=SOURCE),
        posting(MOST + 1),
        posting(-1),
    ]

    assert [store.post(one, now_ms=NOW) for one in wanted] == verdicts(ledger, wanted)
    assert stored(store) == balances(ledger)


def test_time_does_not_go_back_for_a_reservation(store: Store) -> None:
    opened(store)
    held = posting(10, RESERVE)._replace(expires_at_ms=NOW + 10)
    assert store.post(held, now_ms=NOW) == 0
    assert store.post(posting(FUNDED, RESERVE), now_ms=NOW + 10) == 53

    assert store.post(ending(held, 10), now_ms=NOW - 1) == 58
    assert store.post(ending(held), now_ms=NOW - 1) == 0


def together(acts: list[Callable[[], None]]) -> None:
    """Do all of this at the same time."""
    failed: list[BaseException] = []

    def guarded(act: Callable[[], None]) -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001 - raised again below, in the test's thread
            failed.append(error)

    threads = [threading.Thread(target=guarded, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if failed:
        raise failed[0]


@pytest.mark.untraced
def test_sixteen_writers_never_overdraw_scarce_accounts(url: str, store: Store) -> None:
    opened(store)
    said: list[tuple[Posting, int]] = []

    def writer(seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - a fixed sample
        mine = open_store(url)
        for _ in range(20):
            source, target = chance.sample(range(2, 7), k=2)
            kind = chance.choice((1, 1, 2))
            one = posting(chance.randint(30, 90), kind, source, target)
            said.append((one, mine.post(one, now_ms=NOW)))
        mine.close()

    together([lambda seed=seed: writer(seed) for seed in range(WRITERS)])  # type: ignore[misc]

    counted = resum(store)
    assert counted.findings == ()
    assert {entry.posting: entry.verdict for entry in store.entries(after=5)} == dict(said)
    assert {verdict for _, verdict in said} == {0, 53}


@pytest.mark.untraced
def test_two_writers_with_one_id_get_one_posting(url: str, store: Store) -> None:
    opened(store)
    same = [posting(1) for _ in range(10)]
    said: list[int] = []

    def writer() -> None:
        mine = open_store(url)
        said.extend(mine.post(one, now_ms=NOW) for one in same)
        mine.close()

    together([writer] * 4)

    assert said == [0] * 40
    assert stored(store)[BUYER] == (FUNDED + 10, 0)


AGAIN = (
    "INSERT INTO custody_posting SELECT 99, ID, kind, source, target, amount, reservation,"
    " expires_at_ms, at_ms, verdict FROM custody_posting"
)
ACCOUNT = "UPDATE custody_posting_account SET"


@pytest.mark.parametrize(
    "statement",
    [
        f"{ACCOUNT} balance = -1 WHERE number = 2",
        f"{ACCOUNT} reserved = {FUNDED + 1} WHERE number = 2",
        f"{ACCOUNT} reserved = -1 WHERE number = 1",
        f"{ACCOUNT} balance = {MOST + 1} WHERE number = 2",
        f"{AGAIN} WHERE seq = 1".replace("ID", "id"),
        "UPDATE custody_posting SET amount = 0",
        "UPDATE custody_posting_head SET one = 2",
        "UPDATE custody_posting_head SET checkpoint_seq = 1",
    ],
)
def test_the_database_is_a_second_fence(url: str, store: Store, statement: str) -> None:
    opened(store)

    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
        directly(url, statement)


def directly(url: str, statement: str) -> None:
    """Change the database past the engine."""
    if url.startswith("sqlite"):
        base = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        try:
            base.execute(statement)
        finally:
            base.close()
    else:
        with psycopg.connect(url, autocommit=True) as other:
            other.execute(statement.encode())


def test_a_reservation_ends_once_in_the_database_too(url: str, store: Store) -> None:
    opened(store)
    held = posting(10, RESERVE)
    assert [store.post(one, now_ms=NOW) for one in (held, ending(held, 4))] == [0, 0]
    again = "X'" + identity().hex() + "'" if url.startswith("sqlite") else f"'{identity().hex()}'"

    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
        directly(url, f"{AGAIN} WHERE kind = 3".replace("ID", again))


def test_an_account_is_opened_once(store: Store) -> None:
    opened(store)

    assert store.open_accounts({"account-2": False, "new": False}) == [SELLER, 7]
    assert store.numbers(["new", "source", "nobody"]) == {"new": 7, "source": SOURCE}
    assert refused_by(lambda: store.open_accounts({"source": False})) == "CUSTODY-061"


@pytest.mark.parametrize("address", ["mysql://host/x", "sqlite:memory", ""])
def test_another_kind_of_database_is_refused(address: str) -> None:
    assert refused_by(lambda: open_store(address)) == "ENGINE-003"


def test_a_relative_path_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    open_store("sqlite:///here.sqlite3").close()

    assert (tmp_path / "here.sqlite3").exists()

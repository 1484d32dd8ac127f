"""The ledger of postings lies in the database of the register, and is counted again by a command."""

import io
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django.fixtures import Settings

from stannary.core.custody.postings import POST, RESERVE, Posting, posting_id
from stannary.engines.posting import Sequencer, Store, postgresql, schema
from stannary.engines.posting.service import Client
from stannary.engines.posting.sqlite import SqliteStore
from stannary.web.custody import keeping_tasks, ledger
from stannary.web.custody.management.commands.postings import Command


@pytest.mark.django_db
def test_migrations_make_the_ledger_with_nothing_in_it() -> None:
    assert set(schema.TABLES) <= set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute("SELECT token, sequenced, seq FROM custody_posting_head")
        assert cursor.fetchall() == [(0, 0, 0)]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A ledger that the command takes for that of the register."""
    place = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "ledger.sqlite3")}
    one = ledger.store_of(place)
    one.create()
    monkeypatch.setattr(ledger, "store_of", lambda _: SqliteStore(tmp_path / "ledger.sqlite3"))
    yield one
    one.close()


def counted() -> str:
    """What the command says."""
    said = io.StringIO()
    call_command("resum", stdout=said, stderr=said)
    return said.getvalue()


def test_a_command_counts_the_ledger_again(store: Store) -> None:
    mine, smelter = store.open_accounts({"mine": True, "smelter": False})
    one = Posting(posting_id(at_ms=1, entropy=1), POST, mine, smelter, 500)
    assert store.post(one, now_ms=1) == 0

    assert counted().startswith("1 postings in 0 batches agree; chained up to 00")


def test_the_command_says_what_does_not_agree(store: Store) -> None:
    store.open_accounts({"smelter": False})
    with store.transaction():
        store.count("UPDATE custody_posting_account SET balance = 1")

    with pytest.raises(CommandError, match=r"^1 findings$"):
        counted()


def test_the_ledger_is_on_the_server_of_the_register(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "PostgresqlStore", lambda url: url)
    place = {"ENGINE": "django.db.backends.postgresql", "NAME": "register", "USER": "it's me",
             "PASSWORD": "", "HOST": "db.example", "PORT": 5433}  # fmt: skip

    assert str(ledger.store_of(place)) == (
        r"dbname=register user='it\'s me' host=db.example port=5433"
    )


RESERVED = Posting(
    posting_id(at_ms=1, entropy=2), RESERVE, 1, 2, 500, expires_at_ms=1_000
)  # fmt: skip


@pytest.mark.parametrize(("at_ms", "released"), [(999, 0), (1_000, 1), (1_001, 1)])
@pytest.mark.django_db
def test_what_expired_is_released_once(store: Store, at_ms: int, released: int) -> None:
    mine, smelter = store.open_accounts({"mine": True, "smelter": False})
    held = RESERVED._replace(source=mine, target=smelter)
    assert store.post(held, now_ms=1) == 0

    assert ledger.something_is_due(2_000) is False  # that of the register is another one
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "something_is_due", lambda _: True)
        assert ledger.release_due(at_ms=at_ms) == released
        assert ledger.release_due(at_ms=at_ms) == 0


def test_while_a_sequencer_leads_it_releases(store: Store, tmp_path: Path) -> None:
    mine, smelter = store.open_accounts({"mine": True, "smelter": False})
    assert store.post(RESERVED._replace(source=mine, target=smelter), now_ms=1) == 0
    other = SqliteStore(tmp_path / "ledger.sqlite3")
    sequencer = Sequencer(other, holder="a test")
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ledger, "something_is_due", lambda _: True)
            assert ledger.release_due(at_ms=2_000) == 0
        assert ledger.release_through(sequencer, store, at_ms=2_000) == 1
        assert ledger.release_through(sequencer, store, at_ms=2_000) == 0
    finally:
        sequencer.stop()


@pytest.mark.django_db
def test_it_is_looked_for_with_every_tick() -> None:
    keeping_tasks.release_postings.call()  # nothing is reserved: no second connection is opened


def test_one_process_leads_and_ends_in_order(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    mine, smelter = store.open_accounts({"mine": True, "smelter": False})
    one = Posting(posting_id(at_ms=1, entropy=1), POST, mine, smelter, 500)
    found: list[list[int]] = []
    asking: list[threading.Thread] = []

    def ready(stop: Callable[[], None]) -> None:
        def ask() -> None:
            try:
                client = Client(ledger.socket_path())
                found.append(client.post([one]))
                with pytest.raises(CommandError, match="ENGINE-020"):
                    call_command("postings", "serve")
                client.close()
            finally:
                stop()

        asking.append(threading.Thread(target=ask))
        asking[0].start()

    ledger.lead(ready)
    asking[0].join()

    assert found == [[0]]
    assert counted().startswith("1 postings in 1 batches agree")


def test_the_command_stops_when_it_is_asked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    handlers: dict[int, Callable[..., None]] = {}
    monkeypatch.setattr(signal, "signal", handlers.__setitem__)
    stopped: list[str] = []
    said = io.StringIO()

    Command(stdout=said).ready(lambda: stopped.append("stopped"))

    handlers[signal.SIGTERM](signal.SIGTERM, None)
    assert stopped == ["stopped"]
    assert said.getvalue().startswith("leads the ledger; listens at ")

"""The ledger of postings lies in the database of the register, and is counted again by a command."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from stannary.core.custody.postings import POST, Posting, posting_id
from stannary.engines.posting import Store, postgresql, schema
from stannary.engines.posting.sqlite import SqliteStore
from stannary.web.custody.management.commands import resum


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
    one = resum.store_of(place)
    one.create()
    monkeypatch.setattr(resum, "store_of", lambda _: SqliteStore(tmp_path / "ledger.sqlite3"))
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

    assert str(resum.store_of(place)) == (
        r"dbname=register user='it\'s me' host=db.example port=5433"
    )

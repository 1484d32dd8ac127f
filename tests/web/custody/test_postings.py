"""The ledger of postings lies in the database of the register, and is counted again by a command."""

import io
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from stannary.core.custody.postings import POST, Posting, posting_id
from stannary.engines.posting import Store, schema
from stannary.web.custody.management.commands.resum import store_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store() -> Iterator[Store]:
    """The ledger of the register, left empty."""
    one = store_of(settings.DATABASES["default"])
    yield one
    with one.transaction():
        for table in schema.TABLES:
            one.count(f"DELETE FROM {table}")  # noqa: S608 - our own tables
        one.count(schema.statements(one.vendor)[-1 if one.vendor == "sqlite" else -2])
    one.close()


def counted() -> str:
    """What the command says."""
    said = io.StringIO()
    call_command("resum", stdout=said, stderr=said)
    return said.getvalue()


def test_migrations_make_the_ledger_and_a_command_counts_it_again(store: Store) -> None:
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

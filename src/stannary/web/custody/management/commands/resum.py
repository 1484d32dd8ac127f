"""The command that counts the ledger of postings again."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from stannary.engines.posting import Store, resum
from stannary.engines.posting.sqlite import SqliteStore


class Command(BaseCommand):
    """Decides every posting again, and compares; meant to run every night."""

    help = "Decide every posting of the ledger again, and compare balances, sums and the chain of batches."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Count, and end with an error if anything does not agree."""
        store = store_of(settings.DATABASES["default"])
        try:
            counted = resum(store)
        finally:
            store.close()
        for finding in counted.findings:
            self.stderr.write(finding.message)
        if counted.findings:
            raise CommandError(f"{len(counted.findings)} findings")
        self.stdout.write(
            f"{counted.postings} postings in {counted.batches} batches agree;"
            f" chained up to {counted.head.hash.hex()}"
        )


def store_of(database: dict[str, Any]) -> Store:
    """Open the ledger in the database of the register, on a connection of its own."""
    if "sqlite" in database["ENGINE"]:
        return SqliteStore(Path(database["NAME"]))
    words = {
        "dbname": "NAME",
        "user": "USER",
        "password": "PASSWORD",
        "host": "HOST",
        "port": "PORT",
    }
    given = {word: str(database[name]) for word, name in words.items() if database.get(name)}
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415 - of the extra postgres

    from stannary.engines.posting.postgresql import PostgresqlStore  # noqa: PLC0415

    return PostgresqlStore(make_conninfo(**given))

"""The command that counts the ledger of postings again."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from stannary.engines.posting import resum
from stannary.web.custody import ledger


class Command(BaseCommand):
    """Decides every posting again, and compares; meant to run every night."""

    help = "Decide every posting of the ledger again, and compare balances, sums and the chain of batches."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Count, and end with an error if anything does not agree."""
        store = ledger.store_of(settings.DATABASES["default"])
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

"""The command that leads the ledger: one process decides postings, many at a time."""

import signal
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from stannary.core.kernel import RefusalError
from stannary.web.custody import ledger


class Command(BaseCommand):
    """Takes the lead, answers over a socket, and releases reservations that expired, until stopped."""

    help = "Lead the ledger of postings over a socket until stopped with Ctrl-C or SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        """Leave room for other acts."""
        parser.add_argument("act", choices=["serve"])

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Serve; end with an error if another one leads, or takes the lead."""
        try:
            ledger.lead(self.ready)
        except RefusalError as refusal:
            raise CommandError(str(refusal)) from refusal

    def ready(self, stop: Callable[[], None]) -> None:
        """Say that it leads, and stop when asked to."""
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, lambda *_: stop())
        self.stdout.write(f"leads the ledger; listens at {ledger.socket_path()}")
        self.stdout.flush()

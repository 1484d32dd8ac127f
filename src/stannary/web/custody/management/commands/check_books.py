"""The command that replays all movements and compares them with the books."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from stannary.web.custody.state import checks


class Command(BaseCommand):
    """Does by hand what a worker does every night."""

    help = "Replay all movements from the first one, and compare them with the state of the books."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Compare, and end with an error if anything differs."""
        found = checks.check(now=timezone.now())
        if found is None:
            self.stdout.write("nothing is booked")
        elif found.differences:
            raise CommandError(f"{found.differences} differences: {found.found}")
        else:
            self.stdout.write(f"{found.movements} movements agree; log {found.log_sha256}")

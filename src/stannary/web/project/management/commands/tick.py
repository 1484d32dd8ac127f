"""Look now for what is due by itself: what a worker does every few minutes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from stannary.web.project import schedule


class Command(BaseCommand):
    """Queues due jobs; a worker does them."""

    help = "Queue what is due: reminders, mail that waits. Calling it again does nothing twice."

    def add_arguments(self, parser: CommandParser) -> None:
        """Let somebody not wait for the minutes."""
        parser.add_argument("--now", action="store_true", help="even if it was done just before")

    def handle(self, *_args: Any, now: bool = False, **_options: Any) -> None:
        """Tick."""
        done = schedule.tick(now=timezone.now(), force=now)
        self.stdout.write("queued what is due" if done else "done in the last minutes already")

"""The command that clears old idempotency keys away."""

import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from stannary.web.parties import operations

DAYS = 30


class Command(BaseCommand):
    """Forgets what was answered under keys that are old."""

    help = "Forget the Idempotency-Keys, and what was answered under them, that are older than so many days."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the age."""
        parser.add_argument("--days", type=int, default=DAYS, help="default: %(default)s")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Forget them and say how many they were."""
        before = timezone.now() - datetime.timedelta(days=options["days"])
        self.stdout.write(f"{operations.forget_answers(before=before)} keys forgotten")

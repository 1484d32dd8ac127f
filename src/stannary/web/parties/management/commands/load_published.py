"""Load the published facts about real sites."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from stannary.core.kernel import RefusalError
from stannary.web.parties.operations import load_published
from stannary.web.parties.published import PUBLISHED


class Command(BaseCommand):
    """Brings sites, facts and figures to what the files say."""

    help = "Load published facts; calling it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take another folder than the one that comes with the program."""
        parser.add_argument("--folder", type=Path, default=PUBLISHED)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load, and say what changed."""
        try:
            loaded = load_published(folder=options["folder"])
        except RefusalError as refusal:
            raise CommandError("\n".join(finding.message for finding in refusal.findings)) from None
        self.stdout.write(
            f"published facts: {len(loaded.added)} sites added, {len(loaded.changed)} changed, "
            f"{loaded.unchanged} unchanged, {loaded.figures} figures"
        )
        if loaded.gone:
            self.stdout.write(f"no longer in the files, and kept: {', '.join(loaded.gone)}")

"""Load crosswalks."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from stannary.core.kernel import RefusalError
from stannary.formats.crosswalks import shipped_crosswalks
from stannary.web.crosswalks.operations import load_crosswalks


class Command(BaseCommand):
    """Brings the stored crosswalks to what their files say."""

    help = "Load the shipped crosswalks, after the packs; calling it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take crosswalks beside the shipped ones: between packs that a user owns, for example."""
        parser.add_argument("files", nargs="*", help="further crosswalks, TOML or CSV")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load, and say what changed."""
        try:
            further = [Path(name) for name in options["files"]]
            loaded = load_crosswalks(files=[*shipped_crosswalks(), *further])
        except RefusalError as refusal:
            raise CommandError("\n".join(finding.message for finding in refusal.findings)) from None
        self.stdout.write(
            f"crosswalks: {len(loaded.added)} added, {len(loaded.changed)} changed, {len(loaded.unchanged)} unchanged"
        )

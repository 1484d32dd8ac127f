"""Load the packs of standards."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from stannary.core.kernel import RefusalError
from stannary.formats.packs import find_pack, shipped_packs
from stannary.web.standards.operations import load_packs


class Command(BaseCommand):
    """Brings the stored editions to what the shipped packs say."""

    help = (
        "Load the shipped packs; calling it again changes nothing, what is in force never changes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take packs beside the shipped ones: an official text that a user owns, for example."""
        parser.add_argument("folders", nargs="*", help="folders of further packs")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load, and say what changed."""
        try:
            further = [find_pack(folder) for folder in options["folders"]]
            loaded = load_packs(folders=[*shipped_packs(), *further])
        except RefusalError as refusal:
            raise CommandError("\n".join(finding.message for finding in refusal.findings)) from None
        self.stdout.write(
            f"standards: {len(loaded.added)} added, {len(loaded.changed)} changed, {len(loaded.unchanged)} unchanged"
        )

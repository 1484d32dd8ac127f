"""Load the packs of standards."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from stannary.core.kernel import RefusalError
from stannary.web.standards.operations import load_packs


class Command(BaseCommand):
    """Brings the stored editions to what the shipped packs say."""

    help = (
        "Load the shipped packs; calling it again changes nothing, what is in force never changes."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Load, and say what changed."""
        try:
            loaded = load_packs()
        except RefusalError as refusal:
            raise CommandError("\n".join(finding.message for finding in refusal.findings)) from None
        self.stdout.write(
            f"standards: {len(loaded.added)} added, {len(loaded.changed)} changed, {len(loaded.unchanged)} unchanged"
        )

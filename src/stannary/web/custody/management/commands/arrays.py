"""The command that brings the arrays up to the book, compares them with it, or writes them anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from stannary.web.custody import tracing


class Command(BaseCommand):
    """Follows the book; with --check, compares every row; with --rebuild, begins again."""

    help = "Bring the copy of the book that traces material up to date, check it, or write it anew."

    def add_arguments(self, parser: CommandParser) -> None:
        """Tell what to do."""
        parser.add_argument("--check", action="store_true", help="compare with the book")
        parser.add_argument("--rebuild", action="store_true", help="write anew from the book")

    def handle(self, *_args: Any, check: bool, rebuild: bool, **_options: Any) -> None:
        """Do it, and end with an error if something differed."""
        if not tracing.is_used():
            raise CommandError("the arrays are not installed, or STANNARY_PROVENANCE is exact")
        from stannary.web.custody.tracing import kept  # noqa: PLC0415 - of the extra analytics

        if rebuild:
            kept.again()
        differs = kept.check() if check else ""
        if differs:
            raise CommandError(
                f"the arrays differed from the book in {differs}; they are written anew"
            )
        told = kept.follow()
        self.stdout.write(f"{kept.size()} lots; " + ("all is told" if told else "not all is told"))

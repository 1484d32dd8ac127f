"""Looks after the files of evidence: manage evidence check."""

import os
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from stannary.web.evidence import files, queries


class Command(BaseCommand):
    """Compares what lies in the folder with what rows name, by digest."""

    help = "check: list files of evidence that are missing, changed or named by no row."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what is to be done."""
        parser.add_argument("act", choices=["check"])

    def handle(self, *_args: Any, **_options: Any) -> None:
        """List what is wrong; exit with an error if a file that is named is missing or changed."""
        named = queries.named_digests()
        found = dict(_found())
        damaged = [digest for digest in sorted(named) if found.get(digest) != "whole"]
        for digest in damaged:
            self.stdout.write(f"{found.get(digest, 'missing'):8} {digest}")
        orphans = sorted(found.keys() - named.keys())
        for name in orphans:
            self.stdout.write(f"orphan   {name}")
        self.stdout.write(
            f"{len(named)} files named, {len(damaged)} of them missing or changed, "
            f"{len(orphans)} orphans"
        )
        if damaged:
            raise CommandError("files of evidence are missing or changed: restore them")


def _found() -> Iterator[tuple[str, str]]:
    """Give each file in the folder with "whole" or "changed"; strays by their path."""
    for path in files.kept():
        if not files.is_named_by_digest(path):
            yield os.fspath(path.relative_to(files.folder())), "stray"
        else:
            yield path.name, "whole" if files.digest_of(path) == path.name else "changed"

"""Make the database ready: tables, packs, crosswalks, published facts, demonstration, collected files."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Runs each step in order; every step can be repeated."""

    help = "Make the database and the static files ready to serve."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run the steps."""
        call_command("migrate", verbosity=0)
        call_command("load_packs")
        call_command("load_crosswalks")
        call_command("load_published")
        call_command("demo")
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)

"""Send the mail that waits, because the mail server was away or the program was stopped."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from stannary.web.project.mail import deliver_waiting


class Command(BaseCommand):
    """Tries every mail that waits once more."""

    help = "Send the mail that waits in STANNARY_HOME/mail/waiting."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Send, and say how many were sent and how many wait on."""
        sent, waiting = deliver_waiting()
        self.stdout.write(f"{sent} sent, {waiting} waiting")
        if waiting:
            raise CommandError("the mail server does not take them; see the lines above")

"""Make the account of the first person of a secretariat; everybody else is invited by them."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext

from stannary.core.kernel import RefusalError
from stannary.web.parties.models import Organisation, Role
from stannary.web.parties.operations import ensure_organisation, invite


class Command(BaseCommand):
    """Invites somebody in the name of whoever has the shell of the server."""

    help = "Invite somebody to the secretariat: invite_secretariat ada ada@example.org 'Our Scheme'"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for name, address and scheme."""
        parser.add_argument("username", help="the name to sign in with")
        parser.add_argument("email", help="where the link to set a password goes")
        parser.add_argument("scheme", help="name of the scheme; it is made if it is not there yet")
        parser.add_argument(
            "--language", default="en", choices=[code for code, _ in settings.LANGUAGES]
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make scheme and account, and say where the link is."""
        scheme = ensure_organisation(
            name=options["scheme"], kind=Organisation.Kind.SCHEME, illustrative=False
        )
        try:
            person = invite(
                actor=None,
                username=options["username"],
                first_name="",
                last_name="",
                email=options["email"],
                kind=Role.Kind.SECRETARIAT,
                organisation=scheme,
                language=options["language"],
            )
        except RefusalError as refusal:
            first = refusal.findings[0]
            raise CommandError(
                f"{first.code}: {gettext(first.rule.demand)} {gettext(first.rule.remedy)}"
            ) from refusal
        self.stdout.write(f"{person.username} is invited; the link went to {person.email}.")
        if settings.SMTP is None:
            self.stdout.write(f"There is no mail server, so it is in {settings.MAIL_FOLDER}.")

"""What happens when somebody sets up a second factor, or uses a link from a mail."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import password_reset
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils.translation import get_language

from stannary.web.parties.models import Person
from stannary.web.parties.operations import confirm_only_address, note_language


def on_factor_added(
    request: HttpRequest, user: Person, authenticator: Authenticator, **_more: Any
) -> None:
    """Remember that this session has just shown the factor that it set up."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(
            request, user, "mfa", id=authenticator.pk, type=str(authenticator.type)
        )


def on_password_set_by_link(user: Person, **_more: Any) -> None:
    """Take the address as confirmed to which the link went."""
    confirm_only_address(person=user)


def on_signed_in(user: Person, **_more: Any) -> None:
    """Remember the language that somebody reads, for the mail that they get."""
    note_language(person=user, language=get_language() or "en")


def connect() -> None:
    """Begin to listen."""
    user_logged_in.connect(on_signed_in, dispatch_uid="accounts.signed_in")
    authenticator_added.connect(on_factor_added, dispatch_uid="accounts.factor_added")
    password_reset.connect(on_password_set_by_link, dispatch_uid="accounts.password_set")

"""The part of a one-time link that cannot be guessed, and how long a link holds."""

import datetime

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.http import base36_to_int

from stannary.web.parties.models import Person

RESET_HOLDS = datetime.timedelta(hours=2)
"""How long a link to a forgotten password holds: mail is slow now and then, and read by others."""

INVITATION_HOLDS = datetime.timedelta(days=7)
"""How long the first link of an account holds: people are on leave."""


class LinkTokens(PasswordResetTokenGenerator):
    """Makes and checks tokens.

    A token holds until a password is set, somebody signs in, an address of the account changes, or
    its time is over. The server keeps nothing of it.
    """

    def _make_hash_value(self, user: Person, timestamp: int) -> str:
        addresses = Person.objects.filter(pk=user.pk).values_list("emailaddress__email", flat=True)
        known = sorted(address for address in addresses if address)
        return f"{super()._make_hash_value(user, timestamp)}{'|'.join(known)}"

    def check_token(self, user: Person | None, token: str | None) -> bool:
        """Tell whether a token is this person's, unused, and not too old. The end is included."""
        if user is None or not user.is_active or not super().check_token(user, token):
            return False
        made_at = base36_to_int(str(token).partition("-")[0])
        holds = RESET_HOLDS if user.has_usable_password() else INVITATION_HOLDS
        return self._num_seconds(self._now()) - made_at <= holds.total_seconds()

"""Who sits behind a session, and whether a second factor is asked of them: in one query."""

from allauth.account.auth_backends import AuthenticationBackend

from stannary.web.accounts import queries
from stannary.web.parties.models import Person


class Backend(AuthenticationBackend):  # type: ignore[misc] # the library has no types
    """Signs in by name or address, and loads a person with what the gate has to know."""

    def get_user(self, user_id: int) -> Person | None:
        """Give the person of a session; None if there is none any more, or the account is closed."""
        person = queries.with_second_factor().filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None

"""Mail about an account: the link to set the first password, and what the secretariat did to it."""

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from stannary.web.parties.models import Person
from stannary.web.parties.tokens import INVITATION_HOLDS, LinkTokens


def link_for(person: Person) -> str:
    """Make a link by which this person sets a password, in the language that is spoken now."""
    token = LinkTokens().make_token(person)
    parts = {"uidb36": user_pk_to_url_str(person), "key": token}
    return settings.ORIGIN + reverse("account_reset_password_from_key", kwargs=parts)


def send_invitation(person: Person, *, language: str) -> None:
    """Mail somebody the link by which they set their first password."""
    with translation.override(language):
        _send("invitation", person, link=link_for(person), days=INVITATION_HOLDS.days)


def send_factors_removed(person: Person) -> None:
    """Mail somebody that the secretariat removed their second factors."""
    _send("factors_removed", person)


def _send(name: str, person: Person, **facts: object) -> None:
    shown = {"person": person, **facts}
    subject = render_to_string(f"parties/email/{name}_subject.txt", shown).strip()
    body = render_to_string(f"parties/email/{name}_message.txt", shown).strip() + "\n"
    EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [person.email]).send()

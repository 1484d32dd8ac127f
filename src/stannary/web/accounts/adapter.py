"""What we do otherwise than the library for accounts: addresses, limits, secrets, passkeys."""

import ipaddress
import time
from typing import Any
from urllib.parse import quote, urlsplit

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stannary.signing.sealing import seal, unseal
from stannary.web.accounts import limits, queries
from stannary.web.parties.models import Person

FRESH_SECONDS = 300
"""For how long a password or a code that was just given stands for giving it again."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # the library has no types
    """Accounts are made by the secretariat; links carry the public address of this register."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _(
            "Too many wrong tries. Nothing was looked at. Wait five minutes, then try again."
        ),
        "username_password_mismatch": _(
            "Name and password do not belong together. Both may be mistyped; capitals count in the password."
        ),
        "email_password_mismatch": _(
            "Name and password do not belong together. Both may be mistyped; capitals count in the password."
        ),
        "incorrect_code": _(
            "This code is not right, or it was used already. Take the one that is shown now."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - as asked for
        """Say that nobody makes an account for themselves."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Give the link to set a password, at the public address of this register."""
        path = reverse(
            "account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"}
        ).replace("UID-KEY", quote(key))
        return f"{settings.ORIGIN}{path}"

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:  # noqa: ARG002 - as asked for
        """Give the link to confirm an address, at the public address of this register."""
        path = reverse("account_confirm_email", args=[emailconfirmation.key])
        return f"{settings.ORIGIN}{path}"

    def get_email_verification_redirect_url(self, email_address: Any) -> str:  # noqa: ARG002 - as asked for
        """Lead from a confirmed address to all of them, or to sign in."""
        signed_in = context.request.user.is_authenticated
        return reverse("account_email" if signed_in else "account_login")

    def format_email_subject(self, subject: str) -> str:
        """Leave subjects as they are written."""
        return str(subject)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mail somebody; the mail names the public address of this register."""
        super().send_mail(template_prefix, email, {**context, "register": settings.ORIGIN})

    def validation_error(self, code: str, *args: object) -> Any:
        """Make a refusal; one for too many tries is also told to the gate of the answer."""
        if code == "too_many_login_attempts":
            limits.refused(context.request)
        return super().validation_error(code, *args)

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Ask again for password or factor, unless one was given in the last minutes.

        Whoever has a second factor must have shown that one.
        """
        if not super().is_reauthentication_required(app=app, **more):
            return False
        person = context.request.user
        if not isinstance(person, Person):
            return True
        since = time.time() - FRESH_SECONDS
        enough = {"mfa"} if queries.has_factor(person) else {"mfa", "password"}
        records = get_authentication_records(context.request, person)
        return not any(one["method"] in enough and one["at"] > since for one in records)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc] # the library has no types
    """Second factors: their secrets are sealed in the database, their pictures need no style."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }

    def get_totp_label(self, user: Person) -> str:
        """Name the account in the app as its owner knows it."""
        return str(user.username)

    def get_totp_issuer(self) -> str:
        """Name the register in the app."""
        return f"Stannary {urlsplit(settings.ORIGIN).hostname}"

    def build_totp_svg(self, url: str) -> str:
        """Draw a QR code as SVG without style, to stand in the page itself."""
        return str(
            segno.make(url, error="m").svg_inline(
                scale=4, border=2, dark="#000", light="#fff", svgclass="qr", lineclass=None,
                omitsize=True,
            )
        )  # fmt: skip

    def encrypt(self, text: str) -> str:
        """Seal the secret of an app or the seed of recovery codes."""
        return seal(text, secrets=_secrets())

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` sealed."""
        return unseal(encrypted_text, secrets=_secrets())

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name the place for which passkeys are made: it is part of each, so it is chosen for good."""
        return {"id": passkey_place(context.request), "name": "Stannary"}


def _secrets() -> list[str]:
    return [str(one) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def passkey_place(request: HttpRequest) -> str:
    """Give the name of the host for which passkeys are made.

    It is that of the public address; a copy on this machine goes by the name it is called by.
    """
    public = urlsplit(settings.ORIGIN)
    if public.scheme == "https" and public.hostname:
        return public.hostname
    return urlsplit(f"//{request.get_host()}").hostname or ""


def passkeys_work(request: HttpRequest) -> bool:
    """Tell whether a browser can make a passkey here: browsers want a name, and https or localhost."""
    place = passkey_place(request)
    try:
        ipaddress.ip_address(place)
    except ValueError:
        return settings.ORIGIN.startswith("https://") or place == "localhost"
    return False

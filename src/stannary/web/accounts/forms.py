"""Forms: codes of a second factor, and the secretariat's for people."""

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from stannary.web.parties.models import Organisation, Role

CODE_LIVES = 90
"""Seconds for which a code of an app could be given: its own half minute and one on either side."""


class _OnceMixin:
    """Takes each code of an app once, for as long as it could be given at all."""

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc] # of the form that it is mixed into
        if self.authenticator.type == Authenticator.Type.TOTP:  # type: ignore[attr-defined]
            key = f"accounts.code.{self.authenticator.pk}.{code.strip()}"  # type: ignore[attr-defined]
            if not cache.add(key, "used", timeout=CODE_LIVES):
                raise forms.ValidationError(_("This code was used already. Wait for the next one."))
        return code


class CodeForm(_OnceMixin, AuthenticateForm):  # type: ignore[misc] # the library has no types
    """Asks for a code when signing in."""


class AgainCodeForm(_OnceMixin, ReauthenticateForm):  # type: ignore[misc] # the library has no types
    """Asks for a code before something that only the owner may do."""


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc] # the library has no types
    """Names a passkey, and says whether it signs in alone."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("Name of the passkey"), max_length=60, required=False
        )
        self.initial["name"] = _("This device")
        self.fields["passwordless"].label = _("Sign in with it alone, without name and password")
        self.fields["passwordless"].help_text = ""
        self.fields["passwordless"].initial = True


class RoleForm(forms.Form):
    """A role for an organisation."""

    kind = forms.ChoiceField(label=_("Role"), choices=Role.Kind)
    organisation = forms.ModelChoiceField(
        label=_("For"), queryset=Organisation.objects.order_by("name"), empty_label=None
    )


class InviteForm(RoleForm):
    """A new account: whose it is, and what they may do."""

    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    username = forms.CharField(
        label=_("Name to sign in with"),
        max_length=60,
        help_text=_("Letters, digits, dots, hyphens and underscores. It does not change later."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("The link to set a password goes there."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)
    field_order = [
        "first_name",
        "last_name",
        "username",
        "email",
        "kind",
        "organisation",
        "language",
    ]


class SearchForm(forms.Form):
    """Words that are looked for among people."""

    q = forms.CharField(max_length=200, required=False)

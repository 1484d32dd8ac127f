"""What a clerk types to make a claim."""

import re
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_PERCENT = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,30}))?")
_WORD = re.compile(r"[^\W\d_]+")


class ClaimForm(forms.Form):
    """Words, level, share, element, and how long it is valid."""

    wording = forms.ChoiceField(label=_("Words"))
    level = forms.ChoiceField(label=_("Level"))
    share = forms.CharField(
        label=_("Share of the content, in percent"),
        max_length=40,
        help_text=_("Exact, for example 37.5. It may not be more than the trace supports."),
    )
    element = forms.CharField(label=_("Element"), max_length=60)
    months = forms.IntegerField(
        label=_("Valid for how many months"), min_value=1, max_value=36, initial=12
    )

    def __init__(
        self,
        *args: Any,
        wordings: list[tuple[str, str]],
        levels: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wording"].choices = wordings  # type: ignore[attr-defined]
        self.fields["level"].choices = levels  # type: ignore[attr-defined]

    def clean_share(self) -> Fraction:
        """Read the percent exactly: nothing is rounded."""
        text = str(self.cleaned_data["share"]).strip().removesuffix("%").strip()
        form = _PERCENT.fullmatch(text)
        if form is None:
            raise forms.ValidationError(_("Write a number of percent, like 37.5."))
        return Fraction(f"{form[1]}.{form[2] or '0'}") / 100

    def clean_element(self) -> str:
        """Read one element: the gap in the words holds no further words, and no other element."""
        text = str(self.cleaned_data["element"]).strip()
        told = str(self.initial.get("element", ""))
        if told and text.casefold() != told.casefold():
            raise forms.ValidationError(
                _("This lot is tracked by %(element)s alone."),
                params={"element": told},
            )
        if not _WORD.fullmatch(text):
            raise forms.ValidationError(_("Name one element, in one word, like lithium."))
        return text


class SiteClaimForm(ClaimForm):
    """Which period and material of a site, and what of a claim on a lot."""

    period = forms.ChoiceField(label=_("Period"))
    material = forms.ChoiceField(label=_("Material"))
    field_order = ("period", "material", "wording", "level", "share", "element", "months")

    def __init__(
        self,
        *args: Any,
        periods: list[tuple[str, str]],
        materials: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = periods  # type: ignore[attr-defined]
        self.fields["material"].choices = materials  # type: ignore[attr-defined]
        self.fields["share"].help_text = _(
            "Exact, for example 37.5. It may not be more than was measured."
        )
        self.fields["months"].help_text = _(
            "A claim on a period that is not over ends with the period."
        )

    def clean_element(self) -> str:
        """Read one element; whether it is the tracked one is told by the material that is chosen."""
        text = str(self.cleaned_data["element"]).strip()
        if not _WORD.fullmatch(text):
            raise forms.ValidationError(_("Name one element, in one word, like lithium."))
        return text

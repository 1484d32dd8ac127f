"""What is typed about conversion factors."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stannary.web.entities.factors.operations import FactorSaid
from stannary.web.entities.forms import Day
from stannary.web.parties.models import Organisation


class FactorForm(forms.Form):
    """A conversion factor that somebody states."""

    entity = forms.ChoiceField(label=_("Stated by"), required=False)
    material = forms.CharField(
        label=_("What goes in"), max_length=200, help_text=_("In the words of movements.")
    )
    product = forms.CharField(
        label=_("What comes out"), max_length=200, help_text=_("In the words of movements.")
    )
    process = forms.CharField(label=_("Process"), max_length=200)
    element = forms.CharField(label=_("Element"), max_length=80)
    factor = forms.CharField(
        label=_("Factor: content out over content in"),
        max_length=40,
        help_text=_("Exact, above 0 and at most 1: 0.92 or 23/25."),
    )
    source = forms.CharField(label=_("Where it was read or measured"), max_length=400)
    valid_from = forms.DateField(label=_("First day"), widget=Day())
    valid_until = forms.DateField(
        label=_("First day no longer in force; empty: no end is known"),
        widget=Day(),
        required=False,
    )
    illustrative = forms.BooleanField(label=_("Made up, as an example"), required=False)

    def __init__(
        self, *args: Any, entities: Iterable[Organisation], secretariat: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Any]] = [(one.slug, one.name) for one in entities]
        if secretariat:
            choices.append(("", _("the secretariat")))
        self.fields["entity"].choices = choices  # type: ignore[attr-defined] # of a choice field

    def clean_factor(self) -> str:
        """Read a decimal comma, too: below 1 it cannot part thousands."""
        text: str = self.cleaned_data["factor"].strip()
        return text.replace(",", ".") if re.fullmatch(r"0,[0-9]+", text) else text

    def said(self) -> FactorSaid:
        """Give what was typed."""
        return FactorSaid(**self.cleaned_data)


class WithdrawalForm(forms.Form):
    """The end of a factor."""

    on = forms.DateField(label=_("First day on which it is no longer used"), widget=Day())
    reason = forms.CharField(
        label=_("Why; everybody reads this"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

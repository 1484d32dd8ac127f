"""What is typed about entities and certificates."""

import datetime
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stannary.core.custody import Method
from stannary.web.entities import packs, queries, words
from stannary.web.entities.models import CertificateStep, EntityRecord
from stannary.web.entities.operations import AgreementSaid, CertificateSaid
from stannary.web.parties.models import Facility, Organisation, Site


class Day(forms.DateInput):
    """A day, as browsers take it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day_of(text: str, today: datetime.date) -> datetime.date:
    """Read the day that a page is asked for; what is no day is today."""
    try:
        return datetime.date.fromisoformat(text[:10])
    except ValueError:
        return today


class EntityForm(forms.Form):
    """What an organisation does in the chain."""

    organisation = forms.ChoiceField(label=_("Organisation"))
    kind = forms.ChoiceField(label=_("What it does in the chain"), choices=EntityRecord.Kind)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = (Organisation.Kind.FIRM, Organisation.Kind.SCHEME)
        found = Organisation.objects.exclude(kind__in=others).order_by("name")
        self.fields["organisation"].choices = list(found.values_list("slug", "name"))  # type: ignore[attr-defined] # of a choice field


class CertificateForm(forms.Form):
    """A certificate that is issued to one entity."""

    kind = forms.ChoiceField(label=_("For what it does"))
    sites = forms.MultipleChoiceField(
        label=_("Sites"), widget=forms.CheckboxSelectMultiple, required=False
    )
    materials = forms.CharField(
        label=_("Materials, in the words of movements, one on a line"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    models = forms.MultipleChoiceField(
        label=_("Models"), widget=forms.CheckboxSelectMultiple, required=False
    )
    pack = forms.ChoiceField(
        required=False,
        initial=packs.PACK,
        label=_("Rules: the custody pack under which the entity keeps its books"),
        help_text=_(
            "An entity has one pack at a time. One that does not say how long certificates last issues none."
        ),
    )
    mass_balance_method = forms.ChoiceField(
        label=_("How accounts of mass balance are kept"),
        required=False,
        help_text=_(
            "One of the methods that the pack allows, and only if the certificate covers mass balance."
        ),
    )
    valid_from = forms.DateField(label=_("First day"), widget=Day())
    valid_until = forms.DateField(label=_("First day no longer in force"), widget=Day())
    pilot = forms.BooleanField(
        label=_("Pilot: what it covers is marked and counts towards no claim"), required=False
    )
    groups = forms.CharField(
        label=_("Groups of sites that keep accounts together, one on a line"),
        help_text=_(
            "Name: ids of sites as above, separated by commas. Without groups nobody asks for which sites an account stands."
        ),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2, "autocapitalize": "none"}),
        required=False,
    )
    issuer = forms.ChoiceField(label=_("Issued by"))
    number = forms.CharField(
        label=_("Number; empty: the next of this register"), max_length=80, required=False
    )

    def __init__(self, *args: Any, entity: queries.Entity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entity = entity
        those = entity.organisation
        mines = Site.objects.filter(illustrative=those.illustrative, operator=those.name)
        if not mines.exists() and "mine" in entity.kinds:
            mines = Site.objects.filter(illustrative=those.illustrative)
        places = Facility.objects.filter(organisation=those)
        sites = [*mines.values_list("slug", "name"), *places.values_list("slug", "name")]
        issuers = Organisation.objects.filter(
            kind__in=(Organisation.Kind.SCHEME, Organisation.Kind.FIRM)
        ).order_by("-kind", "name")
        choices = {
            "kind": [(one, words.kinds([one])) for one in entity.kinds],
            "sites": [(slug, f"{name} ({slug})") for slug, name in sites],
            "models": [(one, words.model(one)) for one in queries.MODELS],
            "pack": packs.titles(),
            "mass_balance_method": [
                ("", words.method("")),
                *((str(one), words.method(one)) for one in Method),
            ],
            "issuer": list(issuers.values_list("slug", "name")),
        }
        for name, those_choices in choices.items():
            self.fields[name].choices = those_choices  # type: ignore[attr-defined] # of a choice field

    def said(self) -> CertificateSaid:
        """Give what was typed."""
        data = self.cleaned_data
        lines = (line.strip() for line in data["materials"].splitlines())
        return CertificateSaid(
            entity=self.entity.organisation.slug,
            kind=data["kind"],
            sites=tuple(data["sites"]),
            materials=tuple(line for line in lines if line),
            models=tuple(data["models"]),
            valid_from=data["valid_from"],
            valid_until=data["valid_until"],
            issuer=data["issuer"],
            number=data["number"],
            pilot=data["pilot"],
            pack=data["pack"] or packs.PACK,
            mass_balance_method=data["mass_balance_method"],
            groups=tuple(_groups(data["groups"])),
        )


def _groups(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Read groups of sites: a line each, the name before a colon, sites after it."""
    for line in text.splitlines():
        name, _colon, sites = line.partition(":")
        if line.strip():
            yield name.strip(), tuple(sites.replace(",", " ").split())


class PilotEndForm(forms.Form):
    """The end of a pilot."""

    on = forms.DateField(label=_("First day on which it is a pilot no longer"), widget=Day())
    reason = forms.CharField(
        label=_("Why; everybody reads this"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class StepForm(forms.Form):
    """A change of status."""

    status = forms.ChoiceField(label=_("From then on it is"), choices=CertificateStep.Status)
    on = forms.DateField(label=_("First day on which it holds"), widget=Day())
    reason = forms.CharField(
        label=_("Why; everybody reads this"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AgreementForm(forms.Form):
    """An agreement with a contractor."""

    contractor = forms.CharField(
        label=_("Contractor"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "contractors"}),
        help_text=_("As movements name it; entities of the register are offered."),
    )
    site = forms.CharField(
        label=_("Its site, as movements name it"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "places", "autocapitalize": "none"}),
        help_text=_("Id of a mine or a facility."),
    )
    valid_from = forms.DateField(label=_("First day"), widget=Day())
    valid_until = forms.DateField(
        label=_("First day no longer in force; empty only where the pack lets the end be open"),
        widget=Day(),
        required=False,
    )
    reference = forms.CharField(label=_("Where the agreement is kept"), max_length=400)

    def said(self) -> AgreementSaid:
        """Give what was typed."""
        return AgreementSaid(**self.cleaned_data)

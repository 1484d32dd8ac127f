"""The form of a facility."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stannary.core.kernel import Mark
from stannary.web.parties import reference
from stannary.web.parties.facilities.operations import ID_MAX, FacilitySaid
from stannary.web.parties.models import Facility, Organisation
from stannary.web.parties.search import fold
from stannary.web.project.templatetags.stannary import mark

RADIUS_MOST_KM = 20_000


class FacilityForm(forms.Form):
    """What is said of a facility; its id and organisation only when it is recorded first."""

    organisation = forms.ChoiceField(label=_("Organisation"))
    name = forms.CharField(label=_("Name of the facility"), max_length=200)
    slug = forms.SlugField(
        label=_("Permanent id, as movements name the place; empty: made from the name"),
        max_length=ID_MAX,
        required=False,
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Facility.Kind)
    country = forms.ChoiceField(label=_("Country"))
    latitude = forms.DecimalField(
        label=_("Degrees north, minus: south"), max_digits=8, decimal_places=5, required=False
    )
    longitude = forms.DecimalField(
        label=_("Degrees east, minus: west"), max_digits=8, decimal_places=5, required=False
    )
    radius_km = forms.IntegerField(
        label=_("Within how many kilometres it lies"),
        min_value=1,
        max_value=RADIUS_MOST_KM,
        required=False,
    )
    gln = forms.CharField(label=_("Global Location Number"), max_length=13, required=False)
    closed_on = forms.CharField(
        label=_("Closed on: a day, a month or a year"), max_length=10, required=False
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)
    source = forms.CharField(label=_("Source"), max_length=400, required=False)
    mark = forms.ChoiceField(label=_("How sure it is"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    materials = forms.MultipleChoiceField(
        label=_("Materials"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        organisations: Sequence[Organisation],
        row: Facility | None = None,
    ) -> None:
        super().__init__(data, initial=_said(row) if row else None)
        self.choose("country", _named(reference.countries(), reference.country_name))
        self.choose("materials", _named(reference.materials(), reference.material_name))
        self.choose("organisation", [(one.slug, one.name) for one in organisations])
        self.choose("mark", [("", "–"), *((str(one), mark(str(one))["meaning"]) for one in Mark)])
        if row is not None:
            del self.fields["organisation"], self.fields["slug"]
        else:
            del self.fields["seen"]
        if all(one.illustrative for one in organisations):
            del self.fields["source"], self.fields["mark"]

    def choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """Give a field its choices."""
        self.fields[name].choices = choices  # type: ignore[attr-defined] # of a choice field

    def said(self) -> FacilitySaid:
        """Give what the form says; it is valid."""
        data = self.cleaned_data
        return FacilitySaid(
            name=data["name"],
            kind=data["kind"],
            country=data["country"],
            materials=tuple(data["materials"]),
            gln=data["gln"],
            latitude=data["latitude"],
            longitude=data["longitude"],
            radius_km=data["radius_km"],
            closed_on=data["closed_on"],
            note=data["note"],
            source=data.get("source", ""),
            mark=data.get("mark", ""),
        )


def _named(keys: Iterable[str], name_of: Any) -> list[tuple[str, str]]:
    return sorted(((key, name_of(key)) for key in keys), key=lambda one: fold(one[1]))


def _said(row: Facility) -> dict[str, object]:
    return {
        "name": row.name,
        "kind": row.kind,
        "country": row.country,
        "materials": row.materials.split(),
        "gln": row.gln,
        "latitude": row.latitude,
        "longitude": row.longitude,
        "radius_km": row.place_radius_km,
        "closed_on": row.closed_on,
        "note": row.note,
        "source": row.source,
        "mark": row.mark,
        "seen": row.version,
    }

"""Units of a site on pages: how they are shown, and the form of a site user."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stannary.core.kernel import RefusalError, refuse
from stannary.web.parties import operations, queries, reference
from stannary.web.parties.models import Person, Site, Unit
from stannary.web.parties.operations import UnitSaid
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.parties.search import fold
from stannary.web.project.problems import finding_shape, status_of


class UnitForm(forms.Form):
    """What is said of a unit."""

    name = forms.CharField(label=_("Name of the unit"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=Unit.Kind)
    in_scope = forms.BooleanField(
        label=_("In scope: an audit of the site looks at it"), required=False
    )
    materials = forms.MultipleChoiceField(
        label=_("Materials"), widget=forms.CheckboxSelectMultiple, required=False
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = ((key, reference.material_name(key)) for key in reference.materials())
        self.fields["materials"].choices = sorted(named, key=lambda one: fold(one[1]))  # type: ignore[attr-defined] # of a choice field


def number(text: str) -> int | None:
    """Read the id of a unit; None where there is none, 0 for nonsense, which no unit has."""
    if not text:
        return None
    return int(text[:18]) if text.isascii() and text.isdecimal() else 0


def initial(row: Unit | None) -> dict[str, object]:
    """Give what a form shows first: a unit as it is, or a new one, which is in scope."""
    if row is None:
        return {"in_scope": True}
    return {
        "name": row.name,
        "kind": row.kind,
        "in_scope": row.in_scope,
        "materials": row.materials.split(),
        "note": row.note,
    }


def shown(site: Site) -> list[dict[str, object]]:
    """Give the units of a site as pages show them, those in scope first."""
    return [
        {
            "id": one.pk,
            "name": one.name,
            "kind": one.get_kind_display(),
            "in_scope": one.in_scope,
            "materials": reference.materials_text(one.materials),
            "note": one.note,
        }
        for one in queries.units(site)
    ]


def act(
    request: HttpRequest, site: Site, form: UnitForm, unit_id: int | None
) -> tuple[str, list[dict[str, object]], int]:
    """Do what a site user sent: what to say, findings, status.

    Raises:
        RefusalError: PARTY-001 if nobody is signed in, or the unit is not there.
    """
    actor = request.user
    if not isinstance(actor, Person):
        refuse(IS_THERE_FOR_YOU)
    if request.POST.get("act") == "remove" and unit_id is not None:
        operations.remove_unit(actor=actor, site=site, unit_id=unit_id)
        return gettext("The unit is removed."), [], 302
    if not form.is_valid():
        return "", [], 422
    data = form.cleaned_data
    said = UnitSaid(**{**data, "materials": tuple(data["materials"])})
    try:
        operations.save_unit(actor=actor, site=site, said=said, unit_id=unit_id)
    except RefusalError as refusal:
        if status_of(refusal) == 404:
            raise
        return "", [finding_shape(one) for one in refusal.findings], status_of(refusal)
    return gettext("The unit is recorded."), [], 302

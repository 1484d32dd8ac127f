"""Pages about facilities: the list, one of them, and the form by which it is recorded."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stannary.core.kernel import RefusalError, refuse
from stannary.web.parties import place_map, reference
from stannary.web.parties.facilities import operations, queries
from stannary.web.parties.facilities.forms import FacilityForm
from stannary.web.parties.models import Facility, Organisation, Person
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.project.idempotency import actor_of
from stannary.web.project.problems import finding_shape, status_of
from stannary.web.project.templatetags.stannary import mark
from stannary.web.project.tongues import said

PAGE = 100


def index(request: HttpRequest) -> HttpResponse:
    """List facilities, filtered and in pages."""
    asked = {name: request.GET.get(name, "").strip()[:200] for name in ("q", *queries.FILTERS)}
    page = Paginator(queries.facilities(asked), PAGE).get_page(request.GET.get("page"))
    kept = urlencode({name: value for name, value in asked.items() if value})
    context = {
        "page": page,
        "rows": [_row(one) for one in page.object_list],
        "asked": asked,
        "filtered": any(asked.values()),
        "kinds": Facility.Kind.choices,
        "countries": _choices(reference.countries(), reference.country_name),
        "materials": _choices(reference.materials(), reference.material_name),
        "kept": f"&{kept}" if kept else "",
        "speaks": bool(queries.speaks_for(request.user)),
    }
    return render(request, "parties/facilities/list.html", context)


def _choices(keys: Mapping[str, object], name_of: Any) -> list[tuple[str, str]]:
    return sorted(((key, name_of(key)) for key in keys), key=lambda one: one[1])


def _row(one: Facility) -> dict[str, object]:
    return {
        "facility": one,
        "country": reference.country_name(one.country),
        "materials": reference.materials_text(one.materials),
    }


def facility_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a facility: whose it is, where, what it works, and what lies there."""
    row = queries.facility(slug)
    context = {
        "facility": row,
        "country": reference.country_name(row.country),
        "materials": reference.materials_text(row.materials),
        "map": place_map.draw(row),
        "coordinates": place_map.coordinates(row),
        "note": said(row.note),
        "sure": mark(row.mark)["meaning"] if row.mark else "",
        "speaks": row.organisation in queries.speaks_for(request.user),
    }
    return render(request, "parties/facilities/facility.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Let somebody record a facility of an organisation that they speak for."""
    actor = actor_of(request)
    organisations = queries.speaks_for(actor)
    if not organisations:
        refuse(IS_THERE_FOR_YOU, asked_for="organisation")
    form = FacilityForm(request.POST or None, organisations=organisations)
    return _form(request, actor, form, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Let somebody say something else of a facility of theirs."""
    actor = actor_of(request)
    row = queries.facility_to_change(actor, slug)
    form = FacilityForm(request.POST or None, organisations=_owner(row), row=row)
    return _form(request, actor, form, row)


def _owner(row: Facility) -> tuple[Organisation, ...]:
    return (row.organisation,)


def _form(
    request: HttpRequest, actor: Person, form: FacilityForm, row: Facility | None
) -> HttpResponse:
    findings: list[dict[str, object]] = []
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = _saved(actor, form, row)
            except RefusalError as refusal:
                if status_of(refusal) == 404:
                    raise
                findings = [finding_shape(one) for one in refusal.findings]
                status = status_of(refusal)
            else:
                messages.success(request, _("The facility is recorded."))
                return redirect("facilities:facility", made.slug)
    context = {"form": form, "facility": row, "findings": findings}
    return render(request, "parties/facilities/form.html", context, status=status)


def _saved(actor: Person, form: FacilityForm, row: Facility | None) -> Facility:
    if row is not None:
        seen = form.cleaned_data["seen"] or 0
        return operations.change_facility(actor=actor, slug=row.slug, said=form.said(), seen=seen)
    return operations.add_facility(
        actor=actor,
        organisation=form.cleaned_data["organisation"],
        said=form.said(),
        slug=form.cleaned_data["slug"],
    )

"""Pages about entities and their certificates, and the forms of the secretariat."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from stannary.core.custody import Method, Model
from stannary.core.kernel import RefusalError
from stannary.web.entities import forms, operations, packs, queries, words
from stannary.web.entities.models import EntityRecord
from stannary.web.parties.models import Facility, Site
from stannary.web.project.idempotency import actor_of
from stannary.web.project.problems import finding_shape, status_of

ACTS = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List entities with the status of their certificates on a day."""
    today = timezone.localdate()
    day = forms.day_of(request.GET.get("day", ""), today)
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("q", *queries.FILTERS)}
    found = queries.entities(day, asked)
    context = {
        "rows": [
            {"entity": one, "kinds": words.kinds(one.kinds), "status": words.status(one.status)}
            for one in found
        ],
        "asked": asked,
        "filtered": any(asked.values()),
        "kinds": EntityRecord.Kind.choices,
        "statuses": [(one, words.status(one)) for one in (*queries.STATUSES, "none")],
        "day": day,
        "is_today": day == today,
        "is_secretariat": queries.is_secretariat(request.user),
    }
    return render(request, "entities/list.html", context)


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an entity: what it does, where, and its certificates with their history."""
    today = timezone.localdate()
    day = forms.day_of(request.GET.get("day", ""), today)
    entity = queries.entity(slug, day)
    names = _names({slug for one in entity.held for slug in one.row.sites.split()})
    context = {
        "entity": entity,
        "organisation": entity.organisation,
        "kinds": words.kinds(entity.kinds),
        "status": words.status(entity.status),
        "held": [_shown(one, names) for one in reversed(entity.held)],
        "facilities": Facility.objects.filter(organisation=entity.organisation),
        "day": day,
        "is_today": day == today,
        "is_secretariat": queries.is_secretariat(request.user),
        "is_theirs": queries.acts_for(request.user, entity.organisation),
    }
    return render(request, "entities/entity.html", context)


def _method_of(one: queries.Held) -> str:
    """Give how accounts of mass balance are kept under a certificate; "" where it covers none."""
    if Model.MASS_BALANCE not in one.certificate.scope.models:
        return ""
    begin = one.row.valid_from
    named = one.certificate.mass_balance_method
    known = packs.rules_on(begin, one.row.pack).words("mass_balance_methods", tuple(Method))
    return words.method(named or known[0])


def _names(slugs: set[str]) -> dict[str, str]:
    """Give the names of mines and facilities, with two queries."""
    found = dict(Site.objects.filter(slug__in=slugs).values_list("slug", "name"))
    return found | dict(Facility.objects.filter(slug__in=slugs).values_list("slug", "name"))


def _shown(one: queries.Held, names: dict[str, str]) -> dict[str, Any]:
    return {
        "row": one.row,
        "status": words.status(str(one.status)),
        "in_force": str(one.status) == "in_force",
        "kind": words.kinds([one.row.kind]),
        "sites": ", ".join(names.get(slug, slug) for slug in one.row.sites.split()),
        "materials": ", ".join(one.row.materials.splitlines()),
        "models": ", ".join(map(words.model, one.row.models_covered.split())),
        "pack": packs.edition(one.row.pack).title,
        "method": _method_of(one),
        "pilot": one.pilot,
        "surveillance": one.surveillance,
        "due": words.due(str(one.surveillance.due)) if one.surveillance else "",
        "groups": [
            (group.name, ", ".join(names.get(slug, slug) for slug in group.sites.split()))
            for group in one.row.groups.all()
        ],
        "pilot_end": getattr(one.row, "pilot_end", None),
    }


Act = tuple[django_forms.Form, Callable[[], object], str]


def _tried(request: HttpRequest, acts: dict[str, Act]) -> tuple[str, list[dict[str, object]], int]:
    """Do the act that a form names: what to say, findings, status."""
    if request.method != "POST":
        return "", [], 200
    named = acts.get(request.POST.get("act", ""))
    if named is None or not named[0].is_valid():
        return "", [], 422
    try:
        named[1]()
    except RefusalError as refusal:
        if status_of(refusal) == 404:
            raise
        return "", [finding_shape(one) for one in refusal.findings], status_of(refusal)
    return named[2], [], 302


def _sent(request: HttpRequest, act: str) -> Any:
    return request.POST if request.POST.get("act") == act else None


@login_required
@ACTS
def desk(request: HttpRequest) -> HttpResponse:
    """Let the secretariat record entities, and find those to issue a certificate to."""
    actor = actor_of(request)
    queries.must_be_secretariat(actor)
    form = forms.EntityForm(_sent(request, "record"))

    def record() -> object:
        return operations.record_entity(actor=actor, **form.cleaned_data)

    said, findings, status = _tried(
        request, {"record": (form, record, _("The entity is recorded."))}
    )
    if said:
        messages.success(request, said)
        return redirect("entities:entity", form.cleaned_data["organisation"])
    every = queries.entities(timezone.localdate())
    then = [held.surveillance for one in every for held in one.held]
    context = {
        "form": form,
        "findings": findings,
        "overdue": sum(1 for one in then if one is not None and one.findings),
        "entities": [(one, words.kinds(one.kinds), words.status(one.status)) for one in every],
    }
    return render(request, "entities/desk.html", context, status=status)


@login_required
@ACTS
def issue(request: HttpRequest, slug: str) -> HttpResponse:
    """Let the secretariat issue a certificate to an entity."""
    actor = actor_of(request)
    queries.must_be_secretariat(actor)
    entity = queries.entity(slug, timezone.localdate())
    form = forms.CertificateForm(_sent(request, "issue"), entity=entity)

    def issued() -> object:
        return operations.issue_certificate(actor=actor, said=form.said())

    done = _("The certificate is issued. That is public now.")
    said, findings, status = _tried(request, {"issue": (form, issued, done)})
    if said:
        messages.success(request, said)
        return redirect("entities:entity", slug)
    context = {"entity": entity.organisation, "form": form, "findings": findings}
    return render(request, "entities/issue.html", context, status=status)


@login_required
@ACTS
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """Let the secretariat change the status of a certificate, or record an agreement."""
    actor = actor_of(request)
    queries.must_be_secretariat(actor)
    row = queries.certificate(number)
    today = timezone.localdate()
    step = forms.StepForm(_sent(request, "change"), initial={"on": today}, prefix="change")
    agreement = forms.AgreementForm(
        _sent(request, "agree"), initial={"valid_from": today}, prefix="agree"
    )

    full = forms.PilotEndForm(_sent(request, "full"), initial={"on": today}, prefix="full")

    def change() -> object:
        return operations.change_status(actor=actor, number=number, **step.cleaned_data)

    def agree() -> object:
        return operations.record_agreement(actor=actor, number=number, said=agreement.said())

    def end_pilot() -> object:
        return operations.end_pilot(actor=actor, number=number, **full.cleaned_data)

    acts = {
        "full": (full, end_pilot, _("The pilot ends. That is public now.")),
        "change": (step, change, _("The status is changed. That is public now.")),
        "agree": (agreement, agree, _("The agreement is recorded.")),
    }
    said, findings, status = _tried(request, acts)
    if said:
        messages.success(request, said)
        return redirect("certificates:certificate", number)
    held = queries.held_on(row, today)
    context = {
        "one": _shown(held, _names(set(row.sites.split()))),
        "ended": str(held.status) in ("withdrawn", "expired"),
        "change": step,
        "full": full if row.pilot and not hasattr(row, "pilot_end") else None,
        "agree": agreement,
        "contractors": queries.contractors(row),
        "places": queries.places(),
        "findings": findings,
    }
    return render(request, "entities/certificate.html", context, status=status)

"""The secretariat's pages: applications, approvals, competences, interests, checking a team."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from stannary.core.cycle import Action
from stannary.core.independence import Standing
from stannary.core.kernel import RefusalError
from stannary.web.independence import (
    approval_list,
    checking,
    forms,
    operations,
    people,
    queries,
    rights,
    words,
)
from stannary.web.independence.models import CompetenceRecord, FirmApplication
from stannary.web.independence.trying import actor_of, refused
from stannary.web.parties.models import Organisation, Person, Role

ACTS = require_http_methods(["GET", "HEAD", "POST"])
SHOWN = 100


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Show what waits for the secretariat."""
    actor = actor_of(request)
    queries.must_be_secretariat(actor)
    today = timezone.localdate()
    waiting = FirmApplication.objects.filter(decision__isnull=True).select_related("firm")
    entries = approval_list.entries(today)
    auditors = list(
        Person.objects.filter(roles__kind=Role.Kind.AUDITOR, is_active=True)
        .distinct()
        .order_by("last_name", "first_name", "username")
    )
    known = people.with_competences(auditors, today)
    context = {
        "waiting": waiting.order_by("submitted_at", "id"),
        "interests": queries.open_interests()[:SHOWN],
        "suspended": [one for one in entries if one.state == "suspended"],
        "running": [one for one in entries if one.state in ("in_force", "not_yet")][:SHOWN],
        "attention": [one for one in known if one.attention][:SHOWN],
        "people": known[:SHOWN],
        "firms": Organisation.objects.filter(kind=Organisation.Kind.FIRM).order_by("name")[:SHOWN],
    }
    return render(request, "independence/desk.html", context)


def _try(
    request: HttpRequest, acts: dict[str, tuple[django_forms.Form, Callable[..., object], str]]
) -> tuple[str, list[dict[str, object]], int]:
    """Do the act that a form names: what to say, findings, status.

    Args:
        request: Whose "act" names one of `acts`.
        acts: Name to form, what is done with its data, and what to say when it is done.
    """
    if request.method != "POST":
        return "", [], 200
    form, act, said = acts.get(request.POST.get("act", ""), (None, None, ""))
    if form is None or act is None or not form.is_valid():
        return "", [], 422
    try:
        act(**form.cleaned_data)
    except RefusalError as refusal:
        findings, status = refused(refusal)
        return "", findings, status
    return said, [], 302


def _bound(request: HttpRequest, act: str) -> Any:
    return request.POST if request.POST.get("act") == act else None


@login_required
@ACTS
def application(request: HttpRequest, application_id: int) -> HttpResponse:
    """Decide on an application."""
    actor = actor_of(request)
    row = queries.application(actor=actor, application_id=application_id)
    scope = forms.scope_initial(row.standards, row.countries, row.materials)
    initial = {**scope, "since": timezone.localdate()}
    grant = forms.GrantForm(_bound(request, "grant"), initial=initial)
    refusal = forms.ReasonForm(_bound(request, "refuse"), prefix="refuse")

    def granted(**data: Any) -> object:
        return operations.grant_application(
            actor=actor,
            application_id=row.pk,
            scope=grant.scope(),
            since=data["since"],
            until=data["until"],
            reason=data["reason"],
        )

    def turned_down(reason: str) -> object:
        return operations.refuse_application(actor=actor, application_id=row.pk, reason=reason)

    said, findings, status = _try(
        request,
        {
            "grant": (grant, granted, gettext("The firm is approved. That is public now.")),
            "refuse": (refusal, turned_down, gettext("The application is turned down.")),
        },
    )
    if said:
        messages.success(request, said)
        return redirect("independence:application", row.pk)
    context = {
        "application": row,
        "decision": getattr(row, "decision", None),
        "approvals": row.approvals.all(),
        "standards": row.standards.split(),
        "countries": words.countries_text(row.countries, shown=250),
        "materials": words.materials_text(row.materials),
        "grant": grant,
        "refuse": refusal,
        "findings": findings,
    }
    return render(request, "independence/application.html", context, status=status)


@login_required
@ACTS
def approval(request: HttpRequest, approval_id: int) -> HttpResponse:
    """Suspend an approval, end a suspension, or end the approval."""
    actor = actor_of(request)
    row = queries.approval(actor=actor, approval_id=approval_id)
    today = timezone.localdate()
    entry = approval_list.entry(row, today)
    open_ones = [
        one
        for one in row.suspensions.all()
        if not hasattr(one, "end") and (one.until is None or today < one.until)
    ]
    day = {"since": today, "until": today, "last_day": today}
    suspend = forms.SuspendForm(
        _bound(request, "suspend"), initial={"since": today}, prefix="suspend"
    )
    resume = forms.EndSuspensionForm(_bound(request, "resume"), initial=day, prefix="resume")
    end = forms.EndApprovalForm(_bound(request, "end"), initial=day, prefix="end")

    def suspended(**data: Any) -> object:
        return operations.suspend_firm(actor=actor, approval_id=row.pk, **data)

    def resumed(**data: Any) -> object:
        which = open_ones[0].pk if open_ones else 0
        return operations.end_suspension(actor=actor, suspension_id=which, **data)

    def ended(**data: Any) -> object:
        return operations.end_approval(actor=actor, approval_id=row.pk, **data)

    said, findings, status = _try(
        request,
        {
            "suspend": (suspend, suspended, gettext("The approval is suspended. That is public.")),
            "resume": (resume, resumed, gettext("The end of the suspension is recorded.")),
            "end": (end, ended, gettext("The end of the approval is recorded.")),
        },
    )
    if said:
        messages.success(request, said)
        return redirect("independence:approval", row.pk)
    context = {
        "entry": entry,
        "firm": row.firm,
        "countries": words.countries_text(row.countries, shown=250),
        "open_suspension": open_ones[0] if open_ones else None,
        "ended": getattr(row, "end", None),
        "suspend": suspend,
        "resume": resume,
        "end_form": end,
        "findings": findings,
    }
    return render(request, "independence/approval.html", context, status=status)


@login_required
@ACTS
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Record what somebody is qualified for, or take it back."""
    actor = actor_of(request)
    somebody = queries.auditor(actor=actor, person_id=person_id)
    today = timezone.localdate()
    add = forms.CompetenceForm(_bound(request, "add"), initial={"since": today})
    withdraw = forms.ReasonForm(_bound(request, "withdraw"), prefix="withdraw")
    chosen = request.POST.get("competence", "")

    def added(**data: Any) -> object:
        return operations.record_competence(actor=actor, person=somebody, **data)

    def withdrawn(reason: str) -> object:
        number = int(chosen[:18]) if chosen.isascii() and chosen.isdecimal() else 0
        return operations.withdraw_competence(actor=actor, competence_id=number, reason=reason)

    said, findings, status = _try(
        request,
        {
            "add": (add, added, gettext("The competence is recorded.")),
            "withdraw": (withdraw, withdrawn, gettext("The competence was taken back.")),
        },
    )
    if said:
        messages.success(request, said)
        return redirect("independence:person", somebody.pk)
    rows = CompetenceRecord.objects.filter(person=somebody).select_related(
        "withdrawal", "recorded_by"
    )
    context = {
        "somebody": people.Somebody(somebody, ()),
        "firms": queries.firms_of(somebody),
        "held": [people.held(row, today) for row in rows if not hasattr(row, "withdrawal")],
        "withdrawn": [people.held(row, today) for row in rows if hasattr(row, "withdrawal")],
        "requests": queries.requests([somebody]),
        "add": add,
        "withdraw": withdraw,
        "chosen": chosen,
        "kinds": sorted({*words.COMPETENCES, *checking.kinds_asked_for()}),
        "soon": Standing.ENDS_SOON,
        "findings": findings,
    }
    return render(request, "independence/person.html", context, status=status)


@login_required
@ACTS
def interest(request: HttpRequest, interest_id: int) -> HttpResponse:
    """Judge a declared interest."""
    actor = actor_of(request)
    row = queries.interest(actor=actor, interest_id=interest_id)
    form = forms.ReasonForm(_bound(request, "clear"))

    def cleared(reason: str) -> object:
        return operations.clear_interest(actor=actor, interest_id=row.pk, reason=reason)

    said, findings, status = _try(
        request,
        {"clear": (form, cleared, gettext("The interest is cleared for this engagement."))},
    )
    if said:
        messages.success(request, said)
        return redirect("independence:interest", row.pk)
    context = {
        "interest": row,
        "somebody": people.Somebody(row.declaration.person, ()),
        "clearing": getattr(row, "clearing", None),
        "is_open": rights.is_open(actor, row.declaration.engagement_id, Action.CLEAR_INTERESTS),
        "form": form,
        "findings": findings,
    }
    return render(request, "independence/interest.html", context, status=status)


@login_required
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Check a team: every reason against it, and every limit with how sure we are of it."""
    actor = actor_of(request)
    queries.must_be_secretariat(actor)
    asked = checking.read(request.GET, today=timezone.localdate())
    findings: list[dict[str, object]] = []
    status = 200
    result = None
    if asked.ready:
        try:
            result = checking.run(asked, actor=actor)
        except RefusalError as refusal:
            findings, status = refused(refusal)
    context = {"asked": asked, "result": result, "findings": findings}
    return render(request, "independence/check.html", context, status=status)

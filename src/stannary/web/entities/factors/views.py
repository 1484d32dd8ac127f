"""Pages about conversion factors: public; stated by clerks, decided by the secretariat."""

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stannary.core.kernel import RefusalError
from stannary.web.entities import packs
from stannary.web.entities import queries as entities
from stannary.web.entities.factors import forms, operations, queries
from stannary.web.entities.forms import day_of
from stannary.web.entities.views import ACTS
from stannary.web.project.idempotency import actor_of
from stannary.web.project.problems import finding_shape, status_of

Findings = list[dict[str, object]]


def _word(status: str) -> str:
    return {
        "in_force": _("in force"),
        "review_due": _("review overdue"),
        "not_yet": _("not yet in force"),
        "stated": _("waits for approval"),
        "ended": _("expired"),
        "withdrawn": _("withdrawn"),
    }[status]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List conversion factors with source, approval and validity, as they stand on a day."""
    today = timezone.localdate()
    day = day_of(request.GET.get("day", ""), today)
    found = queries.factors_on(day)
    context = {
        "rows": [(one, _word(one.status)) for one in found],
        "day": day,
        "is_today": day == today,
        "may_state": bool(queries.may_state_for(request.user))
        or entities.is_secretariat(request.user),
    }
    return render(request, "entities/factors.html", context)


@login_required
@ACTS
def state(request: HttpRequest) -> HttpResponse:
    """Let a clerk, or the secretariat, state a conversion factor."""
    actor = actor_of(request)
    sends = request.method == "POST"
    form = forms.FactorForm(
        request.POST if sends else None,
        entities=queries.must_state(actor, request.POST.get("entity", "") if sends else None),
        secretariat=entities.is_secretariat(actor),
        initial={"valid_from": timezone.localdate()},
    )
    findings: Findings = []
    status = 200
    if sends:
        status = 422
        if form.is_valid():
            try:
                made = operations.state(actor=actor, said=form.said())
            except RefusalError as refusal:
                status, findings = _refused(refusal)
            else:
                messages.success(request, _("The factor is stated. It waits for approval."))
                return redirect("factors:factor", made.pk)
    context = {"form": form, "findings": findings}
    return render(request, "entities/state_factor.html", context, status=status)


@ACTS
def page(request: HttpRequest, number: str) -> HttpResponse:
    """Show a conversion factor; let the secretariat approve or withdraw it."""
    if request.method == "POST":
        return _decided(request, number)
    return _shown(request, number)


@login_required
def _decided(request: HttpRequest, number: str) -> HttpResponse:
    actor = actor_of(request)
    entities.must_be_secretariat(actor)
    form = forms.WithdrawalForm(request.POST)
    try:
        if request.POST.get("act") == "approve":
            operations.approve(actor=actor, number=number)
            said = _("The factor is approved. That is public now.")
        elif request.POST.get("act") == "withdraw" and form.is_valid():
            operations.withdraw(actor=actor, number=number, **form.cleaned_data)
            said = _("The factor is withdrawn. That is public now.")
        else:
            return _shown(request, number, form=form, status=422)
    except RefusalError as refusal:
        status, findings = _refused(refusal)
        return _shown(request, number, status=status, findings=findings)
    messages.success(request, said)
    return redirect("factors:factor", number)


def _refused(refusal: RefusalError) -> tuple[int, Findings]:
    """Give the status and what is said of a refusal; what is not there for somebody stays so."""
    status = status_of(refusal)
    if status == 404:
        raise refusal
    return status, [finding_shape(one) for one in refusal.findings]


def _shown(
    request: HttpRequest,
    number: str,
    *,
    form: django_forms.Form | None = None,
    status: int = 200,
    findings: Findings | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    one = queries.known_on(queries.factor(number), today)
    withdrawn = one.withdrawal is not None
    context = {
        "one": one,
        "status": _word(one.status),
        "pack": packs.edition(packs.PACK).short_title,
        "form": form or forms.WithdrawalForm(initial={"on": today}),
        "findings": findings or [],
        "may_decide": entities.is_secretariat(request.user) and not withdrawn,
    }
    return render(request, "entities/factor.html", context, status=status)

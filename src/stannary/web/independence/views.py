"""Pages about audit firms: the public list, a firm, a firm's own people, and a declaration."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from stannary.core.cycle import Action
from stannary.core.kernel import RefusalError
from stannary.web.independence import approval_list, operations, people, queries, rights
from stannary.web.independence.approval_list import Asked
from stannary.web.independence.forms import (
    INTERESTS,
    ApplicationForm,
    FeesForm,
    InterestForm,
    WholeForm,
)
from stannary.web.independence.models import FeeFigures, FirmApplication
from stannary.web.independence.operations import InterestSaid
from stannary.web.independence.trying import actor_of, refused
from stannary.web.parties.models import Organisation, Person

FIGURES = 50
"""How many figures a page shows, the newest first."""


def money(amount: int, currency: str) -> str:
    """Show an amount, thousands apart, blanks that do not break."""
    return f"{amount:,} {currency}".replace(",", " ").replace(" ", "\N{NO-BREAK SPACE}")


@require_safe
def firm_list(request: HttpRequest) -> HttpResponse:
    """List approvals: filtered, sorted, in pages."""
    asked = Asked.parse(request.GET)
    every = approval_list.entries(timezone.localdate())
    rows = approval_list.found(every, asked)
    pages = max(-(-len(rows) // approval_list.PER_PAGE), 1)
    page = min(max(asked.page, 1), pages)
    first = (page - 1) * approval_list.PER_PAGE
    shown = rows[first : first + approval_list.PER_PAGE]
    context = {
        "q": asked.filters.get("q", ""),
        "options": approval_list.options(every, asked),
        "headings": approval_list.headings(asked),
        "rows": approval_list.table_rows(shown),
        "number": len(rows),
        "all": len(every),
        "first": first + 1,
        "last": first + len(shown),
        "before": asked.address(page=page - 1) if page > 1 else "",
        "after": asked.address(page=page + 1) if page < pages else "",
    }
    return render(request, "independence/firms.html", context)


@require_safe
def firm_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a firm to everybody: its approvals with scope, and every suspension with its reason."""
    firm = queries.firm(slug)
    today = timezone.localdate()
    rows = [approval_list.entry(row, today) for row in queries.approvals().filter(firm=firm)]
    context = {
        "firm": firm,
        "entries": rows,
        "suspended": [one for one in rows if one.state == "suspended"],
        "in_force": [one for one in rows if one.state == "in_force"],
        "is_theirs": queries.acts_for(request.user, firm),
        "is_secretariat": queries.is_secretariat(request.user),
    }
    return render(request, "independence/firm.html", context)


def _firm_of(actor: Person, slug: str) -> Organisation:
    firm = queries.firm(slug)
    queries.must_see_firm(actor, firm)
    return firm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def inside(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a firm to its own people: applications, competences, declarations, figures."""
    actor = actor_of(request)
    firm = _firm_of(actor, slug)
    form = FeesForm(request.POST or None, illustrative=firm.illustrative)
    findings: list[dict[str, object]] = []
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                operations.record_fees(actor=actor, firm=firm, **form.cleaned_data)
            except RefusalError as refusal:
                findings, status = refused(refusal)
            else:
                messages.success(request, gettext("The figures are recorded."))
                return redirect("firms:inside", firm.slug)
    today = timezone.localdate()
    team = list(queries.people_of(firm))
    figures = FeeFigures.objects.filter(firm=firm).select_related("operator", "recorded_by")
    context = {
        "firm": firm,
        "is_theirs": queries.acts_for(actor, firm),
        "is_secretariat": queries.is_secretariat(actor),
        "applications": FirmApplication.objects.filter(firm=firm).select_related(
            "decision", "submitted_by"
        ),
        "people": people.with_competences(team, today),
        "requests": queries.requests(team),
        "me": actor,
        "figures": [
            (one, money(one.from_operator, one.currency), money(one.in_all, one.currency))
            for one in figures[:FIGURES]
        ],
        "form": form,
        "findings": findings,
    }
    return render(request, "independence/inside.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a firm's application; one at a time waits for its decision."""
    actor = actor_of(request)
    firm = _firm_of(actor, slug)
    form = ApplicationForm(request.POST or None)
    findings: list[dict[str, object]] = []
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                operations.apply_for_approval(
                    actor=actor,
                    firm=firm,
                    scope=form.scope(),
                    statement=form.cleaned_data["statement"],
                )
            except RefusalError as refusal:
                findings, status = refused(refusal)
            else:
                messages.success(request, gettext("The application waits for its decision."))
                return redirect("firms:inside", firm.slug)
    waiting = FirmApplication.objects.filter(firm=firm, decision__isnull=True).first()
    context = {
        "firm": firm,
        "form": form,
        "findings": findings,
        "waiting": waiting,
        "is_theirs": queries.acts_for(actor, firm),
    }
    return render(request, "independence/apply.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest, engagement_id: UUID) -> HttpResponse:
    """Take somebody's own declaration of interests for an engagement for which they were asked."""
    actor = actor_of(request)
    asked = queries.request_of(actor=actor, engagement_id=engagement_id)
    sent = request.POST if request.method == "POST" else None
    rows = [InterestForm(sent, prefix=f"interest-{n}") for n in range(1, INTERESTS + 1)]
    whole = WholeForm(sent)
    findings: list[dict[str, object]] = []
    status = 200
    if sent is not None:
        status = 422
        valid = [one.is_valid() for one in (*rows, whole)]
        if all(valid):
            said = [_said(one.cleaned_data, asked.operator) for one in rows]
            try:
                operations.declare_interests(
                    actor=actor,
                    engagement_id=engagement_id,
                    interests=[one for one in said if one is not None],
                )
            except RefusalError as refusal:
                findings, status = refused(refusal)
            else:
                messages.success(request, gettext("Your declaration is recorded."))
                return redirect("independence:declare", engagement_id)
    made = queries.declarations([actor], engagement_id)
    context = {
        "asked": asked,
        "rows": rows,
        "whole": whole,
        "findings": findings,
        "made": made,
        "is_open": rights.is_open(actor, engagement_id, Action.DECLARE_INTERESTS),
    }
    return render(request, "independence/declare.html", context, status=status)


def _said(data: dict[str, Any], operator: Organisation) -> InterestSaid | None:
    if not data["kind"] and not data["note"].strip() and data["until"] is None:
        return None
    return InterestSaid(operator, data["kind"], data["until"], data["note"])

"""The page of stakeholder input of an engagement: reading, recording, deciding."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from stannary.core.kernel import RefusalError, refuse
from stannary.web.cycle.pages import name as engagement_name
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.project.downloads import stream
from stannary.web.project.idempotency import actor_of
from stannary.web.project.problems import status_of
from stannary.web.stakeholders import forms, operations, pages, queries
from stannary.web.stakeholders.forms import Trouble
from stannary.web.stakeholders.queries import Input


@login_required
@require_safe
def index(request: HttpRequest, engagement_id: UUID) -> HttpResponse:
    """Show what was said: all of it to the audit team, what is published to everybody else."""
    return _page(request, engagement_id)


def _found(request: HttpRequest, engagement_id: UUID) -> Input:
    return queries.stakeholder_input(
        actor=actor_of(request), engagement_id=engagement_id, on=timezone.localdate()
    )


def _page(
    request: HttpRequest, engagement_id: UUID, trouble: Trouble | None = None, status: int = 200
) -> HttpResponse:
    found = _found(request, engagement_id)
    context = pages.context(found, trouble)
    context["name"] = engagement_name(found.held.row)
    return render(request, "stakeholders/input.html", context, status=status)


@login_required
@require_safe
def as_csv(request: HttpRequest, engagement_id: UUID) -> HttpResponseBase:
    """Give the audit team everything that was said, as a table."""
    found = _found(request, engagement_id)
    if not found.reads_all:
        refuse(IS_THERE_FOR_YOU, asked_for="input.csv")
    rows = pages.table(found.entries)
    return stream("input", "csv", pages.COLUMNS, rows, licence="not public")


@require_POST
@login_required
def record(request: HttpRequest, engagement_id: UUID) -> HttpResponse:
    """Record what a group said, or correct an entry."""
    try:
        operations.record_input(
            actor=actor_of(request),
            engagement_id=engagement_id,
            said=forms.said(request),
            replaces=forms.number(request.POST.get("replaces", "")),
        )
    except RefusalError as refusal:
        return _refused(request, engagement_id, "record", refusal)
    messages.success(request, gettext("It is recorded."))
    return redirect("stakeholders:input", engagement_id)


@require_POST
@login_required
def decide(request: HttpRequest, engagement_id: UUID, number: int) -> HttpResponse:
    """Say what becomes of an entry."""
    disposition = forms.disposition(request.POST.get("disposition", ""))
    if disposition is None:
        refuse(IS_THERE_FOR_YOU, asked_for="disposition")
    seen = forms.number(request.POST.get("seen", ""))
    try:
        operations.decide_input(
            actor=actor_of(request),
            engagement_id=engagement_id,
            number=number,
            disposition=disposition,
            reason=request.POST.get("reason", ""),
            seen=-1 if seen is None else seen,
        )
    except RefusalError as refusal:
        return _refused(request, engagement_id, str(number), refusal)
    messages.success(request, gettext("It is decided."))
    return redirect("stakeholders:input", engagement_id)


def _refused(
    request: HttpRequest, engagement_id: UUID, part: str, refusal: RefusalError
) -> HttpResponse:
    """Show the page with the reasons and what was typed; what is not there is not there."""
    status = status_of(refusal)
    if status == 404:
        raise refusal
    trouble = Trouble(part, refusal.findings, forms.typed(request))
    return _page(request, engagement_id, trouble, status)

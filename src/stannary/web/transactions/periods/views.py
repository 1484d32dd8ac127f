"""Pages of periods: what one would be closed with, who prepared it, who closed it when."""

import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stannary.core.kernel import RefusalError, refuse
from stannary.core.transactions import Capacity, PeriodState, PeriodStepKind
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.project.idempotency import actor_of
from stannary.web.project.problems import finding_shape, status_of
from stannary.web.transactions import forms
from stannary.web.transactions.periods import operations, pages, queries, records


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """List periods, show with what the next one would be closed, and prepare it."""
    actor = actor_of(request)
    those = queries.organisation(actor, slug)
    sent = request.POST if request.method == "POST" else request.GET
    begin, end = _bounds(those, forms.period(sent))
    findings: list[dict[str, object]] = []
    status = 200
    if request.method == "POST":
        try:
            row = operations.prepare(actor=actor, slug=slug, begin=begin, end=end)
        except RefusalError as refusal:
            if status_of(refusal) == 404:
                raise
            findings = [finding_shape(one) for one in refusal.findings]
            status = status_of(refusal)
        else:
            messages.success(request, pages.done(PeriodStepKind.PREPARE))
            return redirect("transactions:period", slug, queries.last_day(row).isoformat())
    context: dict[str, Any] = {
        "entity": those,
        "periods": [pages.line(one) for one in queries.rows(those)],
        "fixed": queries.next_begin(those) is not None,
        "first": pages.day_of(begin).isoformat(),
        "last": (pages.day_of(end) - queries.ONE).isoformat(),
        "prepares": queries.capacity(actor, those) is Capacity.ENTITY,
        "over": end <= timezone.now(),
        "findings": findings,
    }
    if begin < end:
        context |= pages.figures(queries.figures(those, begin, end)) | {"shown": True}
    return render(request, "transactions/periods/index.html", context, status=status)


def _bounds(
    those: Any, asked: tuple[datetime.date, datetime.date]
) -> tuple[datetime.datetime, datetime.datetime]:
    """Give the bounds of the next period: it begins where the one before ends."""
    begin = queries.next_begin(those) or forms.begin_of(asked[0])
    return begin, forms.end_of(asked[1])


@login_required
@require_safe
def page(request: HttpRequest, slug: str, last: str) -> HttpResponse:
    """Show a period, with what somebody may do about it."""
    return _page(request, slug, last)


def _page(
    request: HttpRequest, slug: str, last: str, refusal: RefusalError | None = None
) -> HttpResponse:
    actor = actor_of(request)
    row = queries.row(actor, slug, _day(last))
    period = records.period_of(row)
    found = queries.figures(row.organisation, row.begin, row.end)
    kinds = queries.possible(actor, row)
    context: dict[str, Any] = {
        "entity": row.organisation,
        "row": row,
        "one": pages.line(row),
        "state": str(period.state),
        "open_for": period.reopened_for,
        "steps": pages.story(row),
        "closes": PeriodStepKind.CLOSE in kinds,
        "forms": [pages.step_form(kind) for kind in kinds],
        "typed": forms.typed(request) if refusal else {},
        "findings": [finding_shape(one) for one in refusal.findings] if refusal else [],
        "changed": pages.changed(row, found) if period.state is PeriodState.PREPARED else [],
        **pages.figures(found),
    }
    status = 200 if refusal is None else status_of(refusal)
    return render(request, "transactions/periods/page.html", context, status=status)


@require_POST
@login_required
def step(request: HttpRequest, slug: str, last: str) -> HttpResponse:
    """Take a step about a period."""
    kind = kind_of(request.POST.get("step", ""))
    try:
        operations.take_step(
            actor=actor_of(request),
            slug=slug,
            last=_day(last),
            kind=kind,
            reason=request.POST.get("reason", ""),
            correction=request.POST.get("correction", ""),
        )
    except RefusalError as refusal:
        if status_of(refusal) == 404:
            raise
        return _page(request, slug, last, refusal)
    messages.success(request, pages.done(kind))
    return redirect("transactions:period", slug, last)


def kind_of(text: str) -> PeriodStepKind:
    """Read which step is meant.

    Raises:
        RefusalError: PARTY-001 for a word that is none.
    """
    if text not in tuple(PeriodStepKind):
        refuse(IS_THERE_FOR_YOU, asked_for="step")
    return PeriodStepKind(text)


def _day(text: str) -> datetime.date:
    found = forms.day(text)
    if found is None:
        refuse(IS_THERE_FOR_YOU, period=text[:40])
    return found

"""Pages of transactions: my offers, one of them, making one, and statements of account."""

import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from stannary.core.kernel import RefusalError, refuse
from stannary.core.transactions import Statement, StepKind
from stannary.core.transactions.rules import OFFER_ENDS_IN_TIME, OFFER_ENDS_LATER
from stannary.formats.movements_tables import mass_mg
from stannary.formats.workbooks import Sheet, workbook
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.project.downloads import stream
from stannary.web.project.idempotency import actor_of
from stannary.web.project.problems import finding_shape, status_of
from stannary.web.transactions import forms, operations, pages, queries, words

ROWS = 50
FILTERS = ("party", "material", "state")
DAYS_OPEN = 14
ENDS = {OFFER_ENDS_LATER.code, OFFER_ENDS_IN_TIME.code}
"""Refusals that are told at the field with the last day."""
MOMENT = datetime.timedelta(microseconds=1)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the offers that the reader's organisations made and received."""
    actor, now = actor_of(request), timezone.now()
    asked = {name: request.GET.get(name, "")[:200] for name in FILTERS}
    found = queries.narrowed(queries.offers(actor), asked, now)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    kept = urlencode({name: value for name, value in asked.items() if value})
    context = {
        "own": queries.own(actor),
        "page": page,
        "asked": asked,
        "choices": queries.choices(actor),
        "kept": f"&{kept}" if kept else "",
        "rows": [pages.line(queries.deal_of(row), now) for row in page.object_list],
    }
    return render(request, "transactions/list.html", context)


@login_required
def make(request: HttpRequest) -> HttpResponse:
    """Show the form for an offer, and take it."""
    if request.method != "POST":
        return _form(request, {"lot": request.GET.get("lot", "")[:200]})
    typed = forms.typed(request)
    last = forms.day(typed.get("until", ""))
    try:
        done = operations.make_offer(
            actor=actor_of(request),
            lot_id=typed.get("lot", ""),
            buyer=typed.get("buyer", ""),
            expires_at=timezone.now() if last is None else forms.end_of(last),
            quantity_mg=mass_mg(typed.get("mass_kg", "")),
            reason=typed.get("reason", ""),
        )
    except RefusalError as refusal:
        if status_of(refusal) == 404:
            raise
        return _form(request, typed, refusal)
    messages.success(request, _("It is offered, and reserved until the offer ends."))
    return redirect("transactions:page", done.row.pk)


def _form(
    request: HttpRequest, typed: dict[str, str], refusal: RefusalError | None = None
) -> HttpResponse:
    own = queries.must_trade(actor_of(request))
    now = timezone.now()
    until = timezone.localdate() + datetime.timedelta(days=DAYS_OPEN)
    last = forms.last_day(now, queries.longest_open(own, now))
    codes = {one.code for one in refusal.findings} if refusal else set()
    context = {
        "lots": queries.lots_to_offer(own),
        "credits": queries.credits_to_offer(own),
        "buyers": queries.buyers(own),
        "typed": {"until": min(until, last or until).isoformat(), **typed},
        "last": last,
        "ends_badly": bool(codes & ENDS),
        "today": timezone.localdate(),
        "findings": [finding_shape(one) for one in refusal.findings] if refusal else [],
    }
    status = 200 if refusal is None else status_of(refusal)
    return render(request, "transactions/make.html", context, status=status)


@login_required
@require_safe
def page(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Show one transaction, as both parties see it, with what the reader may do now."""
    return _page(request, offer_id)


def _page(
    request: HttpRequest, offer_id: UUID, asked: str = "", refusal: RefusalError | None = None
) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    deal = queries.deal(actor, offer_id)
    kinds = queries.possible(actor, deal, now)
    context: dict[str, Any] = {
        "deal": deal,
        "row": deal.row,
        "state": words.STATES[deal.state(now)],
        "reserved": deal.core.reserved_on(now),
        "accepted": deal.core.accepted,
        "steps": pages.story(deal),
        "seen": len(deal.steps),
        "forms": [_step_form(kind, asked) for kind in kinds],
        "places": queries.places_of(queries.own(actor)),
        "typed": forms.typed(request) if refusal else {},
        "findings": [finding_shape(one) for one in refusal.findings] if refusal else [],
    }
    status = 200 if refusal is None else status_of(refusal)
    return render(request, "transactions/page.html", context, status=status)


def _step_form(kind: StepKind, asked: str) -> dict[str, Any]:
    label, _done, helps = words.STEPS[kind]
    first = kind in (StepKind.ACCEPT, StepKind.WITHDRAW, StepKind.EXPIRE)
    return {
        "kind": str(kind),
        "label": label,
        "help": helps,
        "open": first or asked == kind,
        "receives": kind in (StepKind.ACCEPT, StepKind.ACCEPT_PART),
        "part": kind is StepKind.ACCEPT_PART,
        "why": kind not in (StepKind.ACCEPT, StepKind.EXPIRE),
    }


@require_POST
@login_required
def step(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Take a step."""
    kind = forms.kind(request.POST.get("step", ""))
    if kind is None:
        refuse(IS_THERE_FOR_YOU, asked_for="step")
    try:
        operations.take_step(
            actor=actor_of(request),
            offer_id=offer_id,
            kind=kind,
            seen=forms.count(request.POST.get("seen", "")),
            reason=request.POST.get("reason", ""),
            quantity_mg=mass_mg(request.POST.get("mass_kg", "")),
            site=request.POST.get("site", ""),
        )
    except RefusalError as refusal:
        if status_of(refusal) == 404:
            raise
        return _page(request, offer_id, str(kind), refusal)
    messages.success(request, str(words.STEPS[kind][1]))
    return redirect("transactions:page", offer_id)


@login_required
@require_safe
def statement(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what an organisation had, what moved and what it has, for a period or for two."""
    first, last = forms.period(request.GET)
    known = forms.day(request.GET.get("known", ""))
    days = {"begin": first, "end": last, "known": known}
    other = forms.other_period(request.GET)
    if other is not None:
        days |= {"begin2": other[0], "end2": other[1]}
    asked = {name: one.isoformat() for name, one in days.items() if one is not None}
    context: dict[str, Any] = {
        "holder": queries.own_one(actor_of(request), slug),
        "asked": asked,
        "query": urlencode(asked),
    }
    try:
        drawn = _drawn(request, slug)
    except RefusalError as refusal:
        context["findings"] = [finding_shape(one) for one in refusal.findings]
        return render(request, "transactions/statement.html", context, status=422)
    context["statements"] = [pages.statement_page(one) for one in drawn]
    context["beside"] = pages.beside(drawn) if len(drawn) > 1 else ()
    return render(request, "transactions/statement.html", context)


@login_required
@require_safe
def statement_file(request: HttpRequest, slug: str, form: str) -> HttpResponseBase:
    """Hand out a statement as CSV or XLSX; of two periods each line says of which it is."""
    if form not in ("csv", "xlsx"):
        raise Http404
    drawn = _drawn(request, slug)
    columns = pages.COLUMNS if len(drawn) == 1 else (*pages.COLUMNS, "period")
    rows = [row | {"period": pages.period_of(one)} for one in drawn for row in pages.table(one)]
    if form == "csv":
        return stream("statement", "csv", columns, rows, licence="not public")
    cells = [[str(row[name]) for name in columns] for row in rows]
    content = workbook([Sheet("statement", columns, [24] * len(columns), cells)])
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="statement.xlsx"'
    return answer


def _drawn(request: HttpRequest, slug: str) -> tuple[Statement, ...]:
    known = forms.day(request.GET.get("known", ""))
    asked = [forms.period(request.GET), forms.other_period(request.GET)]
    return queries.statements_of(
        actor_of(request),
        slug,
        [(forms.begin_of(one[0]), forms.end_of(one[1])) for one in asked if one is not None],
        known_at=forms.end_of(known) - MOMENT if known else None,
    )

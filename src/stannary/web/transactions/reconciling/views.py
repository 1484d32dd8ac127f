"""Pages of reconciliations: choose the other party or hand its statement in, and see what differs."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from stannary.core.kernel import RefusalError
from stannary.formats.statements import BYTES_MAX, template
from stannary.web.project.idempotency import actor_of
from stannary.web.project.problems import finding_shape, status_of
from stannary.web.transactions import forms
from stannary.web.transactions import queries as transactions
from stannary.web.transactions.reconciling import operations, pages, queries

SHOWN = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what an organisation and another one booked with each other; take a statement in."""
    if request.method != "POST":
        return _index(request, slug, {}, 200)
    upload = request.FILES.get("file")
    if upload is None:
        return _index(request, slug, {"missing": True}, 422)
    first, last = forms.period(request.POST)
    try:
        row = operations.hand_in(
            actor=actor_of(request),
            slug=slug,
            counterparty=request.POST.get("with", "")[:200],
            begin=forms.begin_of(first),
            end=forms.end_of(last),
            name=upload.name or "",
            content=bytes(upload.read(BYTES_MAX + 1)),
            at=timezone.now(),
        )
    except RefusalError as refusal:
        if status_of(refusal) == 404:
            raise
        found = [finding_shape(one) for one in refusal.findings]
        return _index(request, slug, {"findings": found}, status_of(refusal))
    return redirect("transactions:reconciliation", slug, row.pk)


def _index(request: HttpRequest, slug: str, more: dict[str, Any], status: int) -> HttpResponse:
    actor = actor_of(request)
    those = transactions.own_one(actor, slug)
    sent = request.POST if request.method == "POST" else request.GET
    first, last = forms.period(sent)
    other = sent.get("with", "")[:200]
    context: dict[str, Any] = {
        "holder": those,
        "parties": queries.parties(those),
        "others": transactions.buyers([those]),
        "with": other,
        "first": first.isoformat(),
        "last": last.isoformat(),
        "files": queries.handed_in(actor, slug)[:SHOWN],
        **more,
    }
    if other and request.method != "POST":
        try:
            held = queries.by_register(
                actor, slug, other, begin=forms.begin_of(first), end=forms.end_of(last)
            )
        except RefusalError as refusal:
            if status_of(refusal) == 404:
                raise
            context["findings"] = [finding_shape(one) for one in refusal.findings]
            status = status_of(refusal)
        else:
            context |= pages.context(held)
    return render(request, "transactions/reconciling/index.html", context, status=status)


@login_required
@require_safe
def page(request: HttpRequest, slug: str, statement_id: UUID) -> HttpResponse:
    """Show our statement held against one that was handed in."""
    row = queries.one(actor_of(request), slug, statement_id)
    context = {
        "holder": row.holder,
        "row": row,
        "last": timezone.localtime(row.end) - forms.ONE,
        **pages.context(queries.against_file(row)),
    }
    return render(request, "transactions/reconciling/page.html", context)


@login_required
@require_safe
def blank(request: HttpRequest, slug: str) -> HttpResponse:
    """Hand out the table that the other party fills in, with our transactions in it."""
    those = transactions.own_one(actor_of(request), slug)
    first, last = forms.period(request.GET)
    other = request.GET.get("with", "")[:200]
    lines = []
    if other:
        them = queries.other_party(those, other)
        begin, end = forms.begin_of(first), forms.end_of(last)
        lines = queries.lines_between(those, them, begin, end)
    answer = HttpResponse(template(lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="statement-template.csv"'
    return answer

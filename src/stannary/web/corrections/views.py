"""Pages of findings: those of an engagement, one of them, and all that wait for the secretariat."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from stannary.core.kernel import RefusalError, refuse
from stannary.web.corrections import forms, operations, pages, queries, words
from stannary.web.corrections.forms import Trouble
from stannary.web.corrections.queries import Found, Stood
from stannary.web.cycle.pages import name as engagement_name
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.project.downloads import stream
from stannary.web.project.idempotency import actor_of
from stannary.web.project.problems import status_of

ROWS = 50
PART = 500
FILTERS = ("standing", "grade", "requirement")


def _asked(request: HttpRequest, *more: str) -> dict[str, str]:
    return {name: request.GET.get(name, "")[:80] for name in (*FILTERS, *more)}


def _query(asked: dict[str, str]) -> str:
    return urlencode({name: value for name, value in asked.items() if value})


@login_required
@require_safe
def index(request: HttpRequest, engagement_id: UUID) -> HttpResponse:
    """List the findings of an engagement, and offer the verdicts that may become some."""
    return _list(request, engagement_id)


def _list(
    request: HttpRequest, engagement_id: UUID, trouble: Trouble | None = None, status: int = 200
) -> HttpResponse:
    found = queries.findings(
        actor=actor_of(request), engagement_id=engagement_id, on=timezone.localdate()
    )
    asked = _asked(request, "drafts")
    fitting = pages.chosen(found.found, asked)
    page = Paginator(fitting, ROWS).get_page(request.GET.get("page"))
    context = {
        **pages.listed(found, asked, trouble),
        "name": engagement_name(found.held.row),
        "page": page,
        "rows": pages.lines(page.object_list),
        "count": len(fitting),
        "asked": asked,
        "query": _query({name: asked[name] for name in FILTERS}),
    }
    return render(request, "corrections/list.html", context, status=status)


@login_required
@require_safe
def as_csv(request: HttpRequest, engagement_id: UUID) -> HttpResponseBase:
    """Give the findings of an engagement, filtered as asked, as a table."""
    found = queries.findings(
        actor=actor_of(request), engagement_id=engagement_id, on=timezone.localdate()
    )
    rows = pages.table(pages.chosen(found.found, _asked(request)))
    return stream("findings", "csv", pages.COLUMNS, rows, licence="not public")


@require_POST
@login_required
def raise_one(request: HttpRequest, engagement_id: UUID) -> HttpResponse:
    """Raise a finding: from a verdict, or in words of one's own."""
    try:
        row = operations.raise_finding(
            actor=actor_of(request),
            engagement_id=engagement_id,
            requirement=request.POST.get("requirement", ""),
            grade=forms.grade(request.POST.get("grade", "")),
            text=request.POST.get("text", ""),
        )
    except RefusalError as refusal:
        status = status_of(refusal)
        if status == 404:
            raise
        trouble = Trouble("raise", refusal.findings, forms.typed(request))
        return _list(request, engagement_id, trouble, status)
    messages.success(request, gettext("The finding is raised."))
    return redirect("corrections:finding", engagement_id, row.number)


@login_required
@require_safe
def finding(request: HttpRequest, engagement_id: UUID, number: int) -> HttpResponse:
    """Show a finding with everything that was done about it, and what this person may do now."""
    return _finding(request, engagement_id, number)


def _finding(
    request: HttpRequest,
    engagement_id: UUID,
    number: int,
    trouble: Trouble | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    found = queries.findings(actor=actor, engagement_id=engagement_id, on=timezone.localdate())
    context = pages.one_finding(found, found.one(number), actor, trouble)
    context["name"] = engagement_name(found.held.row)
    return render(request, "corrections/finding.html", context, status=status)


@require_POST
@login_required
def step(request: HttpRequest, engagement_id: UUID, number: int) -> HttpResponse:
    """Take a step about a finding."""
    kind = forms.kind(request.POST.get("step", ""))
    if kind is None:
        refuse(IS_THERE_FOR_YOU, asked_for="step")
    try:
        operations.take_step(
            actor=actor_of(request),
            engagement_id=engagement_id,
            number=number,
            kind=kind,
            seen=forms.count(request.POST.get("seen", "")),
            said=forms.said(request.POST),
        )
    except RefusalError as refusal:
        status = status_of(refusal)
        if status == 404:
            raise
        trouble = Trouble(str(kind), refusal.findings, forms.typed(request))
        return _finding(request, engagement_id, number, trouble, status)
    messages.success(request, str(words.STEPS[kind][1]))
    return redirect("corrections:finding", engagement_id, number)


@login_required
@require_safe
def everywhere(request: HttpRequest) -> HttpResponse:
    """Show the secretariat every finding that is not closed, what is due first in front."""
    every = queries.waiting_everywhere(actor=actor_of(request), on=timezone.localdate())
    asked = _asked(request)
    fitting = pages.chosen(every, asked)
    page = Paginator(fitting, ROWS).get_page(request.GET.get("page"))
    context = {
        "counts": pages.counts(every),
        "page": page,
        "rows": [
            {**one, "name": engagement_name(one["row"].engagement)}
            for one in pages.lines(queries.in_full(list(page.object_list)))
        ],
        "count": len(fitting),
        "asked": asked,
        "query": _query(asked),
        "grades": forms.grades(),
    }
    return render(request, "corrections/everywhere.html", context)


@login_required
@require_safe
def everywhere_csv(request: HttpRequest) -> HttpResponseBase:
    """Give the findings that are not closed, filtered as asked, as a table."""
    every = queries.waiting_everywhere(actor=actor_of(request), on=timezone.localdate())
    rows = pages.table(_in_parts(pages.chosen(every, _asked(request))))
    return stream("findings", "csv", pages.COLUMNS, rows, licence="not public")


def _in_parts(those: Sequence[Stood]) -> Iterator[Found]:
    """Read findings whole while the table is sent, some hundred at a time."""
    for start in range(0, len(those), PART):
        yield from queries.in_full(those[start : start + PART])

"""Pages of a clerk's desk: what is in stock, forms to fill in, files and how far they have come."""

import datetime
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from stannary.core.kernel import RefusalError
from stannary.web.custody.desk import blanks, operations, queries, report, stock, takeaway, tasks
from stannary.web.custody.desk.forms import titles
from stannary.web.custody.models import FileStep, MovementFile
from stannary.web.custody.views import kind_names, model_name, weighed_names
from stannary.web.project.idempotency import actor_of
from stannary.web.project.problems import finding_shape, status_of

LOTS = 25
FILES = 20
SHOWN = 100
"""Findings on a page; the workbook has them all."""
AGAIN = datetime.timedelta(minutes=2)
"""After how long without a step a file can be taken up again by hand."""
SECONDS = 3
"""After how long the page of a file that waits loads itself anew."""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List who holds lots; those for whom the reader books come first."""
    own = queries.own(request.user)
    held = [one for one in queries.holders() if one not in own]
    return render(request, "custody/desk/holders.html", {"own": own, "holders": held})


@require_safe
def stock_of(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what an organisation holds, and what may be claimed of each lot today.

    What came of each lot and what offers reserve is shown to those who may see its accounts.
    """
    those, inside = queries.to_see(actor=request.user, slug=slug)
    held = queries.stock(those.name)
    page = Paginator(held, LOTS).get_page(request.GET.get("page"))
    figures = stock.figures(those.name) if inside else stock.figures_for_all(held)
    sums = stock.sums(held.values_list("lot_id", "material", "model", "element"), figures)
    context = {
        "holder": those,
        "inside": inside,
        "page": page,
        "lots": [(lot, model_name(lot.model), figures[lot.lot_id]) for lot in page.object_list],
        "sums": [(one, model_name(one.model)) for one in sums],
        "books": queries.books_for(request.user, those),
        "movement_forms": _forms(takeaway.MOVEMENTS),
        "lot_forms": _forms(takeaway.LOTS),
    }
    return render(request, "custody/desk/stock.html", context)


def _forms(forms: tuple[str, ...]) -> list[tuple[str, str]]:
    names = {"csv": "CSV", "xlsx": "XLSX", "parquet": "Parquet", "json": "JSON"}
    return [(form, names[form]) for form in forms]


@require_safe
def movements(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """Hand out what an organisation has recorded."""
    those, _inside = queries.to_see(actor=request.user, slug=slug)
    if form not in takeaway.MOVEMENTS:
        raise Http404
    return takeaway.movements(those, form)


@require_safe
def lots(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """Hand out the lots that an organisation made or holds."""
    those, _inside = queries.to_see(actor=request.user, slug=slug)
    if form not in takeaway.LOTS:
        raise Http404
    return takeaway.lots(those, form)


@login_required
@require_safe
def blank(request: HttpRequest, slug: str, task: str, form: str) -> HttpResponse:
    """Hand out a form to fill in."""
    those = queries.to_book_for(actor=request.user, slug=slug)
    if task not in blanks.BY_CODE or form not in blanks.FORMS:
        raise Http404
    return blank_file(those.name, task, form)


def blank_file(name: str, task: str, form: str) -> HttpResponse:
    """Answer with a form to fill in, as a file."""
    wanted = blanks.BY_CODE[task]
    content = blanks.csv_of(wanted, name) if form == "csv" else blanks.workbook_of(wanted, name)
    return takeaway.file(task, form, content)


@login_required
def files(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a file in, and list those that were handed in."""
    actor = actor_of(request)
    those = queries.to_book_for(actor=actor, slug=slug)
    findings: list[dict[str, object]] = []
    status = 200
    if request.method == "POST":
        upload = request.FILES.get("file")
        if upload is None:
            return _files(request, slug, {"missing": True}, 422)
        content = bytes(upload.read(report.LIMITS.max_bytes + 1))
        try:
            row, is_new = operations.hand_in(
                actor=actor,
                slug=those.slug,
                name=upload.name or "",
                content=content,
                at=timezone.now(),
            )
        except RefusalError as refusal:
            findings = [finding_shape(one) for one in refusal.findings]
            status = status_of(refusal)
        else:
            if is_new:
                tasks.start_check(row)
            else:
                messages.info(request, _("This file was handed in before: here is how it stands."))
            return redirect("stock:file", slug=slug, file_id=row.file_id)
    return _files(request, slug, {"findings": findings}, status)


def _files(request: HttpRequest, slug: str, more: dict[str, Any], status: int) -> HttpResponse:
    those = queries.to_book_for(actor=request.user, slug=slug)
    found = queries.files(actor=request.user, slug=slug)
    page = Paginator(found, FILES).get_page(request.GET.get("page"))
    states = queries.standings(page.object_list)
    words = dict(FileStep.Kind.choices)
    context = {
        "holder": those,
        "tasks": blanks.TASKS,
        "movements": titles(),
        "page": page,
        "files": [(row, words[states[row.pk]]) for row in page.object_list],
        "kept": operations.KEPT.days,
        **more,
    }
    return render(request, "custody/desk/files.html", context, status=status)


@login_required
@require_safe
def file(request: HttpRequest, slug: str, file_id: uuid.UUID) -> HttpResponse:
    """Show how far a file has come, what it would come to, and what is wrong with it."""
    row = queries.file(actor=request.user, slug=slug, file_id=file_id)
    return _file(request, row, 200)


def _file(
    request: HttpRequest, row: MovementFile, status: int, refusal: RefusalError | None = None
) -> HttpResponse:
    now = queries.standing(row)
    found = report.kept(now.checked.report) if now.checked else {}
    kinds = kind_names() | weighed_names()
    told = queries.progress(row, now)
    heard_at = max(now.last.at, told.at) if told else now.last.at
    context = {
        "holder": row.organisation,
        "file": row,
        "now": now,
        "stages": (steps := stages(now)),
        "done": sum(1 for one in steps if one["at"]),
        "seconds": SECONDS,
        "slow": now.waits and timezone.now() - heard_at > AGAIN,
        "told": told,
        "report": found,
        "kinds": [(kinds.get(name, name), count) for name, count in found.get("kinds", {}).items()],
        "findings": report.shapes(found)[:SHOWN],
        "marks": report.shapes(found, "marks")[:SHOWN],
        "shown": SHOWN,
        "refused": [finding_shape(one) for one in refusal.findings] if refusal else [],
        "made": report.shown(found, "made"),
        "used": report.shown(found, "used"),
        "moved": [
            (one, kinds.get(one["kind"], one["kind"])) for one in report.shown(found, "moved")
        ],
        "may_book": queries.may_be_booked(now, found),
        "since": 0 if now.waits or now.booked else queries.booked_since(found),
        "booking": getattr(row, "booking", None) if now.booked else None,
    }
    return render(request, "custody/desk/file.html", context, status=status)


def stages(now: queries.Standing) -> list[dict[str, Any]]:
    """Give the stages that a file goes through since it was last asked about, and when each was.

    Read, checked, booked: as a list that says the same as a bar of progress.
    """
    latest: dict[str, datetime.datetime] = {}
    for step in now.steps:
        if step.kind == FileStep.Kind.ASKED:
            latest = {}
        latest[step.kind] = step.at
    kinds = FileStep.Kind
    return [
        {"word": _("read"), "at": latest.get(kinds.READ)},
        {"word": _("checked"), "at": latest.get(kinds.CHECKED)},
        {"word": _("confirmed by a clerk"), "at": latest.get(kinds.CONFIRMED)},
        {"word": _("booked"), "at": latest.get(kinds.BOOKED)},
    ]


@require_POST
@login_required
def book(request: HttpRequest, slug: str, file_id: uuid.UUID) -> HttpResponse:
    """Book a file as it was looked at."""
    sent = request.POST.get("sha256", "")[:100]
    try:
        row = operations.confirm(
            actor=actor_of(request), slug=slug, file_id=file_id, sha256=sent, at=timezone.now()
        )
    except RefusalError as refusal:
        row = queries.file(actor=request.user, slug=slug, file_id=file_id)
        return _file(request, row, status_of(refusal), refusal)
    tasks.start_booking(row)
    return redirect("stock:file", slug=slug, file_id=file_id)


@require_POST
@login_required
def again(request: HttpRequest, slug: str, file_id: uuid.UUID) -> HttpResponse:
    """Check a file again; or, if it was confirmed and nothing happens, try to book it again."""
    actor = actor_of(request)
    row = queries.file(actor=actor, slug=slug, file_id=file_id)
    now = queries.standing(row)
    if now.last.kind in (FileStep.Kind.CONFIRMED, FileStep.Kind.BOOKING):
        tasks.start_booking(row)
    elif not now.booked:
        row = operations.check_again(actor=actor, slug=slug, file_id=file_id, at=timezone.now())
        tasks.start_check(row)
    return redirect("stock:file", slug=slug, file_id=file_id)


@login_required
@require_safe
def problems(request: HttpRequest, slug: str, file_id: uuid.UUID) -> HttpResponse:
    """Hand out the rows of a file with their problems beside them."""
    row = queries.file(actor=request.user, slug=slug, file_id=file_id)
    now = queries.standing(row)
    if now.checked is None:
        raise Http404
    found = report.kept(now.checked.report)
    lines = report.lines_of(bytes(row.content), row.name, found)
    content = report.problems_workbook(lines, found, (_("row"), _("problems")))
    return takeaway.file("problems", "xlsx", content)

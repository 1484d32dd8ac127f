"""Pages of two results beside each other, and of correcting one."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from stannary.core.kernel import Finding, RefusalError
from stannary.core.publications import redline_as_dict
from stannary.web.assessments import words
from stannary.web.assessments.views import actor_of
from stannary.web.project.problems import finding_shape, status_of
from stannary.web.publications import changes, operations, queries, records, rules
from stannary.web.publications.models import PublishedResult
from stannary.web.publications.operations import Corrected
from stannary.web.publications.pages import RATINGS
from stannary.web.standards import queries as standards

FOR_A_DAY = "public, max-age=86400"
ROWS = 3
"""Empty rows for verdicts that a form offers; what is sent with more is read as well."""
ROWS_MAX = 100


@require_safe
def page(request: HttpRequest, result_id: uuid.UUID, other_id: uuid.UUID) -> HttpResponse:
    """Show what differs between two results of a site, old and new side by side."""
    before, after = queries.two_results(result_id, other_id)
    return render(request, "publications/changes.html", _context(before, after))


@require_safe
def content(_request: HttpRequest, result_id: uuid.UUID, other_id: uuid.UUID) -> HttpResponse:
    """Give what differs between two results as JSON; it never changes."""
    before, after = queries.two_results(result_id, other_id)
    response = JsonResponse(redline_as_dict(changes.redline_of(before, after)))
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = FOR_A_DAY
    return response


def _context(before: PublishedResult, after: PublishedResult) -> dict[str, Any]:
    those = changes.changes(before, after)
    base = reverse("standards:list") + those.redline.after.standard + "/"
    about = those.redline.after.about
    own = about is not None and after.corrects_id == before.pk
    return {
        "before": before,
        "after": after,
        "shown": those,
        "notice": about.notice if about is not None and own else None,
        "groups": tuple(changes.groups(those, base)),
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, result_id: uuid.UUID) -> HttpResponse:
    """Ask what was wrong, show what the correction would say, and publish it when confirmed."""
    row = queries.result_to_correct(actor=actor_of(request), result_id=result_id)
    if request.method != "POST":
        return _form(request, row, ())
    asked = _asked(request)
    try:
        draft = operations.correction(row, published_on=timezone.localdate(), **asked)
        if request.POST.get("confirm") != "yes":
            refused = (Finding(rules.PUBLISHED_WITH_INTENT),) if "publish" in request.POST else ()
            drafted = records.drafted_row(draft, row)
            return _form(request, row, refused, drafted=drafted, status=422 if refused else 200)
        made = operations.correct(
            actor=actor_of(request),
            base_id=result_id,
            published_on=timezone.localdate(),
            **asked,
        )
    except RefusalError as refusal:
        return _form(request, row, refusal.findings, status=status_of(refusal))
    messages.success(request, gettext("Corrected. The result before it stays public beside it."))
    return redirect("results:page", made.result_id)


def _asked(request: HttpRequest) -> dict[str, Any]:
    names, ratings, reasons = (
        request.POST.getlist(name)[:ROWS_MAX] for name in ("requirement", "rating", "why")
    )
    rows = zip(names, ratings, reasons, strict=False)
    return {
        "reason": request.POST.get("reason", ""),
        "fresh": request.POST.get("fresh") == "yes",
        "verdicts": [
            Corrected(name.strip(), rating, why) for name, rating, why in rows if name.strip()
        ],
    }


def _form(
    request: HttpRequest,
    row: PublishedResult,
    refused: tuple[Finding, ...],
    *,
    drafted: PublishedResult | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = _asked(request)
    empty = Corrected("", "", "")
    rows = [*asked["verdicts"], *[empty] * (1 if asked["verdicts"] else ROWS)]
    edition = words.here(standards.edition(row.standard))
    context = {
        "row": row,
        "result": records.result_of(row),
        "asked": asked,
        "rows": rows,
        "requirements": edition.requirements,
        "ratings": [(str(one), words.rating_word(one)) for one in RATINGS],
        "refused": [finding_shape(finding) for finding in refused],
        "drafted": _context(row, drafted) if drafted is not None else None,
    }
    return render(request, "publications/correct.html", context, status=status)

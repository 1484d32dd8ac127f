"""Public pages of results and their files; the preview before publishing, for the firm alone."""

import datetime
import uuid
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from stannary.core.kernel import Finding, RefusalError
from stannary.core.standards import Rating
from stannary.formats.results import ratings_csv
from stannary.web.assessments import queries as assessments
from stannary.web.assessments import words
from stannary.web.assessments.views import actor_of
from stannary.web.project.problems import finding_shape, status_of
from stannary.web.publications import operations, pages, queries, records, report, rules, table
from stannary.web.publications.models import PublishedResult
from stannary.web.publications.queries import Preview

FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_DAY = "public, max-age=86400"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List every result that was published here."""
    return render(
        request,
        "publications/list.html",
        {"results": queries.titled(queries.results().defer(*queries.HEAVY))},
    )


@require_safe
def page(request: HttpRequest, result_id: uuid.UUID) -> HttpResponse:
    """Show one result with every requirement, its reason and evidence."""
    row = queries.result(result_id)
    shown = pages.shown(row)
    rating = request.GET.get("rating", "")
    rating = rating if rating in {str(one) for one in Rating} else ""
    critical = request.GET.get("critical") == "yes"
    found = pages.lines(shown, rating=rating, critical=critical)
    base = reverse("standards:list") + shown.result.standard + "/"
    labels = table.Labels(base)
    return render(
        request,
        "publications/page.html",
        {
            "row": row,
            "shown": shown,
            "result": shown.result,
            "edition": shown.edition,
            "standard_page": base,
            "counts": [
                (
                    str(one),
                    words.rating_word(one),
                    count,
                    Fraction(count, len(shown.result.verdicts)),
                )
                for one, count in shown.counts
            ],
            "chosen": {"rating": rating, "critical": critical},
            "found": len(found),
            "chapters": shown.chapters,
            "bars": shown.bars,
            "groups": [
                (chapter, tally, table.rows(those, labels))
                for chapter, tally, those in pages.by_chapter(shown, found)
            ],
        },
    )


@require_safe
def content(request: HttpRequest, result_id: uuid.UUID) -> HttpResponse:
    """Give the result exactly as it was hashed, signed and logged."""
    row = queries.result(result_id)
    return _file(request, row, row.content.encode(), "application/json", "json", etag=row.sha256)


@require_safe
def ratings(request: HttpRequest, result_id: uuid.UUID) -> HttpResponse:
    """Give the ratings as a table that `stannary score` reads."""
    row = queries.result(result_id)
    body = ratings_csv(records.result_of(row)).encode()
    return _file(request, row, body, "text/csv; charset=utf-8", "csv", etag=f"{row.sha256}-csv")


@require_safe
def bundle(request: HttpRequest, result_id: uuid.UUID) -> HttpResponse:
    """Give the file with which anybody checks the result without this site."""
    row = queries.result(result_id)
    body = records.result_file(row).encode()
    etag = f"{row.sha256}-bundle"
    return _file(request, row, body, "application/json", "result.json", etag=etag)


@require_safe
def pdf(request: HttpRequest, result_id: uuid.UUID) -> HttpResponse:
    """Give the report as PDF, tagged, in the language of the address."""
    row = queries.result(result_id)
    language = get_language() or "en"
    etag = quote_etag(f"{row.sha256}-{language}-{report.version()}")
    same = get_conditional_response(request, etag=etag)
    if same is not None:
        return same
    response = _file(request, row, report.pdf(row), "application/pdf", "pdf", etag="")
    response["ETag"] = etag
    response["Cache-Control"] = FOR_A_DAY
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _file(
    request: HttpRequest, row: PublishedResult, body: bytes, kind: str, form: str, *, etag: str
) -> HttpResponse:
    """Answer with a file that never changes; a caller who has it is told so."""
    response = HttpResponse(body, content_type=kind)
    place = "inline" if form == "pdf" else "attachment"
    response["Content-Disposition"] = f'{place}; filename="{row.result_id}.{form}"'
    response["Cache-Control"] = FOR_EVER
    response["Access-Control-Allow-Origin"] = "*"
    response["Link"] = '<https://creativecommons.org/publicdomain/zero/1.0/>; rel="license"'
    if not etag:
        return response
    response["ETag"] = quote_etag(etag)
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Show what would be public and what is missing; publish when it is confirmed."""
    actor = actor_of(request)
    today = timezone.localdate()
    those = assessments.assessment(actor=actor, assessment_id=assessment_id)
    published = queries.results_of_assessments([those]).get(those.pk)
    if published is not None:
        return redirect("results:page", published.result_id)
    if request.method != "POST":
        found = queries.preview(actor=actor, assessment_id=assessment_id, published_on=today)
        return _preview(request, found, today, ())
    if request.POST.get("confirm") != "yes":
        found = queries.preview(actor=actor, assessment_id=assessment_id, published_on=today)
        return _preview(request, found, today, (Finding(rules.PUBLISHED_WITH_INTENT),), status=422)
    try:
        row = operations.publish(actor=actor, assessment_id=assessment_id, published_on=today)
    except RefusalError as refusal:
        found = queries.preview(actor=actor, assessment_id=assessment_id, published_on=today)
        status = status_of(refusal)
        return _preview(request, found, today, refusal.findings, status=status)
    messages.success(request, gettext("Published. Everybody can read and check it now."))
    return redirect("results:page", row.result_id)


def _preview(
    request: HttpRequest,
    found: Preview,
    today: datetime.date,
    refused: tuple[Finding, ...],
    *,
    status: int = 200,
) -> HttpResponse:
    edition = words.here(found.standing.edition)
    missing = [_missing(finding, found) for finding in found.findings]
    other = [one for one in refused if one not in found.findings]
    context = {
        "assessment": found.standing.assessment,
        "standing": found.standing,
        "edition": edition,
        "level": edition.level_by_code.get(found.standing.score.level.code or ""),
        "bars": words.bars(found.standing.score, edition),
        "missing": missing,
        "refused": [finding_shape(finding) for finding in other],
        "today": today,
        "ready": not found.findings,
    }
    return render(request, "publications/publish.html", context, status=status)


def _missing(finding: Finding, found: Preview) -> dict[str, Any]:
    """Give a finding of the preview with the requirement to go to, where it has one."""
    shape: dict[str, Any] = finding_shape(finding)
    name = finding.facts.get("requirement", "")
    requirement = words.here(found.standing.edition).requirement_by_id.get(name)
    shape["requirement"] = requirement
    if requirement is not None and name in found.standing.newest:
        shape["rating"] = words.rating_word(found.standing.newest[name].rating)
    return shape

"""Public pages of results; the preview before publishing, for the firm alone."""

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
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from stannary.core.kernel import Finding, RefusalError
from stannary.core.scores import score
from stannary.core.standards import Rating
from stannary.web.assessments import derivation, words
from stannary.web.assessments import queries as assessments
from stannary.web.assessments.views import actor_of
from stannary.web.project.problems import finding_shape, status_of
from stannary.web.publications import (
    operations,
    pages,
    pages_about,
    profile,
    queries,
    records,
    rules,
    table,
)
from stannary.web.publications.queries import Preview
from stannary.web.standards import queries as standards


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
            "beside": pages_about.beside(
                row,
                shown.result.about,
                edition=shown.edition,
                versions=queries.versions(row),
                before=queries.before(row),
            ),
            "profile": profile.chart(shown),
            "may_correct": queries.may_correct(request.user, row),
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
def derived(request: HttpRequest, result_id: uuid.UUID) -> HttpResponse:
    """Work the level of a result out from every requirement's points, as they are published."""
    row = queries.result(result_id)
    result = records.result_of(row)
    original = standards.edition(result.standard)
    sheet = records.sheet_of(result, original)
    edition = words.here(original)
    computed = score(sheet, as_of=result.as_of)
    return render(
        request,
        "publications/derivation.html",
        {
            "row": row,
            "result": result,
            "edition": edition,
            "outcome": computed.level,
            "derived": derivation.derivation(sheet, computed, edition),
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Show what would be public and what is missing; publish when it is confirmed."""
    actor = actor_of(request)
    today = timezone.localdate()
    those = assessments.assessment(actor=actor, assessment_id=assessment_id)
    published = queries.results_of_assessments([those]).get(those.pk)
    if published is not None and not queries.may_be_published(those):
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
        "release": found.release,
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

"""Pages of evidence: the list of an engagement, one item with its versions, handing in, files."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from stannary.core.cycle import Action
from stannary.core.evidence import Visibility
from stannary.core.kernel import RefusalError, refuse
from stannary.web.cycle import queries as cycle
from stannary.web.cycle.pages import name as engagement_name
from stannary.web.evidence import files, forms, operations, pages, queries, words
from stannary.web.evidence.models import EvidenceVersion
from stannary.web.evidence.queries import Evidence
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.project.idempotency import actor_of
from stannary.web.project.problems import finding_shape, status_of

ROWS = 50
FILTERS = ("visibility", "requirement", "by")
POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
"""What a browser may do with a file that somebody handed in, should it ever show one: nothing."""


def _to_sign_in(request: HttpRequest, refusal: RefusalError) -> HttpResponse:
    """Send who is not signed in to the door, whether there is something behind it or not."""
    if request.user.is_authenticated or status_of(refusal) != 404:
        raise refusal
    return redirect_to_login(request.get_full_path())


@require_safe
def index(request: HttpRequest, engagement_id: UUID) -> HttpResponse:
    """List the evidence of an engagement, item by item or requirement by requirement."""
    try:
        found = queries.evidence(actor=request.user, engagement_id=engagement_id)
    except RefusalError as refusal:
        return _to_sign_in(request, refusal)
    asked = {name: request.GET.get(name, "")[:80] for name in FILTERS}
    items = pages.chosen(found, asked)
    every = (
        pages.by_requirement(found, items)
        if asked["by"] == "requirement"
        else [pages.line(one) for one in items]
    )
    page = Paginator(every, ROWS).get_page(request.GET.get("page"))
    context = {
        "found": found,
        "name": engagement_name(found.row),
        "page": page,
        "count": len(items),
        "asked": asked,
        "query": urlencode({key: value for key, value in asked.items() if value}),
        "visibilities": [(str(one), words.VISIBILITIES[one]) for one in Visibility],
    }
    return render(request, "evidence/list.html", context)


@require_safe
def item(request: HttpRequest, engagement_id: UUID, item_id: UUID) -> HttpResponse:
    """Show one item: its newest version, those before it, its twin."""
    try:
        found = queries.evidence(actor=request.user, engagement_id=engagement_id)
        one = found.item(item_id)
    except RefusalError as refusal:
        return _to_sign_in(request, refusal)
    context = pages.item(found, one)
    return render(request, "evidence/item.html", {**context, "name": engagement_name(found.row)})


@require_safe
def download(
    request: HttpRequest, engagement_id: UUID, item_id: UUID, version_id: UUID
) -> HttpResponseBase:
    """Give a file as it was kept, to be saved and not shown."""
    try:
        row = queries.version(
            actor=request.user,
            engagement_id=engagement_id,
            item_id=item_id,
            version_id=version_id,
        )
    except RefusalError as refusal:
        return _to_sign_in(request, refusal)
    return file_response(row)


def file_response(row: EvidenceVersion) -> HttpResponseBase:
    """Give the file of a version that the person may read.

    Raises:
        RefusalError: PARTY-001 if it is a link. EVIDENCE-020 if the file is missing or changed.
    """
    if row.kind != "file":
        refuse(IS_THERE_FOR_YOU, asked_for="file")
    is_text = row.media_type == "text/plain"
    answer = FileResponse(
        files.opened(row.sha256),
        as_attachment=True,
        filename=pages.name_of(row),
        content_type=f"{row.media_type}; charset=utf-8" if is_text else row.media_type,
    )
    answer["Content-Security-Policy"] = POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-cache"
    answer["Repr-Digest"] = f"sha-256=:{files.digest_in_base64(row.sha256)}:"
    return answer


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: HttpRequest, engagement_id: UUID) -> HttpResponse:
    """Hand in something new."""
    found = _evidence_to_add_to(request, engagement_id)
    blank = forms.blank(request.GET.get("requirement", ""))
    return _form(
        request,
        found,
        {"title": gettext("Hand in evidence")},
        blank,
        lambda: operations.hand_in(
            actor=actor_of(request), engagement_id=engagement_id, given=forms.given(request)
        ),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: HttpRequest, engagement_id: UUID, item_id: UUID) -> HttpResponse:
    """Hand in a new version of an item."""
    found = _evidence_to_add_to(request, engagement_id)
    newest = found.item(item_id).newest
    what = {
        "title": gettext("Hand in a new version"),
        "revised": pages.version(newest),
        "seen": request.POST.get("seen", str(newest.pk)),
    }
    return _form(
        request,
        found,
        what,
        forms.of_version(newest),
        lambda: operations.revise(
            actor=actor_of(request),
            engagement_id=engagement_id,
            item_id=item_id,
            previous=_uuid(request.POST.get("seen", "")),
            given=forms.given(request),
        ),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def twin(request: HttpRequest, engagement_id: UUID, item_id: UUID) -> HttpResponse:
    """Hand in the redacted twin of an item."""
    found = _evidence_to_add_to(request, engagement_id)
    original = found.item(item_id).newest
    values = {**forms.of_version(original), "visibility": str(Visibility.PUBLIC), "link": ""}
    what = {
        "title": gettext("Hand in a redacted twin"),
        "redacted": pages.version(original),
    }
    return _form(
        request,
        found,
        what,
        values,
        lambda: operations.hand_in_twin(
            actor=actor_of(request),
            engagement_id=engagement_id,
            original_id=item_id,
            given=forms.given(request),
        ),
    )


def _evidence_to_add_to(request: HttpRequest, engagement_id: UUID) -> Evidence:
    """Give the evidence to somebody who may add to it; refuse everybody else before the form."""
    actor = actor_of(request)
    found = queries.evidence(actor=actor, engagement_id=engagement_id)
    cycle.engagement(actor=actor, engagement_id=engagement_id, action=Action.ADD_EVIDENCE)
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        refuse(IS_THERE_FOR_YOU, version=text[:40])


def _form(
    request: HttpRequest,
    found: Evidence,
    what: Mapping[str, object],
    values: Mapping[str, str],
    keep: Callable[[], EvidenceVersion],
) -> HttpResponse:
    """Show the form, or do what it asks for; where that is refused, show the reasons and it."""
    status = 200
    findings: list[dict[str, object]] = []
    if request.method == "POST":
        try:
            row = keep()
        except RefusalError as refusal:
            status = status_of(refusal)
            if status == 404:
                raise
            findings = [finding_shape(one) for one in refusal.findings]
            values = forms.typed(request)
        else:
            messages.success(request, gettext("Your evidence is kept."))
            return redirect("evidence:item", found.row.pk, row.item)
    context = {
        **what,
        **forms.choices(values),
        "found": found,
        "name": engagement_name(found.row),
        "findings": findings,
    }
    return render(request, "evidence/hand_in.html", context, status=status)

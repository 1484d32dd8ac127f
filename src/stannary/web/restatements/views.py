"""What a correction, or an attestation or certificate that falls away, would touch; and to book it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from stannary.core.attestations import Status
from stannary.core.custody import CertificateStatus, Row, weighed_as
from stannary.core.kernel import RefusalError
from stannary.formats.movements_tables import mass_mg
from stannary.web.custody.views import kind_names, weighed_names
from stannary.web.project.idempotency import actor_of
from stannary.web.project.problems import finding_shape, status_of
from stannary.web.restatements import operations, pages, queries, words
from stannary.web.restatements.queries import Known, Told, Wanted
from stannary.web.transactions import forms

ASKED = (
    "lot", "mass_kg", "content_kg", "gone", "attestation", "certificate", "status", "on",
    "find", "group",
)  # fmt: skip
ROWS = 25
"""Records on a page of the search."""


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Ask what would be touched, and show it: lots, balances, sales, claims, people, remedies."""
    return _page(request, request.GET)


def _page(
    request: HttpRequest, sent: QueryDict, refusal: RefusalError | None = None
) -> HttpResponse:
    actor = actor_of(request)
    known = queries.known(actor)
    asked = {name: sent.get(name, "")[:200] for name in ASKED}
    context: dict[str, Any] = {
        "asked": asked,
        "groups": words.GROUPS,
        **_record_or_search(known, asked, sent.get("page", "")),
        "attestations": queries.attestations_known(),
        "certificates": queries.certificates_known(),
        "reason": sent.get("reason", "")[:2000],
        "refused": [finding_shape(one) for one in refusal.findings] if refusal else [],
    }
    status = 200 if refusal is None else status_of(refusal)
    try:
        told = _told(request, asked, known)
    except RefusalError as wrong:
        if status_of(wrong) == 404:
            raise
        context["findings"] = [finding_shape(one) for one in wrong.findings]
        return render(request, "restatements/page.html", context, status=422)
    if told is not None:
        context |= pages.shown(told)
        by_record = not (asked["attestation"] or asked["certificate"])
        context["may_book"] = by_record and not told.against
        context["against"] = [finding_shape(one) for one in told.against]
        context["earlier"] = _earlier(known, asked["lot"]) if by_record else ()
    return render(request, "restatements/page.html", context, status=status)


def _record_or_search(known: Known, asked: dict[str, str], page: str) -> dict[str, Any]:
    """Give the record that was chosen, or else one page of those to choose from."""
    if asked["lot"]:
        return {"chosen": _option(queries.row_of(known, asked["lot"]))}
    found = queries.records_found(asked["find"].strip(), asked["group"])
    those = Paginator(found, ROWS).get_page(page)
    kept = urlencode({name: asked[name] for name in ("find", "group") if asked[name]})
    rows = [_option(row) for row in queries.rows_now(known, those.object_list)]
    return {"page": those, "kept": f"&{kept}" if kept else "", "rows": rows}


def _option(row: Row) -> dict[str, Any]:
    kinds = kind_names() | weighed_names()
    kind = str(weighed_as(row) or row.kind)
    return {"key": queries.key_of(row), "row": row, "kind": kinds.get(kind, kind)}


def _earlier(known: Known, key: str) -> Any:
    return queries.corrections_of(queries.row_of(known, key).event)


def wanted_in(sent: Any) -> Wanted:
    """Read what a record should have been.

    Raises:
        RefusalError: CUSTODY-035 or KERNEL-001 for what is no mass.
    """
    return Wanted(
        key=sent.get("lot", "")[:300],
        mass_mg=mass_mg(sent.get("mass_kg", "")),
        content_mg=mass_mg(sent.get("content_kg", "")),
        annul=bool(sent.get("gone")),
    )


def _told(request: HttpRequest, asked: dict[str, str], known: Known) -> Told | None:
    day = forms.day(asked["on"]) or timezone.localdate()
    gone = asked["status"] == str(Status.WITHDRAWN)
    if asked["attestation"]:
        status = Status.WITHDRAWN if gone else Status.SUSPENDED
        return queries.of_attestation(known, asked["attestation"], status, day)
    if asked["certificate"]:
        worth = CertificateStatus.WITHDRAWN if gone else CertificateStatus.SUSPENDED
        return queries.of_certificate(known, asked["certificate"], worth, day)
    wanted = wanted_in(asked)
    if not wanted.key or not wanted.changes:
        return None
    return queries.of_record(actor_of(request), known, wanted, timezone.now())


@require_POST
@login_required
def book(request: HttpRequest) -> HttpResponse:
    """Book a correction that was looked at."""
    try:
        operations.correct(
            actor=actor_of(request),
            wanted=wanted_in(request.POST),
            reason=request.POST.get("reason", ""),
        )
    except RefusalError as refusal:
        if status_of(refusal) == 404:
            raise
        return _page(request, request.POST, refusal)
    messages.success(request, _("The correction is booked. It counts from now on, and both stay."))
    return redirect("restatements:page")

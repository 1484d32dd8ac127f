"""One page: what a correction, or an attestation that falls away, would touch. It books nothing."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from stannary.core.attestations import Status
from stannary.core.custody import Row
from stannary.core.kernel import RefusalError, refuse
from stannary.core.restatements import Books, Effects, Field
from stannary.formats.movements_tables import mass_mg
from stannary.web.custody.views import share_text
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.project.idempotency import actor_of
from stannary.web.project.problems import finding_shape, status_of
from stannary.web.restatements import queries, words
from stannary.web.transactions import forms

ASKED = ("lot", "mass_kg", "content_kg", "gone", "attestation", "status", "on")
SHOWN = 200


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Ask what would be touched, and show it: lots, balances, sales, claims, people, remedies."""
    books = queries.books(actor_of(request))
    asked = {name: request.GET.get(name, "")[:200] for name in ASKED}
    rows = queries.rows_to_ask_about(books, asked["lot"])
    context: dict[str, Any] = {
        "asked": asked,
        "lots": rows,
        "attestations": sorted(books.achievements),
        "statuses": [str(Status.SUSPENDED), str(Status.WITHDRAWN)],
    }
    try:
        found = _effects(asked, rows, books)
    except RefusalError as refusal:
        if status_of(refusal) == 404:
            raise
        context["findings"] = [finding_shape(one) for one in refusal.findings]
        return render(request, "restatements/page.html", context, status=422)
    if found is not None:
        context |= _shown(found)
    return render(request, "restatements/page.html", context)


def _effects(asked: dict[str, str], rows: list[Row], books: Books) -> Effects | None:
    if asked["attestation"]:
        day = forms.day(asked["on"]) or timezone.localdate()
        gone = asked["status"] == str(Status.WITHDRAWN)
        status = Status.WITHDRAWN if gone else Status.SUSPENDED
        return queries.of_attestation(books, asked["attestation"], status, day)
    wanted: dict[Field, str] = {}
    for name, field in (("mass_kg", Field.MASS), ("content_kg", Field.CONTENT)):
        typed = mass_mg(asked[name])
        if typed is not None:
            wanted[field] = str(typed)
    if not asked["lot"] or not (wanted or asked["gone"]):
        return None
    row = next((one for one in rows if one.lot == asked["lot"]), None)
    if row is None:
        refuse(IS_THERE_FOR_YOU, lot=asked["lot"])
    return queries.of_record(books, row, {} if asked["gone"] else wanted, timezone.now())


def _shown(found: Effects) -> dict[str, Any]:
    """Give effects as the page says them; a sale and a claim are called after their lot."""
    lot_of = {one.transaction.terms.id: one.transaction.terms.item for one in found.sales}
    lot_of |= {one.made.claim.id: one.made.claim.lot for one in found.claims}
    return {
        "effects": found,
        "nothing": not (found.lots or found.findings),
        "touched": [
            {
                "one": one,
                "covered": share_text(one.after.covered),
                "remedies": [words.REMEDIES[remedy] for remedy in one.remedies],
            }
            for one in found.lots[:SHOWN]
        ],
        "sales": [
            {"one": one, "remedies": [words.REMEDIES[remedy] for remedy in one.remedies]}
            for one in found.sales
        ],
        "claims": [
            {
                "one": one,
                "id": one.made.claim.id.removeprefix("urn:uuid:"),
                "claimed": share_text(one.made.claim.share),
                "before": share_text(one.supported_before),
                "after": share_text(one.supported_after),
                "remedies": [words.REMEDIES[remedy] for remedy in one.remedies],
            }
            for one in found.claims
        ],
        "told": [
            {
                "who": one.entity,
                "role": words.ROLES[one.role],
                "about": sorted({lot_of.get(name, name) for name in one.about})[:8],
                "more": max(0, len({lot_of.get(name, name) for name in one.about}) - 8),
            }
            for one in found.notices
        ],
        "new": [finding_shape(one) for one in found.findings[:SHOWN]],
    }

"""Pages of accounts and credits."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from stannary.core.kernel import RefusalError
from stannary.formats.movements_tables import mass_mg
from stannary.web.custody import holds
from stannary.web.custody.books import queries, retiring
from stannary.web.custody.models import CreditHeld
from stannary.web.entities import queries as entities
from stannary.web.parties.models import Organisation, Site
from stannary.web.project.idempotency import actor_of
from stannary.web.project.problems import finding_shape, status_of

PAGE = 100
USES = 200
MARKS = 200


def state_names() -> dict[str, str]:
    """Give how a credit stands, in the reader's language."""
    return {"in_force": _("in force"), "expired": _("expired"), "used": _("used up or passed on")}


def term_names() -> dict[str, str]:
    """Give the terms of the proof, in the reader's language."""
    return {
        "produced": _("produced"),
        "received": _("received"),
        "credits_received": _("credits received"),
        "shipped": _("shipped"),
        "credits_passed_on": _("credits passed on"),
        "retired": _("used up"),
        "lapsed": _("lapsed"),
        "expired": _("expired"),
        "lost": _("lost"),
        "set_apart": _("not covered, set apart"),
    }


def proof_rows(proof: dict[str, Any] | None) -> list[dict[str, object]]:
    """Give each line of the proof with its terms in words; what is nothing is left out."""
    names = term_names()
    came = ("produced", "received", "credits_received")

    def terms(one: dict[str, Any], those: Iterable[str]) -> list[tuple[str, int]]:
        known = one["terms"] or {}
        return [(names[name], mg) for name in those if (mg := int(known.get(name, 0)))]

    return [
        {
            "entity": one["entity"] or _("All that are not shown one by one, together"),
            "kind": _("mined") if one["kind"] == "mined" else _("recycled"),
            "told": one["terms"] is not None,
            "came": terms(one, came),
            "went": terms(one, (name for name in names if name not in came)),
            "says": sum(int(one[name] or 0) for name in queries.SAID),
            "holds": one["holds"],
        }
        for one in (proof["entities"] if proof else ())
    ]


@require_safe
def credits_page(request: HttpRequest) -> HttpResponse:
    """Show every credit, what was used up for whom, and that the sums hold."""
    today = timezone.localdate()
    asked = {name: request.GET.get(name, "").strip()[:200] for name in queries.FILTERS}
    page = Paginator(queries.credits_of_all(today, asked), PAGE).get_page(request.GET.get("page"))
    proof, kept_on = queries.proof_as_allowed()
    slugs = entities.entity_slugs()
    kept = urlencode({name: value for name, value in asked.items() if value})
    names = state_names()
    uses = list(queries.uses()[:USES])
    shown: list[CreditHeld] = list(page.object_list)
    mines = Site.objects.filter(slug__in={one.site for one in shown})
    sites = dict(mines.values_list("slug", "name"))
    made_up = Organisation.objects.filter(illustrative=True).exists()
    context = {
        "page": page,
        "rows": [
            {
                "credit": one,
                "slug": slugs.get(one.holder, ""),
                "state": names[queries.state_of(one, today)],
                "site": sites.get(one.site, one.site),
            }
            for one in shown
        ],
        "asked": asked,
        "filtered": any(asked.values()),
        "holders": queries.holders(),
        "states": list(names.items()),
        "kept": f"&{kept}" if kept else "",
        "uses": uses,
        "totals": queries.totals(today),
        "day": today,
        "proof": proof and {name: int(proof[name]) for name in ("sayable_mg", "entered_mg")},
        "proof_rows": proof_rows(proof),
        "kept_on": kept_on,
        "illustrative": made_up,
    }
    return render(request, "custody/books/credits.html", context)


@require_safe
def credit_page(request: HttpRequest, credit_id: str) -> HttpResponse:
    """Show a credit: where it comes from, what became of it, and how its holder uses it up."""
    return _credit(request, credit_id)


def _credit(
    request: HttpRequest, credit_id: str, refusal: RefusalError | None = None
) -> HttpResponse:
    today = timezone.localdate()
    held = queries.credit(credit_id)
    state = queries.state_of(held, today)
    slugs = entities.entity_slugs()
    sent = request.POST if refusal else {}
    context = {
        "credit": held,
        "state": state_names()[state],
        "site": Site.objects.filter(slug=held.site).first(),
        "slug": slugs.get(held.holder, ""),
        "booker": slugs.get(held.booked_by, ""),
        "parts": queries.parts_of(held),
        "uses": queries.uses_of(held),
        "uses_up": state == "in_force" and queries.may_use(request.user, held),
        "reserved": _reserved(request, held),
        "typed": {name: sent.get(name, "")[:2000] for name in ("mass_kg", "beneficiary", "period")},
        "findings": [finding_shape(one) for one in refusal.findings] if refusal else [],
        "illustrative": Organisation.objects.filter(name=held.holder, illustrative=True).exists(),
    }
    status = 200 if refusal is None else status_of(refusal)
    return render(request, "custody/books/credit.html", context, status=status)


def _reserved(request: HttpRequest, held: CreditHeld) -> int | None:
    """Give what open offers reserve of a credit to those who may see its holder's accounts, else None."""
    if not queries.may_see_accounts_of(request.user, held.holder):
        return None
    return holds.kept([held.credit_id]).get(held.credit_id, ("", 0, 0))[1]


@require_POST
@login_required
def retire(request: HttpRequest, credit_id: str) -> HttpResponse:
    """Use credits up for a named beneficiary."""
    try:
        retiring.retire(
            actor=actor_of(request),
            credit_id=credit_id,
            quantity_mg=mass_mg(request.POST.get("mass_kg", "")),
            beneficiary=request.POST.get("beneficiary", ""),
            period=request.POST.get("period", ""),
        )
    except RefusalError as refusal:
        if status_of(refusal) == 404:
            raise
        return _credit(request, credit_id, refusal)
    messages.success(request, _("It is used up, for good. Everybody can read for whom."))
    return redirect("credits:credit", credit_id)


@login_required
@require_safe
def accounts(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the accounts of an entity by balance period, under both methods."""
    entity = queries.entity_with_accounts(request.user, slug)
    rows = list(queries.statements(entity))
    names = {
        ("credit", True): _("Credit method, which counts"),
        ("rolling_average", True): _("Rolling average, which counts"),
        ("credit", False): _("Credit method, to compare"),
        ("rolling_average", False): _("Rolling average, to compare"),
    }
    context = {
        "entity": entity,
        "methods": [
            (name, [one for one in rows if (one.method, one.counts) == which])
            for which, name in names.items()
        ],
        "kept_by": queries.kept_by(entity, timezone.localdate()),
        "any": bool(rows),
        "credits": queries.credits_of_all(timezone.localdate(), {"holder": entity.name})[:PAGE],
        "marks": [(one, queries.facts_of(one)) for one in queries.marks(entity)[:MARKS]],
    }
    return render(request, "custody/books/accounts.html", context)

"""Pages of accounts and credits."""

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stannary.core.custody import Term
from stannary.web.custody.books import queries
from stannary.web.custody.models import CreditHeld
from stannary.web.entities import queries as entities
from stannary.web.parties.models import Organisation, Site

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
    """Give each line of the proof with its terms in words; what is nothing is left out.

    Entities that do not let their name be shown stand in one line, so that the sums stay whole.
    """
    said = entities.shown_by_name()
    names, hidden = term_names(), _("not shown")
    came = ("produced", "received", "credits_received")
    sums: dict[tuple[str, str], Counter[str]] = {}
    for one in proof["entities"] if proof else ():
        shown = said.get(one["entity"], entities.OPEN).name
        line = sums.setdefault((one["entity"] if shown else hidden, one["kind"]), Counter())
        line.update({str(term): int(one["terms"][str(term)]) for term in Term})
        line["says"] += sum(int(one[name]) for name in ("lots_mg", "accounts_mg", "credits_mg"))
        line["fails"] += not one["holds"]
    return [
        {
            "entity": entity,
            "kind": _("mined") if kind == "mined" else _("recycled"),
            "came": [(names[name], line[name]) for name in came if line[name]],
            "went": [
                (text, line[name])
                for name, text in names.items()
                if name not in came and line[name]
            ],
            "says": line["says"],
            "holds": not line["fails"],
        }
        for (entity, kind), line in sums.items()
    ]


@require_safe
def credits_page(request: HttpRequest) -> HttpResponse:
    """Show every credit, what was used up for whom, and that the sums hold."""
    today = timezone.localdate()
    asked = {name: request.GET.get(name, "").strip()[:200] for name in queries.FILTERS}
    page = Paginator(queries.credits_of_all(today, asked), PAGE).get_page(request.GET.get("page"))
    proof, kept_on = queries.proof()
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


@login_required
@require_safe
def accounts(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the accounts of an entity by balance period, under both methods."""
    entity = queries.entity_with_accounts(request.user, slug)
    rows = list(queries.statements(entity))
    names = {
        "credit": _("Credit method, which counts"),
        "rolling_average": _("Rolling average, to compare"),
    }
    context = {
        "entity": entity,
        "methods": [
            (names[method], [one for one in rows if one.method == method])
            for method in queries.METHODS
        ],
        "any": bool(rows),
        "credits": queries.credits_of_all(timezone.localdate(), {"holder": entity.name})[:PAGE],
        "marks": [(one, queries.facts_of(one)) for one in queries.marks(entity)[:MARKS]],
    }
    return render(request, "custody/books/accounts.html", context)

"""Pages of the register, of a suspension's effect, of a mine's material, and an entity's desk."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from stannary.core.kernel import RefusalError
from stannary.web.custody.books import queries as books
from stannary.web.custody.books.views import proof_rows, state_names
from stannary.web.custody.views import day_before
from stannary.web.entities import operations, words
from stannary.web.entities import queries as entities
from stannary.web.entities.models import Disclosure
from stannary.web.parties import queries as parties
from stannary.web.parties import reference
from stannary.web.parties.models import Organisation
from stannary.web.project.idempotency import actor_of
from stannary.web.project.problems import finding_shape, status_of
from stannary.web.register import charts, desk_page, effect_page, effects, queries, suspended
from stannary.web.totals import queries as totals

SHOWN = 50


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Show the whole register on one page."""
    today = timezone.localdate()
    every = entities.entities(today)
    bars = queries.credits_by_mine(today)
    proof, kept_on = books.proof_as_allowed()
    claims = queries.claims_in_force(today)
    names = state_names()
    context = {
        "day": today,
        "entities": [
            (one, words.kinds(one.kinds), words.status(one.status)) for one in every[:SHOWN]
        ],
        "in_force": sum(1 for one in every if one.covered),
        "number": len(every),
        "bars": bars,
        "chart": charts.stacked(bars, title=_("Credits by mine: used up, in force, expired")),
        "totals": books.totals(today),
        "uses": books.uses()[:SHOWN],
        "credits": [
            (one, names[books.state_of(one, today)]) for one in books.credits_of_all(today)[:SHOWN]
        ],
        "claims": claims[:SHOWN],
        "claims_number": claims.count(),
        "affected": queries.claims_affected(today)[:SHOWN],
        "french": (get_language() or "").startswith("fr"),
        "suspensions": [(one, words.status(one.status)) for one in effects.suspensions()],
        "proof": proof and {name: int(proof[name]) for name in ("sayable_mg", "entered_mg")},
        "proof_rows": proof_rows(proof),
        "kept_on": kept_on,
        "illustrative": Organisation.objects.filter(illustrative=True).exists(),
    }
    return render(request, "register/register.html", context)


@require_safe
def effect(request: HttpRequest, kind: str, name: str, since: str = "") -> HttpResponse:
    """Show what a suspension does: which lots, credits and claims, and who holds them."""
    one, found = suspended.told_of(kind, name, since)
    day = day_before(request.GET.get("on", ""), timezone.localdate())
    context = {
        "one": one,
        "status": words.status(one.status),
        "day": day,
        "begun": day is None or day >= one.since,
        **effect_page.context(effect_page.known_on(one, found, day)),
    }
    return render(request, "register/effect.html", context)


@require_safe
def mine(request: HttpRequest, slug: str) -> HttpResponse:
    """Show where a mine's material is now, as far as holders allow it."""
    site = parties.site(slug)
    found = queries.material_of(site)
    went = [
        (one, ", ".join(map(reference.country_name, one.country.split())))
        for one in (found.went if found else ())
    ]
    context = {
        "site": site,
        "material": found,
        "went": went,
        "total": totals.newest(site.slug) if found else None,
    }
    return render(request, "register/mine.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def workspace(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a clerk what is there, what may be said, what is open, and what ends."""
    actor = actor_of(request)
    those = queries.entity_to_work_for(actor, slug)
    findings: list[dict[str, object]] = []
    status = 200
    if request.method == "POST":
        try:
            operations.disclose(
                actor=actor,
                entity=slug,
                shown=request.POST.get("shown", ""),
                quantities="quantities" in request.POST,
            )
        except RefusalError as refusal:
            findings = [finding_shape(one) for one in refusal.findings]
            status = status_of(refusal)
        else:
            messages.success(request, _("From now on pages tell what you allow."))
            return redirect("workspace:desk", slug)
    found = queries.desk(those, timezone.now(), timezone.localdate())
    page = Paginator(found.lots, desk_page.PAGE).get_page(request.GET.get("page"))
    context = {
        "entity": those,
        "desk": found,
        "status": words.status(found.entity.status),
        "page": page,
        "groups": desk_page.groups(those.name, page),
        "marks": desk_page.marks(found.marks),
        "files": desk_page.handed_in(found.files),
        "disclosure": entities.disclosure(those),
        "choices": Disclosure.Shown.choices,
        "findings": findings,
    }
    return render(request, "register/workspace.html", context, status=status)

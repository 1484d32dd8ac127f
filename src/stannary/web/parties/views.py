"""Pages about sites: the list with its map, a site on a day, its units, the figures of the system."""

import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from stannary.web.parties import figures, queries, site_list, site_page, units, world_map
from stannary.web.parties.queries import SiteRow

EARLIEST, LATEST = datetime.date(1990, 1, 1), datetime.date(2100, 12, 31)


def site_list_page(request: HttpRequest) -> HttpResponse:
    """List sites: filtered, sorted, in pages, with a map of all that fit."""
    asked = site_list.Asked.parse(request.GET)
    every = queries.site_rows()
    rows = site_list.found(every, asked)
    pages = max(-(-len(rows) // asked.per), 1)
    page = min(max(asked.page, 1), pages)
    shown = rows[(page - 1) * asked.per : page * asked.per]
    base = reverse("sites:list")

    def address_of(row: SiteRow) -> str:
        return f"{base}{row.slug}/"

    context = {
        "asked": asked,
        "q": asked.filters.get("q", ""),
        "counts": site_list.counts(every),
        "figure": figures.in_the_system(queries.figures()),
        "options": site_list.options(every, asked),
        "orders": site_list.ORDERS,
        "order": ("-" if asked.backwards else "") + asked.order,
        "number": len(rows),
        "all": len(every),
        "unplaced": sum(row.latitude is None for row in rows),
        "map": world_map.draw(rows, area=asked.area, address_of=address_of, filters=asked.kept),
        "whole_world": asked.address(area=None) if asked.area else "",
        **site_list.discs(),
        "headings": site_list.headings(asked),
        "rows": site_list.table_rows(shown),
        "first": (page - 1) * asked.per + 1,
        "last": (page - 1) * asked.per + len(shown),
        "before": asked.address(page=page - 1) + "#list" if page > 1 else "",
        "after": asked.address(page=page + 1) + "#list" if page < pages else "",
        "at_once": asked.address(per=site_list.MOST_PER_PAGE) + "#list"
        if pages > 1 and asked.per < site_list.MOST_PER_PAGE
        else "",
    }
    return render(request, "parties/list.html", context)


def site_page_day(text: str, today: datetime.date) -> datetime.date:
    """Read the day to look at; today for anything that is none."""
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return today
    return min(max(day, EARLIEST), LATEST)


def site_page_view(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a site as it is known on a day, today unless the address says another."""
    today = timezone.localdate()
    day = site_page_day(request.GET.get("on", ""), today)
    found = site_page.known(queries.site(slug), day)
    shown = site_page.context(found, today)
    shown["units"] = units.shown(found.site)
    shown["runs_it"] = queries.runs_site(request.user, found.site)
    return render(request, "parties/site.html", shown)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def units_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Let a site user of the operator add, change and remove units of a made-up site."""
    site = queries.site(slug)
    queries.must_run_site(request.user, site)
    unit_id = units.number(request.GET.get("unit", ""))
    row = queries.unit(site, unit_id) if unit_id is not None else None
    form = units.UnitForm(request.POST or None, initial=units.initial(row))
    findings: list[dict[str, object]] = []
    status = 200
    if request.method == "POST":
        said, findings, status = units.act(request, site, form, unit_id)
        if said:
            messages.success(request, said)
            return redirect("sites:units", site.slug)
    shown = {
        "site": site,
        "units": units.shown(site),
        "row": row,
        "form": form,
        "findings": findings,
    }
    return render(request, "parties/units.html", shown, status=status)


def figures_page(request: HttpRequest) -> HttpResponse:
    """Show the figures about the whole system, each as its source stated it on a date."""
    return render(request, "parties/figures.html", figures.context(list(queries.figures())))

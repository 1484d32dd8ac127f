"""What pages of sites and facilities show of lots: whose material they carry, where they lie."""

from django import template

from stannary.web.custody import queries
from stannary.web.entities import queries as entities
from stannary.web.parties.models import Facility, Site

register = template.Library()
SHOWN = 50


@register.inclusion_tag("custody/site_lots.html")
def site_lots(site: Site) -> dict[str, object]:
    """List the newest lots that carry material from a site, with its share of each."""
    found = queries.following(site.slug)
    newest = sorted(found.lots, key=lambda one: (one[1], one[0]), reverse=True)
    shown = [{"lot": lot, "share": found.share(lot)} for lot, _ in newest[:SHOWN]]
    return {"lots": shown, "more": max(0, len(newest) - SHOWN), "site": site.slug}


@register.inclusion_tag("custody/facility_lots.html")
def facility_lots(facility: Facility) -> dict[str, object]:
    """List the newest lots that lie at a facility or were made there, if its organisation lets it."""
    silent = entities.names_not_shown()
    is_silent = facility.organisation.name in silent
    found = [] if is_silent else list(queries.lots_at(facility)[: SHOWN + 1])
    return {
        "lots": found[:SHOWN],
        "more": len(found) > SHOWN,
        "facility": facility,
        "is_silent": is_silent,
        "silent": silent,
    }


@register.filter
def grouped(number: int) -> str:
    """Show a count with its thousands apart, by blanks that do not break."""
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")

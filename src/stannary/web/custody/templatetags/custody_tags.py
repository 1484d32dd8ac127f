"""What pages of sites and facilities show of lots: whose material they carry, where they lie."""

from django import template

from stannary.core.custody import events_of
from stannary.core.provenance import carried
from stannary.web.custody import queries
from stannary.web.parties.models import Facility, Site

register = template.Library()
SHOWN = 50


@register.inclusion_tag("custody/site_lots.html")
def site_lots(site: Site) -> dict[str, object]:
    """List the newest lots that carry material from a site, with its share of each."""
    rows = queries.rows_from_site(site.slug)
    if not rows:
        return {"lots": [], "more": 0}
    newest = sorted(
        carried(events_of(rows), site.slug), key=lambda one: (one.at, one.lot), reverse=True
    )
    return {"lots": newest[:SHOWN], "more": max(0, len(newest) - SHOWN), "site": site.slug}


@register.inclusion_tag("custody/facility_lots.html")
def facility_lots(facility: Facility) -> dict[str, object]:
    """List the newest lots that lie at a facility or were made there."""
    found = list(queries.lots_at(facility)[: SHOWN + 1])
    return {"lots": found[:SHOWN], "more": len(found) > SHOWN, "facility": facility}

"""What pages of lots show of claims."""

from collections.abc import Iterable
from fractions import Fraction

from django import template
from django.utils import timezone, translation

from stannary.core.claims import claim_percent
from stannary.core.provenance import Trace
from stannary.web.claims import blended, queries, sayable
from stannary.web.claims.views import sentence
from stannary.web.custody.models import Lot
from stannary.web.parties.models import Facility

register = template.Library()


@register.filter
def exact(share: Fraction) -> str:
    """Show a share as the sentence of a claim shows it: exact if it can be, never more."""
    return claim_percent(share, translation.get_language() or "en")


@register.inclusion_tag("claims/on_lot.html")
def lot_claims(lot_id: str) -> dict[str, object]:
    """List the claims on a lot."""
    rows = [{"claim": row, "sentence": sentence(row)} for row in queries.claims_on(lot_id)[:20]]
    return {"rows": rows}


@register.simple_tag(takes_context=True)
def may_claim(context: template.Context, lot_id: str) -> bool:
    """Tell whether the person who reads may make a claim on a lot."""
    request = context.get("request")
    return request is not None and queries.may_speak_for(request.user, lot_id)


@register.inclusion_tag("claims/may_be_said.html")
def may_be_said(trace: Trace, lot_id: str) -> dict[str, object]:
    """Show, for each words and level, up to which share they may be said of a lot, or why not."""
    return {"tables": sayable.tables(trace), "lot": lot_id, "trace": trace}


@register.simple_tag
def claimable(lots: Iterable[Lot]) -> dict[str, sayable.Claimable]:
    """Work out what may be claimed of the lots of a page, all at once."""
    return sayable.claimable(lots)


@register.inclusion_tag("claims/most.html")
def may_be_claimed(found: dict[str, sayable.Claimable], lot_id: str) -> dict[str, object]:
    """Show the most that may be claimed of a lot today, out of what was worked out."""
    one = found[lot_id]
    several = len({most.standard for most in one.most}) > 1
    return {"most": one.most, "several": several, "trace": one.trace}


@register.inclusion_tag("claims/blended.html", takes_context=True)
def facility_blended(context: template.Context, facility: Facility) -> dict[str, object]:
    """Show which share of what a facility blended comes from sites at each level, and what is said of it."""
    request = context.get("request")
    found = blended.measured(facility, timezone.localdate())
    said = queries.claims_on_site(facility)[:20]
    return {
        "measured": found,
        "facility": facility,
        "most": blended.MOST,
        "speaks": request is not None and queries.may_speak_for_site(request.user, facility),
        "rows": [{"claim": row, "sentence": sentence(row)} for row in said],
    }

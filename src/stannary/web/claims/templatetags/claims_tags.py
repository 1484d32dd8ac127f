"""What pages of lots show of claims."""

from django import template

from stannary.web.claims import queries
from stannary.web.claims.views import sentence

register = template.Library()


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

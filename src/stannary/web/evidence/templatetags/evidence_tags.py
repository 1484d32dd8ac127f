"""What pages of other apps show of evidence."""

from typing import Any

from django import template

from stannary.core.kernel import RefusalError
from stannary.web.cycle.models import Engagement
from stannary.web.evidence import queries

register = template.Library()


@register.inclusion_tag("evidence/of_engagement.html", takes_context=True)
def engagement_evidence(context: dict[str, Any], row: Engagement) -> dict[str, Any]:
    """Say how much evidence of an engagement is open to the reader, with the way to it."""
    try:
        found = queries.evidence(actor=context["request"].user, engagement_id=row.pk)
    except RefusalError:
        return {"found": None}
    return {"found": found, "count": len(found.items)}

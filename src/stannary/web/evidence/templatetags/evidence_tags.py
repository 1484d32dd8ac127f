"""What pages of other apps show of evidence."""

from typing import Any
from uuid import UUID

from django import template

from stannary.core.kernel import RefusalError
from stannary.web.cycle.models import Engagement
from stannary.web.evidence import pages, queries

register = template.Library()


@register.inclusion_tag("evidence/of_engagement.html", takes_context=True)
def engagement_evidence(context: dict[str, Any], row: Engagement) -> dict[str, Any]:
    """Say how much evidence of an engagement is open to the reader, with the way to it."""
    try:
        found = queries.evidence(actor=context["request"].user, engagement_id=row.pk)
    except RefusalError:
        return {"found": None}
    return {"found": found, "count": len(found.items)}


@register.inclusion_tag("evidence/of_requirement.html", takes_context=True)
def requirement_evidence(
    context: dict[str, Any], engagement_id: UUID, requirement_id: str
) -> dict[str, Any]:
    """List the evidence of one requirement that is open to the reader, read once for a page."""
    kept = context["request"].META.setdefault("stannary.evidence", {})
    if engagement_id not in kept:
        try:
            kept[engagement_id] = queries.evidence(
                actor=context["request"].user, engagement_id=engagement_id
            )
        except RefusalError:
            kept[engagement_id] = None
    found = kept[engagement_id]
    items = found.by_requirement().get(requirement_id, []) if found else []
    return {"found": found, "items": list(map(pages.line, items)), "requirement": requirement_id}

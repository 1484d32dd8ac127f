"""What pages of other apps show of stakeholder input."""

from typing import Any

from django import template
from django.utils import timezone

from stannary.core.cycle import Action
from stannary.web.cycle.queries import Held
from stannary.web.stakeholders import queries

register = template.Library()


@register.inclusion_tag("stakeholders/of_engagement.html")
def engagement_input(held: Held) -> dict[str, Any]:
    """Say how much was said, with the way to it, to whoever may read something of it now."""
    if not held.may(Action.READ_INPUT) and not held.may(Action.READ_PUBLISHED_INPUT):
        return {"row": None}
    found = queries.of_held(held, on=timezone.localdate())
    return {
        "row": held.row,
        "count": len(found.public),
        "may_record": held.may(Action.RECORD_INPUT),
    }

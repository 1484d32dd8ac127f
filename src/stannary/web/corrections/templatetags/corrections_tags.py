"""What pages of other apps show of findings."""

from typing import Any

from django import template
from django.utils import timezone

from stannary.core.cycle import Action
from stannary.web.corrections import pages, queries
from stannary.web.cycle.queries import Held

register = template.Library()


@register.inclusion_tag("corrections/of_engagement.html")
def engagement_findings(held: Held) -> dict[str, Any]:
    """Say how the findings of an engagement stand, with the way to them."""
    if not held.may(Action.READ_CARRIED_FINDINGS):
        return {"row": None}
    found = queries.of_held(held, on=timezone.localdate()).found
    return {
        "row": held.row,
        "all": len(found),
        "counts": pages.counts(found),
        "may_raise": held.may(Action.RAISE_FINDING),
    }


@register.simple_tag(takes_context=True)
def findings_overdue(context: dict[str, Any]) -> int:
    """Count the findings that are overdue, for the secretariat."""
    today = timezone.localdate()
    every = queries.waiting_everywhere(actor=context["request"].user, on=today)
    return sum(one.overdue_since is not None for one in every)

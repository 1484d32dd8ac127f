"""What evidence an engagement holds for each requirement, beside the rows of the rating page."""

from html import escape
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from stannary.core.cycle import Action
from stannary.core.evidence import Visibility
from stannary.web.assessments import queries
from stannary.web.assessments.models import Assessment
from stannary.web.evidence import queries as evidence
from stannary.web.evidence import words
from stannary.web.evidence.queries import Item
from stannary.web.parties.models import Person

SHOWN = 5
"""How many items are named at one requirement; the rest is counted."""


def beside_rows(actor: Person, those: Assessment) -> tuple[dict[str, str], str]:
    """Name the evidence that the person may read, with the way to each item.

    Returns:
        HTML by requirement, and the address at which more is handed in: empty for who may not,
        and where the assessment belongs to no engagement. It takes two queries more than the rights.
    """
    engagement = those.engagement
    if engagement is None or not queries.may_do(actor, those, Action.READ_EVIDENCE):
        return {}, ""
    roles = queries.roles_in(actor, those)
    by_requirement: dict[str, list[Item]] = {}
    for item in evidence.items_for(engagement, roles, actor):
        for name in item.newest.requirements:
            by_requirement.setdefault(name, []).append(item)
    may_add = queries.may_do(actor, those, Action.ADD_EVIDENCE)
    to_add = reverse("evidence:new", args=[engagement.pk]) if may_add else ""
    return {name: _lines(items) for name, items in by_requirement.items()}, to_add


def add_link(address: str, requirement_id: str) -> str:
    """Lead to where evidence of one requirement is handed in."""
    if not address:
        return ""
    query = escape(urlencode({"requirement": requirement_id}))
    text = escape(gettext("Hand in evidence"))
    return f'<p class="small"><a href="{escape(address)}?{query}">{text}</a></p>'


def _lines(items: list[Item]) -> str:
    named = "".join(f"<li>{_line(one)}</li>" for one in items[:SHOWN])
    more = len(items) - SHOWN
    if more > 0:
        named += f"<li>{escape(gettext('and %(count)s more') % {'count': more})}</li>"
    return f'<div class="small voice"><b>{escape(gettext("Evidence"))}</b><ul class="bare">{named}</ul></div>'


def _line(item: Item) -> str:
    row = item.newest
    address = reverse("evidence:item", args=[row.engagement_id, row.item])
    period = words.period(row.covers_from, row.covers_until)
    visibility = str(words.VISIBILITIES[Visibility(row.visibility)])
    return f'<a href="{escape(address)}">{escape(row.title)}</a> {escape(period)} · {escape(visibility)}'

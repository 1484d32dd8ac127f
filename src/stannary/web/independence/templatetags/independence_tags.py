"""What pages of work show of firms: those for which somebody acts, and what they are asked for."""

from typing import Any

from django import template

from stannary.web.independence import queries
from stannary.web.parties.models import Person

register = template.Library()


@register.inclusion_tag("independence/your_firms.html", takes_context=True)
def your_firms(context: dict[str, Any]) -> dict[str, object]:
    """Show somebody their firms, and the declarations that they have not made yet."""
    person = context["user"]
    if not isinstance(person, Person):
        return {"firms": (), "asked": ()}
    asked = [one for one, made in queries.requests([person]) if made is None]
    return {"firms": queries.firms_of(person), "asked": asked}

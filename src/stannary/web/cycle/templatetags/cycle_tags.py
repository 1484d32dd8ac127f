"""What pages of apps below show of engagements."""

import datetime
from typing import Any

from django import template
from django.utils import timezone

from stannary.web.cycle import public, words
from stannary.web.parties.models import Site

register = template.Library()


@register.inclusion_tag("cycle/site_engagements.html")
def site_engagements(site: Site, on: datetime.date | None = None) -> dict[str, Any]:
    """List the engagements of a site that are public: those that were announced by a day."""
    day = on or timezone.localdate()
    found = public.announced(site, on=day)
    return {"found": [{"one": one, "state": words.PUBLIC[one.state]} for one in found]}

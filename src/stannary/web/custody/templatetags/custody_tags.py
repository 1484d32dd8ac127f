"""What lower pages show of lots: those that come from a site."""

from django import template
from django.utils.safestring import SafeString

from stannary.web.parties.models import Site

register = template.Library()


@register.simple_tag
def site_lots(site: Site) -> SafeString:  # noqa: ARG001 - nothing is kept of lots yet
    """Show the lots that carry material from a site."""
    return SafeString()

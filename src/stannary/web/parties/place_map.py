"""The place of one site: a circle, because no more than the neighbourhood is known here."""

import math

from django.utils import formats
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from stannary.web.parties.models import Facility, Site
from stannary.web.parties.projection import HEIGHT, WIDTH, project
from stannary.web.parties.world_map import ground

ACROSS = 190.0
"""Units of the map that are seen: about seventy degrees, so that the continent is recognised."""
TALL = 0.62
KM_PER_DEGREE = 111.2


def draw(site: Site | Facility) -> SafeString:
    """Draw where a site lies, as a circle of its radius; empty when no place is known."""
    if site.latitude is None or site.longitude is None:
        return SafeString()
    latitude, longitude = float(site.latitude), float(site.longitude)
    x, y = project(latitude, longitude)
    left = min(max(x - ACROSS / 2, 0), WIDTH - ACROSS)
    top = min(max(y - ACROSS * TALL / 2, 0), HEIGHT - ACROSS * TALL)
    across, down = _radius(latitude, longitude, site.place_radius_km or 0)
    label = _("Map: %(site)s lies somewhere within the small circle") % {"site": site.name}
    return mark_safe(  # noqa: S308 - numbers, and a text escaped where it stands
        f'<svg class="map place" viewBox="{left:.2f} {top:.2f} {ACROSS:g} {ACROSS * TALL:.2f}" role="img" '
        f'aria-label="{conditional_escape(label)}">'
        + "".join(ground((left, top, ACROSS, ACROSS * TALL)))
        + f'<ellipse class="near" cx="{x:.2f}" cy="{y:.2f}" rx="{across:.2f}" ry="{down:.2f}"/>'
        + f'<circle class="finder" cx="{x:.2f}" cy="{y:.2f}" r="{max(across, down) + 4:.2f}"/></svg>'
    )


def _radius(latitude: float, longitude: float, radius_km: int) -> tuple[float, float]:
    """Give half the width and height of a circle of kilometres as it looks in this projection."""
    degrees = radius_km / KM_PER_DEGREE
    x, y = project(latitude, longitude)
    north = project(min(latitude + degrees, 89), longitude)[1]
    east = project(latitude, longitude + degrees / max(math.cos(math.radians(latitude)), 0.01))[0]
    return max(abs(east - x), 0.8), max(abs(north - y), 0.8)


def coordinates(site: Site | Facility) -> str:
    """Say a place in degrees: 19.0° S, 43.5° W; empty when it is not known."""
    if site.latitude is None or site.longitude is None:
        return ""
    north = _("N") if site.latitude >= 0 else _("S")
    east = _("E") if site.longitude >= 0 else _("W")
    return f"{_degrees(float(site.latitude))} {north}, {_degrees(float(site.longitude))} {east}"


def _degrees(value: float) -> str:
    number = f"{abs(value):g}".replace(".", formats.get_format("DECIMAL_SEPARATOR"))
    return f"{number}\N{DEGREE SIGN}"

"""Sites on the map of the world: drawn on the server, one link for each place, no script.

Near sites share one mark, so that every mark is at least 24 pixels wide under a finger and none covers
another. There are three drawings of the same sites, for wide to narrow screens, because what lies too near
depends on how wide the map is; the style sheet shows one of them. A mark of several sites leads to the same
page with the map enlarged to their area.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stannary.web.parties.models import Site
from stannary.web.parties.projection import HEIGHT, NORTH, SOUTH, WIDTH, project
from stannary.web.parties.queries import SiteRow
from stannary.web.project.templatetags.stannary import level_title, quarters_of

SMALLEST_AREA = 6.0
"""Degrees: an area is never enlarged beyond this, for places are rounded to half a degree."""
NAMES_SHOWN = 6


class Area(NamedTuple):
    """A part of the world in degrees; the west lies west of the east."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def parse(cls, text: str) -> "Area | None":
        """Read west,south,east,north; None for anything else."""
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError:
            return None
        fits = -180 <= west < east <= 180 and -90 <= south < north <= 90
        return cls(west, south, east, north) if fits else None

    def __str__(self) -> str:
        return ",".join(f"{part:g}" for part in self)

    def holds(self, row: SiteRow) -> bool:
        """Tell whether a site's place lies inside, the edges included."""
        if row.latitude is None or row.longitude is None:
            return False
        return self.west <= row.longitude <= self.east and self.south <= row.latitude <= self.north


@dataclass(frozen=True, slots=True)
class Look:
    """One of the two drawings.

    Attributes:
        name: Class of the drawing.
        pixels: The fewest pixels across which it is shown.
        touch: Width in pixels of what a finger can hit, at that width.
        dot: Radius in pixels of the mark of one site, at that width.
    """

    name: str
    pixels: int
    touch: int
    dot: float


LOOKS = (
    Look("map-wide", 960, 25, 7.5),
    Look("map-middle", 640, 25, 7.5),
    Look("map-narrow", 318, 25, 7.5),
)


@dataclass(slots=True)
class Cluster:
    """Sites that share a mark, at the middle of their places."""

    x: float
    y: float
    rows: list[SiteRow] = field(default_factory=list)

    def join(self, other: "Cluster") -> None:
        """Take the other's sites; the mark moves to the middle of all."""
        mine, theirs = len(self.rows), len(other.rows)
        self.x = (self.x * mine + other.x * theirs) / (mine + theirs)
        self.y = (self.y * mine + other.y * theirs) / (mine + theirs)
        self.rows += other.rows


Frame = tuple[float, float, float, float]
"""Left, top, width and height of what is seen of the map."""

WHOLE: Frame = (0, 0, WIDTH, HEIGHT)


def frame_of(area: Area | None) -> Frame:
    """Give the frame that shows an area with some room around it, in the shape of the whole map."""
    if area is None:
        return WHOLE
    corners = [
        project(min(max(latitude, SOUTH), NORTH), longitude)
        for latitude in (area.south, area.north)
        for longitude in (area.west, area.east)
    ]
    left, right = min(x for x, _y in corners), max(x for x, _y in corners)
    top, bottom = min(y for _x, y in corners), max(y for _x, y in corners)
    width = min(WIDTH, max((right - left) * 1.4, (bottom - top) * 1.4 * WIDTH / HEIGHT))
    height = width * HEIGHT / WIDTH
    x = min(max((left + right - width) / 2, 0), WIDTH - width)
    y = min(max((top + bottom - height) / 2, 0), HEIGHT - height)
    return (x, y, width, height)


class Placed(NamedTuple):
    """A site with its place on the map."""

    x: float
    y: float
    row: SiteRow


@lru_cache(maxsize=20_000)
def _place(latitude: Decimal, longitude: Decimal) -> tuple[float, float]:
    return project(float(latitude), float(longitude))


def placed(rows: Iterable[SiteRow]) -> list[Placed]:
    """Put the sites on the map; those without a place are left out."""
    return [
        Placed(*_place(row.latitude, row.longitude), row)
        for row in rows
        if row.latitude is not None and row.longitude is not None
    ]


def clusters(those: Iterable[Placed], *, apart: float) -> list[Cluster]:
    """Gather sites until no two marks are nearer than `apart` units of the map.

    First those in one square of that size gather. Then a mark that comes too near to another
    joins it and looks again from the middle of both; it looks at the squares around it only.
    """
    gathered: dict[tuple[int, int], Cluster] = {}
    for one in those:
        square = (int(one.x // apart), int(one.y // apart))
        cluster = Cluster(one.x, one.y, [one.row])
        if square in gathered:
            gathered[square].join(cluster)
        else:
            gathered[square] = cluster
    squares: dict[tuple[int, int], list[Cluster]] = {}
    for cluster in gathered.values():
        while near := _neighbour(cluster, squares, apart):
            squares[_square(near, apart)].remove(near)
            cluster.join(near)
        squares.setdefault(_square(cluster, apart), []).append(cluster)
    found = [cluster for those_here in squares.values() for cluster in those_here]
    return sorted(found, key=lambda cluster: (cluster.x, cluster.y))


def _square(one: Cluster, apart: float) -> tuple[int, int]:
    return int(one.x // apart), int(one.y // apart)


def _neighbour(
    one: Cluster, squares: dict[tuple[int, int], list[Cluster]], apart: float
) -> Cluster | None:
    across, down = _square(one, apart)
    for i in (across - 1, across, across + 1):
        for j in (down - 1, down, down + 1):
            for other in squares.get((i, j), ()):
                if (other.x - one.x) ** 2 + (other.y - one.y) ** 2 < apart * apart:
                    return other
    return None


def draw(
    rows: Sequence[SiteRow],
    *,
    area: Area | None,
    address_of: Callable[[SiteRow], str],
    filters: dict[str, str],
) -> SafeString:
    """Draw the map with the sites, once for each width of screen.

    Args:
        rows: Sites to show; those without a place are left out.
        area: What to enlarge; None for the world.
        address_of: Gives the page of a site.
        filters: What the list is filtered by, kept in the links to smaller areas.
    """
    frame = frame_of(area)
    those = placed(rows)
    return mark_safe(  # noqa: S308 - built from numbers and escaped texts
        "".join(_drawing(look, those, frame, address_of, filters) for look in LOOKS)
    )


def _drawing(
    look: Look,
    those: Sequence[Placed],
    frame: Frame,
    address_of: Callable[[SiteRow], str],
    filters: dict[str, str],
) -> str:
    unit = frame[2] / look.pixels
    marks = clusters(those, apart=look.touch * unit)
    parts = [
        opening(frame, look.name, _("Map of the sites; the list below says the same")),
        *ground(frame),
    ]
    for cluster in marks:
        if len(cluster.rows) == 1:
            parts.append(_dot(cluster, look, unit, address_of(cluster.rows[0])))
        else:
            parts.append(_bunch(cluster, look, unit, filters))
    return "".join(parts) + "</svg>"


def opening(frame: Frame, name: str, label: str) -> str:
    """Open a drawing of a part of the map."""
    box = " ".join(f"{part:.2f}" for part in frame)
    return f'<svg class="map {name}" viewBox="{box}" role="group" aria-label="{escape(label)}">'


def ground(frame: Frame) -> list[str]:
    """Draw sea, land where the base map is there, and some degrees."""
    x, y, width, height = frame
    parts = [
        f'<rect class="sea" x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}"/>'
    ]
    world = world_address()
    if world:
        parts.append(f'<image href="{escape(world)}" width="{WIDTH}" height="{HEIGHT}"/>')
    parts.append(f'<path class="graticule" d="{_graticule(_step(width))}"/>')
    return parts


def _step(width: float) -> int:
    """Say how many degrees lie between two lines of the graticule."""
    return 30 if width > 500 else 10 if width > 100 else 2


@lru_cache(maxsize=4)
def _graticule(step: int) -> str:
    lines = [
        [(latitude, longitude) for longitude in range(-180, 181, 180)]
        for latitude in range(-90 + step, 90, step)
        if SOUTH <= latitude <= NORTH
    ]
    lines += [
        [(latitude, longitude) for latitude in (*range(int(SOUTH), int(NORTH), 6), int(NORTH))]
        for longitude in range(-180, 181, step)
    ]
    return "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in (project(*point) for point in line))
        for line in lines
    )


def world_address() -> str | None:
    """Give the address of the base map; None where it was not made at set-up."""
    if not (settings.HOME / "assets" / "stannary" / "world.svg").is_file():
        return None
    try:
        return static("stannary/world.svg")
    except ValueError:  # made, but not collected yet
        return None


def _dot(cluster: Cluster, look: Look, unit: float, address: str) -> str:
    row = cluster.rows[0]
    label = f"{row.name}: {level_title(row.level) if row.level else Site.Status(row.status).label}"
    if row.illustrative:
        made_up = _("illustrative")
        label += f" ({made_up})"
    return (
        f'<a class="{"site made-up" if row.illustrative else "site"}" href="{escape(address)}">'
        f"<title>{escape(label)}</title>{_at(cluster, unit)}"
        f'<circle class="hit" r="{look.touch / 2:g}"/><g transform="scale({look.dot / 10:g}) translate(-10 -10)">'
        f'<circle class="face" cx="10" cy="10" r="9"/>{_FILLS[quarters_of(row.level)]}</g></g></a>'
    )


def _at(cluster: Cluster, unit: float) -> str:
    """Open a group in which a unit is a pixel at the narrowest width."""
    return f'<g transform="translate({cluster.x:.2f} {cluster.y:.2f}) scale({unit:.4f})">'


_FILLS = {
    0: "",
    1: '<path class="part" d="M10 10V2.5A7.5 7.5 0 0 1 17.5 10Z"/>',
    2: '<path class="part" d="M10 10V2.5A7.5 7.5 0 0 1 10 17.5Z"/>',
    3: '<path class="part" d="M10 10V2.5A7.5 7.5 0 1 1 2.5 10Z"/>',
    4: '<circle class="part" cx="10" cy="10" r="7.5"/>',
}


def _bunch(cluster: Cluster, look: Look, unit: float, filters: dict[str, str]) -> str:
    number = len(cluster.rows)
    names = ", ".join(sorted(row.name for row in cluster.rows)[:NAMES_SHOWN])
    if number > NAMES_SHOWN:
        names += " …"
    label = ngettext("%(n)s site: %(names)s", "%(n)s sites: %(names)s", number) % {
        "n": number,
        "names": names,
    }
    area = str(area_of(cluster.rows))
    address = "?" + urlencode({**filters, "area": area}) + "#map"
    if area == filters.get("area"):
        address = "#list"  # it cannot be enlarged further: the list below is what tells them apart
    return (
        f'<a class="bunch" href="{escape(address)}"><title>{escape(label)}</title>'
        f'{_at(cluster, unit)}<circle r="{look.touch / 2 - 0.5:g}"/><text dy=".36em">{number}</text></g></a>'
    )


def area_of(rows: Iterable[SiteRow]) -> Area:
    """Give the smallest area that holds all places, whole degrees, never less than a few across."""
    places = [
        (float(row.latitude), float(row.longitude))
        for row in rows
        if row.latitude is not None and row.longitude is not None
    ]
    south, north = _widened(min(p[0] for p in places), max(p[0] for p in places), 90)
    west, east = _widened(min(p[1] for p in places), max(p[1] for p in places), 180)
    return Area(west, south, east, north)


def _widened(low: float, high: float, limit: int) -> tuple[float, float]:
    room = max(SMALLEST_AREA - (high - low), 0) / 2
    return max(math.floor(low - room), -limit), min(math.ceil(high + room), limit)

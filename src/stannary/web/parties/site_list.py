"""The list of sites: filters, order, pages and rows, built for a thousand sites at once."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stannary.web.parties import queries, reference
from stannary.web.parties.models import Site
from stannary.web.parties.queries import SiteRow
from stannary.web.parties.search import MAX_QUERY, fold
from stannary.web.parties.world_map import Area
from stannary.web.project.templatetags.stannary import (
    day,
    disc_svg,
    level,
    level_title,
    quarters_of,
)

PER_PAGE = 100
MOST_PER_PAGE = 1000
ORDERS = {
    "name": gettext_lazy("Mine"),
    "country": gettext_lazy("Country"),
    "level": gettext_lazy("Level"),
    "date": gettext_lazy("Report published"),
}
"""What the list can be sorted by, and the heading of that column."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asked the list for; anything unknown asks for nothing."""

    filters: dict[str, str]
    area: Area | None
    order: str
    backwards: bool
    page: int
    per: int

    @classmethod
    def parse(cls, query: QueryDict) -> "Asked":
        """Read the query of an address."""
        filters = {key: query.get(key, "")[:MAX_QUERY].strip() for key in ("q", *queries.FILTERS)}
        order = query.get("sort", "")
        page, per = query.get("page", ""), query.get("per", "")
        return cls(
            filters={key: value for key, value in filters.items() if value},
            area=Area.parse(query.get("area", "")),
            order=order.lstrip("-") if order.lstrip("-") in ORDERS else "name",
            backwards=order.startswith("-"),
            page=min(int(page), 10**6) if page.isascii() and page.isdigit() else 1,
            per=min(max(int(per), 1), MOST_PER_PAGE)
            if per.isascii() and per.isdigit()
            else PER_PAGE,
        )

    def address(self, **changes: object) -> str:
        """Give the address of this list with something changed; None takes it away."""
        now: dict[str, object] = dict(self.filters)
        if self.area:
            now["area"] = str(self.area)
        if self.order != "name" or self.backwards:
            now["sort"] = ("-" if self.backwards else "") + self.order
        if self.per != PER_PAGE:
            now["per"] = self.per
        now |= changes
        return "?" + urlencode({key: value for key, value in now.items() if value is not None})

    @property
    def kept(self) -> dict[str, str]:
        """The query without sorting and pages, for links of the map."""
        return {**self.filters, **({"area": str(self.area)} if self.area else {})}


def found(rows: Iterable[SiteRow], asked: Asked) -> list[SiteRow]:
    """Give the sites that fit, in the order asked for."""
    those = queries.chosen(rows, asked.filters)
    if asked.area is not None:
        area = asked.area
        those = [row for row in those if area.holds(row)]
    those.sort(key=lambda row: (fold(row.name), row.slug))
    key = _KEYS.get(asked.order)
    if key is not None:
        those.sort(key=key, reverse=asked.backwards)
        # What lacks the value stands last in either direction.
        those.sort(key=lambda row: asked.order == "date" and not row.released_on)
    elif asked.backwards:
        those.reverse()
    return those


_KEYS: dict[str, Callable[[SiteRow], Any]] = {
    "country": lambda row: fold(reference.country_name(row.country)),
    "level": lambda row: (quarters_of(row.level), row.status == Site.Status.LEVEL_PENDING),
    "date": lambda row: row.released_on,
}


def status_title(status: str) -> str:
    """Give the word for the state of a site."""
    return str(Site.Status(status).label) if status in Site.Status.values else status


def options(rows: Sequence[SiteRow], asked: Asked) -> list[dict[str, object]]:
    """Give the filters with their choices: what the sites have, each with how many."""
    materials = (key for row in rows for key in row.materials.split())
    shown = (
        ("country", _("Country"), Counter(row.country for row in rows), reference.country_name),
        ("material", _("Material"), Counter(materials), reference.material_name),
        ("level", _("Level"), Counter(row.level for row in rows if row.level), level_title),
        ("status", _("State"), Counter(row.status for row in rows), status_title),
        ("firm", _("Audit firm"), Counter(row.firm for row in rows if row.firm), str),
    )
    return [
        {"name": name, "label": label, "choices": _choices(name, counted, title, asked)}
        for name, label, counted, title in shown
    ]


def _choices(
    name: str, counted: Mapping[str, int], title: Callable[[str], str], asked: Asked
) -> SafeString:
    chosen = asked.filters.get(name, "")
    titles = {value: title(value) for value in counted}
    order = sorted(titles, key=lambda value: fold(titles[value]))
    if name == "level":
        order = sorted(titles, key=lambda value: (value.partition("-")[0], quarters_of(value)))
    if chosen and chosen not in titles:
        titles[chosen] = chosen
        order.append(chosen)
    any_of_them = _("any")
    parts = [f'<option value="">{escape(any_of_them)}</option>']
    parts += [
        f'<option value="{conditional_escape(value)}"{" selected" if value == chosen else ""}>'
        f"{conditional_escape(titles[value])} ({counted.get(value, 0)})</option>"
        for value in order
    ]
    return mark_safe("".join(parts))  # noqa: S308 - values and titles are escaped here


def headings(asked: Asked) -> list[dict[str, object]]:
    """Give the columns: their heading, how to sort by it, whether it shows on a phone."""
    columns = (
        ("name", _("Mine"), True),
        ("country", _("Country"), False),
        ("", _("Material"), False),
        ("level", _("Level"), True),
        ("date", _("Report published"), False),
        ("", _("Audit firm"), False),
    )
    shown: list[dict[str, object]] = []
    for order, title, always in columns:
        here = order == asked.order
        turned = f"-{order}" if here and not asked.backwards else order
        address = asked.address(sort=None if turned == "name" else turned)
        shown.append(
            {
                "title": title,
                "class": "" if always else "roomy",
                "address": f"{address}#list" if order else "",
                "sorted": ("descending" if asked.backwards else "ascending") if here else "",
            }
        )
    return shown


def table_rows(rows: Iterable[SiteRow]) -> SafeString:
    """Build the rows of the table."""
    base = reverse("sites:list")
    made_up = format_html(' <span class="tag">{}</span>', _("illustrative"))
    written = _Written()
    return mark_safe(  # noqa: S308 - every value is escaped in `_row`
        "".join(_row(row, base, made_up, written) for row in rows)
    )


class _Written:
    """Words that many rows share, each made once."""

    def __init__(self) -> None:
        self.country = cache(lambda code: conditional_escape(reference.country_name(code)))
        self.materials = cache(lambda keys: conditional_escape(reference.materials_text(keys)))
        self.level = cache(level_html)
        self.date = cache(lambda on: day(on) if on else "")
        self.text = cache(escape)


def discs() -> dict[str, SafeString]:
    """Give the discs for the key of the map."""
    names = ("disc_none", "disc_1", "disc_2", "disc_3", "disc_4")
    return {name: disc_svg(quarters) for quarters, name in enumerate(names)}


def level_html(code: str, status: str) -> SafeString:
    """Show a level, or the state of a site that has none."""
    if code:
        return level(code)
    return format_html('<span class="level none">{}{}</span>', disc_svg(0), status_title(status))


def _row(row: SiteRow, base: str, made_up: str, written: _Written) -> str:
    country, materials = written.country(row.country), written.materials(row.materials)
    date = written.date(row.released_on)
    below = " · ".join(part for part in (country, materials, date) if part)
    operator = (
        f'<br><span class="small">{written.text(row.operator)}</span>' if row.operator else ""
    )
    return (
        f'<tr><th scope="row"><a href="{base}{escape(row.slug)}/">{escape(row.name)}</a>'
        f'{made_up if row.illustrative else ""}{operator}<span class="small below">{below}</span></th>'
        f'<td class="roomy">{country}</td><td class="roomy">{materials}</td>'
        f'<td>{written.level(row.level, row.status)}</td><td class="roomy">{date}</td>'
        f'<td class="roomy">{written.text(row.firm)}</td></tr>'
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """How many real sites are here, by what is known of them."""

    released: int
    with_level: int
    others: int


def counts(rows: Iterable[SiteRow]) -> Counts:
    """Count the real sites; made-up ones are no part of any figure."""
    real = [row for row in rows if not row.illustrative]
    released = [
        row for row in real if row.status in (Site.Status.PUBLISHED, Site.Status.LEVEL_PENDING)
    ]
    with_level = sum(bool(row.level) for row in released)
    return Counts(len(released), with_level, len(real) - len(released))

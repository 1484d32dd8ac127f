"""The public list of approvals: filters, order, pages and rows."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stannary.core import independence as core
from stannary.web.independence import queries, records, words
from stannary.web.independence.models import FirmApproval
from stannary.web.parties import reference
from stannary.web.parties.search import MAX_QUERY, fold
from stannary.web.project.templatetags.stannary import day as day_words

PER_PAGE = 100
FILTERS = ("standard", "country", "material", "state")
ORDERS = {
    "firm": gettext_lazy("Audit firm"),
    "standard": gettext_lazy("Standard"),
    "since": gettext_lazy("Since"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """An approval as it stands on a day.

    Attributes:
        row: As stored.
        held: As core knows it.
        state: "in_force", "suspended", "not_yet" or "ended".
        suspension: The one that covers the day.
    """

    row: FirmApproval
    held: core.FirmApproval
    state: str
    suspension: core.Suspension | None

    @property
    def countries(self) -> str:
        """Its countries in words."""
        return words.countries_text(self.row.countries)

    @property
    def materials(self) -> str:
        """Its materials in words."""
        return words.materials_text(self.row.materials)

    @property
    def state_title(self) -> str:
        """Its state in words."""
        return str(words.STATES[self.state])

    @property
    def standard_title(self) -> str:
        """Its standard, in short: the id, which is the same everywhere."""
        return self.row.standard


def entry(row: FirmApproval, on: datetime.date) -> Entry:
    """Tell how an approval stands on a day."""
    held = records.approval(row)
    suspension = held.suspended(on) if held.in_force(on) else None
    if on < held.since:
        state = "not_yet"
    elif not held.in_force(on):
        state = "ended"
    else:
        state = "suspended" if suspension else "in_force"
    return Entry(row, held, state, suspension)


def entries(on: datetime.date) -> list[Entry]:
    """Give every approval as it stands on a day, by firm: two queries."""
    rows = queries.approvals().order_by("firm__name", "standard", "since", "id")
    return [entry(row, on) for row in rows]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asked the list for; anything unknown asks for nothing."""

    filters: dict[str, str]
    order: str
    backwards: bool
    page: int

    @classmethod
    def parse(cls, query: QueryDict) -> "Asked":
        """Read the query of an address."""
        filters = {key: query.get(key, "")[:MAX_QUERY].strip() for key in ("q", *FILTERS)}
        order, page = query.get("sort", ""), query.get("page", "")
        return cls(
            filters={key: value for key, value in filters.items() if value},
            order=order.lstrip("-") if order.lstrip("-") in ORDERS else "firm",
            backwards=order.startswith("-"),
            page=min(int(page), 10**6) if page.isascii() and page.isdigit() else 1,
        )

    def address(self, **changes: object) -> str:
        """Give the address of this list with something changed; None takes it away."""
        now: dict[str, object] = dict(self.filters)
        if self.order != "firm" or self.backwards:
            now["sort"] = ("-" if self.backwards else "") + self.order
        now |= changes
        return "?" + urlencode({key: value for key, value in now.items() if value is not None})


def fits(one: Entry, filters: dict[str, str]) -> bool:
    """Tell whether an approval fits every filter; a scope for any fits all."""
    words_asked = fold(filters.get("q", "")).split()
    if not all(word in fold(one.row.firm.name) for word in words_asked):
        return False
    for key, has in (("country", one.held.countries), ("material", one.held.materials)):
        if filters.get(key) and not {filters[key], core.EVERYWHERE} & has:
            return False
    standard, state = filters.get("standard"), filters.get("state")
    return standard in (None, "", one.row.standard) and state in (None, "", one.state)


def found(every: Iterable[Entry], asked: Asked) -> list[Entry]:
    """Give the approvals that fit, in the order asked for."""
    those = [one for one in every if fits(one, asked.filters)]
    those.sort(key=lambda one: (fold(one.row.firm.name), one.row.standard, one.row.pk))
    if asked.order == "standard":
        those.sort(key=lambda one: one.row.standard)
    if asked.order == "since":
        those.sort(key=lambda one: one.row.since)
    if asked.backwards:
        those.reverse()
    return those


def options(every: Sequence[Entry], asked: Asked) -> list[dict[str, object]]:
    """Give the filters with their choices, each with how many approvals name it."""
    any_of_them = {core.EVERYWHERE}
    countries = Counter(key for one in every for key in one.held.countries - any_of_them)
    materials = Counter(key for one in every for key in one.held.materials - any_of_them)
    shown = (
        ("standard", _("Standard"), Counter(one.row.standard for one in every), str),
        ("country", _("Country"), countries, reference.country_name),
        ("material", _("Material"), materials, reference.material_name),
        ("state", _("State"), Counter(one.state for one in every), _state),
    )
    return [
        {
            "name": name,
            "label": label,
            "choices": [
                (key, f"{title(key)} ({counted[key]})", asked.filters.get(name) == key)
                for key in sorted(
                    {*counted, *filter(None, [asked.filters.get(name)])},
                    key=lambda key: fold(title(key)),
                )
            ],
        }
        for name, label, counted, title in shown
    ]


def _state(key: str) -> str:
    return str(words.STATES.get(key, key))


def headings(asked: Asked) -> list[dict[str, object]]:
    """Give the columns: their heading, and how to sort by it."""
    columns = (
        ("firm", _("Audit firm")),
        ("standard", _("Standard")),
        ("", _("Countries")),
        ("", _("Materials")),
        ("since", _("Since")),
        ("", _("State")),
    )
    shown: list[dict[str, object]] = []
    for order, title in columns:
        here = order == asked.order
        turned = f"-{order}" if here and not asked.backwards else order
        sort = None if turned == "firm" else turned
        shown.append(
            {
                "title": title,
                "address": f"{asked.address(sort=sort)}#list" if order else "",
                "sorted": ("descending" if asked.backwards else "ascending") if here else "",
            }
        )
    return shown


def table_rows(those: Iterable[Entry]) -> SafeString:
    """Build the rows of the table."""
    labels = [_("Standard"), _("Countries"), _("Materials"), _("Since"), _("State")]
    made_up = format_html(' <span class="tag">{}</span>', _("illustrative"))
    base = reverse("firms:list")
    return format_html_join("", "{}", ((_row(one, base, labels, made_up),) for one in those))


def _row(one: Entry, base: str, labels: Sequence[str], made_up: str) -> SafeString:
    firm = one.row.firm
    head = format_html(
        '<th scope="row"><a href="{}{}/">{}</a>{}</th>',
        base,
        firm.slug,
        firm.name,
        made_up if firm.illustrative else "",
    )
    values = (
        one.standard_title,
        one.countries,
        one.materials,
        day_words(one.row.since),
        state_html(one),
    )
    cells = format_html_join(
        "", '<td data-label="{}">{}</td>', ((labels[n], value) for n, value in enumerate(values))
    )
    return format_html("<tr>{}{}</tr>", head, cells)


def state_html(one: Entry) -> SafeString:
    """Show how an approval stands, and until when."""
    until = one.held.until
    if one.state == "suspended" and one.suspension is not None:
        text = _("suspended since %(day)s") % {"day": day_words(one.suspension.since)}
        return format_html('<span class="unk">{}</span>', text)
    if one.state == "in_force":
        text = _("until %(day)s") % {"day": day_words(until)} if until else ""
        return format_html('<span class="ok">{}</span> {}', one.state_title, text)
    ended = day_words(until) if one.state == "ended" else ""
    return format_html(
        '<span class="quiet">{} {}</span>', one.state_title, conditional_escape(ended)
    )

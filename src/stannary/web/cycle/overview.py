"""Every engagement with what is due, overdue and extended, for the secretariat and for lists."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from stannary.core.cycle import (
    Act,
    ActKind,
    Clock,
    ClockStanding,
    Role,
    State,
    clocks,
)
from stannary.core.kernel import refuse
from stannary.core.standards import Edition
from stannary.web.cycle import queries, records, words
from stannary.web.cycle.models import ActRecord, Engagement
from stannary.web.parties.models import Person
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.standards import queries as standards

COLUMNS = (
    "id",
    "site",
    "edition",
    "operator",
    "firm",
    "state",
    "waits_for",
    "opened_on",
    "clock",
    "since",
    "opens",
    "ends",
    "due",
    "days",
    "standing",
    "extended_on",
    "extension_reason",
    "illustrative",
)
"""Of the table that leaves the house: a row for each clock, one for an engagement without any."""

SORTS = ("due", "site", "state", "opened")
STANDINGS = (ClockStanding.OVERDUE, ClockStanding.DUE_SOON)
EXTENDED = "extended"

_MOVES_CLOCKS = [
    ActKind.APPLY,
    ActKind.FINISH_STAGE_1,
    ActKind.FINISH_STAGE_2,
    ActKind.SUBMIT_DRAFT,
    ActKind.OBJECT,
    ActKind.RULE_ON_OBJECTION,
    ActKind.ENTER_CORRECTIVE_PERIOD,
    ActKind.PUBLISH_NOW,
    ActKind.END_CORRECTIVE_PERIOD,
    ActKind.PUBLISH,
    ActKind.PUBLISH_SURVEILLANCE,
    ActKind.EXTEND,
]
"""Acts on which a clock depends; others are not read for lists."""


@dataclass(frozen=True, slots=True)
class Line:
    """One engagement in a list.

    Attributes:
        edition: None if it is not loaded here any more.
        clocks: That run, the one that ends first in front.
        on: The day.
        roles: What the person who looks is in it.
    """

    row: Engagement
    edition: Edition | None
    clocks: tuple[Clock, ...]
    on: datetime.date
    roles: frozenset[Role]

    @property
    def state(self) -> State:
        """Where it stands."""
        return State(self.row.state)

    @property
    def first(self) -> Clock | None:
        """The clock that ends first."""
        return self.clocks[0] if self.clocks else None

    @property
    def overdue(self) -> bool:
        """Whether a clock has ended."""
        return self.stands(ClockStanding.OVERDUE)

    @property
    def extended(self) -> bool:
        """Whether a clock was put off."""
        return any(clock.extension is not None for clock in self.clocks)

    @property
    def next_acts(self) -> tuple[ActKind, ...]:
        """What the person who looks is to do next."""
        return queries.expected(self.state, self.roles)

    def stands(self, standing: str) -> bool:
        """Tell whether one of its clocks stands so, or (`EXTENDED`) was put off."""
        if standing == EXTENDED:
            return self.extended
        return any(clock.standing(self.on) == standing for clock in self.clocks)


SHOWN = (
    *("edition_id", "title", "opened_at", "state"),
    *(f"{one}__{part}" for one in ("site", "operator", "firm") for part in ("slug", "name")),
    "site__illustrative",
)
"""What lists show of an engagement; other columns are not read for them."""


def lines(those: Sequence[tuple[Engagement, frozenset[Role]]], *, on: datetime.date) -> list[Line]:
    """Give engagements with their clocks on a day, with two queries however many there are."""
    editions = {one.id: one for one in standards.editions()}
    acts = moves([row for row, _roles in those])
    return [
        Line(row, edition, _clocks(edition, row, acts[row.pk]), on, roles)
        for row, roles in those
        for edition in (editions.get(row.edition_id),)
    ]


def moves(those: Iterable[Engagement]) -> dict[UUID, tuple[Act, ...]]:
    """Give of each engagement the acts on which its clocks depend, oldest first, with one query."""
    acts: dict[UUID, list[records.Row]] = {row.pk: [] for row in those}
    rows = ActRecord.objects.filter(kind__in=_MOVES_CLOCKS)
    if len(acts) <= 100:
        rows = rows.filter(engagement__in=list(acts))
    fields = ("engagement_id", *records.FIELDS)
    for engagement_id, *row in rows.order_by("engagement_id", "number").values_list(*fields):
        if engagement_id in acts:
            acts[engagement_id].append(tuple(row))
    return {name: tuple(map(records.act, found)) for name, found in acts.items()}


def _clocks(edition: Edition | None, row: Engagement, acts: Sequence[Act]) -> tuple[Clock, ...]:
    return () if edition is None else clocks(edition, State(row.state), acts)


def all_lines(*, actor: Person, on: datetime.date) -> list[Line]:
    """Give every engagement, for the secretariat.

    Raises:
        RefusalError: PARTY-001 for everybody else.
    """
    if not queries.of_secretariat(actor):
        refuse(IS_THERE_FOR_YOU, asked_for="overview")
    rows = Engagement.objects.select_related("site", "operator", "firm").only(*SHOWN)
    scheme = frozenset({Role.SECRETARIAT})
    return lines([(row, scheme) for row in rows], on=on)


def chosen(those: Iterable[Line], asked: Mapping[str, str]) -> list[Line]:
    """Keep the lines that fit every filter given, in the order asked for.

    Args:
        those: From `all_lines`.
        asked: "q" (words in site, operator or firm), "state", "standard" (its edition's id),
            "standing" (overdue, due_soon, extended), "waits" (a role), "sort" (`SORTS`, with "-"
            in front for the other way round). Empty or unknown values ask for nothing.
    """
    found = [line for line in those if _fits(line, asked)]
    sort = asked.get("sort", "")
    key = sort.removeprefix("-")
    found.sort(key=_KEYS.get(key, _by_due), reverse=key in _KEYS and sort.startswith("-"))
    return found


def _fits(line: Line, asked: Mapping[str, str]) -> bool:
    row = line.row
    firm = row.firm.name if row.firm else ""
    text = f"{row.site.name} {row.operator.name} {firm} {row.title}".casefold()
    standing = asked.get("standing", "")
    return (
        asked.get("state", "") in ("", row.state)
        and asked.get("standard", "") in ("", row.edition_id)
        and (standing not in (*STANDINGS, EXTENDED) or line.stands(standing))
        and (not asked.get("waits") or asked["waits"] in queries.waits_for(line.state))
        and all(word in text for word in asked.get("q", "").casefold().split())
    )


def _by_due(line: Line) -> Any:
    due = line.first.due if line.first else None
    return (due is None, due or datetime.date.max, line.row.site.name)


_KEYS = {
    "due": _by_due,
    "site": lambda line: (line.row.site.name.casefold(), line.row.opened_at),
    "state": lambda line: (list(State).index(line.state), line.row.site.name.casefold()),
    "opened": lambda line: line.row.opened_at,
}


def table(those: Iterable[Line]) -> Iterable[dict[str, object]]:
    """Give the rows of `COLUMNS`: one for each clock, one for an engagement without any."""
    for line in those:
        for clock in line.clocks or (None,):
            yield {**shape(line), **_clock_cells(clock, line.on)}


def shape(line: Line) -> dict[str, object]:
    """Give what is said of an engagement in tables and by the API, its clocks left out."""
    row = line.row
    return {
        "id": str(row.pk),
        "title": row.title,
        "site": row.site.slug,
        "edition": row.edition_id,
        "operator": row.operator.slug,
        "firm": row.firm.slug if row.firm else "",
        "state": row.state,
        "waits_for": " ".join(queries.waits_for(line.state)),
        "opened_on": row.opened_at.date().isoformat(),
        "illustrative": row.site.illustrative,
    }


def clock_shape(clock: Clock, on: datetime.date) -> dict[str, object]:
    """Give a clock as the API shows it."""
    cells = _clock_cells(clock, on)
    return {name: value if value != "" else None for name, value in cells.items()}


def _clock_cells(clock: Clock | None, on: datetime.date) -> dict[str, object]:
    if clock is None:
        return {}
    put_off = clock.extension
    days = clock.days(on)
    return {
        "clock": str(clock.kind),
        "since": clock.since.isoformat(),
        "opens": clock.opens.isoformat() if clock.opens else "",
        "ends": clock.ends.isoformat() if clock.ends else "",
        "due": clock.due.isoformat() if clock.due else "",
        "days": "" if days is None else days,
        "standing": str(clock.standing(on)),
        "extended_on": put_off.on.isoformat() if put_off else "",
        "extension_reason": put_off.reason if put_off else "",
    }


def due_words(line: Line) -> tuple[str, str]:
    """Give the clock that ends first and how it stands, in words; empty if none runs."""
    if line.first is None:
        return "", ""
    return str(words.CLOCKS[line.first.kind]), words.standing(line.first, line.on)

"""Parts of the book that were asked for: what a change can reach, and every movement that decides it.

Read by keys, step by step, with a few queries for each; what lies beside it is not read, however much
that is. What is kept of the movements of a slice alone is what all movements come to, for everything
that the slice is of.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from stannary.core.custody import (
    LAST,
    Event,
    Key,
    Kind,
    Row,
    deciding,
    events_of,
    keys_of,
    outcome_of,
    reached,
    restate,
)
from stannary.web.custody import records
from stannary.web.custody.models import Movement
from stannary.web.custody.state import queries
from stannary.web.custody.uses import for_lots

_CHUNK = 400
_FIRST = datetime.datetime.min.replace(tzinfo=datetime.UTC) + datetime.timedelta(days=1)
_ZONES = datetime.timedelta(days=1)
"""More than the clocks of two zones are apart."""


@dataclass(slots=True)
class Reader:
    """Reads events by what they touch, each once.

    Attributes:
        until: What happened later is left out, corrections as well; None: nothing is.
        rows: Those that were read, by their place in the book, corrections included.
    """

    until: datetime.date | None = None
    rows: dict[int, Row] = field(default_factory=dict)
    _known: dict[str, Event | None] = field(default_factory=dict)
    _named: dict[tuple[str, ...], set[str]] = field(default_factory=dict)
    _places: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def touching(self, keys: Iterable[Key]) -> list[Event]:
        """Give the events that touch one of some keys, as they are known now."""
        asked = {_place(key) for key in keys}
        self._name(sorted(asked - self._named.keys()))
        return list(self.events({name for one in asked for name in self._named[one]}).values())

    def events(self, names: Iterable[str]) -> dict[str, Event]:
        """Give events by id as they are known now, without those that were taken back."""
        those = set(names)
        for part in _parts(sorted(those - self._known.keys())):
            self._read(part)
        return {name: one for name in those if (one := self._known[name]) is not None}

    def in_order(self, events: Iterable[Event]) -> list[Event]:
        """Give events in the order of replay."""
        return sorted(events, key=lambda one: (one.at, min(self._places[one.id])))

    def rows_of(self, events: Iterable[Event]) -> tuple[Row, ...]:
        """Give the movements of events with what corrects them, in file order."""
        places = {place for one in events for place in self._places[one.id]}
        return tuple(self.rows[place] for place in sorted(places))

    def _name(self, asked: Sequence[tuple[str, ...]]) -> None:
        for one in asked:
            self._named[one] = set()
        columns = ("event", "kind", "account")
        until = Q() if self.until is None else Q(at__lte=_end_of(self.until)) | Q(kind=Kind.CORRECT)
        for part in _parts([one[0] for one in asked if len(one) == 1]):
            found = Movement.objects.filter(until, lot__in=part).values_list("lot", *columns)
            for lot, event, kind, account in found.iterator(chunk_size=2000):
                self._named[lot,].add(account if kind == Kind.CORRECT else event)
        for entity, boundary in (one for one in asked if len(one) > 1):
            rows = Movement.objects.filter(until, entity=entity, account=boundary)
            names = rows.exclude(kind=Kind.CORRECT).values_list("event", flat=True)
            self._named[entity, boundary] = set(names)

    def _read(self, names: Sequence[str]) -> None:
        which = Q(event__in=names) | Q(kind=Kind.CORRECT, account__in=names)
        found = Movement.objects.filter(which).values_list("pk", *records.FIELDS)
        rows: list[tuple[int, Row]] = []
        for pk, *values in found.iterator(chunk_size=2000):
            row = records.row_from(values)
            if self.until is None or row.at.date() <= self.until:
                rows.append((pk, row))
        rows.sort()
        for pk, row in rows:
            self.rows[pk] = row
            self._places[row.account if row.kind is Kind.CORRECT else row.event].append(pk)
        self._known |= dict.fromkeys(names)
        self._known |= {one.id: one for one in restate(events_of([row for _, row in rows])).events}


def _place(key: Key) -> tuple[str, ...]:
    """Give where a key stands in movements: a lot and a credit in one column, an account in two."""
    return (key[1],) if key[0] != "account" else (key[1], key[2])


def _end_of(day: datetime.date) -> datetime.datetime:
    """Give an instant that no clock puts on a day any more."""
    return datetime.datetime.combine(day, datetime.time.max, tzinfo=datetime.UTC) + _ZONES


def _parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), _CHUNK):
        yield names[start : start + _CHUNK]


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the book.

    Attributes:
        lots: That can be otherwise.
        named: Lots for which credits were used up that can be otherwise.
        rows: Movements of everything that decides, in file order, as recorded.
        whole: Whether that is all that is booked.
        keys: Everything that can be otherwise.
    """

    lots: frozenset[str]
    named: frozenset[str]
    rows: tuple[Row, ...]
    whole: bool = False
    keys: frozenset[Key] = frozenset()

    @property
    def events(self) -> tuple[Event, ...]:
        """As they are known now, in the order of replay, acts about credits included."""
        return restate(events_of(self.rows)).events

    @property
    def newest_on(self) -> datetime.date:
        """The day of the newest movement of the book, or of these, if it has no head."""
        newest = queries.head().newest_on
        return newest or max((row.at.date() for row in self.rows), default=datetime.date.min)


def day_of_books() -> datetime.date:
    """Give the day as of which books are told: today, or the day of the newest movement."""
    return max(timezone.localdate(), queries.head().newest_on or datetime.date.min)


def reaching(
    begin: Mapping[Key, datetime.datetime], reader: Reader, *, also: Iterable[str] = ()
) -> Slice:
    """Cut out what can be otherwise if something is, and what decides that.

    Args:
        begin: What is otherwise, and from when.
        reader: Of this question.
        also: Lots of which everything is wanted as well, with the credits used up for them.
    """
    if queries.outputs_wait(timezone.localdate()):
        return everything()
    found = reached(reader.touching, begin)
    named = {
        row.note.strip()
        for event in reader.touching(key for key in found if key[0] == "credit")
        if event.kind is Kind.RETIRE
        for row in event.rows
    }
    events = deciding(reader.touching, dict.fromkeys({*found, *keys_behind(also)}, LAST))
    lots = frozenset(key[1] for key in found if key[0] == "lot")
    return Slice(lots, frozenset(named), reader.rows_of(events), keys=frozenset(found))


def everything() -> Slice:
    """Give the whole book, where a part of it says nothing: an output that waits is given by others."""
    rows = queries.all_rows()
    named = frozenset(row.note.strip() for row in rows if row.kind is Kind.RETIRE)
    return Slice(frozenset(row.lot for row in rows), named, rows, whole=True)


def keys_behind(lots: Iterable[str]) -> set[Key]:
    """Give the keys on which what may be said of lots rests: themselves, and credits used up for them."""
    names = sorted(set(lots))
    found: set[Key] = {("lot", name) for name in names}
    for part in _parts(names):
        used = for_lots(part).values_list("credit_id", flat=True)
        found |= {("credit", name) for name in used.distinct()}
    return found


def behind(keys: Iterable[Key], reader: Reader) -> Slice:
    """Cut out what decides what is kept of lots, accounts and credits."""
    if queries.outputs_wait(timezone.localdate()):
        return everything()
    events = deciding(reader.touching, dict.fromkeys(keys, LAST))
    return Slice(frozenset(), frozenset(), reader.rows_of(events))


def made_of(lots: Iterable[str], reader: Reader, *, also: Iterable[str] = ()) -> Slice:
    """Cut out lots, what is made of them, and what all that is made of; of material alone.

    Args:
        lots: Their ids.
        reader: Of this question.
        also: Lots of which what may be said of them is wanted as well.
    """
    begin: dict[Key, datetime.datetime] = {("lot", name): _FIRST for name in lots}
    found = reached(reader.touching, begin, material_alone=True)
    events = deciding(reader.touching, dict.fromkeys(found, LAST), material_alone=True)
    said = behind(keys_behind(also), reader)
    rows = said.rows if said.whole else reader.rows_of((*events, *said.events))
    return Slice(frozenset(key[1] for key in found), frozenset(), rows, whole=said.whole)


def of_changes(events: Iterable[Event], reader: Reader) -> dict[Key, datetime.datetime]:
    """Give what is otherwise if events are booked: what they touch, or what they correct touched."""
    found: dict[Key, datetime.datetime] = {}

    def add(event: Event, keys: Iterable[Key]) -> None:
        for key in keys:
            found[key] = min(event.at, found.get(key, LAST))

    new = tuple(events)
    corrected = {event.rows[0].account for event in new if event.kind is Kind.CORRECT}
    before = reader.events(corrected).values()
    after = restate((*events_of(reader.rows_of(before)), *new)).events
    for event in (*before, *after, *new):
        if event.kind is not Kind.CORRECT:
            add(event, keys_of(event))
    return found


def of_entity(name: str, since: datetime.datetime, reader: Reader) -> dict[Key, datetime.datetime]:
    """Give what is otherwise from an instant on if nothing covers what an entity books."""
    rows = Movement.objects.filter(entity=name, at__gte=since - _ZONES)
    booked = set(rows.exclude(kind=Kind.CORRECT).values_list("event", flat=True))
    found: dict[Key, datetime.datetime] = {}
    for event in reader.events(booked).values():
        moved: list[Key] = [("lot", row.lot) for row in event.moves]
        for key in (*outcome_of(event), *moved):
            found[key] = min(event.at, found.get(key, LAST))
    return found

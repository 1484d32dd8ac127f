"""The events behind a lot, read step by step: what touches it, what it rests on, and so on back.

`books_behind` of core picks what decides out of these; it finds the same among all events.
"""

import datetime
from collections.abc import Iterable, Iterator

from django.db.models import Q

from stannary.core.custody import Event, Key, Kind, Row, events_of, keys_of, restate
from stannary.web.custody import records
from stannary.web.custody.models import Movement
from stannary.web.custody.uses import for_lots

_CHUNK = 400
_LAST = datetime.datetime.max.replace(tzinfo=datetime.UTC) - datetime.timedelta(days=1)


def events_behind(*lots: str) -> tuple[Event, ...]:
    """Give the events on which what may be said of some lots can rest, with their corrections.

    Each step back takes a few queries, whatever else is booked.
    """
    rows: dict[int, Row] = {}
    asked: dict[Key, datetime.datetime] = {}
    wanted: dict[Key, datetime.datetime] = {("lot", lot): _LAST for lot in lots}
    uses = {
        event
        for part in _parts(sorted(lots))
        for event in for_lots(part).values_list("event", flat=True)
    }
    _read(rows, uses)
    wanted |= {("credit", row.lot): row.at for row in rows.values()}
    seen: set[str] = set()
    while wanted:
        asked |= wanted
        names = _touching(wanted) - seen
        seen |= names
        _read(rows, names)
        events = restate(_events(rows)).events
        wanted = {}
        for event in events:
            if event.id not in names and event.id not in uses:
                continue
            made = {("lot", row.lot) for row in event.outputs if not event.kind.is_credit}
            for key in set(keys_of(event)) - made:
                if asked.get(key, _FIRST) < event.at:
                    wanted[key] = max(wanted.get(key, event.at), event.at)
    return _events(rows)


_FIRST = datetime.datetime.min.replace(tzinfo=datetime.UTC)


def _events(rows: dict[int, Row]) -> tuple[Event, ...]:
    return events_of([rows[pk] for pk in sorted(rows)])


def _touching(keys: dict[Key, datetime.datetime]) -> set[str]:
    """Give the events that touch one of some keys until an instant, and a few more."""
    until = max(keys.values())
    early = Q(at__lte=until) | Q(kind=Kind.CORRECT)
    found: set[str] = set()
    lots = sorted({key[1] for key in keys if key[0] != "account"})
    for part in _parts(lots):
        found |= _names(Q(lot__in=part) & early)
    for entity, boundary in (key[1:3] for key in keys if key[0] == "account"):
        found |= _names(Q(entity=entity, account=boundary) & early)
    return found


def _names(which: Q) -> set[str]:
    rows = Movement.objects.filter(which).values_list("event", "kind", "account")
    return {account if kind == Kind.CORRECT else event for event, kind, account in rows}


def _read(rows: dict[int, Row], names: Iterable[str]) -> None:
    """Read events and what corrects them."""
    for part in _parts(sorted(names)):
        which = Q(event__in=part) | Q(kind=Kind.CORRECT, account__in=part)
        for pk, *values in Movement.objects.filter(which).values_list("pk", *records.FIELDS):
            rows[pk] = records.row_from(values)


def _parts(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), _CHUNK):
        yield names[start : start + _CHUNK]

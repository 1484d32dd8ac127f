"""Movements from the book as the arrays take them; corrections stand in the place of what they restate."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from django.db.models import QuerySet

from stannary.core.custody import Event, Kind, Model, events_of, restate
from stannary.engines.provenance import KIND, SIDE, Movements, texts_of
from stannary.engines.provenance.movements import NO_MODEL, instant
from stannary.engines.provenance.shared import Mark
from stannary.web.custody import records
from stannary.web.custody.models import Movement

BATCH = 50_000
"""Rows of a batch when all is read again; all rows of one instant stay in one batch."""

MATERIAL = tuple(str(kind) for kind in Kind if not kind.is_move and not kind.is_credit)
"""Kinds that make or use lots. A move changes neither what a lot is made of nor what is left of it."""

_COLUMNS = (
    "event", "at", "offset_minutes", "kind", "side", "site", "entity", "lot", "mass_mg",
    "content_mg", "model", "attestation",
)  # fmt: skip
_KINDS = {str(kind): number for kind, number in KIND.items()}
_SIDES = {str(side): number for side, number in SIDE.items()}
_RANKS = {"": NO_MODEL, **{str(model): model.rank for model in Model}}
Values = tuple[Any, ...]


def newest() -> Mark | None:
    """Give the mark of the newest row of the book, with one query; None if nothing is booked."""
    found = Movement.objects.order_by("-pk").values_list().first()
    return None if found is None else _mark(found)


def is_there(mark: Mark) -> bool:
    """Tell whether the book has the row of a mark, just as it was then."""
    found = Movement.objects.filter(pk=mark.last).values_list().first()
    return found is not None and _mark(found).digest == mark.digest


def _mark(values: Values) -> Mark:
    text = "\x1f".join(map(str, values))  # no text of a row has this sign in it
    return Mark(0, values[0], hashlib.sha256(text.encode()).digest())


def after(last: int, end: int) -> QuerySet[Movement]:
    """Give what was booked after a row, up to another one."""
    return Movement.objects.filter(pk__gt=last, pk__lte=end)


def columns(found: QuerySet[Movement]) -> Movements:
    """Give movements of material, in file order."""
    rows = found.filter(kind__in=MATERIAL).order_by("pk").values_list(*_COLUMNS)
    return _columns(list(rows))


def whole(end: int) -> Iterator[Movements]:
    """Give the book up to a row as its corrections restate it, in the order of time."""
    restated = _restated(end)
    found = Movement.objects.filter(kind__in=MATERIAL, pk__lte=end).order_by("at", "pk")
    rows: list[Values] = []
    for row in _in_place(found.values_list(*_COLUMNS).iterator(chunk_size=5000), restated):
        if len(rows) >= BATCH and row[1] != rows[-1][1]:
            yield _columns(rows)
            rows = []
        rows.append(row)
    yield _columns(rows)


def _in_place(rows: Iterable[Values], restated: Mapping[str, Sequence[Values]]) -> Iterator[Values]:
    told: set[str] = set()
    for row in rows:
        if row[0] not in restated:
            yield row
        elif row[0] not in told:
            told.add(row[0])
            yield from restated[row[0]]


def _restated(end: int) -> dict[str, list[Values]]:
    """Give the rows of corrected events as they are known now, with one query if none is corrected."""
    corrections = Movement.objects.filter(kind=str(Kind.CORRECT), pk__lte=end)
    named = set(corrections.values_list("account", flat=True))
    if not named:
        return {}
    first = Movement.objects.filter(event__in=corrections.values("account"))
    rows = (
        *first.values_list("pk", *records.FIELDS),
        *corrections.values_list("pk", *records.FIELDS),
    )
    events = events_of([records.row_from(row[1:]) for row in sorted(rows)])
    return {event.id: _values(event) for event in restate(events).events}


def _values(event: Event) -> list[Values]:
    movements = [records.movement_of(row) for row in event.rows]
    return [tuple(getattr(one, name) for name in _COLUMNS) for one in movements]


def _columns(rows: Sequence[Values]) -> Movements:
    event, at, offset, kind, side, site, entity, lot, mass, content, model, attestation = (
        zip(*rows, strict=True) if rows else [()] * len(_COLUMNS)
    )
    return Movements(
        event=texts_of(event),
        at=np.array([instant(one) for one in at], np.int64),
        offset=np.array(offset, np.int16),
        kind=np.array([_KINDS[one] for one in kind], np.uint8),
        side=np.array([_SIDES[one] for one in side], np.uint8),
        site=texts_of(site),
        entity=texts_of(entity),
        lot=texts_of(lot),
        mass=np.array(mass, np.int64),
        content=np.array(content, np.int64),
        model=np.array([_RANKS[one] for one in model], np.int8),
        attestation=texts_of(attestation),
        file="book",
    )

"""Movements as columns: what a file of custody says, a number or a text a row.

Rules: KERNEL-001, CUSTODY-027, CUSTODY-028, CUSTODY-029.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from stannary.core.custody import Kind, Model, Row, Side
from stannary.core.custody import rules as codes
from stannary.core.kernel import MASS_MAX_MG, Finding, Place, RefusalError
from stannary.core.kernel.rules import MASS_IS_WHOLE_MILLIGRAMS
from stannary.engines.provenance.compiling import Numbers
from stannary.engines.provenance.names import Names, Texts, texts_of

KINDS, SIDES, MODELS = tuple(Kind), tuple(Side), tuple(Model)
KIND = {kind: number for number, kind in enumerate(KINDS)}
SIDE = {side: number for number, side in enumerate(SIDES)}
NO_MODEL = -1
FINDINGS_MAX = 100

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICROSECOND = datetime.timedelta(microseconds=1)
_MINUTE = datetime.timedelta(minutes=1)


def _fitting() -> Numbers:
    """Make the table of which side a kind of event has."""
    fits = np.zeros((len(KINDS), len(SIDES)), bool)
    for kind in KINDS:
        fits[KIND[kind], SIDE[Side.IN]] = not kind.is_source and not kind.is_move
        fits[KIND[kind], SIDE[Side.OUT]] = not kind.is_move and kind is not Kind.LOSS
        fits[KIND[kind], SIDE[Side.MOVE]] = kind.is_move or kind.is_credit
    return fits


FITS = _fitting()


def instant(at: datetime.datetime) -> int:
    """Give a time as microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def moment(at: int, offset: int) -> datetime.datetime:
    """Give a time from microseconds since 1970 and its offset in minutes."""
    zone = datetime.timezone(offset * _MINUTE) if offset else datetime.UTC
    return (_EPOCH + at * _MICROSECOND).astimezone(zone)


@dataclass(frozen=True, eq=False)
class Movements:
    """Rows of custody as columns, in file order.

    Attributes:
        at: Microseconds since 1970, and `offset` the minutes by which the row's clock is ahead.
        kind: Place in `KINDS`; `side` in `SIDES`; `model` in `MODELS`, -1 for none.
        mass: Milligrams, as `content`.
        rows: The rows that they were made of, for their places in a file; may be empty.
        file: Name for messages if there are no rows; then a row's line is its place plus 1.
    """

    event: Texts
    at: Numbers
    offset: Numbers
    kind: Numbers
    side: Numbers
    site: Texts
    entity: Texts
    lot: Texts
    mass: Numbers
    content: Numbers
    model: Numbers
    attestation: Texts
    rows: Sequence[Row] = field(default=(), repr=False)
    file: str = ""

    def __len__(self) -> int:
        return len(self.at)

    def place(self, row: int, column: str) -> Place | None:
        """Give the place of a row in its file; None if it comes from none."""
        if self.rows:
            return self.rows[row].place_of(column)
        return Place(self.file, row + 1, column) if self.file else None

    def time(self, row: int) -> datetime.datetime:
        """Give when a row happened, as its clock showed it."""
        return moment(int(self.at[row]), int(self.offset[row]))


def movements_of(rows: Sequence[Row]) -> Movements:
    """Put rows into columns."""

    def whole(values: Sequence[int], kind: type[np.integer]) -> Numbers:
        return np.array(values, kind)

    offsets = [(row.at.utcoffset() or _MINUTE * 0) // _MINUTE for row in rows]
    models = [NO_MODEL if row.model is None else row.model.rank for row in rows]
    return Movements(
        event=texts_of([row.event for row in rows]),
        at=whole([instant(row.at) for row in rows], np.int64),
        offset=whole(offsets, np.int16),
        kind=whole([KIND[row.kind] for row in rows], np.uint8),
        side=whole([SIDE[row.side] for row in rows], np.uint8),
        site=texts_of([row.site for row in rows]),
        entity=texts_of([row.entity for row in rows]),
        lot=texts_of([row.lot for row in rows]),
        mass=whole([row.mass_mg for row in rows], np.int64),
        content=whole([row.content_mg for row in rows], np.int64),
        model=whole(models, np.int8),
        attestation=texts_of([row.attestation for row in rows]),
        rows=rows,
    )


class Batch(NamedTuple):
    """Movements in the order of replay.

    Attributes:
        begins: Where the rows of an event begin, and one more.
        row: Place in the movements of each row in this order; inputs, outputs and moves of an
            event keep the order of the file.
        event: Place of the event of each row.
        lot: A number for each lot of the batch, for each row in this order.
        lots: The lots' texts by these numbers.
    """

    movements: Movements
    begins: Numbers
    row: Numbers
    event: Numbers
    lot: Numbers
    lots: Texts

    def first(self, event: int) -> int:
        """Give the place in the movements of the first row of an event."""
        return int(self.row[self.begins[event]])

    def name(self, event: int) -> str:
        """Give the id of an event."""
        return self.movements.event.text(self.first(event))


def batch_of(movements: Movements, *, fast: bool) -> Batch:
    """Put movements into the order of replay: by time, then by the first row of each event.

    Raises:
        RefusalError: KERNEL-001, CUSTODY-027 or CUSTODY-028 for a row that cannot be so, up to a
            hundred of them; CUSTODY-029 with every row that disagrees with the first of its event.
    """
    _check_rows(movements)
    whole = {x: getattr(movements, x).astype(np.int64) for x in ("mass", "content")}
    movements = replace(movements, **whole)
    events = Names(fast=fast)
    code = events.add(movements.event)
    first = np.zeros(len(events), np.int64)
    first[code[::-1]] = np.arange(len(code))[::-1]
    entity = Names(fast=fast).add(movements.entity)
    _check_events(movements, first[code], entity)
    order = np.argsort(movements.at[first], kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    event = place[code]
    row = np.argsort(event, kind="stable")
    begins = np.zeros(len(order) + 1, np.int64)
    np.cumsum(np.bincount(event, minlength=len(order)), out=begins[1:])
    lots = Names(fast=fast)
    lot = lots.add(movements.lot)[row]
    return Batch(movements, begins, row, event[row], lot, lots.texts)


def _check_rows(movements: Movements) -> None:
    mass, content = movements.mass, movements.content
    heavy = (mass < 1) | (mass > MASS_MAX_MG)
    wrong = heavy | (content < 1) | (content > mass)
    wrong |= ~FITS[movements.kind, movements.side]
    findings = []
    for row in np.flatnonzero(wrong)[:FINDINGS_MAX].tolist():
        if heavy[row]:
            facts, at = {"value": f"{mass[row]} mg"}, movements.place(row, "mass_mg")
            findings.append(Finding(MASS_IS_WHOLE_MILLIGRAMS, facts, at))
        elif not 1 <= content[row] <= mass[row]:
            facts = {
                "lot": movements.lot.text(row),
                "content": f"{content[row]} mg",
                "mass": f"{mass[row]} mg",
            }
            at = movements.place(row, "content_mg")
            findings.append(Finding(codes.CONTENT_WITHIN_MASS, facts, at))
        else:
            kind, side = KINDS[movements.kind[row]], SIDES[movements.side[row]]
            at = movements.place(row, "side")
            facts = {"kind": kind.value, "side": side.value}
            findings.append(Finding(codes.SIDE_FITS_KIND, facts, at))
    if findings:
        raise RefusalError(*findings)


def _check_events(movements: Movements, first: Numbers, entity: Numbers) -> None:
    differ = (movements.at != movements.at[first]) | (movements.kind != movements.kind[first])
    moved = np.array([kind.is_move for kind in KINDS])[movements.kind[first]]
    other = (entity != entity[first]) & ~moved
    findings: list[Finding] = []
    for row in np.flatnonzero(differ | other).tolist():
        start = int(first[row])
        pairs = (
            ("at", movements.at, [movements.time(n).isoformat() for n in (start, row)]),
            ("kind", movements.kind, [KINDS[movements.kind[n]].value for n in (start, row)]),
            ("entity", entity, [movements.entity.text(n) for n in (start, row)]),
        )
        for column, values, (expected, seen) in pairs:
            if values[start] != values[row] and (column != "entity" or other[row]):
                facts = {
                    "event": movements.event.text(row),
                    "field": column,
                    "first_row": expected,
                    "this_row": seen,
                }
                place = movements.place(row, column)
                findings.append(Finding(codes.EVENT_ROWS_AGREE, facts, place))
    if findings:
        raise RefusalError(*findings)

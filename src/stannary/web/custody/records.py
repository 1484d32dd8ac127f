"""Rows of the database to core objects and back."""

import datetime
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from stannary.core.custody import Amounts, Kind, Model, Replay, Row, Side, Source, SourceKind
from stannary.web.custody.models import Lot, Movement

_MINUTE = datetime.timedelta(minutes=1)


FIELDS = (
    "event", "at", "offset_minutes", "kind", "site", "entity", "lot", "side", "material", "mass_mg",
    "content_mg", "model", "attestation", "account", "period", "note",
    "process", "element",
)  # fmt: skip
"""What `row_from` needs of a stored movement, in this order."""


def row_from(values: Sequence[Any]) -> Row:
    """Give a stored movement as the core knows it, in the zone in which it was recorded."""
    (
        event,
        at,
        offset,
        kind,
        site,
        entity,
        lot,
        side,
        material,
        mass_mg,
        content_mg,
        model,
        *rest,
    ) = values
    attestation, account, period, note, process, element = rest
    return Row(
        event=event,
        at=at.astimezone(_zone(offset)),
        kind=Kind(kind),
        site=site,
        entity=entity,
        lot=lot,
        side=Side(side),
        material=material,
        mass_mg=mass_mg,
        content_mg=content_mg,
        model=Model(model) if model else None,
        attestation=attestation,
        account=account,
        period=period,
        note=note,
        process=process,
        element=element,
    )


def row_of(record: Movement) -> Row:
    """Give a stored movement as the core knows it."""
    return row_from([getattr(record, name) for name in FIELDS])


@lru_cache(maxsize=256)
def _zone(offset_minutes: int) -> datetime.timezone:
    return datetime.timezone(_MINUTE * offset_minutes)


def movement_of(row: Row, recorded_at: datetime.datetime | None = None) -> Movement:
    """Give a movement to be stored.

    Args:
        row: What happened.
        recorded_at: When it is booked; None: as it happened.
    """
    offset = row.at.utcoffset() or datetime.timedelta(0)
    return Movement(
        event=row.event,
        at=row.at,
        offset_minutes=offset // _MINUTE,
        kind=str(row.kind),
        site=row.site,
        entity=row.entity,
        lot=row.lot,
        side=str(row.side),
        material=row.material,
        mass_mg=row.mass_mg,
        content_mg=row.content_mg,
        model=str(row.model or ""),
        attestation=row.attestation,
        account=row.account,
        period=row.period,
        note=row.note,
        process=row.process,
        element=row.element,
        recorded_at=recorded_at,
    )


def amounts_text(amounts: Amounts) -> str:
    """Write amounts by source, in order."""
    return json.dumps(
        [
            [one.produced_on.isoformat(), one.site, one.attestation, str(one.kind), mg]
            for one, mg in sorted(amounts.items())
        ],
        ensure_ascii=False,
    )


def amounts_from(text: str) -> dict[Source, int]:
    """Read amounts that `amounts_text` wrote."""
    return {
        Source(datetime.date.fromisoformat(day), site, attestation, SourceKind(kind)): mg
        for day, site, attestation, kind, mg in json.loads(text)
    }


LOT_FIELDS = (
    "lot_id", "material", "mass_mg", "content_mg", "model", "site", "left_mass_mg",
    "left_content_mg", "holder", "holder_site", "in_transit", "element",
)  # fmt: skip
"""What movements say of a lot and a later one may change, its id first."""


def lot_values(lot: Lot) -> tuple[Any, ...]:
    """Give the values of those columns."""
    return tuple(getattr(lot, name) for name in LOT_FIELDS)


def lots_of(replay: Replay) -> list[Lot]:
    """Give every lot as the movements leave it."""
    held = {one.lot: one for one in replay.holdings}
    moving = {one.lot: one for one in replay.in_transit}
    lots = []
    for lot in replay.lots.values():
        here, there = held.get(lot.id), moving.get(lot.id)
        left = here or there
        lots.append(
            Lot(
                lot_id=lot.id,
                material=lot.material,
                mass_mg=lot.mass_mg,
                content_mg=lot.content_mg,
                left_mass_mg=left.mass_mg if left else 0,
                left_content_mg=left.content_mg if left else 0,
                model=str((left or lot).model or ""),
                made_at=lot.at,
                made_by=lot.entity,
                kind=str(lot.kind),
                site=lot.site,
                holder=here.entity if here else "",
                holder_site=here.site if here else "",
                in_transit=there is not None,
                element=lot.element,
            )
        )
    return lots

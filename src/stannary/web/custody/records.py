"""Rows of the database to core objects and back."""

import datetime

from stannary.core.custody import Kind, Model, Replay, Row, Side
from stannary.web.custody.models import Lot, Movement

_MINUTE = datetime.timedelta(minutes=1)


def row_of(record: Movement) -> Row:
    """Give a stored movement as the core knows it, in the zone in which it was recorded."""
    zone = datetime.timezone(_MINUTE * record.offset_minutes)
    return Row(
        event=record.event,
        at=record.at.astimezone(zone),
        kind=Kind(record.kind),
        site=record.site,
        entity=record.entity,
        lot=record.lot,
        side=Side(record.side),
        material=record.material,
        mass_mg=record.mass_mg,
        content_mg=record.content_mg,
        model=Model(record.model) if record.model else None,
        attestation=record.attestation,
        account=record.account,
        period=record.period,
        note=record.note,
    )


def movement_of(row: Row) -> Movement:
    """Give a movement to be stored."""
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
    )


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
                model=str(lot.model or ""),
                made_at=lot.at,
                made_by=lot.entity,
                kind=str(lot.kind),
                site=lot.site,
                holder=here.entity if here else "",
                holder_site=here.site if here else "",
                in_transit=there is not None,
            )
        )
    return lots

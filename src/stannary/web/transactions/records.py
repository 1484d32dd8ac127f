"""Rows to core transactions and lines; the only file here that knows both."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from stannary.core.custody import Kind, Row, Side
from stannary.core.transactions import (
    REGISTER,
    Goods,
    Line,
    Step,
    StepKind,
    Terms,
    Transaction,
    content_of_part,
    replay,
)
from stannary.web.transactions.models import Offer, OfferStep

_OUT = frozenset({Kind.LOSS, Kind.SHIP})
_CREDITS = frozenset({Kind.BOOK, Kind.TRANSFER, Kind.RETIRE})
CREDITS = "credits"
"""The account of credits, in milligrams of the contained element."""
_PREFIX = "T-"


def terms_of(row: Offer) -> Terms:
    """Give what was offered; `seller` and `buyer` must be there."""
    return Terms(
        id=str(row.pk),
        seller=row.seller.name,
        buyer=row.buyer.name,
        goods=Goods.LOT,
        item=row.lot,
        quantity=row.quantity_mg,
        content_mg=row.content_mg,
        offered_at=row.offered_at,
        expires_at=row.expires_at,
    )


def transaction_of(row: Offer, steps: Iterable[OfferStep]) -> Transaction:
    """Rebuild a transaction from its rows, the steps oldest first."""
    terms = terms_of(row)
    parties = {"seller": terms.seller, "buyer": terms.buyer, "register": REGISTER}
    return replay(
        terms,
        (
            Step(
                kind=StepKind(one.kind),
                by="" if one.by_id is None else str(one.by_id),
                entity=parties[one.party],
                at=one.at,
                seen=one.number - 1,
                reason=one.reason,
                quantity=one.quantity_mg,
            )
            for one in steps
        ),
    )


def rows_of(
    transaction: Transaction, *, left_mg: int, from_site: str, to_site: str, material: str
) -> tuple[Row, ...]:
    """Give the movements with which an accepted quantity passes to the buyer.

    What is less than all that is left of the lot is split off first, as a lot of its own.

    Args:
        transaction: Accepted, whole or in part.
        left_mg: What is left of the lot.
        from_site: Where it lies.
        to_site: Where the buyer receives it.
        material: Of the lot.
    """
    terms, at = transaction.terms, transaction.steps[-1].at
    mass_mg = transaction.accepted
    content_mg = content_of_part(terms, mass_mg) or 0

    whole = mass_mg == left_mg
    lot = terms.item if whole else part_of(terms)
    shipped = Row(
        event=f"{_PREFIX}{terms.id}-ship",
        at=at,
        kind=Kind.SHIP,
        site=from_site,
        entity=terms.seller,
        lot=lot,
        side=Side.MOVE,
        material=material,
        mass_mg=mass_mg,
        content_mg=content_mg,
    )
    received = replace(
        shipped,
        event=f"{_PREFIX}{terms.id}-receive",
        kind=Kind.RECEIVE,
        entity=terms.buyer,
        site=to_site,
    )
    if whole:
        return shipped, received
    out = replace(shipped, event=f"{_PREFIX}{terms.id}-split", kind=Kind.SPLIT, side=Side.OUT)
    return replace(out, lot=terms.item, side=Side.IN), out, shipped, received


def part_of(terms: Terms) -> str:
    """Give the id of the lot that a delivered part becomes."""
    return f"{terms.item[:180]}-{terms.id[:8]}"


def transaction_in(event: str) -> UUID | None:
    """Give the transaction that an event delivered; None for any other event."""
    if not event.startswith(_PREFIX) or not event.endswith(("-ship", "-receive")):
        return None
    try:
        return UUID(event[len(_PREFIX) : len(_PREFIX) + 36])
    except ValueError:
        return None


class _Said(NamedTuple):
    row: Row
    account: str
    quantity: int


def lines_of(rows: Sequence[Row], others: Mapping[UUID, str], *, entity: str) -> tuple[Line, ...]:
    """Give the movements of an entity as lines of its accounts: each material, and its credits.

    A correction takes back what its event said before and says it anew, on the day of the
    correction: what was shown before it is shown as it was.

    Args:
        rows: Of the entity, and of others where they pass credits to it, in file order.
        others: Transaction to its other party.
        entity: Whose statement it is.
    """
    events: dict[str, list[Row]] = {}
    for row in rows:
        events.setdefault(row.event, []).append(row)
    kinds: dict[str, Kind] = {}
    latest: dict[str, list[_Said]] = {}
    said: list[_Said] = []
    for event, group in events.items():
        restated = group[0].account if group[0].kind is Kind.CORRECT else event
        kind = kinds.setdefault(restated, group[0].kind)
        said += [
            _Said(replace(group[0], lot=one.row.lot), one.account, -one.quantity)
            for one in latest.get(restated, [])
        ]
        latest[restated] = [one for row in group for one in _counted(row, kind, entity)]
        said += latest[restated]
    return tuple(_line(number, one, others, entity) for number, one in enumerate(said))


def _counted(row: Row, kind: Kind, entity: str) -> Iterator[_Said]:
    """Say which account of an entity a row changes: a credit is no mass, and may pass to others."""
    if kind not in _CREDITS:
        loses = row.side is Side.IN or kind in _OUT
        yield _Said(row, row.material, -row.mass_mg if loses else row.mass_mg)
    elif row.side is Side.OUT and (row.account or row.entity) == entity:
        yield _Said(row, CREDITS, row.content_mg)
    elif row.side is Side.IN and kind is not Kind.BOOK and row.entity == entity:
        yield _Said(row, CREDITS, -row.content_mg)


def _line(number: int, one: _Said, others: Mapping[UUID, str], entity: str) -> Line:
    row, transaction = one.row, transaction_in(one.row.event)
    known = transaction in others
    return Line(
        id=f"{row.event} {number}",
        entity=entity,
        account=one.account,
        at=row.at.astimezone(datetime.UTC),
        known_at=row.at.astimezone(datetime.UTC),
        quantity=one.quantity,
        transaction=str(transaction) if known and transaction else "",
        counterparty=others[transaction] if known and transaction else "",
        note=f"{row.kind} {row.lot}",
    )

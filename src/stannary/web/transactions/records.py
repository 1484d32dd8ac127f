"""Rows to core transactions and lines; the only file here that knows both."""

import datetime
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from stannary.core.custody import ANNULLED, Kind, Model, Row, Side, weighed_as, weighed_lot
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
Place = tuple[str, str]
"""An event, and a lot or a credit of it."""
Other = tuple[str, str]
"""A transaction, and the other party."""


def terms_of(row: Offer) -> Terms:
    """Give what was offered; `seller` and `buyer` must be there."""
    return Terms(
        id=str(row.pk),
        seller=row.seller.name,
        buyer=row.buyer.name,
        goods=Goods(row.goods),
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


def transfer_of(transaction: Transaction, *, material: str, site: str) -> tuple[Row, ...]:
    """Give the movements with which accepted credits pass to the buyer, as a credit of its own.

    Args:
        transaction: Accepted, whole or in part.
        material: Of the credit.
        site: At which the seller acts.
    """
    terms = transaction.terms
    given = Row(
        event=f"{_PREFIX}{terms.id}-transfer",
        at=transaction.steps[-1].at,
        kind=Kind.TRANSFER,
        site=site,
        entity=terms.seller,
        lot=terms.item,
        side=Side.IN,
        material=material,
        mass_mg=transaction.accepted,
        content_mg=transaction.accepted,
        model=Model.BOOK_AND_CLAIM,
    )
    return given, replace(given, lot=part_of(terms), side=Side.OUT, account=terms.buyer)


def deal_id(transaction: str) -> UUID | None:
    """Give the id of a transaction of the register; None for what was booked without one."""
    try:
        return UUID(transaction)
    except ValueError:
        return None


def part_of(terms: Terms) -> str:
    """Give the id of the lot that a delivered part becomes."""
    return f"{terms.item[:180]}-{terms.id[:8]}"


def transaction_in(event: str) -> UUID | None:
    """Give the transaction that an event delivered; None for any other event."""
    if not event.startswith(_PREFIX) or not event.endswith(("-ship", "-receive", "-transfer")):
        return None
    try:
        return UUID(event[len(_PREFIX) : len(_PREFIX) + 36])
    except ValueError:
        return None


class _Said(NamedTuple):
    """What a row says of an account; `event` is the one that it restates, or its own."""

    row: Row
    account: str
    quantity: int
    event: str


def lines_of(
    rows: Sequence[Row],
    others: Mapping[Place, Other],
    *,
    entity: str,
    recorded: Mapping[str, datetime.datetime] | None = None,
) -> tuple[Line, ...]:
    """Give the movements of an entity as lines of its accounts: each material, and its credits.

    A correction takes back what its event said before and says it anew, on the day of the
    correction: what was shown before it is shown as it was. Of several the last in time counts,
    whichever was booked first.

    Args:
        rows: Of the entity, and of others where they pass credits to it, in file order.
        others: Event and lot to transaction and other party.
        entity: Whose statement it is.
        recorded: Event to when it was booked; one that is missing was booked as it happened.
    """
    events: dict[str, list[Row]] = {}
    for row in rows:
        events.setdefault(row.event, []).append(row)
    kinds: dict[str, Kind] = {}
    versions: dict[str, list[_Version]] = {}
    said: list[_Said] = []
    for event, group in events.items():
        restated = group[0].account if group[0].kind is Kind.CORRECT else event
        kind = kinds.setdefault(restated, group[0].kind)
        gone = group[0].kind is Kind.CORRECT and group[0].period == ANNULLED
        rows_now = [] if gone else group
        new = _Version(
            group[0],
            [_Said(*one, restated) for row in rows_now for one in _counted(row, kind, entity)],
        )
        known = versions.setdefault(restated, [])
        place = bisect_right(known, new.first.at, key=lambda one: one.first.at)
        before = known[place - 1].said if place else []
        said += [*_taken_back(new.first, before), *new.said]
        if place < len(known):  # a later correction took back what is no longer there
            later = replace(new.first, at=known[place].first.at)
            said += [*_said_anew(later, before), *_taken_back(later, new.said)]
        known.insert(place, new)
    return _lines(said, others, entity, recorded or {})


class _Version(NamedTuple):
    """What an event said from some time on: as recorded first, or as a correction has it."""

    first: Row
    said: list[_Said]


def _said_anew(row: Row, those: Iterable[_Said]) -> Iterator[_Said]:
    for one in those:
        yield _Said(replace(row, lot=one.row.lot), one.account, one.quantity, one.event)


def _taken_back(row: Row, those: Iterable[_Said]) -> Iterator[_Said]:
    for one in _said_anew(row, those):
        yield one._replace(quantity=-one.quantity)


def _counted(row: Row, kind: Kind, entity: str) -> Iterator[tuple[Row, str, int]]:
    """Say which account of an entity a row changes: a credit is no mass, and may pass to others."""
    if kind not in _CREDITS:
        loses = row.side is Side.IN or kind in _OUT
        yield row, row.material, -row.mass_mg if loses else row.mass_mg
    elif row.side is Side.OUT and (row.account or row.entity) == entity:
        yield row, CREDITS, row.content_mg
    elif row.side is Side.IN and kind is not Kind.BOOK and row.entity == entity:
        yield row, CREDITS, -row.content_mg


def _lines(
    said: Sequence[_Said],
    others: Mapping[Place, Other],
    entity: str,
    recorded: Mapping[str, datetime.datetime],
) -> tuple[Line, ...]:
    """Give lines in the order of recording; one of a correction names the line that it restates."""
    first: dict[tuple[str, str, str], str] = {}
    weighing = {(one.event, row.lot): row for one in said if weighed_as(row := one.row) is not None}
    came = _came_by(said, others)
    lines = []
    for number, one in enumerate(said):
        row = one.row
        transaction, counterparty = others.get((one.event, row.lot), ("", ""))
        at, id_ = row.at.astimezone(datetime.UTC), f"{row.event} {number}"
        place = (one.event, one.account, row.lot)
        original = first.setdefault(place, id_) if row.event == one.event else first.get(place, "")
        weighed = weighing.get((one.event, row.lot))
        what = weighed_as(row) or row.kind
        line = Line(
            id=id_,
            entity=entity,
            account=one.account,
            at=at,
            known_at=recorded.get(row.event, at),
            quantity=one.quantity,
            transaction=transaction,
            counterparty=counterparty,
            restates="" if original == id_ else original,
            note=f"{what} {row.lot}",
            weighing=weighed is not None,
            weighs="" if weighed is None else _last(came.get(weighed_lot(weighed), []), weighed.at),
        )
        lines.append(line)
    return tuple(lines)


def _came_by(
    said: Iterable[_Said], others: Mapping[Place, Other]
) -> dict[str, list[tuple[datetime.datetime, str]]]:
    """Give for each lot when it was received, and by which transaction."""
    found: dict[str, list[tuple[datetime.datetime, str]]] = {}
    for one in said:
        if one.row.kind is Kind.RECEIVE and (one.row.event, one.row.lot) in others:
            transaction, _ = others[one.row.event, one.row.lot]
            found.setdefault(one.row.lot, []).append((one.row.at, transaction))
    return found


def _last(came: Iterable[tuple[datetime.datetime, str]], at: datetime.datetime) -> str:
    """Give the transaction of the last receipt up to an instant; "" for none."""
    return max((one for one in came if one[0] <= at), default=(at, ""))[1]

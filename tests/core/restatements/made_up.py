"""Made-up books: North and South mine, Works blends and splits, Trader buys one part and passes it on.

North 375 kg and South 500 kg are attested, 125 kg are of unknown origin; together they are lot L.
Of L, 600 kg are A, which Works sells to Trader, and 400 kg are B, which stays. 100 kg of North's
content beside that, lot C, stand behind credits.
"""

import datetime
from dataclasses import replace
from fractions import Fraction
from typing import Any

from core.claims.lots import ACHIEVEMENTS, BLEND, CLAIM, EDITION, NORTH, PACK, SOUTH, UNKNOWN, row
from stannary.core.claims import Claim
from stannary.core.custody import Kind, Row, Side, events_of
from stannary.core.restatements import (
    Books,
    Change,
    ClaimMade,
    Effects,
    Field,
    IssuedCredits,
    Restatement,
    simulate,
    with_restatement,
)
from stannary.core.transactions import Goods, Step, StepKind, Terms, Transaction, offer, take

KG = 10**6
WORKS, TRADER, MAKER = "Example Works", "Example Trader", "Example Maker"
NOON = datetime.datetime(2026, 2, 1, 12, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


def at(hours: int) -> dict[str, datetime.datetime]:
    return {"at": NOON + hours * HOUR}


SPLIT = (
    row("X1", Kind.SPLIT, "L", Side.IN, 1000),
    row("X1", Kind.SPLIT, "A", Side.OUT, 600),
    row("X1", Kind.SPLIT, "B", Side.OUT, 400),
)
MOVED = (
    row("X2", Kind.SHIP, "A", Side.MOVE, 600, **at(1)),
    row("X3", Kind.RECEIVE, "A", Side.MOVE, 600, **at(2), entity=TRADER, site="yard"),
)
CREDITED = row("N2", Kind.PRODUCE, "C", Side.OUT, 100, site="north", attestation="north-1")
ROWS = (NORTH, CREDITED, SOUTH, UNKNOWN, *BLEND, *SPLIT, *MOVED)


def sale(item: str = "A", quantity: int = 600 * KG, **other: Any) -> Transaction:
    whole: dict[str, Any] = {
        "id": f"sale of {item}",
        "seller": WORKS,
        "buyer": TRADER,
        "goods": Goods.LOT,
        "item": item,
        "quantity": quantity,
        "content_mg": quantity,
        "offered_at": NOON,
        "expires_at": NOON + 9 * HOUR,
    }
    return offer(Terms(**(whole | other)), by="ann")


def accepted(transaction: Transaction) -> Transaction:
    return take(transaction, Step(StepKind.ACCEPT, "ben", TRADER, NOON + HOUR, 1))


def claim_on(lot: str, share: Fraction, **other: Any) -> ClaimMade:
    claim: Claim = replace(CLAIM, id=f"claim on {lot}", lot=lot, share=share, **other)
    return ClaimMade(claim, EDITION, PACK, beneficiary=MAKER)


CREDITS = IssuedCredits(
    "K1", "C", "north", 100 * KG, held={"north": 30 * KG, TRADER: 50 * KG}, retired={MAKER: 20 * KG}
)
BOOKS = Books(
    events=events_of(ROWS),
    transactions=(accepted(sale()),),
    credits=(CREDITS,),
    claims=(
        claim_on("A", Fraction(3, 8), made_by=TRADER),
        claim_on("B", Fraction(1, 4)),
    ),
    achievements=ACHIEVEMENTS,
    verifiers={TRADER: ("Example Verifier",)},
)


def record(
    event: str, lot: str, *changes: Change, side: Side = Side.OUT, **other: Any
) -> Restatement:
    whole: dict[str, Any] = {
        "id": "R1",
        "event": event,
        "changes": changes,
        "by": "ann",
        "at": NOON + 24 * HOUR,
        "reason": "made up: the scale was out of order",
        "side": side if changes else None,
        "lot": lot if changes else "",
    }
    return Restatement(**(whole | other))


def weighs(
    event: str, lot: str, before_kg: int, after_kg: int, side: Side = Side.OUT
) -> Restatement:
    """Mass and content, which are the same in these books."""
    both = [Change(f, str(before_kg * KG), str(after_kg * KG)) for f in (Field.MASS, Field.CONTENT)]
    return record(event, lot, *both, side=side)


def effects_of(restatement: Restatement, books: Books = BOOKS) -> Effects:
    return simulate(books, with_restatement(books, restatement))


def rows_of(*rows: Row) -> Books:
    return Books(events=events_of(rows))


def lots(found: Effects) -> dict[str, tuple[Fraction, int]]:
    """Lot to what is still covered of it, and the milligrams missing."""
    return {one.lot: (one.after.covered, one.missing_mg) for one in found.lots}


def told(found: Effects) -> dict[tuple[str, str], tuple[str, ...]]:
    return {(one.entity, one.role): one.about for one in found.notices}

"""A tree of three holders, and how tests change their receipts."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace

from stannary.core.totals import (
    LotOfMine,
    Receipt,
    Total,
    entry_of_total,
    holding,
    make_receipt,
    seal,
)

MINE = "example-north-mine"
DAY = datetime.date(2026, 11, 21)
SECRET = b"illustrative secret, 32 bytes..."
LOTS: Mapping[str, Sequence[LotOfMine]] = {
    "Example Cells": (LotOfMine("L-1", 12_300_000_000, under_way=False),),
    "Example Refining": (
        LotOfMine("L-2", 5_000_000_000, under_way=False),
        LotOfMine("L-3", 700_000_001, under_way=True),
    ),
    "Example Trading House": (LotOfMine("L-4", 0, under_way=False),),
}


def made(
    lots: Mapping[str, Sequence[LotOfMine]] = LOTS, *, gone_mg: int = 1
) -> tuple[Total, dict[str, Receipt]]:
    """Seal what holders have; give the total and every holder's receipt."""
    sealed = seal(MINE, DAY, [holding(name, those) for name, those in lots.items()], SECRET)
    every = [lot for those in lots.values() for lot in those]
    total = Total(
        mine=MINE,
        day=DAY,
        root=sealed.tree.root.hash,
        leaves=len(sealed.tree.levels[0]),
        total_mg=sealed.tree.root.sum_mg,
        held_mg=sum(lot.sum_mg for lot in every if not lot.under_way),
        under_way_mg=sum(lot.sum_mg for lot in every if lot.under_way),
        produced_mg=sealed.tree.root.sum_mg + gone_mg,
    )
    entry = entry_of_total(total)
    return total, {name: make_receipt(sealed, name, those, entry) for name, those in lots.items()}


def with_part(receipt: Receipt, number: int, **change: object) -> Receipt:
    """Change one part of a receipt."""
    parts = tuple(
        replace(part, **change) if part.number == number else part  # type: ignore[arg-type]
        for part in receipt.parts
    )
    return replace(receipt, parts=parts)

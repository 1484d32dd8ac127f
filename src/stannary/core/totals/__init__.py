"""Totals of a mine's material that can be proved without telling who has how much."""

from stannary.core.totals.receipts import Receipt, check_receipt, make_receipt
from stannary.core.totals.sealing import (
    PARTS,
    Holding,
    LotOfMine,
    Part,
    Sealed,
    holding,
    lots_digest,
    seal,
)
from stannary.core.totals.stated import Total, check_total, entry_of_total, total_of_entry
from stannary.core.totals.tree import FORM, Node, SumTree

__all__ = [
    "FORM",
    "PARTS",
    "Holding",
    "LotOfMine",
    "Node",
    "Part",
    "Receipt",
    "Sealed",
    "SumTree",
    "Total",
    "check_receipt",
    "check_total",
    "entry_of_total",
    "holding",
    "lots_digest",
    "make_receipt",
    "seal",
    "total_of_entry",
]

"""A second, deliberately naive way to find shares: forwards, by recursion, a table for each lot."""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache

from stannary.core.custody import Kind, Row, Side

Shares = dict[tuple[str, str], Fraction]
"""Site and attestation, or ("recycled", "") and ("unknown", ""), to share."""


def naive_shares(rows: Sequence[Row], lot_id: str) -> Shares:
    """Shares of a lot in a sound chain of some dozen events."""

    @cache
    def of(lot: str) -> tuple[tuple[tuple[str, str], Fraction], ...]:
        (made,) = [row for row in rows if row.lot == lot and row.side is Side.OUT]
        if made.kind is Kind.PRODUCE:
            return (((made.site, made.attestation), Fraction(1)),)
        if made.kind is Kind.RECYCLE:
            return ((("recycled", ""), Fraction(1)),)
        if made.kind is Kind.PURCHASE:
            return ((("unknown", ""), Fraction(1)),)
        inputs = [row for row in rows if row.event == made.event and row.side is Side.IN]
        total = sum(row.content_mg for row in inputs)
        mixed: Shares = {}
        for row in inputs:
            for key, share in of(row.lot):
                mixed[key] = mixed.get(key, Fraction(0)) + share * row.content_mg / total
        return tuple(mixed.items())

    return dict(of(lot_id))


def naive_depth(rows: Sequence[Row], lot_id: str) -> int:
    """The longest number of steps to an origin."""
    (made,) = [row for row in rows if row.lot == lot_id and row.side is Side.OUT]
    inputs = [row for row in rows if row.event == made.event and row.side is Side.IN]
    return 1 + max(naive_depth(rows, row.lot) for row in inputs) if inputs else 0

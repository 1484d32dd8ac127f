"""Rows of totals and shares, and what core makes of them."""

import json
from collections.abc import Iterable, Sequence

from stannary.core.totals import Holding, LotOfMine, Total
from stannary.web.totals.models import MineShare, MineTotal

SHARE = ("holder", "sum_mg", "lots_sha256")


def total_from(row: MineTotal) -> Total:
    """Give a total as it was entered."""
    return Total(
        mine=row.mine,
        day=row.day,
        root=bytes.fromhex(row.root),
        leaves=row.leaves,
        total_mg=row.total_mg,
        held_mg=row.held_mg,
        under_way_mg=row.under_way_mg,
        produced_mg=row.produced_mg,
    )


def holding_from(values: tuple[str, int, str]) -> Holding:
    """Give what a holder has from the columns `SHARE`, without its lots."""
    holder, sum_mg, lots_sha256 = values
    return Holding(holder, sum_mg, bytes.fromhex(lots_sha256))


def lots_from(row: MineShare) -> tuple[LotOfMine, ...]:
    """Give the lots of a share, in the order in which they were sealed."""
    return tuple(LotOfMine(lot, sum_mg, bool(away)) for lot, sum_mg, away in json.loads(row.lots))


def share_of(total: MineTotal, of: Holding, lots: Sequence[LotOfMine]) -> MineShare:
    """Make the row of a holder's share; it is not stored."""
    return MineShare(
        total=total,
        holder=of.holder,
        sum_mg=of.sum_mg,
        lots=_text(lots),
        lots_sha256=of.lots_sha256.hex(),
    )


def _text(lots: Iterable[LotOfMine]) -> str:
    return json.dumps([[one.lot, one.sum_mg, one.under_way] for one in lots], ensure_ascii=False)

"""Totals for programs: all are public. Receipts for programs of the holder."""

import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.security import django_auth

from stannary.core.totals import entry_of_total
from stannary.web.parties import queries as parties
from stannary.web.project.idempotency import actor_of
from stannary.web.totals import queries, records
from stannary.web.totals.models import MineTotal

router = Router(tags=["totals"])


class TotalQuery(Schema):
    """Which total."""

    on: datetime.date | None = Field(
        None, description="The newest of this day or before it; left out: the newest."
    )


class MineTotalOut(Schema):
    """What a mine's material came to on a day; masses are of the element in it."""

    mine: str = Field(description="Permanent id of the site.", examples=["example-north-mine"])
    day: str = Field(description="As the books stood on it.", examples=["2026-11-22"])
    root: str = Field(description="Of the sum tree, hexadecimal.", examples=["9f" * 32])
    leaves: int = Field(description="Of the sum tree; a power of two.", examples=[64])
    total_mg: str = Field(description="The sum at the root.", examples=["559000000"])
    held_mg: str = Field(description="In somebody's hands.", examples=["489000000"])
    under_way_mg: str = Field(description="Sent, not yet received.", examples=["70000000"])
    produced_mg: str = Field(description="All that it ever produced.", examples=["560000000"])
    entry: str = Field(
        description="What was entered in the public log, to the byte.",
        examples=['{"day":"2026-11-22","held_mg":"489000000"}'],
    )
    log_index: int = Field(description="Number of the entry.", examples=[7])


class MineReceiptOut(Schema):
    """What an entity had of a total, and the file that shows it."""

    mine: str = Field(description="Permanent id of the site.", examples=["example-north-mine"])
    day: str = Field(description="Of the total.", examples=["2026-11-22"])
    holder: str = Field(description="Name of the entity.", examples=["Example Cells"])
    sum_mg: str = Field(description="What it had.", examples=["375000000"])
    receipt: str = Field(
        description="The receipt file as text, to be saved for stannary verify.",
        examples=['{"type": "stannary/mine-total-receipt/1"}'],
    )


@router.get("/{site}", response=MineTotalOut, summary="The total of a mine's material")
def total(request: HttpRequest, site: str, asked: Query[TotalQuery]) -> dict[str, Any]:
    """Give the newest total that was entered, or that of a day."""
    return _shape(queries.total_of(parties.site(site).slug, asked.on))


@router.get(
    "/{site}/receipts/{entity}",
    response=MineReceiptOut,
    auth=django_auth,
    summary="An entity's receipt of a mine's total",
)
def receipt(
    request: HttpRequest, site: str, entity: str, asked: Query[TotalQuery]
) -> dict[str, Any]:
    """Give the receipt to programs of the entity's clerks."""
    holder = queries.holder_to_read_for(actor_of(request), entity)
    share = queries.share_of(holder, parties.site(site).slug, asked.on)
    return {
        "mine": share.total.mine,
        "day": share.total.day.isoformat(),
        "holder": share.holder,
        "sum_mg": str(share.sum_mg),
        "receipt": queries.receipt_file(share),
    }


def _shape(row: MineTotal) -> dict[str, Any]:
    return {
        "mine": row.mine,
        "day": row.day.isoformat(),
        "root": row.root,
        "leaves": row.leaves,
        "total_mg": str(row.total_mg),
        "held_mg": str(row.held_mg),
        "under_way_mg": str(row.under_way_mg),
        "produced_mg": str(row.produced_mg),
        "entry": entry_of_total(records.total_from(row)).decode(),
        "log_index": row.log_index,
    }

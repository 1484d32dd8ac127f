from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from stannary.core.custody import COLUMNS
from stannary.formats.movements import row_texts
from stannary.web.custody import queries
from stannary.web.custody.downloads import shape
from stannary.web.custody.models import Lot
from stannary.web.custody.views import trace_shape
from stannary.web.project import paging
from stannary.web.project.page_query import PageQuery

router = Router(tags=["lots"])


class LotOut(Schema):
    """What the movements say of a lot now."""

    lot: str = Field(description="Id of the lot.")
    material: str = Field(description="In the words of the record.")
    mass_mg: str = Field(description="Dry mass in whole milligrams.")
    content_mg: str = Field(description="Mass of the tracked element in whole milligrams.")
    left_mass_mg: str = Field(description="What is left of the mass after all uses.")
    left_content_mg: str = Field(description="What is left of the content after all uses.")
    model: str | None = Field(description="Chain of custody model (ISO 22095); null: none named.")
    made_at: str = Field(description="RFC 3339")
    made_by: str = Field(description="Organisation that made it.")
    site: str = Field(description="Where it was made.")
    holder: str | None = Field(description="Null: used up or under way.")
    in_transit: bool = Field(description="True: shipped and not yet received.")


class LotPage(Schema):
    """One page of lots."""

    items: list[LotOut] = Field(description="One page of lots.")
    next: str | None = Field(description="Cursor of the next page; null on the last.")


class OriginOut(Schema):
    """What a lot has from one site."""

    site: str = Field(description="Permanent id of the site.")
    attestation: str | None = Field(description="Achievement that the mined lots name; null: none.")
    level: str | None = Field(description="Level of the site on the day of production.")
    share: str = Field(description="Of the lot's content, 12 decimals.")
    content_mg: str = Field(
        description="Mass of the tracked element from there in whole milligrams."
    )


class TraceOut(Schema):
    """Of what a lot is made; as `stannary trace --json` prints it."""

    lot: str = Field(description="Id of the lot.")
    content_mg: str = Field(description="Mass of the tracked element in whole milligrams.")
    model: str | None = Field(description="Chain of custody model (ISO 22095); null: none named.")
    origins: list[OriginOut] = Field(description="One for each site and attestation.")
    recycled_share: str = Field(description="Of the lot's content, 12 decimals.")
    unknown_share: str = Field(
        description="Of the lot's content, 12 decimals; counts towards nothing."
    )
    lots: int = Field(description="How many lots it is made of, itself included.")
    events: int = Field(description="How many events led to it.")
    depth: int = Field(description="Most steps back to an origin.")


class MovementOut(Schema):
    """One row of a custody file; empty texts where the row says nothing."""

    event: str = Field(description="Rows of the same event happened together.")
    at: str = Field(description="RFC 3339, with the offset of the record.")
    kind: str = Field(
        description="produce, ship, receive, split, blend, transform, loss, recycle or purchase"
    )
    site: str = Field(description="Where it happened.")
    entity: str = Field(description="Organisation that recorded it.")
    lot: str = Field(description="Id of the lot.")
    side: str = Field(description="in, out or move")
    material: str = Field(description="In the words of the record.")
    mass_mg: str = Field(description="Dry mass in whole milligrams.")
    content_mg: str = Field(description="Mass of the tracked element in whole milligrams.")
    model: str = Field(description="Chain of custody model (ISO 22095).")
    attestation: str = Field(description="Achievement that a mined lot names.")
    account: str = Field(description="Mass balance account.")
    period: str = Field(description="Balancing period of the account.")
    note: str = Field(description="Of whoever recorded it.")


@router.get("", response=LotPage, summary="Lots in the register")
def lots(request: HttpRequest, asked: Query[PageQuery]) -> dict[str, Any]:
    """Give one page of lots."""
    return paging.page(Lot.objects.all(), cursor=asked.cursor, limit=asked.limit, shape=shape)


@router.get("/{path:lot_id}/trace", response=TraceOut, summary="Of what a lot is made")
def trace(
    request: HttpRequest, lot_id: Annotated[str, Field(description="Id of the lot.")]
) -> dict[str, object]:
    """Trace a lot to its origins."""
    return trace_shape(lot_id)


@router.get(
    "/{path:lot_id}/movements",
    response=list[MovementOut],
    summary="The movements that a lot is made of",
)
def movements(
    request: HttpRequest, lot_id: Annotated[str, Field(description="Id of the lot.")]
) -> list[dict[str, str]]:
    """Give the movements of a lot's ancestry, in file order: all that its trace depends on."""
    return [
        dict(zip(COLUMNS, row_texts(row), strict=True)) for row in queries.ancestry_rows(lot_id)
    ]


@router.get("/{path:lot_id}", response=LotOut, summary="One lot")
def lot(
    request: HttpRequest, lot_id: Annotated[str, Field(description="Id of the lot.")]
) -> dict[str, Any]:
    """Give one lot."""
    return shape(queries.lot(lot_id))

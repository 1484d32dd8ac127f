from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from stannary.core.custody import COLUMNS
from stannary.formats.movements import row_texts
from stannary.web.custody import queries
from stannary.web.custody.downloads import shape
from stannary.web.custody.models import Lot
from stannary.web.custody.views import trace_shape
from stannary.web.project import paging

router = Router(tags=["lots"])


class LotOut(Schema):
    """What the movements say of a lot now."""

    lot: str
    material: str
    mass_mg: str = Field(description="Dry mass in whole milligrams.")
    content_mg: str = Field(description="Mass of the tracked element in whole milligrams.")
    left_mass_mg: str = Field(description="What is left of the mass after all uses.")
    left_content_mg: str = Field(description="What is left of the content after all uses.")
    model: str | None = Field(description="Chain of custody model (ISO 22095); null: none named.")
    made_at: str = Field(description="RFC 3339")
    made_by: str
    site: str
    holder: str | None = Field(description="Null: used up or under way.")
    in_transit: bool


class LotPage(Schema):
    """One page of lots."""

    items: list[LotOut]
    next: str | None = Field(description="Cursor of the next page; null on the last.")


class OriginOut(Schema):
    """What a lot has from one site."""

    site: str
    attestation: str | None
    level: str | None = Field(description="Level of the site on the day of production.")
    share: str = Field(description="Of the lot's content, 12 decimals.")
    content_mg: str


class TraceOut(Schema):
    """Of what a lot is made; as `stannary trace --json` prints it."""

    lot: str
    content_mg: str
    model: str | None
    origins: list[OriginOut]
    recycled_share: str
    unknown_share: str
    lots: int
    events: int
    depth: int


class MovementOut(Schema):
    """One row of a custody file; empty texts where the row says nothing."""

    event: str = Field(description="Rows of the same event happened together.")
    at: str = Field(description="RFC 3339, with the offset of the record.")
    kind: str
    site: str
    entity: str
    lot: str
    side: str = Field(description="in, out or move")
    material: str
    mass_mg: str = Field(description="Dry mass in whole milligrams.")
    content_mg: str = Field(description="Mass of the tracked element in whole milligrams.")
    model: str
    attestation: str
    account: str
    period: str
    note: str


@router.get("", response=LotPage, summary="Lots in the register")
def lots(
    request: HttpRequest,
    cursor: Annotated[
        str | None, Field(description="From the page before; left out for the first.")
    ] = None,
    limit: Annotated[int, Field(ge=1, le=1000, description="Lots a page.")] = 100,
) -> dict[str, Any]:
    """Give one page of lots."""
    return paging.page(Lot.objects.all(), cursor=cursor, limit=limit, shape=shape)


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

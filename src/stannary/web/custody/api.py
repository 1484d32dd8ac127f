import datetime
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Field, Query, Router, Schema
from ninja.errors import ValidationError
from ninja.security import django_auth
from pydantic import ConfigDict, TypeAdapter
from pydantic import ValidationError as InvalidError

from stannary.core.custody import COLUMNS, Row
from stannary.core.kernel import refuse
from stannary.formats.movements import row_texts, rows_of
from stannary.formats.movements_tables import Line, csv_lines
from stannary.web.custody import operations, queries
from stannary.web.custody.downloads import shape
from stannary.web.custody.models import Lot
from stannary.web.custody.views import trace_shape
from stannary.web.project.idempotency import Made, actor_of, once
from stannary.web.project.page_query import PageQuery
from stannary.web.project.rules import NOT_TOO_MUCH_AT_ONCE

router = Router(tags=["lots"])
book_router = Router(tags=["movements"])

ROWS_MAX = 10_000
"""How many movements are booked at once."""


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
    element: str | None = Field(description="Tracked element; null: no movement named it.")


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


class MovementIn(Schema):
    """One row of a custody file: a lot that takes part in an event."""

    model_config = ConfigDict(extra="forbid")

    event: str = Field(
        description="Rows of the same event happened together.", examples=["E-2026-117"]
    )
    at: str = Field(description="RFC 3339, with an offset.", examples=["2026-03-01T08:00:00+01:00"])
    kind: str = Field(
        description="produce, ship, receive, split, blend, transform, loss, recycle or purchase",
        examples=["split"],
    )
    site: str = Field(description="Where it happened.", examples=["example-cells-plant"])
    entity: str = Field(
        description="Organisation that records it; you are its clerk.", examples=["Example Cells"]
    )
    lot: str = Field(description="Id of the lot.", examples=["L-2041"])
    side: str = Field(description="in, out or move", examples=["in"])
    material: str = Field(description="In words.", examples=["lithium carbonate"])
    mass_mg: str = Field(description="Dry mass in whole milligrams.", examples=["1000000"])
    content_mg: str = Field(
        "",
        description="Mass of the tracked element in whole milligrams; empty: the mass.",
        examples=["188000"],
    )
    model: str = Field(
        "",
        description="Chain of custody model (ISO 22095); empty: none named.",
        examples=["segregated"],
    )
    attestation: str = Field(
        "",
        description="Achievement that a mined lot names; empty: none.",
        examples=["urn:uuid:6f0b7e2a-5d57-4c0f-9d5e-0a1f4f5c2b01"],
    )
    account: str = Field("", description="Mass balance account.", examples=["A-1"])
    period: str = Field("", description="Balancing period of the account.", examples=["2026-Q1"])
    note: str = Field("", description="Anything, for people.", examples=["second shift"])
    process: str = Field(
        "",
        description="Of a blend or transformation, on what comes out: the process, as conversion factors call it.",
        examples=["acid roast"],
    )
    element: str = Field(
        "",
        description="Tracked element of which the content is; empty: not said.",
        examples=["lithium"],
    )


_MOVEMENTS_IN = TypeAdapter(list[MovementIn])
_CSV = """\
event,at,kind,site,entity,lot,side,material,mass_mg
E-1,2026-03-01T08:00:00Z,purchase,example-cells-plant,Example Cells,L-9,out,lithium carbonate,1000000
"""
_BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "array",
                "minItems": 1,
                "maxItems": ROWS_MAX,
                "items": MovementIn.model_json_schema(),
            }
        },
        "text/csv": {
            "schema": {
                "type": "string",
                "description": "A custody file, UTF-8, with a header that names the columns.",
                "examples": [_CSV],
            }
        },
    },
}


class MovementOut(Schema):
    """One row of a custody file; empty texts where the row says nothing."""

    event: str = Field(
        description="Rows of the same event happened together.", examples=["E-2026-117"]
    )
    at: str = Field(
        description="RFC 3339, with the offset of the record.",
        examples=["2026-03-01T08:00:00+01:00"],
    )
    kind: str = Field(
        description="produce, ship, receive, split, blend, transform, loss, recycle or purchase",
        examples=["split"],
    )
    site: str = Field(description="Where it happened.", examples=["example-cells-plant"])
    entity: str = Field(description="Organisation that recorded it.", examples=["Example Cells"])
    lot: str = Field(description="Id of the lot.", examples=["L-2041"])
    side: str = Field(description="in, out or move", examples=["in"])
    material: str = Field(description="In the words of the record.", examples=["lithium carbonate"])
    mass_mg: str = Field(description="Dry mass in whole milligrams.", examples=["1000000"])
    content_mg: str = Field(
        description="Mass of the tracked element in whole milligrams.", examples=["188000"]
    )
    model: str = Field(description="Chain of custody model (ISO 22095).", examples=["segregated"])
    attestation: str = Field(description="Achievement that a mined lot names.", examples=[""])
    account: str = Field(description="Mass balance account.", examples=[""])
    period: str = Field(description="Balancing period of the account.", examples=[""])
    note: str = Field(description="Of whoever recorded it.", examples=["second shift"])
    process: str = Field(description="By which it came out of others.", examples=["acid roast"])
    element: str = Field(description="Tracked element.", examples=["lithium"])


class BookedOut(Schema):
    """What was booked."""

    booked: int = Field(description="How many movements.", examples=[3])
    movements: int = Field(description="How many are in the book now.", examples=[41])
    events: list[str] = Field(
        description="Their events, in file order; `GET /api/v1/movements/{event}` gives one.",
        examples=[["E-2026-117"]],
    )
    lots: list[str] = Field(
        description="The lots that they name, in file order; `GET /api/v1/lots/{lot}` gives one.",
        examples=[["L-2041", "L-2041-a", "L-2041-b"]],
    )


@router.get("", response=LotPage, summary="Lots in the register")
def lots(request: HttpRequest, asked: Query[PageQuery]) -> dict[str, Any]:
    """Give one page of lots."""
    return asked.of(Lot.objects.all(), shape)


class TraceQuery(Schema):
    """As of which day."""

    as_of: datetime.date | None = Field(
        None,
        description="By what was known at the end of this day; left out: by all that is known.",
        examples=["2026-03-01"],
    )


@router.get("/{path:lot_id}/trace", response=TraceOut, summary="Of what a lot is made")
def trace(
    request: HttpRequest,
    lot_id: Annotated[str, Field(description="Id of the lot.")],
    asked: Query[TraceQuery],
) -> dict[str, object]:
    """Trace a lot to its origins."""
    return trace_shape(lot_id, as_of=asked.as_of)


@router.get(
    "/{path:lot_id}/movements",
    response=list[MovementOut],
    summary="The movements that a lot is made of",
)
def movements(
    request: HttpRequest, lot_id: Annotated[str, Field(description="Id of the lot.")]
) -> list[dict[str, str]]:
    """Give the movements of a lot's ancestry, in file order: all that its trace depends on."""
    return _shapes(queries.ancestry_rows(lot_id))


@router.get("/{path:lot_id}", response=LotOut, summary="One lot")
def lot(
    request: HttpRequest, lot_id: Annotated[str, Field(description="Id of the lot.")]
) -> dict[str, Any]:
    """Give one lot."""
    return shape(queries.lot(lot_id))


@book_router.post(
    "",
    response={201: BookedOut},
    auth=django_auth,
    summary="Book movements, all or none",
    openapi_extra={"requestBody": _BODY},
)
def book(request: HttpRequest) -> HttpResponse:
    """Book movements sent as a JSON list of rows or as CSV; for clerks of every entity named.

    At most 10 000 rows at once. If the book would not hold with them, nothing is booked, and each
    finding names its row (line) and column.
    """
    rows = _sent(request)

    def act() -> Made:
        whole = operations.book(actor=actor_of(request), rows=rows)
        events = list(dict.fromkeys(row.event for row in rows))
        body = {
            "booked": len(rows),
            "movements": whole,
            "events": events,
            "lots": list(dict.fromkeys(row.lot for row in rows)),
        }
        return Made(body, reverse("api:event", args=[events[0]]))

    return once(request, BookedOut, act)


@book_router.get(
    "/{path:event}",
    response=list[MovementOut],
    summary="The movements of one event",
    url_name="event",
)
def event(
    request: HttpRequest, event: Annotated[str, Field(description="Id of the event.")]
) -> list[dict[str, str]]:
    """Give the movements that happened together in one event, in file order."""
    return _shapes(queries.rows_of_event(event))


def _sent(request: HttpRequest) -> tuple[Row, ...]:
    """Read the rows of a body; in JSON the line is the number of the row, from 1.

    Raises:
        RefusalError: API-004 for too many rows; CUSTODY codes for what cannot be read.
        ValidationError: If JSON is not a list of rows.
    """
    if request.content_type == "text/csv":
        return rows_of(_bounded(csv_lines(request.body, "body")), "body")
    try:
        sent = _MOVEMENTS_IN.validate_json(request.body)
    except InvalidError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        raise ValidationError([{**one, "loc": ("body", *one["loc"])} for one in found]) from error
    return rows_of(_bounded((n, row.model_dump()) for n, row in enumerate(sent, start=1)), "body")


def _bounded(lines: Iterable[Line]) -> Iterator[Line]:
    for number, line in enumerate(lines, start=1):
        if number > ROWS_MAX:
            refuse(NOT_TOO_MUCH_AT_ONCE, rows=f"more than {ROWS_MAX}", most=f"{ROWS_MAX}")
        yield line


def _shapes(rows: Iterable[Row]) -> list[dict[str, str]]:
    return [dict(zip(COLUMNS, row_texts(row), strict=True)) for row in rows]

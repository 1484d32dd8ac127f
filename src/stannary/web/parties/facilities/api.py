"""Facilities for programs: a list with filters, one of them, recording and changing.

Reading is for everybody. A write needs a session and the CSRF token, and may carry an
Idempotency-Key.
"""

from decimal import Decimal

from django.http import HttpRequest
from django.urls import reverse
from ninja import Field, Query, Router, Schema

from stannary.web.parties.facilities import operations, queries, shapes
from stannary.web.parties.facilities.forms import RADIUS_MOST_KM
from stannary.web.parties.facilities.operations import ID_MAX, FacilitySaid
from stannary.web.parties.models import Facility
from stannary.web.parties.search import MAX_QUERY
from stannary.web.project import paging
from stannary.web.project.idempotency import NO_NULL, Made, actor_of
from stannary.web.project.writes import write

router = Router(tags=["facilities"])
_DEGREES = r"^-?\d{1,3}(\.\d{1,5})?$"


class FacilityPlace(Schema):
    """Where a facility is, approximately."""

    latitude: str = Field(
        pattern=_DEGREES, description="Degrees north, as text.", examples=["61.0"]
    )
    longitude: str = Field(
        pattern=_DEGREES, description="Degrees east, as text.", examples=["-30.5"]
    )
    radius_km: int = Field(
        ge=1,
        le=RADIUS_MOST_KM,
        description="It lies somewhere within this distance.",
        examples=[25],
    )


class FacilityPlaceOut(FacilityPlace):
    """Where a facility is, and what that does not say."""

    note: str = Field(description="How the place is meant.", examples=["Approximate: no boundary."])


class FacilityOut(Schema):
    """A facility."""

    id: str = Field(
        description="Permanent id, as movements name the place.", examples=["example-refinery"]
    )
    name: str = Field(description="Of the facility.", examples=["Example Refinery"])
    organisation: str = Field(description="Short name.", examples=["example-refining"])
    organisation_name: str = Field(
        description="As movements name it.", examples=["Example Refining"]
    )
    kind: str = Field(
        description=(
            "concentrator, smelter, refinery, chemical_plant, recycling, factory, warehouse, port, "
            "laboratory or other."
        ),
        examples=["refinery"],
    )
    country: str = Field(description="ISO 3166-1 alpha-2.", examples=["NO"])
    materials: list[str] = Field(description="Keys of materials.", examples=[["lithium"]])
    gln: str | None = Field(
        description="Global Location Number; null: none.", examples=["9521321000018"]
    )
    place: FacilityPlaceOut | None = Field(description="Null: it is not said.")
    closed_on: str | None = Field(description="Partial date; null: it is at work.", examples=[None])
    illustrative: bool = Field(description="True: made up.", examples=[True])
    note: str = Field(description="In words; may be empty.", examples=[""])
    source: str = Field(description="Where it was read; empty where made up.", examples=[""])
    mark: str = Field(
        description="How sure that is: S S2 SEED SEED+S SEED+S2 D GK ? own.", examples=[""]
    )
    version: int = Field(description="A change names it as seen.", examples=[1])
    address: str = Field(
        description="Its page, for people.", examples=["/facilities/example-refinery/"]
    )


class FacilityList(Schema):
    """Facilities in the order in which they were recorded."""

    items: list[FacilityOut] = Field(description="One page of facilities.")
    next: str | None = Field(description="Cursor of the next page; null on the last.")


class FacilitySaidIn(Schema):
    """What is said of a facility, all of it."""

    name: str = Field(
        max_length=200,
        pattern=NO_NULL,
        description="No other facility of the organisation has it.",
        examples=["Example Refinery"],
    )
    kind: str = Field(
        max_length=20, pattern=NO_NULL, description="As the list writes it.", examples=["refinery"]
    )
    country: str = Field(
        max_length=2, pattern=NO_NULL, description="ISO 3166-1 alpha-2.", examples=["NO"]
    )
    materials: list[str] = Field(
        default_factory=list,
        max_length=100,
        description="Keys of materials.",
        examples=[["lithium"]],
    )
    gln: str = Field(
        "",
        max_length=13,
        pattern=r"^\d*$",
        description="Global Location Number; empty: none.",
        examples=["9521321000018"],
    )
    place: FacilityPlace | None = Field(None, description="Null: it is not said.")
    closed_on: str = Field(
        "",
        max_length=10,
        pattern=NO_NULL,
        description="Partial date; empty: it is at work.",
        examples=[""],
    )
    note: str = Field("", max_length=500, pattern=NO_NULL, description="In words.", examples=[""])
    source: str = Field(
        "",
        max_length=400,
        pattern=NO_NULL,
        description="Where it was read; needed unless the organisation is made up.",
        examples=[""],
    )
    mark: str = Field(
        "",
        max_length=10,
        pattern=NO_NULL,
        description="How sure that is, likewise.",
        examples=[""],
    )


class FacilityIn(FacilitySaidIn):
    """A facility to record."""

    organisation: str = Field(
        max_length=80,
        pattern=NO_NULL,
        description="Short name of whose it is.",
        examples=["example-refining"],
    )
    id: str = Field(
        "",
        max_length=ID_MAX,
        pattern=NO_NULL,
        description="Permanent id, as movements name the place; empty: made from the name.",
        examples=["example-refinery"],
    )


class FacilityChangeIn(FacilitySaidIn):
    """What is said of a facility from now on."""

    seen: int = Field(description="Version that you saw; else 409.", examples=[1])


class FacilityQuery(Schema):
    """Which facilities, and how many at a time."""

    q: str = Field(
        "",
        max_length=MAX_QUERY,
        pattern=NO_NULL,
        description="Words that must all stand in id, name or organisation",
    )
    kind: str = Field("", max_length=20, pattern=NO_NULL, description="As the list writes it")
    country: str = Field("", max_length=2, pattern=NO_NULL, description="ISO 3166-1 alpha-2")
    material: str = Field("", max_length=40, pattern=NO_NULL, description="Key of a material")
    organisation: str = Field("", max_length=80, pattern=NO_NULL, description="Short name")
    cursor: str | None = Field(None, description="From `next` of the page before")
    limit: int = Field(paging.PAGE_SIZE, ge=1, le=1000, description="Most items on a page")


@router.get("", response=FacilityList, summary="Facilities")
def facilities(request: HttpRequest, asked: Query[FacilityQuery]) -> shapes.Shape:
    """List facilities, all or those that fit every filter."""
    filters = {name: getattr(asked, name) for name in ("q", *queries.FILTERS)}
    found = queries.facilities(filters)
    return paging.page(found, cursor=asked.cursor, limit=asked.limit, shape=shapes.facility)


@write(router, "", answer=FacilityOut, summary="Record a facility")
def add(request: HttpRequest, body: FacilityIn) -> Made:
    """Record a facility; for clerks and site users of its organisation, and the secretariat."""
    row = operations.add_facility(
        actor=actor_of(request), organisation=body.organisation, said=_said(body), slug=body.id
    )
    return _made(row)


@router.get("/{facility}", response=FacilityOut, summary="One facility", url_name="facility")
def facility(request: HttpRequest, facility: str) -> shapes.Shape:
    """Give a facility."""
    return shapes.facility(queries.facility(facility))


@write(router, "/{facility}/changes", answer=FacilityOut, summary="Change a facility")
def change(request: HttpRequest, facility: str, body: FacilityChangeIn) -> Made:
    """Say something else of a facility; 409 if somebody else did since you looked."""
    row = operations.change_facility(
        actor=actor_of(request), slug=facility, said=_said(body), seen=body.seen
    )
    return _made(row)


def _made(row: Facility) -> Made:
    found = queries.facility(row.slug)
    return Made(shapes.facility(found), reverse("api:facility", args=[row.slug]))


def _said(body: FacilitySaidIn) -> FacilitySaid:
    place = body.place
    return FacilitySaid(
        name=body.name,
        kind=body.kind,
        country=body.country,
        materials=tuple(body.materials),
        gln=body.gln,
        latitude=Decimal(place.latitude) if place else None,
        longitude=Decimal(place.longitude) if place else None,
        radius_km=place.radius_km if place else None,
        closed_on=body.closed_on,
        note=body.note,
        source=body.source,
        mark=body.mark,
    )

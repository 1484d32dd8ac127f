"""Conversion factors for programs: reading for everybody, recording for clerks and the secretariat."""

import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from stannary.web.entities.api import EntityDayQuery
from stannary.web.entities.factors import operations, queries, shapes
from stannary.web.entities.factors.operations import FactorSaid
from stannary.web.entities.shapes import Shape
from stannary.web.project import paging
from stannary.web.project.idempotency import NO_NULL, Made, actor_of
from stannary.web.project.page_query import PageQuery
from stannary.web.project.writes import write

router = Router(tags=["entities"])


class FactorIn(Schema):
    """A conversion factor to state."""

    material: str = Field(
        max_length=200, pattern=NO_NULL, description="What goes in, in the words of movements.",
        examples=["lithium concentrate"],
    )  # fmt: skip
    product: str = Field(
        max_length=200, pattern=NO_NULL, description="What comes out, in the words of movements.",
        examples=["lithium carbonate"],
    )  # fmt: skip
    process: str = Field(
        max_length=200, pattern=NO_NULL, description="In words.", examples=["acid roast"]
    )
    element: str = Field(
        max_length=80, pattern=NO_NULL, description="The tracked element.", examples=["lithium"]
    )
    factor: str = Field(
        max_length=40, pattern=NO_NULL, description="Content out over content in, exact.",
        examples=["23/25"],
    )  # fmt: skip
    source: str = Field(
        max_length=400, pattern=NO_NULL, description="Where it was read or measured.",
        examples=["Test run 4, illustrative"],
    )  # fmt: skip
    valid_from: datetime.date = Field(description="First day.", examples=["2026-01-01"])
    valid_until: datetime.date | None = Field(
        None, description="First day no longer in force; null: no end is known.", examples=[None]
    )
    entity: str = Field(
        "", max_length=80, pattern=NO_NULL,
        description="Short name of the entity that states it; empty: the secretariat.",
        examples=["example-cells"],
    )  # fmt: skip
    illustrative: bool = Field(default=False, description="True: made up.", examples=[True])


class FactorEndIn(Schema):
    """The end of a conversion factor."""

    on: datetime.date = Field(
        description="First day on which it is no longer used.", examples=["2026-06-01"]
    )
    reason: str = Field(
        max_length=2000, pattern=NO_NULL, description="Why; public.",
        examples=["Measured anew."],
    )  # fmt: skip


class FactorOut(Schema):
    """A conversion factor, as it stands on a day."""

    number: str = Field(description="Of this register.", examples=["1"])
    entity: str = Field(
        description="Short name of who stated it; empty: a secretariat.",
        examples=["example-cells"],
    )
    material: str = Field(description="What goes in.", examples=["lithium concentrate"])
    product: str = Field(description="What comes out.", examples=["lithium carbonate"])
    process: str = Field(description="In words.", examples=["acid roast"])
    element: str = Field(description="The tracked element.", examples=["lithium"])
    factor: str = Field(description="Content out over content in, exact.", examples=["23/25"])
    source: str = Field(
        description="Where it was read or measured.", examples=["Test run 4, illustrative"]
    )
    valid_from: datetime.date = Field(description="First day.", examples=["2026-01-01"])
    valid_until: datetime.date | None = Field(
        description="First day no longer in force; null: no end is known.", examples=[None]
    )
    illustrative: bool = Field(description="True: made up.", examples=[True])
    status: str = Field(
        description="On the day: stated, not_yet, in_force, review_due, ended or withdrawn.",
        examples=["in_force"],
    )
    approved_by: str = Field(
        description="Short name of whose secretariat; empty: nobody yet.",
        examples=["example-scheme"],
    )
    approved_on: datetime.date | None = Field(
        description="What is booked earlier may not use it.", examples=["2026-01-01"]
    )
    review_on: datetime.date | None = Field(
        description="From then on it is not used before another was approved, by the months of the "
        "register's own pack; for entities under another pack its own months count.",
        examples=["2027-01-01"],
    )
    withdrawn_on: datetime.date | None = Field(
        description="First day on which it is no longer used.", examples=[None]
    )
    reason: str = Field(description="Why it was withdrawn.", examples=[""])
    address: str = Field(description="Its page, for people.", examples=["/conversion-factors/1/"])


class FactorList(Schema):
    """Conversion factors in the order in which they were stated."""

    items: list[FactorOut] = Field(description="One page of factors.")
    next: str | None = Field(description="Cursor of the next page; null on the last.")


class FactorQuery(PageQuery, EntityDayQuery):
    """As of which day, and how many at a time."""


@router.get("", response=FactorList, summary="Conversion factors")
def factors(request: HttpRequest, asked: Query[FactorQuery]) -> Shape:
    """List conversion factors as they stand on a day, also those that nobody has approved."""
    day = asked.day or timezone.localdate()
    return paging.page(
        queries.factors(),
        cursor=asked.cursor,
        limit=asked.limit,
        shape=lambda row: shapes.factor(queries.known_on(row, day)),
    )


@router.get("/{factor}", response=FactorOut, summary="One conversion factor", url_name="factor")
def factor(request: HttpRequest, factor: str, asked: Query[EntityDayQuery]) -> Shape:
    """Give a conversion factor as it stands on a day."""
    row = queries.factor(factor)
    return shapes.factor(queries.known_on(row, asked.day or timezone.localdate()))


@write(router, "", answer=FactorOut, summary="State a conversion factor")
def state(request: HttpRequest, body: FactorIn) -> Made:
    """State a conversion factor; for clerks of the entity, or the secretariat."""
    said = FactorSaid(**body.dict())
    return _made(str(operations.state(actor=actor_of(request), said=said).pk))


@write(router, "/{factor}/approvals", answer=FactorOut, summary="Approve a conversion factor")
def approve(request: HttpRequest, factor: str) -> Made:
    """Approve a conversion factor that somebody else stated; for the secretariat."""
    operations.approve(actor=actor_of(request), number=factor)
    return _made(factor)


@write(router, "/{factor}/withdrawals", answer=FactorOut, summary="Withdraw a conversion factor")
def withdraw(request: HttpRequest, factor: str, body: FactorEndIn) -> Made:
    """Withdraw a conversion factor from a day on; for the secretariat."""
    operations.withdraw(actor=actor_of(request), number=factor, on=body.on, reason=body.reason)
    return _made(factor)


def _made(number: str) -> Made:
    known = queries.known_on(queries.factor(number), timezone.localdate())
    return Made(shapes.factor(known), reverse("api:factor", args=[number]))

"""Credits for programs: all are public. Accounts for programs of the entity and who audits it."""

from typing import Annotated

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from ninja.security import django_auth

from stannary.web.custody.books import queries, retiring, shapes
from stannary.web.project.idempotency import NO_NULL, Made, actor_of
from stannary.web.project.page_query import PageQuery
from stannary.web.project.writes import write

router = Router(tags=["credits"])
accounts_router = Router(tags=["entities"])

_MG = r"^\d+$"


class CreditOut(Schema):
    """A credit of book and claim, and what is left of it."""

    credit: str = Field(description="Its id.", examples=["C-1"])
    state: str = Field(
        description="in_force, expired, or used (nothing is left).", examples=["in_force"]
    )
    holder: str = Field(description="Who holds it.", examples=["Example Cells"])
    booked_by: str = Field(description="Who booked it first.", examples=["Example North Mining"])
    parent: str = Field(description="What it was split from; empty: it was booked.", examples=[""])
    material: str = Field(
        description="Of the lot it was booked from.", examples=["spodumene concentrate"]
    )
    site: str = Field(description="The mine.", examples=["example-north-mine"])
    attestation: str = Field(
        description="Achievement that the lot named.",
        examples=["urn:stannary:achievement:example-north-mine"],
    )
    produced_on: str = Field(description="Day of production.", examples=["2026-01-12"])
    booked_on: str = Field(description="Day from which its life counts.", examples=["2026-01-20"])
    expires_on: str = Field(description="First day on which it is over.", examples=["2028-01-20"])
    unit_mg: str = Field(description="Milligrams to a unit.", examples=["1000000"])
    quantity_mg: str = Field(description="When it was made.", examples=["40000000"])
    left_mg: str = Field(
        description="Neither passed on nor used up.", examples=["30000000"], pattern=_MG
    )
    on: str = Field(description="Day of the state.", examples=["2026-11-22"])


class CreditList(Schema):
    """Credits in no promised order, each once."""

    items: list[CreditOut] = Field(description="One page of credits.")
    next: str | None = Field(description="Cursor of the next page; null on the last.")


class UseOut(Schema):
    """Credits that were used up for somebody, for good."""

    event: str = Field(description="Id of the event.", examples=["E-R1"])
    on: str = Field(description="Day.", examples=["2026-02-20"])
    credit: str = Field(description="Of which credit.", examples=["C-1"])
    holder: str = Field(description="By whom.", examples=["Example Cells"])
    beneficiary: str = Field(description="For whom or what.", examples=["Product 7"])
    period: str = Field(description="For what time; may be empty.", examples=["2026"])
    material: str = Field(description="Of the lot.", examples=["spodumene concentrate"])
    site: str = Field(description="The mine.", examples=["example-north-mine"])
    attestation: str = Field(
        description="Achievement.", examples=["urn:stannary:achievement:example-north-mine"]
    )
    quantity_mg: str = Field(description="How much.", examples=["4000000"])


class UseList(Schema):
    """What was used up."""

    items: list[UseOut] = Field(description="One page.")
    next: str | None = Field(description="Cursor of the next page; null on the last.")


class RetireIn(Schema):
    """Credits to use up."""

    beneficiary: str = Field(
        max_length=2000, pattern=NO_NULL, description="For whom or what.", examples=["Product 7"]
    )
    quantity_mg: str | None = Field(
        None,
        pattern="^[0-9]{1,19}$",
        description="Whole units; null: all that is left.",
        examples=["4000000"],
    )
    period: str = Field(
        "", max_length=200, pattern=NO_NULL, description="For what time.", examples=["2026"]
    )


class TotalsOut(Schema):
    """What became of all credits: booked is used, expired and held together."""

    on: str = Field(description="Day.", examples=["2026-11-22"])
    booked_mg: str = Field(description="All that were ever booked.", examples=["40000000"])
    used_mg: str = Field(description="Used up for somebody.", examples=["4000000"])
    expired_mg: str = Field(description="Expired without being used.", examples=["0"])
    held_mg: str = Field(description="In force in somebody's hands.", examples=["36000000"])
    passed_on_mg: str = Field(description="Of all transfers.", examples=["10000000"])


class PeriodOut(Schema):
    """An account of mass balance in one balance period."""

    boundary: str = Field(description="A site, or a group of sites.", examples=["A Plant"])
    material: str = Field(description="What comes out of it.", examples=["lithium carbonate"])
    element: str | None = Field(
        description="Tracked element; null: movements do not name it.", examples=["lithium"]
    )
    method: str = Field(description="credit or rolling_average.", examples=["credit"])
    counts: bool = Field(
        description="Whether the account is kept by this method; if not, it is to compare.",
        examples=[True],
    )
    valid_from: str = Field(description="First day.", examples=["2026-01-01"])
    valid_until: str = Field(description="First day after it.", examples=["2027-01-01"])
    opening_mg: str = Field(description="Carried over into it.", examples=["0"])
    entered_mg: str = Field(description="Came in.", examples=["100000000"])
    given_mg: str = Field(description="Outputs got.", examples=["40000000"])
    lapsed_mg: str = Field(description="Ended unused.", examples=["0"])
    closing_mg: str = Field(description="Left.", examples=["60000000"])
    deficit_mg: str = Field(description="Outputs wait for.", examples=["0"])
    content_in_mg: str = Field(description="All input.", examples=["100000000"])
    lapses_next_mg: str = Field(description="Ends with the period if unused.", examples=["0"])
    closed: bool = Field(description="Whether the period is over.", examples=[False])


class AccountsOut(Schema):
    """Accounts of an entity."""

    items: list[PeriodOut] = Field(description="By boundary, material, method and period.")


class CreditQuery(PageQuery):
    """Which credits."""

    holder: str = Field("", max_length=200, pattern=NO_NULL, description="Name of the holder")
    state: str = Field("", pattern="^(in_force|expired|used)?$", description="On today's day")


@router.get("", response=CreditList, summary="Credits of book and claim")
def credits_of_all(request: HttpRequest, asked: Query[CreditQuery]) -> shapes.Shape:
    """List credits as they stand today."""
    today = timezone.localdate()
    return asked.of(
        queries.credits_of_all(today, {"holder": asked.holder, "state": asked.state}),
        lambda row: shapes.credit(row, today),
    )


@router.get("/uses", response=UseList, summary="Credits used up, and for whom")
def uses(request: HttpRequest, asked: Query[PageQuery]) -> shapes.Shape:
    """List what was used up."""
    return asked.of(queries.uses(), shapes.use)


@router.get("/totals", response=TotalsOut, summary="What became of all credits")
def totals(request: HttpRequest) -> shapes.Shape:
    """Give sums as of today."""
    today = timezone.localdate()
    return shapes.totals(queries.totals(today), today)


@write(
    router,
    "/{path:credit_id}/retirements",
    answer=UseOut,
    summary="Use credits up for a named beneficiary",
)
def retire(
    request: HttpRequest,
    credit_id: Annotated[str, Field(description="Id of the credit.")],
    body: RetireIn,
) -> Made:
    """Use up a credit that you hold, for good; it is public for whom."""
    done = retiring.retire(
        actor=actor_of(request),
        credit_id=credit_id,
        quantity_mg=None if body.quantity_mg is None else int(body.quantity_mg),
        beneficiary=body.beneficiary,
        period=body.period,
    )
    return Made(shapes.use(done), reverse("api:credit", args=[credit_id]))


@router.get("/{path:credit_id}", response=CreditOut, summary="One credit", url_name="credit")
def one_credit(
    request: HttpRequest, credit_id: Annotated[str, Field(description="Id of the credit.")]
) -> shapes.Shape:
    """Give a credit as it stands today."""
    return shapes.credit(queries.credit(credit_id), timezone.localdate())


@accounts_router.get(
    "/{entity}/accounts", response=AccountsOut, auth=django_auth, summary="Accounts of an entity"
)
def accounts(request: HttpRequest, entity: str) -> shapes.Shape:
    """Give the accounts of an entity; for its clerks, who certified it, and the secretariat."""
    those = queries.entity_with_accounts(actor_of(request), entity)
    return {"items": list(map(shapes.period, queries.statements(those)))}

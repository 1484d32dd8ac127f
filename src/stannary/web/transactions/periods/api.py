"""Periods for programs: with what one is prepared, who closed it, and the steps in between."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from ninja import Field, Router, Schema
from ninja.security import django_auth

from stannary.core.transactions import PeriodStepKind
from stannary.web.project.idempotency import NO_NULL, Made, actor_of
from stannary.web.project.writes import write
from stannary.web.transactions import forms
from stannary.web.transactions.models import ClosingPeriod
from stannary.web.transactions.periods import operations, pages, queries

router = Router(tags=["transactions"])

AT = "2026-03-20T09:00:00+00:00"


class BalanceOut(Schema):
    """A balance."""

    account: str = Field(
        description="Material, credits, or an account of mass balance.",
        examples=["lithium carbonate"],
    )
    balance_mg: str = Field(description="Below 0: a deficit.", examples=["1000000"])


class ClosingStepOut(Schema):
    """What somebody did about a period; it never changes."""

    number: int = Field(description="From 1.", examples=[1])
    kind: str = Field(description="prepare, return, close or reopen.", examples=["prepare"])
    by: str = Field(description="Name.", examples=["Cleo Clerk"])
    capacity: str = Field(description="entity or verifier.", examples=["entity"])
    at: str = Field(description="When.", examples=[AT])
    balances: list[BalanceOut] = Field(description="With prepare and close.")
    reason: str = Field(description="Why.", examples=[""])
    correction: str = Field(description="With reopen: the event.", examples=[""])


class ClosingPeriodOut(Schema):
    """A period of an organisation's accounts."""

    id: str = Field(description="Its last day.", examples=["2026-03-31"])
    organisation: str = Field(description="Short name.", examples=["example-cells"])
    begin: str = Field(description="First instant.", examples=[AT])
    end: str = Field(description="First instant after it.", examples=[AT])
    state: str = Field(description="open, prepared, closed or reopened.", examples=["closed"])
    version: int = Field(description="How often it was closed.", examples=[1])
    open_for: str = Field(description="The one event that it takes again.", examples=[""])
    balances: list[BalanceOut] = Field(description="With which it was last closed.")
    steps: list[ClosingStepOut] = Field(description="Oldest first.")


class ClosingPeriodIn(Schema):
    """A period to prepare."""

    begin: datetime.date = Field(
        description="First day: that after the period before.", examples=["2026-01-01"]
    )
    end: datetime.date = Field(description="Last day.", examples=["2026-03-31"])


class ClosingStepIn(Schema):
    """A step to take."""

    kind: PeriodStepKind = Field(description="Which step.", examples=["close"])
    reason: str = Field(
        "", max_length=2000, pattern=NO_NULL, description="Of return and reopen.", examples=[""]
    )
    correction: str = Field(
        "", max_length=200, pattern=NO_NULL, description="With reopen: the event.", examples=[""]
    )


@router.get(
    "/periods/{slug:organisation}",
    response=list[ClosingPeriodOut],
    auth=django_auth,
    summary="Periods of an organisation's accounts",
)
def periods(request: HttpRequest, organisation: str) -> list[dict[str, Any]]:
    """List periods, the newest first; for its clerks, who audits its books, and the secretariat."""
    those = queries.organisation(actor_of(request), organisation)
    return [pages.shape(row) for row in queries.rows(those)]


@write(router, "/periods/{slug:organisation}", answer=ClosingPeriodOut, summary="Prepare a period")
def prepare(request: HttpRequest, organisation: str, body: ClosingPeriodIn) -> Made:
    """Prepare a period that is over; somebody else closes it."""
    row = operations.prepare(
        actor=actor_of(request),
        slug=organisation,
        begin=forms.begin_of(body.begin),
        end=forms.end_of(body.end),
    )
    return _made(row)


@router.get(
    "/periods/{slug:organisation}/{last_day}",
    response=ClosingPeriodOut,
    auth=django_auth,
    summary="One period with its steps",
    url_name="period",
)
def one_period(request: HttpRequest, organisation: str, last_day: datetime.date) -> dict[str, Any]:
    """Give a period: its state, its balances, who prepared and who closed it."""
    return pages.shape(queries.row(actor_of(request), organisation, last_day))


@write(
    router,
    "/periods/{slug:organisation}/{last_day}/steps",
    answer=ClosingPeriodOut,
    summary="Close, return or open a period again",
)
def take_step(
    request: HttpRequest, organisation: str, last_day: datetime.date, body: ClosingStepIn
) -> Made:
    """Take a step about a period. Who prepared it does not close it."""
    row = operations.take_step(
        actor=actor_of(request),
        slug=organisation,
        last=last_day,
        kind=body.kind,
        reason=body.reason,
        correction=body.correction,
    )
    return _made(row)


def _made(row: ClosingPeriod) -> Made:
    last = queries.last_day(row).isoformat()
    return Made(pages.shape(row), reverse("api:period", args=[row.organisation.slug, last]))

"""Transactions for programs: offers, the steps that end them, statements of account.

All need a session; a write needs the CSRF token too, and may carry an Idempotency-Key.
"""

import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from ninja.security import django_auth

from stannary.core.transactions import StepKind
from stannary.web.parties.models import Person
from stannary.web.project.idempotency import NO_NULL, Made, actor_of
from stannary.web.project.page_query import PageQuery
from stannary.web.project.paging import decode, encode
from stannary.web.project.writes import write
from stannary.web.transactions import forms, operations, pages, queries
from stannary.web.transactions.queries import Deal

router = Router(tags=["transactions"])

ID = "5b1c1f0e-7a55-4f5c-9e0c-2f6d3f0a1c41"
AT = "2026-03-20T09:00:00+00:00"
_MG = "^[0-9]{1,19}$"


class TransactionStepOut(Schema):
    """One step in a transaction; it never changes."""

    number: int = Field(description="1: the offer; 2: what ended it.", examples=[1])
    kind: str = Field(
        description="offer, accept, accept_part, refuse, withdraw or expire.", examples=["offer"]
    )
    party: str = Field(description="seller, buyer or register.", examples=["seller"])
    by: str = Field(description="Name; empty for the register.", examples=["Cleo Clerk"])
    at: str = Field(description="When.", examples=[AT])
    reason: str = Field(description="Why.", examples=[""])
    quantity_mg: str | None = Field(description="The part accepted; null: none.", examples=[None])
    site: str = Field(description="Where the buyer received it.", examples=[""])


class TransactionOut(Schema):
    """A transaction as it stands now; both parties read the same."""

    id: str = Field(description="UUID.", examples=[ID])
    seller: str = Field(description="Short name.", examples=["example-cells"])
    buyer: str = Field(description="Short name.", examples=["example-refining"])
    goods: str = Field(description="lot or credits.", examples=["lot"])
    lot: str = Field(description="Id of the lot, or of the credit.", examples=["L-2041"])
    material: str = Field(description="In words.", examples=["lithium carbonate"])
    quantity_mg: str = Field(
        description="Milligrams offered: dry mass; of credits, the element.", examples=["1000000"]
    )
    content_mg: str | None = Field(
        description="Content of that mass; null for credits.", examples=["188000"]
    )
    accepted_mg: str = Field(description="What passed to the buyer.", examples=["0"])
    reserved_mg: str = Field(description="What is reserved now.", examples=["1000000"])
    state: str = Field(
        description="offered, accepted, partly_accepted, refused, withdrawn or expired.",
        examples=["offered"],
    )
    offered_at: str = Field(description="RFC 3339", examples=[AT])
    expires_at: str = Field(description="First instant at which it is closed.", examples=[AT])
    illustrative: bool = Field(description="Made up.", examples=[True])
    steps: list[TransactionStepOut] = Field(description="Oldest first.")


class TransactionRecordOut(TransactionOut):
    """A transaction, and what you may do about it now."""

    possible: list[str] = Field(description="Steps that you may take.", examples=[["accept"]])


class TransactionPage(Schema):
    """A page of transactions."""

    items: list[TransactionOut] = Field(description="Newest first.")
    next: str | None = Field(description="Cursor of the next page; null at the end.")


class OfferIn(Schema):
    """An offer to make."""

    lot: str = Field(
        max_length=200,
        pattern=NO_NULL,
        description="Id of a lot or a credit you hold.",
        examples=["L-2041"],
    )
    buyer: str = Field(
        max_length=80, pattern=NO_NULL, description="Short name.", examples=["example-refining"]
    )
    quantity_mg: str | None = Field(
        None,
        pattern=_MG,
        description="Of the mass, or of credits; null: all that is left and not reserved.",
        examples=["1000000"],
    )
    expires_at: datetime.datetime = Field(
        description="RFC 3339 with an offset: first instant at which it is closed.",
        examples=["2026-12-31T00:00:00+00:00"],
    )
    reason: str = Field(
        "", max_length=2000, pattern=NO_NULL, description="For the buyer.", examples=[""]
    )


class TransactionStepIn(Schema):
    """A step to take."""

    kind: StepKind = Field(description="Which step.", examples=["accept"])
    seen: int = Field(description="How many steps you saw; else 409.", examples=[1])
    reason: str = Field(
        "", max_length=2000, pattern=NO_NULL, description="Why.", examples=["as agreed"]
    )
    quantity_mg: str | None = Field(
        None, pattern=_MG, description="With accept_part.", examples=[None]
    )
    site: str = Field(
        "",
        max_length=200,
        pattern=NO_NULL,
        description="With accept: where you receive it; empty: where it lies.",
        examples=["example-refinery"],
    )


class StatementLineOut(Schema):
    """One line of an account."""

    account: str = Field(description="Material.", examples=["lithium carbonate"])
    at: str = Field(description="RFC 3339", examples=[AT])
    what: str = Field(description="What happened to which lot.", examples=["ship L-2041"])
    transaction: str = Field(description="UUID; empty: none.", examples=[ID])
    counterparty: str = Field(description="Name; empty: none.", examples=["Example Refining"])
    quantity_mg: str = Field(description="Below 0: it went out.", examples=["-1000000"])
    balance_mg: str = Field(description="After it; below 0: a deficit.", examples=["0"])
    recorded_at: str = Field(description="When it was booked.", examples=[AT])
    weighing_mg: str = Field(
        description="The quantity again, if it is a difference of weighing; else empty.",
        examples=[""],
    )


class StatementAccountOut(Schema):
    """One account over the period."""

    account: str = Field(description="Material.", examples=["lithium carbonate"])
    opening_mg: str = Field(description="Before the first line.", examples=["0"])
    came_in_mg: str = Field(description="All that came in.", examples=["1000000"])
    went_out_mg: str = Field(description="All that went out.", examples=["0"])
    weighed_more_mg: str = Field(description="Of what came in, by weighing.", examples=["0"])
    weighed_less_mg: str = Field(description="Of what went out, by weighing.", examples=["0"])
    closing_mg: str = Field(description="After the last; below 0: a deficit.", examples=["1000000"])
    lines: list[StatementLineOut] = Field(description="In the order of time.")


class StatementOut(Schema):
    """A statement of account."""

    entity: str = Field(description="Name.", examples=["Example Cells"])
    begin: str = Field(description="First instant.", examples=[AT])
    end: str = Field(description="First instant after it.", examples=[AT])
    known_at: str = Field(description="What was booked later is left out.", examples=[AT])
    accounts: list[StatementAccountOut] = Field(description="By material.")


class PeriodQuery(Schema):
    """Of which days."""

    begin: datetime.date = Field(description="First day.", examples=["2026-01-01"])
    end: datetime.date = Field(description="Last day.", examples=["2026-12-31"])
    known_at: datetime.datetime | None = Field(
        None, description="RFC 3339: as it was known then; left out: as it is known now."
    )


@router.get("", response=TransactionPage, auth=django_auth, summary="Your transactions")
def transactions(request: HttpRequest, asked: Query[PageQuery]) -> dict[str, Any]:
    """List what organisations for which you are a clerk offered or were offered."""
    now = timezone.now()
    start = decode(asked.cursor) if asked.cursor else 0
    after = start + asked.limit
    found = queries.offers(actor_of(request))
    rows = list(found[start : after + 1])
    return {
        "items": [pages.shape(queries.deal_of(row), now) for row in rows[: asked.limit]],
        "next": encode(after) if len(rows) > asked.limit else None,
    }


@write(router, "", answer=TransactionRecordOut, summary="Offer a lot or a credit")
def make_offer(request: HttpRequest, body: OfferIn) -> Made:
    """Offer a lot or a credit that you hold, or a part; it is reserved until the offer ends."""
    done = operations.make_offer(
        actor=actor_of(request),
        lot_id=body.lot,
        buyer=body.buyer,
        expires_at=body.expires_at,
        quantity_mg=_mg(body.quantity_mg),
        reason=body.reason,
    )
    return _made(actor_of(request), done.row.pk)


@router.get(
    "/statements/{slug:organisation}",
    response=StatementOut,
    auth=django_auth,
    summary="A statement of account",
)
def statement(request: HttpRequest, organisation: str, asked: Query[PeriodQuery]) -> dict[str, Any]:
    """Give what an organisation had, what moved and what it has; for its clerks."""
    found = queries.statement_of(
        actor_of(request),
        organisation,
        begin=forms.begin_of(asked.begin),
        end=forms.end_of(asked.end),
        known_at=asked.known_at,
    )
    return pages.statement_shape(found)


@router.get(
    "/{uuid:transaction_id}",
    response=TransactionRecordOut,
    auth=django_auth,
    summary="One transaction with its steps",
    url_name="transaction",
)
def one_transaction(request: HttpRequest, transaction_id: UUID) -> dict[str, Any]:
    """Give a transaction of yours, with what you may do about it."""
    actor = actor_of(request)
    return _record(queries.deal(actor, transaction_id), actor)


@write(
    router,
    "/{uuid:transaction_id}/steps",
    answer=TransactionRecordOut,
    summary="Take the step that ends an offer",
)
def take_step(request: HttpRequest, transaction_id: UUID, body: TransactionStepIn) -> Made:
    """Accept, refuse, withdraw; 409 if the other party was faster. What is accepted is booked."""
    operations.take_step(
        actor=actor_of(request),
        offer_id=transaction_id,
        kind=body.kind,
        seen=body.seen,
        reason=body.reason,
        quantity_mg=_mg(body.quantity_mg),
        site=body.site,
    )
    return _made(actor_of(request), transaction_id)


def _mg(text: str | None) -> int | None:
    return None if text is None else int(text)


def _made(actor: Person, offer_id: UUID) -> Made:
    found = queries.deal(actor, offer_id)
    return Made(_record(found, actor), reverse("api:transaction", args=[offer_id]))


def _record(found: Deal, actor: Person) -> dict[str, Any]:
    now = timezone.now()
    return {
        **pages.shape(found, now),
        "possible": [str(kind) for kind in queries.possible(actor, found, now)],
    }

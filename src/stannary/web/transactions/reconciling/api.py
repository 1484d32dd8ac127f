"""Reconciliations for programs: two statements held against each other, and one handed in."""

import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Field, File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from ninja.security import django_auth

from stannary.formats.statements import BYTES_MAX
from stannary.web.project.idempotency import NO_NULL, Made, actor_of, once
from stannary.web.transactions import forms
from stannary.web.transactions.models import CounterStatement
from stannary.web.transactions.reconciling import operations, pages, queries

router = Router(tags=["transactions"])

AT = "2026-03-20T09:00:00+00:00"


class ReconciledLineOut(Schema):
    """A line of a statement."""

    transaction: str = Field(description="Of both parties; empty: none.", examples=["L-2041 #1"])
    account: str = Field(description="Material, or credits.", examples=["lithium carbonate"])
    at: str = Field(description="RFC 3339", examples=[AT])
    quantity_mg: str = Field(description="Below 0: it went out.", examples=["-1000000"])
    what: str = Field(description="What happened.", examples=["ship L-2041"])
    weighing_mg: str = Field(
        description="Differences of weighing recorded of it; no part of the quantity.",
        examples=["0"],
    )


class DifferenceOut(Schema):
    """What both booked, and not alike."""

    transaction: str = Field(description="Of both parties.", examples=["L-2041 #1"])
    account: str = Field(description="Material, or credits.", examples=["lithium carbonate"])
    ours_at: str = Field(description="RFC 3339", examples=[AT])
    theirs_at: str = Field(description="RFC 3339", examples=[AT])
    ours_mg: str = Field(description="On our side.", examples=["-1000000"])
    theirs_mg: str = Field(description="On theirs.", examples=["999000"])
    difference_mg: str = Field(description="What is left over; 0: only times.", examples=["-1000"])
    weighing_mg: str = Field(
        description="Differences of weighing recorded of it; no part of the quantities.",
        examples=["-800000"],
    )
    codes: list[str] = Field(description="Rules that fail.", examples=[["TRANSACTION-025"]])


class ReconciliationOut(Schema):
    """Two statements, held against each other."""

    holder: str = Field(description="Short name of your organisation.", examples=["example-cells"])
    counterparty: str = Field(description="The other's.", examples=["example-refining"])
    begin: str = Field(description="First instant.", examples=[AT])
    end: str = Field(description="First instant after it.", examples=[AT])
    agrees: bool = Field(description="Whether nothing differs.", examples=[False])
    agreed: list[ReconciledLineOut] = Field(description="Ours, where theirs says the same.")
    only_ours: list[ReconciledLineOut] = Field(description="On our side alone.")
    only_theirs: list[ReconciledLineOut] = Field(description="On their side alone.")
    differing: list[DifferenceOut] = Field(description="On both sides, and not alike.")


class StatementFileOut(ReconciliationOut):
    """A statement that was handed in, held against ours as it is known now."""

    id: str = Field(description="UUID.", examples=["5b1c1f0e-7a55-4f5c-9e0c-2f6d3f0a1c51"])
    name: str = Field(description="Of the file.", examples=["march.csv"])
    sha256: str = Field(description="Of the file.", examples=["9f86d081884c7d65"])


class WithQuery(Schema):
    """With whom, and of which days."""

    counterparty: str = Field(
        max_length=80, pattern=NO_NULL, description="Short name.", examples=["example-refining"]
    )
    begin: datetime.date = Field(description="First day.", examples=["2026-01-01"])
    end: datetime.date = Field(description="Last day.", examples=["2026-12-31"])


@router.get(
    "/reconciliations/{slug:organisation}",
    response=ReconciliationOut,
    auth=django_auth,
    summary="Two statements held against each other",
)
def by_register(request: HttpRequest, organisation: str, asked: Query[WithQuery]) -> dict[str, Any]:
    """Hold what you booked with another party against what it booked with you in this register."""
    found = queries.by_register(
        actor_of(request),
        organisation,
        asked.counterparty,
        begin=forms.begin_of(asked.begin),
        end=forms.end_of(asked.end),
    )
    return pages.shape(found)


@router.post(
    "/reconciliations/{slug:organisation}",
    response={201: StatementFileOut},
    auth=django_auth,
    summary="Hand in another party's statement",
)
def hand_in(
    request: HttpRequest, organisation: str, body: Form[WithQuery], file: File[UploadedFile]
) -> HttpResponse:
    """Take in a CSV file of another party, and hold your statement against it. It books nothing."""
    actor = actor_of(request)
    content = bytes(file.read(BYTES_MAX + 1))

    def act() -> Made:
        row = operations.hand_in(
            actor=actor,
            slug=organisation,
            counterparty=body.counterparty,
            begin=forms.begin_of(body.begin),
            end=forms.end_of(body.end),
            name=file.name or "",
            content=content,
            at=timezone.now(),
        )
        address = reverse("api:reconciliation", args=[organisation, row.pk])
        return Made(_file(row), address)

    asked = f"{body.counterparty} {body.begin} {body.end}".encode("utf-8", "surrogatepass")
    return once(request, StatementFileOut, act, sent=b"\0".join([asked, content]))


@router.get(
    "/reconciliations/{slug:organisation}/{uuid:statement_id}",
    response=StatementFileOut,
    auth=django_auth,
    summary="A statement that was handed in, held against yours",
    url_name="reconciliation",
)
def one(request: HttpRequest, organisation: str, statement_id: UUID) -> dict[str, Any]:
    """Hold your statement, as it is known now, against one that was handed in."""
    return _file(queries.one(actor_of(request), organisation, statement_id))


def _file(row: CounterStatement) -> dict[str, Any]:
    held = pages.shape(queries.against_file(row))
    return {**held, "id": str(row.pk), "name": row.name, "sha256": row.sha256}

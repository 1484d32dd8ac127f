"""Notes of an assessment for programs: read them on the auditors' side, add one.

All need a session; a write needs the CSRF token too, and may carry an Idempotency-Key.
"""

import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from ninja import Field, Query, Router, Schema
from ninja.security import django_auth

from stannary.web.notebook import operations, queries, records
from stannary.web.notebook.operations import Noted
from stannary.web.project.idempotency import NO_NULL, Made, actor_of
from stannary.web.project.page_query import PageQuery
from stannary.web.project.paging import decode, encode
from stannary.web.project.writes import write

router = Router(tags=["assessments"])

ID = "8e03978e-40d5-43e8-bc93-6894a57f9324"
PLACE = "geo:64.14660,-21.94260;u=12"
LARGEST = 2**31 - 1


class NoteIn(Schema):
    """What somebody wrote down."""

    id: UUID = Field(
        description="Your choice, a random UUID; sent again, it is the same note.", examples=[ID]
    )
    requirement: str = Field(
        "",
        max_length=40,
        pattern=NO_NULL,
        description="Id of the requirement; empty: about the whole.",
        examples=["1.1.1.1"],
    )
    text: str = Field(
        "",
        max_length=20_000,
        pattern=NO_NULL,
        description="What was seen or said; empty only for a photo.",
        examples=["The gate was locked and its log was up to date."],
    )
    place: str = Field(
        "",
        max_length=60,
        pattern=r"^(geo:-?\d{1,2}(\.\d{1,7})?,-?\d{1,3}(\.\d{1,7})?(;u=\d{1,6})?)?$",
        description="Address of RFC 5870, with the uncertainty in metres; empty: not given.",
        examples=[PLACE],
    )
    evidence: UUID | None = Field(
        None, description="The photo: an item of evidence of the engagement.", examples=[None]
    )
    noted_at: datetime.datetime = Field(
        description="By the clock of the device, RFC 3339 with its offset.",
        examples=["2026-03-01T09:30:00+00:00"],
    )
    clock_ahead_s: int | None = Field(
        None,
        ge=-LARGEST,
        le=LARGEST,
        description="Seconds by which that clock was ahead of the server; null: not known.",
        examples=[0],
    )


class NoteOut(Schema):
    """A note; it never changes."""

    id: str = Field(description="UUID of the note.", examples=[ID])
    requirement: str = Field(description="Empty: about the whole.", examples=["1.1.1.1"])
    text: str = Field(description="Empty only for a photo.", examples=["The gate was locked."])
    place: str = Field(description="geo: address; empty: not given.", examples=[PLACE])
    evidence: str | None = Field(description="Item of evidence; null: none.", examples=[None])
    noted_at: str = Field(
        description="By the clock of the device.", examples=["2026-03-01T09:30:00+00:00"]
    )
    clock_ahead_s: int | None = Field(
        description="Seconds by which it was ahead; null: not known.", examples=[0]
    )
    at: str = Field(
        description="When it arrived, by the server.", examples=["2026-03-01T18:05:00+00:00"]
    )
    author: str = Field(description="Who wrote it.", examples=["Ada Auditor"])


class NotePage(Schema):
    """A page of notes."""

    items: list[NoteOut] = Field(description="In the order of their arrival.")
    next: str | None = Field(description="Cursor of the next page; null at the end.")


@router.get(
    "/{int:assessment_id}/notes",
    response=NotePage,
    auth=django_auth,
    summary="Notes of an assessment",
)
def list_notes(request: HttpRequest, assessment_id: int, asked: Query[PageQuery]) -> Any:
    """List the notes; only people on the auditors' side see that there are any."""
    found = queries.notes(actor=actor_of(request), assessment_id=assessment_id)
    start = decode(asked.cursor) if asked.cursor else 0
    after = start + asked.limit
    rows = list(found[start : after + 1])
    return {
        "items": [records.note_shape(one) for one in rows[: asked.limit]],
        "next": encode(after) if len(rows) > asked.limit else None,
    }


@write(router, "/{int:assessment_id}/notes", answer=NoteOut, summary="Add a note")
def add_note(request: HttpRequest, assessment_id: int, body: NoteIn) -> Made:
    """Keep a note of the audit team; the same one sent again, with or without a key, is one note."""
    noted = Noted(
        id=body.id,
        requirement_id=body.requirement,
        text=body.text,
        noted_at=records.instant(body.noted_at),
        place=body.place,
        evidence=body.evidence,
        clock_ahead_s=body.clock_ahead_s,
    )
    row = operations.add_note(actor=actor_of(request), assessment_id=assessment_id, noted=noted)
    return Made(records.note_shape(row), reverse("api:note", args=[assessment_id, row.pk]))


@router.get(
    "/{int:assessment_id}/notes/{uuid:note_id}",
    response=NoteOut,
    auth=django_auth,
    summary="One note",
    url_name="note",
)
def one_note(request: HttpRequest, assessment_id: int, note_id: UUID) -> Any:
    """Give a note."""
    actor = actor_of(request)
    found = queries.note(actor=actor, assessment_id=assessment_id, note_id=note_id)
    return records.note_shape(found)

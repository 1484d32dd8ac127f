"""Stakeholder input for programs: what is open to you, recording, and deciding.

All need a session; a write needs the CSRF token too, and may carry an Idempotency-Key.
"""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from ninja.security import django_auth

from stannary.core.stakeholders import Channel, Disposition, Group, PublicEntry
from stannary.web.cycle.api import name_of
from stannary.web.project.idempotency import NO_NULL, Made, actor_of
from stannary.web.project.page_query import PageQuery
from stannary.web.project.paging import decode, encode
from stannary.web.project.writes import write
from stannary.web.stakeholders import operations, queries
from stannary.web.stakeholders.operations import Said
from stannary.web.stakeholders.queries import Heard, Input

router = Router(tags=["stakeholder input"])

AT = "/{uuid:engagement_id}/input"
"""Where it stands below engagements."""


class InputOut(Schema):
    """What a group said, as far as it is open to you; nobody is told who said it."""

    number: int = Field(description="Of the entry in its engagement.", examples=[1])
    group: str = Field(description="Who spoke, as a group.", examples=["workers"])
    channel: str = Field(description="How it was heard.", examples=["group_interview"])
    people: int | None = Field(
        description="How many; null: not counted, or too few to be told.", examples=[12]
    )
    topic: str = Field(description="What was said.", examples=["Dust at the crusher."])
    requirements: list[str] = Field(description="That it speaks of.", examples=[["1.4.2.3"]])
    disposition: str = Field(
        description=(
            "verdict, finding, looked_into, passed_on, outside, withdrawn; empty: nothing yet."
        ),
        examples=["verdict"],
    )
    reason: str = Field(description="Why; empty with it.", examples=["It was measured."])
    said_from: str | None = Field(
        description="First day, month or year; null for everybody but the audit team.",
        examples=["2026-09"],
    )
    said_until: str | None = Field(description="Last one; null likewise.", examples=["2026-09"])
    recorded_by: str | None = Field(description="Auditor; null likewise.", examples=["Ada Auditor"])
    decisions: int | None = Field(
        description="How many there are: what the next one names as seen; null likewise.",
        examples=[1],
    )
    replaced_by: int | None = Field(
        description="Entry that corrects it; null: it stands.", examples=[None]
    )


class InputPage(Schema):
    """A page of stakeholder input."""

    items: list[InputOut] = Field(description="By number.")
    next: str | None = Field(description="Cursor of the next page; null at the end.")


class InputIn(Schema):
    """What a group said."""

    group: Group = Field(description="Which group spoke.", examples=["workers"])
    channel: Channel = Field(description="How it was heard.", examples=["group_interview"])
    people: int | None = Field(
        None, ge=1, le=1_000_000, description="How many; null: not counted.", examples=[12]
    )
    topic: str = Field(
        max_length=10_000,
        pattern=NO_NULL,
        description="What was said, in words that are published.",
        examples=["Dust at the crusher."],
    )
    requirements: list[str] = Field(
        default_factory=list,
        max_length=200,
        description="That it speaks of.",
        examples=[["1.4.2.3"]],
    )
    said_from: str = Field(
        max_length=10, description="First day, month or year.", examples=["2026-09"]
    )
    said_until: str = Field(
        "", max_length=10, description="Last one; empty: the same.", examples=["2026-09"]
    )
    replaces: int | None = Field(
        None, description="Entry that this one corrects; null: a new one.", examples=[None]
    )


class DecisionIn(Schema):
    """What becomes of an entry."""

    disposition: Disposition = Field(description="What becomes of it.", examples=["verdict"])
    reason: str = Field(
        max_length=10_000,
        pattern=NO_NULL,
        description="Why, in words that are published.",
        examples=["It was measured."],
    )
    seen: int = Field(description="How many decisions you saw; else 409.", examples=[0])


@router.get(AT, response=InputPage, auth=django_auth, summary="Stakeholder input open to you")
def list_input(
    request: HttpRequest, engagement_id: UUID, asked: Query[PageQuery]
) -> dict[str, Any]:
    """List what was said: all of it to the audit team, what is published to everybody else."""
    found = _found(request, engagement_id)
    every = (
        [_heard(one) for one in found.entries]
        if found.reads_all
        else [_public(one) for one in found.public]
    )
    start = decode(asked.cursor) if asked.cursor else 0
    after = start + asked.limit
    return {"items": every[start:after], "next": encode(after) if after < len(every) else None}


@write(router, AT, answer=InputOut, summary="Record stakeholder input")
def record_input(request: HttpRequest, engagement_id: UUID, body: InputIn) -> Made:
    """Record what a group said, or correct an entry; for the audit team, during the audit."""
    row = operations.record_input(
        actor=actor_of(request),
        engagement_id=engagement_id,
        said=Said(
            group=str(body.group),
            channel=str(body.channel),
            topic=body.topic,
            said_from=body.said_from,
            said_until=body.said_until,
            people=body.people,
            requirements=tuple(body.requirements),
        ),
        replaces=body.replaces,
    )
    return _made(request, engagement_id, row.number)


@router.get(
    AT + "/{int:number}",
    response=InputOut,
    auth=django_auth,
    summary="One entry of stakeholder input, for the audit team",
    url_name="input_entry",
)
def one_entry(request: HttpRequest, engagement_id: UUID, number: int) -> dict[str, Any]:
    """Give one entry to the audit team."""
    return _heard(_found(request, engagement_id).one(number))


@write(
    router,
    AT + "/{int:number}/decisions",
    answer=InputOut,
    summary="Decide what becomes of an entry",
)
def decide_input(request: HttpRequest, engagement_id: UUID, number: int, body: DecisionIn) -> Made:
    """Decide what becomes of an entry; 409 if others decided since you looked."""
    operations.decide_input(
        actor=actor_of(request),
        engagement_id=engagement_id,
        number=number,
        disposition=body.disposition,
        reason=body.reason,
        seen=body.seen,
    )
    return _made(request, engagement_id, number)


def _found(request: HttpRequest, engagement_id: UUID) -> Input:
    return queries.stakeholder_input(
        actor=actor_of(request), engagement_id=engagement_id, on=timezone.localdate()
    )


def _made(request: HttpRequest, engagement_id: UUID, number: int) -> Made:
    address = reverse("api:input_entry", args=[engagement_id, number])
    return Made(_heard(_found(request, engagement_id).one(number)), address)


def _heard(one: Heard) -> dict[str, Any]:
    row = one.row
    return {
        "number": row.number,
        "group": row.group,
        "channel": row.channel,
        "people": row.people,
        "topic": row.topic,
        "requirements": row.requirements,
        "disposition": one.decision.disposition if one.decision else "",
        "reason": one.decision.reason if one.decision else "",
        "said_from": row.said_from,
        "said_until": row.said_until,
        "recorded_by": name_of(row.recorded_by),
        "decisions": len(one.decisions),
        "replaced_by": one.replaced_by,
    }


def _public(one: PublicEntry) -> dict[str, Any]:
    hidden = ("said_from", "said_until", "recorded_by", "decisions", "replaced_by")
    return {
        "number": int(one.id),
        "group": one.group,
        "channel": one.channel,
        "people": one.people,
        "topic": one.topic,
        "requirements": list(one.requirements),
        "disposition": one.disposition,
        "reason": one.reason,
        **dict.fromkeys(hidden),
    }

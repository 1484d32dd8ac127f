"""Engagements for programs: those in which one has a role, their acts, and the overview.

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

from stannary.core.cycle import ActKind, Role, clocks
from stannary.core.kernel import refuse
from stannary.web.cycle import operations, overview, queries
from stannary.web.cycle.models import ActRecord
from stannary.web.cycle.overview import Line
from stannary.web.cycle.queries import Held
from stannary.web.parties import queries as parties
from stannary.web.parties.models import Person
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.project.idempotency import NO_NULL, Made, actor_of
from stannary.web.project.page_query import PageQuery
from stannary.web.project.paging import decode, encode
from stannary.web.project.writes import write

router = Router(tags=["engagements"])

ID = "5b1c1f0e-7a55-4f5c-9e0c-2f6d3f0a1c01"


class ClockOut(Schema):
    """A clock that runs."""

    clock: str = Field(description="What it waits for.", examples=["stage_2"])
    since: str = Field(description="Day from which it counts.", examples=["2026-03-01"])
    opens: str | None = Field(description="First day in time; null: at once.", examples=[None])
    ends: str | None = Field(
        description="Last day without extensions; null: the standard does not say.",
        examples=["2027-03-01"],
    )
    due: str | None = Field(
        description="Last day with extensions; null: unknown.", examples=["2027-03-01"]
    )
    days: int | None = Field(description="Days left; below 0 when overdue.", examples=[99])
    standing: str = Field(
        description="running, due_soon, overdue, not_yet or unknown.", examples=["running"]
    )
    extended_on: str | None = Field(description="When it was last put off.", examples=[None])
    extension_reason: str | None = Field(description="Why it was put off.", examples=[None])


class EngagementOut(Schema):
    """An engagement in a list."""

    id: str = Field(description="UUID.", examples=[ID])
    title: str = Field(description="A name of its own; may be empty.", examples=[""])
    site: str = Field(description="Permanent id of the site.", examples=["example-ridge"])
    edition: str = Field(
        description="publisher/standard/edition.", examples=["stannary/open-mining/0.1"]
    )
    operator: str = Field(description="Short name.", examples=["example-minerals"])
    firm: str = Field(
        description="Short name; empty: not named yet.", examples=["example-assurance"]
    )
    state: str = Field(description="Where it stands.", examples=["stage_1"])
    waits_for: str = Field(
        description="Roles it waits for, separated by blanks.", examples=["lead_auditor"]
    )
    opened_on: str = Field(description="When it was opened.", examples=["2026-02-02"])
    illustrative: bool = Field(description="True where the site is made up.", examples=[True])
    roles: list[str] = Field(description="What you are in it.", examples=[["lead_auditor"]])
    next: list[str] = Field(
        description="Acts that it waits for and that you may do.", examples=[["finish_stage_1"]]
    )
    clocks: list[ClockOut] = Field(description="That run, the one that ends first in front.")


class EngagementPage(Schema):
    """A page of engagements."""

    items: list[EngagementOut] = Field(description="Oldest first.")
    next: str | None = Field(description="Cursor of the next page; null at the end.")


class ActOut(Schema):
    """An act as it is recorded; it never changes."""

    number: int = Field(description="From 1, without gaps.", examples=[8])
    kind: str = Field(description="What was done.", examples=["begin_stage_1"])
    role: str = Field(description="In which role.", examples=["lead_auditor"])
    by: str = Field(description="Who, by name.", examples=["Ada Auditor"])
    on: str = Field(description="The day that counts for clocks.", examples=["2026-06-01"])
    at: str = Field(
        description="When it was recorded, RFC 3339.", examples=["2026-03-01T09:00:00+00:00"]
    )
    reason: str = Field(description="Why, or empty.", examples=[""])
    refers_to: str = Field(
        description="Number of the objection ruled on, or requirement objected to.", examples=[""]
    )
    clock: str = Field(description="Which clock was put off.", examples=[""])
    until: str | None = Field(
        description="To which day it was put off; first day of a visit.", examples=[None]
    )
    level_pending: bool = Field(description="Whether the level was left open.", examples=[False])


class EngagementRecord(EngagementOut):
    """One engagement with everything that happened in it."""

    number: int = Field(
        description="How many acts there are; an act names it as seen.", examples=[8]
    )
    possible: list[str] = Field(
        description="Acts that you may do now.", examples=[["finish_stage_1"]]
    )
    acts: list[ActOut] = Field(description="Oldest first.")
    units: list[str] = Field(description="Units in scope.", examples=[["North pit"]])
    left_out: list[str] = Field(
        description="Chapters accepted as not relevant.", examples=[["1.5"]]
    )


class EngagementOpeningIn(Schema):
    """Which site goes under which edition."""

    site: str = Field(
        max_length=80,
        pattern=NO_NULL,
        description="Permanent id of the site.",
        examples=["example-ridge"],
    )
    edition: str = Field(
        max_length=200,
        pattern=NO_NULL,
        description="Edition that is loaded here: publisher/standard/edition.",
        examples=["stannary/open-mining/1.0"],
    )
    title: str = Field(
        "", max_length=200, pattern=NO_NULL, description="A name of its own.", examples=[""]
    )


class ActIn(Schema):
    """What is to be done."""

    kind: ActKind = Field(description="One of the acts.", examples=["announce"])
    seen: int = Field(
        description="How many acts you have seen; with more there is a conflict, 409.",
        examples=[7],
    )
    role: Role | None = Field(
        None,
        description="In which of your roles; null: the first that may do it.",
        examples=["lead_auditor"],
    )
    reason: str = Field(
        "",
        max_length=10_000,
        pattern=NO_NULL,
        description="Why, where the act needs it.",
        examples=["Every chapter was judged."],
    )
    refers_to: str = Field(
        "",
        max_length=100,
        pattern=NO_NULL,
        description="Objection that is ruled on, or requirement that is objected to.",
        examples=["1.4.2.3"],
    )
    clock: str = Field(
        "", max_length=40, pattern=NO_NULL, description="Clock that is put off.", examples=[""]
    )
    until: datetime.date | None = Field(
        None,
        description="To which day; first day of a visit that is announced.",
        examples=["2026-09-01"],
    )
    firm: str = Field(
        "",
        max_length=80,
        pattern=NO_NULL,
        description="Short name of the audit firm that is named.",
        examples=["example-assurance"],
    )


class OverviewQuery(PageQuery):
    """Which engagements of the overview, and which page."""

    state: str = Field("", max_length=40, description="Only those in this state")
    standing: str = Field(
        "", max_length=20, description="Only those with a clock so: overdue, due_soon, extended"
    )


@router.get("", response=EngagementPage, auth=django_auth, summary="Engagements you have a role in")
def mine(request: HttpRequest, asked: Query[PageQuery]) -> dict[str, Any]:
    """List the engagements in which you have a role; for the secretariat all of them."""
    found = overview.lines(queries.mine(actor_of(request)), on=timezone.localdate())
    return _page(found, asked)


@write(router, "", answer=EngagementRecord, summary="Open an engagement")
def open_one(request: HttpRequest, body: EngagementOpeningIn) -> Made:
    """Begin a site's way to publication; for site users of its operator and the secretariat."""
    actor = actor_of(request)
    operators = queries.operators_of(actor)
    if not operators:
        refuse(IS_THERE_FOR_YOU, asked_for="operator")
    site = parties.site(body.site)
    theirs = (one for one in operators if one.name == site.operator)
    row = operations.open_engagement(
        actor=actor,
        site=site,
        edition_id=body.edition,
        operator=next(theirs, operators[0]),
        title=body.title,
    )
    address = reverse("api:engagement", args=[row.pk])
    return Made(_record(queries.engagement(actor=actor, engagement_id=row.pk)), address)


@router.get(
    "/overview",
    response=EngagementPage,
    auth=django_auth,
    summary="Every engagement with its clocks, for the secretariat",
)
def overview_of_all(request: HttpRequest, asked: Query[OverviewQuery]) -> dict[str, Any]:
    """List every engagement with what is due, overdue and extended; for the secretariat alone."""
    every = overview.all_lines(actor=actor_of(request), on=timezone.localdate())
    found = overview.chosen(every, {"state": asked.state, "standing": asked.standing})
    return _page(found, asked)


@router.get(
    "/{uuid:engagement_id}",
    response=EngagementRecord,
    auth=django_auth,
    summary="One engagement with its acts",
    url_name="engagement",
)
def one(request: HttpRequest, engagement_id: UUID) -> dict[str, Any]:
    """Give an engagement in which you have a role."""
    return _record(queries.engagement(actor=actor_of(request), engagement_id=engagement_id))


@write(
    router,
    "/{uuid:engagement_id}/acts",
    answer=EngagementRecord,
    summary="Do an act in an engagement",
)
def act(request: HttpRequest, engagement_id: UUID, body: ActIn) -> Made:
    """Do an act; 409 with what happened if others acted since you looked. It is dated today."""
    actor = actor_of(request)
    operations.act(
        actor=actor,
        engagement_id=engagement_id,
        kind=body.kind,
        expected_number=body.seen,
        said=operations.Said(body.reason, body.refers_to, body.clock, body.until, body.firm),
        role=body.role,
    )
    held = queries.engagement(actor=actor, engagement_id=engagement_id)
    return Made(_record(held), reverse("api:engagement", args=[engagement_id]))


def _page(those: list[Line], asked: PageQuery) -> dict[str, Any]:
    """Give one page, oldest first: new ones come at the end, so a place in the list is a cursor."""
    start = decode(asked.cursor) if asked.cursor else 0
    found = sorted(those, key=lambda line: (line.row.opened_at, line.row.pk))
    after = start + asked.limit
    return {
        "items": [_line(line) for line in found[start:after]],
        "next": encode(after) if after < len(found) else None,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        **overview.shape(line),
        "roles": [str(role) for role in Role if role in line.roles],
        "next": [str(kind) for kind in line.next_acts],
        "clocks": [overview.clock_shape(one, line.on) for one in line.clocks],
    }


def _record(held: Held) -> dict[str, Any]:
    state = held.core.state
    running = clocks(held.edition, state, held.core.acts)
    line = Line(held.row, held.edition, running, timezone.localdate(), held.roles)
    return {
        **_line(line),
        "number": held.number,
        "possible": [str(kind) for kind in queries.possible(state, held.roles)],
        "acts": [_act(one) for one in held.records],
        "units": [one.name for one in queries.scope(held.row)],
        "left_out": list(queries.left_out(held.row)),
    }


def _act(record: ActRecord) -> dict[str, Any]:
    return {
        "number": record.number,
        "kind": record.kind,
        "role": record.role,
        "by": name_of(record.by),
        "on": record.on.isoformat(),
        "at": record.at.isoformat(),
        "reason": record.reason,
        "refers_to": record.refers_to,
        "clock": record.clock,
        "until": record.until.isoformat() if record.until else None,
        "level_pending": record.level_pending,
    }


def name_of(person: Person) -> str:
    """Give a person's name, or how they sign in."""
    return person.get_full_name() or person.username

"""Crosswalks for programs: judgements, co-audit plans, gap reports; public, without an account."""

import datetime
import uuid
from collections import Counter
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from ninja import Field, Query, Router, Schema

from stannary.core.crosswalks import (
    Relation,
    crosswalk_head_as_dict,
    gap_report_as_dict,
    link_as_dict,
    plan_as_dict,
)
from stannary.web.crosswalks import queries
from stannary.web.crosswalks.plan_page import MOST
from stannary.web.project import paging
from stannary.web.project.page_query import PageQuery

router = Router(tags=["crosswalks"])
Shape = dict[str, Any]

EDITION = "publisher/standard/edition"


class CrosswalkSummary(Schema):
    """A crosswalk without its judgements."""

    name: str = Field(description="Permanent name")
    first: str = Field(description=f"First edition: {EDITION}")
    second: str = Field(description=f"Second edition: {EDITION}")
    title: str = Field(description="For people")
    summary: str = Field(description="What it is for and how it was made")
    language: str = Field(description='Of title, summary and reasons, BCP 47; "und": not said')
    licence: str = Field(description="Under which the judgements may be used")
    source: str = Field(description="Who made it")
    mark: str = Field(description="How sure we are: S S2 SEED SEED+S SEED+S2 D GK ? own")
    sha256: str = Field(description="SHA-256 of the canonical content")
    judgements: int = Field(description="How many judgements it has")
    relations: dict[str, int] = Field(description="Relation to number of judgements")
    address: str = Field(description="Its page, for people")


class CrosswalkList(Schema):
    """Crosswalks in order of name."""

    items: list[CrosswalkSummary] = Field(description="All crosswalks")
    next: str | None = Field(description="Cursor of the next page; null on the last")


class Judgement(Schema):
    """How a clause of the first edition stands to one of the second."""

    first: str | None = Field(
        description="Clause of the first edition; null: the second was examined against all of it"
    )
    second: str | None = Field(
        description="Clause of the second edition; null: the first was examined against all of it"
    )
    relation: str = Field(
        description="How the first stands to the second: equal, subset, superset, intersects, none"
    )
    direction: str = Field(description="Which way evidence may be used: forward or both")
    coverage: str = Field(
        description="Share of the second that evidence for the first shows: 0.5 or 1/3"
    )
    coverage_back: str | None = Field(
        description="Share of the first that evidence for the second shows; null where forward"
    )
    reason: str = Field(description="Why, in words")
    reviewer: str = Field(description="Who judged")
    reviewed_on: datetime.date = Field(description="When")


class JudgementList(Schema):
    """Judgements in the order of the crosswalk."""

    items: list[Judgement] = Field(description="One page of judgements")
    next: str | None = Field(description="Cursor of the next page; null on the last")


class JudgementQuery(PageQuery):
    """Which judgements, and how many at a time."""

    relation: Relation | None = Field(None, description="Only this relation; left out: all")


class Need(Schema):
    """A requirement of a further standard that is not covered whole."""

    id: str = Field(description="Number in its edition")
    title: str = Field(description="In the original language")
    critical: bool = Field(description="True: levels demand more of it")
    state: str = Field(description="rest, perhaps, ask or unexamined")
    floor: str = Field(description="Share that is certainly shown: 0, 0.5 or 1/3")
    at_best: str = Field(description="Share that may be shown if no two links show the same")
    links: list[Judgement] = Field(description="What certainly shows a part")
    perhaps: list[Judgement] = Field(description="What shows a part of its chapter or section")
    nothing: list[Judgement] = Field(description="What was examined and shows nothing")


class PlannedStandard(Schema):
    """What is left to ask for one further standard."""

    id: str = Field(description=EDITION)
    requirements: int = Field(description="How many requirements are here")
    requirements_complete: bool = Field(description="False: an outline, more may be demanded")
    counts: dict[str, int] = Field(
        description="State to number: covered, rest, perhaps, ask, unexamined"
    )
    to_ask: list[Need] = Field(description="All that is not covered, in the edition's order")


class Plan(Schema):
    """One evidence set for several standards."""

    lead: str = Field(description="Edition whose evidence is gathered in full")
    requirements: int = Field(description="How many requirements the lead has")
    shared: dict[str, int] = Field(
        description="Requirement of the lead to number of requirements elsewhere it counts for"
    )
    standards: list[PlannedStandard] = Field(description="Further standards, in the order asked")


class PlanQuery(Schema):
    """Which standards are joined."""

    lead: str = Field(max_length=200, description=f"Leading edition: {EDITION}")
    further: list[str] = Field(
        alias="with",
        min_length=1,
        max_length=MOST,
        description="Further editions; the parameter may be repeated",
    )


class GapBasis(Schema):
    """What a state rests on."""

    first: str = Field(description="Clause of the rated edition")
    second: str = Field(description="Clause of the other edition")
    rating: str = Field(description="What may be said of the whole clause from its ratings")
    relation: str = Field(description="How the first stands to the second")
    coverage: str = Field(description="Share of the second that evidence for the first shows")


class Gap(Schema):
    """What ratings show of one requirement of the other edition."""

    id: str = Field(description="Number in its edition")
    title: str = Field(description="In the original language")
    critical: bool = Field(description="True: levels demand more of it")
    state: str = Field(description="shown, partly, gap, not_rated, perhaps, ask or unexamined")
    by: list[GapBasis] = Field(description="What it rests on")


class GapReport(Schema):
    """What a published result says under another standard. It rates nothing."""

    result: str = Field(description="UUID of the result")
    first: str = Field(description="Edition under which the result is")
    second: str = Field(description="Edition that is looked at")
    counts: dict[str, int] = Field(description="State to number of requirements")
    requirements: list[Gap] = Field(description="In the edition's order")


class GapQuery(Schema):
    """On which result a report rests."""

    result: uuid.UUID = Field(description="A published result under either edition")


@translation.override("en")
def _summary(entry: queries.Entry) -> Shape:
    found = Counter(link.relation for link in entry.crosswalk.links)
    return {
        "name": entry.name,
        **crosswalk_head_as_dict(entry.crosswalk),
        "sha256": entry.sha256,
        "judgements": len(entry.crosswalk.links),
        "relations": {str(relation): found[relation] for relation in Relation},
        "address": reverse("crosswalks:crosswalk", args=[entry.name]),
    }


@router.get("", response=CrosswalkList, summary="All crosswalks")
def crosswalks(request: HttpRequest) -> Shape:
    """List the crosswalks that are here; they fit on one page."""
    return {"items": [_summary(entry) for entry in queries.crosswalks()], "next": None}


@router.get("/plan", response=Plan, summary="A co-audit plan")
def plan(request: HttpRequest, asked: Query[PlanQuery]) -> Shape:
    """Tell what evidence for one standard shows of others, and what is left to ask for each."""
    return plan_as_dict(queries.plan(asked.lead, asked.further).plan)


@router.get("/{crosswalk}", response=CrosswalkSummary, summary="One crosswalk")
def crosswalk(request: HttpRequest, crosswalk: str) -> Shape:
    """Give a crosswalk without its judgements."""
    return _summary(queries.crosswalk(crosswalk))


@router.get("/{crosswalk}/judgements", response=JudgementList, summary="Judgements of a crosswalk")
def judgements(request: HttpRequest, crosswalk: str, asked: Query[JudgementQuery]) -> Shape:
    """List the judgements of a crosswalk, all or those of one relation."""
    links = queries.crosswalk(crosswalk).crosswalk.links
    found = [link for link in links if asked.relation in (None, link.relation)]
    start = paging.decode(asked.cursor) if asked.cursor else 0
    end = start + asked.limit
    return {
        "items": [link_as_dict(link) for link in found[start:end]],
        "next": paging.encode(end) if end < len(found) else None,
    }


@router.get("/{crosswalk}/gaps", response=GapReport, summary="A gap report")
def gaps(request: HttpRequest, crosswalk: str, asked: Query[GapQuery]) -> Shape:
    """Tell what a published result under one edition shows under the other."""
    found = queries.gaps(queries.crosswalk(crosswalk), asked.result)
    return {"result": str(found.rated.result_id), **gap_report_as_dict(found.report)}

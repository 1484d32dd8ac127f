"""Audit firms for programs: their approvals for everybody, checking a team for the secretariat."""

import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from ninja.security import django_auth

from stannary.core.independence import TeamRole
from stannary.core.kernel import Finding, refuse
from stannary.web.independence import approval_list, checking, queries, shapes
from stannary.web.independence.approval_list import Entry
from stannary.web.parties import queries as parties
from stannary.web.parties.models import Organisation, Person
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.project import paging
from stannary.web.project.idempotency import NO_NULL, actor_of
from stannary.web.project.page_query import PageQuery
from stannary.web.project.problems import finding_shape
from stannary.web.standards import queries as standards

router = Router(tags=["firms"])
check_router = Router(tags=["firms"])


class SuspensionOut(Schema):
    """A time in which an approval gives nothing."""

    since: datetime.date = Field(description="First day")
    until: datetime.date | None = Field(
        description="First day on which the approval counts again; null: not known"
    )
    reason: str = Field(description="Why, in words")


class ApprovalOut(Schema):
    """What a firm may audit."""

    standard: str = Field(description="publisher/standard; every edition of it")
    countries: list[str] = Field(description="ISO 3166-1 alpha-2, or * for any")
    materials: list[str] = Field(description="Keys of materials, or * for any")
    since: datetime.date = Field(description="First day")
    until: datetime.date | None = Field(description="Last day; null: without end")
    state: str = Field(description="Today: in_force, suspended, not_yet or ended")
    suspensions: list[SuspensionOut] = Field(description="All there were, oldest first")


class FirmOut(Schema):
    """An audit firm with its approvals."""

    id: str = Field(description="Short name of the firm")
    name: str = Field(description="Name of the firm")
    illustrative: bool = Field(description="True: made up to show how the system works")
    approvals: list[ApprovalOut] = Field(description="By standard; those that ended, too")
    address: str = Field(description="Its page, for people")


class FirmList(Schema):
    """Audit firms in the order in which they were recorded."""

    items: list[FirmOut] = Field(description="One page of firms")
    next: str | None = Field(description="Cursor of the next page; null on the last")


class FirmQuery(PageQuery):
    """Which firms, and how many at a time."""

    standard: str = Field("", max_length=200, description="publisher/standard")
    country: str = Field("", max_length=2, description="ISO 3166-1 alpha-2")
    material: str = Field("", max_length=40, description="Key of a material")
    state: str = Field("", max_length=20, description="in_force, suspended, not_yet or ended")


class CheckQuery(Schema):
    """Which team is checked for what."""

    firm: str = Field(max_length=80, pattern=NO_NULL, description="Short name of the firm")
    site: str = Field(max_length=80, pattern=NO_NULL, description="Permanent id of the site")
    edition: str = Field(
        max_length=200, pattern=NO_NULL, description="publisher/standard/edition of the audit"
    )
    lead_auditor: str = Field(
        "", max_length=400, pattern=NO_NULL, description="Names to sign in with, by commas"
    )
    auditor: str = Field(
        "", max_length=4000, pattern=NO_NULL, description="Names to sign in with, by commas"
    )
    reviewer: str = Field(
        "", max_length=400, pattern=NO_NULL, description="Names to sign in with, by commas"
    )
    on: datetime.date | None = Field(None, description="Day of the check; left out: today")
    full_audit: bool = Field(default=True, description="false for a surveillance audit")
    engagement: UUID | None = Field(
        None, description="Whose declarations count; left out: nobody has declared anything"
    )


class FindingOut(Schema):
    """A reason against a team, or a limit that was not checked."""

    code: str = Field(description="Code of the rule")
    demand: str = Field(description="What must hold")
    facts: dict[str, str] = Field(description="Names and values")
    remedy: str = Field(description="What can be done")
    source: str = Field(description="Where the demand comes from")


class CheckOut(Schema):
    """What stands against a team."""

    allowed: bool = Field(description="True: nothing blocks it")
    blocking: list[FindingOut] = Field(description="Every reason against it")
    not_checked: list[FindingOut] = Field(description="Limits that the standard leaves open")


@router.get("", response=FirmList, summary="Audit firms")
def firms(request: HttpRequest, asked: Query[FirmQuery]) -> shapes.Shape:
    """List firms with an approval, all or those of which one approval fits every filter."""
    by_firm: dict[int, list[Entry]] = {}
    fitting: set[int] = set()
    filters = {key: getattr(asked, key) for key in approval_list.FILTERS}
    for one in approval_list.entries(timezone.localdate()):
        by_firm.setdefault(one.row.firm_id, []).append(one)
        if approval_list.fits(one, filters):
            fitting.add(one.row.firm_id)
    return paging.page(
        Organisation.objects.filter(pk__in=fitting),
        cursor=asked.cursor,
        limit=asked.limit,
        shape=lambda row: shapes.firm(row, by_firm[row.pk]),
    )


@router.get("/{firm}", response=FirmOut, summary="One audit firm")
def firm(request: HttpRequest, firm: str) -> shapes.Shape:
    """Give a firm with its approvals and their suspensions, as they stand today."""
    those = queries.firm(firm)
    today = timezone.localdate()
    rows = queries.approvals().filter(firm=those)
    return shapes.firm(those, [approval_list.entry(row, today) for row in rows])


@check_router.get("", response=CheckOut, auth=django_auth, summary="Check a team")
def check(request: HttpRequest, asked: Query[CheckQuery]) -> dict[str, Any]:
    """Give every reason against a team, for the secretariat; nothing is changed."""
    actor = actor_of(request)
    queries.must_be_secretariat(actor)
    found = queries.checked(
        actor=actor,
        engagement_id=asked.engagement or checking.NO_ENGAGEMENT,
        edition=standards.edition(asked.edition),
        firm=queries.firm(asked.firm),
        site=parties.site(asked.site),
        team=_team(asked),
        full_audit=asked.full_audit,
        on=asked.on or timezone.localdate(),
    )
    return {
        "allowed": not found.blocking,
        "blocking": list(map(_shape, found.blocking)),
        "not_checked": list(map(_shape, found.open_limits)),
    }


def _shape(finding: Finding) -> dict[str, object]:
    return finding_shape(finding)


def _team(asked: CheckQuery) -> list[tuple[Person, TeamRole]]:
    names = {
        role: [name.strip() for name in getattr(asked, str(role)).split(",") if name.strip()]
        for role in TeamRole
    }
    wanted = {name for those in names.values() for name in those}
    known = {one.username: one for one in Person.objects.filter(username__in=wanted)}
    if wanted - set(known):
        refuse(IS_THERE_FOR_YOU, asked_for="person")
    return [(known[name], role) for role, those in names.items() for name in those]

"""Findings for programs: those of an engagement, raising one, and every step after that.

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

from stannary.core.corrections import Grade, NoteKind
from stannary.web.corrections import operations, pages, queries
from stannary.web.corrections.models import FindingStep
from stannary.web.corrections.operations import Said
from stannary.web.corrections.queries import Findings, Found
from stannary.web.cycle.api import name_of
from stannary.web.parties.models import Person
from stannary.web.project.idempotency import NO_NULL, Made, actor_of
from stannary.web.project.page_query import PageQuery
from stannary.web.project.paging import decode, encode
from stannary.web.project.writes import write

router = Router(tags=["findings"])

AT = "/{uuid:engagement_id}/findings"
"""Where they stand below engagements."""

ID = "5b1c1f0e-7a55-4f5c-9e0c-2f6d3f0a1c01"
ITEM = "3f0c6c0e-5d0f-4a63-9a2b-6a4f3b1c2d01"


class CorrectionFindingOut(Schema):
    """A finding as it stands today."""

    number: int = Field(
        description="Of the finding, at this site under this standard.", examples=[3]
    )
    engagement: str = Field(description="UUID of the engagement that found it.", examples=[ID])
    site: str = Field(description="Permanent id of the site.", examples=["example-north-mine"])
    requirement: str = Field(description="Id of the requirement.", examples=["1.4.2.3"])
    critical: bool = Field(description="Whether that is critical.", examples=[False])
    grade: str = Field(
        description="major, minor or observation, as it was raised.", examples=["minor"]
    )
    grade_now: str = Field(
        description="What it counts as today: an overdue minor one as major.", examples=["major"]
    )
    state: str = Field(
        description="open, planned, handed_in, proposed, closed or effective.",
        examples=["planned"],
    )
    text: str = Field(description="What was found.", examples=["The register has gaps."])
    raised_by: str = Field(description="Name.", examples=["Ada Auditor"])
    raised_on: str = Field(description="Day.", examples=["2026-03-01"])
    due: str | None = Field(description="Last day; null: none.", examples=["2026-05-30"])
    overdue_since: str | None = Field(
        description="Since when it is late; null: it is not.", examples=["2026-05-31"]
    )
    escalated_on: str | None = Field(description="Day; null: it is not.", examples=[None])
    root_cause: str = Field(description="Empty before a plan.", examples=["Two registers."])
    action: str = Field(description="Empty before a plan.", examples=["One register is kept."])
    owner: str = Field(description="Who answers for it; never public.", examples=["Site manager"])
    plan_due: str | None = Field(description="Day of the plan.", examples=["2026-05-30"])
    closed_on: str | None = Field(description="Day; null: it is not.", examples=[None])
    to_retest: bool = Field(
        description="Whether this audit has to test if the correction lasted.", examples=[False]
    )
    carried: bool = Field(description="Whether an earlier engagement found it.", examples=[False])
    illustrative: bool = Field(description="Made up.", examples=[True])


class FindingStepOut(Schema):
    """One step about a finding; it never changes."""

    number: int = Field(description="From 1.", examples=[1])
    kind: str = Field(
        description=(
            "plan, extend, hand_in, refuse, propose, close, escalate, confirm (it lasted) or "
            "reopen (it came back)."
        ),
        examples=["plan"],
    )
    engagement: str = Field(description="UUID of that in which it was taken.", examples=[ID])
    role: str = Field(description="Role of who took it.", examples=["site_user"])
    by: str = Field(description="Name.", examples=["Olga Operator"])
    on: str = Field(description="Day.", examples=["2026-03-20"])
    at: str = Field(description="When recorded.", examples=["2026-03-20T09:00:00+00:00"])
    text: str = Field(description="What was seen, or why.", examples=[""])
    root_cause: str = Field(description="With a plan.", examples=["Two registers."])
    action: str = Field(description="With a plan.", examples=["One register is kept."])
    owner: str = Field(description="With a plan.", examples=["Site manager"])
    due: str | None = Field(description="With a plan.", examples=["2026-05-30"])
    until: str | None = Field(description="With an extension.", examples=[None])
    evidence: list[str] = Field(description="UUIDs of items handed in.", examples=[[ITEM]])


class FindingRecordOut(CorrectionFindingOut):
    """A finding with its steps, and what you may do about it now."""

    steps: list[FindingStepOut] = Field(description="Oldest first.")
    possible: list[str] = Field(description="Steps that you may take.", examples=[["plan"]])


class FindingPage(Schema):
    """A page of findings."""

    items: list[CorrectionFindingOut] = Field(description="By number.")
    next: str | None = Field(description="Cursor of the next page; null at the end.")


class FindingQuery(PageQuery):
    """Which findings, and which page."""

    standing: str = Field(
        "", max_length=20, description="Only waiting, overdue, escalated, retest or closed ones"
    )
    grade: str = Field("", max_length=20, description="Only those that count as this today")
    requirement: str = Field("", max_length=80, description="Only of this requirement or chapter")


class RaisingIn(Schema):
    """A finding to raise; what is left out is taken from the verdict."""

    requirement: str = Field(
        max_length=40, pattern=NO_NULL, description="Of the edition.", examples=["1.4.2.3"]
    )
    grade: Grade | None = Field(
        None, description="major, minor or observation; null: as the verdict suggests."
    )
    text: str = Field(
        "",
        max_length=10_000,
        pattern=NO_NULL,
        description="What was found; empty: the verdict's reason.",
        examples=["The register has gaps."],
    )


class StepIn(Schema):
    """A step to take."""

    kind: NoteKind = Field(description="Which step.", examples=["plan"])
    seen: int = Field(description="How many steps you saw; else 409.", examples=[0])
    text: str = Field(
        "", max_length=10_000, pattern=NO_NULL, description="What was seen, or why.", examples=[""]
    )
    root_cause: str = Field(
        "",
        max_length=10_000,
        pattern=NO_NULL,
        description="With a plan.",
        examples=["Two registers."],
    )
    action: str = Field(
        "",
        max_length=10_000,
        pattern=NO_NULL,
        description="With a plan.",
        examples=["One register is kept."],
    )
    owner: str = Field(
        "",
        max_length=200,
        pattern=NO_NULL,
        description="With a plan.",
        examples=["Site manager"],
    )
    due: datetime.date | None = Field(
        None, description="With a plan: by when.", examples=["2026-05-30"]
    )
    evidence: list[UUID] = Field(
        default_factory=list,
        max_length=50,
        description="With handing in: UUIDs of items of evidence of this engagement.",
        examples=[[ITEM]],
    )
    until: datetime.date | None = Field(
        None, description="With an extension: the new last day.", examples=[None]
    )


@router.get(AT, response=FindingPage, auth=django_auth, summary="Findings of an engagement")
def list_findings(
    request: HttpRequest, engagement_id: UUID, asked: Query[FindingQuery]
) -> dict[str, Any]:
    """List the findings that are open to you, and those of earlier audits that wait for a re-test."""
    found = _findings(actor_of(request), engagement_id)
    filters = {
        "standing": asked.standing,
        "grade": asked.grade,
        "requirement": asked.requirement,
    }
    fitting = sorted(pages.chosen(found.found, filters), key=lambda one: one.row.number)
    start = decode(asked.cursor) if asked.cursor else 0
    after = start + asked.limit
    return {
        "items": [pages.shape(one) for one in fitting[start:after]],
        "next": encode(after) if after < len(fitting) else None,
    }


@write(router, AT, answer=FindingRecordOut, summary="Raise a finding")
def raise_finding(request: HttpRequest, engagement_id: UUID, body: RaisingIn) -> Made:
    """Raise a finding about a requirement, from the audit's verdict or in words of your own."""
    row = operations.raise_finding(
        actor=actor_of(request),
        engagement_id=engagement_id,
        requirement=body.requirement,
        grade=body.grade,
        text=body.text,
    )
    return _made(request, engagement_id, row.number)


@router.get(
    AT + "/{int:number}",
    response=FindingRecordOut,
    auth=django_auth,
    summary="One finding with its steps",
    url_name="finding",
)
def one_finding(request: HttpRequest, engagement_id: UUID, number: int) -> dict[str, Any]:
    """Give a finding that is open to you, with what you may do about it."""
    actor = actor_of(request)
    found = _findings(actor, engagement_id)
    return _record(found, found.one(number), actor)


@write(
    router,
    AT + "/{int:number}/steps",
    answer=FindingRecordOut,
    summary="Take a step about a finding",
)
def take_step(request: HttpRequest, engagement_id: UUID, number: int, body: StepIn) -> Made:
    """Take a step; 409 with what happened if others acted since you looked. It is dated today."""
    operations.take_step(
        actor=actor_of(request),
        engagement_id=engagement_id,
        number=number,
        kind=body.kind,
        seen=body.seen,
        said=Said(
            text=body.text,
            root_cause=body.root_cause,
            action=body.action,
            owner=body.owner,
            due=body.due,
            evidence=tuple(body.evidence),
            until=body.until,
        ),
    )
    return _made(request, engagement_id, number)


def _findings(actor: Person, engagement_id: UUID) -> Findings:
    today = timezone.localdate()
    return queries.findings(actor=actor, engagement_id=engagement_id, on=today)


def _made(request: HttpRequest, engagement_id: UUID, number: int) -> Made:
    actor = actor_of(request)
    found = _findings(actor, engagement_id)
    address = reverse("api:finding", args=[engagement_id, number])
    return Made(_record(found, found.one(number), actor), address)


def _record(found: Findings, one: Found, actor: Person) -> dict[str, Any]:
    return {
        **pages.shape(one),
        "steps": [_step(step) for step in one.steps],
        "possible": [str(kind) for kind in found.steps(one, actor)],
    }


def _step(step: FindingStep) -> dict[str, Any]:
    return {
        "number": step.number,
        "kind": step.kind,
        "engagement": str(step.engagement_id),
        "role": step.role,
        "by": name_of(step.by),
        "on": step.on.isoformat(),
        "at": step.at.isoformat(),
        "text": step.text,
        "root_cause": step.root_cause,
        "action": step.action,
        "owner": step.owner,
        "due": step.due.isoformat() if step.due else None,
        "until": step.until.isoformat() if step.until else None,
        "evidence": [str(one.version.item) for one in step.evidence.all()],
    }

"""Published results for programs: public, without an account. Publishing is for the firm."""

import datetime
import json
import uuid
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from stannary.core.kernel import refuse
from stannary.core.publications import redline_as_dict
from stannary.web.assessments import queries as assessments
from stannary.web.project import paging
from stannary.web.project.idempotency import NO_NULL, Made, actor_of
from stannary.web.project.writes import write
from stannary.web.publications import changes, downloads, operations, queries, rules

router = Router(tags=["publications"])


class ResultSummary(Schema):
    """What a list says of a published result."""

    id: str = Field(
        description="UUID of the result; permanent.",
        examples=["6f0b7e2a-5d57-4c0f-9d5e-0a1f4f5c2b01"],
    )
    site: str = Field(description="Permanent id of the site.", examples=["example-ridge"])
    site_name: str = Field(description="Name of the site.", examples=["Example Ridge"])
    illustrative: bool = Field(
        description="True where site and result are made up.", examples=[True]
    )
    kind: str = Field(
        description="audit, surveillance, settlement or correction.", examples=["audit"]
    )
    earlier: str | None = Field(
        description="Id of the result before it; of a correction, what it corrects; null for the first.",
        examples=["6f0b7e2a-5d57-4c0f-9d5e-0a1f4f5c2b01"],
    )
    corrected_by: str | None = Field(
        description="Id of the correction that takes its place; null while there is none.",
        examples=["6f0b7e2a-5d57-4c0f-9d5e-0a1f4f5c2b03"],
    )
    standard: str = Field(
        description="Edition: publisher/standard/edition.", examples=["stannary/open-mining/0.1"]
    )
    level_state: str = Field(description="determined, pending or none.", examples=["determined"])
    level: str | None = Field(
        description="Code of the level; null unless it is determined.", examples=["OPEN-75"]
    )
    firm: str = Field(description="Audit firm.", examples=["Example Assurance"])
    published_on: str = Field(
        description="Day of public release, YYYY-MM-DD.", examples=["2026-03-01"]
    )
    sha256: str = Field(
        description="SHA-256 of the content in canonical JSON.",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    log_index: int = Field(
        description="Number of the entry in the public log, from 0.", examples=[3]
    )
    page: str = Field(
        description="Address of the page for people.",
        examples=["https://register.example.org/results/6f0b7e2a-5d57-4c0f-9d5e-0a1f4f5c2b01/"],
    )
    content: str = Field(
        description="Address of the content: the bytes that were hashed.",
        examples=["https://register.example.org/results/6f0b7e2a-5d57-4c0f-9d5e-0a1f4f5c2b01.json"],
    )


class ResultPage(Schema):
    """One page of results."""

    items: list[ResultSummary] = Field(description="Results in the order they were published.")
    next: str | None = Field(description="Cursor of the next page; null on the last one.")


class ResultDetail(ResultSummary):
    """One published result with everything that is public of it."""

    result: dict[str, Any] = Field(
        description="The content, form stannary/published-result/2; of older ones stannary/published-result/1."
    )
    credential: str = Field(description="The signed credential, compact vc+jwt.")
    files: dict[str, str] = Field(
        description="Addresses of its files: json, csv, oscal, xlsx, pdf, bundle, zip.",
        examples=[
            {
                "xlsx": "https://register.example.org/results/6f0b7e2a-5d57-4c0f-9d5e-0a1f4f5c2b01.xlsx"
            }
        ],
    )


class PublishingIn(Schema):
    """Which assessment becomes public, and when."""

    assessment: int = Field(description="Id of an open assessment of your firm.", examples=[12])
    confirm: bool = Field(
        description="True: you have read what becomes public, and know that it cannot be taken back.",
        examples=[True],
    )
    published_on: datetime.date | None = Field(
        None,
        description="Day of public release, today or before; left out: today.",
        examples=["2026-03-01"],
    )


class CorrectedIn(Schema):
    """A verdict as it should have been."""

    requirement: str = Field(
        max_length=40,
        pattern=NO_NULL,
        description="Id of the requirement.",
        examples=["1.1.1.1"],
    )
    rating: str = Field(
        max_length=20,
        description="fully, substantially, partially, not_met, not_relevant or pending.",
        examples=["substantially"],
    )
    reason: str = Field(
        max_length=10_000,
        pattern=NO_NULL,
        description="Why; never empty.",
        examples=["Two of three sites keep the register."],
    )


class CorrectionIn(Schema):
    """What was wrong in a published result."""

    reason: str = Field(
        max_length=10_000,
        pattern=NO_NULL,
        description="Why it is corrected; everybody reads it.",
        examples=["The rating was entered in the wrong line."],
    )
    verdicts: list[CorrectedIn] = Field(
        default_factory=list, max_length=2_000, description="Verdicts that should have been others."
    )
    fresh: bool = Field(
        default=False,
        description="True: names, scope, team, input and corrective actions are taken anew from the register.",
        examples=[False],
    )
    confirm: bool = Field(
        description="True: you know that a correction cannot be taken back either.",
        examples=[True],
    )


class ResultQuery(Schema):
    """Which results, and where to go on."""

    site: str = Field("", max_length=80, description="Only of this site.")
    cursor: str | None = Field(None, max_length=100, description="From the page before.")
    limit: int = Field(100, ge=1, le=100, description="How many at most.")


@router.get("", response=ResultPage, summary="List published results")
def list_results(
    request: HttpRequest,
    asked: Query[ResultQuery],
) -> dict[str, Any]:
    """List results in the order they were published."""
    rows = queries.results().defer(*queries.HEAVY)
    if asked.site:
        rows = rows.filter(site__slug=asked.site)
    return paging.page(rows, cursor=asked.cursor, limit=asked.limit, shape=downloads.shape)


@write(router, "", answer=ResultSummary, summary="Publish what an assessment found, for good")
def publish(request: HttpRequest, body: PublishingIn) -> Made:
    """Publish: sign, log and close, or nothing; refused with every reason that is missing."""
    actor = actor_of(request)
    assessments.assessment(actor=actor, assessment_id=body.assessment)
    if not body.confirm:
        refuse(rules.PUBLISHED_WITH_INTENT, confirm="false")
    made = operations.publish(
        actor=actor,
        assessment_id=body.assessment,
        published_on=body.published_on or timezone.localdate(),
    )
    row = queries.result(made.result_id)
    return Made(downloads.shape(row), reverse("api:result", args=[row.result_id]))


@write(
    router,
    "/{uuid:result_id}/corrections",
    answer=ResultSummary,
    summary="Publish the correction of a result, for the secretariat",
)
def correct(request: HttpRequest, result_id: uuid.UUID, body: CorrectionIn) -> Made:
    """Correct: another result that says why and what changed; the old one stays public."""
    actor = actor_of(request)
    queries.result_to_correct(actor=actor, result_id=result_id)
    if not body.confirm:
        refuse(rules.PUBLISHED_WITH_INTENT, confirm="false")
    made = operations.correct(
        actor=actor,
        base_id=result_id,
        reason=body.reason,
        verdicts=[
            operations.Corrected(one.requirement, one.rating, one.reason) for one in body.verdicts
        ],
        fresh=body.fresh,
        published_on=timezone.localdate(),
    )
    row = queries.result(made.result_id)
    return Made(downloads.shape(row), reverse("api:result", args=[row.result_id]))


class ChangesOut(Schema):
    """What differs between two results of a site."""

    before: dict[str, Any] = Field(description="Id, standard, day and level of the older one.")
    after: dict[str, Any] = Field(description="The same of the newer one.")
    level_changed: bool = Field(description="Whether the level differs.", examples=[False])
    principles: list[dict[str, Any]] = Field(
        description="Share of each principle, before and after."
    )
    chapters: list[dict[str, Any]] = Field(description="Share of each chapter, before and after.")
    same: int = Field(description="How many requirements are judged as before.", examples=[137])
    verdicts: list[dict[str, Any]] = Field(description="Every verdict that differs, old and new.")


@router.get(
    "/{uuid:result_id}/changes/{uuid:other_id}",
    response=ChangesOut,
    summary="What differs between two results of a site",
)
def changes_between(
    request: HttpRequest, result_id: uuid.UUID, other_id: uuid.UUID
) -> dict[str, Any]:
    """Give level, scores and verdicts of both where they differ, the older one first."""
    before, after = queries.two_results(result_id, other_id)
    return redline_as_dict(changes.redline_of(before, after))


@router.get(
    "/{uuid:result_id}",
    response=ResultDetail,
    summary="One published result",
    url_name="result",
)
def one_result(
    request: HttpRequest,
    result_id: uuid.UUID,
) -> dict[str, Any]:
    """Give one result with its content and credential."""
    row = queries.result(result_id)
    return {
        **downloads.shape(row),
        "result": json.loads(row.content),
        "credential": row.credential,
        "files": downloads.files(row),
    }

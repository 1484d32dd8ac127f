"""Published results for programs: public, without an account."""

import json
import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from stannary.web.project import paging
from stannary.web.publications import downloads, queries

router = Router(tags=["publications"])


class ResultSummary(Schema):
    """What a list says of a published result."""

    id: str = Field(description="UUID of the result; permanent.")
    site: str = Field(description="Permanent id of the site.")
    site_name: str = Field(description="Name of the site.")
    illustrative: bool = Field(description="True where site and result are made up.")
    standard: str = Field(description="Edition: publisher/standard/edition.")
    level_state: str = Field(description="determined, pending or none.")
    level: str | None = Field(description="Code of the level; null unless it is determined.")
    firm: str = Field(description="Audit firm.")
    published_on: str = Field(description="Day of public release, YYYY-MM-DD.")
    sha256: str = Field(description="SHA-256 of the content in canonical JSON.")
    log_index: int = Field(description="Number of the entry in the public log, from 0.")
    page: str = Field(description="Address of the page for people.")
    content: str = Field(description="Address of the content: the bytes that were hashed.")


class ResultPage(Schema):
    """One page of results."""

    items: list[ResultSummary] = Field(description="Results in the order they were published.")
    next: str | None = Field(description="Cursor of the next page; null on the last one.")


class ResultDetail(ResultSummary):
    """One published result with everything that is public of it."""

    result: dict[str, Any] = Field(description="The content, form stannary/published-result/1.")
    credential: str = Field(description="The signed credential, compact vc+jwt.")


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


@router.get("/{uuid:result_id}", response=ResultDetail, summary="One published result")
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
    }

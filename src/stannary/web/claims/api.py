import uuid
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from stannary.web.claims import queries
from stannary.web.claims.downloads import shape
from stannary.web.project import paging
from stannary.web.project.page_query import PageQuery

router = Router(tags=["claims"])


class ClaimOut(Schema):
    """What an organisation says of a lot, as it was signed."""

    id: str = Field(description="urn:uuid:…")
    lot: str = Field(description="Id of the lot.")
    sentence: str = Field(description="What is said, in English.")
    standard: str = Field(description="publisher/standard/edition of the level")
    level: str = Field(description="Code of the level claimed.")
    share: str = Field(description="Exact fraction of the lot's content, above 0, at most 1: 3/8")
    element: str = Field(description="The tracked element in words.")
    made_by: str = Field(description="Organisation that says it.")
    made_on: str = Field(description="First day on which it is valid.")
    valid_until: str = Field(description="First day on which it is no longer valid.")
    sha256: str = Field(description="Of the claim file.")
    log_index: int = Field(description="Number of its entry in the public log.")
    file: str = Field(description="Address of the claim file, for stannary verify.")


class ClaimPage(Schema):
    """One page of claims, oldest first."""

    items: list[ClaimOut] = Field(description="One page of claims.")
    next: str | None = Field(description="Cursor of the next page; null on the last.")


@router.get("", response=ClaimPage, summary="Claims, oldest first")
def claims(request: HttpRequest, asked: Query[PageQuery]) -> dict[str, Any]:
    """Give one page of claims."""
    return paging.page(queries.claims(), cursor=asked.cursor, limit=asked.limit, shape=shape)


@router.get("/{claim_id}", response=ClaimOut, summary="One claim")
def claim(
    request: HttpRequest, claim_id: Annotated[uuid.UUID, Field(description="Number of the claim.")]
) -> dict[str, Any]:
    """Give one claim."""
    return shape(queries.claim(claim_id))

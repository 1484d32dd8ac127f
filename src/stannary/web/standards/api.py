"""Standards for programs: editions, their constants, their requirements."""

import datetime

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from stannary.core.kernel import refuse
from stannary.core.standards import Edition
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.parties.search import MAX_QUERY
from stannary.web.project import paging
from stannary.web.standards import queries, search, shapes

router = Router(tags=["standards"])


class EditionSummary(Schema):
    """An edition of a standard."""

    id: str = Field(description="publisher/standard/edition")
    kind: str = Field(description='"assurance" scores sites, "custody" rules over material')
    title: str
    short_title: str
    language: str = Field(description="Language of the original texts, BCP 47")
    licence: str = Field(description="As the pack says; SPDX where it has one")
    in_force_from: datetime.date
    texts: str = Field(description='"full", or "outline" where the texts may not be shipped')
    requirements_complete: bool = Field(description="False: it cannot give a level")
    requirements: int = Field(description="How many requirements are here")
    critical: int = Field(description="How many of them are critical")
    address: str = Field(description="Its page, for people")


class EditionList(Schema):
    """Editions in order of id."""

    items: list[EditionSummary]
    next: str | None = Field(description="Cursor of the next page; null on the last")


class Dated(Schema):
    """One value of a constant."""

    value: str | int | bool | None = Field(description="null: unknown")
    valid_from: datetime.date | None = Field(
        alias="from", description="First day in force; null: since the edition is"
    )
    source: str
    mark: str = Field(description="How sure we are: S S2 SEED SEED+S SEED+S2 D GK ? own")
    as_of: datetime.date = Field(description="The day on which it was looked up")
    placeholder: bool = Field(
        description="True: it only stands in for a value nobody here has read"
    )


class Constant(Schema):
    """A constant with every value that it has had, in order."""

    unit: str
    summary: str
    values: list[Dated]


class PrincipleShape(Schema):
    """A principle."""

    id: str
    title: str
    source: str
    mark: str


class ChapterShape(PrincipleShape):
    """A chapter."""

    principle: str = Field(description="Id of its principle")
    requirements: int = Field(description="How many of its requirements are here")


class RatingShape(Schema):
    """A rating and what it is worth."""

    code: str
    title: str
    points: Constant


class LevelShape(Schema):
    """A level and its tests; null where it does not test."""

    code: str
    title: str
    summary: str
    min_principle_share: Constant | None = Field(description="Share that each principle must reach")
    critical_at_least: Constant | None = Field(description="Worst rating of a critical requirement")
    all_at_least: Constant | None = Field(description="Worst rating of any requirement")


class ClaimShape(Schema):
    """Words that may be used of a lot."""

    code: str
    title: str
    models: list[str] = Field(description="Chain of custody models under which they may be used")
    min_share: Constant
    words: dict[str, str] = Field(description="Language to words with gaps")


class EditionWhole(EditionSummary):
    """An edition with all but its requirements."""

    summary: str
    sha256: str = Field(description="SHA-256 of the canonical content")
    principles: list[PrincipleShape]
    chapters: list[ChapterShape]
    ratings: list[RatingShape] = Field(description="Best first")
    levels: list[LevelShape] = Field(description="Lowest first")
    parameters: dict[str, Constant]
    claims: list[ClaimShape]


class RequirementShape(Schema):
    """A requirement."""

    standard: str
    id: str
    principle: str
    chapter: str
    section: str
    title: str
    demand: str = Field(description="Empty where the text is not shipped")
    critical: bool
    applies: str = Field(description="Condition in words; empty: always")
    why: str
    evidence: str
    source: str
    mark: str
    address: str
    translations: dict[str, dict[str, str]] = Field(description="Language to title and demand")


class RequirementQuery(Schema):
    """Which requirements, and how many at a time."""

    q: str = Field(
        "", max_length=MAX_QUERY, description="Words that must all be found, or an id's beginning"
    )
    cursor: str | None = Field(None, description="From `next` of the page before")
    limit: int = Field(paging.PAGE_SIZE, ge=1, le=1000, description="Most items on a page")


class RequirementList(Schema):
    """Requirements in the order of the standard."""

    items: list[RequirementShape]
    next: str | None = Field(description="Cursor of the next page; null on the last")


@router.get("", response=EditionList, summary="All editions")
def editions(request: HttpRequest) -> shapes.Shape:
    """List the editions that are here; they fit on one page."""
    return {"items": [shapes.summary(one) for one in queries.editions()], "next": None}


@router.get(
    "/{publisher}/{standard}/{edition}", response=EditionWhole, by_alias=True, summary="One edition"
)
def edition(request: HttpRequest, publisher: str, standard: str, edition: str) -> shapes.Shape:
    """Give an edition: principles, chapters, ratings, levels, constants, words for claims."""
    name = f"{publisher}/{standard}/{edition}"
    return shapes.whole(queries.edition(name), queries.sha256_of(name))


@router.get(
    "/{publisher}/{standard}/{edition}/requirements",
    response=RequirementList,
    summary="Requirements of an edition",
)
def requirements(
    request: HttpRequest,
    publisher: str,
    standard: str,
    edition: str,
    asked: Query[RequirementQuery],
) -> shapes.Shape:
    """List requirements in the order of the standard, all or those that a search finds."""
    book = queries.edition(f"{publisher}/{standard}/{edition}")
    found = book.requirements
    if asked.q.strip():
        found = tuple(book.requirement_by_id[one] for one in search.hits(book, asked.q))
    start = paging.decode(asked.cursor) if asked.cursor else 0
    end = start + asked.limit
    return {
        "items": [shapes.requirement(book, one) for one in found[start:end]],
        "next": paging.encode(end) if end < len(found) else None,
    }


@router.get(
    "/{publisher}/{standard}/{edition}/requirements/{requirement}",
    response=RequirementShape,
    summary="One requirement",
)
def requirement(
    request: HttpRequest,
    publisher: str,
    standard: str,
    edition: str,
    requirement: str,
) -> shapes.Shape:
    """Give one requirement by its id."""
    book: Edition = queries.edition(f"{publisher}/{standard}/{edition}")
    one = book.requirement_by_id.get(requirement)
    if one is None:
        refuse(IS_THERE_FOR_YOU, asked_for="requirement")
    return shapes.requirement(book, one)

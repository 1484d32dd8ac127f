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
    title: str = Field(description="Full name, in the original language")
    short_title: str = Field(description="Name with its edition")
    language: str = Field(description="Language of the original texts, BCP 47")
    licence: str = Field(description="As the pack says; SPDX where it has one")
    in_force_from: datetime.date = Field(description="First day on which it was in force")
    applies_from: datetime.date = Field(
        description="First day on which an assessment may be opened against it"
    )
    applies_before: datetime.date | None = Field(
        description="First day on which none may be any more; null: no end is set"
    )
    texts: str = Field(description='"full", or "outline" where the texts may not be shipped')
    requirements_complete: bool = Field(description="False: it cannot give a level")
    requirements: int = Field(description="How many requirements are here")
    critical: int = Field(description="How many of them are critical")
    address: str = Field(description="Its page, for people")


class EditionList(Schema):
    """Editions in order of id."""

    items: list[EditionSummary] = Field(description="All editions")
    next: str | None = Field(description="Cursor of the next page; null on the last")


class Dated(Schema):
    """One value of a constant."""

    value: str | int | bool | None = Field(description="null: unknown")
    valid_from: datetime.date | None = Field(
        alias="from", description="First day in force; null: since the edition is"
    )
    source: str = Field(description="Where the value was read")
    mark: str = Field(description="How sure we are: S S2 SEED SEED+S SEED+S2 D GK ? own")
    as_of: datetime.date = Field(description="The day on which it was looked up")
    placeholder: bool = Field(
        description="True: it only stands in for a value nobody here has read"
    )


class Constant(Schema):
    """A constant with every value that it has had, in order."""

    unit: str = Field(description="Of the values; empty where they have none")
    summary: str = Field(description="What it governs")
    values: list[Dated] = Field(description="Oldest first")


class PrincipleShape(Schema):
    """A principle."""

    id: str = Field(description="Number in the standard")
    title: str = Field(description="In the original language")
    source: str = Field(description="Where it was read")
    mark: str = Field(description="How sure we are: S S2 SEED SEED+S SEED+S2 D GK ? own")


class ChapterShape(PrincipleShape):
    """A chapter."""

    principle: str = Field(description="Id of its principle")
    requirements: int = Field(description="How many of its requirements are here")


class RatingShape(Schema):
    """A rating and what it is worth."""

    code: str = Field(description="Permanent word")
    title: str = Field(description="In the original language")
    points: Constant = Field(description="What it is worth")


class LevelShape(Schema):
    """A level and its tests; null where it does not test."""

    code: str = Field(description="Permanent code")
    title: str = Field(description="In the original language")
    summary: str = Field(description="What it means, in words")
    min_principle_share: Constant | None = Field(description="Share that each principle must reach")
    critical_at_least: Constant | None = Field(description="Worst rating of a critical requirement")
    all_at_least: Constant | None = Field(description="Worst rating of any requirement")


class ClaimShape(Schema):
    """Words that may be used of a lot."""

    code: str = Field(description="Permanent code of the words")
    title: str = Field(description="Name of the words")
    models: list[str] = Field(description="Chain of custody models under which they may be used")
    min_share: Constant = Field(description="Smallest share that may be claimed")
    words: dict[str, str] = Field(description="Language to words with gaps")


class EditionWhole(EditionSummary):
    """An edition with all but its requirements."""

    summary: str = Field(description="What the edition is")
    sha256: str = Field(description="SHA-256 of the canonical content")
    principles: list[PrincipleShape] = Field(description="In the order of the standard")
    chapters: list[ChapterShape] = Field(description="In the order of the standard")
    ratings: list[RatingShape] = Field(description="Best first")
    levels: list[LevelShape] = Field(description="Lowest first")
    parameters: dict[str, Constant] = Field(description="Key to constant")
    claims: list[ClaimShape] = Field(
        description="Words that may be used of lots; custody packs have them"
    )


class MoveShape(Schema):
    """What became of one or several requirements."""

    kind: str = Field(description="kept, renumbered, reworded, split, merged, new or dropped")
    before: list[str] = Field(description="Ids in the older edition; empty: new")
    after: list[str] = Field(description="Ids in the newer edition; empty: dropped")
    judge_again: bool = Field(description="True: an answer to the old text does not stand")
    note: str = Field(description="Why; may be empty")


class OriginShape(MoveShape):
    """What a requirement was in an older edition."""

    edition: str = Field(description="The older edition")


class TransitionShape(Schema):
    """How an edition takes the place of the one before it."""

    before: str = Field(description="The older edition")
    after: str = Field(description="The newer edition")
    opens: datetime.date = Field(description="First day on which the newer may be used")
    closes: datetime.date = Field(description="First day on which the older may no longer be")
    source: str = Field(description="Who decided this")
    mark: str = Field(description="How sure we are: S S2 SEED SEED+S SEED+S2 D GK ? own")
    moves: list[MoveShape] = Field(description="In the order of the newer edition, dropped last")


class TranslationShape(Schema):
    """How far an edition is translated into a language."""

    language: str = Field(description="BCP 47")
    current: int = Field(description="How many requirements are translated from today's text")
    stale: list[str] = Field(description="Requirements whose original was changed since")
    unchecked: list[str] = Field(description="Requirements of which nobody said from which text")
    missing: list[str] = Field(description="Requirements that are not translated")


class TranslationList(Schema):
    """How far an edition is translated."""

    language: str = Field(description="Language of the original, BCP 47")
    items: list[TranslationShape] = Field(description="One for each language of the edition")


class RequirementShape(Schema):
    """A requirement."""

    standard: str = Field(description="publisher/standard/edition")
    id: str = Field(description="Number in the standard, permanent")
    principle: str = Field(description="Id of its principle")
    chapter: str = Field(description="Id of its chapter")
    section: str = Field(description="Id of its section")
    title: str = Field(description="In the original language")
    demand: str = Field(description="Empty where the text is not shipped")
    critical: bool = Field(description="True: levels demand more of it")
    applies: str = Field(description="Condition in words; empty: always")
    why: str = Field(description="Why it matters; may be empty")
    evidence: str = Field(description="What usually shows that it is met; may be empty")
    interview: str = Field(description="What to ask the people concerned; may be empty")
    tags: list[str] = Field(description="Where else its subject is known: sdg:8.8, ungp:17 …")
    was: list[OriginShape] = Field(
        description="What it was in older editions that a transition leads from"
    )
    source: str = Field(description="Where it was read")
    mark: str = Field(description="How sure we are: S S2 SEED SEED+S SEED+S2 D GK ? own")
    address: str = Field(description="Its page, for people")
    translations: dict[str, dict[str, str]] = Field(
        description="Language to title, demand and state: current, stale, unchecked or missing"
    )


class RequirementQuery(Schema):
    """Which requirements, and how many at a time."""

    q: str = Field(
        "", max_length=MAX_QUERY, description="Words that must all be found, or an id's beginning"
    )
    cursor: str | None = Field(None, description="From `next` of the page before")
    limit: int = Field(paging.PAGE_SIZE, ge=1, le=1000, description="Most items on a page")


class RequirementList(Schema):
    """Requirements in the order of the standard."""

    items: list[RequirementShape] = Field(description="One page of requirements")
    next: str | None = Field(description="Cursor of the next page; null on the last")


@router.get("", response=EditionList, summary="All editions")
def editions(request: HttpRequest) -> shapes.Shape:
    """List the editions that are here; they fit on one page."""
    crossings = queries.transitions()
    items = [shapes.summary(one, crossings) for one in queries.editions()]
    return {"items": items, "next": None}


@router.get(
    "/{publisher}/{standard}/{edition}", response=EditionWhole, by_alias=True, summary="One edition"
)
def edition(request: HttpRequest, publisher: str, standard: str, edition: str) -> shapes.Shape:
    """Give an edition: principles, chapters, ratings, levels, constants, words for claims."""
    name = f"{publisher}/{standard}/{edition}"
    return shapes.whole(queries.edition(name), queries.sha256_of(name), queries.transitions())


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
    was = shapes.origins(book, queries.transitions())
    start = paging.decode(asked.cursor) if asked.cursor else 0
    end = start + asked.limit
    return {
        "items": [shapes.requirement(book, one, was.get(one.id, ())) for one in found[start:end]],
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
    was = shapes.origins(book, queries.transitions())
    return shapes.requirement(book, one, was.get(one.id, ()))


@router.get(
    "/{publisher}/{standard}/{edition}/from/{older}",
    response=TransitionShape,
    summary="What became of an older edition",
)
def transition(
    request: HttpRequest, publisher: str, standard: str, edition: str, older: str
) -> shapes.Shape:
    """Give the transition from an older edition: its window, and what became of each requirement."""
    base = f"{publisher}/{standard}"
    return shapes.transition(queries.transition(f"{base}/{older}", f"{base}/{edition}"))


@router.get(
    "/{publisher}/{standard}/{edition}/translations",
    response=TranslationList,
    summary="How far an edition is translated",
)
def translations(request: HttpRequest, publisher: str, standard: str, edition: str) -> shapes.Shape:
    """Give for each language what is current, stale and missing."""
    return shapes.translations(queries.edition(f"{publisher}/{standard}/{edition}"))

"""How assignments and their answers look to programs."""

import datetime
from typing import Any

from ninja import Field, Schema

from stannary.core.standards import Rating
from stannary.web.assessments import words
from stannary.web.assessments.models import Turn
from stannary.web.assessments.respondents import queries
from stannary.web.assessments.respondents.queries import Given
from stannary.web.cycle.api import name_of

_AT = "2026-03-01T09:30:00+00:00"


class AnswerOut(Schema):
    """What is said of a requirement, and what is to be changed of it."""

    requirement: str = Field(description="Id of the requirement.", examples=["1.1.1.1"])
    title: str = Field(description="A short label.", examples=["A policy is written"])
    demand: str = Field(
        description="What must be so; empty where the text may not be shipped.",
        examples=["A policy is written, signed and public."],
    )
    rating: str = Field(
        description="One of the six words; empty: nothing was said.", examples=["partially"]
    )
    rationale: str = Field(description="Why, in words.", examples=["It hangs in the gatehouse."])
    said_by: str = Field(description="Who said it; empty: nobody yet.", examples=["Rosa Example"])
    at: str | None = Field(description="When; null: nobody yet.", examples=[_AT])
    id: int | None = Field(
        description="Of the record; the next answer names it as seen. Null: none.", examples=[4711]
    )
    answered: bool = Field(
        description="Whether it is answered, or said why it cannot be.", examples=[True]
    )
    comment: str = Field(description="What is to be changed in this turn.", examples=[""])
    to_change: bool = Field(
        description="Whether it is as it was when that was asked.", examples=[False]
    )


class TurnOut(Schema):
    """A time in which something could be answered."""

    number: int = Field(description="From 1.", examples=[1])
    begun_by: str = Field(description="Who asked.", examples=["Olga Operator"])
    begun_at: str = Field(description="When, RFC 3339.", examples=[_AT])
    reason: str = Field(description="Why it was returned; empty: it was not.", examples=[""])
    valid_until: str | None = Field(
        description="When the link ends; null: there is none.", examples=[_AT]
    )
    end: str = Field(
        description="handed_in, revoked or replaced; empty: it goes on.", examples=["handed_in"]
    )
    ended_at: str | None = Field(description="When; null: it goes on.", examples=[_AT])


class GivenOut(Schema):
    """What was given to somebody to answer."""

    id: int = Field(description="Of the assignment.", examples=[3])
    assessment: int = Field(description="Id of the self-assessment.", examples=[12])
    site: str = Field(description="Permanent id of the site.", examples=["example-ridge"])
    edition: str = Field(
        description="publisher/standard/edition.", examples=["stannary/open-mining/1.0"]
    )
    operator: str = Field(
        description="Who assesses the site itself.", examples=["Example Minerals"]
    )
    illustrative: bool = Field(description="True where the site is made up.", examples=[True])
    respondent: str = Field(description="Who is to answer.", examples=["Rosa Example"])
    parts: list[str] = Field(
        description="Chapters and single requirements.", examples=[["1.1", "1.2.1.1"]]
    )
    stands: str = Field(
        description=(
            "handed_in, revoked (withdrawn), expired (the link has ended) or closed (the site may "
            "not rate itself any more); empty: it may be answered."
        ),
        examples=[""],
    )
    turn: int = Field(description="Number of the turn, from 1.", examples=[1])
    begun_at: str = Field(description="When it began, RFC 3339.", examples=[_AT])
    valid_until: str | None = Field(
        description="When the link ends; null: it is answered with an account.", examples=[_AT]
    )
    reason: str = Field(description="Why it was returned; empty: it was not.", examples=[""])
    requirements: int = Field(description="How many are to be answered.", examples=[9])
    answered: int = Field(description="How many are.", examples=[8])
    left: list[str] = Field(description="Those that are not.", examples=[["1.1.2.1"]])
    to_change: list[str] = Field(
        description="Returned with a comment, and as they were.", examples=[["1.1.1.1"]]
    )


class SheetOut(GivenOut):
    """What was given to somebody, with what is said of each requirement."""

    answers: list[AnswerOut] = Field(description="In the standard's order.")


def given_shape(given: Given, now: datetime.datetime) -> dict[str, Any]:
    """Give an assignment as it stands, without what is said."""
    turn, those = given.turn, given.assessment
    return {
        "id": given.assignment.pk,
        "assessment": those.pk,
        "site": those.site.slug,
        "edition": those.edition_id,
        "operator": those.by,
        "illustrative": those.illustrative,
        "respondent": given.name,
        "parts": list(given.parts),
        "stands": given.stands(now),
        "turn": turn.number,
        "begun_at": turn.begun_at.isoformat(),
        "valid_until": turn.valid_until.isoformat() if turn.valid_until else None,
        "reason": turn.reason,
        "requirements": len(given.requirements),
        "answered": given.answered,
        "left": list(given.left),
        "to_change": list(given.to_change),
    }


def sheet_shape(given: Given, now: datetime.datetime) -> dict[str, Any]:
    """Give an assignment with what is said of each of its requirements."""
    return {**given_shape(given, now), "answers": _answers(given)}


def _answers(given: Given) -> list[dict[str, Any]]:
    """Give the answers, with the requirements' words in the language of the request."""
    edition = words.here(given.edition)
    found = []
    for one in given.requirements:
        there = given.newest.get(one.id)
        is_silent = there is None or (there.rating is Rating.PENDING and not there.rationale)
        found.append(
            {
                "requirement": one.id,
                "title": edition.requirement_by_id[one.id].title,
                "demand": edition.requirement_by_id[one.id].demand,
                "rating": "" if there is None or is_silent else str(there.rating),
                "rationale": there.rationale if there else "",
                "said_by": there.assessor if there else "",
                "at": there.at.isoformat() if there else None,
                "id": there.id if there else None,
                "answered": given.is_answered(one.id),
                "comment": given.asked.get(one.id, ""),
                "to_change": one.id in given.to_change,
            }
        )
    return found


def turns_shape(given: Given) -> list[dict[str, Any]]:
    """Give every turn of an assignment, oldest first."""
    return [_turn(one) for one in queries.turns_of(given.assignment)]


def _turn(one: Turn) -> dict[str, Any]:
    return {
        "number": one.number,
        "begun_by": name_of(one.begun_by),
        "begun_at": one.begun_at.isoformat(),
        "reason": one.reason,
        "valid_until": one.valid_until.isoformat() if one.valid_until else None,
        "end": one.end,
        "ended_at": one.ended_at.isoformat() if one.ended_at else None,
    }

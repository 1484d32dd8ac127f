"""Respondents for programs of the site's people: give chapters, list, return, withdraw, link anew.

All need a session; a write needs the CSRF token too, and may carry an Idempotency-Key. A link is in
the first answer alone: what is kept under a key has none.
"""

from enum import StrEnum
from functools import partial
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from ninja import Field, Query, Router, Schema
from ninja.security import django_auth

from stannary.web.assessments.respondents import mail, operations, queries, shapes
from stannary.web.assessments.respondents.operations import Asked, Begun
from stannary.web.assessments.respondents.shapes import AnswerOut, GivenOut, TurnOut
from stannary.web.parties.models import Person
from stannary.web.project.idempotency import NO_NULL, Made, actor_of
from stannary.web.project.page_query import PageQuery
from stannary.web.project.paging import decode, encode
from stannary.web.project.writes import write

router = Router(tags=["respondents"])

AT = "/{int:assessment_id}/respondents"
"""Where they stand below assessments."""


class GivenPage(Schema):
    """A page of what was given away."""

    items: list[GivenOut] = Field(description="In the order in which it was given.")
    next: str | None = Field(description="Cursor of the next page; null at the end.")


class AssignmentOut(GivenOut):
    """What was given to somebody, what they said, and what happened."""

    email: str = Field(
        description="To which the link is sent; empty: it is handed over, or there is an account.",
        examples=["rosa@example.org"],
    )
    language: str = Field(description="Of the mail and the link.", examples=["en"])
    answers: list[AnswerOut] = Field(description="In the standard's order.")
    turns: list[TurnOut] = Field(description="Oldest first.")
    link: str | None = Field(
        None,
        description=(
            "Opens what is to be answered, for whoever knows it. It is given once, when a turn "
            "begins: null afterwards, and in an answer that is repeated for the same key."
        ),
        examples=["https://register.example.org/answer/7h2k-…/"],
    )


class AssignmentIn(Schema):
    """What is to be answered, and by whom: a respondent with an account, or somebody named."""

    parts: list[str] = Field(
        min_length=1,
        max_length=1000,
        description="Ids of chapters and requirements.",
        examples=[["1.1", "1.2.1.1"]],
    )
    username: str = Field(
        "",
        max_length=150,
        pattern=NO_NULL,
        description="Of a respondent of the engagement; empty: somebody without an account.",
        examples=[""],
    )
    name: str = Field(
        "",
        max_length=1000,
        pattern=NO_NULL,
        description="Of somebody without an account.",
        examples=["Rosa Example"],
    )
    email: str = Field(
        "",
        max_length=254,
        pattern=NO_NULL,
        description="To which the link is sent; empty: you hand it over.",
        examples=["rosa@example.org"],
    )
    language: str = Field(
        "en", max_length=10, description="Of the mail and the link.", examples=["en"]
    )


class AssignmentAct(StrEnum):
    """What may be done with what was given."""

    RETURN = "return"
    LINK = "link"
    WITHDRAW = "withdraw"


class CommentIn(Schema):
    """What is to be changed of an answer."""

    requirement: str = Field(
        max_length=40, pattern=NO_NULL, description="Id of the requirement.", examples=["1.1.1.1"]
    )
    comment: str = Field(
        max_length=20_000,
        pattern=NO_NULL,
        description="What is to be changed.",
        examples=["Say since when."],
    )


class AssignmentActIn(Schema):
    """What is to be done with what was given."""

    kind: AssignmentAct = Field(
        description=(
            "return: for a change, after it was handed in; link: a new one instead of one that is "
            "lost or has ended; withdraw: take it back, what was said stays."
        ),
        examples=["return"],
    )
    reason: str = Field(
        "",
        max_length=20_000,
        pattern=NO_NULL,
        description="With return: for all of it; may be empty where an answer has a comment.",
        examples=[""],
    )
    comments: list[CommentIn] = Field(
        default_factory=list, max_length=1000, description="With return: of single answers."
    )


@router.get(AT, response=GivenPage, auth=django_auth, summary="Who answers what")
def list_given(request: HttpRequest, assessment_id: int, asked: Query[PageQuery]) -> dict[str, Any]:
    """List what was given to whom of your self-assessment, and who owes what."""
    there = queries.desk(actor=actor_of(request), assessment_id=assessment_id)
    start = decode(asked.cursor) if asked.cursor else 0
    after = start + asked.limit
    now = timezone.now()
    return {
        "items": [shapes.given_shape(one, now) for one in there.given[start:after]],
        "next": encode(after) if after < len(there.given) else None,
    }


@write(router, AT, answer=AssignmentOut, summary="Give chapters to a respondent")
def assign(request: HttpRequest, assessment_id: int, body: AssignmentIn) -> Made:
    """Ask somebody to answer chapters or single requirements; the answer has their link, once."""
    actor = actor_of(request)
    asked = Asked(body.parts, body.username, body.name, body.email, body.language)
    begun = operations.assign(actor=actor, assessment_id=assessment_id, asked=asked)
    return _begun(actor, assessment_id, begun)


@router.get(
    AT + "/{int:assignment_id}",
    response=AssignmentOut,
    auth=django_auth,
    summary="What somebody was asked and said",
    url_name="respondent",
)
def one_given(request: HttpRequest, assessment_id: int, assignment_id: int) -> dict[str, Any]:
    """Give what a respondent was asked, what they said, and every turn."""
    return _record(actor_of(request), assessment_id, assignment_id)


@write(
    router,
    AT + "/{int:assignment_id}/acts",
    answer=AssignmentOut,
    summary="Return answers for a change, make a new link, or withdraw",
)
def act(
    request: HttpRequest, assessment_id: int, assignment_id: int, body: AssignmentActIn
) -> Made:
    """Return what was handed in, replace a link, or take back what was given."""
    actor = actor_of(request)
    if body.kind is AssignmentAct.WITHDRAW:
        operations.revoke(actor=actor, assessment_id=assessment_id, assignment_id=assignment_id)
        return _made(actor, assessment_id, assignment_id)
    if body.kind is AssignmentAct.LINK:
        begun = operations.link_again(
            actor=actor, assessment_id=assessment_id, assignment_id=assignment_id
        )
    else:
        begun = operations.give_back(
            actor=actor,
            assessment_id=assessment_id,
            assignment_id=assignment_id,
            reason=body.reason,
            comments={one.requirement: one.comment for one in body.comments},
        )
    return _begun(actor, assessment_id, begun)


def _begun(actor: Person, assessment_id: int, begun: Begun) -> Made:
    """Answer that a turn has begun, and mail it once that is sure."""
    transaction.on_commit(partial(mail.send, begun.turn, begun.token))
    with override(begun.turn.assignment.language):
        link = mail.address_of(begun.turn, begun.token) if begun.token else None
    return _made(actor, assessment_id, begun.turn.assignment_id, link=link)


def _made(actor: Person, assessment_id: int, assignment_id: int, link: str | None = None) -> Made:
    address = reverse("api:respondent", args=[assessment_id, assignment_id])
    body = _record(actor, assessment_id, assignment_id)
    return Made(body, address, once={"link": link})


def _record(actor: Person, assessment_id: int, assignment_id: int) -> dict[str, Any]:
    there = queries.desk(actor=actor, assessment_id=assessment_id)
    given = queries.one_of(there, assignment_id)
    return {
        **shapes.sheet_shape(given, timezone.now()),
        "email": given.assignment.email,
        "language": given.assignment.language,
        "turns": shapes.turns_shape(given),
    }

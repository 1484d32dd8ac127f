"""Answering for programs of a respondent: with an account, or with a link and nothing else.

With an account all need a session; a write needs the CSRF token too, and may carry an
Idempotency-Key. With a link its secret part stands in the header `Authorization`, which no log
keeps; what is sent twice is one answer there, for an answer names the one that was seen.
"""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError
from ninja.security import HttpBearer, django_auth

from stannary.core.kernel import RefusalError, refuse
from stannary.web.accounts import limits
from stannary.web.assessments.operations import Change
from stannary.web.assessments.respondents import operations, queries, rules, shapes
from stannary.web.assessments.respondents.answering import LIMIT, MOST_A_MINUTE
from stannary.web.assessments.respondents.queries import Given
from stannary.web.assessments.respondents.shapes import GivenOut, SheetOut
from stannary.web.project.idempotency import NO_NULL, Made, actor_of
from stannary.web.project.page_query import PageQuery
from stannary.web.project.paging import decode, encode
from stannary.web.project.writes import write

router = Router(tags=["respondents"])
link_router = Router(tags=["respondents"])

ONE = "/{int:assignment_id}"


class ToAnswerPage(Schema):
    """A page of what you have to answer, or answered."""

    items: list[GivenOut] = Field(description="In the order in which it was given.")
    next: str | None = Field(description="Cursor of the next page; null at the end.")


class AnswerIn(Schema):
    """What you say of one requirement."""

    requirement: str = Field(
        max_length=40, pattern=NO_NULL, description="Id of the requirement.", examples=["1.1.1.1"]
    )
    rating: str = Field(
        max_length=40,
        description=(
            "fully, substantially, partially, not_met, not_relevant, or pending: cannot answer."
        ),
        examples=["partially"],
    )
    rationale: str = Field(
        "",
        max_length=20_000,
        pattern=NO_NULL,
        description="How you know; with pending why you cannot answer.",
        examples=["It hangs in the gatehouse."],
    )
    seen: int | None = Field(
        None,
        description="Id of the answer that you saw; null: there was none. Else 409.",
        examples=[None],
    )


class AnswersIn(Schema):
    """What you say, all or nothing of it."""

    answers: list[AnswerIn] = Field(
        min_length=1, max_length=1000, description="Each requirement once."
    )
    name: str = Field(
        "",
        max_length=1000,
        pattern=NO_NULL,
        description="Yours, as the site knows it; needed without an account.",
        examples=["Rosa Example"],
    )


class HandedInOut(Schema):
    """That it was handed in."""

    id: int = Field(description="Of the assignment.", examples=[3])
    stands: str = Field(description="handed_in.", examples=["handed_in"])
    requirements: int = Field(description="How many were answered.", examples=[9])


class ByLink(HttpBearer):
    """The secret part of a link as a bearer token: it is the right itself."""

    def __call__(self, request: HttpRequest) -> Given | None:
        """Give what the link opens.

        Raises:
            RefusalError: PARTY-001 if there is no such link.
        """
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return self.authenticate(request, token) if scheme.lower() == "bearer" else None

    def authenticate(self, request: HttpRequest, token: str) -> Given | None:
        """Look for a link, as often as somebody who copies it from paper may miss it."""
        if limits.is_stopped(request, LIMIT, most=MOST_A_MINUTE):
            limits.refused(request)
            raise HttpError(429, gettext("Too many tries"))
        try:
            return queries.by_link(token)
        except RefusalError:
            limits.failed(request, LIMIT)
            raise


by_link = ByLink()


def given_by(request: HttpRequest) -> Given:
    """Give what the link of a request opens.

    Raises:
        RefusalError: PARTY-001 without one.
    """
    found = getattr(request, "auth", None)
    return found if isinstance(found, Given) else queries.by_link("")


@router.get("", response=ToAnswerPage, auth=django_auth, summary="What you have to answer")
def list_mine(request: HttpRequest, asked: Query[PageQuery]) -> dict[str, Any]:
    """List what was given to you as a respondent of engagements."""
    every = queries.to_answer(actor_of(request))
    start = decode(asked.cursor) if asked.cursor else 0
    after = start + asked.limit
    now = timezone.now()
    return {
        "items": [shapes.given_shape(one, now) for one in every[start:after]],
        "next": encode(after) if after < len(every) else None,
    }


@router.get(
    ONE,
    response=SheetOut,
    auth=django_auth,
    summary="One thing that you have to answer",
    url_name="to_answer",
)
def one_of_mine(request: HttpRequest, assignment_id: int) -> dict[str, Any]:
    """Give what is to be answered, with what was said; refused when your turn is over."""
    return _open(_mine(request, assignment_id))


@write(router, ONE + "/answers", answer=SheetOut, summary="Answer")
def answer_mine(request: HttpRequest, assignment_id: int, body: AnswersIn) -> Made:
    """Save answers; 409 with who was faster if somebody else answered since you looked."""
    _answer(_mine(request, assignment_id), body)
    now = _open(_mine(request, assignment_id))
    return Made(now, reverse("api:to_answer", args=[assignment_id]))


@write(router, ONE + "/hand-in", answer=HandedInOut, summary="Hand in", status=200)
def hand_in_mine(request: HttpRequest, assignment_id: int) -> Made:
    """Say that you are done; nothing can be changed afterwards, unless the site asks for it."""
    return Made(_hand_in(_mine(request, assignment_id)), status=200)


@link_router.get("", response=SheetOut, auth=by_link, summary="What a link gives to answer")
def sheet_of_link(request: HttpRequest) -> dict[str, Any]:
    """Give what is to be answered by whoever holds the link; refused when it is used up."""
    return _open(given_by(request))


@link_router.post("/answers", response=SheetOut, auth=by_link, summary="Answer by a link")
def answer_by_link(request: HttpRequest, body: AnswersIn) -> dict[str, Any]:
    """Save answers; 409 if somebody else answered since you looked. Twice the same is one answer."""
    given = given_by(request)
    _answer(given, body)
    return _open(queries.of_turn(given.turn))


@link_router.post("/hand-in", response=HandedInOut, auth=by_link, summary="Hand in by a link")
def hand_in_by_link(request: HttpRequest) -> dict[str, Any]:
    """Say that you are done; the link opens nothing any more."""
    return _hand_in(given_by(request))


def _mine(request: HttpRequest, assignment_id: int) -> Given:
    return queries.mine(actor=actor_of(request), assignment_id=assignment_id)


def _open(given: Given) -> dict[str, Any]:
    """RATING-032: Show what may be answered; what is over is shown to nobody this way."""
    now = timezone.now()
    stands = given.stands(now)
    if stands:
        refuse(rules.TURN_IS_OPEN, turn=stands)
    return shapes.sheet_shape(given, now)


def _answer(given: Given, body: AnswersIn) -> None:
    operations.answer(given=given, changes=_changes(body.answers), name=body.name)


def _changes(answers: Sequence[AnswerIn]) -> list[Change]:
    return [Change(one.requirement, one.rating, one.rationale, "", one.seen) for one in answers]


def _hand_in(given: Given) -> dict[str, Any]:
    operations.hand_in(given=given)
    return {
        "id": given.assignment.pk,
        "stands": given.turn.end,
        "requirements": len(given.requirements),
    }

"""Assessments for programs of the firm's auditors: the score of one, and rating it.

Both need a session; a write needs the CSRF token too.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Router, Schema
from ninja.security import django_auth

from stannary.core.kernel import RefusalError
from stannary.core.scores import score_as_dict
from stannary.web.assessments import operations, queries
from stannary.web.assessments.models import Assessment
from stannary.web.assessments.views import actor_of, record_shape, refused

router = Router(tags=["assessments"])


class AssessmentScore(Schema):
    """An assessment as it stands."""

    id: int = Field(description="Of the assessment.")
    site: str = Field(description="Permanent id of the site.")
    state: str = Field(description="open or published.")
    illustrative: bool = Field(description="True where the site is made up.")
    score: dict[str, Any] = Field(description="As `stannary score --json` prints it.")


class RatingIn(Schema):
    """What is said of one requirement."""

    requirement: str = Field(max_length=40, description="Id of the requirement.")
    rating: str = Field(
        max_length=40,
        description="fully, substantially, partially, not_met, not_relevant or pending.",
    )
    rationale: str = Field("", max_length=20_000, description="Why, in words.")
    evidence: list[str] = Field(
        default_factory=list, max_length=200, description="Links, http or https."
    )
    seen: int | None = Field(
        None, description="Id of the newest rating that was seen; null if there was none."
    )


class RatingRecordOut(Schema):
    """One rating as it is recorded."""

    id: int = Field(description="Of the record; the next rating names it as seen.")
    requirement: str = Field(description="Id of the requirement.")
    rating: str = Field(description="One of the six words.")
    rationale: str = Field(description="Why, in words.")
    evidence: list[str] = Field(description="Links.")
    assessor: str = Field(description="Who rated.")
    at: str = Field(description="When, RFC 3339.")


class RatingOut(Schema):
    """The record and what it makes of the score."""

    record: RatingRecordOut = Field(description="What was recorded.")
    score: dict[str, Any] = Field(description="As `stannary score --json` prints it.")


@router.get(
    "/{int:assessment_id}/score",
    response=AssessmentScore,
    auth=django_auth,
    summary="Score of an assessment of your firm",
)
def score_of(request: HttpRequest, assessment_id: int) -> dict[str, Any]:
    """Give the score of an assessment as of today; only the firm's auditors see it."""
    now = queries.standing(
        actor=actor_of(request), assessment_id=assessment_id, as_of=timezone.localdate()
    )
    return {**_about(now.assessment), "score": score_as_dict(now.score)}


@router.post(
    "/{int:assessment_id}/ratings",
    response=RatingOut,
    auth=django_auth,
    summary="Rate a requirement",
)
def rate(request: HttpRequest, assessment_id: int, body: RatingIn) -> dict[str, Any] | HttpResponse:
    """Record a rating; 409 with the newest one if somebody else rated meanwhile."""
    actor = actor_of(request)
    try:
        operations.rate(
            actor=actor,
            assessment_id=assessment_id,
            requirement_id=body.requirement,
            rating=body.rating,
            rationale=body.rationale,
            evidence="\n".join(body.evidence),
            seen=body.seen,
        )
    except RefusalError as refusal:
        return refused(request, actor, assessment_id, refusal)
    now = queries.standing(actor=actor, assessment_id=assessment_id, as_of=timezone.localdate())
    return {"record": record_shape(now, body.requirement), "score": score_as_dict(now.score)}


def _about(those: Assessment) -> dict[str, Any]:
    return {
        "id": those.pk,
        "site": those.site.slug,
        "state": those.state,
        "illustrative": those.illustrative,
    }

"""Assessments for programs of the firm's auditors: open one, rate it, read its score.

All need a session; a write needs the CSRF token too, and may carry an Idempotency-Key.
"""

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from ninja.security import django_auth

from stannary.core.kernel import RefusalError
from stannary.core.scores import score_as_dict
from stannary.web.assessments import operations, queries
from stannary.web.assessments.queries import Standing
from stannary.web.assessments.views import record_shape, refused
from stannary.web.parties import queries as parties
from stannary.web.project.idempotency import NO_NULL, Made, actor_of, once
from stannary.web.project.writes import write

router = Router(tags=["assessments"])

_SCORE: dict[str, Any] = {
    "standard": "stannary/open-mining/0.1",
    "as_of": "2026-03-01",
    "level": {"code": "OPEN-75", "state": "determined", "floor": None},
}


class OpeningIn(Schema):
    """What is measured, against what, by whom."""

    site: str = Field(
        max_length=80,
        pattern=NO_NULL,
        description="Permanent id of the site.",
        examples=["example-ridge"],
    )
    edition: str = Field(
        max_length=200,
        pattern=NO_NULL,
        description="Edition that is loaded here: publisher/standard/edition.",
        examples=["stannary/open-mining/0.1"],
    )
    firm: str | None = Field(
        None,
        max_length=80,
        description="Short name of the audit firm; left out: the one for which you are an auditor.",
        examples=["example-assurance"],
    )


class CarryingIn(Schema):
    """Where the answers go."""

    edition: str = Field(
        max_length=200,
        pattern=NO_NULL,
        description="The newer edition, to which a transition leads: publisher/standard/edition.",
        examples=["stannary/open-mining/1.0"],
    )


class ScoreQuery(Schema):
    """As of which day."""

    as_of: datetime.date | None = Field(
        None,
        description="Points and thresholds of this day, with the ratings known at its end; left out: today.",
        examples=["2026-03-01"],
    )


class AssessmentScore(Schema):
    """An assessment as it stands."""

    id: int = Field(description="Of the assessment.", examples=[12])
    site: str = Field(description="Permanent id of the site.", examples=["example-ridge"])
    state: str = Field(description="open or published.", examples=["open"])
    illustrative: bool = Field(description="True where the site is made up.", examples=[True])
    score: dict[str, Any] = Field(
        description="As `stannary score --json` prints it.", examples=[_SCORE]
    )
    carried_from: int | None = Field(
        description="The assessment under the older edition whose answers were carried over; null: none.",
        examples=[None],
    )


class RatingIn(Schema):
    """What is said of one requirement."""

    requirement: str = Field(
        max_length=40, description="Id of the requirement.", examples=["1.1.1.1"]
    )
    rating: str = Field(
        max_length=40,
        description="fully, substantially, partially, not_met, not_relevant or pending.",
        examples=["partially"],
    )
    rationale: str = Field(
        "",
        max_length=20_000,
        pattern=NO_NULL,
        description="Why, in words.",
        examples=["The policy is written and not yet signed."],
    )
    evidence: list[str] = Field(
        default_factory=list,
        max_length=200,
        description="Links, http or https.",
        examples=[["https://example.org/policy"]],
    )
    seen: int | None = Field(
        None,
        description="Id of the newest rating that was seen; null if there was none.",
        examples=[None],
    )


class RatingRecordOut(Schema):
    """One rating as it is recorded."""

    id: int = Field(description="Of the record; the next rating names it as seen.", examples=[4711])
    requirement: str = Field(description="Id of the requirement.", examples=["1.1.1.1"])
    rating: str = Field(description="One of the six words.", examples=["partially"])
    rationale: str = Field(
        description="Why, in words.", examples=["The policy is written and not yet signed."]
    )
    evidence: list[str] = Field(description="Links.", examples=[["https://example.org/policy"]])
    assessor: str = Field(description="Who rated.", examples=["Ada Auditor"])
    at: str = Field(description="When, RFC 3339.", examples=["2026-03-01T09:30:00+00:00"])
    carried_from: int | None = Field(
        description="The record under an older edition that this one repeats; null: none.",
        examples=[None],
    )


class RatingOut(Schema):
    """The record and what it makes of the score."""

    record: RatingRecordOut = Field(description="What was recorded.")
    score: dict[str, Any] = Field(
        description="As `stannary score --json` prints it.", examples=[_SCORE]
    )


@write(
    router, "", answer=AssessmentScore, summary="Open an assessment of a site against an edition"
)
def open_one(request: HttpRequest, body: OpeningIn) -> Made:
    """Open an assessment, which you lead; for auditors of the firm. What is made up stays apart."""
    actor = actor_of(request)
    firm = queries.firm_to_assess_for(actor=actor, slug=body.firm)
    opened = operations.open_assessment(
        actor=actor, site=parties.site(body.site), edition_id=body.edition, firm=firm
    )
    now = _standing(request, opened.pk)
    return Made(_shape(now), reverse("api:score", args=[opened.pk]))


@write(
    router,
    "/{int:assessment_id}/carry-over",
    answer=AssessmentScore,
    summary="Open an assessment under a newer edition with the answers that stand",
)
def carry_over(request: HttpRequest, assessment_id: int, body: CarryingIn) -> Made:
    """Carry answers over; each keeps who judged and when. The rest is to be judged again."""
    made = operations.carry_over(
        actor=actor_of(request), assessment_id=assessment_id, edition_id=body.edition
    )
    return Made(_shape(_standing(request, made.pk)), reverse("api:score", args=[made.pk]))


@router.get(
    "/{int:assessment_id}/score",
    response=AssessmentScore,
    auth=django_auth,
    summary="Score of an assessment of your firm",
    url_name="score",
)
def score_of(request: HttpRequest, assessment_id: int, asked: Query[ScoreQuery]) -> dict[str, Any]:
    """Give the score of an assessment, with what was known at the end of the day asked for."""
    return _shape(_standing(request, assessment_id, as_of=asked.as_of))


@router.post(
    "/{int:assessment_id}/ratings",
    response=RatingOut,
    auth=django_auth,
    summary="Rate a requirement",
)
def rate(request: HttpRequest, assessment_id: int, body: RatingIn) -> HttpResponse:
    """Record a rating; 409 with the newest one if somebody else rated meanwhile."""
    actor = actor_of(request)

    def act() -> Made:
        operations.rate(
            actor=actor,
            assessment_id=assessment_id,
            requirement_id=body.requirement,
            rating=body.rating,
            rationale=body.rationale,
            evidence="\n".join(body.evidence),
            seen=body.seen,
        )
        now = _standing(request, assessment_id)
        record = record_shape(now, body.requirement)
        return Made({"record": record, "score": score_as_dict(now.score)}, status=200)

    try:
        return once(request, RatingOut, act)
    except RefusalError as refusal:
        return refused(request, actor, assessment_id, refusal)


def _standing(
    request: HttpRequest, assessment_id: int, *, as_of: datetime.date | None = None
) -> Standing:
    return queries.standing(
        actor=actor_of(request),
        assessment_id=assessment_id,
        as_of=as_of or timezone.localdate(),
        known_on=as_of,
    )


def _shape(now: Standing) -> dict[str, Any]:
    those = now.assessment
    return {
        "id": those.pk,
        "site": those.site.slug,
        "state": those.state,
        "illustrative": those.illustrative,
        "carried_from": those.carried_from_id,
        "score": score_as_dict(now.score),
    }

import datetime
import re
import uuid
from fractions import Fraction
from typing import Annotated, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from ninja.security import django_auth

from stannary.core.claims import exact_text
from stannary.core.claims.rules import SHARE_IS_A_PART
from stannary.core.kernel import add_months, refuse
from stannary.web.claims import blended, operations, preview, queries
from stannary.web.claims.downloads import shape
from stannary.web.parties.facilities import queries as facilities
from stannary.web.project.idempotency import NO_NULL, Made, actor_of
from stannary.web.project.page_query import PageQuery
from stannary.web.project.problems import finding_shape
from stannary.web.project.writes import write

router = Router(tags=["claims"])
facility_router = Router(tags=["facilities"])

_SHARE = re.compile(r"([0-9]{1,40})(?:/([0-9]{1,40})|\.([0-9]{1,40}))?", re.ASCII)


class ClaimOut(Schema):
    """What an organisation says of a lot, as it was signed."""

    id: str = Field(
        description="urn:uuid:…", examples=["urn:uuid:6f0b7e2a-5d57-4c0f-9d5e-0a1f4f5c2b01"]
    )
    lot: str = Field(
        description="Id of the lot; empty for what a site blended.", examples=["L-2041"]
    )
    sentence: str = Field(
        description="What is said, in English.",
        examples=["At least 37.5 % of the lithium in lot L-2041 …"],
    )
    standard: str = Field(
        description="publisher/standard/edition of the level", examples=["stannary/open-mining/0.1"]
    )
    level: str = Field(description="Code of the level claimed.", examples=["OPEN-75"])
    share: str = Field(
        description="Exact fraction of the content of the lot, or of all that was blended, above 0, at most 1: 3/8",
        examples=["3/8"],
    )
    element: str = Field(description="The tracked element in words.", examples=["lithium"])
    made_by: str = Field(description="Organisation that says it.", examples=["Example Cells"])
    made_on: str = Field(description="First day on which it is valid.", examples=["2026-03-20"])
    valid_until: str = Field(
        description="First day on which it is no longer valid.", examples=["2027-03-20"]
    )
    state: str = Field(
        description="not_yet, in_force, affected (what is recorded no longer supports it), ended or withdrawn, today.",
        examples=["in_force"],
    )
    affected_since: str | None = Field(
        None,
        description="Day on which it was found that the records no longer support it; null: they do.",
        examples=["2026-08-30"],
    )
    supported: str | None = Field(
        None,
        description="Exact share that the records still support, if the claim is affected; null: it is not.",
        examples=["1/4"],
    )
    withdrawn_on: str | None = Field(
        None,
        description="First day on which it is no longer in force, because it was taken back; null: it was not.",
        examples=["2026-09-01"],
    )
    withdrawal_log_index: int | None = Field(
        None,
        description="Number of the entry in the public log that takes it back; null: there is none.",
        examples=[9],
    )
    sha256: str = Field(
        description="Of the claim file.",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    log_index: int = Field(description="Number of its entry in the public log.", examples=[4])
    file: str = Field(
        description="Address of the claim file, for stannary verify.",
        examples=[
            "https://register.example.org/claims/6f0b7e2a-5d57-4c0f-9d5e-0a1f4f5c2b01.claim.json"
        ],
    )
    facility: str | None = Field(
        None,
        description="Permanent id of the facility that blended; null: the claim is of a lot.",
        examples=["example-refinery"],
    )
    material: str | None = Field(
        None,
        description="Material of the batches; null: the claim is of a lot.",
        examples=["lithium carbonate"],
    )
    period_from: str | None = Field(
        None,
        description="First day on which it was blended; null: the claim is of a lot.",
        examples=["2026-01-01"],
    )
    period_until: str | None = Field(
        None,
        description="First day after these; null: the claim is of a lot.",
        examples=["2027-01-01"],
    )


class PreviewQuery(Schema):
    """What is to be said of a lot."""

    lot: str = Field(
        max_length=200,
        pattern=NO_NULL,
        description="Id of a lot that your organisation holds.",
        examples=["L-2041"],
    )
    wording: str = Field(
        max_length=80,
        pattern=NO_NULL,
        description="Code of words that the custody pack allows.",
        examples=["BLEND-SHARE-AT-LEVEL"],
    )
    standard: str = Field(
        max_length=120,
        pattern=NO_NULL,
        description="publisher/standard/edition of the level",
        examples=["stannary/open-mining/0.1"],
    )
    level: str = Field(
        max_length=40,
        pattern=NO_NULL,
        description="Code of the level claimed.",
        examples=["OPEN-75"],
    )
    share: str = Field(
        max_length=81,
        description="Of the lot's content, above 0, at most 1, exact: a fraction or a decimal.",
        examples=["3/8", "0.375"],
    )
    element: str = Field(
        max_length=60,
        pattern=NO_NULL,
        description="The tracked element, in one word.",
        examples=["lithium"],
    )
    custody_pack: str = Field(
        "",
        max_length=120,
        pattern=NO_NULL,
        description="Id of the custody pack whose words are used; empty: that under which the holder keeps its books.",
        examples=["stannary/open-custody/1.0"],
    )


class ClaimIn(PreviewQuery):
    """What is to be said of a lot, from today."""

    months: int = Field(
        12, ge=1, le=36, description="For how many months it is valid.", examples=[12]
    )


class WithdrawalIn(Schema):
    """Why a claim is taken back."""

    reason: str = Field(
        max_length=1000,
        pattern=NO_NULL,
        description="In words that anybody reads.",
        examples=["A shipment was weighed wrongly; a lower share is claimed instead."],
    )


class SaidOut(Schema):
    """A sentence in one language."""

    language: str = Field(description="Code of the language.", examples=["fr"])
    text: str = Field(
        description="What would be signed.", examples=["Au moins 37,5 % de la teneur …"]
    )


class PreviewOut(Schema):
    """What a claim would say; nothing is signed."""

    sentences: list[SaidOut] = Field(
        description="In every language in which it would be signed; none: the pack does not have the words."
    )
    against: list[dict[str, Any]] = Field(description="Findings; none: it may be made.")


class ClaimPage(Schema):
    """One page of claims, oldest first."""

    items: list[ClaimOut] = Field(description="One page of claims.")
    next: str | None = Field(description="Cursor of the next page; null on the last.")


@router.get("", response=ClaimPage, summary="Claims, oldest first")
def claims(request: HttpRequest, asked: Query[PageQuery]) -> dict[str, Any]:
    """Give one page of claims."""
    return asked.of(queries.claims(), shape)


@write(router, "", answer=ClaimOut, summary="Make a claim on a lot")
def make(request: HttpRequest, body: ClaimIn) -> Made:
    """Sign a claim and enter it in the log, or nothing; for clerks of whoever holds the lot."""
    actor = actor_of(request)
    queries.holder_to_speak_for(actor=actor, lot_id=body.lot)
    today = timezone.localdate()
    made = operations.make_claim(
        actor=actor,
        lot_id=body.lot,
        wording=body.wording,
        standard=body.standard,
        level=body.level,
        share=exact_share(body.share),
        element=body.element,
        made_on=today,
        valid_until=add_months(today, body.months),
        custody_pack=body.custody_pack,
    )
    row = queries.claim(made.claim_id)
    return Made(shape(row), reverse("api:claim", args=[made.claim_id]))


def exact_share(text: str) -> Fraction:
    """Read a share without rounding it.

    Raises:
        RefusalError: CLAIM-005 if it is neither a fraction nor a decimal.
    """
    form = _SHARE.fullmatch(text)
    if form is None or (form[2] and not int(form[2])):
        refuse(SHARE_IS_A_PART, share=ascii(text[:40]))
    return Fraction(text)


@router.get(
    "/preview", response=PreviewOut, auth=django_auth, summary="What a claim would say, unsigned"
)
def seen_before(request: HttpRequest, asked: Query[PreviewQuery]) -> dict[str, Any]:
    """Tell what a claim would say in every language; for clerks of whoever holds the lot."""
    today = timezone.localdate()
    said = asked.dict()
    lot, share = said.pop("lot"), exact_share(said.pop("share"))
    found = preview.preview(
        actor=actor_of(request),
        lot_id=lot,
        share=share,
        made_on=today,
        valid_until=add_months(today, 1),
        **said,
    )
    return {
        "sentences": [{"language": one.language, "text": one.text} for one in found.said],
        "against": [finding_shape(one) for one in found.findings],
    }


@router.get("/{claim_id}", response=ClaimOut, summary="One claim", url_name="claim")
def claim(
    request: HttpRequest, claim_id: Annotated[uuid.UUID, Field(description="Number of the claim.")]
) -> dict[str, Any]:
    """Give one claim."""
    return shape(queries.claim(claim_id))


@write(
    router,
    "/{claim_id}/withdrawal",
    answer=ClaimOut,
    summary="Take a claim back, from today and for good",
    status=200,
)
def withdraw(
    request: HttpRequest,
    claim_id: Annotated[uuid.UUID, Field(description="Number of the claim.")],
    body: WithdrawalIn,
) -> Made:
    """Take a claim back; what was signed stays as it is, and the public log says that it is over.

    For clerks of whoever made it; for the secretariat, if what is recorded no longer supports it.
    """
    operations.withdraw_claim(
        actor=actor_of(request), claim_id=claim_id, reason=body.reason, on=timezone.localdate()
    )
    return Made(shape(queries.claim(claim_id)), status=200)


class BlendedLevelOut(Schema):
    """How much comes from sites at a level or better."""

    level: str = Field(description="Code of the level.", examples=["OPEN-75"])
    share: str = Field(description="Exact share of all content, 0 to 1.", examples=["0.375"])


class BlendedStandardOut(Schema):
    """Shares with the levels of one standard."""

    standard: str = Field(
        description="publisher/standard/edition", examples=["stannary/open-mining/0.1"]
    )
    levels: list[BlendedLevelOut] = Field(description="Highest first.")


class BlendedOut(Schema):
    """What a facility blended under control in a balance period; no claim on a single lot."""

    facility: str = Field(description="Permanent id.", examples=["example-refinery"])
    state: str = Field(
        description=(
            "measured; nothing; too_many (then none is measured); or not_told, where its organisation "
            "does not let itself be named."
        ),
        examples=["measured"],
    )
    custody_pack: str = Field(
        description="That says how long a period is.", examples=["stannary/open-custody/1.0"]
    )
    valid_from: str | None = Field(
        description="First day of the period; null: none is told.", examples=["2026-01-01"]
    )
    valid_until: str | None = Field(
        description="First day after it; null: none is told.", examples=["2027-01-01"]
    )
    batches: int = Field(
        description="Of so many batches; what went into a later one counts there alone.",
        examples=[5],
    )
    standards: list[BlendedStandardOut] = Field(
        description="One for each standard whose levels the origins name."
    )


class BlendedQuery(Schema):
    """Of which period."""

    on: datetime.date | None = Field(
        None,
        ge=datetime.date(1990, 1, 1),
        le=datetime.date(2100, 12, 31),
        description=(
            "In the period of this day, 1990 to 2100; left out: in the newest in which it made a lot "
            "out of others."
        ),
        examples=["2026-03-16"],
    )


@facility_router.get("/{facility}/blended", response=BlendedOut, summary="What a facility blended")
def blended_there(
    request: HttpRequest, facility: str, asked: Query[BlendedQuery]
) -> dict[str, Any]:
    """Measure which share of what a facility blended comes from sites at each level."""
    place = facilities.facility(facility)
    day = asked.on or timezone.localdate()
    found = blended.measured(place, day, exactly=asked.on is not None)
    return {
        "facility": place.slug,
        "state": found.state,
        "custody_pack": found.pack,
        "valid_from": found.period and found.period.valid_from.isoformat(),
        "valid_until": found.period and found.period.valid_until.isoformat(),
        "batches": found.batches,
        "standards": [
            {
                "standard": one.standard,
                "levels": [
                    {"level": code, "share": exact_text(share)} for code, share in one.levels
                ],
            }
            for one in found.standards
        ],
    }

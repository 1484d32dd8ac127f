"""What sites blended, every blend of them, and claims on that, for programs."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import model_validator

from stannary.core.custody import BalancePeriod
from stannary.web.claims import blended, of_sites, operations, queries
from stannary.web.claims.api import ClaimOut, exact_share
from stannary.web.claims.downloads import shape
from stannary.web.parties.facilities import queries as facilities
from stannary.web.project.idempotency import NO_NULL, Made, actor_of
from stannary.web.project.writes import write

router = Router(tags=["facilities"])
FIRST, LAST = datetime.date(1990, 1, 1), datetime.date(2100, 12, 31)


class BlendOut(Schema):
    """A batch that was blended under control."""

    event: str = Field(description="The event that made it.", examples=["E-1043"])
    at: str = Field(description="When, in UTC.", examples=["2026-02-12T06:00:00+00:00"])
    lot: str = Field(description="Id of the batch.", examples=["L-2041"])
    material: str = Field(description="Of the batch.", examples=["lithium carbonate"])
    mass_mg: str = Field(description="Dry mass in whole milligrams.", examples=["276000000"])
    content_mg: str = Field(
        description="Mass of the tracked element in whole milligrams.", examples=["52000000"]
    )
    left_mg: str = Field(
        description="Content that did not go into a later batch of the site and period.",
        examples=["52000000"],
    )


class BlendsOut(Schema):
    """Every blend of a facility and a period, to be compared with what a claim encloses."""

    facility: str = Field(description="Permanent id.", examples=["example-refinery"])
    state: str = Field(
        description=(
            "listed; nothing; too_many (then none is listed, and nothing can be claimed); or not_told, "
            "where its organisation does not let itself be named and claims nothing of it."
        ),
        examples=["listed"],
    )
    valid_from: str | None = Field(
        description="First day of the period; null: none is told.", examples=["2026-01-01"]
    )
    valid_until: str | None = Field(
        description="First day after it; null: none is told.", examples=["2027-01-01"]
    )
    number: int = Field(description="How many blends there were.", examples=[5])
    sha256: str | None = Field(
        description=(
            "Of the list: a line for each blend with event, at, lot, material, mass_mg and content_mg, "
            "tabulators in between, the lines sorted and each ended by a line feed; null: none is listed."
        ),
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    blends: list[BlendOut] = Field(description="In the order in which they were made.")


class BlendsQuery(Schema):
    """Of which period."""

    on: datetime.date | None = Field(
        None,
        ge=FIRST,
        le=LAST,
        description="In the balance period of this day; left out: in the newest with a blend.",
        examples=["2026-03-16"],
    )
    until: datetime.date | None = Field(
        None,
        ge=FIRST,
        le=LAST,
        description="Before this day alone, with `on`; left out: in all of the period.",
        examples=["2026-11-22"],
    )

    @model_validator(mode="after")
    def _until_needs_on(self) -> "BlendsQuery":
        if self.until is not None and (self.on is None or self.until <= self.on):
            raise ValueError("until is a day after on")
        return self


class SiteClaimIn(Schema):
    """What is to be said of all that a facility blended, from today."""

    on: datetime.date = Field(
        ge=FIRST,
        le=LAST,
        description=(
            "A day of the balance period. If that is not over, the claim is about the days before today "
            "and ends with the period."
        ),
        examples=["2026-03-16"],
    )
    material: str = Field(
        max_length=200,
        pattern=NO_NULL,
        description="Of the batches.",
        examples=["lithium carbonate"],
    )
    wording: str = Field(
        max_length=80,
        pattern=NO_NULL,
        description="Code of words about sites that the custody pack allows.",
        examples=["SITE-SHARE-AT-LEVEL"],
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
        description="Of all content, above 0, at most what was measured, exact: a fraction or a decimal.",
        examples=["3/8"],
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
        description="Id of the custody pack whose words are used; empty: that under which the books are kept.",
        examples=["stannary/open-custody/1.0"],
    )
    months: int = Field(
        12, ge=1, le=36, description="For how many months it is valid at most.", examples=[12]
    )


@router.get("/{facility}/blends", response=BlendsOut, summary="Every blend of a facility")
def blends(request: HttpRequest, facility: str, asked: Query[BlendsQuery]) -> dict[str, Any]:
    """List what a facility blended under control in a period, each batch once."""
    place = facilities.facility(facility)
    period: BalancePeriod | None = None
    if asked.on is not None:
        period = of_sites.may_be_claimed(asked.on, asked.until or LAST, place)
    found = blended.listed(place, timezone.localdate(), period)
    said = found.blended
    left = {one.made.lot: one.left_mg for one in said.batches} if said else {}
    return {
        "facility": place.slug,
        "state": found.state,
        "valid_from": found.period and found.period.valid_from.isoformat(),
        "valid_until": found.period and found.period.valid_until.isoformat(),
        "number": len(said.made) if said else 0,
        "sha256": said.sha256 if said else None,
        "blends": [
            {
                "event": row.event,
                "at": row.at.astimezone(datetime.UTC).isoformat(),
                "lot": row.lot,
                "material": row.material,
                "mass_mg": str(row.mass_mg),
                "content_mg": str(row.content_mg),
                "left_mg": str(left.get(row.lot, 0)),
            }
            for row in (said.made if said else ())
        ],
    }


@write(
    router, "/{facility}/claims", answer=ClaimOut, summary="Make a claim on what a facility blended"
)
def make(request: HttpRequest, facility: str, body: SiteClaimIn) -> Made:
    """Sign a claim and enter it in the log, or nothing; for clerks of the facility's organisation."""
    actor = actor_of(request)
    place = queries.site_to_speak_for(actor=actor, facility=facility)
    today = timezone.localdate()
    period = of_sites.may_be_claimed(body.on, today, place)
    made = operations.make_site_claim(
        actor=actor,
        facility=facility,
        about=period,
        material=body.material,
        wording=body.wording,
        standard=body.standard,
        level=body.level,
        share=exact_share(body.share),
        element=body.element,
        made_on=today,
        valid_until=of_sites.ends(period, today, body.months, place),
        custody_pack=body.custody_pack,
    )
    row = queries.claim(made.claim_id)
    return Made(shape(row), reverse("api:claim", args=[made.claim_id]))

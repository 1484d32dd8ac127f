"""Corrections for programs: what one would touch, and to book it."""

import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from ninja.security import django_auth

from stannary.core.attestations import Status
from stannary.core.custody import CertificateStatus
from stannary.web.project.idempotency import NO_NULL, Made, actor_of
from stannary.web.project.writes import write
from stannary.web.restatements import operations, pages, queries
from stannary.web.restatements.queries import Wanted

router = Router(tags=["restatements"])

_MG = "^[0-9]{1,19}$"


class RecordQuery(Schema):
    """Which record, and what is right."""

    record: str = Field(
        max_length=300,
        pattern=NO_NULL,
        description="Lot or credit that it made, or event: and the id of its event.",
        examples=["L-2041"],
    )
    mass_mg: str | None = Field(
        None, pattern=_MG, description="Right dry mass; null: as it is.", examples=["5000000"]
    )
    content_mg: str | None = Field(
        None,
        pattern=_MG,
        description="Right content, or quantity of a credit; null: as it is.",
        examples=["900000"],
    )
    annul: bool = Field(default=False, description="It never happened.", examples=[False])


class RestatementIn(RecordQuery):
    """A correction to book."""

    reason: str = Field(
        max_length=2000,
        pattern=NO_NULL,
        description="What showed that the record was wrong.",
        examples=["The scale was out of order."],
    )


class FallingQuery(Schema):
    """What falls away."""

    kind: Literal["attestation", "certificate"] = Field(
        description="attestation or certificate.", examples=["certificate"]
    )
    id: str = Field(
        max_length=200, pattern=NO_NULL, description="Its id.", examples=["EXAMPLE-COC-1"]
    )
    status: Literal["suspended", "withdrawn"] = Field(
        "suspended", description="suspended or withdrawn.", examples=["suspended"]
    )
    on: datetime.date = Field(description="From this day on.", examples=["2026-06-01"])


class TouchedLotOut(Schema):
    """A lot that would not be what it is."""

    lot: str = Field(description="Its id.", examples=["L-2041"])
    holder: str = Field(description="Who holds it.", examples=["Example Cells"])
    left_before_mg: str = Field(description="Content left.", examples=["1000"])
    left_after_mg: str = Field(description="Below 0: a deficit.", examples=["-10"])
    missing_mg: str = Field(description="Not covered.", examples=["10"])
    remedies: list[str] = Field(description="Mildest first.", examples=[["deliver_missing"]])


class TouchedSaleOut(Schema):
    """A sale of yours that would not be covered as it is."""

    transaction: str = Field(description="UUID.")
    lot: str = Field(description="Id of the lot.", examples=["L-2041"])
    missing_mg: str = Field(description="Not covered.", examples=["10"])
    remedies: list[str] = Field(description="Mildest first.", examples=[["restate_sale"]])


class TouchedCreditOut(Schema):
    """A credit that would not be what it is."""

    credit: str = Field(description="Its id.", examples=["C-1"])
    holder: str = Field(description="Who holds it.", examples=["Example Cells"])
    before_mg: str = Field(description="Made with.", examples=["6000000"])
    after_mg: str = Field(description="0: it would not be there.", examples=["5000000"])
    passed_on_mg: str = Field(description="Missing, and gone already.", examples=["0"])
    remedies: list[str] = Field(description="Mildest first.", examples=[["take_back_credits"]])


class TouchedAccountOut(Schema):
    """An account of mass balance that would not be what it is."""

    entity: str = Field(description="Who keeps it.", examples=["Example Refining"])
    account: str = Field(description="Boundary and material.", examples=["Refinery / tin"])
    period: str = Field(description="Balance period.", examples=["2026-01-01/2027-01-01"])
    before_mg: str = Field(description="Left.", examples=["1000"])
    after_mg: str = Field(description="Below 0: a deficit.", examples=["-10"])


class TouchedClaimOut(Schema):
    """A claim whose support would not be what it is."""

    claim: str = Field(description="Its id.")
    lot: str = Field(description="Id of the lot; empty: it is on a site.", examples=["L-2041"])
    facility: str | None = Field(
        description="Site that blended; null: it is on a lot.", examples=["example-refinery"]
    )
    material: str | None = Field(description="That it blended.", examples=["lithium carbonate"])
    period: str | None = Field(description="In which.", examples=["2026-01-01/2027-01-01"])
    made_by: str = Field(description="Who makes it.", examples=["Example Refining"])
    holds: bool = Field(description="Whether it may still be made.", examples=[False])
    because: list[str] = Field(
        description="Rules that would stand against it.", examples=[["CLAIM-013"]]
    )
    remedies: list[str] = Field(description="Mildest first.", examples=[["withdraw_claim"]])


class ToldOut(Schema):
    """Somebody who must be told."""

    entity: str = Field(description="Who.", examples=["Example Cells"])
    role: str = Field(description="As what.", examples=["holder"])
    about: list[str] = Field(description="Ids.", examples=[["L-2041"]])


class AgainstOut(Schema):
    """What stands against booking it now."""

    code: str = Field(description="Of the rule.", examples=["CUSTODY-006"])
    message: str = Field(description="In words.")


class EffectsOut(Schema):
    """What is touched; nothing was booked."""

    lots: list[TouchedLotOut] = Field(description="Lots.")
    sales: list[TouchedSaleOut] = Field(description="Sales of yours.")
    credits: list[TouchedCreditOut] = Field(description="Credits.")
    accounts: list[TouchedAccountOut] = Field(description="Accounts of mass balance.")
    claims: list[TouchedClaimOut] = Field(description="Claims.")
    told: list[ToldOut] = Field(description="Who must be told.")
    findings: list[str] = Field(description="Rules that would fail.")
    against: list[AgainstOut] = Field(description="Why it cannot be booked as it is.")


class RestatementOut(Schema):
    """A correction that was booked."""

    event: str = Field(description="Its id.", examples=["K-5b1c1f0e"])
    restates: str = Field(description="The event that it restates.", examples=["E-16"])
    annuls: bool = Field(description="Whether that is taken back.", examples=[False])
    reason: str = Field(description="Why.", examples=["The scale was out of order."])
    at: str = Field(description="RFC 3339", examples=["2026-03-20T09:00:00+00:00"])


@router.get("", response=EffectsOut, auth=django_auth, summary="What a correction would touch")
def of_record(request: HttpRequest, asked: Query[RecordQuery]) -> dict[str, Any]:
    """Tell what another value of a record would touch; for clerks and the secretariat."""
    actor = actor_of(request)
    told = queries.of_record(actor, queries.known(actor), _wanted(asked), timezone.now())
    return pages.shape(told)


@router.get(
    "/falling",
    response=EffectsOut,
    auth=django_auth,
    summary="What an attestation or a certificate that falls away would touch",
)
def of_falling(request: HttpRequest, asked: Query[FallingQuery]) -> dict[str, Any]:
    """Tell what a suspension or a withdrawal would touch; for clerks and the secretariat."""
    known = queries.known(actor_of(request))
    if asked.kind == "attestation":
        told = queries.of_attestation(known, asked.id, Status(asked.status), asked.on)
    else:
        told = queries.of_certificate(known, asked.id, CertificateStatus(asked.status), asked.on)
    return pages.shape(told)


@write(router, "", answer=RestatementOut, summary="Book a correction")
def correct(request: HttpRequest, body: RestatementIn) -> Made:
    """Book a correction as a record of its own; for clerks of whoever recorded the event."""
    done = operations.correct(actor=actor_of(request), wanted=_wanted(body), reason=body.reason)
    made = {
        "event": done.event,
        "restates": done.restates,
        "annuls": done.annuls,
        "reason": done.reason,
        "at": done.at.isoformat(),
    }
    return Made(made, reverse("api:event", args=[done.event]))


def _wanted(asked: RecordQuery) -> Wanted:
    return Wanted(
        key=asked.record,
        mass_mg=None if asked.mass_mg is None else int(asked.mass_mg),
        content_mg=None if asked.content_mg is None else int(asked.content_mg),
        annul=asked.annul,
    )

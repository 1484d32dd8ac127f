"""Entities and certificates for programs: reading for everybody, recording for the secretariat."""

import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from stannary.core.custody import CertificateStatus, EntityKind, Model
from stannary.web.entities import operations, packs, queries, shapes
from stannary.web.entities.operations import AgreementSaid, CertificateSaid
from stannary.web.entities.surveillance import operations as surveillance
from stannary.web.project import paging
from stannary.web.project.idempotency import NO_NULL, Made, actor_of
from stannary.web.project.page_query import PageQuery
from stannary.web.project.writes import write

router = Router(tags=["entities"])
certificate_router = Router(tags=["entities"])


class CertificateChangeOut(Schema):
    """A change of status."""

    on: datetime.date = Field(description="First day.", examples=["2026-06-01"])
    status: str = Field(description="suspended, in_force or withdrawn.", examples=["suspended"])
    reason: str = Field(description="Why, in words.", examples=["Books were not kept."])


class AgreementOut(Schema):
    """Work at a contractor's site."""

    contractor: str = Field(description="Its name.", examples=["Example Toll Milling"])
    site: str = Field(description="As movements name it.", examples=["example-mill"])
    valid_from: datetime.date = Field(description="First day.", examples=["2026-01-01"])
    valid_until: datetime.date | None = Field(
        description="First day no longer in force; null: no end is known.", examples=[None]
    )
    reference: str = Field(description="Where it is kept.", examples=["Contract 7, illustrative"])


class GroupOut(Schema):
    """Sites that keep accounts of mass balance together."""

    name: str = Field(description="As movements name the account.", examples=["example-works"])
    sites: list[str] = Field(
        description="Of the certificate.", examples=[["example-refinery", "example-port"]]
    )


class VisitOut(Schema):
    """Surveillance that was done."""

    on: datetime.date = Field(description="Day.", examples=["2026-12-01"])
    outcome: str = Field(
        description="conforms, with_findings or does_not_conform.", examples=["conforms"]
    )
    note: str = Field(description="What was found.", examples=["Books agree with the stock."])
    by: str = Field(description="Short name of who recorded it.", examples=["example-scheme"])


class SurveillanceOut(Schema):
    """When the holder of a certificate is audited in between."""

    due: str = Field(description="nothing, ahead, due or overdue.", examples=["ahead"])
    due_on: datetime.date | None = Field(
        description="Last day on which the next is in time; null: no more before it ends.",
        examples=["2027-01-01"],
    )
    done: list[VisitOut] = Field(description="All there were, oldest first.")


class CertificateOut(Schema):
    """A chain of custody certificate of an entity."""

    number: str = Field(description="Public and permanent.", examples=["COC-2026-0001"])
    entity: str = Field(description="Short name of the holder.", examples=["example-refining"])
    kind: str = Field(description="What the holder does.", examples=["refiner"])
    pack: str = Field(description="Id of the custody pack.", examples=[packs.PACK])
    mass_balance_method: str = Field(
        description="By which accounts are kept; empty: the first that the pack allows.",
        examples=["rolling_average"],
    )
    sites: list[str] = Field(description="Mines and facilities.", examples=[["example-refinery"]])
    materials: list[str] = Field(
        description="In the words of movements.", examples=[["lithium carbonate"]]
    )
    models: list[str] = Field(
        description="Under which it may book.", examples=[["controlled_blending"]]
    )
    valid_from: datetime.date = Field(description="First day.", examples=["2026-01-01"])
    valid_until: datetime.date = Field(
        description="First day no longer in force.", examples=["2029-01-01"]
    )
    pilot: bool = Field(
        description="True: what it covers counts towards no claim, or until full_from.",
        examples=[False],
    )
    full_from: datetime.date | None = Field(
        description="First day on which a pilot is one no longer; null: none is known.",
        examples=[None],
    )
    groups: list[GroupOut] = Field(
        description="Of sites; empty: nobody asks for which sites an account stands."
    )
    surveillance: SurveillanceOut | None = Field(
        description="Null: its pack does not say how often."
    )
    issuer: str = Field(description="Short name of who issued it.", examples=["example-scheme"])
    status: str = Field(
        description="On the day: not_yet, in_force, suspended, withdrawn or expired.",
        examples=["in_force"],
    )
    changes: list[CertificateChangeOut] = Field(description="All there were, oldest first.")
    agreements: list[AgreementOut] = Field(description="With contractors.")


class EntityOut(Schema):
    """An entity with its certificates."""

    id: str = Field(description="Short name.", examples=["example-refining"])
    name: str = Field(description="As movements name it.", examples=["Example Refining"])
    illustrative: bool = Field(description="True: made up.", examples=[True])
    kinds: list[str] = Field(description="What it does in the chain.", examples=[["refiner"]])
    status: str = Field(
        description="Of its best certificate on the day; none: it has none.", examples=["in_force"]
    )
    certificates: list[CertificateOut] = Field(description="Those that ended, too.")
    address: str = Field(description="Its page, for people.", examples=["/entities/example/"])


class EntityList(Schema):
    """Entities in the order in which their organisations were recorded."""

    items: list[EntityOut] = Field(description="One page of entities.")
    next: str | None = Field(description="Cursor of the next page; null on the last.")


class EntityDayQuery(Schema):
    """As of which day."""

    day: datetime.date | None = Field(None, description="Left out: today")


class EntityQuery(PageQuery, EntityDayQuery):
    """Which entities, and how many at a time."""

    kind: EntityKind | None = Field(None, description="What it does in the chain")
    status: str = Field(
        "",
        pattern=f"^({'|'.join(CertificateStatus)}|none)?$",
        description="Of its best certificate on the day; none: it has none",
    )


class GroupIn(Schema):
    """Sites that keep accounts of mass balance together."""

    name: str = Field(
        max_length=200, pattern=NO_NULL, description="As movements name the account.",
        examples=["example-works"],
    )  # fmt: skip
    sites: list[str] = Field(
        max_length=1000, description="Of the certificate.",
        examples=[["example-refinery", "example-port"]],
    )  # fmt: skip


class CertificateIn(Schema):
    """A certificate to issue."""

    kind: EntityKind = Field(description="For what the entity does.", examples=["refiner"])
    sites: list[str] = Field(
        max_length=1000, description="Mines, or facilities of the entity.",
        examples=[["example-refinery"]],
    )  # fmt: skip
    materials: list[str] = Field(
        max_length=1000, description="In the words of movements.", examples=[["lithium carbonate"]]
    )
    models: list[Model] = Field(
        max_length=5, description="Under which it may book.", examples=[["controlled_blending"]]
    )
    valid_from: datetime.date = Field(description="First day.", examples=["2026-01-01"])
    valid_until: datetime.date = Field(
        description="First day no longer in force.", examples=["2029-01-01"]
    )
    issuer: str = Field(
        max_length=80, pattern=NO_NULL, description="Short name.", examples=["example-scheme"]
    )
    number: str = Field(
        "", max_length=80, pattern=NO_NULL, description="Empty: the next of this register.",
        examples=[""],
    )  # fmt: skip
    pilot: bool = Field(
        default=False, description="Whether the entity is being brought in.", examples=[False]
    )
    pack: str = Field(
        packs.PACK, max_length=200, pattern=NO_NULL,
        description="Id of the custody pack under which the entity keeps its books.",
        examples=[packs.PACK],
    )  # fmt: skip
    mass_balance_method: str = Field(
        "",
        pattern="^(credit|rolling_average)?$",
        description="By which accounts are kept; empty: the first that the pack allows.",
        examples=[""],
    )
    groups: list[GroupIn] = Field(
        [], max_length=100, description="Of sites that keep accounts together.", examples=[[]]
    )


class CertificateChangeIn(Schema):
    """A change of status."""

    status: str = Field(
        pattern="^(suspended|in_force|withdrawn)$",
        description="From then on: suspended, in_force (again) or withdrawn.",
        examples=["suspended"],
    )
    on: datetime.date = Field(description="First day.", examples=["2026-06-01"])
    reason: str = Field(
        max_length=2000, pattern=NO_NULL, description="Why; public.",
        examples=["Books were not kept."],
    )  # fmt: skip


class PilotEndIn(Schema):
    """The end of a pilot."""

    on: datetime.date = Field(
        description="First day on which it is a pilot no longer; today or later.",
        examples=["2026-12-01"],
    )
    reason: str = Field(
        max_length=2000, pattern=NO_NULL, description="Why; public.",
        examples=["Its books were kept for a year."],
    )  # fmt: skip


class VisitIn(Schema):
    """Surveillance that was done."""

    on: datetime.date = Field(description="Day; not ahead.", examples=["2026-11-20"])
    outcome: str = Field(
        pattern="^(conforms|with_findings|does_not_conform)$",
        description="conforms, with_findings or does_not_conform.",
        examples=["conforms"],
    )
    note: str = Field(
        max_length=2000, pattern=NO_NULL, description="What was found; public.",
        examples=["Books agree with the stock."],
    )  # fmt: skip


class AgreementIn(Schema):
    """An agreement with a contractor."""

    contractor: str = Field(
        max_length=200, pattern=NO_NULL, description="Name.", examples=["Example Toll Milling"]
    )
    site: str = Field(
        max_length=200, pattern=NO_NULL, description="As movements name it.",
        examples=["example-mill"],
    )  # fmt: skip
    valid_from: datetime.date = Field(description="First day.", examples=["2026-01-01"])
    valid_until: datetime.date | None = Field(
        None, description="First day no longer in force; null: no end is known.", examples=[None]
    )
    reference: str = Field(
        max_length=400, pattern=NO_NULL, description="Where it is kept.",
        examples=["Contract 7, illustrative"],
    )  # fmt: skip


@router.get("", response=EntityList, summary="Entities of the chain of custody")
def entities(request: HttpRequest, asked: Query[EntityQuery]) -> shapes.Shape:
    """List entities with their certificates as they stand on a day."""
    filters = {"kind": str(asked.kind or ""), "status": asked.status}
    found = queries.entities(asked.day or timezone.localdate(), filters)
    by_key = {one.organisation.pk: one for one in found}
    return paging.page(
        queries.organisations(by_key),
        cursor=asked.cursor,
        limit=asked.limit,
        shape=lambda row: shapes.entity(by_key[row.pk]),
    )


@router.get("/{entity}", response=EntityOut, summary="One entity", url_name="entity")
def entity(request: HttpRequest, entity: str, asked: Query[EntityDayQuery]) -> shapes.Shape:
    """Give an entity with its certificates as they stand on a day."""
    return shapes.entity(queries.entity(entity, asked.day or timezone.localdate()))


@write(router, "/{entity}/certificates", answer=CertificateOut, summary="Issue a certificate")
def issue(request: HttpRequest, entity: str, body: CertificateIn) -> Made:
    """Issue a chain of custody certificate to an entity; for the secretariat."""
    said = CertificateSaid(
        entity=entity,
        kind=str(body.kind),
        sites=tuple(body.sites),
        materials=tuple(body.materials),
        models=tuple(map(str, body.models)),
        valid_from=body.valid_from,
        valid_until=body.valid_until,
        issuer=body.issuer,
        number=body.number,
        pilot=body.pilot,
        pack=body.pack,
        mass_balance_method=body.mass_balance_method,
        groups=tuple((one.name, tuple(one.sites)) for one in body.groups),
    )
    return _made(operations.issue_certificate(actor=actor_of(request), said=said).number)


@certificate_router.get(
    "/{certificate}", response=CertificateOut, summary="One certificate", url_name="certificate"
)
def certificate(
    request: HttpRequest, certificate: str, asked: Query[EntityDayQuery]
) -> shapes.Shape:
    """Give a chain of custody certificate as it stands on a day."""
    row = queries.certificate(certificate)
    return shapes.certificate(queries.held_on(row, asked.day or timezone.localdate()))


@write(
    certificate_router,
    "/{certificate}/changes",
    answer=CertificateOut,
    summary="Suspend, reinstate or withdraw a certificate",
)
def change(request: HttpRequest, certificate: str, body: CertificateChangeIn) -> Made:
    """Change the status of a certificate from a day on; for the secretariat."""
    operations.change_status(
        actor=actor_of(request),
        number=certificate,
        status=body.status,
        on=body.on,
        reason=body.reason,
    )
    return _made(certificate)


@write(
    certificate_router,
    "/{certificate}/pilot-end",
    answer=CertificateOut,
    summary="End a pilot",
)
def end_pilot(request: HttpRequest, certificate: str, body: PilotEndIn) -> Made:
    """Make a full certificate of a pilot from a day on; for the secretariat."""
    operations.end_pilot(
        actor=actor_of(request), number=certificate, on=body.on, reason=body.reason
    )
    return _made(certificate)


@write(
    certificate_router,
    "/{certificate}/surveillance",
    answer=CertificateOut,
    summary="Record surveillance",
)
def watch(request: HttpRequest, certificate: str, body: VisitIn) -> Made:
    """Record surveillance that was done; for auditors of who issued it, and the secretariat."""
    surveillance.record_visit(actor=actor_of(request), number=certificate, **body.dict())
    return _made(certificate)


@write(
    certificate_router,
    "/{certificate}/agreements",
    answer=CertificateOut,
    summary="Record an agreement with a contractor",
)
def agree(request: HttpRequest, certificate: str, body: AgreementIn) -> Made:
    """Record an agreement with a contractor; for the secretariat."""
    said = AgreementSaid(**body.dict())
    operations.record_agreement(actor=actor_of(request), number=certificate, said=said)
    return _made(certificate)


def _made(number: str) -> Made:
    held = queries.held_on(queries.certificate(number), timezone.localdate())
    return Made(shapes.certificate(held), reverse("api:certificate", args=[number]))

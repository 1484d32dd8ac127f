"""Reads about entities and certificates: all are public; only the secretariat records them.

Rules: PARTY-001.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from stannary.core.custody import (
    CertificateStatus,
    CustodyCertificate,
    Governance,
    Model,
    Surveillance,
    next_surveillance,
)
from stannary.core.kernel import RefusalError, refuse
from stannary.web.entities import packs, records
from stannary.web.entities.models import Certificate, Disclosure, EntityRecord
from stannary.web.parties.models import Facility, Organisation, Role, Site
from stannary.web.parties.queries import Visitor, has_role
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.parties.search import MAX_QUERY

FILTERS = ("kind", "status")
MODELS = tuple(str(one) for one in Model)
STATUSES = ("in_force", "suspended", "not_yet", "expired", "withdrawn")
"""Of certificates, the one that says most of an entity first."""


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate as it stands on a day.

    Attributes:
        row: As it was issued.
        certificate: As core knows it.
        status: On the day.
        pilot: Whether it is a pilot on the day.
        surveillance: What is to be done next; None: its pack does not say how often.
    """

    row: Certificate
    certificate: CustodyCertificate
    status: CertificateStatus
    pilot: bool
    surveillance: Surveillance | None


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity with what it does and the certificates it has or had, oldest first."""

    organisation: Organisation
    kinds: tuple[str, ...]
    held: tuple[Held, ...]

    @property
    def covered(self) -> bool:
        """Whether a certificate is in force on the day."""
        return any(one.status is CertificateStatus.IN_FORCE for one in self.held)

    @property
    def status(self) -> str:
        """Give the status of the best certificate on the day; "" where there is none."""
        there = {str(one.status) for one in self.held}
        return next((word for word in STATUSES if word in there), "")


def is_secretariat(person: Visitor) -> bool:
    """Tell whether somebody acts for the secretariat of a scheme."""
    return has_role(person, Role.Kind.SECRETARIAT)


def must_be_secretariat(person: Visitor) -> None:
    """Let only the secretariat pass.

    Raises:
        RefusalError: PARTY-001 for everybody else.
    """
    if not is_secretariat(person):
        refuse(IS_THERE_FOR_YOU, asked_for="role")


def acts_for(person: Visitor, entity: Organisation) -> bool:
    """Tell whether somebody books for an entity."""
    return has_role(person, Role.Kind.CLERK, entity)


def certificates() -> QuerySet[Certificate]:
    """Give certificates with holder, issuer, agreements, groups and changes: a fixed number of queries."""
    return Certificate.objects.select_related("holder", "issuer", "pilot_end__by").prefetch_related(
        "agreements", "groups", "steps__by"
    )


def with_visits() -> QuerySet[Certificate]:
    """Give them with surveillance, for pages: two queries more."""
    return certificates().prefetch_related("visits__by", "visits__office")


def in_core(rows: Iterable[Certificate] | None = None) -> tuple[CustodyCertificate, ...]:
    """Give certificates as core knows them; None: all of them."""
    return tuple(map(records.certificate, certificates() if rows is None else rows))


def certificates_of(names: Iterable[str]) -> tuple[CustodyCertificate, ...]:
    """Give the certificates of entities, by their names, as core knows them."""
    return in_core(certificates().filter(holder__name__in=set(names)))


def governance(names: Iterable[str]) -> Governance:
    """Give what says under which pack and by which method some entities keep their books."""
    return governing(certificates_of(names))


def governing(held: Iterable[CustodyCertificate]) -> Governance:
    """Give what certificates govern, over the pack of the register."""
    return Governance.of(held, rules_on=packs.rules_on, pack_on=packs.pack_on)


def packs_used() -> frozenset[str]:
    """Give the packs under which somebody keeps books: that of the register, and those of certificates."""
    found = Certificate.objects.order_by("pack").values_list("pack", flat=True).distinct()
    return frozenset({packs.PACK, *found})


def held_on(row: Certificate, day: datetime.date) -> Held:
    """Give a certificate as it stands on a day; one from `with_visits` needs no query."""
    found = records.certificate(row)
    done = [visit.on for visit in row.visits.all()]
    try:
        next_one = next_surveillance(found, done, packs.rules_on(day, row.pack), day)
    except RefusalError:  # CUSTODY-070: nobody says how often
        next_one = None
    return Held(row, found, found.status_on(day), found.pilot_on(day), next_one)


def entities(day: datetime.date, asked: Mapping[str, str] | None = None) -> list[Entity]:
    """Give entities by name as they stand on a day, with a fixed number of queries.

    Args:
        day: The day.
        asked: Keys are "q" (part of a name) and those of `FILTERS`; what is empty asks for nothing.
            The status "none" finds entities without a certificate.
    """
    said = asked or {}
    kinds: dict[int, list[str]] = {}
    those: dict[int, Organisation] = {}
    for row in EntityRecord.objects.select_related("organisation").order_by("pk"):
        kinds.setdefault(row.organisation_id, []).append(row.kind)
        those[row.organisation_id] = row.organisation
    held: dict[int, list[Held]] = {}
    for one in with_visits():
        held.setdefault(one.holder_id, []).append(held_on(one, day))
    found = [Entity(those[pk], tuple(kinds[pk]), tuple(held.get(pk, ()))) for pk in those]
    words = said.get("q", "")[:MAX_QUERY].casefold().split()
    return sorted(
        (
            one
            for one in found
            if all(word in one.organisation.name.casefold() for word in words)
            and said.get("kind", "") in ("", *one.kinds)
            and said.get("status", "") in ("", one.status or "none")
        ),
        key=lambda one: one.organisation.name,
    )


def organisation(slug: str) -> Organisation:
    """Give the organisation behind an entity.

    Raises:
        RefusalError: PARTY-001 if there is no entity of this short name.
    """
    found = Organisation.objects.filter(slug=slug, entity_records__isnull=False).first()
    if found is None:
        refuse(IS_THERE_FOR_YOU, asked_for="entity")
    return found


def entity(slug: str, day: datetime.date) -> Entity:
    """Give an entity as it stands on a day.

    Raises:
        RefusalError: PARTY-001 if there is none of this short name.
    """
    those = organisation(slug)
    kinds = EntityRecord.objects.filter(organisation=those).order_by("pk")
    rows = with_visits().filter(holder=those)
    return Entity(
        those,
        tuple(kinds.values_list("kind", flat=True)),
        tuple(held_on(row, day) for row in rows),
    )


def certificate(number: str) -> Certificate:
    """Give a certificate.

    Raises:
        RefusalError: PARTY-001 if there is none of this number.
    """
    found = with_visits().filter(number=number).first()
    if found is None:
        refuse(IS_THERE_FOR_YOU, asked_for="certificate")
    return found


def certificate_to_change(actor: Visitor, number: str) -> Certificate:
    """Give a certificate to the secretariat, and keep others from changing it meanwhile.

    Raises:
        RefusalError: PARTY-001 if there is none, or the actor is of no secretariat.
    """
    must_be_secretariat(actor)
    found = certificates().select_for_update(of=("self",)).filter(number=number).first()
    if found is None:
        refuse(IS_THERE_FOR_YOU, asked_for="certificate")
    return found


def entity_slugs() -> dict[str, str]:
    """Give name to short name of every entity, with one query."""
    rows = EntityRecord.objects.values_list("organisation__name", "organisation__slug")
    return dict(rows)


OFFERED = 1000
"""Of contractors and places that a form offers to choose from, by name."""


def contractors(certificate_: Certificate) -> list[str]:
    """Give the names of the other entities, any of which may work for the holder of a certificate."""
    found = EntityRecord.objects.exclude(organisation_id=certificate_.holder_id)
    names = found.order_by("organisation__name").values_list("organisation__name", flat=True)
    return list(names.distinct()[:OFFERED])


def places() -> list[tuple[str, str]]:
    """Give id and name of mines and facilities at which a contractor may work, with two queries."""
    sites = Site.objects.order_by("name").values_list("slug", "name")[:OFFERED]
    facilities = Facility.objects.order_by("name").values_list("slug", "name")[:OFFERED]
    return [*facilities, *sites]


def organisations(keys: Iterable[int]) -> QuerySet[Organisation]:
    """Give the organisations with some keys."""
    return Organisation.objects.filter(pk__in=list(keys))


@dataclass(frozen=True, slots=True)
class Shown:
    """How far an entity lets pages tell what it holds.

    Attributes:
        name: Whether its name is shown.
        country: Whether its country is shown.
        quantities: Whether its quantities are shown.
    """

    name: bool
    country: bool
    quantities: bool


OPEN = Shown(name=True, country=True, quantities=False)
"""For whoever has said nothing: lots and movements are public, its quantities are not added up."""


def shown_by_name() -> dict[str, Shown]:
    """Give what each entity lets be shown, by name, with one query; who said nothing is left out."""
    found: dict[str, Shown] = {}
    for row in Disclosure.objects.select_related("organisation").order_by("pk"):
        found[row.organisation.name] = Shown(
            name=row.shown == Disclosure.Shown.NAME,
            country=row.shown != Disclosure.Shown.HIDDEN,
            quantities=row.quantities,
        )
    return found


def names_not_shown() -> frozenset[str]:
    """Give the names of those who let only their country or nothing be shown, with one query."""
    return frozenset(name for name, said in shown_by_name().items() if not said.name)


def may_tell(names: Iterable[str], said: Mapping[str, Shown]) -> frozenset[str]:
    """Give those whose quantities may be told beside a sum of all.

    Args:
        names: Everybody who is in the sum.
        said: What each lets be shown, from `shown_by_name`.

    Returns:
        Those who allow it; nobody, if one alone does not: what is left of the sum would be that one's.
    """
    every = frozenset(names)
    told = frozenset(name for name in every if said.get(name, OPEN).quantities)
    return frozenset() if len(every - told) == 1 else told


def disclosure(entity: Organisation) -> Disclosure | None:
    """Give what an entity said last; None if it has said nothing."""
    return Disclosure.objects.filter(organisation=entity).order_by("-pk").first()

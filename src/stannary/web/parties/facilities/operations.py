"""Writes about facilities.

Rules: PARTY-001, PARTY-002, PARTY-032 to PARTY-035.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from stannary.core.kernel import Finding, Mark, PartialDate, RefusalError, refuse
from stannary.web.parties import reference, rules
from stannary.web.parties.facilities import queries
from stannary.web.parties.facilities.gln import is_gln
from stannary.web.parties.models import Facility, Organisation, Person, Site

ID_MAX = 80


@dataclass(frozen=True, slots=True)
class FacilitySaid:
    """What is said of a facility.

    Attributes:
        name: No other facility of the organisation has it.
        kind: One of `Facility.Kind`.
        country: ISO 3166-1 alpha-2.
        materials: Keys.
        gln: Thirteen digits; empty: none.
        latitude: Degrees north; None: the place is not said.
        longitude: Degrees east, likewise.
        radius_km: Within how many kilometres it lies, likewise.
        closed_on: Partial date; empty: it is at work.
        note: In words; may be empty.
        source: Where it was read; a real facility has one.
        mark: How sure we are of it, likewise.
    """

    name: str
    kind: str
    country: str
    materials: tuple[str, ...] = ()
    gln: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    radius_km: int | None = None
    closed_on: str = ""
    note: str = ""
    source: str = ""
    mark: str = ""


@transaction.atomic
def add_facility(
    *,
    actor: Person,
    organisation: str,
    said: FacilitySaid,
    slug: str = "",
    at: datetime.datetime | None = None,
) -> Facility:
    """Record a facility of an organisation, made up if the organisation is.

    Args:
        actor: A clerk or site user of the organisation, or somebody of the secretariat.
        organisation: Its short name.
        said: What is said of the facility.
        slug: Its permanent id, as movements name the place; empty: made from the name.
        at: When; None: now.

    Raises:
        RefusalError: PARTY-001 if the actor does not speak for the organisation. PARTY-032 to
            PARTY-034, and PARTY-002 for a real one without source or mark, with everything that is
            wrong.
    """
    owner = queries.organisation_to_speak_for(actor, organisation)
    Organisation.objects.select_for_update().get(pk=owner.pk)  # of two at once, one waits here
    wanted = slug.strip() or slugify(said.name)[:ID_MAX]
    wrong = list(_wrong(owner, said, None))
    if slugify(wanted) != wanted or not wanted or len(wanted) > ID_MAX or _is_taken(wanted):
        wrong.append(Finding(rules.FACILITIES_ARE_KNOWN_KINDS, {"id": wanted[:100] or "-"}))
    if wrong:
        raise RefusalError(*wrong)
    row = Facility(slug=wanted, organisation=owner, illustrative=owner.illustrative)
    return _store(row, actor, said, at)


@transaction.atomic
def change_facility(
    *,
    actor: Person,
    slug: str,
    said: FacilitySaid,
    seen: int,
    at: datetime.datetime | None = None,
) -> Facility:
    """Say something else of a facility; its id and its organisation stay.

    Args:
        actor: As for `add_facility`.
        slug: Of the facility.
        said: All that is said of it from now on.
        seen: The version that the actor has seen.
        at: When; None: now.

    Raises:
        RefusalError: PARTY-001 if there is none, or the actor does not speak for its organisation.
            PARTY-035 if somebody changed it meanwhile. The others as for `add_facility`.
    """
    there = queries.facility_to_change(actor, slug)
    owner = Organisation.objects.select_for_update().get(pk=there.organisation_id)
    row = Facility.objects.select_for_update().get(pk=there.pk)
    if row.version != seen:
        by = row.said_by.get_full_name() or row.said_by.username
        refuse(rules.FACILITY_WAS_SEEN, version=str(row.version), seen=str(seen), by=by)
    wrong = list(_wrong(owner, said, row))
    if wrong:
        raise RefusalError(*wrong)
    row.version += 1
    return _store(row, actor, said, at)


def _store(
    row: Facility, actor: Person, said: FacilitySaid, at: datetime.datetime | None
) -> Facility:
    row.name, row.kind, row.country = said.name.strip(), said.kind, said.country
    row.materials = " ".join(sorted(set(said.materials)))
    row.gln, row.closed_on, row.note = said.gln, said.closed_on, said.note.strip()
    row.latitude, row.longitude = said.latitude, said.longitude
    row.place_radius_km = said.radius_km
    row.source, row.mark = said.source.strip(), said.mark
    row.said_by, row.said_at = actor, at or timezone.now()
    row.save()
    return row


def _is_taken(slug: str) -> bool:
    return Facility.objects.filter(slug=slug).exists() or Site.objects.filter(slug=slug).exists()


def _wrong(owner: Organisation, said: FacilitySaid, row: Facility | None) -> Iterator[Finding]:
    """Find everything that is wrong in what is said, in the order of the rules."""
    if not owner.illustrative:
        yield from _without_source(said)
    known = rules.FACILITIES_ARE_KNOWN_KINDS
    name = said.name.strip()
    others = Facility.objects.exclude(pk=row.pk) if row else Facility.objects.all()
    if not name or others.filter(organisation=owner, name__iexact=name).exists():
        yield Finding(known, {"name": name[:100] or "-"})
    if said.kind not in Facility.Kind.values:
        yield Finding(known, {"kind": said.kind[:40] or "-"})
    if said.country not in reference.countries():
        yield Finding(known, {"country": said.country[:40] or "-"})
    for key in said.materials:
        if key not in reference.materials():
            yield Finding(known, {"material": key[:60]})
    yield from _undated(said)
    if said.gln and (not is_gln(said.gln) or others.filter(gln=said.gln).exists()):
        yield Finding(rules.GLNS_ARE_RIGHT, {"gln": said.gln[:40]})
    if not _is_whole(said):
        place = (said.latitude, said.longitude, said.radius_km)
        shown = ", ".join("-" if one is None else str(one)[:20] for one in place)
        yield Finding(rules.PLACES_ARE_WHOLE, {"place": shown})


def _undated(said: FacilitySaid) -> Iterator[Finding]:
    """KERNEL-002: The day on which it closed is a day, a month or a year."""
    if said.closed_on:
        try:
            PartialDate.parse(said.closed_on)
        except RefusalError as refusal:
            yield from refusal.findings


def _without_source(said: FacilitySaid) -> Iterator[Finding]:
    """PARTY-002: What is real names where it was read, and how sure that is."""
    if not said.source.strip():
        yield Finding(rules.FACTS_HAVE_SOURCES, {"source": "-"})
    if said.mark not in set(Mark):
        yield Finding(rules.FACTS_HAVE_SOURCES, {"mark": said.mark[:20] or "-"})


def _is_whole(said: FacilitySaid) -> bool:
    """PARTY-034: All of a place, within the world, or nothing of it."""
    if said.latitude is None or said.longitude is None or said.radius_km is None:
        return (said.latitude, said.longitude, said.radius_km) == (None, None, None)
    return abs(said.latitude) <= 90 and abs(said.longitude) <= 180 and said.radius_km >= 1

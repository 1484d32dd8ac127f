"""Reads about facilities, which are public, and who may say something of them.

Rules: PARTY-001.
"""

from collections.abc import Mapping

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat

from stannary.core.kernel import refuse
from stannary.web.parties.models import Facility, Organisation, Role
from stannary.web.parties.queries import Visitor, roles_of
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.parties.search import MAX_QUERY

OWN = frozenset({Role.Kind.CLERK, Role.Kind.SITE_USER})
"""Roles in which people speak for the facilities of their own organisation."""

HOLDERS = frozenset(
    {
        Organisation.Kind.OPERATOR,
        Organisation.Kind.PROCESSOR,
        Organisation.Kind.TRADER,
        Organisation.Kind.MANUFACTURER,
    }
)
"""Kinds of organisations that have facilities: those that hold material."""

FILTERS = ("kind", "country", "material", "organisation")


def facilities(asked: Mapping[str, str] | None = None) -> QuerySet[Facility]:
    """Give the facilities in order of name that fit everything asked for, each with its organisation.

    Args:
        asked: Keys are "q" (words, each in an id, a name or the name of the organisation) and those
            of `FILTERS`; what is empty or left out asks for nothing.
    """
    said = {key: value for key, value in (asked or {}).items() if value}
    found = Facility.objects.select_related("organisation").order_by("name", "slug")
    for word in said.get("q", "")[:MAX_QUERY].split():
        found = found.filter(
            Q(name__icontains=word)
            | Q(slug__icontains=word)
            | Q(gln=word)
            | Q(organisation__name__icontains=word)
        )
    if "kind" in said:
        found = found.filter(kind=said["kind"])
    if "country" in said:
        found = found.filter(country=said["country"])
    if "organisation" in said:
        found = found.filter(organisation__slug=said["organisation"])
    if "material" in said:
        spaced = Concat(Value(" "), F("materials"), Value(" "))
        found = found.alias(spaced=spaced).filter(spaced__contains=f" {said['material']} ")
    return found


def facility(slug: str) -> Facility:
    """Give a facility; all are public.

    Raises:
        RefusalError: PARTY-001 if there is none of this id.
    """
    row = Facility.objects.select_related("organisation").filter(slug=slug).first()
    if row is None:
        refuse(IS_THERE_FOR_YOU, asked_for="facility")
    return row


def speaks_for(person: Visitor) -> tuple[Organisation, ...]:
    """Give the organisations whose facilities somebody may record, in order of name.

    Clerks and site users speak for their own, the secretariat for every one that holds material.
    """
    roles = roles_of(person)
    if any(one.kind == Role.Kind.SECRETARIAT for one in roles):
        return tuple(Organisation.objects.filter(kind__in=HOLDERS).order_by("name"))
    own = {one.organisation.pk: one.organisation for one in roles if one.kind in OWN}
    return tuple(sorted(own.values(), key=lambda one: one.name))


def organisation_to_speak_for(person: Visitor, slug: str) -> Organisation:
    """Give an organisation whose facilities somebody may record.

    Raises:
        RefusalError: PARTY-001 if there is none of this short name, or it is not theirs.
    """
    found = next((one for one in speaks_for(person) if one.slug == slug), None)
    if found is None:
        refuse(IS_THERE_FOR_YOU, asked_for="organisation")
    return found


def facility_to_change(person: Visitor, slug: str) -> Facility:
    """Give a facility of an organisation that somebody speaks for.

    Raises:
        RefusalError: PARTY-001 if there is none of this id, or it is not theirs.
    """
    row = facility(slug)
    organisation_to_speak_for(person, row.organisation.slug)
    return row

"""Reads about sites and people. Whether somebody may do something is asked here.

Rules: PARTY-001.
"""

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Prefetch, Q, QuerySet

from stannary.core.kernel import PartialDate, refuse
from stannary.web.parties import reference, rules
from stannary.web.parties.models import Figure, Organisation, Person, Role, Site, SiteFact, Unit
from stannary.web.parties.search import finds, wanted

Visitor = AbstractBaseUser | AnonymousUser


def roles_of(person: Visitor) -> tuple[Role, ...]:
    """Give what a person may do, each with its organisation; nothing for a visitor."""
    if not person.is_authenticated or not person.is_active:
        return ()
    roles = Role.objects.filter(person_id=person.pk).select_related("organisation")
    return tuple(roles.order_by("organisation__name", "kind"))


def has_role(person: Visitor, kind: str, organisation: Organisation | None = None) -> bool:
    """Tell whether a person has a kind of role, for this organisation or (None) for any."""
    if not person.is_authenticated or not person.is_active:
        return False
    roles = Role.objects.filter(person_id=person.pk, kind=kind)
    return (roles.filter(organisation=organisation) if organisation else roles).exists()


def role_to_use(person: Visitor, kind: str, organisation: Organisation | None = None) -> Role:
    """Give the role that lets a person act.

    Raises:
        RefusalError: PARTY-001 if there is none: to that person, nothing is there.
    """
    fitting = (
        role
        for role in roles_of(person)
        if role.kind == kind and organisation in (None, role.organisation)
    )
    role = next(fitting, None)
    if role is None:
        refuse(rules.IS_THERE_FOR_YOU, asked_for="role")
    return role


def people(actor: Visitor, *, words: str = "") -> QuerySet[Person]:
    """Give everybody who can sign in, for the secretariat, in order of name, with their roles.

    Args:
        actor: Who asks.
        words: Each must be in a name, an address or the name of an organisation; "" asks nothing.

    Raises:
        RefusalError: PARTY-001 if the person who asks is not of a secretariat.
    """
    role_to_use(actor, Role.Kind.SECRETARIAT)
    roles = Role.objects.select_related("organisation").order_by("organisation__name", "kind")
    found = Person.objects.order_by("last_name", "first_name", "username")
    for word in words.split():
        found = found.filter(
            Q(username__icontains=word)
            | Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(email__icontains=word)
            | Q(pk__in=Role.objects.filter(organisation__name__icontains=word).values("person"))
        )
    return found.prefetch_related(Prefetch("roles", queryset=roles))


def person(actor: Visitor, person_id: int) -> Person:
    """Give one account, for the secretariat.

    Raises:
        RefusalError: PARTY-001 if there is none, or the person who asks is not of a secretariat.
    """
    found = people(actor).filter(pk=person_id).first()
    if found is None:
        refuse(rules.IS_THERE_FOR_YOU, asked_for="person")
    return found


def site(slug: str) -> Site:
    """Give a site; all are public.

    Raises:
        RefusalError: PARTY-001 if there is none of this name.
    """
    row = Site.objects.filter(slug=slug).first()
    if row is None:
        refuse(rules.IS_THERE_FOR_YOU, asked_for="site")
    return row


def runs_site(person: Visitor, row: Site) -> bool:
    """Tell whether somebody is a site user of the operator of a made-up site.

    Real sites hold published facts only, so nobody runs one here.
    """
    if not row.illustrative or not row.operator or not person.is_authenticated:
        return False
    roles = Role.objects.filter(person_id=person.pk, kind=Role.Kind.SITE_USER)
    return (
        person.is_active
        and roles.filter(organisation__name=row.operator, organisation__illustrative=True).exists()
    )


def must_run_site(person: Visitor, row: Site) -> None:
    """Let only site users of a made-up site's operator pass.

    Raises:
        RefusalError: PARTY-001 for everybody else.
    """
    if not runs_site(person, row):
        refuse(rules.IS_THERE_FOR_YOU, asked_for="site")


def units(row: Site) -> tuple[Unit, ...]:
    """Give the units of a site: those in scope first, then by name."""
    return tuple(row.units.order_by("-in_scope", "name"))


def unit(row: Site, unit_id: int) -> Unit:
    """Give a unit of a site.

    Raises:
        RefusalError: PARTY-001 if the site has none of this id.
    """
    found = row.units.filter(pk=min(unit_id, 2**63 - 1)).first()
    if found is None:
        refuse(rules.IS_THERE_FOR_YOU, asked_for="unit")
    return found


def facts_of(row: Site, *, on: datetime.date | None = None) -> tuple[SiteFact, ...]:
    """Give the facts of a site in their order: all, or those that had happened on a day."""
    facts = row.facts.order_by("position")
    return tuple(fact for fact in facts if on is None or happened(fact.on, on))


def happened(on: str, day: datetime.date) -> bool:
    """Tell whether what is dated so may have happened by a day; without a date it may."""
    return not on or PartialDate.parse(on).first <= day


class SiteRow(NamedTuple):
    """What lists and maps need to know of a site."""

    pk: int
    slug: str
    name: str
    other_names: str
    illustrative: bool
    country: str
    materials: str
    operator: str
    firm: str
    standard: str
    status: str
    level: str
    released_on: str
    latitude: Decimal | None
    longitude: Decimal | None


def site_rows() -> list[SiteRow]:
    """Give every site in order of name, with one query."""
    rows = Site.objects.order_by("name", "slug").values_list(*SiteRow._fields)
    return [SiteRow._make(row) for row in rows]


FILTERS = ("country", "material", "level", "status", "firm", "illustrative")


def chosen(rows: Iterable[SiteRow], filters: Mapping[str, str]) -> list[SiteRow]:
    """Keep the sites that fit every filter given.

    Args:
        rows: From `site_rows`.
        filters: Keys are "q" (words, each in a name, the operator, country, material or firm) and
            those of `FILTERS`; an empty value asks for nothing.
    """
    words = wanted(filters.get("q", ""))
    asked = [(key, filters[key]) for key in FILTERS if filters.get(key)]
    return [
        row
        for row in rows
        if all(_fits(row, key, value) for key, value in asked)
        and (not words or finds(words, _texts(row)))
    ]


def _fits(row: SiteRow, key: str, value: str) -> bool:
    if key == "material":
        return value in row.materials.split()
    if key == "illustrative":
        return row.illustrative == (value == "true")
    return bool(getattr(row, key) == value)


def _texts(row: SiteRow) -> tuple[str, ...]:
    names = reference.every_name(reference.countries(), row.country)
    for key in row.materials.split():
        names += reference.every_name(reference.materials(), key)
    return (row.name, row.other_names, row.operator, row.firm, *names)


def figures() -> QuerySet[Figure]:
    """Give the figures about the system, oldest first."""
    return Figure.objects.order_by("on", "pk")

"""Reads about signing in: of whom a second factor is asked, who has one, who has shown one.

Rules: PARTY-020.
"""

from collections.abc import Callable
from typing import NamedTuple

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, When
from django.http import HttpRequest

from stannary.web.parties.models import Person, Role

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second factor; recovery codes stand in for one, and are none alone."""


class SecondFactor(NamedTuple):
    """How a signed-in person stands to a second factor.

    Attributes:
        is_needed: A role of theirs asks for one.
        is_there: They have set one up.
        was_shown: They have shown it, or set it up, in this session.
    """

    is_needed: bool
    is_there: bool
    was_shown: bool

    @property
    def is_missing(self) -> bool:
        """Tell whether the person may go on only when they have done something about it."""
        return self.is_needed and not (self.is_there and self.was_shown)


_also: list[Callable[[], Exists]] = []


def ask_also(condition: Callable[[], Exists]) -> None:
    """Ask for a second factor also of people for whom a condition holds.

    An app above this one calls it once at start-up, for roles that it keeps itself.

    Args:
        condition: Makes the condition on `OuterRef("pk")`, the person; it reads the roles from
            `settings.SECOND_FACTOR_ROLES`.
    """
    _also.append(condition)


def with_second_factor() -> QuerySet[Person]:
    """Give people with `asks_factor` (a role asks for one) and `has_factor`, in one query."""
    roles = Role.objects.filter(person=OuterRef("pk"), kind__in=settings.SECOND_FACTOR_ROLES)
    asking = Q(Exists(roles))
    for condition in _also:
        asking |= Q(condition())
    return with_factors(
        Person.objects.annotate(
            asks_factor=Case(When(asking, then=True), default=False, output_field=BooleanField())
        )
    )


def second_factor(request: HttpRequest) -> SecondFactor:
    """Say how the signed-in person stands. No query: the row of the person says it.

    Roles and factors are read with the person at each request, so a role that was given a moment
    ago counts at once. Of a demonstration account in a demonstration none is asked.
    """
    person = request.user
    if not isinstance(person, Person):
        return SecondFactor(is_needed=False, is_there=False, was_shown=False)
    shown = any(
        record.get("method") == "mfa" for record in get_authentication_records(request, person)
    )
    spared = settings.DEMONSTRATION and person.demonstration
    return SecondFactor(
        is_needed=bool(getattr(person, "asks_factor", True)) and not spared,
        is_there=bool(getattr(person, "has_factor", False)),
        was_shown=shown,
    )


def has_factor(person: Person) -> bool:
    """Tell whether a person has a second factor; read with the person, or asked for now."""
    known = getattr(person, "has_factor", None)
    if known is None:
        known = Authenticator.objects.filter(user_id=person.pk, type__in=FACTORS).exists()
    return bool(known)


def with_factors(people: QuerySet[Person]) -> QuerySet[Person]:
    """Add to people whether each has a second factor, as `has_factor`, without another query."""
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
    return people.annotate(has_factor=Exists(factors))


def factors_of(person: Person) -> list[Authenticator]:
    """Give the second factors of a person, oldest first, recovery codes left out."""
    found = Authenticator.objects.filter(user_id=person.pk, type__in=FACTORS)
    return list(found.order_by("created_at"))

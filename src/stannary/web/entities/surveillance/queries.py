"""Reads about surveillance: its dates and outcomes are public; who records it has a list.

Rules: PARTY-001.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Q

from stannary.core.custody import Due, sites_to_visit
from stannary.core.kernel import RefusalError, refuse
from stannary.web.entities import packs, queries
from stannary.web.entities.models import Certificate
from stannary.web.entities.queries import Held
from stannary.web.parties.models import Organisation, Role
from stannary.web.parties.queries import Visitor, roles_of
from stannary.web.parties.rules import IS_THERE_FOR_YOU

_ORDER = (Due.OVERDUE, Due.DUE, Due.AHEAD)


@dataclass(frozen=True, slots=True)
class Watched:
    """A certificate of which surveillance is to be done.

    Attributes:
        held: As it stands today.
        may_record: Whether who asks may record surveillance of it.
    """

    held: Held
    may_record: bool


def watched(actor: Visitor, day: datetime.date) -> list[Watched]:
    """Give what somebody has to do with: overdue first, then by the day on which it is due.

    The secretariat sees all, an auditor what their firm issued, a clerk what their organisation holds.
    """
    roles = roles_of(actor)
    every = queries.is_secretariat(actor)
    own = {role.organisation_id for role in roles if role.kind == Role.Kind.CLERK}
    issued = {role.organisation_id for role in roles if role.kind == Role.Kind.AUDITOR}
    rows = queries.with_visits().filter(valid_from__lte=day, valid_until__gt=day)
    if not every:
        rows = rows.filter(Q(holder__in=own) | Q(issuer__in=issued))
    found = (Watched(queries.held_on(row, day), every or row.issuer_id in issued) for row in rows)
    shown = [
        one
        for one in found
        if one.held.surveillance is not None and one.held.surveillance.on is not None
    ]
    return sorted(shown, key=_rank)


def _rank(one: Watched) -> tuple[int, str, str]:
    then = one.held.surveillance
    place = _ORDER.index(then.due) if then is not None else 0
    return place, f"{then and then.on}", one.held.row.number


def office_of(actor: Visitor, row: Certificate) -> Organisation:
    """Give for whom somebody records surveillance of a certificate: who issued it, or a secretariat.

    Raises:
        RefusalError: PARTY-001 for everybody else.
    """
    found = [
        role.organisation
        for role in roles_of(actor)
        if role.kind == Role.Kind.SECRETARIAT
        or (role.kind == Role.Kind.AUDITOR and role.organisation_id == row.issuer_id)
    ]
    if not found:
        refuse(IS_THERE_FOR_YOU, asked_for="certificate")
    return found[0]


def certificate_to_watch(actor: Visitor, number: str, *, lock: bool = False) -> Certificate:
    """Give a certificate to those who record its surveillance.

    Args:
        actor: Who asks.
        number: Of the certificate.
        lock: Whether others are kept from changing it meanwhile.

    Raises:
        RefusalError: PARTY-001 for everybody else, and if there is none of this number.
    """
    rows = queries.with_visits()
    rows = rows.select_for_update(of=("self",)) if lock else rows
    found = rows.filter(number=number).first()
    if found is None:
        refuse(IS_THERE_FOR_YOU, asked_for="certificate")
    office_of(actor, found)
    return found


def sites_asked(held: Held, day: datetime.date) -> int | None:
    """Give how many sites surveillance visits; None if the pack does not say it."""
    try:
        return sites_to_visit(held.certificate, packs.rules_on(day, held.row.pack))
    except RefusalError:  # CUSTODY-071: in a word that this program does not have
        return None

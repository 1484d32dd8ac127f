"""Reads of claims: all are public. Whether somebody may make one is asked here.

Rules: PARTY-001.
"""

import datetime
import uuid
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import OuterRef, Q, QuerySet, Subquery

from stannary.core.attestations import Achievement
from stannary.core.credentials import withdrawal_of
from stannary.core.custody import Amounts, Model, Row
from stannary.core.kernel import refuse
from stannary.core.publications import PublishedResult
from stannary.core.verification import LaterLog
from stannary.web.attestations import queries as attestations
from stannary.web.claims.models import Claim, ClaimMark, ClaimWithdrawal
from stannary.web.custody import queries as custody
from stannary.web.parties import queries as parties
from stannary.web.parties.facilities import queries as facilities
from stannary.web.parties.models import Facility, Organisation, Role
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.publications import queries as publications
from stannary.web.publications import records as publication_records
from stannary.web.transparency_log import queries as log


@dataclass(frozen=True, slots=True)
class Basis:
    """What a claim about a lot can rest on.

    Attributes:
        rows: Movements of the lot's ancestry, in file order.
        achievements: Those that the mined lots name and that are known here, by id.
        results: The published results on which these rest.
        carried: What the books let be said of the lot, by source.
        model: Of the lot, as its making and its last move name it; None where they name none.
    """

    rows: Sequence[Row]
    achievements: Mapping[str, Achievement]
    results: Sequence[PublishedResult]
    carried: Amounts
    model: Model | None


def basis(lot_id: str) -> Basis:
    """Give what a claim about a lot can rest on, with a fixed number of queries.

    Raises:
        RefusalError: PARTY-001 if there is no such lot.
    """
    rows = custody.ancestry_rows(lot_id)
    row = custody.lot(lot_id)
    carried = custody.carried_of([row])[lot_id]
    named = {row.attestation for row in rows} | {source.attestation for source in carried}
    achievements, results = achieved(named)
    return Basis(rows, achievements, results, carried, custody.model_of(row))


def achieved(named: Set[str]) -> tuple[Mapping[str, Achievement], Sequence[PublishedResult]]:
    """Give the achievements that lots name and that are known here, and the results behind them."""
    achievements = attestations.achievements(set(named) - {""})
    wanted = {one.result_id for one in achievements.values() if one.result_id}
    found = publications.results().filter(
        result_id__in=[uuid.UUID(one.removeprefix("urn:uuid:")) for one in wanted]
    )
    return achievements, [publication_records.result_of(row) for row in found]


def _holder(lot_id: str) -> Organisation | None:
    slug = custody.holder_slug(lot_id)
    return Organisation.objects.filter(slug=slug).first() if slug else None


def may_speak_for(person: AbstractBaseUser | AnonymousUser, lot_id: str) -> bool:
    """Tell whether a person is a clerk of whoever holds a lot."""
    holder = _holder(lot_id)
    return holder is not None and parties.has_role(person, Role.Kind.CLERK, holder)


def holder_to_speak_for(*, actor: AbstractBaseUser | AnonymousUser, lot_id: str) -> Organisation:
    """Give the organisation that holds a lot, to its clerks.

    Raises:
        RefusalError: PARTY-001 if there is no such lot, nobody holds it, or the actor is not a
            clerk of whoever does.
    """
    holder = _holder(lot_id)
    if holder is None:
        refuse(IS_THERE_FOR_YOU, lot=lot_id[:80])
    return parties.role_to_use(actor, Role.Kind.CLERK, holder).organisation


def may_speak_for_site(person: AbstractBaseUser | AnonymousUser, place: Facility) -> bool:
    """Tell whether a person is a clerk of the organisation of a facility."""
    return parties.has_role(person, Role.Kind.CLERK, place.organisation)


def site_to_speak_for(*, actor: AbstractBaseUser | AnonymousUser, facility: str) -> Facility:
    """Give a facility to the clerks of its organisation.

    Raises:
        RefusalError: PARTY-001 if there is none of this id, or the actor is not a clerk of its
            organisation.
    """
    place = facilities.facility(facility)
    parties.role_to_use(actor, Role.Kind.CLERK, place.organisation)
    return place


def claims() -> QuerySet[Claim]:
    """Give every claim, newest first, without the files, each with its newest mark."""
    return _marked(Claim.objects.select_related("made_by", "withdrawal").defer("file"))


def _marked(rows: QuerySet[Claim]) -> QuerySet[Claim]:
    newest = ClaimMark.objects.filter(claim=OuterRef("pk")).order_by("-pk")

    def of_newest(column: str) -> Subquery:
        return Subquery(newest.values(column)[:1])

    return rows.annotate(
        affected=of_newest("affected"),
        affected_at=of_newest("at"),
        affected_codes=of_newest("codes"),
        affected_supported=of_newest("supported"),
    )


def in_force(day: datetime.date) -> QuerySet[Claim]:
    """Give the claims whose days include a day and that were not taken back, affected or not."""
    gone = Q(withdrawal__withdrawn_on__lte=day)
    return claims().filter(made_on__lte=day, valid_until__gt=day).exclude(gone)


def claim(claim_id: uuid.UUID) -> Claim:
    """Give one claim.

    Raises:
        RefusalError: PARTY-001 if there is none of this id.
    """
    rows = _marked(Claim.objects.select_related("made_by", "withdrawal"))
    found = rows.filter(claim_id=claim_id).first()
    if found is None:
        refuse(IS_THERE_FOR_YOU, claim=str(claim_id))
    return found


def claim_file_text(claim_id: str) -> str | None:
    """Give the claim file of an id as somebody typed it; None if there is none."""
    try:
        wanted = uuid.UUID(claim_id)
    except ValueError:
        return None
    return Claim.objects.filter(claim_id=wanted).values_list("file", flat=True).first()


def claims_on(lot_id: str) -> QuerySet[Claim]:
    """Give the claims on a lot, newest first."""
    return claims().filter(lot=lot_id)


def claims_on_site(place: Facility) -> QuerySet[Claim]:
    """Give the claims of its organisation on what a facility blended, newest first."""
    return claims().filter(facility=place.slug, made_by=place.organisation)


class State(StrEnum):
    """How a claim stands on a day."""

    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    AFFECTED = "affected"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


def withdrawn_on(row: Claim) -> datetime.date | None:
    """Give the first day on which a claim is no longer in force because it was taken back."""
    taken_back = getattr(row, "withdrawal", None)
    return None if taken_back is None else taken_back.withdrawn_on


def is_affected(row: Claim) -> bool:
    """Tell whether the newest mark of a claim from `claims` says that it is no longer supported."""
    return bool(getattr(row, "affected", False))


def state(row: Claim, on: datetime.date) -> State:
    """Tell how a claim stands on a day; whoever took one back said so for good."""
    taken_back = withdrawn_on(row)
    if taken_back is not None and on >= taken_back:
        return State.WITHDRAWN
    if on < row.made_on:
        return State.NOT_YET
    if on >= row.valid_until:
        return State.ENDED
    return State.AFFECTED if is_affected(row) else State.IN_FORCE


def may_speak_for_maker(person: AbstractBaseUser | AnonymousUser, row: Claim) -> bool:
    """Tell whether a person is a clerk of whoever made a claim."""
    return parties.has_role(person, Role.Kind.CLERK, row.made_by)


def may_withdraw(person: AbstractBaseUser | AnonymousUser, row: Claim) -> bool:
    """Tell whether a person may take back a claim that was not taken back.

    Clerks of whoever made it; the secretariat, if records no longer support it.
    """
    if withdrawn_on(row) is not None:
        return False
    decides = is_affected(row) and parties.has_role(person, Role.Kind.SECRETARIAT)
    return decides or may_speak_for_maker(person, row)


def claim_to_withdraw(*, actor: AbstractBaseUser | AnonymousUser, claim_id: uuid.UUID) -> Claim:
    """Give a claim to those who may take it back, or could before it was.

    Raises:
        RefusalError: PARTY-001 if there is none of this id, or the actor may not.
    """
    found = claim(claim_id)
    if not (is_affected(found) and parties.has_role(actor, Role.Kind.SECRETARIAT)):
        parties.role_to_use(actor, Role.Kind.CLERK, found.made_by)
    return found


def claim_named(claim_id: str) -> Claim | None:
    """Give the claim of an id as somebody typed it; None if there is none."""
    try:
        wanted = uuid.UUID(claim_id)
    except ValueError:
        return None
    return claims().filter(claim_id=wanted).first()


def later_log(claim_id: str) -> LaterLog:
    """Give the public log of this register as it is now, as far as it is about one credential.

    Args:
        claim_id: Of the claim: "urn:uuid:…"; any other text was taken back by nobody.
    """
    try:
        wanted = uuid.UUID(claim_id)
    except ValueError:
        wanted = uuid.UUID(int=0)
    found = ClaimWithdrawal.objects.filter(claim__claim_id=wanted, log_index__isnull=False).first()
    said = None if found is None or found.log_index is None else log.entry_at(found.log_index)
    taken_back = withdrawal_of(said) if said is not None else None
    index = found.log_index or 0 if found is not None else 0
    withdrawals = {} if taken_back is None else {taken_back.id: (index, taken_back)}
    return LaterLog(log.origin(), log.size(), log.leaf_at, withdrawals)

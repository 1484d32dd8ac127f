"""Reads of accounts and credits. Credits are public; accounts are for the entity and who audits it.

Rules: PARTY-001.
"""

import datetime
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Sum

from stannary.core.custody import (
    CertificateStatus,
    Kind,
    Model,
    PeriodStatement,
    events_of,
    keep_books,
    keys_of,
)
from stannary.core.kernel import RefusalError, refuse
from stannary.core.restatements import IssuedCredits
from stannary.core.standards import Edition
from stannary.web.custody import queries as custody
from stannary.web.custody.models import (
    AccountPeriod,
    Book,
    CreditHeld,
    CreditUse,
    Movement,
    Uncovered,
)
from stannary.web.custody.state import slices
from stannary.web.entities import packs, words
from stannary.web.entities import queries as entities
from stannary.web.entities.factors import queries as conversions
from stannary.web.entities.models import Certificate
from stannary.web.parties.models import Organisation, Role
from stannary.web.parties.queries import Visitor, roles_of
from stannary.web.parties.rules import IS_THERE_FOR_YOU

FILTERS = ("holder", "state")
STATES = ("in_force", "expired", "used")


@dataclass(frozen=True, slots=True)
class Totals:
    """What became of all credits by a day, in milligrams of the contained element.

    Attributes:
        booked_mg: All that were ever booked.
        used_mg: Used up for somebody.
        expired_mg: Expired without being used.
        held_mg: In force in somebody's hands; booked is the sum of the other three.
        passed_on_mg: Of all transfers; the same credit may be passed on several times.
    """

    booked_mg: int
    used_mg: int
    expired_mg: int
    held_mg: int
    passed_on_mg: int


def may_see_accounts(actor: Visitor, entity: Organisation) -> bool:
    """Tell whether somebody is of the entity, of the secretariat, or of the firm that certified it."""
    issuers: set[int] | None = None
    for role in roles_of(actor):
        if role.kind == Role.Kind.SECRETARIAT:
            return True
        if role.kind == Role.Kind.CLERK and role.organisation_id == entity.pk:
            return True
        if role.kind == Role.Kind.AUDITOR:
            if issuers is None:
                found = Certificate.objects.filter(holder=entity)
                issuers = set(found.values_list("issuer_id", flat=True))
            if role.organisation_id in issuers:
                return True
    return False


def may_see_accounts_of(actor: Visitor, name: str) -> bool:
    """Tell the same of an entity that is known by its name."""
    if not roles_of(actor):
        return False
    found = Organisation.objects.filter(name=name).first()
    return found is not None and may_see_accounts(actor, found)


def entity_with_accounts(actor: Visitor, slug: str) -> Organisation:
    """Give an entity to those who may see its accounts.

    Raises:
        RefusalError: PARTY-001 for everybody else, and if there is no such entity.
    """
    found = entities.organisation(slug)
    if not may_see_accounts(actor, found):
        refuse(IS_THERE_FOR_YOU, asked_for="accounts")
    return found


@dataclass(frozen=True, slots=True)
class KeptBy:
    """Under what an entity keeps its books on a day.

    Attributes:
        pack: The custody pack.
        method: Of the accounts that open on that day, in words; "" if the pack knows none.
        certificate: Number of the certificate that says so; "" where the register does.
    """

    pack: Edition
    method: str
    certificate: str


def kept_by(entity: Organisation, day: datetime.date) -> KeptBy:
    """Tell under which pack, and by which method, an entity keeps its books on a day."""
    governs = entities.governance([entity.name])
    pack = packs.edition(governs.rules(entity.name, day).pack)
    try:
        method = words.method(governs.method(entity.name, day))
    except RefusalError:
        method = ""
    return KeptBy(pack, method, governs.certificate(entity.name, day))


def statements(entity: Organisation) -> QuerySet[AccountPeriod]:
    """Give every account of an entity in every balance period, the newest period first."""
    found = AccountPeriod.objects.filter(entity=entity.name)
    return found.order_by("boundary", "material", "element", "method", "-valid_from")


def accounts_on(entity: str, day: datetime.date) -> tuple[PeriodStatement, ...]:
    """Give the accounts of mass balance of an entity as they were known at the end of a day.

    Each in the balance period in which the day lies, by the method that counts. Kept again is what
    decides these accounts up to that day; an entity that never named one costs one query.
    """
    named = Movement.objects.filter(entity=entity, kind__in=(Kind.BLEND, Kind.TRANSFORM))
    boundaries = named.exclude(account="").order_by("account").values_list("account", flat=True)
    reader = slices.Reader(until=day)
    found = reader.touching([("account", entity, one, "") for one in boundaries.distinct()])
    keys = {key for event in found for key in keys_of(event) if key[:2] == ("account", entity)}
    if not keys:
        return ()
    rows = slices.behind(keys, reader).rows
    names = {row.entity for row in rows}
    kept = keep_books(
        events_of(rows),
        rules_on=packs.rules_on,
        pack_on=packs.pack_on,
        as_of=day,
        certificates=entities.certificates_of(names),
        factors=conversions.in_core(),
    )
    latest = {one.key: one for one in kept.statements if one.key.entity == entity}
    return tuple(latest.values())


def marks(entity: Organisation) -> QuerySet[Uncovered]:
    """Give what an entity booked that counts towards no claim, and why, newest first."""
    return Uncovered.objects.filter(entity=entity.name).order_by("-pk")


def facts_of(mark: Uncovered) -> dict[str, str]:
    """Give the facts of a mark."""
    found: dict[str, str] = json.loads(mark.facts)
    return found


def credits_of_all(
    day: datetime.date, asked: Mapping[str, str] | None = None
) -> QuerySet[CreditHeld]:
    """Give credits, newest first.

    Args:
        day: As of which a state holds.
        asked: "holder": its name; "state": one of `STATES`; what is empty asks for nothing.
    """
    said = asked or {}
    found = CreditHeld.objects.order_by("-booked_on", "credit_id")
    if said.get("holder"):
        found = found.filter(holder=said["holder"])
    by_state = {
        "in_force": Q(left_mg__gt=0, expires_on__gt=day),
        "expired": Q(left_mg__gt=0, expires_on__lte=day),
        "used": Q(left_mg=0),
    }
    return found.filter(by_state[said["state"]]) if said.get("state") in by_state else found


def state_of(credit: CreditHeld, day: datetime.date) -> str:
    """Tell how a credit stands on a day: one of `STATES`."""
    if not credit.left_mg:
        return "used"
    return "expired" if credit.expires_on <= day else "in_force"


def holders() -> list[str]:
    """Give who holds or held credits, by name."""
    return list(CreditHeld.objects.order_by("holder").values_list("holder", flat=True).distinct())


def credit(credit_id: str) -> CreditHeld:
    """Give a credit.

    Raises:
        RefusalError: PARTY-001 if there is none of this id.
    """
    found = CreditHeld.objects.filter(credit_id=credit_id).first()
    if found is None:
        refuse(IS_THERE_FOR_YOU, asked_for="credit")
    return found


def credit_to_use(actor: Visitor, credit_id: str) -> CreditHeld:
    """Give a credit to clerks of whoever holds it.

    Raises:
        RefusalError: PARTY-001 for everybody else, and if there is none of this id.
    """
    found = credit(credit_id)
    if not may_use(actor, found):
        refuse(IS_THERE_FOR_YOU, asked_for="credit")
    return found


def may_use(actor: Visitor, held: CreditHeld) -> bool:
    """Tell whether somebody is a clerk of whoever holds a credit."""
    roles = roles_of(actor)
    return any(
        one.kind == Role.Kind.CLERK and one.organisation.name == held.holder for one in roles
    )


def site_of(entity: str, day: datetime.date) -> str:
    """Give the site at which an entity acts about credits: one that its certificate covers.

    Without a certificate it is where the entity booked last.
    """
    held = [
        one
        for one in entities.in_core()
        if one.entity == entity and Model.BOOK_AND_CLAIM in one.scope.models and one.scope.sites
    ]
    held.sort(key=lambda one: one.status_on(day) is not CertificateStatus.IN_FORCE)
    if held:
        return min(held[0].scope.sites)
    booked = Movement.objects.filter(entity=entity).order_by("-pk")
    return booked.values_list("site", flat=True).first() or entity


def parts_of(held: CreditHeld) -> QuerySet[CreditHeld]:
    """Give the credits that were passed on from one."""
    return CreditHeld.objects.filter(parent=held.credit_id).order_by("booked_on", "credit_id")


def uses_of(held: CreditHeld) -> QuerySet[CreditUse]:
    """Give what was used up of a credit, and for whom, newest first."""
    return uses().filter(credit_id=held.credit_id)


def issued(lots: Iterable[str] | None = None) -> list[IssuedCredits]:
    """Give the credits that were booked from lots, who holds parts of them, and for whom they were used.

    Args:
        lots: Of these alone; None: of all.
    """
    booked = Movement.objects.filter(kind=Kind.BOOK)
    held_now, all_uses = CreditHeld.objects.all(), CreditUse.objects.all()
    if lots is not None:
        of_lots = booked.filter(side="in", lot__in=custody.among(lots))
        events = set(of_lots.values_list("event", flat=True))
        if not events:
            return []
        booked = booked.filter(event__in=custody.among(events))
        names = _with_parts(booked.filter(side="out").values_list("lot", flat=True))
        held_now = held_now.filter(credit_id__in=custody.among(names))
        all_uses = all_uses.filter(credit_id__in=custody.among(names))
    rows = list(held_now)
    parent = {one.credit_id: one.parent for one in rows}

    def root(name: str) -> str:
        while parent.get(name):
            name = parent[name]
        return name

    lot_of_event = dict(booked.filter(side="in").values_list("event", "lot"))
    event_of = dict(booked.filter(side="out").values_list("lot", "event"))
    held: dict[str, Counter[str]] = defaultdict(Counter)
    used: dict[str, Counter[str]] = defaultdict(Counter)
    for one in rows:
        held[root(one.credit_id)][one.holder] += one.left_mg
    for use in all_uses:
        used[root(use.credit_id)][use.beneficiary] += use.quantity_mg
    return [
        IssuedCredits(
            id=one.credit_id,
            lot=lot_of_event[event_of[one.credit_id]],
            booked_by=one.booked_by,
            quantity_mg=one.quantity_mg,
            held={name: mg for name, mg in held[one.credit_id].items() if mg},
            retired=dict(used[one.credit_id]),
        )
        for one in rows
        if not one.parent
    ]


def _with_parts(credits_: Iterable[str]) -> set[str]:
    """Give credits with all that were split from them, with a query for each time that they were."""
    found, new = set[str](), set(credits_)
    while new:
        found |= new
        parts = CreditHeld.objects.filter(parent__in=custody.among(new))
        new = set(parts.values_list("credit_id", flat=True)) - found
    return found


def uses() -> QuerySet[CreditUse]:
    """Give what was used up and for whom, newest first."""
    return CreditUse.objects.order_by("-on", "event")


def totals(day: datetime.date) -> Totals:
    """Add up what became of all credits, with two queries."""
    left = Q(left_mg__gt=0)
    sums = CreditHeld.objects.aggregate(
        booked=Sum("quantity_mg", filter=Q(parent="")),
        passed=Sum("quantity_mg", filter=~Q(parent="")),
        expired=Sum("left_mg", filter=left & Q(expires_on__lte=day)),
        held=Sum("left_mg", filter=left & Q(expires_on__gt=day)),
    )
    used = CreditUse.objects.aggregate(used=Sum("quantity_mg"))["used"]
    return Totals(
        booked_mg=int(sums["booked"] or 0),
        used_mg=int(used or 0),
        expired_mg=int(sums["expired"] or 0),
        held_mg=int(sums["held"] or 0),
        passed_on_mg=int(sums["passed"] or 0),
    )


def proof_as_allowed() -> tuple[dict[str, Any] | None, datetime.date | None]:
    """Give the proof with the quantities of those alone who let them be told, and of the others together.

    Of each other that lets its name be shown there is a line that says whether its books hold, with
    None for every quantity; one line without a name adds up all others, so that the sums stay whole.
    Where there is one other alone, the sum would give it away: then everybody stands in that line.
    """
    found, kept_on = proof()
    if found is None:
        return None, None
    said = entities.shown_by_name()
    lines: list[dict[str, Any]] = []
    for kind in sorted({one["kind"] for one in found["entities"]}):
        own = [one for one in found["entities"] if one["kind"] == kind]
        told = entities.may_tell({one["entity"] for one in own}, said)
        silent = [one for one in own if one["entity"] not in told]
        lines += [one for one in own if one["entity"] in told]
        lines += [
            {**one, "terms": None, **dict.fromkeys(SAID)}
            for one in silent
            if said.get(one["entity"], entities.OPEN).name
        ]
        lines += [_together(silent)] if len(silent) > 1 else []
    return {**found, "entities": lines}, kept_on


SAID = ("lots_mg", "accounts_mg", "credits_mg")


def _together(lines: list[dict[str, Any]]) -> dict[str, Any]:
    terms: Counter[str] = Counter()
    for one in lines:
        terms.update({name: int(mg) for name, mg in one["terms"].items()})
    return {
        "entity": "",
        "kind": lines[0]["kind"],
        "terms": {name: str(mg) for name, mg in terms.items()},
        **{name: str(sum(int(one[name]) for one in lines)) for name in SAID},
        "holds": all(one["holds"] for one in lines),
    }


def proof() -> tuple[dict[str, Any] | None, datetime.date | None]:
    """Give the proof that nowhere more may be said than came in, and the day as of which it is."""
    head = Book.objects.filter(pk=1).first()
    if head is None or not head.proof:
        return None, None
    found: dict[str, Any] = json.loads(head.proof)
    return found, head.kept_on

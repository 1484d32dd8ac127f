"""Reads of transactions: seen by clerks of the seller and of the buyer alone.

Rules: PARTY-001.
"""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from stannary.core.custody import Kind, Row, Side
from stannary.core.kernel import refuse
from stannary.core.transactions import (
    Line,
    State,
    Statement,
    StepKind,
    Transaction,
    next_steps,
    statement,
)
from stannary.web.custody import records as custody
from stannary.web.custody.models import CreditHeld, Lot, Movement
from stannary.web.entities import queries as entities
from stannary.web.parties.models import Facility, Organisation, Role
from stannary.web.parties.queries import Visitor, roles_of
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.transactions import records
from stannary.web.transactions.models import Offer, OfferStep

DAYS_OPEN = "offer_open_max_days"
"""The constant of a pack that says how long an offer may stay open; without it: for ever."""
LISTED = 500
"""Of lots and organisations that a form lists."""


@dataclass(frozen=True, slots=True)
class Deal:
    """A transaction as its rows and as the core know it."""

    row: Offer
    steps: tuple[OfferStep, ...]
    core: Transaction

    def state(self, at: datetime.datetime) -> State:
        """Give where it stands at an instant."""
        return self.core.state_on(at)


def own(actor: Visitor) -> tuple[Organisation, ...]:
    """Give the organisations for which somebody is a clerk."""
    return tuple(one.organisation for one in roles_of(actor) if one.kind == Role.Kind.CLERK)


def own_one(actor: Visitor, slug: str) -> Organisation:
    """Give one organisation to its clerks.

    Raises:
        RefusalError: PARTY-001 if there is none, or the actor is no clerk of it.
    """
    found = next((one for one in own(actor) if one.slug == slug), None)
    if found is None:
        refuse(IS_THERE_FOR_YOU, organisation=slug[:80])
    return found


def must_trade(actor: Visitor) -> tuple[Organisation, ...]:
    """Give the organisations for which somebody is a clerk, at least one.

    Raises:
        RefusalError: PARTY-001 for everybody who is a clerk of none.
    """
    found = own(actor)
    if not found:
        refuse(IS_THERE_FOR_YOU, asked_for="role")
    return found


def offers(actor: Visitor) -> QuerySet[Offer]:
    """Give the offers that somebody's organisations made or received, newest first."""
    mine = [one.pk for one in must_trade(actor)]
    found = Offer.objects.filter(Q(seller__in=mine) | Q(buyer__in=mine))
    return found.select_related("seller", "buyer").prefetch_related("steps__by")


@dataclass(frozen=True, slots=True)
class Choices:
    """What the list of transactions can be narrowed to: other parties by short name, materials."""

    parties: list[tuple[str, str]]
    materials: list[str]


def choices(actor: Visitor) -> Choices:
    """Give the other parties and the materials of somebody's transactions, with two queries."""
    mine = [one.pk for one in own(actor)]
    found = Offer.objects.filter(Q(seller__in=mine) | Q(buyer__in=mine))
    sides = Organisation.objects.filter(Q(offers_made__in=found) | Q(offers_received__in=found))
    parties = sides.order_by("name").distinct().values_list("slug", "name")
    materials = found.order_by("material").values_list("material", flat=True).distinct()
    return Choices(list(parties[:LISTED]), list(materials[:LISTED]))


def narrowed(
    found: QuerySet[Offer], asked: Mapping[str, str], at: datetime.datetime
) -> QuerySet[Offer]:
    """Give of transactions those that fit.

    Args:
        found: Of the reader.
        asked: "party": short name; "material": in words; "state": "open" or "over"; what is empty
            asks for nothing.
        at: When an offer is open.
    """
    if asked.get("party"):
        name = asked["party"]
        found = found.filter(Q(seller__slug=name) | Q(buyer__slug=name))
    if asked.get("material"):
        found = found.filter(material=asked["material"])
    if asked.get("state") in ("open", "over"):
        ended = OfferStep.objects.filter(offer=OuterRef("pk"), number=2)
        is_open = Q(expires_at__gt=at) & ~Exists(ended)
        found = found.filter(is_open if asked["state"] == "open" else ~is_open)
    return found


def days_open(seller: str, at: datetime.datetime) -> int | None:
    """Tell how many days an offer that somebody makes at a moment may stay open; None: for ever."""
    allowed = entities.governance([seller]).rules(seller, timezone.localtime(at).date())
    return allowed.whole(DAYS_OPEN) if DAYS_OPEN in allowed.constants else None


def longest_open(sellers: Iterable[Organisation], at: datetime.datetime) -> int | None:
    """Tell how many days an offer of any of them may stay open at most; None: for ever."""
    found = [days_open(one.name, at) for one in sellers]
    return None if None in found else max((days for days in found if days), default=None)


def places_of(those: Iterable[Organisation]) -> list[tuple[str, str]]:
    """Give the facilities of organisations, by name: where something can be received."""
    found = Facility.objects.filter(organisation__in=[one.pk for one in those])
    return list(found.order_by("name").values_list("slug", "name")[:LISTED])


def deal_of(row: Offer) -> Deal:
    """Rebuild a transaction from its row; parties and steps are fetched if they are not there."""
    steps = tuple(row.steps.all())
    return Deal(row, steps, records.transaction_of(row, steps))


def deal(actor: Visitor, offer_id: UUID) -> Deal:
    """Give one transaction to its parties.

    Raises:
        RefusalError: PARTY-001 if there is none, or it is between others.
    """
    row = offers(actor).filter(pk=offer_id).first()
    if row is None:
        refuse(IS_THERE_FOR_YOU, transaction=str(offer_id))
    return deal_of(row)


def possible(actor: Visitor, found: Deal, at: datetime.datetime) -> tuple[StepKind, ...]:
    """Give the steps that somebody may take now."""
    names = {one.name for one in own(actor)}
    kinds = {kind for name in names for kind in next_steps(found.core, entity=name, at=at)}
    return tuple(kind for kind in StepKind if kind in kinds)


def open_offers(lots: Iterable[str], at: datetime.datetime) -> list[Transaction]:
    """Give the offers of some lots that are open at an instant."""
    found = Offer.objects.filter(lot__in=list(lots), expires_at__gt=at)
    found = found.exclude(steps__number=2).select_related("seller", "buyer")
    return [deal_of(row).core for row in found.prefetch_related("steps")]


def kept(lots: Iterable[str]) -> dict[str, tuple[str, int, int]]:
    """Tell what open offers keep of lots now: by whom, mass and content."""
    sums: dict[str, tuple[str, int, int]] = {}
    for one in open_offers(lots, timezone.now()):
        _, mass_mg, content_mg = sums.get(one.terms.item, ("", 0, 0))
        content_mg += one.terms.content_mg or 0
        sums[one.terms.item] = (one.terms.seller, mass_mg + one.terms.quantity, content_mg)
    return sums


def lots_to_offer(those: Iterable[Organisation]) -> list[tuple[Lot, int]]:
    """Give the lots that organisations hold, by id, each with what of its mass is not reserved."""
    names = [one.name for one in those]
    held = Lot.objects.filter(holder__in=names, left_mass_mg__gt=0).order_by("lot_id")[:LISTED]
    promised = kept(lot.lot_id for lot in held)
    return [(lot, lot.left_mass_mg - promised.get(lot.lot_id, ("", 0, 0))[1]) for lot in held]


def credits_to_offer(those: Iterable[Organisation]) -> list[tuple[CreditHeld, int]]:
    """Give the credits in force that organisations hold, by id, each with what is not reserved."""
    names = [one.name for one in those]
    held = CreditHeld.objects.filter(
        holder__in=names, left_mg__gt=0, expires_on__gt=timezone.localdate()
    ).order_by("credit_id")[:LISTED]
    promised = kept(one.credit_id for one in held)
    return [(one, one.left_mg - promised.get(one.credit_id, ("", 0, 0))[1]) for one in held]


def buyers(those: Collection[Organisation]) -> list[Organisation]:
    """Give the organisations to which others may offer: of the same kind of record, by name."""
    kinds = {one.illustrative for one in those}
    alone = [one.pk for one in those] if len(those) == 1 else []
    found = Organisation.objects.filter(illustrative__in=kinds).exclude(
        Q(kind__in=[Organisation.Kind.FIRM, Organisation.Kind.SCHEME]) | Q(pk__in=alone)
    )
    return list(found.order_by("name")[:LISTED])


def statement_of(
    actor: Visitor,
    slug: str,
    *,
    begin: datetime.datetime,
    end: datetime.datetime,
    known_at: datetime.datetime | None = None,
) -> Statement:
    """Draw up the statement of an organisation for its clerks, of one period; see `statements_of`."""
    return statements_of(actor, slug, [(begin, end)], known_at=known_at)[0]


def statements_of(
    actor: Visitor,
    slug: str,
    periods: Iterable[tuple[datetime.datetime, datetime.datetime]],
    *,
    known_at: datetime.datetime | None = None,
) -> tuple[Statement, ...]:
    """Draw up statements of an organisation for its clerks, reading its lines once.

    Args:
        actor: Who asks.
        slug: Short name of the organisation.
        periods: Of each the first instant, and the first instant after it.
        known_at: What was booked later is left out; None: now, so that nothing is.

    Raises:
        RefusalError: PARTY-001 if the actor is no clerk of it. TRANSACTION-020 if a period ends
            before it begins.
    """
    those, known = own_one(actor, slug), known_at or timezone.now()
    lines = lines_of(those)
    return tuple(
        statement(lines, entity=those.name, begin=begin, end=end, known_at=known)
        for begin, end in periods
    )


def drawn(
    those: Organisation,
    *,
    begin: datetime.datetime,
    end: datetime.datetime,
    known_at: datetime.datetime | None = None,
) -> Statement:
    """Draw up a statement, whoever asked was let pass before; see `statement_of`."""
    known = known_at or timezone.now()
    lines = lines_of(those)
    return statement(lines, entity=those.name, begin=begin, end=end, known_at=known)


def lines_of(those: Organisation) -> tuple[Line, ...]:
    """Give every line of an organisation's accounts, with a fixed number of queries."""
    rows, recorded = _rows(those.name)
    others = {**_moves(those.name), **_transfers(rows, those.name), **_offered(rows, those)}
    return records.lines_of(rows, others, entity=those.name, recorded=recorded)


def _rows(entity: str) -> tuple[list[Row], dict[str, datetime.datetime]]:
    passed = Q(kind=Kind.TRANSFER, side=Side.OUT, account=entity)
    own = Movement.objects.filter(Q(entity=entity) | passed)
    found = own.order_by("pk").values_list("recorded_at", *custody.FIELDS)
    rows: list[Row] = []
    recorded: dict[str, datetime.datetime] = {}
    for at, *values in found.iterator(chunk_size=2000):
        rows.append(custody.row_from(values))
        if at is not None:
            recorded[rows[-1].event] = at
    return rows, recorded


def _offered(rows: Iterable[Row], those: Organisation) -> dict[records.Place, records.Other]:
    """Give what transactions of the register delivered."""
    parties = Offer.objects.filter(Q(seller=those) | Q(buyer=those))
    names = {
        pk: buyer if seller == those.name else seller
        for pk, seller, buyer in parties.values_list("pk", "seller__name", "buyer__name")
    }
    found = {}
    for row in rows:
        deal = records.transaction_in(row.event)
        if deal in names:
            found[row.event, row.lot] = (str(deal), names[deal])
    return found


def _moves(entity: str) -> dict[records.Place, records.Other]:
    """Give what was handed over without an offer: a lot shipped by one and received by another.

    The transaction is called after the lot, and how often it had been handed over by then.
    """
    moves = Movement.objects.filter(kind__in=[Kind.SHIP, Kind.RECEIVE])
    rows = moves.filter(lot__in=moves.filter(entity=entity).values("lot"))
    under_way: dict[str, tuple[str, str]] = {}
    times: dict[str, int] = {}
    found: dict[records.Place, records.Other] = {}
    columns = rows.order_by("at", "pk").values_list("lot", "event", "kind", "entity")
    for lot, event, kind, name in columns.iterator(chunk_size=2000):
        if kind == Kind.SHIP:
            under_way[lot] = (event, name)
        elif lot in under_way:
            sent, sender = under_way.pop(lot)
            times[lot] = times.get(lot, 0) + 1
            if sender != name:
                called = f"{lot} #{times[lot]}"
                found[sent, lot], found[event, lot] = (called, name), (called, sender)
    return found


def _transfers(rows: Iterable[Row], entity: str) -> dict[records.Place, records.Other]:
    """Give credits that were passed on without an offer, by events that pass to one other alone."""
    events: dict[str, list[Row]] = {}
    for row in rows:
        if row.kind is Kind.TRANSFER:
            events.setdefault(row.event, []).append(row)
    found: dict[records.Place, records.Other] = {}
    for event, group in events.items():
        parts = [row for row in group if row.side is Side.OUT]
        sides = {group[0].entity, parts[0].account if len(parts) == 1 else ""}
        if entity in sides and len(sides - {""}) == 2:
            (other,) = sides - {entity}
            found |= {(event, row.lot): (event, other) for row in group}
    return found

"""What may be done about transactions: an offer, and the one step that ends it.

Rules: TRANSACTION-001 to TRANSACTION-012 (core), PARTY-001; CUSTODY codes where what is accepted
is booked.
"""

import datetime
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from stannary.core.custody import Row
from stannary.core.custody.accounting.rules import CREDIT_IS_NOT_EXPIRED, CREDITS_ARE_WHOLE_UNITS
from stannary.core.kernel import refuse
from stannary.core.transactions import (
    DELIVERED,
    REGISTER,
    Goods,
    Step,
    StepKind,
    Terms,
    Transaction,
    check_available,
    check_end,
    next_steps,
    offer,
    reserved,
    take,
)
from stannary.web.custody import operations as custody
from stannary.web.custody import queries as lots
from stannary.web.custody.books import queries as credit_books
from stannary.web.custody.models import CreditHeld, Lot
from stannary.web.cycle.records import tidy
from stannary.web.parties.models import Organisation, Person
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.transactions import queries, records
from stannary.web.transactions.models import Offer, OfferStep
from stannary.web.transactions.queries import Deal

SITE_MAX = 200
_AT_ONCE = 1000
"""Offers of which it is recorded at once that they have expired; the next tick goes on."""


@transaction.atomic
def make_offer(
    *,
    actor: Person,
    lot_id: str,
    buyer: str,
    expires_at: datetime.datetime,
    quantity_mg: int | None = None,
    reason: str = "",
    offer_id: UUID | None = None,
    at: datetime.datetime | None = None,
) -> Deal:
    """Offer a lot or a credit, or a part, and reserve it until the offer ends; or do nothing.

    Args:
        actor: A clerk of whoever holds it.
        lot_id: The lot, or the credit; the two never have one id.
        buyer: Short name of an organisation of the same kind of record: made up or not.
        expires_at: First instant at which it is no longer open.
        quantity_mg: Dry mass, or whole units of a credit's element; None: what is free of it.
        reason: Anything the buyer should read.
        offer_id: Of the new offer; None: a new one. No page lets people choose.
        at: When it is made; None: now.

    Raises:
        RefusalError: PARTY-001 if the lot is not held by an organisation of the actor, or there is
            no such buyer. TRANSACTION-001 to 003, 010 and 012 for what is offered, TRANSACTION-011
            if less is left or not reserved; CUSTODY-088, CUSTODY-091 for credits.
    """
    moment, reason = at or timezone.now(), tidy(reason)
    custody.open_book()  # nobody uses the lot meanwhile
    seller = (held := _held(actor, tidy(lot_id), moment)).seller
    to = Organisation.objects.filter(slug=tidy(buyer), illustrative=seller.illustrative).first()
    if to is None:
        refuse(IS_THERE_FOR_YOU, buyer=buyer[:80])
    open_now = queries.open_offers([held.item], moment)
    quantity = _free(held, open_now, moment) if quantity_mg is None else quantity_mg
    row = Offer(
        id=offer_id or uuid4(),
        seller=seller,
        buyer=to,
        goods=held.goods,
        lot=held.item,
        material=held.material,
        quantity_mg=quantity,
        content_mg=held.content_of(quantity),
        offered_at=moment,
        expires_at=expires_at,
    )
    terms: Terms = records.terms_of(row)
    made = _made(terms, actor, reason)
    check_available(
        terms.quantity,
        held=held.left_mg,
        transactions=open_now,
        entity=terms.seller,
        item=terms.item,
        at=moment,
    )
    row.save(force_insert=True)
    return Deal(row, (_first(row, actor, reason),), made)


def _free(held: "_Held", open_now: list[Transaction], at: datetime.datetime) -> int:
    """Give what is left and not reserved; where nothing is free all that is left, to be refused."""
    kept = reserved(open_now, seller=held.seller.name, item=held.item, at=at)
    return held.left_mg - kept or held.left_mg


def _made(terms: Terms, actor: Person, reason: str) -> Transaction:
    """Make an offer that ends as soon as the pack demands; one that says nothing lets it stay open.

    Raises:
        RefusalError: TRANSACTION-010, TRANSACTION-012.
    """
    made = offer(terms, by=str(actor.pk), reason=reason)
    days_max = queries.days_open(terms.seller, terms.offered_at)
    if days_max is not None:
        check_end(terms, days_max=days_max)
    return made


def _first(row: Offer, actor: Person, reason: str) -> OfferStep:
    """Record that an offer was made."""
    first = OfferStep(
        offer=row,
        number=1,
        kind=StepKind.OFFER,
        party="seller",
        by=actor,
        at=row.offered_at,
        reason=reason,
    )
    first.save(force_insert=True)
    return first


@transaction.atomic
def take_step(
    *,
    actor: Person,
    offer_id: UUID,
    kind: StepKind,
    seen: int,
    reason: str = "",
    quantity_mg: int | None = None,
    site: str = "",
    at: datetime.datetime | None = None,
) -> Deal:
    """Take the step that ends an offer; what is accepted passes to the buyer. All of it, or nothing.

    Args:
        actor: A clerk of the party that may take it.
        offer_id: Of the offer.
        kind: Which step.
        seen: How many steps the actor saw; with more there is a conflict.
        reason: Why; needed for a part, a refusal and a withdrawal.
        quantity_mg: The part that is accepted.
        site: Where the buyer receives it; "": where it lies.
        at: When it is taken; None: now.

    Raises:
        RefusalError: PARTY-001 if the offer is between others. TRANSACTION-004 to 010 for the step,
            CUSTODY codes if the book would not hold with the delivery.
    """
    moment, reason, site = at or timezone.now(), tidy(reason), tidy(site)
    custody.open_book()
    found = queries.deal(actor, offer_id)
    terms = found.core.terms
    entity = _entity(actor, found, kind, moment)
    part = quantity_mg if kind is StepKind.ACCEPT_PART else None
    step = Step(kind, str(actor.pk), entity, moment, seen, reason, part)
    done = take(found.core, step)
    row = OfferStep(
        offer=found.row,
        number=len(found.steps) + 1,
        kind=kind,
        party="seller" if entity == terms.seller else "buyer",
        by=actor,
        at=moment,
        reason=reason,
        quantity_mg=part,
        site=site[:SITE_MAX] if done.state in DELIVERED else "",
    )
    row.save(force_insert=True)
    if done.state in DELIVERED:
        custody.book_as_register(rows=_delivery(done, found.row, row.site))
    return Deal(found.row, (*found.steps, row), done)


def expire_due(*, now: datetime.datetime) -> int:
    """Record of offers that ended that they have expired; say of how many.

    What an offer keeps is free from its end on, whether or not this was done. Who answers at the
    same moment is first or second, as for every step.
    """
    ended = Offer.objects.filter(expires_at__lte=now).exclude(steps__number=2)
    done = 0
    for row in ended.select_related("seller", "buyer").prefetch_related("steps")[:_AT_ONCE]:
        found = queries.deal_of(row)
        take(found.core, Step(StepKind.EXPIRE, "", REGISTER, now, len(found.steps)))
        _, is_new = OfferStep.objects.get_or_create(
            offer=row,
            number=len(found.steps) + 1,
            defaults={"kind": StepKind.EXPIRE, "party": "register", "at": now},
        )
        done += is_new
    return done


def _delivery(done: Transaction, offered: Offer, to_site: str) -> tuple[Row, ...]:
    """Give the movements with which it passes to the buyer."""
    if done.terms.goods is Goods.CREDITS:
        day = timezone.localtime(done.steps[-1].at).date()
        site = credit_books.site_of(done.terms.seller, day)
        return records.transfer_of(done, material=offered.material, site=site)
    lot = lots.lot(done.terms.item)
    return records.rows_of(
        done,
        left_mg=lot.left_mass_mg,
        from_site=lot.holder_site,
        to_site=to_site or lot.holder_site,
        material=lot.material,
    )


@dataclass(frozen=True, slots=True)
class _Held:
    """What somebody holds and may offer; of a credit `unit_mg` says what a unit is."""

    seller: Organisation
    goods: Goods
    item: str
    material: str
    left_mg: int
    left_content_mg: int = 0
    unit_mg: int = 1

    def content_of(self, quantity: int) -> int | None:
        """Give the content of a part of a lot; credits have none.

        Raises:
            RefusalError: CUSTODY-088 for a part of a credit that is no whole number of units.
        """
        if self.goods is Goods.LOT:
            return self.left_content_mg * quantity // self.left_mg
        if quantity % self.unit_mg:
            unit = f"{self.unit_mg} mg"
            refuse(CREDITS_ARE_WHOLE_UNITS, credit=self.item, quantity=f"{quantity} mg", unit=unit)
        return None


def _held(actor: Person, item: str, at: datetime.datetime) -> _Held:
    """Give a lot or a credit to clerks of the holder.

    Raises:
        RefusalError: PARTY-001 for everybody else, and if there is none. CUSTODY-091 for a credit
            that has expired.
    """
    own = {one.name: one for one in queries.own(actor)}
    lot = Lot.objects.filter(lot_id=item, holder__in=own).first()
    if lot is not None:
        left, content = lot.left_mass_mg, lot.left_content_mg
        return _Held(own[lot.holder], Goods.LOT, item, lot.material, left, content)
    credit = CreditHeld.objects.filter(credit_id=item, holder__in=own).first()
    if credit is None:
        refuse(IS_THERE_FOR_YOU, lot=item[:80])
    if credit.expires_on <= timezone.localtime(at).date():
        refuse(CREDIT_IS_NOT_EXPIRED, credit=item, expires_on=credit.expires_on.isoformat())
    seller, left, unit = own[credit.holder], credit.left_mg, credit.unit_mg
    return _Held(seller, Goods.CREDITS, item, credit.material, left, unit_mg=unit)


def _entity(actor: Person, found: Deal, kind: StepKind, at: datetime.datetime) -> str:
    """Give for whom a clerk acts: for the party that may take the step, if they are its clerk."""
    names = [one.name for one in queries.own(actor)]
    parties = [name for name in names if name in (found.row.seller.name, found.row.buyer.name)]
    fitting = (one for one in parties if kind in next_steps(found.core, entity=one, at=at))
    return next(fitting, parties[0])

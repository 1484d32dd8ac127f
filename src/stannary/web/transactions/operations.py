"""What may be done about transactions: an offer, and the one step that ends it.

Rules: TRANSACTION-001 to TRANSACTION-011 (core), PARTY-001; CUSTODY codes where what is accepted
is booked.
"""

import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from stannary.core.kernel import refuse
from stannary.core.transactions import (
    DELIVERED,
    Step,
    StepKind,
    Terms,
    check_available,
    next_steps,
    offer,
    take,
)
from stannary.web.custody import operations as custody
from stannary.web.custody import queries as lots
from stannary.web.custody.models import Lot
from stannary.web.cycle.records import tidy
from stannary.web.parties.models import Organisation, Person
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.transactions import queries, records
from stannary.web.transactions.models import Offer, OfferStep
from stannary.web.transactions.queries import Deal

SITE_MAX = 200


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
    """Offer a lot, or a part of it, and reserve it until the offer ends. This will do it, or nothing.

    Args:
        actor: A clerk of whoever holds the lot.
        lot_id: The lot.
        buyer: Short name of an organisation of the same kind of record: made up or not.
        expires_at: First instant at which it is no longer open.
        quantity_mg: Dry mass; None: all that is left.
        reason: Anything the buyer should read.
        offer_id: Of the new offer; None: a new one. No page lets people choose.
        at: When it is made; None: now.

    Raises:
        RefusalError: PARTY-001 if the lot is not held by an organisation of the actor, or there is
            no such buyer. TRANSACTION-001 to 003 and 010 for what is offered, TRANSACTION-011 if
            less is left or not reserved.
    """
    moment, reason = at or timezone.now(), tidy(reason)
    custody.open_book()  # nobody uses the lot meanwhile
    lot, seller = _held(actor, tidy(lot_id))
    to = Organisation.objects.filter(slug=tidy(buyer), illustrative=seller.illustrative).first()
    if to is None:
        refuse(IS_THERE_FOR_YOU, buyer=buyer[:80])
    quantity = lot.left_mass_mg if quantity_mg is None else quantity_mg
    row = Offer(
        seller=seller,
        buyer=to,
        lot=lot.lot_id,
        material=lot.material,
        quantity_mg=quantity,
        content_mg=lot.left_content_mg * quantity // lot.left_mass_mg,
        offered_at=moment,
        expires_at=expires_at,
    )
    if offer_id is not None:
        row.id = offer_id
    terms: Terms = records.terms_of(row)
    made = offer(terms, by=str(actor.pk), reason=reason)
    check_available(
        terms.quantity,
        held=lot.left_mass_mg,
        transactions=queries.open_offers([lot.lot_id], moment),
        entity=terms.seller,
        item=terms.item,
        at=moment,
    )
    row.save(force_insert=True)
    return Deal(row, (_first(row, actor, reason),), made)


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
        lot = lots.lot(terms.item)
        custody.book_as_register(
            rows=records.rows_of(
                done,
                left_mg=lot.left_mass_mg,
                from_site=lot.holder_site,
                to_site=row.site or lot.holder_site,
                material=lot.material,
            )
        )
    return Deal(found.row, (*found.steps, row), done)


def _held(actor: Person, lot_id: str) -> tuple[Lot, Organisation]:
    """Give a lot and its holder to clerks of the holder."""
    lot = Lot.objects.filter(lot_id=lot_id).first()
    holder = lot.holder if lot is not None else ""
    seller = next((one for one in queries.own(actor) if one.name == holder), None)
    if lot is None or seller is None:
        refuse(IS_THERE_FOR_YOU, lot=lot_id[:80])
    return lot, seller


def _entity(actor: Person, found: Deal, kind: StepKind, at: datetime.datetime) -> str:
    """Give for whom a clerk acts: for the party that may take the step, if they are its clerk."""
    names = [one.name for one in queries.own(actor)]
    parties = [name for name in names if name in (found.row.seller.name, found.row.buyer.name)]
    fitting = (one for one in parties if kind in next_steps(found.core, entity=one, at=at))
    return next(fitting, parties[0])

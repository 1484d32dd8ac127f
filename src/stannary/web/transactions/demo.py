"""Illustrative offers: two that are open, and one that its seller withdrew."""

import datetime
from uuid import UUID

from django.utils import timezone

from stannary.core.transactions import StepKind
from stannary.web.parties.models import Person
from stannary.web.transactions.models import Offer
from stannary.web.transactions.operations import make_offer, take_step

LOT = "L-2041"
OPEN = UUID("5b1c1f0e-7a55-4f5c-9e0c-2f6d3f0a1c41")
OTHER = UUID("5b1c1f0e-7a55-4f5c-9e0c-2f6d3f0a1c42")
WITHDRAWN = UUID("5b1c1f0e-7a55-4f5c-9e0c-2f6d3f0a1c43")
KG = 1_000_000
DAYS = 14


def load(*, clerk: Person) -> None:
    """Make the offers, once."""
    if Offer.objects.exists():
        return
    until = timezone.now() + datetime.timedelta(days=DAYS)
    for name, buyer, kilograms, reason in (
        (WITHDRAWN, "example-trading-house", 900, "Illustrative: the first lot of spring."),
        (OPEN, "example-trading-house", 400, "Illustrative: as discussed in March."),
        (OTHER, "example-refining", 100, "Illustrative: a sample to be analysed."),
    ):
        make_offer(
            actor=clerk,
            lot_id=LOT,
            buyer=buyer,
            quantity_mg=kilograms * KG,
            expires_at=until,
            reason=reason,
            offer_id=name,
        )
        if name is WITHDRAWN:
            take_step(
                actor=clerk,
                offer_id=name,
                kind=StepKind.WITHDRAW,
                seen=1,
                reason="Illustrative: another quantity was agreed.",
            )

"""Offers that ended are recorded as expired by the register itself, once."""

import datetime

import pytest
from django.utils import timezone

from stannary.core.transactions import State, StepKind
from stannary.web.project import schedule
from stannary.web.transactions import queries, tasks
from stannary.web.transactions.models import OfferStep
from stannary.web.transactions.operations import expire_due, take_step
from web.transactions.conftest import BIT, ONE, Market

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]


@pytest.mark.parametrize(("late", "expired"), [(-BIT, 0), (0 * BIT, 1), (BIT, 1)])
def test_an_offer_expires_at_its_end(
    market: Market, late: datetime.timedelta, expired: int
) -> None:
    deal = market.offers()

    assert expire_due(now=deal.row.expires_at + late) == expired
    assert expire_due(now=deal.row.expires_at + late) == 0

    found = queries.deal(market.ann, deal.row.pk)
    assert found.core.state is (State.EXPIRED if expired else State.OFFERED)
    assert OfferStep.objects.filter(party="register", by=None).count() == expired


def test_what_was_answered_does_not_expire(market: Market) -> None:
    deal = market.offers()
    take_step(
        actor=market.ben, offer_id=deal.row.pk, kind=StepKind.REFUSE, seen=1, reason="Made up."
    )

    assert expire_due(now=deal.row.expires_at + ONE) == 0


def test_it_is_looked_for_with_every_tick(market: Market) -> None:
    now = timezone.now()
    market.offers(at=now - 3 * ONE, expires_at=now - ONE)
    assert tasks.expire_due in schedule._named

    tasks.expire_due.call()

    assert OfferStep.objects.filter(kind="expire", number=2).count() == 1

"""Offers in the register: reserved at once, answered once, delivered into the book or not at all."""

import datetime
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.custody.chains import START
from refusals import refused_by
from stannary.core.custody import Kind, Row, Side
from stannary.core.transactions import State, StepKind
from stannary.web.custody import holds, trial
from stannary.web.custody import operations as custody
from stannary.web.custody.models import Lot, Movement
from stannary.web.parties.models import Organisation, Person, Role
from stannary.web.transactions import demo, queries, records
from stannary.web.transactions.models import Offer, OfferStep
from stannary.web.transactions.operations import take_step
from web.transactions.conftest import BIT, KG, NOW, ONE, Market, mined

ACCEPT, PART = StepKind.ACCEPT, StepKind.ACCEPT_PART
WHY: dict[str, Any] = {"reason": "made up"}


def use(event: str, mass_mg: int, kind: Kind = Kind.LOSS, content_mg: int = 0) -> Row:
    return Row(
        event=event,
        at=NOW - 20 * ONE,
        kind=kind,
        site="example-yard",
        entity="Example Seller",
        lot="L-1",
        side=Side.MOVE if kind is Kind.SHIP else Side.IN,
        material="tin concentrate",
        mass_mg=mass_mg,
        content_mg=content_mg or mass_mg // 3,
    )


def lot(name: str = "L-1") -> tuple[str, int, int]:
    found = Lot.objects.get(lot_id=name)
    return found.holder, found.left_mass_mg, found.left_content_mg


def test_an_offer_reserves_and_moves_nothing(market: Market) -> None:
    deal = market.offers()

    assert (deal.core.state, deal.core.terms.quantity) == (State.OFFERED, KG)
    assert deal.row.content_mg == KG // 3
    assert queries.kept(["L-1", "L-2"]) == {"L-1": ("Example Seller", KG, KG // 3)}
    assert lot() == ("Example Seller", KG, KG // 3)


@pytest.mark.parametrize(("second", "refused"), [(KG // 2, False), (KG // 2 + 1, True)])
def test_what_is_reserved_is_not_offered_again(market: Market, second: int, refused: bool) -> None:
    market.offers(KG // 2)

    found = refused_by(lambda: market.offers(second))

    assert found == ("TRANSACTION-011" if refused else None)
    assert Offer.objects.count() == (1 if refused else 2)


@pytest.mark.parametrize("quantity", [0, -1, KG + 1])
def test_only_what_is_there_is_offered(market: Market, quantity: int) -> None:
    found = refused_by(lambda: market.offers(quantity))

    assert found in ("TRANSACTION-002", "TRANSACTION-011")
    assert Offer.objects.count() == 0


def test_the_whole_passes_to_the_buyer(market: Market) -> None:
    deal = market.offers()

    done = take_step(actor=market.ben, offer_id=deal.row.pk, kind=ACCEPT, seen=1, site="dock")

    assert done.core.state is State.ACCEPTED
    assert lot() == ("Example Buyer", KG, KG // 3)
    assert Lot.objects.get(lot_id="L-1").holder_site == "dock"
    assert list(Movement.objects.order_by("pk").values_list("kind", flat=True)) == [
        "purchase",
        "ship",
        "receive",
    ]
    assert queries.kept(["L-1"]) == {}


def test_a_part_is_split_off_and_the_rest_is_free(market: Market) -> None:
    deal = market.offers(600_000)

    done = take_step(
        actor=market.ben, offer_id=deal.row.pk, kind=PART, seen=1, quantity_mg=400_000, **WHY
    )

    assert (done.core.state, done.core.accepted) == (State.PARTLY_ACCEPTED, 400_000)
    part = f"L-1-{str(deal.row.pk)[:8]}"
    assert lot(part) == ("Example Buyer", 400_000, 133_332)
    assert lot() == ("Example Seller", 600_000, KG // 3 - 133_332)
    assert market.offers(600_000).core.state is State.OFFERED


def test_an_accepted_part_of_a_lot_is_split_off_too(market: Market) -> None:
    deal = market.offers(600_000)

    take_step(actor=market.ben, offer_id=deal.row.pk, kind=ACCEPT, seen=1)

    assert lot(f"L-1-{str(deal.row.pk)[:8]}")[1] == 600_000
    assert lot()[1] == 400_000


@pytest.mark.parametrize("kind", [StepKind.REFUSE, StepKind.WITHDRAW])
def test_what_is_refused_or_withdrawn_is_free(market: Market, kind: StepKind) -> None:
    deal = market.offers()
    actor = market.ben if kind is StepKind.REFUSE else market.ann

    take_step(actor=actor, offer_id=deal.row.pk, kind=kind, seen=1, **WHY)

    assert queries.kept(["L-1"]) == {}
    assert lot()[0] == "Example Seller"
    assert market.offers().core.state is State.OFFERED


@pytest.mark.parametrize(("early", "code"), [(BIT, None), (0 * BIT, "TRANSACTION-008")])
def test_an_offer_is_accepted_before_its_end(
    market: Market, early: datetime.timedelta, code: str | None
) -> None:
    deal = market.offers()
    at = deal.row.expires_at - early

    accept = partial(take_step, actor=market.ben, offer_id=deal.row.pk, kind=ACCEPT, seen=1, at=at)

    assert refused_by(accept) == code


def test_an_offer_that_is_over_reserves_nothing_and_can_be_recorded_so(market: Market) -> None:
    now = timezone.now()
    deal = market.offers(at=now - 3 * ONE, expires_at=now - ONE)

    assert queries.kept(["L-1"]) == {}
    assert queries.possible(market.ann, queries.deal(market.ann, deal.row.pk), now) == (
        StepKind.EXPIRE,
    )
    done = take_step(actor=market.ann, offer_id=deal.row.pk, kind=StepKind.EXPIRE, seen=1)
    assert done.core.state is State.EXPIRED


def test_of_two_answers_the_second_is_refused(market: Market) -> None:
    deal = market.offers()
    take_step(actor=market.ann, offer_id=deal.row.pk, kind=StepKind.WITHDRAW, seen=1, **WHY)

    late = partial(take_step, actor=market.ben, offer_id=deal.row.pk, kind=ACCEPT)

    assert refused_by(partial(late, seen=1)) == "TRANSACTION-006"
    assert refused_by(partial(late, seen=2)) == "TRANSACTION-004"
    assert Movement.objects.count() == 1


@pytest.mark.parametrize(("kind", "who"), [(ACCEPT, "ann"), (StepKind.WITHDRAW, "ben")])
def test_nobody_takes_the_step_of_the_other_party(market: Market, kind: StepKind, who: str) -> None:
    deal = market.offers()

    found = refused_by(
        lambda: take_step(
            actor=getattr(market, who), offer_id=deal.row.pk, kind=kind, seen=1, **WHY
        )
    )

    assert found == "TRANSACTION-005"


def test_the_demonstration_has_offers_that_are_made_once(demonstration: None) -> None:
    clerk = Person.objects.get(username="clerk")
    demo.load(clerk=clerk)
    demo.load(clerk=clerk)

    states = {deal.row.pk: deal.core.state for deal in map(queries.deal_of, Offer.objects.all())}

    assert states == {
        demo.OPEN: State.OFFERED,
        demo.OTHER: State.OFFERED,
        demo.WITHDRAWN: State.WITHDRAWN,
    }
    assert queries.kept([demo.LOT]) == {"L-2041": ("Example Cells", 500 * KG, 94161957)}


@pytest.mark.parametrize(
    "event", ["E-1", "T-x-ship", "T-5b1c1f0e-7a55-4f5c-9e0c-2f6d3f0a1c41-split"]
)
def test_an_event_of_somebody_else_is_no_delivery(event: str) -> None:
    assert records.transaction_in(event) is None


def test_rows_say_what_they_are(market: Market) -> None:
    deal = market.offers()

    assert str(deal.row) == "L-1 to example-buyer"
    assert str(deal.steps[0]) == "1 offer"


def test_asking_twice_for_the_same_reader_changes_nothing() -> None:
    before = list(holds._readers)

    holds.ask(queries.kept)

    assert holds._readers == before


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_refused(market: Market) -> None:
    two_offers = at_once(lambda: market.offers(600_000), lambda: market.offers(600_000))
    row = Offer.objects.get()
    step = partial(take_step, offer_id=row.pk, seen=1)
    two_answers = at_once(
        partial(step, actor=market.ben, kind=ACCEPT),
        partial(step, actor=market.ann, kind=StepKind.WITHDRAW, **WHY),
    )
    most = lot()[1] * 3 // 5
    offer_and_use = at_once(
        lambda: market.offers(most), lambda: custody.book_as_register(rows=[use("E-2", most)])
    )

    assert sorted(two_offers, key=str) == [None, "TRANSACTION-011"]
    assert sorted(two_answers, key=str) == [None, "TRANSACTION-006"]
    assert sorted(offer_and_use, key=str) == [None, "TRANSACTION-011"]


def at_once(*acts: Callable[[], object]) -> list[str | None]:
    """Do acts in threads of their own, each with its own connection, and give what refused them."""
    codes: list[str | None] = []

    def do(act: Callable[[], object]) -> None:
        try:
            codes.append(refused_by(act))
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return codes


def test_to_others_nothing_is_there(market: Market) -> None:
    deal = market.offers()
    acts: list[Callable[[], object]] = [
        lambda: queries.deal(market.eve, deal.row.pk),
        lambda: take_step(actor=market.eve, offer_id=deal.row.pk, kind=ACCEPT, seen=1),
        lambda: market.offers(actor=market.eve),
        lambda: market.offers(actor=market.ben),
        lambda: market.offers(lot_id="L-9"),
        lambda: market.offers(buyer="nobody"),
    ]
    Role.objects.filter(person=market.ann).delete()
    acts.append(lambda: queries.offers(market.ann))

    assert [refused_by(act) for act in acts] == ["PARTY-001"] * len(acts)
    assert list(queries.offers(market.eve)) == []


def test_a_made_up_organisation_offers_to_no_real_one(market: Market) -> None:
    Organisation.objects.filter(pk=market.buyer.pk).update(illustrative=False)

    assert refused_by(market.offers) == "PARTY-001"


def test_nobody_offers_to_themselves(market: Market) -> None:
    assert refused_by(lambda: market.offers(buyer="example-seller")) == "TRANSACTION-001"


@pytest.mark.parametrize(("mass", "code"), [(400_000, None), (400_001, "TRANSACTION-011")])
def test_a_reserved_part_is_not_used(market: Market, mass: int, code: str | None) -> None:
    market.offers(600_000)

    found = refused_by(lambda: custody.book_as_register(rows=[use("E-2", mass)]))

    assert found == code


def test_the_content_of_a_reserved_part_is_not_used_either(market: Market) -> None:
    market.offers(600_000)

    thin = use("E-2", 400_000, content_mg=200_000)

    assert refused_by(lambda: custody.book_as_register(rows=[thin])) == "TRANSACTION-011"


def test_a_reserved_lot_is_not_shipped_elsewhere(market: Market) -> None:
    market.offers(1000)
    ship = use("E-2", KG, Kind.SHIP)

    assert refused_by(lambda: custody.book_as_register(rows=[ship])) == "TRANSACTION-011"
    tried = trial.try_rows(actor=market.ann, rows=[ship])
    assert [one.code for one in tried.findings] == ["TRANSACTION-011"]
    assert dict(tried.findings[0].facts) == {
        "item": "L-1",
        "held": "0 mg",
        "reserved": "1000 mg",
    }


def test_other_lots_are_free(market: Market) -> None:
    market.offers()

    assert custody.book_as_register(rows=[mined("L-2")]) == 2


def test_what_cannot_be_booked_is_not_accepted(market: Market) -> None:
    deal = market.offers(at=NOW - 40 * ONE)  # before the lot was made

    found = refused_by(
        lambda: take_step(
            actor=market.ben, offer_id=deal.row.pk, kind=ACCEPT, seen=1, at=NOW - 35 * ONE
        )
    )

    assert found == "CUSTODY-004"
    assert OfferStep.objects.count() == 1
    assert queries.kept(["L-1"])["L-1"][1] == KG


@pytest.mark.parametrize(
    "wrong",
    [
        {"quantity_mg": 0},
        {"content_mg": 0},
        {"content_mg": 11},
        {"lot": ""},
        {"expires_at": START},
        {"same": True},
    ],
)
def test_the_database_holds_the_same(market: Market, wrong: dict[str, object]) -> None:
    whole: dict[str, object] = {
        "seller": market.seller,
        "buyer": market.seller if wrong.pop("same", False) else market.buyer,
        "lot": "L-1",
        "material": "tin",
        "quantity_mg": 10,
        "content_mg": 10,
        "offered_at": START,
        "expires_at": START + BIT,
    }

    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.create(**(whole | wrong))


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": 1},
        {"number": 3},
        {"kind": "steal"},
        {"party": "somebody"},
        {"kind": "accept_part"},
        {"quantity_mg": 5},
    ],
)
def test_the_database_takes_a_step_once(market: Market, wrong: dict[str, object]) -> None:
    deal = market.offers()
    whole: dict[str, object] = {
        "offer": deal.row,
        "number": 2,
        "kind": "accept",
        "party": "buyer",
        "at": START,
    }

    with pytest.raises(IntegrityError), transaction.atomic():
        OfferStep.objects.create(**(whole | wrong))


def test_a_clerk_of_both_parties_takes_the_steps_of_both(market: Market) -> None:
    Role.objects.create(person=market.ann, organisation=market.buyer, kind="clerk")
    deal = market.offers()

    assert queries.possible(market.ann, queries.deal(market.ann, deal.row.pk), timezone.now()) == (
        ACCEPT,
        PART,
        StepKind.REFUSE,
        StepKind.WITHDRAW,
    )
    done = take_step(actor=market.ann, offer_id=deal.row.pk, kind=ACCEPT, seen=1)
    assert done.steps[-1].party == "buyer"


def test_both_parties_statements_say_the_same(market: Market) -> None:
    deal = market.offers(600_000)
    take_step(actor=market.ben, offer_id=deal.row.pk, kind=ACCEPT, seen=1)
    period = {"begin": NOW - 40 * ONE, "end": timezone.now() + ONE}

    ours = queries.statement_of(market.ann, "example-seller", **period)
    theirs = queries.statement_of(market.ben, "example-buyer", **period)

    assert ours.closing == {"tin concentrate": 400_000}
    assert theirs.closing == {"tin concentrate": 600_000}
    (line,) = theirs.lines
    assert (line.counterparty, line.transaction) == ("Example Seller", str(deal.row.pk))
    assert [one.quantity for one in ours.lines] == [KG, -600_000, 600_000, -600_000]
    assert refused_by(partial(queries.statement_of, market.eve, "example-seller", **period)) == (
        "PARTY-001"
    )


@pytest.mark.either_database
def test_all_of_it_is_all_that_is_not_reserved(market: Market) -> None:
    market.offers(400_000)

    assert market.offers().row.quantity_mg == KG - 400_000
    assert refused_by(market.offers) == "TRANSACTION-011"


@pytest.mark.either_database
@pytest.mark.parametrize(("late", "found"), [(0 * BIT, None), (BIT, "TRANSACTION-012")])
def test_an_offer_is_open_no_longer_than_the_pack_says(
    market: Market, late: datetime.timedelta, found: str | None
) -> None:
    now = timezone.now()
    end = now + 366 * ONE + late

    assert refused_by(lambda: market.offers(at=now, expires_at=end)) == found
    assert Offer.objects.count() == (found is None)

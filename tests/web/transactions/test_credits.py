"""Credits: offered, accepted whole or in part, reserved meanwhile, and used up for somebody once."""

import datetime
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from refusals import refused_by
from stannary.core.transactions import State, StepKind
from stannary.web.custody.books.retiring import retire
from stannary.web.custody.models import CreditHeld, CreditUse
from stannary.web.parties.models import Person
from stannary.web.transactions.models import Offer
from stannary.web.transactions.operations import take_step
from web.transactions.conftest import KG, ONE, Market


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def held() -> dict[str, int]:
    """Give what is left of credits, by holder."""
    found = CreditHeld.objects.filter(left_mg__gt=0).values_list("holder", "left_mg")
    return dict(found)


def test_a_part_of_a_credit_passes_to_the_buyer_and_the_rest_is_free(credited: Market) -> None:
    deal = credited.offers(4 * KG, lot_id="C-1")
    assert refused_by(lambda: credited.offers(3 * KG, lot_id="C-1")) == "TRANSACTION-011"
    using: dict[str, Any] = {"actor": credited.ann, "credit_id": "C-1", "beneficiary": "Product"}
    assert refused_by(lambda: retire(**using, quantity_mg=3 * KG)) == "TRANSACTION-011"
    retire(**using, quantity_mg=2 * KG)

    def accept(mg: int) -> Any:
        return take_step(
            actor=credited.ben,
            offer_id=deal.row.pk,
            kind=StepKind.ACCEPT_PART,
            seen=1,
            reason="a part",
            quantity_mg=mg,
        )

    assert refused_by(lambda: accept(KG + 1)) == "CUSTODY-088"
    done = accept(KG)

    assert done.core.state is State.PARTLY_ACCEPTED
    assert held() == {"Example Seller": 3 * KG, "Example Buyer": KG}
    (passed,) = CreditHeld.objects.filter(holder="Example Buyer")
    assert (passed.parent, passed.booked_by) == ("C-1", "Example Seller")
    credited.offers(3 * KG, lot_id="C-1")  # the rest is free again


def test_a_whole_credit_is_accepted_refused_or_expires(credited: Market) -> None:
    def end(kind: StepKind, who: Person, **other: Any) -> State:
        deal = credited.offers(lot_id="C-1")
        done = take_step(
            actor=who, offer_id=deal.row.pk, kind=kind, seen=1, reason="made up", **other
        )
        return done.core.state

    later = timezone.now() + 3 * ONE
    assert end(StepKind.REFUSE, credited.ben) is State.REFUSED
    assert end(StepKind.WITHDRAW, credited.ann) is State.WITHDRAWN
    assert end(StepKind.EXPIRE, credited.ann, at=later) is State.EXPIRED
    assert held() == {"Example Seller": 6 * KG}
    assert end(StepKind.ACCEPT, credited.ben) is State.ACCEPTED
    assert held() == {"Example Buyer": 6 * KG}
    assert Offer.objects.filter(goods="credits", content_mg=None).count() == 4


@pytest.mark.either_database
def test_credits_are_offered_in_whole_units_by_their_holder_while_they_live(
    credited: Market,
) -> None:
    for mg, code in ((KG - 1, "CUSTODY-088"), (KG, None), (KG + 1, "CUSTODY-088")):
        assert refused_by(lambda mg=mg: credited.offers(mg, lot_id="C-1")) == code  # type: ignore[misc]
    assert refused_by(lambda: credited.offers(lot_id="C-1", actor=credited.eve)) == "PARTY-001"
    ends = CreditHeld.objects.get().expires_on
    for days, code in ((-1, None), (0, "CUSTODY-091"), (1, "CUSTODY-091")):
        at = datetime.datetime.combine(ends, datetime.time(12), tzinfo=datetime.UTC) + days * ONE
        said: dict[str, Any] = {"lot_id": "C-1", "at": at, "expires_at": at + ONE}
        assert refused_by(lambda said=said: credited.offers(KG, **said)) == code  # type: ignore[misc]


def test_a_credit_is_used_up_once_for_somebody_who_is_named(credited: Market) -> None:
    using: dict[str, Any] = {"actor": credited.ann, "credit_id": "C-1", "quantity_mg": 4 * KG}
    assert refused_by(lambda: retire(**using, beneficiary=" ")) == "CUSTODY-092"
    assert refused_by(lambda: retire(**{**using, "actor": credited.ben}, beneficiary="X")) == (
        "PARTY-001"
    )
    retire(**using, beneficiary="Product 7", period="2026")

    assert refused_by(lambda: retire(**using, beneficiary="Product 7")) == "CUSTODY-090"
    retire(**{**using, "quantity_mg": None}, beneficiary="Product 8")
    assert held() == {}
    said = CreditUse.objects.order_by("pk").values_list("beneficiary", "quantity_mg")
    assert sorted(said) == [("Product 7", 4 * KG), ("Product 8", 2 * KG)]


def test_pages_and_programs_offer_a_credit_and_use_it_up(credited: Market) -> None:
    ann = browser(credited.ann)
    form = ann.get("/transactions/offer/?lot=C-1").content.decode()
    assert '<option value="C-1" selected>' in form
    until = (timezone.localdate() + ONE).isoformat()
    sent = {"lot": "C-1", "buyer": "example-buyer", "mass_kg": "2", "until": until}
    address = ann.post("/transactions/offer/", sent)["Location"]
    page = browser(credited.ben).get(address).content.decode()
    assert "/credits/C-1/" in page
    assert "Where you receive it" not in page
    shown = ann.get("/credits/C-1/").content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "Use it up" in shown
    assert "2 kg" in shown
    public = Client().get("/credits/C-1/").content.decode()
    assert "Reserved by open offers" in shown
    assert not [one for one in ("Use it up", "Reserved by open offers") if one in public]

    wrong = ann.post("/credits/C-1/retire/", {"beneficiary": "Product 7", "mass_kg": "5"})
    done = ann.post("/credits/C-1/retire/", {"beneficiary": "Product 7", "mass_kg": "3"})

    assert (wrong.status_code, "TRANSACTION-011" in wrong.content.decode()) == (422, True)
    assert done["Location"] == "/credits/C-1/"
    assert "Product 7" in Client().get("/credits/C-1/").content.decode()
    assert "Product 7" in Client().get("/credits/").content.decode()
    body = json.dumps({"beneficiary": "Product 8", "quantity_mg": str(KG)})
    made = ann.post("/api/v1/credits/C-1/retirements", body, content_type="application/json")
    assert (made.status_code, made.json()["beneficiary"]) == (201, "Product 8")
    assert Client().get(made["Location"]).json()["left_mg"] == str(2 * KG)
    deal = ann.get("/api/v1/transactions").json()["items"][0]
    assert (deal["goods"], deal["content_mg"], deal["lot"]) == ("credits", None, "C-1")
    theirs = browser(credited.ben)
    assert theirs.post("/credits/C-1/retire/", {"beneficiary": "X"}).status_code == 404
    assert Client().get("/credits/none/").status_code == 404

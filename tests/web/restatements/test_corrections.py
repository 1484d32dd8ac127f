"""Corrections that are looked at, then booked: of lots, of credits, and of what never happened."""

import datetime
import json
from typing import Any

import pytest
from django.test import Client

from refusals import refused_by
from stannary.core.custody import CertificateStatus, Kind, Row, Side
from stannary.web.custody.books.retiring import retire
from stannary.web.custody.models import CreditHeld, CreditUse, Lot
from stannary.web.custody.operations import book_as_register
from stannary.web.parties.models import Person
from stannary.web.restatements import queries
from stannary.web.restatements.models import BookedCorrection
from stannary.web.restatements.operations import correct
from stannary.web.restatements.queries import Told, Wanted
from stannary.web.transactions import queries as transactions
from web.transactions.conftest import KG, NOW, ONE, Market, mined

PAGE = "/restatements/"
API = "/api/v1/restatements"


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def told(actor: Person, key: str, **wanted: Any) -> Told:
    return queries.of_record(actor, queries.known(actor), Wanted(key, **wanted), NOW)


def use_up(market: Market, kilograms: int) -> str:
    done = retire(
        actor=market.ann, credit_id="C-1", quantity_mg=kilograms * KG, beneficiary="Product 7"
    )
    return f"event:{done.event}"


def lost(lot: str, mass_mg: int) -> Row:
    return Row(
        event=f"E-lost-{lot}",
        at=NOW,
        kind=Kind.LOSS,
        site="example-yard",
        entity="Example Seller",
        lot=lot,
        side=Side.IN,
        material="tin concentrate",
        mass_mg=mass_mg,
        content_mg=mass_mg // 3,
    )


def test_a_credit_that_was_used_up_cannot_become_less_than_that(credited: Market) -> None:
    use_up(credited, 4)
    for kilograms, codes in ((5, []), (4, []), (3, ["CUSTODY-090"])):
        found = told(credited.ann, "C-1", content_mg=kilograms * KG)
        assert [one.code for one in found.against] == codes

    assert found.kept is not None
    (credit,) = found.kept.credits
    assert (credit.before_mg, credit.after_mg, credit.passed_on_mg) == (6 * KG, 3 * KG, KG)
    assert [one.beneficiary for one in found.kept.uses] == ["Product 7"]
    people = {(one.entity, one.role) for one in found.kept.notices}
    assert ("Product 7", "beneficiary") in people
    wanted = Wanted("C-1", content_mg=3 * KG)
    book = {"actor": credited.ann, "wanted": wanted, "reason": "made up"}
    assert refused_by(lambda: correct(**book)) == "CUSTODY-090"  # type: ignore[arg-type]


def test_a_credit_and_what_was_used_up_are_corrected_by_records_of_their_own(
    credited: Market,
) -> None:
    used = use_up(credited, 4)

    correct(
        actor=credited.ann,
        wanted=Wanted("C-1", content_mg=5 * KG),
        reason="The scale was out of order.",
    )
    correct(actor=credited.ann, wanted=Wanted(used, content_mg=3 * KG), reason="A product less.")

    (credit,) = CreditHeld.objects.all()
    assert (credit.quantity_mg, credit.left_mg) == (5 * KG, 2 * KG)
    (use,) = CreditUse.objects.all()
    assert (use.beneficiary, use.quantity_mg) == ("Product 7", 3 * KG)
    assert [one.reason for one in queries.corrections_of(used.removeprefix("event:"))] == [
        "A product less."
    ]
    correct(actor=credited.ann, wanted=Wanted(used, annul=True), reason="Another product.")
    assert not CreditUse.objects.exists()
    assert CreditHeld.objects.get().left_mg == 5 * KG


def test_what_never_happened_is_taken_back_and_its_id_is_not_used_again(market: Market) -> None:
    book_as_register(rows=[mined("L-2"), lost("L-2", 1000)])
    wanted = Wanted("L-2", annul=True)
    against = [one.code for one in told(market.ann, "L-2", annul=True).against]
    assert "CUSTODY-003" in against  # it was used: that is taken back first

    correct(actor=market.ann, wanted=Wanted("event:E-lost-L-2", annul=True), reason="made up")
    assert Lot.objects.get(lot_id="L-2").left_mass_mg == KG
    done = correct(actor=market.ann, wanted=wanted, reason="It was booked twice.")

    assert not Lot.objects.filter(lot_id="L-2").exists()
    assert (done.restates, done.annuls) == ("E-L-2", True)
    lines = transactions.lines_of(market.seller)
    assert sum(one.quantity for one in lines) == KG
    again = mined("L-2")
    fresh = Row(**{name: getattr(again, name) for name in Row.__slots__} | {"event": "E-again"})
    assert refused_by(lambda: book_as_register(rows=[fresh])) == "CUSTODY-001"
    assert refused_by(lambda: correct(actor=market.ann, wanted=wanted, reason="x")) == "PARTY-001"


@pytest.mark.either_database
def test_a_correction_says_why_and_is_of_whoever_recorded_it(market: Market) -> None:
    lighter = Wanted("L-1", mass_mg=KG // 2, content_mg=KG // 6)
    same = Wanted("L-1", mass_mg=KG)

    def refused(actor: Person, wanted: Wanted, reason: str = "made up") -> str | None:
        return refused_by(lambda: correct(actor=actor, wanted=wanted, reason=reason))

    assert refused(market.ben, lighter) == "PARTY-001"
    assert refused(market.ann, lighter, " ") == "RESTATEMENT-003"
    assert refused(market.ann, same) == "RESTATEMENT-002"
    assert refused(market.ann, lighter, "=1+1") == "CUSTODY-042"
    assert [one.code for one in told(market.ben, "L-1", mass_mg=KG // 2).against] == ["CUSTODY-046"]
    assert not BookedCorrection.objects.exists()
    assert refused(market.ann, lighter) is None
    assert Lot.objects.get().left_mass_mg == KG // 2


def test_a_certificate_that_falls_away_reaches_credits(credited: Market) -> None:
    known = queries.known(credited.ann)

    def after(day: datetime.date) -> list[tuple[str, int]]:
        status = CertificateStatus.SUSPENDED
        found = queries.of_certificate(known, "COC-example-seller", status, day)
        assert found.kept is not None
        return [(one.id, one.missing_mg) for one in found.kept.credits]

    booked_on = NOW.date()
    assert after(booked_on + ONE) == []
    assert after(booked_on) == [("C-1", 6 * KG)]
    assert refused_by(
        lambda: queries.of_certificate(known, "none", CertificateStatus.SUSPENDED, booked_on)
    ) == ("PARTY-001")


def test_a_page_shows_what_is_touched_and_books_it(credited: Market) -> None:
    use_up(credited, 4)
    client = browser(credited.ann)
    asked = {"lot": "C-1", "content_kg": "5"}
    shown = client.get(PAGE, asked).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    for part in (
        "6 kg → 5 kg",
        "take unused credits back",
        "Book the correction",
        "<strong>C-1</strong> · ",
    ):
        assert part in shown
    short = client.get(PAGE, {**asked, "content_kg": "3"}).content.decode()
    assert "Why it cannot be booked as it is" in short
    assert "Book the correction</button>" not in short
    gone = client.get(
        PAGE, {"certificate": "COC-example-seller", "status": "withdrawn", "on": "2026-06-01"}
    )
    assert "holds the credits" in gone.content.decode()
    unkept = client.get(PAGE, {"lot": "L-M", "gone": "1"}).content.decode()
    assert "RESTATEMENT-" in unkept

    refused = client.post(f"{PAGE}book/", {**asked, "reason": ""})
    done = client.post(f"{PAGE}book/", {**asked, "reason": "The scale."})

    assert (refused.status_code, "RESTATEMENT-003" in refused.content.decode()) == (422, True)
    assert done["Location"] == PAGE
    assert "The scale." in client.get(PAGE, {"lot": "C-1", "content_kg": "6"}).content.decode()
    assert browser(credited.ben).post(f"{PAGE}book/", {**asked, "reason": "x"}).status_code == 404


@pytest.mark.either_database
def test_programs_ask_and_book(credited: Market) -> None:
    client = browser(credited.ann)
    said = client.get(API, {"record": "C-1", "content_mg": str(5 * KG)}).json()
    assert [(one["credit"], one["after_mg"]) for one in said["credits"]] == [("C-1", str(5 * KG))]
    assert said["against"] == []
    asked = {"kind": "certificate", "id": "COC-example-seller", "on": "2026-06-01"}
    assert client.get(f"{API}/falling", asked).json()["credits"]
    unknown = {**asked, "kind": "attestation", "id": "urn:example:none"}
    assert client.get(f"{API}/falling", unknown).status_code == 404

    body = json.dumps({"record": "C-1", "content_mg": str(5 * KG), "reason": "The scale."})
    made = client.post(API, body, content_type="application/json")

    assert (made.status_code, made.json()["annuls"]) == (201, False)
    assert client.get(made["Location"]).json()[0]["kind"] == "correct"

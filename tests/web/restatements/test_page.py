"""The page of corrections: who may ask, what it shows, and that it books nothing."""

from fractions import Fraction
from typing import Any

import pytest
from django.test import Client

from core.claims.lots import DAY
from stannary.core.custody import Kind
from stannary.web.claims import demo as claims
from stannary.web.claims.models import Claim
from stannary.web.claims.operations import withdraw_claim
from stannary.web.custody import queries
from stannary.web.custody.models import Lot, Movement
from stannary.web.parties.models import Organisation, Person, Role
from stannary.web.restatements import queries as restatements
from stannary.web.restatements import views
from stannary.web.transactions import demo as transactions

PAGE = "/restatements/"
pytestmark = pytest.mark.usefixtures("demonstration")


def browser(name: str) -> Client:
    client = Client()
    client.force_login(Person.objects.get(username=name))
    return client


def asked(name: str = "clerk", **query: str) -> Any:
    return browser(name).get(PAGE, query)


def text(answer: Any) -> str:
    return str(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def claimed_lot() -> str:
    """Give a mined lot on which the demonstration's claim rests."""
    claims.load(clerk=Person.objects.get(username="clerk"))
    claim = Claim.objects.get()
    origins = queries.traced(claim.lot).trace.origins
    return next(one.parts[0].lot for one in origins if one.share == Fraction(claim.share))


def test_clerks_and_the_secretariat_may_ask() -> None:
    person = Person.objects.create_user("sam", password="long enough for tests")
    assert Client().get(PAGE).status_code == 302
    assert asked("sam").status_code == 404
    scheme = Organisation.objects.create(slug="scheme", name="Scheme", kind="scheme")
    Role.objects.create(person=person, organisation=scheme, kind="secretariat")
    assert asked("sam").status_code == 200
    assert "Show what it touches" in text(asked())


@pytest.mark.either_database
def test_a_record_is_searched_for_and_then_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "ROWS", 2)
    every = asked().context["page"].paginator.count
    made = Movement.objects.filter(kind=Kind.PRODUCE).earliest("at")

    first, second = asked(), asked(page="2")
    found = asked(find=made.lot.lower(), group="lots")

    assert every > 4
    assert [len(one.context["rows"]) for one in (first, second)] == [2, 2]
    keys = [one["key"] for answer in (first, second) for one in answer.context["rows"]]
    assert len(set(keys)) == 4
    assert f'href="?lot={made.lot}"' in text(found)
    assert found.context["page"].paginator.count < every
    assert not asked(find=made.lot, group="credits").context["rows"]
    assert "No record is like that." in text(asked(find="nothing is called so"))
    chosen = text(asked(lot=made.lot))
    assert f'<input type="hidden" name="lot" value="{made.lot}">' in chosen
    assert "Choose another record" in chosen


@pytest.mark.either_database
def test_of_an_event_that_moves_nothing_new_there_is_one_record_each() -> None:
    known = restatements.known(Person.objects.get(username="clerk"))
    records = list(restatements.records_found("", "other"))

    assert len({one.event for one in records}) == len(records) > 0
    assert {Kind(one.kind) for one in records} <= {*restatements.GROUPS["other"]}
    assert len(restatements.rows_now(known, records)) == len(records)


def test_a_lighter_input_shows_everything_that_it_touches() -> None:
    transactions.load(clerk=Person.objects.get(username="clerk"))
    lot = claimed_lot()
    before = Movement.objects.count(), Lot.objects.count()

    answer = asked(lot=lot, mass_kg="2", content_kg="1")

    shown = text(answer)
    assert answer.status_code == 200
    for said in ("RESTATEMENT-010", "RESTATEMENT-013", "Who must be told", "Example Refining"):
        assert said in shown
    assert "it does not hold any more" in shown
    assert "deliver what is missing" in shown
    assert "Sales of yours" in shown
    assert (Movement.objects.count(), Lot.objects.count()) == before


def test_of_sales_everybody_sees_their_own_alone() -> None:
    transactions.load(clerk=Person.objects.get(username="clerk"))
    other = Person.objects.create_user("other", password="long enough for tests")
    those = Organisation.objects.get(slug="example-north-mining")
    Role.objects.create(person=other, organisation=those, kind="clerk")
    mined = Movement.objects.filter(kind=Kind.PRODUCE).order_by("-content_mg")[0]

    answer = asked("other", lot=mined.lot, gone="1")

    assert "Sales of yours" not in text(answer)
    assert "CUSTODY-003" in text(answer)


def test_an_attestation_that_falls_away_touches_what_was_produced_after() -> None:
    row = Movement.objects.exclude(attestation="").filter(kind=Kind.PRODUCE).earliest("at")
    begins = row.at.date().isoformat()

    for status, on, touches in (("withdrawn", begins, True), ("suspended", "2029-02-01", False)):
        answer = asked(attestation=row.attestation, status=status, on=on)

        shown = text(answer)
        if answer.status_code == 200:
            assert ("It touches nothing" in shown) is not touches
        else:
            assert "ATTESTATION-" in shown


def test_what_cannot_be_so_is_told_and_what_is_not_there_is_not_there() -> None:
    made = Movement.objects.get(lot="L-2041", kind=Kind.BLEND, side="out")
    kilograms = f"{made.mass_mg / 10**6:.6f}"

    assert "RESTATEMENT-002" in text(asked(lot="L-2041", mass_kg=kilograms))
    assert "CUSTODY-035" in text(asked(lot="L-2041", mass_kg="heavy"))
    assert asked(lot="L-2041", mass_kg="heavy").status_code == 422
    assert asked(lot="L-0", mass_kg="1").status_code == 404
    assert asked(attestation="urn:example:none", status="withdrawn").status_code == 404
    assert "Who must be told" not in text(asked(lot="L-2041"))


def test_a_claim_that_was_taken_back_is_left_out(clerk: Person) -> None:

    lot = claimed_lot()
    row = Claim.objects.get()
    withdraw_claim(actor=clerk, claim_id=row.claim_id, reason="made up", on=DAY(2026, 6, 1))

    assert "RESTATEMENT-013" not in text(asked(lot=lot, content_kg="1"))

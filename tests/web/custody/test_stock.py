"""What is in stock adds up, lot by lot, to what the books say is left; what is promised is not free."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stannary.core.custody import Kind, Row, Side
from stannary.web.custody import demo, operations, queries
from stannary.web.custody.desk import stock
from stannary.web.custody.models import Carried, Lot
from stannary.web.custody.trial import try_rows
from stannary.web.parties.models import Organisation, Person, Role
from stannary.web.transactions.models import Offer
from stannary.web.transactions.operations import make_offer, take_step

pytestmark = pytest.mark.django_db
START = datetime.datetime(2026, 1, 5, 8, tzinfo=datetime.UTC)
KG = 10**6
NAME = "Example Cells"


def row(event: str, day: int, kind: Kind, lot: str, kg: int, **more: Any) -> Row:
    given: dict[str, Any] = {
        "event": event,
        "at": START + datetime.timedelta(days=day),
        "kind": kind,
        "site": "plant",
        "entity": NAME,
        "lot": lot,
        "side": Side.IN,
        "material": "carbonate",
        "mass_mg": kg * KG,
        "content_mg": kg * KG // 2,
    }
    return Row(**{**given, **more})


def chain() -> list[Row]:
    """A hundred kilograms: forty to a process, ten lost, five divided off."""
    out: dict[str, Any] = {"side": Side.OUT}
    return [
        row("E-1", 0, Kind.PURCHASE, "A", 100, **out),
        row("E-2", 1, Kind.TRANSFORM, "A", 40),
        row("E-2", 1, Kind.TRANSFORM, "B", 20, material="hydroxide", **out),
        row("E-3", 2, Kind.LOSS, "A", 10),
        row("E-4", 3, Kind.SPLIT, "A", 5),
        row("E-4", 3, Kind.SPLIT, "A-1", 5, **out),
    ]


def kilograms(one: stock.Figures) -> tuple[int, ...]:
    parts = (one.came_in, one.used, one.split_off, one.in_stock, one.reserved, one.free)
    return tuple(part.mass_mg // KG for part in parts)


def agrees_with_the_books(name: str = NAME) -> dict[str, stock.Figures]:
    found = stock.figures(name)
    held = {lot.lot_id: lot for lot in Lot.objects.filter(holder=name)}
    assert found.keys() == held.keys()
    for lot, one in found.items():
        left = stock.Weight(held[lot].left_mass_mg, held[lot].left_content_mg)
        assert one.in_stock == left, lot
    return found


@pytest.fixture
def clerk_of_cells(clerk: Person) -> Person:
    operations.book_as_register(rows=chain())
    return clerk


def test_a_lot_of_which_a_part_was_used_tells_every_part(clerk_of_cells: Person) -> None:
    found = agrees_with_the_books()

    assert kilograms(found["A"]) == (100, 50, 5, 45, 0, 45)
    assert kilograms(found["B"]) == (20, 0, 0, 20, 0, 20)
    assert kilograms(found["A-1"]) == (5, 0, 0, 5, 0, 5)
    (carbonate, hydroxide) = stock.sums(
        Lot.objects.filter(holder=NAME).values_list("lot_id", "material", "model", "element"), found
    )
    assert (carbonate.lots, kilograms(carbonate.figures)) == (2, (105, 50, 5, 50, 0, 50))
    assert (hydroxide.lots, hydroxide.figures.free.content_mg) == (1, 10 * KG)


def test_what_is_offered_is_there_and_not_free_until_it_is_sold(
    clerk_of_cells: Person, sign_in: Callable[[Person], Client]
) -> None:
    buyer = Organisation.objects.create(
        slug="buyer", name="Buyer", kind="trader", illustrative=True
    )
    taker = Person.objects.create_user("taker")
    Role.objects.create(person=taker, organisation=buyer, kind="clerk")
    at = START + datetime.timedelta(days=400)
    deal = make_offer(
        actor=clerk_of_cells,
        lot_id="A",
        buyer="buyer",
        quantity_mg=15 * KG,
        expires_at=at + datetime.timedelta(days=366),
        at=at,
    )

    assert kilograms(agrees_with_the_books()["A"]) == (100, 50, 5, 45, 15, 30)
    page = sign_in(clerk_of_cells).get("/stock/example-cells/").content.decode()
    page = page.replace("\N{NO-BREAK SPACE}", " ")
    for head, said in (("In stock", "45 kg"), ("Reserved", "15 kg"), ("Free", "30 kg")):
        assert f'data-label="{head}">{said}' in page
    for other in (Client(), sign_in(taker)):
        seen = (
            other.get("/stock/example-cells/").content.decode().replace("\N{NO-BREAK SPACE}", " ")
        )
        assert 'data-label="Left of it">45 kg' in seen
        assert not [
            one for one in ("Reserved", "Free", "Used or lost", "15 kg", "30 kg") if one in seen
        ]
    for address in ("/lots/A/", "/api/v1/lots/A", "/api/v1/stock/example-cells/lots"):
        assert "reserved" not in Client().get(address).content.decode().lower()
    tried = try_rows(actor=taker, rows=[row("T", 30, Kind.LOSS, "A", 40, entity="Buyer")])
    assert "TRANSACTION-011" not in [one.code for one in tried.findings]
    own = try_rows(actor=clerk_of_cells, rows=[row("T", 30, Kind.LOSS, "A", 40)])
    assert [one.code for one in own.findings] == ["TRANSACTION-011"]
    take_step(actor=taker, offer_id=deal.row.pk, kind="accept", seen=1, at=at)  # type: ignore[arg-type]
    assert kilograms(agrees_with_the_books()["A"]) == (100, 50, 20, 30, 0, 30)
    assert kilograms(agrees_with_the_books("Buyer").popitem()[1]) == (15, 0, 0, 15, 0, 15)
    assert Offer.objects.count() == 1


def test_what_was_received_after_a_use_came_in_as_what_was_left(clerk_of_cells: Person) -> None:
    moved: dict[str, Any] = {"side": Side.MOVE}
    rows = [
        row("E-5", 5, Kind.SHIP, "A", 45, **moved),
        row("E-6", 6, Kind.RECEIVE, "A", 45, entity="Buyer", **moved),
        row("E-7", 7, Kind.LOSS, "A", 1, entity="Buyer"),
    ]
    operations.book_as_register(rows=rows)

    assert kilograms(agrees_with_the_books("Buyer")["A"]) == (45, 1, 0, 44, 0, 44)
    assert "A" not in agrees_with_the_books()


@pytest.mark.parametrize(("lot", "left"), [("A", 55), ("B", 20)])
def test_what_a_correction_restates_counts_as_restated(
    clerk_of_cells: Person, lot: str, left: int
) -> None:
    restated = [
        row("C-1", 9, Kind.CORRECT, "A", 30, account="E-2"),
        row("C-1", 9, Kind.CORRECT, "B", 20, account="E-2", material="hydroxide", side=Side.OUT),
    ]
    operations.book_as_register(rows=restated)

    assert agrees_with_the_books()[lot].in_stock.mass_mg == left * KG


def test_a_correction_may_name_another_lot_as_what_was_used(clerk_of_cells: Person) -> None:
    out: dict[str, Any] = {"side": Side.OUT}
    operations.book_as_register(
        rows=[
            row("E-0", 0, Kind.PURCHASE, "Z", 40, **out),
            row("C-1", 9, Kind.CORRECT, "Z", 40, account="E-2"),
            row("C-1", 9, Kind.CORRECT, "B", 20, account="E-2", material="hydroxide", **out),
        ]
    )

    found = agrees_with_the_books()
    assert kilograms(found["A"]) == (100, 10, 5, 85, 0, 85)
    assert "Z" not in found


@pytest.mark.either_database
def test_the_demonstration_agrees_with_its_books(demonstration: None) -> None:
    demo.load_books()
    for name in Lot.objects.exclude(holder="").values_list("holder", flat=True).distinct():
        agrees_with_the_books(name)


def test_what_is_left_never_speaks_for_more_than_the_lot_was_given(clerk_of_cells: Person) -> None:
    made: dict[str, Any] = {"attestation": "urn:a", "side": Side.OUT}
    rows = [
        row("P", 0, Kind.PRODUCE, "M", 0, **made, mass_mg=3, content_mg=3),
        row("Q", 0, Kind.PURCHASE, "N", 0, side=Side.OUT, mass_mg=3, content_mg=3),
        row("R", 1, Kind.BLEND, "M", 0, mass_mg=3, content_mg=3),
        row("R", 1, Kind.BLEND, "N", 0, mass_mg=3, content_mg=3),
        row("R", 1, Kind.BLEND, "X", 0, side=Side.OUT, mass_mg=6, content_mg=6),
        row("S", 2, Kind.LOSS, "X", 0, mass_mg=1, content_mg=1),
    ]
    operations.book_as_register(rows=rows)

    stored = Carried.objects.get(lot_id="X")
    assert (stored.amounts.endswith(", 3]]"), stored.given.endswith(", 3]]")) == (True, True)
    assert sum(queries.carried_by("X").values()) == 3  # 3 of 5 that are left would be 3.6 of 6
    assert sum(queries.given_to("M").values()) == 3
    assert queries.carried_by("M") == {}


def test_a_page_of_stock_takes_as_many_queries_for_a_long_history(clerk_of_cells: Person) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            stock.figures(NAME)
        return len(seen)

    few = count()
    more = [row(f"U-{n}", 20 + n, Kind.LOSS, "A", 1) for n in range(20)]
    operations.book_as_register(rows=more)
    assert count() == few

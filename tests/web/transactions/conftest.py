"""A seller and a buyer, each with a clerk, and a lot of one kilogram that the seller holds."""

import datetime
from dataclasses import dataclass

import pytest
from django.utils import timezone

from stannary.core.custody import Kind, Model, Row, Side
from stannary.web.custody.operations import book_as_register
from stannary.web.entities.models import Certificate
from stannary.web.parties.models import Organisation, Person, Role
from stannary.web.transactions.operations import make_offer
from stannary.web.transactions.queries import Deal

KG = 1_000_000
ONE = datetime.timedelta(days=1)
BIT = datetime.timedelta(microseconds=1)
NOW = datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Market:
    """Who trades: two organisations, a clerk of each, and somebody of a third one."""

    seller: Organisation
    buyer: Organisation
    ann: Person
    ben: Person
    eve: Person

    def offers(self, quantity_mg: int | None = None, **other: object) -> Deal:
        """Ann offers the lot to Ben's organisation until the day after tomorrow."""
        whole: dict[str, object] = {
            "actor": self.ann,
            "lot_id": "L-1",
            "buyer": self.buyer.slug,
            "quantity_mg": quantity_mg,
            "expires_at": timezone.now() + 2 * ONE,
        }
        return make_offer(**(whole | other))  # type: ignore[arg-type]  # fields by name


def mined(lot: str = "L-1", mass_mg: int = KG, entity: str = "Example Seller") -> Row:
    return Row(
        event=f"E-{lot}",
        at=NOW - 30 * ONE,
        kind=Kind.PURCHASE,
        site="example-yard",
        entity=entity,
        lot=lot,
        side=Side.OUT,
        material="tin concentrate",
        mass_mg=mass_mg,
        content_mg=mass_mg // 3,
    )


@pytest.fixture
def market(db: None) -> Market:
    """Set everybody up, and book the lot."""
    people = []
    organisations = []
    for name, slug in (("ann", "example-seller"), ("ben", "example-buyer"), ("eve", "example-eve")):
        those = Organisation.objects.create(
            slug=slug, name=slug.replace("-", " ").title(), kind="trader", illustrative=True
        )
        person = Person.objects.create_user(name, password="long enough for tests")
        Role.objects.create(person=person, organisation=those, kind="clerk")
        people.append(person)
        organisations.append(those)
    book_as_register(rows=[mined()])
    return Market(organisations[0], organisations[1], *people)


def credit_row(kind: Kind, side: Side, lot: str, mg: int) -> Row:
    return Row(
        event=f"C-{kind}",
        at=NOW if kind is Kind.BOOK else NOW - ONE,
        kind=kind,
        site="example-mine",
        entity="Example Seller",
        lot=lot,
        side=side,
        material="tin ore",
        mass_mg=mg,
        content_mg=mg,
        model=Model.BOOK_AND_CLAIM,
        attestation="urn:example:1",
    )


@pytest.fixture
def credited(market: Market) -> Market:
    """Ann's organisation holds 6 kg of credits, C-1; both organisations have a certificate."""
    for those, site in ((market.seller, "example-mine"), (market.buyer, "example-works")):
        Certificate.objects.create(
            number=f"COC-{those.slug}",
            holder=those,
            kind="mine",
            pack="stannary/open-custody/1.0",
            sites=site,
            materials="tin ore",
            models_covered="book_and_claim",
            valid_from=datetime.date(2026, 1, 1),
            valid_until=datetime.date(2029, 1, 1),
            issuer=market.seller,
            issued_by=market.eve,
            issued_at=NOW,
        )
    book_as_register(
        rows=[
            credit_row(Kind.PRODUCE, Side.OUT, "L-M", 10 * KG),
            credit_row(Kind.BOOK, Side.IN, "L-M", 6 * KG),
            credit_row(Kind.BOOK, Side.OUT, "C-1", 6 * KG),
        ]
    )
    return market

"""What is told of a part of the book is what is told of the whole book."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from stannary.core.attestations import Status
from stannary.core.custody import CertificateStatus, Kind
from stannary.web.claims import demo as claims_demo
from stannary.web.custody import demo as custody_demo
from stannary.web.custody.models import Movement
from stannary.web.custody.state import queries as state
from stannary.web.parties.models import Person
from stannary.web.restatements import queries
from stannary.web.restatements.queries import Told, Wanted
from stannary.web.transactions import demo as transactions_demo
from web.transactions.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]
NORTH = "urn:stannary:achievement:example-north-mine"
DAY = datetime.date(2026, 2, 1)


@pytest.fixture
def books(demonstration: None, clerk: Person) -> Person:
    """Have accounts, credits, claims and transactions; give a clerk."""
    custody_demo.load_books()
    claims_demo.load(clerk=clerk)
    transactions_demo.load(clerk=clerk)
    return clerk


def asked(actor: Person) -> dict[str, Callable[[], Told]]:
    """Everything that can be asked."""

    def record(key: str, **wanted: Any) -> Callable[[], Told]:
        wish = Wanted(key, **wanted)
        return lambda: queries.of_record(actor, queries.known(actor), wish, NOW)

    found: dict[str, Callable[[], Told]] = {}
    for kind in (Kind.PRODUCE, Kind.TRANSFORM, Kind.BOOK):
        one = Movement.objects.filter(side="out", kind=str(kind)).first()
        assert one is not None
        found[f"a lighter {kind}"] = record(one.lot, content_mg=one.content_mg // 2)
        found[f"no {kind}"] = record(one.lot, annul=True)
    for kind in (Kind.SHIP, Kind.RETIRE):
        one = Movement.objects.filter(kind=str(kind)).first()
        assert one is not None
        found[f"no {kind}"] = record(f"event:{one.event}", annul=True)
    for number in ("EXAMPLE-COC-1", "EXAMPLE-COC-4"):
        found[number] = lambda number=number: queries.of_certificate(  # type: ignore[misc]  # bound now
            queries.known(actor), number, CertificateStatus.WITHDRAWN, DAY
        )
    found["attestation"] = lambda: queries.of_attestation(
        queries.known(actor), NORTH, Status.SUSPENDED, datetime.date(2026, 1, 10)
    )
    return found


def test_whatever_is_asked_of_a_part_is_told_as_of_the_whole(
    books: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = state.all_rows
    monkeypatch.setattr(state, "all_rows", lambda: pytest.fail("the whole book was read"))
    parts = {name: ask() for name, ask in asked(books).items()}
    monkeypatch.setattr(state, "all_rows", whole)
    monkeypatch.setattr(state, "outputs_wait", lambda _day: True)
    monkeypatch.setattr(queries, "_whole", lambda one, _reader: one)
    for name, ask in asked(books).items():
        assert parts[name] == ask(), name
    touched = [one for one in parts.values() if one.effects.lots]
    assert any(one.effects.claims for one in touched)
    assert any(one.effects.sales for one in touched)
    assert any(one.effects.credits for one in touched)
    assert any(one.kept and one.kept.accounts for one in touched)
    assert any(one.kept and one.kept.uses for one in parts.values())
    assert any(one.against for one in touched)

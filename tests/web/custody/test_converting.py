"""Approved factors in the books: without one nothing enters, with one its part, later none again."""

import datetime
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from stannary.core.custody import Constant, CustodyRules, Model, Row, keep_behind, said_of
from stannary.core.kernel import Mark
from stannary.web.custody import queries
from stannary.web.custody.books import queries as accounts
from stannary.web.custody.models import Uncovered
from stannary.web.custody.state import queries as state
from stannary.web.entities import packs
from stannary.web.entities.factors import operations as factors
from stannary.web.entities.factors.operations import FactorSaid
from stannary.web.parties.models import Person
from web.custody.test_books import (
    KG,
    TODAY,
    book,
    holders,  # noqa: F401 - a fixture
    member,
    mined,
    refused,
    row,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("holders")]
DAY = datetime.date
SAID = FactorSaid(
    material="ore",
    product="metal",
    process="illustrative smelting",
    element="tin",
    factor="0.8",
    source="Made up.",
    valid_from=DAY(2026, 1, 1),
    valid_until=DAY(2026, 1, 10),
    entity="a-miner",
)
NEW_YEAR = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def approved_factors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pack ask for approved factors."""
    shipped = packs.rules_on

    @cache
    def rules_on(day: datetime.date, pack: str = packs.PACK) -> CustodyRules:
        known = shipped(day, pack)
        said = Constant("approved", Mark.OWN, "illustrative")
        return replace(known, constants={**known.constants, "conversion_factor_source": said})

    monkeypatch.setattr(packs, "rules_on", rules_on)


def smelted(kg: int, *, day: int = 1, lot: str = "M", event: str = "F") -> list[Row]:
    """100 kg of ore into an account, and so many kg of metal out of it."""
    more: dict[str, Any] = {"model": Model.MASS_BALANCE, "account": "A Plant"}
    rest = {"material": "metal", "model": Model.MASS_BALANCE}
    return [
        row(event, day, "transform", "in", lot, 100, **more),
        row(event, day, "transform", "out", f"{event}-X", kg, material="metal", **more),
        row(event, day, "transform", "out", f"{event}-Y", 100 - kg, **rest),
    ]


def carried(lot: str) -> int:
    return sum(queries.carried_by(lot).values())


def refusal_of(rows: list[Row]) -> set[str]:
    return refused(lambda: book(rows))


def test_an_approved_factor_in_force_converts_and_nothing_else_does(secretary: Person) -> None:
    book(mined(model=Model.MASS_BALANCE), mined("N", model=Model.MASS_BALANCE))
    clerk = member("own", "clerk", "a-miner")
    assert "CUSTODY-078" in refusal_of(smelted(80))
    under = state.under(TODAY)
    stated = factors.state(actor=clerk, said=SAID, at=NEW_YEAR)
    assert state.under(TODAY) == under
    assert "CUSTODY-078" in refusal_of(smelted(80))

    factors.approve(actor=secretary, number=str(stated.pk), at=NEW_YEAR)
    assert state.under(TODAY) != under
    assert refusal_of(smelted(81)) == {"CUSTODY-080"}
    book(smelted(80))
    assert (carried("F-X"), carried("F-Y")) == (80 * KG, 0)
    assert "CUSTODY-078" in refusal_of(smelted(80, day=5, lot="N", event="G"))  # the tenth
    book(smelted(79, day=4, lot="N", event="G"))
    assert carried("G-X") == 79 * KG
    statement = accounts.accounts_on("A Miner", TODAY)[0]
    assert sum(statement.closing.values()) == KG


def test_between_two_processes_a_movement_names_its_own(secretary: Person) -> None:
    clerk = member("own", "clerk", "a-miner")
    for said in (SAID, replace(SAID, process="illustrative roasting", factor="0.5")):
        stated = factors.state(actor=clerk, said=said, at=NEW_YEAR)
        factors.approve(actor=secretary, number=str(stated.pk), at=NEW_YEAR)
    book(mined(model=Model.MASS_BALANCE))
    took, made, rest = smelted(50)

    assert "CUSTODY-106" in refusal_of([took, made, rest])
    assert "CUSTODY-078" in refusal_of([took, replace(made, process="melting"), rest])
    book([took, replace(made, process="illustrative roasting"), rest])
    assert carried("F-X") == 50 * KG


def test_a_claim_carries_the_factors_that_its_books_need(
    secretary: Person,
) -> None:
    clerk = member("own", "clerk", "a-miner")
    for said in (SAID, replace(SAID, material="sand")):
        stated = factors.state(actor=clerk, said=said, at=NEW_YEAR)
        factors.approve(actor=secretary, number=str(stated.pk), at=NEW_YEAR)
    book(mined(model=Model.MASS_BALANCE), smelted(80))

    behind = queries.books_of({"F-X"}, packs.edition(packs.PACK), TODAY)
    assert behind is not None
    assert [one.material for one in behind.factors] == ["ore"]
    kept = keep_behind(behind, day=TODAY, rules_on=packs.rules_on)
    assert sum(said_of(kept, "F-X", Model.MASS_BALANCE).values()) == 80 * KG


@pytest.mark.parametrize(("on", "kg", "marked"), [(6, 0, True), (7, 80, False)])
def test_what_a_factor_converted_is_taken_back_from_the_day_of_its_withdrawal_on(
    secretary: Person, on: int, kg: int, marked: bool
) -> None:
    clerk = member("own", "clerk", "a-miner")
    stated = factors.state(actor=clerk, said=SAID, at=NEW_YEAR)
    factors.approve(actor=secretary, number=str(stated.pk), at=NEW_YEAR)
    book(mined(model=Model.MASS_BALANCE), smelted(80))

    factors.withdraw(actor=secretary, number=str(stated.pk), on=DAY(2026, 1, on), reason="Wrong.")

    assert carried("F-X") == kg * KG
    assert Uncovered.objects.filter(code="CUSTODY-078").exists() == marked

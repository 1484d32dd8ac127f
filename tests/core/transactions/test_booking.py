"""Steps and postings together: what is offered is reserved, and ends reserved no longer."""

import datetime

import pytest

from core.transactions.made_up import BIT, BUYER, END, ONE, SELLER, START, step, terms
from refusals import refused_by
from stannary.core.custody.postings import NO_ID, POST, Ledger, Posting, book, posting_id
from stannary.core.custody.postings import rules as postings
from stannary.core.transactions import (
    StepKind,
    account_of,
    offer_in,
    posting_of,
    rules,
    take_in,
)

HERE, THERE = account_of(SELLER, "L1"), account_of(BUYER, "L1")
MS = datetime.timedelta(milliseconds=1)


def name(number: int) -> bytes:
    return posting_id(at_ms=0, entropy=number)


def stocked(quantity: int = 1500) -> Ledger:
    ledger = Ledger()
    ledger.open("mine", source=True)
    ledger.open(HERE)
    book(ledger, Posting(name(0), POST, "mine", HERE, quantity))
    return ledger


def have(ledger: Ledger) -> tuple[int, int, int]:
    return (
        ledger.accounts[HERE].balance,
        ledger.accounts[HERE].reserved,
        ledger.accounts[THERE].balance,
    )


@pytest.mark.parametrize(("quantity", "refused"), [(999, True), (1000, False), (1001, False)])
def test_an_offer_reserves_what_is_available(quantity: int, refused: bool) -> None:
    ledger = stocked(quantity)

    found = refused_by(lambda: offer_in(ledger, terms(), by="ann", identity=name(1)))

    assert found == (postings.AVAILABLE_COVERS.code if refused else None)
    assert have(ledger) == (quantity, 0 if refused else 1000, 0)


@pytest.mark.parametrize(
    ("kind", "after"),
    [
        (StepKind.ACCEPT, (500, 0, 1000)),
        (StepKind.ACCEPT_PART, (1100, 0, 400)),
        (StepKind.REFUSE, (1500, 0, 0)),
        (StepKind.WITHDRAW, (1500, 0, 0)),
        (StepKind.EXPIRE, (1500, 0, 0)),
    ],
)
def test_an_end_settles_or_releases_everything(kind: StepKind, after: tuple[int, int, int]) -> None:
    ledger = stocked()
    made = offer_in(ledger, terms(), by="ann", identity=name(1))

    done = take_in(ledger, made, step(kind), identity=name(2), reservation=name(1))

    assert have(ledger) == after
    assert ledger.total() == 0
    again = refused_by(
        lambda: take_in(ledger, done, step(kind, seen=2), identity=name(3), reservation=name(1))
    )
    assert again == rules.OFFER_IS_OPEN.code
    assert have(ledger) == after


@pytest.mark.parametrize("extra", [0 * BIT, BIT, MS - BIT])
@pytest.mark.parametrize(("early", "refused"), [(BIT, False), (0 * BIT, True)])
def test_the_ledger_knows_the_same_end(
    extra: datetime.timedelta, early: datetime.timedelta, refused: bool
) -> None:
    ledger = stocked()
    end = END + extra
    made = offer_in(ledger, terms(expires_at=end), by="ann", identity=name(1))

    found = refused_by(
        lambda: take_in(
            ledger,
            made,
            step(StepKind.ACCEPT, at=end - early),
            identity=name(2),
            reservation=name(1),
        )
    )

    assert found == (rules.STEP_FITS_THE_END.code if refused else None)


def test_a_clock_that_is_set_back_does_not_open_an_offer_again() -> None:
    ledger = stocked()
    made = offer_in(ledger, terms(), by="ann", identity=name(1))
    offer_in(
        ledger,
        terms(id="T2", quantity=500, content_mg=1, offered_at=END, expires_at=END + ONE),
        by="ann",
        identity=name(2),
    )

    found = refused_by(
        lambda: take_in(ledger, made, step(StepKind.ACCEPT), identity=name(3), reservation=name(1))
    )

    assert found == postings.RESERVATION_IS_IN_FORCE.code


def test_a_posting_says_what_a_step_asks_for() -> None:
    ledger = stocked()
    made = offer_in(ledger, terms(), by="ann", identity=name(1))

    asked = posting_of(made, identity=name(1))

    assert (asked.source, asked.target, asked.amount, asked.reservation) == (
        HERE,
        THERE,
        1000,
        NO_ID,
    )
    assert asked.expires_at_ms == int(END.timestamp() * 1000)
    assert ledger.at_ms == int(START.timestamp() * 1000)

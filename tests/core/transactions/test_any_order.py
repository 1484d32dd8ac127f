"""Offers and answers in any order by anybody at any time: nothing is sold twice, nothing is stuck.

The machine keeps in plain numbers what each party must have and what must be reserved, and holds
the ledger and the transactions against them. Mutants of the code show that it would notice.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.transactions.made_up import ONE, START
from stannary.core.custody.postings import NO_ID, POST, Ledger, Posting, book, posting_id
from stannary.core.kernel import Finding, RefusalError
from stannary.core.transactions import (
    REGISTER,
    Goods,
    State,
    Step,
    StepKind,
    Terms,
    Transaction,
    account_of,
    booking,
    next_steps,
    offer_in,
    offers,
    replay,
    rules,
    take_in,
)

pytestmark = pytest.mark.untraced
PARTIES = ("A", "B", "C")
AS_MANY = settings(max_examples=120, stateful_step_count=40, deadline=None)
ENDS = [kind for kind in StepKind if kind is not StepKind.OFFER]


class Market(RuleBasedStateMachine):
    """Three entities that have 100 credits each, and offers between them."""

    @initialize()
    def begin(self) -> None:
        """Give everybody something."""
        self.now, self.number = START, 0
        self.ledger = Ledger()
        self.ledger.open("issuer", source=True)
        self.deals: dict[bytes, Transaction] = {}
        self.has = Counter(dict.fromkeys(PARTIES, 100))
        self.kept: dict[bytes, tuple[str, int, datetime.datetime]] = {}
        for party in PARTIES:
            self.ledger.open(account_of(party, "K"))
            book(
                self.ledger,
                Posting(self.name(), POST, "issuer", account_of(party, "K"), 100),
            )

    def name(self) -> bytes:
        self.number += 1
        return posting_id(at_ms=0, entropy=self.number)

    @rule(hours=st.sampled_from([0, 1, 23, 24, 25, 100]))
    def time_goes_on(self, hours: int) -> None:
        """Let some hours pass."""
        self.now += datetime.timedelta(hours=hours)

    @rule(
        pair=st.sampled_from([(x, y) for x in PARTIES for y in PARTIES]),
        quantity=st.integers(-1, 130),
        days=st.integers(-1, 3),
    )
    def somebody_offers(self, pair: tuple[str, str], quantity: int, days: int) -> None:
        """Offer something to anybody, also to oneself, also more than there is."""
        seller, buyer = pair
        identity = self.name()
        free = self.has[seller] - sum(q for s, q, _ in self.kept.values() if s == seller)
        until = self.now + days * ONE
        sound = seller != buyer and 1 <= quantity <= free and days > 0
        try:
            terms = Terms(
                identity.hex(), seller, buyer, Goods.CREDITS, "K", quantity, None, self.now, until
            )
            made = offer_in(self.ledger, terms, by="x", identity=identity)
        except RefusalError:
            assert not sound
            return
        assert sound, f"{quantity} offered of {free}"
        self.deals[identity] = made
        self.kept[identity] = (seller, quantity, until)

    @precondition(lambda self: self.deals)
    @rule(
        data=st.data(),
        kind=st.sampled_from(ENDS),
        entity=st.sampled_from([*PARTIES, REGISTER]),
        stale=st.sampled_from([0, 0, 0, 1]),
        part=st.integers(0, 130),
        reason=st.sampled_from(["", "made up"]),
    )
    def anybody_answers_anything(
        self,
        data: st.DataObject,
        kind: StepKind,
        entity: str,
        stale: int,
        part: int,
        reason: str,
    ) -> None:
        """Answer an offer, whether or not it is open, ours, seen, or over."""
        identity = data.draw(st.sampled_from(sorted(self.deals)))
        quantity = part if kind is StepKind.ACCEPT_PART else None
        self.answer(identity, kind, entity, stale=stale, quantity=quantity, reason=reason)

    @precondition(lambda self: self.kept)
    @rule(data=st.data(), beside=st.sampled_from([-1, 0, 1]))
    def who_may_answers(self, data: st.DataObject, beside: int) -> None:
        """Answer an open offer as one of the two may; a part is one, or nearly the whole."""
        identity = data.draw(st.sampled_from(sorted(self.kept)))
        terms = self.deals[identity].terms
        entity = data.draw(st.sampled_from([terms.seller, terms.buyer]))
        kinds = next_steps(self.deals[identity], entity=entity, at=self.now)
        if not kinds:
            return
        kind = data.draw(st.sampled_from(kinds))
        part = data.draw(st.sampled_from([1, terms.quantity + beside]))
        quantity = part if kind is StepKind.ACCEPT_PART else None
        self.answer(identity, kind, entity, stale=0, quantity=quantity, reason="made up")

    def answer(
        self,
        identity: bytes,
        kind: StepKind,
        entity: str,
        *,
        stale: int,
        quantity: int | None,
        reason: str,
    ) -> None:
        """Try a step, and compare what happens with what is right."""
        before = self.deals[identity]
        terms = before.terms
        step = Step(kind, "x", entity, self.now, len(before.steps) - stale, reason, quantity)
        right = self.is_right(before, step)
        try:
            after = take_in(self.ledger, before, step, identity=self.name(), reservation=identity)
        except RefusalError:
            assert not right, f"{kind} by {entity} was refused"
            return
        assert right, f"{kind} by {entity} happened"
        self.deals[identity] = after
        del self.kept[identity]
        passed = {StepKind.ACCEPT: terms.quantity, StepKind.ACCEPT_PART: quantity or 0}
        self.has[terms.seller] -= passed.get(kind, 0)
        self.has[terms.buyer] += passed.get(kind, 0)

    def is_right(self, before: Transaction, step: Step) -> bool:
        """Say in other words than the code whether a step may happen."""
        terms = before.terms
        who = {
            StepKind.ACCEPT: (terms.buyer,),
            StepKind.ACCEPT_PART: (terms.buyer,),
            StepKind.REFUSE: (terms.buyer,),
            StepKind.WITHDRAW: (terms.seller,),
            StepKind.EXPIRE: (terms.buyer, terms.seller, REGISTER),
        }
        why = step.kind in (StepKind.ACCEPT, StepKind.EXPIRE) or step.reason != ""
        in_time = (step.kind is StepKind.EXPIRE) == (self.now >= terms.expires_at)
        fits = step.kind is not StepKind.ACCEPT_PART or 0 < (step.quantity or 0) < terms.quantity
        seen = step.seen == len(before.steps) == 1
        return seen and step.entity in who[step.kind] and why and in_time and fits

    @invariant()
    def everybody_has_what_they_must_have(self) -> None:
        """Balances, reservations and the whole are what plain counting says."""
        promised = Counter[str]()
        for seller, quantity, _ in self.kept.values():
            promised[seller] += quantity
        for party in PARTIES:
            account = self.ledger.accounts[account_of(party, "K")]
            assert account.balance == self.has[party] >= account.reserved >= 0
            assert account.reserved == promised[party]
        assert sum(self.has.values()) == 100 * len(PARTIES)
        assert self.ledger.total() == 0

    @invariant()
    def steps_alone_give_the_transactions(self) -> None:
        """Both parties read one record, and it can be made again from its steps."""
        for identity, one in self.deals.items():
            assert replay(one.terms, one.steps) == one
            assert (one.state is State.OFFERED) is (identity in self.kept)
            assert one.reserved_on(self.now) in (0, one.terms.quantity - one.accepted)


TestMarket = Market.TestCase
TestMarket.settings = AS_MANY


def without(code: str) -> Callable[[Transaction, Step], Iterator[Finding]]:
    """All checks of a step but one."""
    whole = offers._against

    def lenient(transaction: Transaction, step: Step) -> Iterator[Finding]:
        return (finding for finding in whole(transaction, step) if finding.code != code)

    return lenient


def no_release(transaction: Transaction, **other: Any) -> Posting:
    """A refusal that releases next to nothing: it settles one."""
    asked = booking_of(transaction, **other)
    return asked if asked.amount else asked._replace(kind=3, amount=1)


def settles_all(transaction: Transaction, **other: Any) -> Posting:
    """A part that takes the whole."""
    asked = booking_of(transaction, **other)
    return asked._replace(amount=transaction.terms.quantity) if asked.amount else asked


def reserves_less(transaction: Transaction, **other: Any) -> Posting:
    """An offer that keeps only one of what it promises."""
    asked = booking_of(transaction, **other)
    return asked if asked.reservation != NO_ID else asked._replace(amount=1)


booking_of = booking.posting_of


@pytest.mark.parametrize(
    "code",
    [
        rules.STEP_KNOWS_THE_LAST.code,
        rules.PARTY_TAKES_ITS_STEP.code,
        rules.PART_LEAVES_A_REST.code,
        rules.STEP_SAYS_WHY.code,
    ],
)
def test_the_machine_notices_a_check_that_is_gone(
    monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr(offers, "_against", without(code))

    notices()


def test_the_machine_notices_an_end_that_comes_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = offers._against

    def later(transaction: Transaction, step: Step) -> Iterator[Finding]:
        terms = transaction.terms
        longer = replace(terms, expires_at=terms.expires_at + ONE)
        return whole(replace(transaction, terms=longer), step)

    monkeypatch.setattr(offers, "_against", later)

    notices()


@pytest.mark.parametrize("mutant", [no_release, settles_all, reserves_less])
def test_the_machine_notices_a_wrong_posting(
    monkeypatch: pytest.MonkeyPatch, mutant: Callable[..., Posting]
) -> None:
    monkeypatch.setattr(booking, "posting_of", mutant)

    notices()


def notices() -> None:
    """Show that the machine fails."""
    some = settings(AS_MANY, max_examples=3000, phases=[Phase.generate], database=None)
    with pytest.raises((AssertionError, RefusalError)):
        run_state_machine_as_test(Market, settings=some)

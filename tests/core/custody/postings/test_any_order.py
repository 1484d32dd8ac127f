"""Whatever is posted in whatever order: sums are kept, nothing is overdrawn, an id counts once."""

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from stannary.core.custody.postings import (
    ACCEPTED,
    NO_ID,
    POST,
    RESERVE,
    SETTLE,
    VOID,
    Ledger,
    Posting,
    decide,
    posting_id,
)
from stannary.core.custody.postings import ledger as under_test

pytestmark = pytest.mark.untraced
AS_MANY = settings(max_examples=100, stateful_step_count=40, deadline=None)
SOURCE, ACCOUNTS = "source", ["source", "a", "b", "c"]


class AnyOrder(RuleBasedStateMachine):
    """Posts at will, and keeps beside the ledger what was said and what the words mean."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger = Ledger()
        for key in ACCOUNTS:
            self.ledger.open(key, source=key == SOURCE)
        self.said: dict[Posting, int] = {}
        self.now = 1_000
        self.ledger.advance(self.now)
        for number, key in enumerate(ACCOUNTS[1:], 50_000):
            self.post(Posting(posting_id(at_ms=1, entropy=number), POST, SOURCE, key, 100))

    def post(self, posting: Posting) -> None:
        """Post, and keep the verdict of what is new."""
        verdict = decide(self.ledger, posting)
        taken = {one.id: one for one in self.said}
        if posting.id in taken and taken[posting.id] != posting:
            assert verdict == under_test.ID_TAKEN
        else:
            assert verdict == self.said.setdefault(posting, verdict)

    @rule(
        number=st.integers(1, 90),
        kind=st.sampled_from([POST, RESERVE]),
        giver=st.sampled_from(ACCOUNTS),
        further=st.integers(1, 3),
        amount=st.integers(0, 60),
        lasts=st.sampled_from([0, 5, 50]),
    )
    def move(
        self, *, number: int, kind: int, giver: str, further: int, amount: int, lasts: int
    ) -> None:
        expires = self.now + lasts if lasts and kind == RESERVE else 0
        taker = ACCOUNTS[(ACCOUNTS.index(giver) + further) % len(ACCOUNTS)]
        made = posting_id(at_ms=number, entropy=number)
        self.post(Posting(made, kind, giver, taker, amount, NO_ID, expires))

    @rule(number=st.integers(100, 10_000), kind=st.sampled_from([SETTLE, VOID]), data=st.data())
    def end(self, number: int, kind: int, data: st.DataObject) -> None:
        held = [one for one, no in self.said.items() if one.kind == RESERVE and not no]
        if not held:
            return
        one = data.draw(st.sampled_from(held))
        amount = data.draw(st.integers(1, one.amount + 1)) if kind == SETTLE else 0
        made = posting_id(at_ms=number, entropy=number)
        self.post(Posting(made, kind, one.source, one.target, amount, one.id))

    @rule(data=st.data())
    def again(self, data: st.DataObject) -> None:
        if self.said:
            self.post(data.draw(st.sampled_from(list(self.said))))

    @rule(step=st.integers(-20, 20))
    def clock(self, step: int) -> None:
        self.now = max(1, self.now + step)
        self.ledger.advance(self.now)

    @invariant()
    def sums_are_kept_and_nothing_is_overdrawn(self) -> None:
        accounts = self.ledger.accounts
        assert self.ledger.total() == 0
        for key, one in accounts.items():
            assert one.reserved >= 0
            assert key == SOURCE or (one.balance >= 0 and one.available >= 0)

    @invariant()
    def balances_are_what_was_accepted_says(self) -> None:
        done = [one for one, verdict in self.said.items() if verdict == ACCEPTED]
        ended = {one.reservation for one in done if one.kind in (SETTLE, VOID)}
        assert len(ended) == sum(one.kind in (SETTLE, VOID) for one in done)
        for key, account in self.ledger.accounts.items():
            moved = [one for one in done if one.kind in (POST, SETTLE)]
            assert account.balance == sum(
                ((one.target == key) - (one.source == key)) * one.amount for one in moved
            )
            assert account.reserved == sum(
                one.amount
                for one in done
                if one.kind == RESERVE and one.source == key and one.id not in ended
            )

    @invariant()
    def no_settlement_exceeds_its_reservation(self) -> None:
        held = {one.id: one for one in self.said if one.kind == RESERVE}
        for one, verdict in self.said.items():
            if one.kind == SETTLE and verdict == ACCEPTED:
                assert one.amount <= held[one.reservation].amount


def test_whatever_is_posted_in_whatever_order() -> None:
    run_state_machine_as_test(AnyOrder, settings=AS_MANY)


def _overdrawing(_: Ledger, posting: Posting, giver: object, taker: object) -> int:
    giver.balance -= posting[4]  # type: ignore[attr-defined]
    taker.balance += posting[4]  # type: ignore[attr-defined]
    return ACCEPTED


def _forgetting(ledger: Ledger, posting: Posting, giver: object, taker: object) -> int:
    verdict = _SETTLE(ledger, posting, giver, taker)  # type: ignore[arg-type]
    if verdict == ACCEPTED:
        ledger.reservations[posting[5]].ended = False
    return verdict


_SETTLE = under_test._settle


@pytest.mark.parametrize(("kind", "wrong"), [(POST, _overdrawing), (SETTLE, _forgetting)])
def test_a_ledger_that_does_wrong_is_noticed(
    kind: int, wrong: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(under_test._ACTS, kind, wrong)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            AnyOrder,
            settings=settings(AS_MANY, phases=[Phase.generate], database=None, derandomize=True),
        )

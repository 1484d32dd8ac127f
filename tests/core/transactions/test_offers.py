"""Offers: who may do what until when, what is reserved, and what a part comes to."""

import datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.transactions.made_up import (
    BIT,
    BUYER,
    END,
    NAIVE,
    ONE,
    OTHER,
    SELLER,
    START,
    credits_offered,
    step,
    terms,
    took,
)
from refusals import refused_by
from stannary.core.kernel import MASS_MAX_MG, RefusalError
from stannary.core.transactions import (
    DELIVERED,
    REGISTER,
    Goods,
    State,
    StepKind,
    check_available,
    check_end,
    content_of_part,
    next_steps,
    offer,
    replay,
    reserved,
    rules,
    take,
)

OFFERED = offer(terms(), by="ann")


@pytest.mark.parametrize("name", ["id", "item", "seller", "buyer"])
def test_an_offer_says_who_offers_what_to_whom(name: str) -> None:
    assert refused_by(lambda: terms(**{name: ""})) == rules.OFFER_NAMES_TWO_PARTIES.code


def test_nobody_offers_to_themselves() -> None:
    assert refused_by(lambda: terms(buyer=SELLER)) == rules.OFFER_NAMES_TWO_PARTIES.code


@pytest.mark.parametrize(
    ("quantity", "content", "refused"),
    [
        (0, 1, True),
        (1, 1, False),
        (MASS_MAX_MG, 1, False),
        (MASS_MAX_MG + 1, 1, True),
        (10, 0, True),
        (10, 10, False),
        (10, 11, True),
        (10, None, True),
    ],
)
def test_a_quantity_is_within_its_bounds(quantity: int, content: int | None, refused: bool) -> None:
    found = refused_by(lambda: terms(quantity=quantity, content_mg=content))

    assert found == (rules.OFFER_HAS_A_QUANTITY.code if refused else None)


def test_credits_have_no_content() -> None:
    found = refused_by(lambda: terms(goods=Goods.CREDITS))

    assert found == rules.OFFER_HAS_A_QUANTITY.code
    assert refused_by(credits_offered) is None


@pytest.mark.parametrize(
    ("expires_at", "refused"), [(START - BIT, True), (START, True), (START + BIT, False)]
)
def test_an_offer_ends_after_it_was_made(expires_at: datetime.datetime, refused: bool) -> None:
    found = refused_by(lambda: terms(expires_at=expires_at))

    assert found == (rules.OFFER_ENDS_LATER.code if refused else None)


@pytest.mark.parametrize(
    ("expires_at", "found"),
    [(END - BIT, None), (END, None), (END + BIT, "TRANSACTION-012")],
)
def test_an_offer_stays_open_no_longer_than_the_rules_allow(
    expires_at: datetime.datetime, found: str | None
) -> None:
    assert refused_by(lambda: check_end(terms(expires_at=expires_at), days_max=10)) == found


@pytest.mark.parametrize("name", ["offered_at", "expires_at"])
def test_an_instant_without_offset_is_none(name: str) -> None:
    assert refused_by(lambda: terms(**{name: NAIVE})) == rules.OFFER_ENDS_LATER.code


def test_a_message_says_what_is_wrong_and_what_to_do() -> None:
    with pytest.raises(RefusalError) as caught:
        terms(buyer=SELLER)

    assert str(caught.value) == (
        "TRANSACTION-001: An offer says who offers what to whom, and the two are not the same. "
        "Here: seller=Illustrative A, buyer=Illustrative A. "
        "Name the lot or the account, the seller and another entity as buyer."
    )


@pytest.mark.parametrize(
    ("kind", "state", "accepted"),
    [
        (StepKind.ACCEPT, State.ACCEPTED, 1000),
        (StepKind.ACCEPT_PART, State.PARTLY_ACCEPTED, 400),
        (StepKind.REFUSE, State.REFUSED, 0),
        (StepKind.WITHDRAW, State.WITHDRAWN, 0),
        (StepKind.EXPIRE, State.EXPIRED, 0),
    ],
)
def test_every_step_ends_an_offer_once(kind: StepKind, state: State, accepted: int) -> None:
    done = took(OFFERED, kind)

    assert (done.state, done.accepted, done.released) == (state, accepted, 1000 - accepted)
    assert (done.state in DELIVERED) is (accepted > 0)
    assert done.reserved_on(END) == 0
    for again in StepKind:
        assert refused_by(partial(took, done, again, seen=2)) == rules.OFFER_IS_OPEN.code


def test_an_offer_is_not_made_twice() -> None:
    assert refused_by(lambda: took(OFFERED, StepKind.OFFER)) == rules.OFFER_IS_OPEN.code


@pytest.mark.parametrize(
    ("kind", "may"),
    [
        (StepKind.ACCEPT, {BUYER}),
        (StepKind.ACCEPT_PART, {BUYER}),
        (StepKind.REFUSE, {BUYER}),
        (StepKind.WITHDRAW, {SELLER}),
        (StepKind.EXPIRE, {SELLER, BUYER, REGISTER}),
    ],
)
@pytest.mark.parametrize("entity", [SELLER, BUYER, OTHER, REGISTER])
def test_each_party_takes_its_own_steps(kind: StepKind, may: set[str], entity: str) -> None:
    at = END if kind is StepKind.EXPIRE else START + ONE
    found = refused_by(lambda: took(OFFERED, kind, entity=entity))

    assert found == (None if entity in may else rules.PARTY_TAKES_ITS_STEP.code)
    assert (kind in next_steps(OFFERED, entity=entity, at=at)) is (entity in may)


@pytest.mark.parametrize("seen", [0, 2])
def test_who_has_not_seen_the_last_step_takes_none(seen: int) -> None:
    found = refused_by(lambda: took(OFFERED, StepKind.ACCEPT, seen=seen))

    assert found == rules.STEP_KNOWS_THE_LAST.code


def test_of_two_who_answer_at_once_the_second_is_refused() -> None:
    accepted = took(OFFERED, StepKind.ACCEPT)

    found = refused_by(lambda: took(accepted, StepKind.WITHDRAW))

    assert found == rules.STEP_KNOWS_THE_LAST.code


@pytest.mark.parametrize(("at", "refused"), [(START - BIT, True), (START, False), (NAIVE, True)])
def test_no_step_comes_before_the_offer(at: datetime.datetime, refused: bool) -> None:
    found = refused_by(lambda: took(OFFERED, StepKind.ACCEPT, at=at))

    assert found == (rules.STEP_COMES_LATER.code if refused else None)


@pytest.mark.parametrize("at", [END - BIT, END, END + BIT])
@pytest.mark.parametrize("kind", [kind for kind in StepKind if kind is not StepKind.OFFER])
def test_the_end_is_an_instant(kind: StepKind, at: datetime.datetime) -> None:
    found = refused_by(lambda: took(OFFERED, kind, at=at))

    over = at >= END
    fits = over if kind is StepKind.EXPIRE else not over
    assert found == (None if fits else rules.STEP_FITS_THE_END.code)
    assert OFFERED.state_on(at) is (State.EXPIRED if over else State.OFFERED)
    assert OFFERED.reserved_on(at) == (0 if over else 1000)


@pytest.mark.parametrize(
    ("quantity", "refused"), [(0, True), (1, True), (2, False), (999, False), (1000, True)]
)
def test_a_part_has_content_and_leaves_a_rest(quantity: int, refused: bool) -> None:
    found = refused_by(lambda: took(OFFERED, StepKind.ACCEPT_PART, quantity=quantity))

    assert found == (rules.PART_LEAVES_A_REST.code if refused else None)


def test_a_part_of_credits_may_be_one() -> None:
    offered = offer(credits_offered(), by="ann")

    assert took(offered, StepKind.ACCEPT_PART, quantity=1).released == 99


def test_a_part_is_named_by_who_accepts_a_part_and_nobody_else() -> None:
    for kind, quantity in ((StepKind.ACCEPT_PART, None), (StepKind.ACCEPT, 400)):
        found = refused_by(partial(took, OFFERED, kind, quantity=quantity))
        assert found == rules.PART_LEAVES_A_REST.code


@pytest.mark.parametrize("kind", [StepKind.ACCEPT_PART, StepKind.REFUSE, StepKind.WITHDRAW])
@pytest.mark.parametrize(
    ("reason", "refused"), [("", True), (" ", True), ("x" * 2000, False), ("x" * 2001, True)]
)
def test_who_gives_less_than_asked_says_why(kind: StepKind, reason: str, refused: bool) -> None:
    found = refused_by(lambda: took(OFFERED, kind, reason=reason))

    assert found == (rules.STEP_SAYS_WHY.code if refused else None)


def test_who_accepts_all_may_be_silent_and_is_brief() -> None:
    assert refused_by(lambda: took(OFFERED, StepKind.ACCEPT, reason="")) is None
    assert refused_by(lambda: took(OFFERED, StepKind.ACCEPT, reason="x" * 2001)) == (
        rules.STEP_SAYS_WHY.code
    )
    assert refused_by(lambda: offer(terms(), by="ann", reason="x" * 2000)) is None
    assert (
        refused_by(lambda: offer(terms(), by="ann", reason="x" * 2001)) == rules.STEP_SAYS_WHY.code
    )


def test_every_reason_against_a_step_is_told() -> None:
    wrong = step(StepKind.REFUSE, entity=OTHER, at=END, reason="")

    with pytest.raises(RefusalError) as caught:
        take(OFFERED, wrong)

    assert [finding.code for finding in caught.value.findings] == [
        "TRANSACTION-005",
        "TRANSACTION-008",
        "TRANSACTION-010",
    ]


def test_its_steps_alone_give_a_transaction() -> None:
    done = took(OFFERED, StepKind.ACCEPT_PART)

    assert replay(done.terms, done.steps) == done
    assert replay(OFFERED.terms, OFFERED.steps) == OFFERED


def test_after_its_end_an_offer_can_only_expire() -> None:
    assert next_steps(OFFERED, entity=BUYER, at=END - BIT) == (
        StepKind.ACCEPT,
        StepKind.ACCEPT_PART,
        StepKind.REFUSE,
    )
    assert next_steps(OFFERED, entity=SELLER, at=END - BIT) == (StepKind.WITHDRAW,)
    assert next_steps(OFFERED, entity=SELLER, at=END) == (StepKind.EXPIRE,)
    assert next_steps(took(OFFERED, StepKind.REFUSE), entity=SELLER, at=END) == ()


@pytest.mark.parametrize(("wanted", "refused"), [(399, False), (400, False), (401, True)])
def test_what_is_reserved_is_not_offered_again(wanted: int, refused: bool) -> None:
    others: list[dict[str, Any]] = [{"quantity": 100}, {"item": "L2"}, {"seller": OTHER}]
    open_ones = [offer(terms(quantity=500, content_mg=1), by="ann")]
    open_ones += [offer(terms(content_mg=1, **one), by="ann") for one in others]

    found = refused_by(
        lambda: check_available(
            wanted, held=1000, transactions=open_ones, entity=SELLER, item="L1", at=START
        )
    )

    assert reserved(open_ones, seller=SELLER, item="L1", at=START) == 600
    assert found == (rules.RESERVED_IS_NOT_USED.code if refused else None)


@pytest.mark.parametrize(("wanted", "held", "refused"), [(1000, 1000, False), (1, -5, True)])
def test_what_is_released_is_there_again_and_a_deficit_gives_nothing(
    wanted: int, held: int, refused: bool
) -> None:
    ended = [took(OFFERED, StepKind.REFUSE)]

    found = refused_by(
        lambda: check_available(
            wanted, held=held, transactions=ended, entity=SELLER, item="L1", at=START
        )
    )

    assert found == (rules.RESERVED_IS_NOT_USED.code if refused else None)


@given(st.integers(2, 10**12), st.data())
def test_a_part_and_its_rest_have_the_content_of_the_whole(mass: int, data: st.DataObject) -> None:
    content = data.draw(st.integers(1, mass))
    part = data.draw(st.integers(1, mass - 1))
    whole = terms(quantity=mass, content_mg=content)

    delivered = content_of_part(whole, part)

    assert delivered is not None
    assert delivered <= part
    assert 1 <= content - delivered <= mass - part
    assert delivered * mass <= content * part  # never richer than the whole


def test_a_part_of_credits_has_no_content() -> None:
    assert content_of_part(credits_offered(), 3) is None

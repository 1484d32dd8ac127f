"""Whether a posting may happen: each rule just under, at and just over."""

from dataclasses import replace

import pytest

from refusals import refused_by
from stannary.core.custody.postings import (
    ACCEPTED,
    MOST,
    NO_ID,
    POST,
    RESERVE,
    SETTLE,
    VOID,
    Account,
    Ledger,
    Posting,
    book,
    decide,
    decide_all,
    posting_id,
)
from stannary.core.custody.postings.ledger import MALFORMED
from stannary.core.kernel import RefusalError

NOW = 1_770_000_000_000
HELD = posting_id(at_ms=1, entropy=1)
"""The id of what `made` reserved."""


def identity(number: int) -> bytes:
    """An id of its own for each number from 2."""
    return posting_id(at_ms=number, entropy=number)


def made(*, available: int = 100, reserved: int = 0, expires_at_ms: int = 0) -> Ledger:
    """A ledger in which a mine issued so much to a smelter, which reserved some more for a buyer."""
    ledger = Ledger()
    ledger.advance(NOW)
    ledger.open("mine", source=True)
    ledger.open("smelter").balance = available + reserved
    ledger.accounts["mine"].balance = -available - reserved
    ledger.open("buyer")
    if reserved:
        wanted = Posting(HELD, RESERVE, "smelter", "buyer", reserved, NO_ID, expires_at_ms)
        assert decide(ledger, wanted) == ACCEPTED
    return ledger


def code(verdict: int) -> str:
    """The rule of a verdict, or the word for none."""
    return f"CUSTODY-{verdict:03d}" if verdict else "accepted"


def state(ledger: Ledger) -> dict[object, tuple[int, int]]:
    """Balance and reservation of every account."""
    return {key: (one.balance, one.reserved) for key, one in ledger.accounts.items()}


def sold(amount: int, kind: int = POST) -> Posting:
    """The smelter gives to the buyer."""
    return Posting(identity(2), kind, "smelter", "buyer", amount)


@pytest.mark.parametrize("kind", [POST, RESERVE])
@pytest.mark.parametrize(
    ("amount", "expected"), [(99, "accepted"), (100, "accepted"), (101, "CUSTODY-053")]
)
def test_an_account_gives_what_is_available_and_no_more(
    kind: int, amount: int, expected: str
) -> None:
    ledger = made(available=100, reserved=50)
    before = state(ledger)

    verdict = decide(ledger, sold(amount, kind))

    assert code(verdict) == expected
    smelter = ledger.accounts["smelter"]
    assert smelter.available == (100 if verdict else 100 - amount)
    assert (state(ledger) == before) is bool(verdict)
    assert ledger.total() == 0


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (-1, "CUSTODY-050"),
        (0, "CUSTODY-050"),
        (1, "accepted"),
        (MOST - 100, "accepted"),
        (MOST, "accepted"),
        (MOST + 1, "CUSTODY-050"),
    ],
)
def test_an_amount_is_from_one_to_nine_times_ten_to_the_eighteen(
    amount: int, expected: str
) -> None:
    ledger = made(available=MOST)

    assert code(decide(ledger, sold(amount))) == expected


@pytest.mark.parametrize(
    ("amount", "expected"), [(-1, "CUSTODY-050"), (0, "accepted"), (1, "CUSTODY-050")]
)
def test_a_release_names_no_amount(amount: int, expected: str) -> None:
    ledger = made(reserved=10)

    assert (
        code(decide(ledger, Posting(identity(2), VOID, "smelter", "buyer", amount, HELD)))
        == expected
    )


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("smelter", "buyer", "accepted"),
        ("smelter", "smelter", "CUSTODY-052"),
        ("nobody", "nobody", "CUSTODY-052"),
        ("nobody", "buyer", "CUSTODY-051"),
        ("smelter", "nobody", "CUSTODY-051"),
    ],
)
def test_two_open_accounts_take_part(source: str, target: str, expected: str) -> None:
    assert code(decide(made(), Posting(identity(2), POST, source, target, 1))) == expected


@pytest.mark.parametrize("kind", [POST, RESERVE])
@pytest.mark.parametrize(
    ("issued", "expected"),
    [(MOST - 1, "accepted"), (MOST, "accepted"), (MOST + 1, "CUSTODY-054")],
)
def test_a_source_issues_as_much_as_64_bits_hold(kind: int, issued: int, expected: str) -> None:
    ledger = made(available=0)
    half = MOST // 2
    assert decide(ledger, Posting(identity(2), POST, "mine", "smelter", half)) == ACCEPTED

    verdict = decide(ledger, Posting(identity(3), kind, "mine", "buyer", issued - half))

    assert code(verdict) == expected


@pytest.mark.parametrize("kind", [POST, SETTLE])
@pytest.mark.parametrize(
    ("there", "expected"),
    [(MOST - 11, "accepted"), (MOST - 10, "accepted"), (MOST - 9, "CUSTODY-054")],
)
def test_an_account_takes_as_much_as_64_bits_hold(kind: int, there: int, expected: str) -> None:
    ledger = made(reserved=10)
    ledger.accounts["buyer"].balance = there
    before = state(ledger)

    named = HELD if kind == SETTLE else NO_ID
    verdict = decide(ledger, Posting(identity(2), kind, "smelter", "buyer", 10, named))

    assert code(verdict) == expected
    assert (state(ledger) == before) is bool(verdict)


def test_the_same_posting_again_gets_its_first_verdict_and_changes_nothing() -> None:
    ledger = made(available=100)
    too_much, enough = sold(101), Posting(identity(3), POST, "smelter", "buyer", 60)
    first = [decide(ledger, too_much), decide(ledger, enough)]
    book(ledger, Posting(identity(4), POST, "mine", "smelter", 1_000))
    after = state(ledger)

    assert [code(decide(ledger, one)) for one in (too_much, enough)] == ["CUSTODY-053", "accepted"]
    assert [code(one) for one in first] == ["CUSTODY-053", "accepted"]
    assert state(ledger) == after


def test_many_are_decided_each_after_those_before_it_and_what_is_new_stands_at_the_end() -> None:
    ledger = made(available=100)
    first = Posting(identity(2), POST, "smelter", "buyer", 60)
    second = first._replace(id=identity(3))
    decide(ledger, first)

    verdicts = decide_all(ledger, [second, first, second._replace(amount=1), first])
    more = decide_all(ledger, [])

    assert (verdicts, more) == ([53, 0, 55, 0], [])
    assert list(ledger.postings.values()) == [first, second]


@pytest.mark.parametrize(
    "other",
    [
        sold(10)._replace(amount=11),
        sold(10)._replace(kind=RESERVE),
        sold(10)._replace(source="mine"),
        sold(10)._replace(target="mine"),
        sold(10, RESERVE)._replace(expires_at_ms=NOW + 1),
    ],
)
def test_an_id_never_stands_for_two_postings(other: Posting) -> None:
    ledger = made()
    book(ledger, sold(10))
    after = state(ledger)

    assert code(decide(ledger, other)) == "CUSTODY-055"
    assert state(ledger) == after
    assert decide(ledger, sold(10)) == ACCEPTED


@pytest.mark.parametrize(
    ("amount", "expected", "seller", "buyer"),
    [
        (39, "accepted", (101, 0), 39),
        (40, "accepted", (100, 0), 40),
        (41, "CUSTODY-059", (140, 40), 0),
    ],
)
def test_a_settlement_takes_at_most_what_was_reserved_and_frees_the_rest(
    amount: int, expected: str, seller: tuple[int, int], buyer: int
) -> None:
    ledger = made(available=100, reserved=40)

    verdict = decide(ledger, Posting(identity(2), SETTLE, "smelter", "buyer", amount, HELD))

    assert code(verdict) == expected
    assert state(ledger)["smelter"] == seller
    assert ledger.accounts["buyer"].balance == buyer


def test_a_release_frees_everything() -> None:
    ledger = made(available=100, reserved=40)

    book(ledger, Posting(identity(2), VOID, "smelter", "buyer", 0, HELD))

    assert state(ledger)["smelter"] == (140, 0)


@pytest.mark.parametrize(("kind", "amount"), [(SETTLE, 1), (VOID, 0)])
@pytest.mark.parametrize(
    ("source", "target", "named"),
    [
        ("smelter", "buyer", identity(9)),
        ("mine", "buyer", HELD),
        ("smelter", "mine", HELD),
    ],
)
def test_what_was_not_reserved_between_these_two_ends_nothing(
    kind: int, amount: int, source: str, target: str, named: bytes
) -> None:
    ledger = made(reserved=40)

    verdict = decide(ledger, Posting(identity(2), kind, source, target, amount, named))

    assert code(verdict) == "CUSTODY-056"
    assert ledger.accounts["smelter"].reserved == 40


@pytest.mark.parametrize(("kind", "amount"), [(SETTLE, 1), (VOID, 0)])
@pytest.mark.parametrize(("first", "first_amount"), [(SETTLE, 40), (VOID, 0)])
def test_a_reservation_ends_once(kind: int, amount: int, first: int, first_amount: int) -> None:
    ledger = made(reserved=40)
    book(ledger, Posting(identity(2), first, "smelter", "buyer", first_amount, HELD))
    after = state(ledger)

    verdict = decide(ledger, Posting(identity(3), kind, "smelter", "buyer", amount, HELD))

    assert code(verdict) == "CUSTODY-057"
    assert state(ledger) == after


@pytest.mark.parametrize(
    ("now", "expected"),
    [(NOW + 9, "accepted"), (NOW + 10, "CUSTODY-058"), (NOW + 11, "CUSTODY-058")],
)
def test_a_reservation_is_settled_before_it_expires(now: int, expected: str) -> None:
    ledger = made(reserved=40, expires_at_ms=NOW + 10)
    ledger.advance(now)

    verdict = decide(ledger, Posting(identity(2), SETTLE, "smelter", "buyer", 40, HELD))

    assert code(verdict) == expected
    assert [one for one, _ in ledger.due()] == ([HELD] if verdict else [])


@pytest.mark.parametrize("now", [NOW + 9, NOW + 10, NOW + 11])
def test_a_reservation_is_released_before_and_after_it_expires(now: int) -> None:
    ledger = made(reserved=40, expires_at_ms=NOW + 10)
    ledger.advance(now)

    book(ledger, Posting(identity(2), VOID, "smelter", "buyer", 0, HELD))

    assert state(ledger)["smelter"] == (140, 0)
    assert list(ledger.due()) == []


def test_a_clock_that_is_set_back_revives_nothing() -> None:
    ledger = made(reserved=40, expires_at_ms=NOW + 10)
    ledger.advance(NOW + 10)
    ledger.advance(NOW - 86_400_000)

    verdict = decide(ledger, Posting(identity(2), SETTLE, "smelter", "buyer", 40, HELD))

    assert (code(verdict), ledger.at_ms) == ("CUSTODY-058", NOW + 10)


@pytest.mark.parametrize(
    ("expires_at_ms", "expected"),
    [
        (-1, "CUSTODY-060"),
        (0, "accepted"),
        (NOW - 1, "CUSTODY-058"),
        (NOW, "CUSTODY-058"),
        (NOW + 1, "accepted"),
    ],
)
def test_a_reservation_is_made_before_it_expires(expires_at_ms: int, expected: str) -> None:
    wanted = sold(10, RESERVE)._replace(expires_at_ms=expires_at_ms)

    assert code(decide(made(), wanted)) == expected


@pytest.mark.parametrize(
    "posting",
    [
        sold(10, 0),
        sold(10, 5),
        sold(10)._replace(id=NO_ID),
        sold(10)._replace(id=bytes([1]) * 15),
        sold(10)._replace(id=bytes([1]) * 17),
        sold(10)._replace(reservation=HELD),
        sold(10, RESERVE)._replace(reservation=HELD),
        sold(10, SETTLE),
        sold(0, VOID),
        sold(10)._replace(expires_at_ms=NOW + 1),
        sold(10, SETTLE)._replace(reservation=HELD, expires_at_ms=NOW + 1),
        sold(0, VOID)._replace(reservation=HELD, expires_at_ms=NOW + 1),
    ],
)
def test_a_posting_says_what_its_kind_has_and_nothing_else(posting: Posting) -> None:
    ledger = made(reserved=40)
    before = state(ledger)

    assert decide(ledger, posting) == MALFORMED  # CUSTODY-060
    assert state(ledger) == before


@pytest.mark.parametrize(("source", "again"), [(True, False), (False, True)])
def test_an_account_is_opened_once_as_one_thing(source: bool, again: bool) -> None:
    ledger = Ledger()
    first = ledger.open("account", source=source)

    assert ledger.open("account", source=source) is first
    assert first.is_source is source
    assert refused_by(lambda: ledger.open("account", source=again)) == "CUSTODY-061"


def test_a_refusal_says_what_a_person_needs_to_see() -> None:
    ledger = made(available=100, reserved=40)
    wanted = Posting(identity(2), SETTLE, "smelter", "buyer", 41, HELD)

    with pytest.raises(RefusalError) as refusal:
        book(ledger, wanted)

    assert str(refusal.value) == (
        "CUSTODY-059: What is settled is at most what was reserved. Here: "
        "posting=00000000000270008000000000000002, kind=settle, from=smelter, to=buyer, amount=41, "
        f"reservation={HELD.hex()}, available=100. "
        "Settle at most the reserved amount, and post the rest by itself."
    )


@pytest.mark.parametrize("source", ["mine", "nobody"])
def test_a_source_and_a_stranger_have_nothing_available_to_tell(source: str) -> None:
    ledger = made()
    wanted = Posting(identity(2), POST, source, "nobody", 41)

    with pytest.raises(RefusalError) as refusal:
        book(ledger, wanted)

    assert refusal.value.findings[0].facts == {
        "posting": identity(2).hex(), "kind": "post", "from": source, "to": "nobody", "amount": "41",
    }  # fmt: skip


def test_a_copy_of_an_account_is_an_account_of_its_own() -> None:
    first = Account(balance=5, reserved=2)
    second = replace(first, balance=6)

    assert (first.available, second.available) == (3, 4)

"""Credits: made once, held by one, used up once, for somebody, before they expire."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.custody.accounting.made_up import BRAND, MINER, NORTH, TRADER, day, under
from refusals import refused_by
from stannary.core.custody import Credits
from stannary.core.kernel import Finding, InvariantError

GRAM = 1_000


def booked(quantity_mg: int = 10 * GRAM, on: str = "2026-03-01") -> Credits:
    held = Credits()
    assert book(held, "C1", quantity_mg, on) == []
    return held


def book(held: Credits, name: str, quantity_mg: int, on: str = "2026-03-01") -> list[str]:
    return codes(
        held.book(
            name,
            holder=MINER,
            source=NORTH,
            material="ore",
            quantity_mg=quantity_mg,
            day=day(on),
            allowed=under(),
        )
    )


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


def retire(held: Credits, quantity_mg: int, **other: str) -> list[str]:
    fields = {
        "actor": MINER,
        "beneficiary": "Somebody",
        "on": "2026-06-01",
        "credit": "C1",
        **other,
    }
    found = held.retire(
        fields["credit"],
        quantity_mg,
        actor=fields["actor"],
        beneficiary=fields["beneficiary"],
        day=day(fields["on"]),
        event="E9",
        period="2026",
    )
    return codes(found)


def transfer(held: Credits, *parts: tuple[str, str, int], on: str = "2026-04-01") -> list[str]:
    return codes(held.transfer("C1", parts, actor=MINER, day=day(on)))


def test_a_credit_keeps_where_it_comes_from_and_when_it_ends() -> None:
    credit = booked().by_id["C1"]

    assert (credit.holder, credit.source, credit.material) == (MINER, NORTH, "ore")
    assert (credit.booked_on, credit.expires_on) == (day("2026-03-01"), day("2028-03-01"))
    assert (credit.unit_mg, credit.quantity_mg, credit.available_mg) == (GRAM, 10_000, 10_000)


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [(0, ["CUSTODY-088"]), (999, ["CUSTODY-088"]), (1000, []), (1001, ["CUSTODY-088"])],
)
def test_credits_are_whole_units(quantity: int, expected: list[str]) -> None:
    assert book(Credits(), "C1", quantity) == expected
    assert retire(booked(), quantity) == expected
    assert transfer(booked(), ("C2", TRADER, quantity)) == expected


def test_a_credit_is_made_once() -> None:
    held = booked()

    assert book(held, "C1", GRAM) == ["CUSTODY-090"]
    assert transfer(held, ("C1", TRADER, GRAM)) == ["CUSTODY-090"]
    assert transfer(held, ("C2", TRADER, GRAM), ("C2", BRAND, GRAM)) == ["CUSTODY-090"]
    assert held.by_id["C1"].left_mg == 10 * GRAM


@pytest.mark.parametrize(("grams", "expected"), [(9, []), (10, []), (11, ["CUSTODY-090"])])
def test_a_credit_is_used_up_once(grams: int, expected: list[str]) -> None:
    held = booked()

    assert retire(held, grams * GRAM) == expected
    assert len(held.retired) == (0 if expected else 1)
    assert held.by_id["C1"].left_mg == (10 if expected else 10 - grams) * GRAM


def test_a_retirement_says_for_whom_and_for_what() -> None:
    held = booked()
    retire(held, 4 * GRAM)

    done = held.retired[0]
    assert (done.event, done.on, done.credit, done.holder) == ("E9", day("2026-06-01"), "C1", MINER)
    assert (done.source, done.quantity_mg) == (NORTH, 4 * GRAM)
    assert (done.beneficiary, done.period) == ("Somebody", "2026")
    assert retire(held, GRAM, beneficiary="") == ["CUSTODY-092"]
    assert len(held.retired) == 1


@pytest.mark.parametrize(
    ("on", "expected"),
    [("2028-02-29", []), ("2028-03-01", ["CUSTODY-091"]), ("2028-03-02", ["CUSTODY-091"])],
)
def test_a_credit_is_used_before_it_expires(on: str, expected: list[str]) -> None:
    assert retire(booked(), GRAM, on=on) == expected
    assert transfer(booked(), ("C2", TRADER, GRAM), on=on) == expected


def test_a_credit_that_was_passed_on_is_no_younger() -> None:
    held = booked()

    assert transfer(held, ("C2", TRADER, 4 * GRAM), ("C3", BRAND, 6 * GRAM)) == []
    new = held.by_id["C2"]
    assert (new.holder, new.parent, new.expires_on) == (TRADER, "C1", day("2028-03-01"))
    assert (new.quantity_mg, held.by_id["C1"].left_mg) == (4 * GRAM, 0)


@pytest.mark.parametrize("credit", ["C1", "C9"])
def test_somebody_elses_credit_and_none_look_alike(credit: str) -> None:
    assert retire(booked(), GRAM, actor=TRADER, credit=credit) == ["CUSTODY-089"]
    found = booked().transfer(credit, [("C2", BRAND, GRAM)], actor=TRADER, day=day("2026-04-01"))
    assert codes(found) == ["CUSTODY-089"]


@pytest.mark.parametrize(("grams", "expected"), [(5, []), (6, []), (7, ["CUSTODY-090"])])
def test_what_is_promised_is_not_used_otherwise(grams: int, expected: list[str]) -> None:
    held = booked()
    held.reserve("C1", 4 * GRAM, actor=MINER, day=day("2026-04-01"))

    assert held.by_id["C1"].available_mg == 6 * GRAM
    assert retire(held, grams * GRAM) == expected


def test_two_promises_of_the_same_credits_cannot_be() -> None:
    held = booked()
    first = held.reserve("C1", 10 * GRAM, actor=MINER, day=day("2026-04-01"))
    second = held.reserve("C1", GRAM, actor=MINER, day=day("2026-04-01"))

    assert (codes(first), codes(second)) == ([], ["CUSTODY-090"])
    assert dict(second[0].facts)["reserved"] == "10000 mg"
    held.release("C1", 10 * GRAM)
    assert retire(held, 10 * GRAM) == []
    part = held.reserve("C1", 1, actor=MINER, day=day("2026-04-01"))
    assert codes(part) == ["CUSTODY-090", "CUSTODY-088"]
    none = held.reserve("C9", 1, actor=MINER, day=day("2026-04-01"))
    assert codes(none) == ["CUSTODY-089"]


@pytest.mark.parametrize(("grams", "fits"), [(-1, False), (0, True), (4, True), (5, False)])
def test_no_more_is_released_than_was_promised(grams: int, fits: bool) -> None:
    held = booked()
    held.reserve("C1", 4 * GRAM, actor=MINER, day=day("2026-04-01"))
    if fits:
        held.release("C1", grams * GRAM)
        assert held.by_id["C1"].reserved_mg == (4 - grams) * GRAM
    else:
        with pytest.raises(InvariantError, match="released"):
            held.release("C1", grams * GRAM)


def test_what_has_expired_is_told_once_and_is_of_no_use_again() -> None:
    held = booked()

    assert held.expire(day("2028-02-29")) == ()
    assert [one.id for one in held.expire(day("2028-03-01"))] == ["C1"]
    assert held.expire(day("2028-03-02")) == ()
    assert held.by_id["C1"].available_mg == 0
    assert retire(held, GRAM, on="2028-02-29") == ["CUSTODY-091"]


@pytest.mark.parametrize("constant", ["credit_unit", "credit_life_months"])
def test_unit_and_life_are_not_assumed(constant: str) -> None:
    def act() -> object:
        return Credits().book(
            "C1",
            holder=MINER,
            source=NORTH,
            material="ore",
            quantity_mg=GRAM,
            day=day("2026-03-01"),
            allowed=under(**{constant: None}),
        )

    assert refused_by(act) == "CUSTODY-070"


@given(st.lists(st.tuples(st.sampled_from("rtph"), st.integers(0, 12)), max_size=30))
def test_all_credits_together_stay_what_was_booked(acts: list[tuple[str, int]]) -> None:
    held = booked()
    for number, (act, grams) in enumerate(acts):
        if act == "r":
            retire(held, grams * GRAM)
        elif act == "t":
            transfer(held, (f"N{number}", MINER, grams * GRAM))
        elif act == "p":
            held.reserve("C1", grams * GRAM, actor=MINER, day=day("2026-04-01"))
        else:
            held.release("C1", min(grams * GRAM, held.by_id["C1"].reserved_mg))
        left = sum(one.left_mg for one in held.by_id.values())
        used = sum(one.quantity_mg for one in held.retired)
        assert left + used == 10 * GRAM
        assert all(0 <= one.reserved_mg <= one.left_mg for one in held.by_id.values())

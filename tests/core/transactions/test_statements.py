"""Statements: what opens, moves and closes; what is available when; what two parties say of each other."""

import datetime
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.transactions.made_up import BIT, BUYER, END, NAIVE, ONE, OTHER, SELLER, START, line
from refusals import refused_by
from stannary.core.kernel import RefusalError
from stannary.core.transactions import (
    Line,
    Statement,
    available_on,
    booked_twice,
    corrects_nothing,
    reconcile,
    rules,
    running,
    statement,
)

LINES = (
    line("A1", 100, -5),
    line("A2", 50, 0),
    line("A3", -30, 4, transaction="T1", counterparty=BUYER),
    line("A4", -10, 10),
    line("A5", 7, 3, account="zinc"),
    line("A6", 999, 3, entity=OTHER),
)


def drawn(*lines: Line, **other: Any) -> Statement:
    whole: dict[str, Any] = {"entity": SELLER, "begin": START, "end": END, "known_at": END + ONE}
    return statement(lines, **(whole | other))


def test_a_statement_has_what_opened_moved_and_closed() -> None:
    tin, zinc = drawn(*LINES).accounts

    assert (tin.account, tin.opening, tin.came_in, tin.went_out, tin.closing) == (
        "tin",
        100,
        50,
        30,
        120,
    )
    assert [(entry.line.id, entry.balance) for entry in tin.entries] == [("A2", 150), ("A3", 120)]
    assert (zinc.opening, zinc.closing) == (0, 7)
    assert drawn(*LINES).closing == {"tin": 120, "zinc": 7}
    assert [one.id for one in drawn(*LINES).lines] == ["A2", "A3", "A5"]


@pytest.mark.parametrize(
    ("at", "opening", "moved", "closing"),
    [
        (START - BIT, 5, 0, 5),
        (START, 0, 1, 5),
        (END - BIT, 0, 1, 5),
    ],
)
def test_a_period_begins_with_its_first_instant_and_ends_before_its_last(
    at: datetime.datetime, opening: int, moved: int, closing: int
) -> None:
    (account,) = drawn(line("A1", 5, at=at)).accounts

    assert (account.opening, len(account.entries), account.closing) == (opening, moved, closing)


def test_what_comes_at_the_end_is_of_the_next_period() -> None:
    assert drawn(line("A1", 5, at=END)).accounts == ()


@pytest.mark.parametrize(("late", "closing"), [(-BIT, 5), (0 * BIT, 5), (BIT, None)])
def test_a_statement_says_what_was_known_then(
    late: datetime.timedelta, closing: int | None
) -> None:
    found = drawn(line("A1", 5, known_at=END + late), known_at=END)

    assert found.closing.get("tin") == closing


def test_a_deficit_is_shown_as_a_deficit() -> None:
    (account,) = drawn(line("A1", 5, 1), line("A2", -8, 2)).accounts

    assert [entry.balance for entry in account.entries] == [5, -3]
    assert account.closing == -3


@pytest.mark.parametrize(
    "other",
    [
        {"end": START},
        {"end": START - BIT},
        {"entity": ""},
        {"begin": NAIVE},
        {"end": NAIVE},
        {"known_at": NAIVE},
    ],
)
def test_a_period_begins_before_it_ends(other: dict[str, Any]) -> None:
    assert refused_by(lambda: drawn(**other)) == rules.STATEMENT_HAS_A_PERIOD.code


def test_a_period_may_be_as_short_as_an_instant() -> None:
    assert refused_by(lambda: drawn(end=START + BIT)) is None


def test_a_line_stands_once() -> None:
    found = list(booked_twice([line("A1", 5), line("A1", 5)]))

    assert [finding.code for finding in found] == ["TRANSACTION-021"]
    assert found[0].facts == {"line": "A1", "booked_as": "A1"}


def test_a_transaction_moves_an_account_once() -> None:
    first, second = line("A1", 5, transaction="T1"), line("A2", 5, transaction="T1")

    (found,) = booked_twice([first, second])

    assert found.facts == {"line": "A2", "booked_as": "A1", "transaction": "T1"}
    assert refused_by(lambda: drawn(first, second)) == rules.BOOKED_ONCE.code
    assert list(booked_twice([first, replace(second, account="zinc")])) == []
    assert list(booked_twice([first, replace(second, entity=BUYER)])) == []
    assert list(booked_twice([first, replace(second, restates="A1")])) == []
    assert list(booked_twice([line("A1", 5), line("A2", 5)])) == []


@pytest.mark.parametrize(
    ("restates", "account", "found"),
    [("A1", "tin", []), ("A9", "tin", ["TRANSACTION-027"]), ("A1", "zinc", ["TRANSACTION-027"])],
)
def test_a_correction_corrects_what_is_booked(
    restates: str, account: str, found: list[str]
) -> None:
    lines = [line("A1", -100), line("A2", -20, restates=restates, account=account)]

    assert [one.code for one in corrects_nothing(lines)] == found
    assert refused_by(lambda: drawn(*lines)) == (found[0] if found else None)


def test_a_correction_is_recorded_after_what_it_corrects() -> None:
    lines = [line("A2", -20, restates="A1"), line("A1", -100)]

    assert [dict(one.facts) for one in corrects_nothing(lines)] == [
        {"line": "A2", "restates": "A1"}
    ]


def test_a_balance_runs_in_the_order_of_time() -> None:
    entries = running([line("A2", -2, 2), line("A1", 5, 1), line("A3", 1, 2)])

    assert [(entry.line.id, entry.balance) for entry in entries] == [
        ("A1", 5),
        ("A2", 3),
        ("A3", 4),
    ]


@pytest.mark.parametrize(
    ("day", "available"),
    [(0, 0), (1, 20), (4, 20), (5, 20), (6, 20), (8, 60), (9, 60)],
)
def test_what_comes_later_covers_nothing_that_leaves_now(day: int, available: int) -> None:
    lines = [line("A1", 50, 1), line("A2", -30, 6), line("A3", 40, 8)]

    assert available_on(lines, START + day * ONE) == available


def test_what_is_missing_later_is_missing_now() -> None:
    lines = [line("A1", 50, 1), line("A2", -80, 6), line("A3", 40, 8)]

    assert available_on(lines, START + 2 * ONE) == -30
    assert available_on([], START) == 0


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(-50, 50).filter(bool)), max_size=12),
    st.integers(0, 9),
)
def test_exactly_what_is_available_can_leave_without_a_new_deficit(
    moves: list[tuple[int, int]], day: int
) -> None:
    lines = [line(f"A{n}", quantity, at) for n, (at, quantity) in enumerate(moves)]
    available = available_on(lines, START + day * ONE)

    def lowest(out: int) -> int:
        gone = line("out", -out, day)
        return min(
            entry.balance
            for entry in running([*lines, gone])
            if (entry.line.at, entry.line.id == "out") >= (gone.at, True) or entry.line.at > gone.at
        )

    assert lowest(available) == 0
    assert lowest(available + 1) == -1


@given(
    st.lists(st.tuples(st.integers(-3, 14), st.integers(-50, 50).filter(bool)), max_size=12),
    st.integers(1, 9),
)
def test_periods_that_follow_one_another_add_up(moves: list[tuple[int, int]], cut: int) -> None:
    lines = [line(f"A{n}", quantity, at) for n, (at, quantity) in enumerate(moves)]
    middle = START + cut * ONE

    first = drawn(*lines, end=middle, known_at=END + 9 * ONE)
    second = drawn(*lines, begin=middle, known_at=END + 9 * ONE)

    for account in second.accounts:
        assert account.opening == first.closing.get(account.account, 0)
        assert account.opening + account.came_in - account.went_out == account.closing


def pair(ours: tuple[Line, ...], theirs: tuple[Line, ...]) -> tuple[Statement, Statement]:
    answers = tuple(replace(one, entity=BUYER, counterparty=SELLER) for one in theirs)
    return drawn(*ours), drawn(*answers, entity=BUYER)


def sold(name: str, quantity: int, **other: Any) -> Line:
    return line(name, quantity, **({"transaction": "T1", "counterparty": BUYER} | other))


def found_in(ours: tuple[Line, ...], theirs: tuple[Line, ...]) -> list[str]:
    return [finding.code for finding in reconcile(*pair(ours, theirs)).findings]


def test_two_parties_that_booked_alike_agree() -> None:
    done = reconcile(*pair((sold("A1", -30),), (sold("B1", 30),)))

    assert [(match.ours.id, match.theirs.id) for match in done.matched] == [("A1", "B1")]
    assert done.findings == ()


def test_what_one_booked_alone_is_told_by_side() -> None:
    assert found_in((sold("A1", -30),), ()) == ["TRANSACTION-023"]
    assert found_in((), (sold("B1", 30),)) == ["TRANSACTION-024"]


def test_what_has_no_transaction_has_no_match_and_names_no_one_else() -> None:
    unnamed = sold("A1", -30, transaction="")

    (found, other) = reconcile(*pair((unnamed,), (sold("B1", 30),))).findings

    assert dict(found.facts) == {
        "entity": SELLER,
        "counterparty": BUYER,
        "account": "tin",
        "line": "A1",
        "transaction": "none",
        "quantity": "-30",
        "at": START.isoformat(),
    }
    assert (found.code, other.code) == ("TRANSACTION-023", "TRANSACTION-024")


@pytest.mark.parametrize(
    ("theirs", "codes"), [(29, ["TRANSACTION-025"]), (30, []), (31, ["TRANSACTION-025"])]
)
def test_quantities_agree_to_the_last_unit(theirs: int, codes: list[str]) -> None:
    assert found_in((sold("A1", -30),), (sold("B1", theirs),)) == codes


@pytest.mark.parametrize(("late", "codes"), [(0 * BIT, []), (BIT, ["TRANSACTION-026"])])
def test_dates_agree_to_the_instant(late: datetime.timedelta, codes: list[str]) -> None:
    assert found_in((sold("A1", -30),), (sold("B1", 30, at=START + late),)) == codes


def test_what_differs_is_told_with_by_how_much() -> None:
    ours, theirs = sold("A1", -30, at=START + BIT), sold("B1", 29)

    done = reconcile(
        *pair((ours, sold("A2", -1, transaction="T2")), (theirs, sold("B3", 1, transaction="T3")))
    )

    assert [one.id for one in done.only_ours] == ["A2"]
    assert [one.id for one in done.only_theirs] == ["B3"]
    (found,) = done.differing
    assert (found.ours.id, found.theirs.id) == ("A1", "B1")
    assert (found.quantity, found.later) == (-1, BIT)
    assert [one.code for one in found.findings] == ["TRANSACTION-025", "TRANSACTION-026"]
    assert done.matched == ()


@pytest.mark.parametrize(
    ("after", "codes"),
    [
        (-BIT, ["TRANSACTION-026"]),
        (0 * BIT, []),
        (ONE - BIT, []),
        (ONE, ["TRANSACTION-026"]),
    ],
)
def test_a_line_that_says_a_day_agrees_with_any_instant_of_it(
    after: datetime.timedelta, codes: list[str]
) -> None:
    day = START + ONE
    two = pair((sold("A1", -30, at=day + after),), (sold("B1", 30, at=day),))

    assert [one.code for one in reconcile(*two, of_a_day={"B1"}).findings] == codes
    same = reconcile(*two, of_a_day={"B2"}).findings
    assert [one.code for one in same] == ([] if after == 0 * BIT else ["TRANSACTION-026"])


def test_a_line_and_its_correction_are_told_as_what_they_come_to() -> None:
    ours = (sold("A1", -30), sold("A2", 5, restates="A1", at=START + ONE))

    assert found_in(ours, (sold("B1", 25),)) == []
    assert found_in(ours, (sold("B1", 30),)) == ["TRANSACTION-025"]


def test_what_is_booked_with_others_is_not_reconciled_here() -> None:
    assert found_in((sold("A1", -30, counterparty=OTHER),), ()) == []


@pytest.mark.parametrize(
    "other", [{"entity": SELLER}, {"entity": BUYER, "end": END + BIT}, {"begin": START + BIT}]
)
def test_statements_of_other_periods_say_nothing_of_each_other(other: dict[str, Any]) -> None:
    found = refused_by(lambda: reconcile(drawn(), drawn(**({"entity": BUYER} | other))))

    assert found == rules.STATEMENTS_ARE_OF_EACH_OTHER.code


def test_one_statement_tells_of_many_transactions() -> None:
    retired = [line(f"A{n}", -n, n % 9, transaction=f"R{n}") for n in range(1, 400)]

    (account,) = drawn(line("A0", 10**6), *retired).accounts

    assert len(account.entries) == 400
    assert account.went_out == sum(range(1, 400))


def test_a_refused_statement_names_every_line_booked_twice() -> None:
    with pytest.raises(RefusalError) as caught:
        drawn(line("A1", 1), line("A1", 1), line("A1", 1))

    assert len(caught.value.findings) == 2


WEIGHED = (
    line("A1", 1000, 1, transaction="T1", counterparty=BUYER),
    line("A2", -8, 2, weighing=True, weighs="T1"),
    line("A3", 5, 3, weighing=True, weighs="T1"),
    line("A4", -2, 4, weighing=True),
    line("A5", -40, 5),
)


def test_differences_of_weighing_are_added_up_apart_and_are_part_of_what_moved() -> None:
    (tin,) = drawn(*WEIGHED).accounts

    assert (tin.weighed_more, tin.weighed_less) == (5, 10)
    assert (tin.came_in, tin.went_out, tin.closing) == (1005, 50, 955)


def test_a_reconciliation_tells_what_was_weighed_and_holds_only_what_was_delivered() -> None:
    sent = replace(WEIGHED[0], id="B1", entity=BUYER, counterparty=SELLER, quantity=-1000)

    done = reconcile(drawn(*WEIGHED), drawn(sent, entity=BUYER))
    seen = reconcile(drawn(sent, entity=BUYER), drawn(*WEIGHED))

    assert (done.findings, seen.findings) == ((), ())
    assert done.weighed == seen.weighed == {("T1", "tin"): -3}
    assert done.weighed_of(done.matched[0].ours) == -3
    assert done.weighed_of(line("A9", 1)) == 0

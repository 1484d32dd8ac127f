"""An account with and without a correction: nothing is floored, and what is missing has its line."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.transactions.made_up import (
    BIT,
    BUYER,
    END,
    ONE,
    OTHER,
    PERIOD,
    SELLER,
    START,
    line,
    period_step,
)
from stannary.core.restatements import simulate_line
from stannary.core.transactions import Period, PeriodStepKind, running, step

LINES = [
    line("A1", 100, 1),
    line("A2", -70, 3, counterparty=BUYER),
    line("A3", -20, 5, counterparty=OTHER),
    line("A4", 50, 7),
    line("B1", 5, 2, entity=OTHER),
    line("Z1", 5, 2, account="zinc"),
]


def closed() -> Period:
    prepared = step(PERIOD, period_step(PeriodStepKind.PREPARE))
    return step(prepared, period_step(PeriodStepKind.CLOSE, "closer"))


def test_a_correction_that_turns_a_balance_negative_names_the_sales_it_uncovers() -> None:
    found = simulate_line(LINES, line("C1", -40, 1, restates="A1"))

    assert (found.before, found.after, found.lowest) == (60, 20, -30)
    assert [(one.line.id, one.before, one.after, one.missing) for one in found.lines] == [
        ("A2", 30, -10, 10),
        ("A3", 10, -30, 20),
    ]
    assert found.told == (BUYER, OTHER)
    assert [str(one) for one in found.remedies] == ["deliver_missing", "buy_credits"]
    assert [one.code for one in found.findings] == ["RESTATEMENT-014", "RESTATEMENT-014"]
    assert dict(found.findings[0].facts) == {
        "entity": SELLER,
        "account": "tin",
        "line": "A2",
        "at": (START + 3 * ONE).isoformat(),
        "balance_before": "30",
        "balance_after": "-10",
        "missing": "10",
    }


@pytest.mark.parametrize(("less", "uncovered"), [(-9, 0), (-10, 0), (-11, 1), (-31, 2)])
def test_what_is_still_covered_is_left_alone(less: int, uncovered: int) -> None:
    found = simulate_line(LINES, line("C1", less, 1))

    assert len(found.lines) == uncovered
    assert bool(found.remedies) is bool(uncovered)


def test_a_deficit_stays_a_deficit_to_the_end() -> None:
    found = simulate_line(LINES[:3], line("C1", -50, 9, restates="A1"))

    assert (found.before, found.after, found.lowest) == (10, -40, -40)
    assert [(one.line.id, one.missing) for one in found.lines] == [("C1", 40)]


def test_a_correction_upwards_uncovers_nothing_even_in_a_deficit() -> None:
    short = [line("A1", 10, 1), line("A2", -30, 2)]

    found = simulate_line(short, line("C1", 5, 1))

    assert (found.before, found.after, found.lines) == (-20, -15, ())


def test_an_empty_account_begins_with_the_correction() -> None:
    found = simulate_line([], line("C1", 5, 1))

    assert (found.before, found.after) == (0, 5)


@pytest.mark.parametrize(
    ("at", "touched"), [(START, 1), (END - BIT, 1), (END, 0), (START - ONE, 1)]
)
def test_closed_periods_that_it_would_change_are_told(at: datetime.datetime, touched: int) -> None:
    found = simulate_line(LINES, line("C1", 1, at=at), periods=[closed()])

    assert len(found.periods) == touched
    assert [one.code for one in found.findings] == ["RESTATEMENT-015"] * touched


def test_periods_that_are_open_or_of_others_are_not() -> None:
    others = [PERIOD, Period(OTHER, START, END, state=closed().state)]

    assert simulate_line(LINES, line("C1", 1), periods=others).periods == ()


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(-50, 50).filter(bool)), max_size=10),
    st.tuples(st.integers(0, 9), st.integers(-50, 50).filter(bool)),
)
def test_the_simulation_is_a_replay_with_and_without(
    moves: list[tuple[int, int]], correction: tuple[int, int]
) -> None:
    lines = [line(f"A{n}", quantity, day) for n, (day, quantity) in enumerate(moves)]
    new = line("C1", correction[1], correction[0])

    found = simulate_line(lines, new)

    entries = running([*lines, new])
    assert found.after - found.before == new.quantity
    assert found.after == entries[-1].balance
    assert found.lowest == min(one.balance for one in entries)
    if new.quantity > 0:
        assert found.lines == ()

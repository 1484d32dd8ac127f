"""Periods: who closes what, with which balances, and what can still be booked."""

import datetime
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.transactions.made_up import (
    BIT,
    END,
    ONE,
    OTHER,
    PERIOD,
    START,
    line,
    period_step,
)
from refusals import refused_by
from stannary.core.kernel import RefusalError
from stannary.core.transactions import (
    Capacity,
    Period,
    PeriodState,
    PeriodStepKind,
    carry,
    check_booking,
    rules,
    step,
)

PREPARE, RETURN, CLOSE, REOPEN = PeriodStepKind
PREPARED = step(PERIOD, period_step(PREPARE))
CLOSED = step(PREPARED, period_step(CLOSE, "closer"))
REOPENED = step(CLOSED, period_step(REOPEN))
EVERY = (PERIOD, PREPARED, CLOSED, REOPENED)


@pytest.mark.parametrize("period", EVERY)
@pytest.mark.parametrize("kind", PeriodStepKind)
def test_a_step_fits_where_the_period_stands(period: Period, kind: PeriodStepKind) -> None:
    fits = {
        PeriodState.OPEN: {PREPARE},
        PeriodState.PREPARED: {RETURN, CLOSE},
        PeriodState.CLOSED: {REOPEN},
        PeriodState.REOPENED: {PREPARE},
    }

    found = refused_by(lambda: step(period, period_step(kind, "another")))

    expected = None if kind in fits[period.state] else rules.STEP_FITS_THE_PERIOD.code
    assert found == expected


@pytest.mark.parametrize(("at", "refused"), [(END - BIT, True), (END, False), (END + BIT, False)])
def test_a_period_is_prepared_when_it_is_over(at: datetime.datetime, refused: bool) -> None:
    found = refused_by(lambda: step(PERIOD, period_step(PREPARE, at=at)))

    assert found == (rules.PERIOD_IS_OVER.code if refused else None)


@pytest.mark.parametrize(("at", "refused"), [(END - BIT, True), (END, False)])
def test_no_step_comes_before_the_last(at: datetime.datetime, refused: bool) -> None:
    found = refused_by(lambda: step(PREPARED, period_step(CLOSE, "closer", at=at)))

    assert found == (rules.STEP_COMES_LATER.code if refused else None)


@pytest.mark.parametrize(
    ("by", "capacity", "refused"),
    [
        ("preparer", Capacity.ENTITY, True),
        ("preparer", Capacity.VERIFIER, True),
        ("closer", Capacity.ENTITY, False),
        ("closer", Capacity.VERIFIER, False),
    ],
)
def test_another_person_closes(by: str, capacity: Capacity, refused: bool) -> None:
    found = refused_by(lambda: step(PREPARED, period_step(CLOSE, by, capacity=capacity)))

    assert found == (rules.FOUR_EYES_CLOSE.code if refused else None)


def test_a_verifier_does_not_prepare_what_it_verifies() -> None:
    found = refused_by(lambda: step(PERIOD, period_step(PREPARE, capacity=Capacity.VERIFIER)))

    assert found == rules.FOUR_EYES_CLOSE.code


@pytest.mark.parametrize(("balance", "refused"), [(69, True), (70, False), (71, True)])
def test_it_is_closed_as_it_was_prepared(balance: int, refused: bool) -> None:
    found = refused_by(
        lambda: step(PREPARED, period_step(CLOSE, "closer", balances={"tin": balance}))
    )

    assert found == (rules.CLOSED_AS_PREPARED.code if refused else None)


def test_an_account_that_came_since_or_is_gone_is_told() -> None:
    with pytest.raises(RefusalError) as caught:
        step(PREPARED, period_step(CLOSE, "closer", balances={"zinc": 1, "lead": 0}))

    assert [dict(one.facts)["account"] for one in caught.value.findings] == ["tin", "zinc"]


def test_periods_are_closed_one_after_the_other() -> None:
    before = replace(CLOSED, begin=START - ONE, end=START)
    prepare = period_step(PREPARE)

    assert refused_by(lambda: step(PERIOD, prepare, before=before)) is None
    for wrong in (
        replace(PREPARED, begin=START - ONE, end=START),
        replace(before, end=START - BIT),
        replace(before, end=START + BIT),
        replace(before, entity=OTHER),
    ):
        found = refused_by(partial(step, PERIOD, prepare, before=wrong))
        assert found == rules.CLOSED_IN_ORDER.code


@pytest.mark.parametrize(
    ("balance", "deficit_max", "refused"),
    [(0, 0, False), (-1, 0, True), (-4, 5, False), (-5, 5, False), (-6, 5, True)],
)
@pytest.mark.parametrize("kind", [PREPARE, CLOSE])
def test_a_deficit_beyond_the_rules_is_not_closed(
    kind: PeriodStepKind, balance: int, deficit_max: int, refused: bool
) -> None:
    balances = {"tin": balance}
    period = PERIOD
    if kind is CLOSE:
        period = step(PERIOD, period_step(PREPARE, balances=balances), deficit_max=10)
    taken = period_step(kind, "another", balances=balances)

    found = refused_by(lambda: step(period, taken, deficit_max=deficit_max))

    assert found == (rules.DEFICIT_STAYS_IN_BOUNDS.code if refused else None)


@pytest.mark.parametrize(
    ("reason", "refused"), [("", True), (" ", True), ("x" * 2000, False), ("x" * 2001, True)]
)
def test_who_returns_or_reopens_says_why(reason: str, refused: bool) -> None:
    expected = rules.REOPENED_BY_A_CORRECTION.code if refused else None

    assert refused_by(lambda: step(PREPARED, period_step(RETURN, reason=reason))) == expected
    assert refused_by(lambda: step(CLOSED, period_step(REOPEN, reason=reason))) == expected


def test_only_a_correction_reopens() -> None:
    found = refused_by(lambda: step(CLOSED, period_step(REOPEN, correction="")))

    assert found == rules.REOPENED_BY_A_CORRECTION.code


def test_every_closing_stays_on_record() -> None:
    again = step(REOPENED, period_step(PREPARE, balances={"tin": 60}))
    closed = step(again, period_step(CLOSE, "closer", balances={"tin": 60}))

    assert (PERIOD.balances, PREPARED.version) == (None, 0)
    assert (CLOSED.balances, CLOSED.version) == ({"tin": 70}, 1)
    assert (REOPENED.balances, REOPENED.reopened_for) == ({"tin": 70}, "C1")
    assert (closed.balances, closed.version, closed.reopened_for) == ({"tin": 60}, 2, "")


def test_what_is_returned_stands_where_it_stood() -> None:
    assert step(PREPARED, period_step(RETURN)).state is PeriodState.OPEN
    again = step(REOPENED, period_step(PREPARE))
    assert step(again, period_step(RETURN)).state is PeriodState.REOPENED
    assert step(again, period_step(RETURN)).reopened_for == "C1"


@pytest.mark.parametrize(
    ("at", "inside"), [(START - BIT, False), (START, True), (END - BIT, True), (END, False)]
)
def test_nothing_is_booked_into_a_closed_period(at: datetime.datetime, inside: bool) -> None:
    found = refused_by(lambda: check_booking(line("A1", 5, at=at), [CLOSED]))

    assert found == (rules.CLOSED_TAKES_NOTHING.code if inside else None)


def test_an_open_or_prepared_period_and_those_of_others_take_lines() -> None:
    assert refused_by(lambda: check_booking(line("A1", 5), [PERIOD])) is None
    assert refused_by(lambda: check_booking(line("A1", 5), [PREPARED])) is None
    assert refused_by(lambda: check_booking(line("A1", 5, entity=OTHER), [CLOSED])) is None


@pytest.mark.parametrize(("name", "refused"), [("C1", False), ("C2", True)])
def test_a_reopened_period_takes_its_correction_alone(name: str, refused: bool) -> None:
    correction = line(name, -10, restates="A1")
    again = step(REOPENED, period_step(PREPARE))

    for period in (REOPENED, again):
        found = refused_by(partial(check_booking, correction, [period]))
        assert found == (rules.CLOSED_TAKES_NOTHING.code if refused else None)


@pytest.mark.parametrize(
    ("times_max", "carried", "lapsed"),
    [(0, {}, 100), (1, {1: 70}, 30), (2, {1: 70, 2: 30}, 0)],
)
def test_what_was_carried_often_enough_lapses(
    times_max: int, carried: dict[int, int], lapsed: int
) -> None:
    done = carry({1: 30, 0: 70}, times_max=times_max, deficit=4)

    assert (done.carried, done.lapsed, done.deficit) == (carried, lapsed, 4)


@pytest.mark.parametrize(
    ("left", "times_max", "deficit"),
    [({0: -1}, 1, 0), ({-1: 1}, 1, 0), ({0: 1}, -1, 0), ({0: 1}, 1, -1)],
)
def test_no_number_of_carrying_is_below_nothing(
    left: dict[int, int], times_max: int, deficit: int
) -> None:
    found = refused_by(lambda: carry(left, times_max=times_max, deficit=deficit))

    assert found == rules.CARRYING_IS_WHOLE.code


@given(st.dictionaries(st.integers(0, 5), st.integers(0, 10**18)), st.integers(0, 5))
def test_what_is_left_is_carried_or_lapses(left: dict[int, int], times_max: int) -> None:
    done = carry(left, times_max=times_max)

    assert sum(done.carried.values()) + done.lapsed == sum(left.values())
    assert all(times <= times_max for times in done.carried)


@pytest.mark.parametrize(
    ("after", "refused"),
    [(None, False), (PERIOD, False), (PREPARED, False), (CLOSED, True), (REOPENED, False)],
)
def test_a_period_is_not_opened_again_while_the_next_one_is_closed(
    after: Period | None, refused: bool
) -> None:
    later = None if after is None else replace(after, begin=END, end=END + 10 * ONE)

    found = refused_by(lambda: step(CLOSED, period_step(REOPEN), after=later))

    assert found == (rules.CLOSED_IN_ORDER.code if refused else None)
    assert refused_by(lambda: step(PREPARED, period_step(CLOSE, "closer"), after=later)) is None

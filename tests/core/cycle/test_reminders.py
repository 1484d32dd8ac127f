import datetime

import pytest

from core.cycle.made_up import ONE, START, edition, step, way
from stannary.core.cycle import ActKind, ClockKind, Engagement, Role
from stannary.core.cycle.reminders import MEETS, Reminder, reminders
from stannary.core.kernel import add_months

DRAFT_DUE = START + 120 * ONE


def given(engagement: Engagement, on: datetime.date) -> tuple[Reminder, ...]:
    return reminders(engagement.edition, engagement.state, engagement.acts, on=on)


def stage(engagement: Engagement, on: datetime.date) -> list[str]:
    return [one.key.rpartition(" ")[2] for one in given(engagement, on)]


@pytest.mark.parametrize(
    ("days_left", "expected"),
    [
        (31, []),
        (30, ["left-30"]),
        (15, ["left-30"]),
        (14, ["left-14"]),
        (8, ["left-14"]),
        (7, ["left-7"]),
        (1, ["left-1"]),
        (0, ["left-0"]),
        (-1, ["late-0"]),
        (-7, ["late-0"]),
        (-8, ["late-1"]),
        (-15, ["late-2"]),
    ],
)
def test_a_reminder_comes_nearer_the_end_and_weekly_after_it(
    days_left: int, expected: list[str]
) -> None:
    assert stage(way(ActKind.FINISH_STAGE_2), DRAFT_DUE - days_left * ONE) == expected


def test_the_same_reminder_has_the_same_key_on_every_day_and_another_clock_another() -> None:
    engagement = way(ActKind.FINISH_STAGE_2)

    on_time, later = given(engagement, DRAFT_DUE - 7 * ONE), given(engagement, DRAFT_DUE - 2 * ONE)
    extended = step(
        engagement,
        ActKind.EXTEND,
        START + 61 * ONE,
        clock="draft_report",
        until=DRAFT_DUE + 20 * ONE,
    )

    assert on_time[0].key == later[0].key
    assert (on_time[0].days, later[0].days) == (7, 2)
    assert given(extended, DRAFT_DUE + 13 * ONE)[0].key != on_time[0].key


def test_who_can_act_is_reminded_and_the_secretariat_hears_of_what_is_late() -> None:
    engagement = way(ActKind.FINISH_STAGE_2)

    assert given(engagement, DRAFT_DUE)[0].roles == {Role.LEAD_AUDITOR}
    assert given(engagement, DRAFT_DUE + ONE)[0].roles == {Role.LEAD_AUDITOR, Role.SECRETARIAT}


def test_a_window_is_announced_when_it_opens_and_not_before() -> None:
    engagement = way(ActKind.PUBLISH)
    opens = add_months(START + 130 * ONE, 12)

    assert given(engagement, opens - ONE) == ()
    (reminder,) = given(engagement, opens)
    assert (reminder.clock.kind, reminder.key.rpartition(" ")[2]) == (
        ClockKind.SURVEILLANCE,
        "open",
    )


def test_the_most_urgent_comes_first() -> None:
    engagement = way(ActKind.SUBMIT_DRAFT, under=edition(scheme_review_days=10))

    days = [one.days for one in given(engagement, START + 90 * ONE)]
    assert days == sorted(days)
    assert len(days) == 2


def test_an_unknown_end_reminds_nobody() -> None:
    assert given(way(ActKind.APPLY, under=edition(application_review_days="?")), START) == ()


def test_every_clock_says_which_act_it_waits_for() -> None:
    assert set(MEETS) == set(ClockKind)

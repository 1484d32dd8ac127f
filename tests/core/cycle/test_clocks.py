import datetime

import pytest

from core.cycle.made_up import LENGTHS, ONE, START, anew, edition, step, way
from stannary.core.cycle import (
    IN_FORCE,
    ActKind,
    Clock,
    ClockKind,
    ClockStanding,
    Engagement,
    State,
    clocks,
)
from stannary.core.cycle.clocks import length_of
from stannary.core.kernel import add_months


def running(engagement: Engagement) -> dict[ClockKind, Clock]:
    found = clocks(engagement.edition, engagement.state, engagement.acts)
    return {clock.kind: clock for clock in found}


@pytest.mark.parametrize(
    ("after", "kind", "length"),
    [
        (ActKind.APPLY, ClockKind.APPLICATION_REVIEW, 7),
        (ActKind.FINISH_STAGE_2, ClockKind.DRAFT_REPORT, 60),
        (ActKind.SUBMIT_DRAFT, ClockKind.SCHEME_REVIEW, 30),
        (ActKind.SUBMIT_DRAFT, ClockKind.OPERATOR_REVIEW, 30),
        (ActKind.PUBLISH_NOW, ClockKind.PUBLICATION, 30),
    ],
)
def test_a_clock_in_days_ends_that_many_days_after_its_act(
    after: ActKind, kind: ClockKind, length: int
) -> None:
    engagement = way(after)
    clock = running(engagement)[kind]

    assert clock.since == engagement.acts[-1].on
    assert clock.due == clock.ends == clock.since + length * ONE


def test_stage_2_is_due_within_twelve_months_of_the_end_of_stage_1() -> None:
    for after in (ActKind.FINISH_STAGE_1, ActKind.ANNOUNCE_VISIT):
        clock = running(way(after))[ClockKind.STAGE_2]

        assert clock.due == add_months(START + 25 * ONE, 12)


def test_a_publication_starts_the_window_of_surveillance_and_the_clock_of_reassessment() -> None:
    those = running(way(ActKind.PUBLISH))
    released = START + 130 * ONE

    surveillance = those[ClockKind.SURVEILLANCE]
    assert (surveillance.opens, surveillance.due) == (
        add_months(released, 12),
        add_months(released, 18),
    )
    assert those[ClockKind.REASSESSMENT].due == add_months(released, 36)


def test_surveillance_is_due_once_in_a_cycle() -> None:
    engagement = way(ActKind.PUBLISH)
    later = add_months(START + 130 * ONE, 13)
    for kind in (
        ActKind.BEGIN_SURVEILLANCE,
        ActKind.FINISH_SURVEILLANCE,
        ActKind.PUBLISH_SURVEILLANCE,
    ):
        assert ClockKind.SURVEILLANCE in running(engagement)
        engagement = step(engagement, kind, later, said=anew(later))

    assert set(running(engagement)) == {ClockKind.REASSESSMENT}


def test_the_corrective_period_ends_after_its_months() -> None:
    engagement = step(way(ActKind.CLOSE_REVIEW), ActKind.ENTER_CORRECTIVE_PERIOD, START + 121 * ONE)

    assert running(engagement)[ClockKind.CORRECTIVE_PERIOD].due == add_months(START + 121 * ONE, 12)
    done = step(engagement, ActKind.END_CORRECTIVE_PERIOD, START + 200 * ONE)
    assert running(done)[ClockKind.PUBLICATION].since == START + 200 * ONE


def test_the_oldest_objection_without_a_ruling_sets_its_clock() -> None:
    engagement = way(ActKind.SUBMIT_DRAFT)
    assert ClockKind.OBJECTION_RULING not in running(engagement)
    for days in (91, 95):
        engagement = step(engagement, ActKind.OBJECT, START + days * ONE, id=f"o-{days}")
    assert running(engagement)[ClockKind.OBJECTION_RULING].due == START + 111 * ONE

    engagement = step(engagement, ActKind.RULE_ON_OBJECTION, START + 96 * ONE, refers_to="o-91")
    assert running(engagement)[ClockKind.OBJECTION_RULING].due == START + 115 * ONE

    engagement = step(engagement, ActKind.RULE_ON_OBJECTION, START + 97 * ONE, refers_to="o-95")
    assert ClockKind.OBJECTION_RULING not in running(engagement)


def test_an_extension_moves_the_end_and_keeps_what_it_was() -> None:
    engagement = way(ActKind.APPLY)
    until = START + 20 * ONE

    engagement = step(
        engagement, ActKind.EXTEND, START + ONE, clock="application_review", until=until
    )

    clock = running(engagement)[ClockKind.APPLICATION_REVIEW]
    assert (clock.ends, clock.due) == (START + 7 * ONE, until)
    assert clock.extension is engagement.acts[-1]


def test_an_extension_of_an_earlier_round_does_not_count_for_the_next() -> None:
    engagement = way(ActKind.APPLY)
    engagement = step(
        engagement,
        ActKind.EXTEND,
        START + ONE,
        clock="application_review",
        until=START + 20 * ONE,
    )
    engagement = step(engagement, ActKind.RETURN_APPLICATION, START + 2 * ONE)
    engagement = step(engagement, ActKind.APPLY, START + 3 * ONE, id="again")

    assert running(engagement)[ClockKind.APPLICATION_REVIEW].due == START + 10 * ONE


@pytest.mark.parametrize("unknown", ["?", None])
def test_a_length_that_the_pack_does_not_know_gives_a_clock_without_an_end(
    unknown: str | None,
) -> None:
    under = edition(application_review_days=unknown)
    clock = running(way(ActKind.APPLY, under=under))[ClockKind.APPLICATION_REVIEW]

    assert (clock.ends, clock.due, clock.days(START)) == (None, None, None)
    assert clock.standing(START) is ClockStanding.UNKNOWN


def test_clocks_are_in_the_order_of_their_ends_and_those_without_one_come_last() -> None:
    under = edition(scheme_review_days="?", operator_review_days=10)
    engagement = way(ActKind.SUBMIT_DRAFT, under=under)

    assert [clock.kind for clock in clocks(under, engagement.state, engagement.acts)] == [
        ClockKind.OPERATOR_REVIEW,
        ClockKind.SCHEME_REVIEW,
    ]


def test_a_suspended_or_ended_engagement_has_no_clocks() -> None:
    for kind in (ActKind.SUSPEND, ActKind.WITHDRAW):
        assert running(step(way(ActKind.PUBLISH), kind, START + 200 * ONE)) == {}


def test_a_state_without_its_act_has_no_clock() -> None:
    assert clocks(edition(), State.APPLIED, ()) == ()


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        (START + 12 * ONE, ClockStanding.NOT_YET),
        (START + 13 * ONE, ClockStanding.RUNNING),
        (START + 15 * ONE, ClockStanding.RUNNING),
        (START + 16 * ONE, ClockStanding.DUE_SOON),
        (START + 30 * ONE, ClockStanding.DUE_SOON),
        (START + 31 * ONE, ClockStanding.OVERDUE),
    ],
)
def test_a_clock_is_in_time_on_its_last_day_and_overdue_after(
    day: datetime.date, standing: ClockStanding
) -> None:
    last = START + 30 * ONE
    clock = Clock(ClockKind.SURVEILLANCE, START, START + 13 * ONE, last, last, None)

    assert clock.standing(day) is standing
    assert clock.days(day) == (last - day).days


def test_every_length_of_the_clocks_is_a_constant_of_the_made_up_pack() -> None:
    assert set(LENGTHS) <= set(edition().parameters)


def test_a_clock_says_when_it_runs_from_what_it_counts_and_which_constants_it_needs() -> None:
    assert length_of(ClockKind.SURVEILLANCE) == (
        IN_FORCE,
        (ActKind.PUBLISH,),
        ("surveillance_from_months", "surveillance_until_months"),
    )
    assert length_of(ClockKind.DRAFT_REPORT)[2] == ("draft_report_days",)

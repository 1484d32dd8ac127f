"""The clocks of a cycle, the day before, on and after each of their ends."""

import datetime
from dataclasses import replace

import pytest

from core.scores.score_vectors import edition
from stannary.core.assessments import (
    CycleDates,
    Standing,
    cycle_dates,
    next_steps,
    rules,
)
from stannary.core.kernel import DatedValue, Mark, Parameter, PartialDate
from stannary.core.standards import Edition

DAY = datetime.date
RELEASE = PartialDate(2024, 2, 7)


def with_lengths(**months: int | None) -> Edition:
    def length(name: str, value: int | None) -> Parameter:
        mark = Mark.UNKNOWN if value is None else Mark.OWN
        return Parameter(name, "month", "", (DatedValue(value, "made up", mark, DAY(2026, 1, 1)),))

    parameters = {name: length(name, value) for name, value in months.items()}
    return replace(edition("quarters"), parameters=parameters)


THREE_YEARS = with_lengths(
    surveillance_from_months=12, surveillance_until_months=18, reassessment_months=36
)
DATES = cycle_dates(THREE_YEARS, RELEASE)


def test_clocks_count_from_the_public_release() -> None:
    assert rules.CLOCK_ZERO_IS_PUBLIC_RELEASE.code == "CYCLE-001"
    assert (
        CycleDates(
            released_on=RELEASE,
            surveillance_from=DAY(2025, 2, 7),
            surveillance_until=DAY(2025, 8, 7),
            reassessment_due=DAY(2027, 2, 7),
        )
        == DATES
    )


@pytest.mark.parametrize(
    ("release", "until"),
    [
        (PartialDate(2024, 8, 31), DAY(2026, 2, 28)),
        (PartialDate(2022, 8, 31), DAY(2024, 2, 29)),
        (PartialDate(2024, 8, 30), DAY(2026, 2, 28)),
        (PartialDate(2024, 8, 28), DAY(2026, 2, 28)),
        (PartialDate(2024, 8, 27), DAY(2026, 2, 27)),
    ],
)
def test_a_month_that_lacks_the_day_ends_on_its_last(release: PartialDate, until: DAY) -> None:
    assert rules.MONTHS_ARE_CALENDAR_MONTHS.code == "CYCLE-002"
    assert cycle_dates(THREE_YEARS, release).surveillance_until == until


def test_a_release_known_to_the_month_widens_every_clock() -> None:
    assert rules.PARTIAL_RELEASE_WIDENS.code == "CYCLE-003"
    dates = cycle_dates(THREE_YEARS, PartialDate(2024, 2))
    assert dates.surveillance_from == DAY(2025, 2, 1)
    assert dates.surveillance_until == DAY(2025, 8, 29)
    assert dates.reassessment_due == DAY(2027, 2, 28)


def test_a_release_known_to_the_year_widens_them_to_the_year() -> None:
    dates = cycle_dates(THREE_YEARS, PartialDate(2024))
    assert dates.surveillance_from == DAY(2025, 1, 1)
    assert dates.surveillance_until == DAY(2026, 6, 30)
    assert dates.reassessment_due == DAY(2027, 12, 31)


def test_a_length_that_changed_is_the_one_in_force_on_the_release() -> None:
    values = (
        DatedValue(36, "made up", Mark.OWN, DAY(2026, 1, 1)),
        DatedValue(48, "made up", Mark.OWN, DAY(2026, 1, 1), valid_from=DAY(2025, 1, 1)),
    )
    parameter = Parameter("reassessment_months", "month", "", values)
    changed = replace(THREE_YEARS, parameters={"reassessment_months": parameter})

    def due(release: PartialDate) -> DAY | None:
        return cycle_dates(changed, release).reassessment_due

    assert due(PartialDate(2024, 12, 31)) == DAY(2027, 12, 31)
    assert due(PartialDate(2025, 1, 1)) == DAY(2029, 1, 1)


def test_a_length_that_is_not_known_gives_no_date() -> None:
    nothing = cycle_dates(with_lengths(surveillance_from_months=12), RELEASE)
    unknown = cycle_dates(with_lengths(reassessment_months=None), RELEASE)

    assert nothing.surveillance_from == DAY(2025, 2, 7)
    assert nothing.surveillance_until is None
    assert unknown.reassessment_due is None
    surveillance, full = next_steps(nothing, on=DAY(2025, 3, 1))
    assert (surveillance.standing, surveillance.days) == (Standing.UNKNOWN, None)
    assert surveillance.rule.code == full.rule.code == "CYCLE-005"
    assert full.standing is Standing.UNKNOWN


@pytest.mark.parametrize(
    ("on", "standing", "days"),
    [
        (DAY(2024, 2, 7), Standing.BEFORE_WINDOW, 366),
        (DAY(2025, 2, 6), Standing.BEFORE_WINDOW, 1),
        (DAY(2025, 2, 7), Standing.IN_WINDOW, 181),
        (DAY(2025, 2, 8), Standing.IN_WINDOW, 180),
        (DAY(2025, 8, 6), Standing.IN_WINDOW, 1),
        (DAY(2025, 8, 7), Standing.IN_WINDOW, 0),
        (DAY(2025, 8, 8), Standing.WINDOW_PASSED, 1),
    ],
)
def test_the_surveillance_window_includes_its_first_and_last_day(
    on: DAY, standing: Standing, days: int
) -> None:
    step, _ = next_steps(DATES, on=on)

    assert (step.act, step.rule.code) == ("surveillance", "CYCLE-004")
    assert (step.standing, step.days) == (standing, days)
    assert (step.since, step.until) == (DAY(2025, 2, 7), DAY(2025, 8, 7))


@pytest.mark.parametrize(
    ("on", "standing", "days"),
    [
        (DAY(2027, 2, 6), Standing.NOT_YET_DUE, 1),
        (DAY(2027, 2, 7), Standing.NOT_YET_DUE, 0),
        (DAY(2027, 2, 8), Standing.OVERDUE, 1),
    ],
)
def test_the_full_audit_is_in_time_on_the_day_it_is_due(
    on: DAY, standing: Standing, days: int
) -> None:
    _, step = next_steps(DATES, on=on)

    assert (step.act, step.rule.code) == ("full_audit", "CYCLE-006")
    assert (step.standing, step.days) == (standing, days)
    assert (step.since, step.until) == (None, DAY(2027, 2, 7))


def test_a_surveillance_report_closes_its_clock_from_its_release_on() -> None:
    released = PartialDate(2025, 7, 20)

    before, _ = next_steps(DATES, on=DAY(2025, 7, 19), surveillance_released_on=released)
    after, full = next_steps(DATES, on=DAY(2025, 7, 20), surveillance_released_on=released)

    assert before.standing is Standing.IN_WINDOW
    assert (after.standing, after.days) == (Standing.DONE, None)
    assert full.standing is Standing.NOT_YET_DUE


def test_a_partial_release_counts_from_the_last_day_it_may_mean() -> None:
    released = PartialDate(2025, 7)

    before, _ = next_steps(DATES, on=DAY(2025, 7, 30), surveillance_released_on=released)
    after, _ = next_steps(DATES, on=DAY(2025, 7, 31), surveillance_released_on=released)

    assert (before.standing, after.standing) == (Standing.IN_WINDOW, Standing.DONE)


def test_a_full_audit_closes_both_clocks() -> None:
    released = PartialDate(2027, 1, 15)

    steps = next_steps(DATES, on=DAY(2028, 1, 1), reassessment_released_on=released)

    assert [step.standing for step in steps] == [Standing.DONE, Standing.DONE]

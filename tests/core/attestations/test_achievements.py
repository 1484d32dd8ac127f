"""Achievements: what they rest on, and their status the day before, on and after each boundary."""

import datetime
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from core.publications.test_results import published, sheet
from core.scores.score_vectors import edition
from refusals import refused_by
from stannary.core.attestations import (
    Achievement,
    Status,
    StatusChange,
    achievement_from_result,
)
from stannary.core.kernel import DatedValue, Mark, Parameter
from stannary.core.publications import About, Earlier, Kind, StepDates
from stannary.core.standards import Edition

DAY = datetime.date
BEGIN, END = DAY(2026, 6, 1), DAY(2029, 6, 1)
ONE = datetime.timedelta(days=1)


def with_cycle(months: int | None, pack: str = "quarters") -> Edition:
    mark = Mark.UNKNOWN if months is None else Mark.OWN
    values = (DatedValue(months, "made up", mark, BEGIN),)
    parameter = Parameter("reassessment_months", "month", "", values)
    return replace(edition(pack), parameters={parameter.name: parameter})


QUARTERS = with_cycle(36)


def achievement(*changes: StatusChange, **other: Any) -> Achievement:
    whole: dict[str, Any] = {
        "id": "tarn-hill-2026",
        "site": "tarn-hill",
        "standard": "vectors/quarters/1",
        "level": "Q-75",
        "valid_from": BEGIN,
        "valid_until": END,
        "result_id": "tarn-hill-2026",
        "status_changes": changes,
    }
    return Achievement(**(whole | other))


def test_what_follows_an_audit_puts_the_next_one_off_no_further() -> None:
    first = DAY(2026, 3, 1)
    about = About(
        Kind.SETTLEMENT,
        dates=(StepDates("publication", first, first),),
        earlier=Earlier("tarn-hill-2025", "ab" * 32),
    )

    had = achievement_from_result(published(about=about), QUARTERS)

    assert (had.valid_from, had.valid_until) == (BEGIN, DAY(2029, 3, 1))
    late = StepDates("publication", DAY(2023, 6, 1), DAY(2023, 6, 1))
    overdue = published(about=replace(about, dates=(late,)))
    assert refused_by(lambda: achievement_from_result(overdue, QUARTERS)) == "ATTESTATION-003"


def test_an_achievement_takes_its_level_and_days_from_the_published_result() -> None:
    assert achievement_from_result(published(), QUARTERS) == achievement()


def test_an_achievement_may_have_an_id_of_its_own() -> None:
    had = achievement_from_result(published(), QUARTERS, achievement_id="A-1")

    assert (had.id, had.result_id) == ("A-1", "tarn-hill-2026")


@pytest.mark.parametrize(
    "letters", ["ffff f?ff ffff fff", "?fff ffff ffff fff", "???? ???? ???? ??f"]
)
def test_a_pending_level_gives_no_achievement(letters: str) -> None:
    act = partial(achievement_from_result, published(letters), QUARTERS)

    assert refused_by(act) == "ATTESTATION-001"


def test_a_result_without_a_level_gives_no_achievement() -> None:
    result = published(sheet=sheet("ffff", pack="outline"))

    act = partial(achievement_from_result, result, with_cycle(36, "outline"))

    assert refused_by(act) == "ATTESTATION-001"


def test_a_level_that_is_determined_but_not_named_gives_no_achievement() -> None:
    odd = replace(published(), score={"level": {"state": "determined", "code": None}})

    assert refused_by(partial(achievement_from_result, odd, QUARTERS)) == "ATTESTATION-001"


def test_another_edition_gives_no_achievement() -> None:
    act = partial(achievement_from_result, published(), with_cycle(36, "lenient"))

    assert refused_by(act) == "ATTESTATION-002"


def test_a_level_that_the_edition_does_not_have_gives_no_achievement() -> None:
    fewer = replace(QUARTERS, levels=QUARTERS.levels[:2])

    assert refused_by(partial(achievement_from_result, published(), fewer)) == "ATTESTATION-002"


def test_without_a_known_length_no_end_is_known() -> None:
    had = achievement_from_result(published(), with_cycle(None))

    assert had.valid_until is None
    assert had.status_on(DAY(2099, 1, 1)) is Status.IN_FORCE
    assert achievement_from_result(published(), edition("quarters")).valid_until is None


@pytest.mark.parametrize(("months", "end"), [(1, DAY(2026, 7, 1)), (12, DAY(2027, 6, 1))])
def test_an_achievement_ends_when_the_cycle_does(months: int, end: DAY) -> None:
    assert achievement_from_result(published(), with_cycle(months)).valid_until == end


def test_a_cycle_of_no_month_is_refused() -> None:
    act = partial(achievement_from_result, published(), with_cycle(0))

    assert refused_by(act) == "ATTESTATION-004"


def test_an_achievement_released_on_a_leap_day_ends_on_the_last_of_february() -> None:
    result = published(as_of=DAY(2028, 2, 29), published_on=DAY(2028, 2, 29))

    assert achievement_from_result(result, QUARTERS).valid_until == DAY(2031, 2, 28)


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (BEGIN - ONE, "not_yet"),
        (BEGIN, "in_force"),
        (BEGIN + ONE, "in_force"),
        (END - ONE, "in_force"),
        (END, "expired"),
        (END + ONE, "expired"),
    ],
)
def test_an_achievement_is_in_force_from_its_first_day_until_the_day_before_its_end(
    day: DAY, status: str
) -> None:
    assert achievement().status_on(day) == status
    assert achievement().level_on(day) == ("Q-75" if status == "in_force" else None)


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (BEGIN - ONE, "ATTESTATION-003"),
        (BEGIN, "ATTESTATION-003"),
        (BEGIN + ONE, None),
        (None, None),
    ],
)
def test_the_end_is_after_the_beginning(end: DAY | None, expected: str | None) -> None:
    assert refused_by(partial(achievement, valid_until=end)) == expected


SUSPENDED = DAY(2027, 1, 10)
RESTORED = DAY(2027, 3, 5)
WITHDRAWN = DAY(2028, 8, 8)
CHANGES = (
    StatusChange(SUSPENDED, Status.SUSPENDED, "A dam was raised without a plan."),
    StatusChange(RESTORED, Status.IN_FORCE, "The plan was approved."),
    StatusChange(WITHDRAWN, Status.WITHDRAWN, "The site asked for it."),
)


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (SUSPENDED - ONE, "in_force"),
        (SUSPENDED, "suspended"),
        (SUSPENDED + ONE, "suspended"),
        (RESTORED - ONE, "suspended"),
        (RESTORED, "in_force"),
        (RESTORED + ONE, "in_force"),
        (WITHDRAWN - ONE, "in_force"),
        (WITHDRAWN, "withdrawn"),
        (WITHDRAWN + ONE, "withdrawn"),
        (END - ONE, "withdrawn"),
        (END, "withdrawn"),
    ],
)
def test_a_change_of_status_holds_from_its_day_on(day: DAY, status: str) -> None:
    assert achievement(*CHANGES).status_on(day) == status
    assert achievement(*CHANGES).level_on(day) == ("Q-75" if status == "in_force" else None)


def test_what_is_suspended_expires_all_the_same() -> None:
    had = achievement(CHANGES[0])

    assert (had.status_on(END - ONE), had.status_on(END)) == ("suspended", "expired")


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (BEGIN - ONE, "ATTESTATION-005"),
        (BEGIN, None),
        (END - ONE, None),
        (END, "ATTESTATION-005"),
    ],
)
def test_changes_fall_between_the_first_day_and_the_end(on: DAY, expected: str | None) -> None:
    assert refused_by(partial(achievement, StatusChange(on, Status.SUSPENDED))) == expected


def test_without_an_end_changes_may_come_at_any_time() -> None:
    change = StatusChange(DAY(2050, 1, 1), Status.WITHDRAWN)

    assert refused_by(partial(achievement, change, valid_until=None)) is None


@pytest.mark.parametrize(
    ("later", "expected"),
    [(SUSPENDED - ONE, "ATTESTATION-005"), (SUSPENDED, "ATTESTATION-005"), (SUSPENDED + ONE, None)],
)
def test_changes_follow_each_other_day_by_day(later: DAY, expected: str | None) -> None:
    second = StatusChange(later, Status.IN_FORCE)

    assert refused_by(partial(achievement, CHANGES[0], second)) == expected


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ((Status.SUSPENDED,), None),
        ((Status.WITHDRAWN,), None),
        ((Status.SUSPENDED, Status.IN_FORCE, Status.SUSPENDED), None),
        ((Status.SUSPENDED, Status.WITHDRAWN), None),
        ((Status.IN_FORCE,), "ATTESTATION-006"),
        ((Status.SUSPENDED, Status.SUSPENDED), "ATTESTATION-006"),
        ((Status.WITHDRAWN, Status.IN_FORCE), "ATTESTATION-006"),
        ((Status.WITHDRAWN, Status.SUSPENDED), "ATTESTATION-006"),
        ((Status.EXPIRED,), "ATTESTATION-006"),
        ((Status.NOT_YET,), "ATTESTATION-006"),
    ],
)
def test_a_status_may_be_followed_by_some_and_not_by_others(
    statuses: tuple[Status, ...], expected: str | None
) -> None:
    changes = [StatusChange(BEGIN + n * ONE, status) for n, status in enumerate(statuses)]

    assert refused_by(partial(achievement, *changes)) == expected

"""The clocks of an assessment cycle, and where a site stands in it on a day.

Everything here is computed from a release and the lengths in a standard's pack; it is never a
statement of the scheme. Lateness is a value to show, not an error: a scheme may have extended.

Rules: CYCLE-001 to CYCLE-006.
"""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from stannary.core.assessments import rules
from stannary.core.kernel import PartialDate, Rule, add_months
from stannary.core.standards import Edition

SURVEILLANCE_FROM = "surveillance_from_months"
SURVEILLANCE_UNTIL = "surveillance_until_months"
REASSESSMENT = "reassessment_months"


@dataclass(frozen=True, slots=True)
class CycleDates:
    """When the next audits are due, counted from a public release.

    Attributes:
        released_on: Clock zero (CYCLE-001).
        surveillance_from: First day of the surveillance window; None when its length is unknown.
        surveillance_until: Last day of the window, itself included; None when unknown.
        reassessment_due: Last day for the next full audit, itself included; None when unknown.
    """

    released_on: PartialDate
    surveillance_from: datetime.date | None
    surveillance_until: datetime.date | None
    reassessment_due: datetime.date | None


class Standing(StrEnum):
    """Where a site stands on one clock on a day."""

    BEFORE_WINDOW = "before_window"
    IN_WINDOW = "in_window"
    WINDOW_PASSED = "window_passed"
    DONE = "done"
    NOT_YET_DUE = "not_yet_due"
    OVERDUE = "overdue"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CycleStep:
    """One clock on a day.

    Attributes:
        rule: CYCLE-004 for the surveillance audit, CYCLE-006 for the full audit, CYCLE-005 where
            the clock's length is unknown.
        act: "surveillance" or "full_audit".
        standing: Where the site stands.
        since: First day of the window; None for the full audit, when done and when unknown.
        until: Last day on which the act is in time; None when unknown.
        days: Days from the day asked to the next change of standing: the first of the window,
            the last day in time, or since that day when it has passed. 0 or more; None when done
            or unknown.
    """

    rule: Rule
    act: str
    standing: Standing
    since: datetime.date | None
    until: datetime.date | None
    days: int | None


def cycle_dates(edition: Edition, released_on: PartialDate) -> CycleDates:
    """Count the clocks of a cycle from the public release of the first report.

    The lengths are those in force on the day of release. A month that lacks the day ends on its
    last (CYCLE-002). When only the month or year of the release is known, the window begins by
    the first day that it may have been and everything ends by the last (CYCLE-003).

    Args:
        edition: Its parameters hold the lengths in months.
        released_on: Public release of the first report.

    Returns:
        The dates; None where the edition does not say the length (CYCLE-005).

    Raises:
        RefusalError: KERNEL-004 if a length is not a whole number.
    """
    return CycleDates(
        released_on=released_on,
        surveillance_from=_after(edition, SURVEILLANCE_FROM, released_on.first),
        surveillance_until=_after(edition, SURVEILLANCE_UNTIL, released_on.last),
        reassessment_due=_after(edition, REASSESSMENT, released_on.last),
    )


def next_steps(
    dates: CycleDates,
    *,
    on: datetime.date,
    surveillance_released_on: PartialDate | None = None,
    reassessment_released_on: PartialDate | None = None,
) -> tuple[CycleStep, CycleStep]:
    """Tell where a site stands on both clocks of its cycle on a day.

    Args:
        dates: From `cycle_dates`.
        on: The day asked about. What was released after it does not count yet; a partial date
            counts from the last day that it may mean.
        surveillance_released_on: Release of the surveillance report; None when there is none.
        reassessment_released_on: Release of the next full report; None when there is none.

    Returns:
        The surveillance audit, then the full audit. A full audit that is done closes both.
    """
    reassessed = _happened(reassessment_released_on, on)
    surveilled = reassessed or _happened(surveillance_released_on, on)
    return _surveillance(dates, on, done=surveilled), _full_audit(dates, on, done=reassessed)


def _after(edition: Edition, name: str, day: datetime.date) -> datetime.date | None:
    parameter = edition.parameters.get(name)
    months = parameter.whole_on(day) if parameter is not None else None
    return None if months is None else add_months(day, months)


def _happened(released_on: PartialDate | None, on: datetime.date) -> bool:
    return released_on is not None and released_on.last <= on


def _surveillance(dates: CycleDates, on: datetime.date, *, done: bool) -> CycleStep:
    first, last = dates.surveillance_from, dates.surveillance_until

    def step(standing: Standing, days: int | None) -> CycleStep:
        return CycleStep(rules.SURVEILLANCE_WINDOW, "surveillance", standing, first, last, days)

    if done:
        return step(Standing.DONE, None)
    if first is None or last is None:
        rule = rules.LENGTH_IS_KNOWN
        return CycleStep(rule, "surveillance", Standing.UNKNOWN, first, last, None)
    if on < first:
        return step(Standing.BEFORE_WINDOW, (first - on).days)
    if on <= last:
        return step(Standing.IN_WINDOW, (last - on).days)
    return step(Standing.WINDOW_PASSED, (on - last).days)


def _full_audit(dates: CycleDates, on: datetime.date, *, done: bool) -> CycleStep:
    due = dates.reassessment_due

    def step(standing: Standing, days: int | None) -> CycleStep:
        return CycleStep(rules.FULL_AUDIT_DUE, "full_audit", standing, None, due, days)

    if done:
        return step(Standing.DONE, None)
    if due is None:
        rule = rules.LENGTH_IS_KNOWN
        return CycleStep(rule, "full_audit", Standing.UNKNOWN, None, None, None)
    if on <= due:
        return step(Standing.NOT_YET_DUE, (due - on).days)
    return step(Standing.OVERDUE, (on - due).days)

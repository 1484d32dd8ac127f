"""Who is to be reminded of what on a day, each reminder once.

A reminder is due from the first day on which few enough days are left. Whoever was not reminded
on that day, because nothing ran, is reminded later with the newest one alone.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stannary.core.cycle.clocks import Clock, ClockKind, clocks
from stannary.core.cycle.history import Act
from stannary.core.cycle.states import STEPS, ActKind, Role, State
from stannary.core.standards import Edition

DAYS_LEFT = (30, 14, 7, 1, 0)
"""Reminders before the end, by days that are left; a choice of the program."""
EVERY_DAYS_LATE = 7
"""Afterwards one reminder on the first day of lateness and every so many days."""

MEETS: Mapping[ClockKind, tuple[ActKind, ...]] = {
    ClockKind.APPLICATION_REVIEW: (ActKind.ACCEPT_APPLICATION, ActKind.RETURN_APPLICATION),
    ClockKind.STAGE_2: (ActKind.BEGIN_STAGE_2,),
    ClockKind.DRAFT_REPORT: (ActKind.SUBMIT_DRAFT,),
    ClockKind.SCHEME_REVIEW: (ActKind.CLOSE_REVIEW,),
    ClockKind.OPERATOR_REVIEW: (ActKind.OBJECT,),
    ClockKind.OBJECTION_RULING: (ActKind.RULE_ON_OBJECTION,),
    ClockKind.CORRECTIVE_PERIOD: (ActKind.END_CORRECTIVE_PERIOD,),
    ClockKind.PUBLICATION: (ActKind.PUBLISH,),
    ClockKind.SURVEILLANCE: (ActKind.BEGIN_SURVEILLANCE,),
    ClockKind.REASSESSMENT: (ActKind.REPLACE,),
}
"""Which acts a clock waits for."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder.

    Attributes:
        key: The same for the same reminder on every day, so that it is sent once.
        clock: The clock that it is about.
        days: Days left, below 0 when overdue.
        roles: Who can do what the clock waits for; the secretariat hears of what is overdue too.
    """

    key: str
    clock: Clock
    days: int
    roles: frozenset[Role]


def reminders(
    edition: Edition, state: State, acts: Sequence[Act], *, on: datetime.date
) -> tuple[Reminder, ...]:
    """Give the reminders that hold on a day, at most one for each clock, the most urgent first.

    Args:
        edition: Its constants are the lengths of the clocks.
        state: Where the engagement stands.
        acts: What happened, oldest first.
        on: The day.

    Returns:
        Reminders; a clock that has not opened yet, or whose end is unknown, gives none.
    """
    found = [_reminder(clock, on) for clock in clocks(edition, state, acts)]
    given = [one for one in found if one is not None]
    return tuple(sorted(given, key=lambda one: one.days))


def _reminder(clock: Clock, on: datetime.date) -> Reminder | None:
    days = clock.days(on)
    if days is None or (clock.opens is not None and on < clock.opens):
        return None
    if days < 0:
        stage = f"late-{(-days - 1) // EVERY_DAYS_LATE}"
    else:
        reached = [left for left in DAYS_LEFT if days <= left]
        if not reached and clock.opens is None:
            return None
        stage = f"left-{min(reached)}" if reached else "open"
    due = clock.due.isoformat() if clock.due is not None else ""
    roles = frozenset(role for act in MEETS[clock.kind] for role in STEPS[act].roles)
    if days < 0:
        roles |= {Role.SECRETARIAT}
    return Reminder(f"{clock.kind} {clock.since.isoformat()} {due} {stage}", clock, days, roles)

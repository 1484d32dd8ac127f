"""The clocks of an engagement: what is due by when, what is overdue, and what was put off.

Every length is a constant of the standard's pack; where the pack does not know it, the clock
runs without an end. Lateness is a value to show, never a refusal: what is late can be done late.

Source: rulebook 4.1 and 4.3; lengths in the packs.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from stannary.core.cycle.history import Act, last
from stannary.core.cycle.states import IN_FORCE, ActKind, State
from stannary.core.kernel import add_months
from stannary.core.standards import Edition


class ClockKind(StrEnum):
    """What a clock waits for."""

    APPLICATION_REVIEW = "application_review"
    STAGE_2 = "stage_2"
    DRAFT_REPORT = "draft_report"
    SCHEME_REVIEW = "scheme_review"
    OPERATOR_REVIEW = "operator_review"
    OBJECTION_RULING = "objection_ruling"
    CORRECTIVE_PERIOD = "corrective_period"
    PUBLICATION = "publication"
    SURVEILLANCE = "surveillance"
    REASSESSMENT = "reassessment"


class ClockStanding(StrEnum):
    """How a clock stands on a day."""

    RUNNING = "running"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    NOT_YET = "not_yet"
    UNKNOWN = "unknown"


DUE_SOON_DAYS = 14
"""How many days before its end a clock is shown as due soon; a choice of display."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock that runs.

    Attributes:
        kind: What it waits for.
        since: The day from which it counts.
        opens: First day on which the act is in time; None: at once.
        ends: Last day without extensions, itself included; None when the length is unknown.
        due: Last day with extensions, itself included; None when unknown and not extended.
        extension: The newest act that put it off; None if none did.
    """

    kind: ClockKind
    since: datetime.date
    opens: datetime.date | None
    ends: datetime.date | None
    due: datetime.date | None
    extension: Act | None

    def standing(self, on: datetime.date) -> ClockStanding:
        """Tell how the clock stands on a day."""
        if self.due is None:
            return ClockStanding.UNKNOWN
        if on > self.due:
            return ClockStanding.OVERDUE
        if self.opens is not None and on < self.opens:
            return ClockStanding.NOT_YET
        soon = self.due - datetime.timedelta(days=DUE_SOON_DAYS)
        return ClockStanding.DUE_SOON if on >= soon else ClockStanding.RUNNING

    def days(self, on: datetime.date) -> int | None:
        """Give the days left on a day, below 0 when overdue; None when the end is unknown."""
        return None if self.due is None else (self.due - on).days


@dataclass(frozen=True, slots=True)
class _Definition:
    """When a clock runs, from which act it counts, and which constants say how long."""

    states: frozenset[State]
    starts: tuple[ActKind, ...]
    length: str
    months: bool = False
    opens: str = ""


def _in(*states: State) -> frozenset[State]:
    return frozenset(states)


_PUBLICATIONS = (ActKind.PUBLISH,)
_DEFINITIONS: Mapping[ClockKind, _Definition] = {
    ClockKind.APPLICATION_REVIEW: _Definition(
        _in(State.APPLIED), (ActKind.APPLY,), "application_review_days"
    ),
    ClockKind.STAGE_2: _Definition(
        _in(State.STAGE_1_DONE, State.VISIT_ANNOUNCED),
        (ActKind.FINISH_STAGE_1,),
        "stage_1_to_stage_2_months",
        months=True,
    ),
    ClockKind.DRAFT_REPORT: _Definition(
        _in(State.STAGE_2_DONE), (ActKind.FINISH_STAGE_2,), "draft_report_days"
    ),
    ClockKind.SCHEME_REVIEW: _Definition(
        _in(State.DRAFT), (ActKind.SUBMIT_DRAFT,), "scheme_review_days"
    ),
    ClockKind.OPERATOR_REVIEW: _Definition(
        _in(State.DRAFT), (ActKind.SUBMIT_DRAFT,), "operator_review_days"
    ),
    ClockKind.OBJECTION_RULING: _Definition(
        _in(State.DRAFT), (ActKind.OBJECT,), "objection_ruling_days"
    ),
    ClockKind.CORRECTIVE_PERIOD: _Definition(
        _in(State.CORRECTIVE_PERIOD),
        (ActKind.ENTER_CORRECTIVE_PERIOD,),
        "corrective_period_months",
        months=True,
    ),
    ClockKind.PUBLICATION: _Definition(
        _in(State.READY), (ActKind.PUBLISH_NOW, ActKind.END_CORRECTIVE_PERIOD), "publication_days"
    ),
    ClockKind.SURVEILLANCE: _Definition(
        IN_FORCE,
        _PUBLICATIONS,
        "surveillance_until_months",
        months=True,
        opens="surveillance_from_months",
    ),
    ClockKind.REASSESSMENT: _Definition(
        IN_FORCE, _PUBLICATIONS, "reassessment_months", months=True
    ),
}


def length_of(kind: ClockKind) -> tuple[frozenset[State], tuple[ActKind, ...], tuple[str, ...]]:
    """Give the states in which a clock runs, the acts it counts from, and its constants."""
    found = _DEFINITIONS[kind]
    return found.states, found.starts, tuple(name for name in (found.opens, found.length) if name)


def clocks(edition: Edition, state: State, acts: Sequence[Act]) -> tuple[Clock, ...]:
    """Give every clock that runs, the one that ends first in front, unknown ends last.

    Args:
        edition: Its constants are the lengths, as in force on the day from which a clock counts.
        state: Where the engagement stands; a suspended or ended one has no clocks.
        acts: What happened, oldest first.
    """
    found = [clock for kind in ClockKind for clock in _clock(edition, state, acts, kind)]
    return tuple(sorted(found, key=lambda clock: (clock.due is None, clock.due or clock.since)))


def running(edition: Edition, state: State, acts: Sequence[Act], name: str) -> Clock | None:
    """Give the running clock of a name; None if none of this name runs."""
    return next((one for one in clocks(edition, state, acts) if one.kind == name), None)


def days_of(edition: Edition, name: str, day: datetime.date) -> int | None:
    """Give a length in days or months as in force on a day; None where the pack is silent."""
    parameter = edition.parameters.get(name)
    return None if parameter is None else parameter.whole_on(day)


def _clock(edition: Edition, state: State, acts: Sequence[Act], kind: ClockKind) -> Iterator[Clock]:
    definition = _DEFINITIONS[kind]
    if state not in definition.states or _is_met(kind, acts):
        return
    start = _start(kind, acts)
    if start is None:
        return
    ends = _after(edition, definition.length, start.on, months=definition.months)
    opens = (
        _after(edition, definition.opens, start.on, months=definition.months)
        if definition.opens
        else None
    )
    put_off = [
        act for act in acts[acts.index(start) :] if act.kind is ActKind.EXTEND and act.clock == kind
    ]
    extension = put_off[-1] if put_off else None
    due = extension.until if extension is not None else ends
    yield Clock(kind, start.on, opens, ends, due, extension)


def _start(kind: ClockKind, acts: Sequence[Act]) -> Act | None:
    if kind is ClockKind.OBJECTION_RULING:
        ruled = {act.refers_to for act in acts if act.kind is ActKind.RULE_ON_OBJECTION}
        waiting = (act for act in acts if act.kind is ActKind.OBJECT and act.id not in ruled)
        return next(waiting, None)
    return last(acts, *_DEFINITIONS[kind].starts)


def _is_met(kind: ClockKind, acts: Sequence[Act]) -> bool:
    """Surveillance is due once in a cycle."""
    return kind is ClockKind.SURVEILLANCE and any(
        act.kind is ActKind.PUBLISH_SURVEILLANCE for act in acts
    )


def _after(
    edition: Edition, name: str, day: datetime.date, *, months: bool
) -> datetime.date | None:
    length = days_of(edition, name, day)
    if length is None:
        return None
    return add_months(day, length) if months else day + datetime.timedelta(days=length)

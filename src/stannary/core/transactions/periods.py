"""Closing a period with four eyes: prepared by one, closed by another, then nothing books into it.

Only a correction, which is a record of its own, opens it again, and then for this correction
alone; afterwards it is prepared and closed again. What lapses and what is carried over at the end
follows from numbers that the rules of the day give.

Rules: TRANSACTION-040 to TRANSACTION-048.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from stannary.core.kernel import Finding, RefusalError, refuse
from stannary.core.transactions import rules
from stannary.core.transactions.statements import Line

REASON_MAX = 2000
_SHOWN = 200


class PeriodState(StrEnum):
    """Where a period stands."""

    OPEN = "open"
    PREPARED = "prepared"
    CLOSED = "closed"
    REOPENED = "reopened"


class PeriodStepKind(StrEnum):
    """What somebody does about a period."""

    PREPARE = "prepare"
    RETURN = "return"
    CLOSE = "close"
    REOPEN = "reopen"


class Capacity(StrEnum):
    """On whose behalf somebody takes a step."""

    ENTITY = "entity"
    VERIFIER = "verifier"


_SOURCES: Mapping[PeriodStepKind, frozenset[PeriodState]] = {
    PeriodStepKind.PREPARE: frozenset({PeriodState.OPEN, PeriodState.REOPENED}),
    PeriodStepKind.RETURN: frozenset({PeriodState.PREPARED}),
    PeriodStepKind.CLOSE: frozenset({PeriodState.PREPARED}),
    PeriodStepKind.REOPEN: frozenset({PeriodState.CLOSED}),
}


@dataclass(frozen=True, slots=True)
class PeriodStep:
    """One step, recorded and never changed.

    Attributes:
        kind: What was done.
        by: Id of the person.
        capacity: For the entity or as its verifier.
        at: When.
        balances: Account to closing balance; with PREPARE and CLOSE. Below 0 in a deficit.
        reason: Why; RETURN and REOPEN need one.
        correction: Id of the record that makes it necessary; with REOPEN.
    """

    kind: PeriodStepKind
    by: str
    capacity: Capacity
    at: datetime.datetime
    balances: Mapping[str, int] = field(default_factory=dict)
    reason: str = ""
    correction: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """A period of the accounts of one entity, as its steps made it.

    Attributes:
        entity: Whose.
        begin: First instant.
        end: First instant after it.
        steps: Oldest first.
        state: Where it stands.
        version: How often it was closed; each closing stays on record.
    """

    entity: str
    begin: datetime.datetime
    end: datetime.datetime
    steps: tuple[PeriodStep, ...] = ()
    state: PeriodState = PeriodState.OPEN
    version: int = 0

    @property
    def balances(self) -> Mapping[str, int] | None:
        """The balances with which it was last closed; None if it never was."""
        closed = [one for one in self.steps if one.kind is PeriodStepKind.CLOSE]
        return closed[-1].balances if closed else None

    @property
    def reopened_for(self) -> str:
        """Id of the correction for which it was opened again, until it is closed; "" otherwise."""
        reopened = [one.correction for one in self.steps if one.kind is PeriodStepKind.REOPEN]
        return "" if self.state is PeriodState.CLOSED or not reopened else reopened[-1]


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of a balance at the end of a period.

    Attributes:
        carried: What goes on, with the number of times it has been carried now.
        lapsed: What lapses; 0 or more.
        deficit: What is missing; 0 or more. A deficit goes on until it is made good.
    """

    carried: Mapping[int, int]
    lapsed: int
    deficit: int


def step(
    period: Period,
    taken: PeriodStep,
    *,
    before: Period | None = None,
    after: Period | None = None,
    deficit_max: int = 0,
) -> Period:
    """Take one more step.

    Args:
        period: As it stands.
        taken: The step.
        before: The period before it; None if it is the first one.
        after: The period after it; None if it is the last one. While that is closed, this one is
            not opened again: its balances would be others.
        deficit_max: How far below nothing an account may be closed, in its unit; of the rules
            in force at the end of the period.

    Raises:
        RefusalError: TRANSACTION-007, TRANSACTION-040 to -045, -047, with every reason against
            it; nothing has changed.
    """
    against = tuple(_against(period, taken, before, after, deficit_max))
    if against:
        raise RefusalError(*against)
    reopened = any(one.kind is PeriodStepKind.REOPEN for one in period.steps)
    target = {
        PeriodStepKind.PREPARE: PeriodState.PREPARED,
        PeriodStepKind.RETURN: PeriodState.REOPENED if reopened else PeriodState.OPEN,
        PeriodStepKind.CLOSE: PeriodState.CLOSED,
        PeriodStepKind.REOPEN: PeriodState.REOPENED,
    }
    closes = taken.kind is PeriodStepKind.CLOSE
    return replace(
        period,
        steps=(*period.steps, taken),
        state=target[taken.kind],
        version=period.version + closes,
    )


def check_booking(line: Line, periods: Iterable[Period]) -> None:
    """Check that a line may be booked: into no closed period of its entity.

    A period that is prepared takes lines still: then its balances are others, and it is
    returned and prepared again (TRANSACTION-043).

    Raises:
        RefusalError: TRANSACTION-046 if the period is closed, or was opened again for another
            correction than the line restates.
    """
    for period in periods:
        if period.entity != line.entity or not period.begin <= line.at < period.end:
            continue
        fits = period.state is not PeriodState.CLOSED
        if period.reopened_for:
            fits = line.id == period.reopened_for
        if not fits:
            refuse(
                rules.CLOSED_TAKES_NOTHING,
                line=line.id[:_SHOWN],
                booked_at=line.at.isoformat(),
                period=f"{period.begin.isoformat()} to {period.end.isoformat()}",
                open_for=period.reopened_for[:_SHOWN] or "nothing",
            )


def carry(left: Mapping[int, int], *, times_max: int, deficit: int = 0) -> Carried:
    """Tell what lapses and what is carried over at the end of a period.

    Args:
        left: What is left, by the number of times it was carried already, 0 for what came in
            during the period; each 0 or more.
        times_max: How often something may be carried, of the rules in force; 0: never.
        deficit: What is missing already, 0 or more; nothing here makes it good.

    Raises:
        RefusalError: TRANSACTION-048 if a number is below 0.

    Example:
        >>> carry({0: 70, 1: 30}, times_max=1)
        Carried(carried={1: 70}, lapsed=30, deficit=0)
    """
    numbers = (times_max, deficit, *left, *left.values())
    if min(numbers) < 0:
        refuse(rules.CARRYING_IS_WHOLE, lowest=str(min(numbers)), times_max=str(times_max))
    return Carried(
        carried={times + 1: left[times] for times in sorted(left) if times < times_max},
        lapsed=sum(quantity for times, quantity in left.items() if times >= times_max),
        deficit=deficit,
    )


def _against(
    period: Period,
    taken: PeriodStep,
    before: Period | None,
    after: Period | None,
    deficit_max: int,
) -> Iterator[Finding]:
    facts = {
        "entity": period.entity[:_SHOWN],
        "end": period.end.isoformat(),
        "step": str(taken.kind),
    }
    if period.state not in _SOURCES[taken.kind]:
        yield Finding(rules.STEP_FITS_THE_PERIOD, {**facts, "state": str(period.state)})
        return
    if period.steps and taken.at < period.steps[-1].at:
        times = {**facts, "at": taken.at.isoformat(), "last": period.steps[-1].at.isoformat()}
        yield Finding(rules.STEP_COMES_LATER, times)
    if taken.kind is PeriodStepKind.PREPARE:
        yield from _against_preparing(period, taken, before, facts)
    if taken.kind is PeriodStepKind.CLOSE:
        yield from _against_closing(period, taken, facts)
    if taken.kind in (PeriodStepKind.PREPARE, PeriodStepKind.CLOSE):
        for account, balance in taken.balances.items():
            if balance < -deficit_max:
                deficit = {"account": account[:_SHOWN], "balance": str(balance)}
                allowed = {"deficit_allowed": str(deficit_max)}
                yield Finding(rules.DEFICIT_STAYS_IN_BOUNDS, {**facts, **deficit, **allowed})
        return
    reopens = taken.kind is PeriodStepKind.REOPEN
    if reopens and after is not None and after.state is PeriodState.CLOSED:
        later = {"after_ends": after.end.isoformat(), "after_is": str(after.state)}
        yield Finding(rules.CLOSED_IN_ORDER, {**facts, **later})
    needs = reopens and not taken.correction
    if needs or not taken.reason.strip() or len(taken.reason) > REASON_MAX:
        said = {"correction": taken.correction[:_SHOWN] or "none"}
        length = {"reason": f"{len(taken.reason)} characters"}
        yield Finding(rules.REOPENED_BY_A_CORRECTION, {**facts, **said, **length})


def _against_preparing(
    period: Period, taken: PeriodStep, before: Period | None, facts: Mapping[str, str]
) -> Iterator[Finding]:
    if taken.at < period.end:
        yield Finding(rules.PERIOD_IS_OVER, {**facts, "at": taken.at.isoformat()})
    if taken.capacity is not Capacity.ENTITY:
        who = {"by": taken.by[:_SHOWN], "capacity": str(taken.capacity)}
        yield Finding(rules.FOUR_EYES_CLOSE, {**facts, **who})
    if before is not None:
        joined = before.entity == period.entity and before.end == period.begin
        if not joined or before.state is not PeriodState.CLOSED:
            earlier = {"before_ends": before.end.isoformat(), "before_is": str(before.state)}
            yield Finding(rules.CLOSED_IN_ORDER, {**facts, **earlier})


def _against_closing(
    period: Period, taken: PeriodStep, facts: Mapping[str, str]
) -> Iterator[Finding]:
    prepared = period.steps[-1]
    if taken.by == prepared.by:
        who = {"by": taken.by[:_SHOWN], "prepared_by": prepared.by[:_SHOWN]}
        yield Finding(rules.FOUR_EYES_CLOSE, {**facts, **who})
    for account in sorted(taken.balances.keys() | prepared.balances.keys()):
        was, now = prepared.balances.get(account, 0), taken.balances.get(account, 0)
        if was != now:
            both = {"account": account[:_SHOWN], "prepared": str(was), "now": str(now)}
            yield Finding(rules.CLOSED_AS_PREPARED, {**facts, **both})

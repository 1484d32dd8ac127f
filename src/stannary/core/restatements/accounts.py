"""An account with and without a correction: which lines are no longer covered, and by how much.

Rules: RESTATEMENT-014, RESTATEMENT-015.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stannary.core.kernel import Finding
from stannary.core.restatements import rules
from stannary.core.restatements.remedies import (
    REMEDIES,
    Fact,
    Remedy,
    RemedyRule,
    Touched,
    remedies_for,
)
from stannary.core.transactions import Line, Period, PeriodState, running

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class LineEffect:
    """A line after which the account is below nothing, or further below than before.

    Attributes:
        line: As booked; it stays as it is.
        before: The balance after it without the correction.
        after: The balance after it with the correction.
        missing: What of this line is not covered, above 0 and at most its quantity; 0 for a line
            that takes nothing.
    """

    line: Line
    before: int
    after: int
    missing: int


@dataclass(frozen=True, slots=True)
class AccountEffects:
    """What a correction does to an account.

    Attributes:
        entity: Whose.
        account: Which.
        before: Balance after all lines without the correction.
        after: The same with it; below 0 in a deficit.
        lowest: The lowest balance with it.
        lines: Those that are not covered any more, in the order of time.
        periods: Closed periods whose balances it would change.
        told: Entities that must be told: the other side of every line that is not covered.
        remedies: What can be done.
        findings: RESTATEMENT-014 for each line, RESTATEMENT-015 for each period.
    """

    entity: str
    account: str
    before: int
    after: int
    lowest: int
    lines: tuple[LineEffect, ...]
    periods: tuple[Period, ...]
    told: tuple[str, ...]
    remedies: tuple[Remedy, ...]
    findings: tuple[Finding, ...]


def simulate_line(
    lines: Sequence[Line],
    correction: Line,
    *,
    periods: Iterable[Period] = (),
    table: Sequence[RemedyRule] = REMEDIES,
) -> AccountEffects:
    """Tell what a line would do to its account before it is booked.

    What an original line took stays booked in full: a correction is a line of its own, with
    the difference as its quantity, at the time from which it counts.

    Args:
        lines: Of any account; those of others are not looked at.
        correction: The line that is to be booked.
        periods: Of the entity.
        table: Which remedies fit when.
    """
    own = [
        one for one in lines if (one.entity, one.account) == (correction.entity, correction.account)
    ]
    before = {entry.line.id: entry.balance for entry in running(own)}
    entries = running([*own, correction])
    balance_before = list(before.values())[-1] if before else 0
    touched = []
    earlier = 0
    for entry in entries:
        was = before.get(entry.line.id, earlier)
        if entry.balance < 0 and entry.balance < was:
            missing = min(-entry.balance, max(0, -entry.line.quantity))
            touched.append(LineEffect(entry.line, was, entry.balance, missing))
        earlier = was
    closed = tuple(
        one
        for one in periods
        if one.entity == correction.entity
        and one.end > correction.at
        and one.state is PeriodState.CLOSED
    )
    findings = [_uncovered(one) for one in touched]
    findings += [_closed(correction, one) for one in closed]
    told = {one.line.counterparty for one in touched} - {""}
    return AccountEffects(
        entity=correction.entity,
        account=correction.account,
        before=balance_before,
        after=entries[-1].balance,
        lowest=min(entry.balance for entry in entries),
        lines=tuple(touched),
        periods=closed,
        told=tuple(sorted(told)),
        remedies=remedies_for(Touched.ACCOUNT, {Fact.MISSING}, table) if touched else (),
        findings=tuple(findings),
    )


def _uncovered(effect: LineEffect) -> Finding:
    line = effect.line
    facts = {
        "entity": line.entity[:_SHOWN],
        "account": line.account[:_SHOWN],
        "line": line.id[:_SHOWN],
        "at": line.at.isoformat(),
        "balance_before": str(effect.before),
        "balance_after": str(effect.after),
        "missing": str(effect.missing),
    }
    return Finding(rules.ACCOUNT_STAYS_COVERED, facts)


def _closed(correction: Line, period: Period) -> Finding:
    facts = {
        "line": correction.id[:_SHOWN],
        "at": correction.at.isoformat(),
        "period": f"{period.begin.isoformat()} to {period.end.isoformat()}",
        "version": str(period.version),
    }
    return Finding(rules.CLOSED_PERIOD_IS_TOUCHED, facts)

"""Rows of periods to core and back; the only file here that knows both."""

import json
from collections.abc import Mapping

from stannary.core.transactions import Capacity, Period, PeriodState, PeriodStep, PeriodStepKind
from stannary.web.transactions.models import ClosingPeriod, ClosingStep


def period_of(row: ClosingPeriod) -> Period:
    """Rebuild a period from its steps, oldest first; its organisation must be there."""
    steps = tuple(step_of(one) for one in row.steps.all())
    reopened = any(one.kind is PeriodStepKind.REOPEN for one in steps)
    state = {
        PeriodStepKind.PREPARE: PeriodState.PREPARED,
        PeriodStepKind.RETURN: PeriodState.REOPENED if reopened else PeriodState.OPEN,
        PeriodStepKind.CLOSE: PeriodState.CLOSED,
        PeriodStepKind.REOPEN: PeriodState.REOPENED,
    }
    return Period(
        entity=row.organisation.name,
        begin=row.begin,
        end=row.end,
        steps=steps,
        state=state[steps[-1].kind] if steps else PeriodState.OPEN,
        version=sum(one.kind is PeriodStepKind.CLOSE for one in steps),
    )


def step_of(row: ClosingStep) -> PeriodStep:
    """Give a step as core knows it."""
    return PeriodStep(
        kind=PeriodStepKind(row.kind),
        by=str(row.by_id),
        capacity=Capacity(row.capacity),
        at=row.at,
        balances=balances_of(row),
        reason=row.reason,
        correction=row.correction,
    )


def balances_of(row: ClosingStep) -> dict[str, int]:
    """Give the balances of a step, by account."""
    found: dict[str, int] = json.loads(row.balances or "{}")
    return found


def text_of(balances: Mapping[str, int]) -> str:
    """Write balances, in order."""
    return json.dumps(dict(sorted(balances.items())), ensure_ascii=False)

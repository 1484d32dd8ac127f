"""What pages and programs are shown of periods."""

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stannary.core.transactions import Capacity, PeriodState, PeriodStepKind
from stannary.web.entities import packs
from stannary.web.transactions.models import ClosingPeriod, ClosingStep
from stannary.web.transactions.pages import title_of
from stannary.web.transactions.periods import queries, records

STATES = {
    PeriodState.OPEN: gettext_lazy("open"),
    PeriodState.PREPARED: gettext_lazy("prepared, to be closed by somebody else"),
    PeriodState.CLOSED: gettext_lazy("closed"),
    PeriodState.REOPENED: gettext_lazy("open again for a correction"),
}
STEPS = {
    PeriodStepKind.PREPARE: (
        gettext_lazy("Prepare"),
        gettext_lazy("prepared"),
        gettext_lazy("Somebody else of your organisation, or who audits its books, closes it."),
    ),
    PeriodStepKind.CLOSE: (
        gettext_lazy("Close the period"),
        gettext_lazy("closed"),
        gettext_lazy("Then nothing is booked into it any more."),
    ),
    PeriodStepKind.RETURN: (
        gettext_lazy("Return it"),
        gettext_lazy("returned"),
        gettext_lazy("It is open again, and is prepared anew."),
    ),
    PeriodStepKind.REOPEN: (
        gettext_lazy("Open it again for a correction"),
        gettext_lazy("opened again"),
        gettext_lazy("It takes this one event and no other, and is prepared and closed again."),
    ),
}
"""Step to what its button says, what happened, and what it means."""
CAPACITIES = {
    Capacity.ENTITY: gettext_lazy("of the organisation"),
    Capacity.VERIFIER: gettext_lazy("who audits its books"),
}


def shape(row: ClosingPeriod) -> dict[str, Any]:
    """Give a period as programs read it."""
    period = records.period_of(row)
    return {
        "id": queries.last_day(row).isoformat(),
        "organisation": row.organisation.slug,
        "begin": row.begin.isoformat(),
        "end": row.end.isoformat(),
        "state": str(period.state),
        "version": period.version,
        "open_for": period.reopened_for,
        "balances": _balances(period.balances or {}),
        "steps": [_step(one) for one in row.steps.all()],
    }


def _step(one: ClosingStep) -> dict[str, Any]:
    return {
        "number": one.number,
        "kind": one.kind,
        "by": one.by.get_full_name() or one.by.username,
        "capacity": one.capacity,
        "at": one.at.isoformat(),
        "balances": _balances(records.balances_of(one)),
        "reason": one.reason,
        "correction": one.correction,
    }


def _balances(found: Any) -> list[dict[str, str]]:
    return [{"account": name, "balance_mg": str(mg)} for name, mg in sorted(found.items())]


def line(row: ClosingPeriod) -> dict[str, Any]:
    """Give a period as a row of a list."""
    period = records.period_of(row)
    closed = [one for one in row.steps.all() if one.kind == PeriodStepKind.CLOSE]
    return {
        "first": day_of(row.begin),
        "last": queries.last_day(row),
        "state": STATES[period.state],
        "version": period.version,
        "closed": closed[-1] if closed else None,
    }


def day_of(at: datetime.datetime) -> datetime.date:
    """Give the day of an instant in the zone of the register."""
    return timezone.localtime(at).date()


def story(row: ClosingPeriod) -> list[dict[str, Any]]:
    """Give what happened, newest first."""
    return [
        {
            "step": one,
            "what": STEPS[PeriodStepKind(one.kind)][1],
            "capacity": CAPACITIES[Capacity(one.capacity)],
            "balances": named(records.balances_of(one)),
        }
        for one in reversed(row.steps.all())
    ]


def named(balances: dict[str, int]) -> list[tuple[str, int]]:
    """Give balances with their titles."""
    return [(title_of(name), mg) for name, mg in sorted(balances.items())]


def figures(found: queries.Figures) -> dict[str, Any]:
    """Give with what a period would be closed."""
    return {
        "materials": [(title_of(one.account), one) for one in found.statement.accounts],
        "accounts": found.accounts,
        "deficits": [(title_of(name), mg) for name, mg in found.balances.items() if mg < 0],
        "too_much": any(mg < -found.deficit_max_mg for mg in found.balances.values()),
        "deficit_max_mg": found.deficit_max_mg,
        "pack": packs.edition(found.pack).short_title,
    }


def changed(row: ClosingPeriod, found: queries.Figures) -> list[tuple[str, int, int]]:
    """Give the accounts whose balance is not the one that was prepared: title, then, now."""
    steps = [one for one in row.steps.all() if one.kind == PeriodStepKind.PREPARE]
    was = records.balances_of(steps[-1]) if steps else {}
    names = sorted(was.keys() | found.balances.keys())
    return [
        (title_of(name), was.get(name, 0), found.balances.get(name, 0))
        for name in names
        if was.get(name, 0) != found.balances.get(name, 0)
    ]


def step_form(kind: PeriodStepKind) -> dict[str, Any]:
    """Give the form of a step."""
    label, _done, helps = STEPS[kind]
    return {
        "kind": str(kind),
        "label": label,
        "help": helps,
        "why": kind in (PeriodStepKind.RETURN, PeriodStepKind.REOPEN),
        "correction": kind is PeriodStepKind.REOPEN,
        "first": kind in (PeriodStepKind.PREPARE, PeriodStepKind.CLOSE),
    }


def done(kind: PeriodStepKind) -> str:
    """Say that a step was taken."""
    return _("The period is %(what)s.") % {"what": STEPS[kind][1]}

"""Corrections: a record that restates an earlier event, and what was known on a day.

A correction whose rows all say ANNULLED in their period takes its event back: it never happened.
It repeats the rows as they were, so that everybody sees what is gone.

Rules: CUSTODY-093.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from stannary.core.custody.accounting import rules
from stannary.core.custody.events import Event, in_order
from stannary.core.custody.rows import Kind, Row
from stannary.core.kernel import Finding

ANNULLED = "annulled"
"""What the rows of a correction say in their period to take an event back."""


@dataclass(frozen=True, slots=True)
class Restated:
    """Events as they are known after their corrections.

    Attributes:
        events: In the order of replay, without the corrections; a restated event keeps its id, kind
            and time.
        corrections: Event to the corrections that restated it, in the order of time.
        findings: Corrections that restate nothing, and changed nothing.
    """

    events: tuple[Event, ...]
    corrections: Mapping[str, tuple[str, ...]]
    findings: tuple[Finding, ...]


def known_on(events: Iterable[Event], day: datetime.date) -> tuple[Event, ...]:
    """Give the events that were known at the end of a day: those of that day in their own zone."""
    return tuple(event for event in events if event.at.date() <= day)


def restate(events: Sequence[Event]) -> Restated:
    """Put the rows of every correction in the place of those of the event that it names.

    The last correction of an event counts; after one that takes it back, none does. No record is
    changed: all are in the file.
    """
    ordered = in_order(events)
    now = {event.id: event for event in ordered if event.kind is not Kind.CORRECT}
    found: list[Finding] = []
    corrections: dict[str, tuple[str, ...]] = {}
    for event in ordered:
        if event.kind is not Kind.CORRECT:
            continue
        earlier = now.get(event.rows[0].account)
        problem = _problem(event, earlier)
        if earlier is None or problem:
            facts = {"event": event.id, "restates": event.rows[0].account or "nothing"}
            facts["problem"] = problem
            found.append(Finding(rules.CORRECTION_RESTATES_AN_EVENT, facts, event.rows[0].place))
            continue
        if annuls(event):
            del now[earlier.id]
        else:
            now[earlier.id] = _restated(earlier, event)
        corrections[earlier.id] = (*corrections.get(earlier.id, ()), event.id)
    kept = tuple(now[event.id] for event in ordered if event.id in now)
    return Restated(kept, corrections, tuple(found))


def annuls(event: Event) -> bool:
    """Tell whether a correction takes its event back: all of its rows say so."""
    return {row.period for row in event.rows} == {ANNULLED}


def _problem(event: Event, earlier: Event | None) -> str:
    """Say in a few words why a correction restates nothing; "" if it restates."""
    if earlier is None or len({row.account for row in event.rows}) > 1:
        return "it names no event, or several"
    problems = {
        "it comes first": event.at < earlier.at,
        "other sides": _sides(event.rows) != _sides(earlier.rows),
        "other lots made": {row.lot for row in event.outputs}
        != {row.lot for row in earlier.outputs},
        "another entity": {row.entity for row in event.rows}
        != {row.entity for row in earlier.rows},
        "some rows are annulled": ANNULLED in {row.period for row in event.rows}
        and not annuls(event),
    }
    return next((words for words, holds in problems.items() if holds), "")


def _sides(rows: Iterable[Row]) -> set[str]:
    return {str(row.side) for row in rows}


def _restated(earlier: Event, event: Event) -> Event:
    """Give the earlier event with the rows of its correction; accounts stay as they were."""
    accounts = {(row.side, row.lot): (row.account, row.period) for row in earlier.rows}

    def rows(group: Iterable[Row]) -> tuple[Row, ...]:
        return tuple(
            _row(row, earlier, accounts.get((row.side, row.lot), ("", ""))) for row in group
        )

    return replace(
        earlier,
        site=event.site,
        inputs=rows(event.inputs),
        outputs=rows(event.outputs),
        moves=rows(event.moves),
    )


def _row(row: Row, earlier: Event, booked: tuple[str, str]) -> Row:
    account, period = booked
    return replace(
        row, event=earlier.id, at=earlier.at, kind=earlier.kind, account=account, period=period
    )

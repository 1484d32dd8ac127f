"""Rows to core objects and back; the only file here that knows both."""

import datetime
import enum
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Any

from stannary.core import cycle
from stannary.core.cycle import Act, ActKind, Facts, Role
from stannary.core.standards import Edition
from stannary.formats.canonical import canonical_bytes
from stannary.web.cycle.models import ActRecord, Engagement

FIELDS = (
    "number",
    "kind",
    "role",
    "by_id",
    "on",
    "reason",
    "refers_to",
    "clock",
    "until",
    "level_pending",
)
"""What `act` reads, in its order."""

Row = tuple[int, str, str, int, datetime.date, str, str, str, datetime.date | None, bool]


def act(row: Row) -> Act:
    """Make a row of `FIELDS` an act of core; its id is its number."""
    number, kind, role, by, on, reason, refers_to, clock, until, level_pending = row
    return Act(
        id=str(number),
        kind=ActKind(kind),
        role=Role(role),
        by=str(by),
        on=on,
        reason=reason,
        refers_to=refers_to,
        clock=clock,
        until=until,
        level_pending=level_pending,
    )


def act_of(record: ActRecord) -> Act:
    """Give a record as an act of core."""
    return act(tuple(getattr(record, name) for name in FIELDS))


def engagement(edition: Edition, acts: Iterable[Act]) -> cycle.Engagement:
    """Rebuild an engagement from its acts, oldest first."""
    return cycle.replay(edition, acts)


def record(
    row: Engagement, done: Act, *, by: int, at: datetime.datetime, facts: Facts
) -> ActRecord:
    """Give the row of an act that was performed; it is not stored yet."""
    return ActRecord(
        engagement=row,
        number=int(done.id),
        kind=done.kind,
        role=done.role,
        by_id=by,
        on=done.on,
        at=at,
        reason=done.reason,
        refers_to=done.refers_to,
        clock=done.clock,
        until=done.until,
        level_pending=done.level_pending,
        facts=facts_text(facts),
    )


def facts_text(facts: Facts) -> str:
    """Write what core was told as canonical JSON; what is as when nothing is said is left out."""
    nothing = Facts()
    told = {
        one.name: _plain(getattr(facts, one.name))
        for one in fields(facts)
        if getattr(facts, one.name) != getattr(nothing, one.name)
    }
    return canonical_bytes(told).decode()


def _plain(value: Any) -> Any:
    """Turn values of core into what JSON knows; an edition is named by its id."""
    found = value
    if isinstance(value, Edition):
        found = value.id
    elif is_dataclass(value) and not isinstance(value, type):
        found = {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    elif isinstance(value, enum.Enum):
        found = value.value
    elif isinstance(value, datetime.date):
        found = value.isoformat()
    elif isinstance(value, frozenset):
        found = sorted(map(_plain, value))
    elif isinstance(value, tuple):
        found = [_plain(one) for one in value]
    return found


def tidy(text: str) -> str:
    r"""Give a text as it is stored: line breaks as \n, no null signs, no blanks around it."""
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()

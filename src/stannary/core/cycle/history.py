"""Acts as they are recorded."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from stannary.core.cycle.states import ActKind, Role


@dataclass(frozen=True, slots=True)
class Act:
    """Something that somebody did in an engagement.

    Attributes:
        id: Its own id.
        kind: What was done.
        role: In which role.
        by: Who, by id or name.
        on: The day.
        reason: Why, where the act needs it; else a note.
        refers_to: Another act or a requirement: the objection that is ruled on, the requirement
            that is objected to.
        clock: Which clock an extension puts off (`ClockKind`).
        until: To which day a clock is put off; on which day an announced visit begins.
        level_pending: Whether a publication left the level open.
    """

    id: str
    kind: ActKind
    role: Role
    by: str
    on: datetime.date
    reason: str = ""
    refers_to: str = ""
    clock: str = ""
    until: datetime.date | None = None
    level_pending: bool = False


def last(acts: Iterable[Act], *kinds: ActKind) -> Act | None:
    """Give the newest act of one of these kinds; None if there is none."""
    found = None
    for act in acts:
        if act.kind in kinds:
            found = act
    return found

"""The assurance cycle: an engagement, its acts and clocks, and who may do what."""

from stannary.core.cycle.clocks import Clock, ClockKind, ClockStanding, clocks
from stannary.core.cycle.engagements import (
    ROUTE,
    Engagement,
    Facts,
    next_acts,
    perform,
    replay,
)
from stannary.core.cycle.history import Act, last
from stannary.core.cycle.rights import RIGHTS, Action, may
from stannary.core.cycle.states import ENDED, IN_FORCE, RUNNING, STEPS, ActKind, Role, State, Step

__all__ = [
    "ENDED",
    "IN_FORCE",
    "RIGHTS",
    "ROUTE",
    "RUNNING",
    "STEPS",
    "Act",
    "ActKind",
    "Action",
    "Clock",
    "ClockKind",
    "ClockStanding",
    "Engagement",
    "Facts",
    "Role",
    "State",
    "Step",
    "clocks",
    "last",
    "may",
    "next_acts",
    "perform",
    "replay",
]

"""What acts must know of the world outside the engagement, and who tells it.

Self-assessment, ratings and reports are kept by apps above this one. Each names itself here when
it starts, as `parties.editions` has it: `facts.tell(unanswered=queries.unanswered)`. What nobody
tells is unknown, and what is unknown refuses (ENGAGEMENT-005, 011, 012). Firm and team are told
by independence, which stands below.
"""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from stannary.core.independence import Assignment, FirmApproval, TeamRole
from stannary.core.standards import Edition
from stannary.web.cycle.models import Engagement
from stannary.web.independence.queries import assignment_for
from stannary.web.parties.models import Organisation, Person


@dataclass(frozen=True, slots=True)
class Rated:
    """How far the auditors' ratings are.

    Attributes:
        unrated: Relevant requirements that are neither rated nor left pending; None: not counted.
        authorless: Rated requirements without an author of the team.
    """

    unrated: tuple[str, ...] | None = None
    authorless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reported:
    """The public report of an engagement.

    Attributes:
        id: Empty: there is none.
        level_pending: Whether its level is still open.
    """

    id: str = ""
    level_pending: bool = False


@dataclass(frozen=True, slots=True)
class Assigned:
    """Firm and team as independence knows them; without an assignment nothing is known."""

    assignment: Assignment | None = None
    approvals: tuple[FirmApproval, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of whoever tells about an assignment.

    Attributes:
        engagement: With its site and operator.
        edition: Of the engagement.
        firm: That is named, or is to be named.
        team: Auditors and reviewers with the word of their role, in the order they were added.
        on: The day.
        full_audit: False for a surveillance and for what is settled after publication.
    """

    engagement: Engagement
    edition: Edition
    firm: Organisation
    team: tuple[tuple[Person, str], ...]
    on: datetime.date
    full_audit: bool = True


def assigned_here(asked: Asked) -> Assigned:
    """Tell what independence has recorded of firm and team."""
    assignment, approvals = assignment_for(
        engagement_id=asked.engagement.pk,
        edition=asked.edition,
        firm=asked.firm,
        operator=asked.engagement.operator,
        site=asked.engagement.site,
        team=[(person, TeamRole(role)) for person, role in asked.team],
        full_audit=asked.full_audit,
        on=asked.on,
    )
    return Assigned(assignment, approvals)


@dataclass(frozen=True, slots=True)
class Providers:
    """Who tells what.

    Attributes:
        unanswered: Requirements that the site has not answered itself; None: not counted.
        rated: How far the auditors are.
        reported: The public report that the act which is being done publishes, never an older one.
        released: The newest public report of an engagement, for the one that it follows.
        assigned: Firm and team.
    """

    unanswered: Callable[[Engagement], tuple[str, ...] | None] = lambda _: None
    rated: Callable[[Engagement], Rated] = lambda _: Rated()
    reported: Callable[[Engagement], Reported] = lambda _: Reported()
    released: Callable[[Engagement], Reported] = lambda _: Reported()
    assigned: Callable[[Asked], Assigned] = assigned_here


_told: list[Providers] = [Providers()]
_instead: ContextVar[Providers | None] = ContextVar("instead", default=None)


def tell(**who: Callable[[Any], Any]) -> None:
    """Say who tells something from now on; the names are those of `Providers`."""
    _told[0] = replace(_told[0], **who)


def providers() -> Providers:
    """Give who tells what."""
    return _instead.get() or _told[0]


@contextmanager
def told_by(**who: Callable[[Any], Any]) -> Iterator[None]:
    """Let others tell something for a while: for illustrative data, and for tests."""
    token = _instead.set(replace(providers(), **who))
    try:
        yield
    finally:
        _instead.reset(token)

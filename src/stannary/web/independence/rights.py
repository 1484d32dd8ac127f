"""Whether interests may be declared and cleared now: engagements say so, which stand above.

`core.cycle.rights` has the table, and the app that keeps engagements asks it: it names itself here
when it starts. Where somebody was asked outside of any engagement, having been asked is enough.

Rules: ENGAGEMENT-001, ENGAGEMENT-002, PARTY-001.
"""

from collections.abc import Callable
from uuid import UUID

from stannary.core.cycle import Action
from stannary.core.kernel import RefusalError
from stannary.web.parties.queries import Visitor

Ask = Callable[[Visitor, UUID, Action], None]


def _nobody_says(_actor: Visitor, _engagement_id: UUID, _action: Action) -> None:
    """Let everything pass, as where there are no engagements."""


_asked: list[Ask] = [_nobody_says]


def ask(whom: Ask) -> None:
    """Name who refuses what an engagement does not allow."""
    _asked[:] = [whom]


def must_be_open(actor: Visitor, engagement_id: UUID, action: Action) -> None:
    """Let pass who may do something about interests in an engagement now.

    Raises:
        RefusalError: ENGAGEMENT-001 if its state, ENGAGEMENT-002 if the actor's role is another;
            PARTY-001 if the engagement is not there for the actor.
    """
    for whom in _asked:
        whom(actor, engagement_id, action)


def is_open(actor: Visitor, engagement_id: UUID, action: Action) -> bool:
    """Tell whether somebody may do something about interests in an engagement now."""
    try:
        must_be_open(actor, engagement_id, action)
    except RefusalError:
        return False
    return True

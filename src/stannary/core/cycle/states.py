"""The states of an engagement, the acts that lead from one to the next, and who may do them.

One table, `STEPS`, is the source of all of it: the page of an engagement, the checks of the web,
the documentation and the tests read it.

Source: rulebook 4.1 to 4.3 for the steps; names of states are ours where the rulebook has none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is in one engagement."""

    SITE_USER = "site_user"
    RESPONDENT = "respondent"
    AUDITOR = "auditor"
    LEAD_AUDITOR = "lead_auditor"
    REVIEWER = "reviewer"
    SECRETARIAT = "secretariat"
    OBSERVER = "observer"


class State(StrEnum):
    """Where an engagement stands."""

    SELF_ASSESSMENT = "self_assessment"
    APPLIED = "applied"
    ACCEPTED = "accepted"
    AGREED = "agreed"
    CONTRACTED = "contracted"
    TEAM_PROPOSED = "team_proposed"
    TEAM_ACCEPTED = "team_accepted"
    ANNOUNCED = "announced"
    STAGE_1 = "stage_1"
    STAGE_1_DONE = "stage_1_done"
    VISIT_ANNOUNCED = "visit_announced"
    STAGE_2 = "stage_2"
    STAGE_2_DONE = "stage_2_done"
    DRAFT = "draft"
    REVIEWED = "reviewed"
    CORRECTIVE_PERIOD = "corrective_period"
    READY = "ready"
    PUBLISHED = "published"
    LEVEL_PENDING = "level_pending"
    SURVEILLANCE = "surveillance"
    SURVEILLANCE_DONE = "surveillance_done"
    REASSESSED = "reassessed"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class ActKind(StrEnum):
    """Something that somebody does in an engagement; it is recorded and never changed."""

    APPLY = "apply"
    RETURN_APPLICATION = "return_application"
    ACCEPT_APPLICATION = "accept_application"
    SIGN_AGREEMENT = "sign_agreement"
    NAME_FIRM = "name_firm"
    PROPOSE_TEAM = "propose_team"
    REFUSE_TEAM = "refuse_team"
    ACCEPT_TEAM = "accept_team"
    ANNOUNCE = "announce"
    BEGIN_STAGE_1 = "begin_stage_1"
    FINISH_STAGE_1 = "finish_stage_1"
    ANNOUNCE_VISIT = "announce_visit"
    BEGIN_STAGE_2 = "begin_stage_2"
    FINISH_STAGE_2 = "finish_stage_2"
    SUBMIT_DRAFT = "submit_draft"
    OBJECT = "object"
    RULE_ON_OBJECTION = "rule_on_objection"
    CLOSE_REVIEW = "close_review"
    PUBLISH_NOW = "publish_now"
    ENTER_CORRECTIVE_PERIOD = "enter_corrective_period"
    END_CORRECTIVE_PERIOD = "end_corrective_period"
    PUBLISH = "publish"
    SETTLE_PENDING = "settle_pending"
    BEGIN_SURVEILLANCE = "begin_surveillance"
    FINISH_SURVEILLANCE = "finish_surveillance"
    PUBLISH_SURVEILLANCE = "publish_surveillance"
    EXTEND = "extend"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Step:
    """One act: who may do it, when, and what comes of it.

    Attributes:
        roles: Who may do it.
        sources: States in which it is possible.
        target: State after it; None: the state stays, or (REINSTATE) returns to what it was.
        needs_reason: Whether it must say why.
    """

    roles: frozenset[Role]
    sources: frozenset[State]
    target: State | None
    needs_reason: bool = False


ENDED = frozenset({State.WITHDRAWN, State.EXPIRED, State.REASSESSED})
"""States that nothing leads out of."""

IN_FORCE = frozenset(
    {State.PUBLISHED, State.LEVEL_PENDING, State.SURVEILLANCE, State.SURVEILLANCE_DONE}
)
"""States in which results of the engagement are public and count."""

RUNNING = frozenset(State) - ENDED - {State.SUSPENDED}
"""States in which the engagement goes on."""

_SITE = frozenset({Role.SITE_USER})
_LEAD = frozenset({Role.LEAD_AUDITOR})
_SCHEME = frozenset({Role.SECRETARIAT})
_REVIEWER = frozenset({Role.REVIEWER})


def _step(
    roles: frozenset[Role],
    sources: State | frozenset[State],
    target: State | None,
    *,
    reason: bool = False,
) -> Step:
    known = frozenset({sources}) if isinstance(sources, State) else sources
    return Step(roles, known, target, reason)


STEPS: Mapping[ActKind, Step] = {
    ActKind.APPLY: _step(_SITE, State.SELF_ASSESSMENT, State.APPLIED),
    ActKind.RETURN_APPLICATION: _step(_SCHEME, State.APPLIED, State.SELF_ASSESSMENT, reason=True),
    ActKind.ACCEPT_APPLICATION: _step(_SCHEME, State.APPLIED, State.ACCEPTED),
    ActKind.SIGN_AGREEMENT: _step(_SCHEME, State.ACCEPTED, State.AGREED),
    ActKind.NAME_FIRM: _step(_SITE, State.AGREED, State.CONTRACTED),
    ActKind.PROPOSE_TEAM: _step(_LEAD, State.CONTRACTED, State.TEAM_PROPOSED),
    ActKind.REFUSE_TEAM: _step(_SCHEME, State.TEAM_PROPOSED, State.CONTRACTED, reason=True),
    ActKind.ACCEPT_TEAM: _step(_SCHEME, State.TEAM_PROPOSED, State.TEAM_ACCEPTED),
    ActKind.ANNOUNCE: _step(_LEAD, State.TEAM_ACCEPTED, State.ANNOUNCED),
    ActKind.BEGIN_STAGE_1: _step(_LEAD, State.ANNOUNCED, State.STAGE_1),
    ActKind.FINISH_STAGE_1: _step(_LEAD, State.STAGE_1, State.STAGE_1_DONE),
    ActKind.ANNOUNCE_VISIT: _step(
        _LEAD, frozenset({State.STAGE_1_DONE, State.VISIT_ANNOUNCED}), State.VISIT_ANNOUNCED
    ),
    ActKind.BEGIN_STAGE_2: _step(_LEAD, State.VISIT_ANNOUNCED, State.STAGE_2),
    ActKind.FINISH_STAGE_2: _step(_LEAD, State.STAGE_2, State.STAGE_2_DONE),
    ActKind.SUBMIT_DRAFT: _step(_LEAD, State.STAGE_2_DONE, State.DRAFT),
    ActKind.OBJECT: _step(_SITE | _SCHEME, State.DRAFT, None, reason=True),
    ActKind.RULE_ON_OBJECTION: _step(_REVIEWER, State.DRAFT, None, reason=True),
    ActKind.CLOSE_REVIEW: _step(_SCHEME, State.DRAFT, State.REVIEWED),
    ActKind.PUBLISH_NOW: _step(_SITE, State.REVIEWED, State.READY),
    ActKind.ENTER_CORRECTIVE_PERIOD: _step(_SITE, State.REVIEWED, State.CORRECTIVE_PERIOD),
    ActKind.END_CORRECTIVE_PERIOD: _step(_LEAD, State.CORRECTIVE_PERIOD, State.READY),
    ActKind.PUBLISH: _step(_SCHEME, State.READY, State.PUBLISHED),
    ActKind.SETTLE_PENDING: _step(_SCHEME, State.LEVEL_PENDING, State.PUBLISHED),
    ActKind.BEGIN_SURVEILLANCE: _step(
        _LEAD, frozenset({State.PUBLISHED, State.LEVEL_PENDING}), State.SURVEILLANCE
    ),
    ActKind.FINISH_SURVEILLANCE: _step(_LEAD, State.SURVEILLANCE, State.SURVEILLANCE_DONE),
    ActKind.PUBLISH_SURVEILLANCE: _step(_SCHEME, State.SURVEILLANCE_DONE, State.PUBLISHED),
    ActKind.EXTEND: _step(_SCHEME, RUNNING, None, reason=True),
    ActKind.SUSPEND: _step(_SCHEME, RUNNING, State.SUSPENDED, reason=True),
    ActKind.REINSTATE: _step(_SCHEME, State.SUSPENDED, None, reason=True),
    ActKind.WITHDRAW: _step(
        _SITE | _SCHEME, RUNNING | {State.SUSPENDED}, State.WITHDRAWN, reason=True
    ),
    ActKind.EXPIRE: _step(_SCHEME, IN_FORCE | {State.SUSPENDED}, State.EXPIRED),
    ActKind.REPLACE: _step(_SCHEME, IN_FORCE, State.REASSESSED),
}
"""Every act, in the order in which an engagement meets them."""

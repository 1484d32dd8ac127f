"""Who may do what, and when: the one table behind every permission check of an engagement.

A row is an action, a column a role, a cell the states in which the role may do it. What is not in
the table may nobody do. Acts that move the engagement on stand in `STEPS`; the actions here are
the work between them. Who has no role in an engagement has no right in it, and what is public is
not asked here at all.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from stannary.core.cycle.states import ENDED, IN_FORCE, STEPS, ActKind, Role, State

EVERY = frozenset(State)
_OPEN = EVERY - ENDED
_OWN_WORD = frozenset(
    {
        State.SELF_ASSESSMENT,
        State.APPLIED,
        State.ACCEPTED,
        State.AGREED,
        State.CONTRACTED,
        State.TEAM_PROPOSED,
        State.TEAM_ACCEPTED,
        State.ANNOUNCED,
    }
)
"""As long as a site says of itself how it stands: afterwards auditors look at what it said."""
_WITH_FIRM = _OPEN - {State.SELF_ASSESSMENT, State.APPLIED, State.ACCEPTED, State.AGREED}
_AUDIT = frozenset(
    {State.STAGE_1, State.STAGE_1_DONE, State.VISIT_ANNOUNCED, State.STAGE_2, State.STAGE_2_DONE}
)
_AFTER_DRAFT = frozenset(
    {State.DRAFT, State.REVIEWED, State.CORRECTIVE_PERIOD, State.READY}
    | {State.PUBLISHED, State.LEVEL_PENDING, State.SURVEILLANCE, State.SURVEILLANCE_DONE}
    | {State.REASSESSED, State.EXPIRED}
)
_RELEASED = (IN_FORCE | ENDED) - {State.WITHDRAWN}
_JUDGED = _OPEN - {State.SELF_ASSESSMENT}
_TEAM = (Role.AUDITOR, Role.LEAD_AUDITOR)


class Action(StrEnum):
    """Work inside an engagement."""

    READ = "read"
    SET_SCOPE = "set_scope"
    PROPOSE_RELEVANCE = "propose_relevance"
    JUDGE_RELEVANCE = "judge_relevance"
    READ_SELF_ASSESSMENT = "read_self_assessment"
    RATE_SELF = "rate_self"
    ASSIGN_RESPONDENTS = "assign_respondents"
    ANSWER = "answer"
    ADD_EVIDENCE = "add_evidence"
    READ_EVIDENCE = "read_evidence"
    READ_AUDIT_RATINGS = "read_audit_ratings"
    RATE_AUDIT = "rate_audit"
    RATE_CORRECTION = "rate_correction"
    RATE_PENDING = "rate_pending"
    DECLARE_INTERESTS = "declare_interests"
    CLEAR_INTERESTS = "clear_interests"
    MANAGE_PEOPLE = "manage_people"
    READ_FINDINGS = "read_findings"
    READ_CARRIED_FINDINGS = "read_carried_findings"
    TAKE_NOTES = "take_notes"
    READ_NOTES = "read_notes"
    RAISE_FINDING = "raise_finding"
    CORRECT_FINDING = "correct_finding"
    JUDGE_CORRECTION = "judge_correction"
    CLOSE_FINDING = "close_finding"
    EXTEND_FINDING = "extend_finding"
    ESCALATE_FINDING = "escalate_finding"
    RETEST_FINDING = "retest_finding"
    RECORD_INPUT = "record_input"
    DECIDE_INPUT = "decide_input"
    READ_INPUT = "read_input"
    READ_PUBLISHED_INPUT = "read_published_input"
    CORRECT_RESULT = "correct_result"


RIGHTS: Mapping[Action, Mapping[Role, frozenset[State]]] = {
    Action.READ: {
        Role.SITE_USER: EVERY,
        Role.AUDITOR: EVERY,
        Role.LEAD_AUDITOR: EVERY,
        Role.REVIEWER: EVERY,
        Role.SECRETARIAT: EVERY,
        Role.OBSERVER: EVERY,
    },
    Action.SET_SCOPE: {Role.SITE_USER: frozenset({State.SELF_ASSESSMENT})},
    Action.PROPOSE_RELEVANCE: {Role.SITE_USER: frozenset({State.SELF_ASSESSMENT})},
    Action.JUDGE_RELEVANCE: {Role.LEAD_AUDITOR: frozenset({State.STAGE_1})},
    Action.READ_SELF_ASSESSMENT: {
        Role.SITE_USER: EVERY,
        Role.AUDITOR: EVERY,
        Role.LEAD_AUDITOR: EVERY,
        Role.REVIEWER: EVERY,
        Role.SECRETARIAT: EVERY - {State.SELF_ASSESSMENT},
    },
    Action.RATE_SELF: {Role.SITE_USER: _OWN_WORD},
    Action.ASSIGN_RESPONDENTS: {Role.SITE_USER: _OWN_WORD},
    Action.ANSWER: {Role.RESPONDENT: _OWN_WORD},
    Action.ADD_EVIDENCE: {Role.SITE_USER: _OPEN, **dict.fromkeys(_TEAM, _AUDIT)},
    Action.READ_EVIDENCE: {
        Role.SITE_USER: EVERY,
        Role.AUDITOR: EVERY,
        Role.LEAD_AUDITOR: EVERY,
        Role.REVIEWER: EVERY,
    },
    Action.READ_AUDIT_RATINGS: {
        Role.AUDITOR: EVERY,
        Role.LEAD_AUDITOR: EVERY,
        Role.REVIEWER: EVERY,
        Role.SITE_USER: _AFTER_DRAFT,
        Role.SECRETARIAT: _AFTER_DRAFT,
        Role.OBSERVER: _AFTER_DRAFT,
    },
    Action.RATE_AUDIT: dict.fromkeys(_TEAM, _AUDIT),
    Action.RATE_CORRECTION: dict.fromkeys(
        _TEAM, frozenset({State.DRAFT, State.REVIEWED, State.CORRECTIVE_PERIOD})
    ),
    Action.RATE_PENDING: dict.fromkeys(_TEAM, frozenset({State.LEVEL_PENDING, State.SURVEILLANCE})),
    Action.DECLARE_INTERESTS: dict.fromkeys((*_TEAM, Role.REVIEWER), _WITH_FIRM),
    Action.CLEAR_INTERESTS: {Role.SECRETARIAT: _WITH_FIRM},
    Action.MANAGE_PEOPLE: {
        Role.SITE_USER: _OPEN,
        Role.LEAD_AUDITOR: frozenset({State.CONTRACTED}),
        Role.SECRETARIAT: _OPEN,
    },
    Action.READ_FINDINGS: {
        Role.AUDITOR: EVERY,
        Role.LEAD_AUDITOR: EVERY,
        Role.REVIEWER: EVERY,
        Role.SITE_USER: _AFTER_DRAFT,
        Role.SECRETARIAT: _AFTER_DRAFT,
    },
    Action.READ_CARRIED_FINDINGS: {
        Role.SITE_USER: EVERY,
        Role.AUDITOR: EVERY,
        Role.LEAD_AUDITOR: EVERY,
        Role.REVIEWER: EVERY,
        Role.SECRETARIAT: EVERY,
    },
    Action.TAKE_NOTES: dict.fromkeys(_TEAM, _OPEN - {State.SELF_ASSESSMENT}),
    Action.READ_NOTES: dict.fromkeys((*_TEAM, Role.REVIEWER), EVERY),
    Action.RAISE_FINDING: dict.fromkeys(_TEAM, _AUDIT | {State.SURVEILLANCE}),
    Action.CORRECT_FINDING: {Role.SITE_USER: _OPEN},
    Action.JUDGE_CORRECTION: dict.fromkeys(_TEAM, _JUDGED),
    Action.CLOSE_FINDING: dict.fromkeys((*_TEAM, Role.REVIEWER), _JUDGED),
    Action.EXTEND_FINDING: dict.fromkeys((Role.LEAD_AUDITOR, Role.SECRETARIAT), _JUDGED),
    Action.ESCALATE_FINDING: dict.fromkeys((Role.LEAD_AUDITOR, Role.SECRETARIAT), _JUDGED),
    Action.RETEST_FINDING: dict.fromkeys(_TEAM, _AUDIT | {State.SURVEILLANCE}),
    Action.RECORD_INPUT: dict.fromkeys(_TEAM, _AUDIT),
    Action.DECIDE_INPUT: dict.fromkeys(_TEAM, _AUDIT | {State.DRAFT}),
    Action.READ_INPUT: dict.fromkeys((*_TEAM, Role.REVIEWER), EVERY),
    Action.READ_PUBLISHED_INPUT: dict.fromkeys(
        (Role.SITE_USER, Role.SECRETARIAT, Role.OBSERVER), _RELEASED
    ),
    Action.CORRECT_RESULT: {Role.SECRETARIAT: IN_FORCE | ENDED | {State.SUSPENDED}},
}
"""Action, role, states. Confidential interviews are in no cell: they are not kept here.

A finding of an earlier audit of the site has its own row: it was known to everybody before. What
may be done about a finding is possible only to who reads it. What stakeholders said is read by the
audit team alone until it is published, and what is published is less.
"""


def may(roles: Iterable[Role], action: Action | ActKind, state: State) -> bool:
    """Tell whether somebody with these roles may do something in a state.

    Args:
        roles: All that the person has in the engagement; none gives no right.
        action: Work (`RIGHTS`) or an act (`STEPS`).
        state: Of the engagement.
    """
    if isinstance(action, ActKind):
        step = STEPS[action]
        return state in step.sources and not step.roles.isdisjoint(roles)
    row = RIGHTS[action]
    return any(state in row.get(role, frozenset()) for role in roles)

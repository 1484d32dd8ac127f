"""An engagement that goes its whole way; tests stop it, change one act, or shuffle them."""

import datetime
from dataclasses import replace
from typing import Any

from core.independence import made_up as independent
from core.standards.made_up import constant
from stannary.core.cycle import STEPS, Act, ActKind, Engagement, Facts, perform
from stannary.core.independence import Declaration
from stannary.core.kernel import Value
from stannary.core.standards import Edition

START = independent.DAY
ONE = datetime.timedelta(days=1)

LENGTHS: dict[str, tuple[str, Value | None]] = {
    "application_review_days": ("day", 7),
    "team_proposal_days": ("day", 15),
    "stage_1_announcement_days": ("day", 10),
    "site_visit_notice_days": ("day", 30),
    "stage_1_to_stage_2_months": ("month", 12),
    "draft_report_days": ("day", 60),
    "scheme_review_days": ("day", 30),
    "operator_review_days": ("day", 30),
    "objection_ruling_days": ("day", 20),
    "corrective_period_months": ("month", 12),
    "publication_days": ("day", 30),
    "surveillance_from_months": ("month", 12),
    "surveillance_until_months": ("month", 18),
    "reassessment_months": ("month", 36),
}


def edition(**changed: Value | None) -> Edition:
    """Give the made-up edition with every length; "?" makes one unknown, None leaves it out."""
    parameters = dict(independent.limits().parameters)
    for name, (unit, value) in LENGTHS.items():
        length = changed.get(name, value)
        parameters.pop(name, None)
        if length is not None:
            parameters[name] = constant(None if length == "?" else length, name=name, unit=unit)
    return replace(independent.limits(), parameters=parameters)


def facts(**changed: Any) -> Facts:
    """Give facts that nothing speaks against."""
    parts: dict[str, Any] = {
        "unanswered": (),
        "units": 1,
        "unjudged": (),
        "unrated": (),
        "report": "r-1",
        "assignment": independent.assignment(edition=edition()),
        "approvals": (independent.ANYTHING,),
    }
    return Facts(**(parts | changed))


def anew(on: datetime.date) -> Facts:
    """Give such facts for a later day, on which everybody has declared their interests anew."""
    members = (independent.LEAD, independent.AUDITOR, independent.REVIEWER)
    team = tuple(
        replace(
            one,
            record=replace(one.record, declarations=(Declaration(independent.ENGAGEMENT, on, ()),)),
        )
        for one in members
    )
    return facts(assignment=independent.assignment(edition=edition(), team=team))


def act(kind: ActKind, on: datetime.date = START, **changed: Any) -> Act:
    """Give an act by somebody who may do it, with a reason."""
    parts: dict[str, Any] = {
        "id": f"{kind}-{on.isoformat()}",
        "role": min(STEPS[kind].roles),
        "by": "somebody",
        "reason": "made up for a test",
    }
    return Act(kind=kind, on=on, **(parts | changed))


WAY = (
    (ActKind.APPLY, 0),
    (ActKind.ACCEPT_APPLICATION, 1),
    (ActKind.SIGN_AGREEMENT, 2),
    (ActKind.NAME_FIRM, 3),
    (ActKind.PROPOSE_TEAM, 4),
    (ActKind.ACCEPT_TEAM, 5),
    (ActKind.ANNOUNCE, 6),
    (ActKind.BEGIN_STAGE_1, 19),
    (ActKind.FINISH_STAGE_1, 25),
    (ActKind.ANNOUNCE_VISIT, 26),
    (ActKind.BEGIN_STAGE_2, 56),
    (ActKind.FINISH_STAGE_2, 60),
    (ActKind.SUBMIT_DRAFT, 90),
    (ActKind.CLOSE_REVIEW, 120),
    (ActKind.PUBLISH_NOW, 121),
    (ActKind.PUBLISH, 130),
)
"""The shortest way to publication: acts, and days after the start."""


def way(until: ActKind, *, under: Edition | None = None) -> Engagement:
    """Give an engagement that has gone the shortest way up to and with an act."""
    engagement = Engagement(under or edition())
    for kind, days in WAY:
        engagement = step(engagement, kind, START + days * ONE)
        if kind is until:
            break
    return engagement


def step(
    engagement: Engagement,
    kind: ActKind,
    on: datetime.date,
    *,
    said: Facts | None = None,
    **more: Any,
) -> Engagement:
    """Do one act with facts that nothing speaks against."""
    if kind is ActKind.ANNOUNCE_VISIT:
        more.setdefault("until", on + 30 * ONE)
    return perform(engagement, act(kind, on, **more), said or facts())

"""States, acts, roles and clocks in words, in the reader's language."""

import datetime
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stannary.core.cycle import ActKind, Clock, ClockKind, ClockStanding, Role, State
from stannary.core.standards import Rating
from stannary.web.project.templatetags.stannary import day as in_words

RATINGS: Mapping[Rating, object] = {
    Rating.FULLY: gettext_lazy("fully"),
    Rating.SUBSTANTIALLY: gettext_lazy("substantially"),
    Rating.PARTIALLY: gettext_lazy("partially"),
    Rating.NOT_MET: gettext_lazy("not met"),
    Rating.NOT_RELEVANT: gettext_lazy("not relevant"),
}
"""What a ruling may say."""

STATES: Mapping[State, object] = {
    State.SELF_ASSESSMENT: gettext_lazy("Self-assessment"),
    State.APPLIED: gettext_lazy("Application under review"),
    State.ACCEPTED: gettext_lazy("Application accepted"),
    State.AGREED: gettext_lazy("Agreement signed"),
    State.CONTRACTED: gettext_lazy("Audit firm named"),
    State.TEAM_PROPOSED: gettext_lazy("Team proposed"),
    State.TEAM_ACCEPTED: gettext_lazy("Team accepted"),
    State.ANNOUNCED: gettext_lazy("Assessment announced"),
    State.STAGE_1: gettext_lazy("Stage 1: desk review"),
    State.STAGE_1_DONE: gettext_lazy("Stage 1 finished"),
    State.VISIT_ANNOUNCED: gettext_lazy("Site visit announced"),
    State.STAGE_2: gettext_lazy("Stage 2: site visit"),
    State.STAGE_2_DONE: gettext_lazy("Report being drafted"),
    State.DRAFT: gettext_lazy("Draft under review"),
    State.REVIEWED: gettext_lazy("Draft reviewed"),
    State.CORRECTIVE_PERIOD: gettext_lazy("Corrective period"),
    State.READY: gettext_lazy("Ready to publish"),
    State.PUBLISHED: gettext_lazy("Published"),
    State.LEVEL_PENDING: gettext_lazy("Published, level pending"),
    State.SURVEILLANCE: gettext_lazy("Surveillance audit"),
    State.SURVEILLANCE_DONE: gettext_lazy("Surveillance finished"),
    State.REASSESSED: gettext_lazy("Followed by a reassessment"),
    State.SUSPENDED: gettext_lazy("Suspended"),
    State.WITHDRAWN: gettext_lazy("Withdrawn"),
    State.EXPIRED: gettext_lazy("Expired"),
}

_REPORTING = gettext_lazy("Report in preparation")
PUBLIC: Mapping[State, object] = {
    State.ANNOUNCED: STATES[State.ANNOUNCED],
    State.STAGE_1: STATES[State.STAGE_1],
    State.STAGE_1_DONE: STATES[State.STAGE_1_DONE],
    State.VISIT_ANNOUNCED: STATES[State.VISIT_ANNOUNCED],
    State.STAGE_2: STATES[State.STAGE_2],
    State.STAGE_2_DONE: _REPORTING,
    State.DRAFT: _REPORTING,
    State.REVIEWED: _REPORTING,
    State.CORRECTIVE_PERIOD: _REPORTING,
    State.READY: _REPORTING,
    State.PUBLISHED: STATES[State.PUBLISHED],
    State.LEVEL_PENDING: STATES[State.LEVEL_PENDING],
    State.SURVEILLANCE: STATES[State.SURVEILLANCE],
    State.SURVEILLANCE_DONE: STATES[State.SURVEILLANCE_DONE],
    State.REASSESSED: STATES[State.REASSESSED],
    State.SUSPENDED: STATES[State.SUSPENDED],
    State.WITHDRAWN: STATES[State.WITHDRAWN],
    State.EXPIRED: STATES[State.EXPIRED],
}
"""What the public learns of a state; how far a draft is stays between those who work on it."""

ACTS: Mapping[ActKind, tuple[object, object]] = {
    ActKind.APPLY: (gettext_lazy("Apply for an assessment"), gettext_lazy("Application sent")),
    ActKind.RETURN_APPLICATION: (
        gettext_lazy("Return the application"),
        gettext_lazy("Application returned"),
    ),
    ActKind.ACCEPT_APPLICATION: (
        gettext_lazy("Accept the application"),
        gettext_lazy("Application accepted"),
    ),
    ActKind.SIGN_AGREEMENT: (
        gettext_lazy("Record the signed agreement"),
        gettext_lazy("Agreement signed"),
    ),
    ActKind.NAME_FIRM: (gettext_lazy("Name the audit firm"), gettext_lazy("Audit firm named")),
    ActKind.PROPOSE_TEAM: (gettext_lazy("Propose the team"), gettext_lazy("Team proposed")),
    ActKind.REFUSE_TEAM: (gettext_lazy("Refuse the team"), gettext_lazy("Team refused")),
    ActKind.ACCEPT_TEAM: (gettext_lazy("Accept the team"), gettext_lazy("Team accepted")),
    ActKind.ANNOUNCE: (
        gettext_lazy("Announce the assessment"),
        gettext_lazy("Assessment announced"),
    ),
    ActKind.BEGIN_STAGE_1: (
        gettext_lazy("Begin stage 1, the desk review"),
        gettext_lazy("Stage 1 begun"),
    ),
    ActKind.FINISH_STAGE_1: (gettext_lazy("Finish stage 1"), gettext_lazy("Stage 1 finished")),
    ActKind.ANNOUNCE_VISIT: (
        gettext_lazy("Announce the site visit"),
        gettext_lazy("Site visit announced"),
    ),
    ActKind.BEGIN_STAGE_2: (
        gettext_lazy("Begin stage 2, the site visit"),
        gettext_lazy("Stage 2 begun"),
    ),
    ActKind.FINISH_STAGE_2: (gettext_lazy("Finish stage 2"), gettext_lazy("Stage 2 finished")),
    ActKind.SUBMIT_DRAFT: (
        gettext_lazy("Submit the draft report"),
        gettext_lazy("Draft report submitted"),
    ),
    ActKind.OBJECT: (gettext_lazy("Object to a finding"), gettext_lazy("Objection raised")),
    ActKind.RULE_ON_OBJECTION: (
        gettext_lazy("Rule on an objection"),
        gettext_lazy("Objection ruled on"),
    ),
    ActKind.CLOSE_REVIEW: (gettext_lazy("Close the review"), gettext_lazy("Review closed")),
    ActKind.PUBLISH_NOW: (
        gettext_lazy("Choose to publish now"),
        gettext_lazy("Chosen: publish now"),
    ),
    ActKind.ENTER_CORRECTIVE_PERIOD: (
        gettext_lazy("Choose to correct first"),
        gettext_lazy("Corrective period begun"),
    ),
    ActKind.END_CORRECTIVE_PERIOD: (
        gettext_lazy("End the corrective period"),
        gettext_lazy("Corrective period ended"),
    ),
    ActKind.PUBLISH: (gettext_lazy("Record the publication"), gettext_lazy("Report published")),
    ActKind.SETTLE_PENDING: (
        gettext_lazy("Settle what was pending"),
        gettext_lazy("Pending level settled"),
    ),
    ActKind.BEGIN_SURVEILLANCE: (
        gettext_lazy("Begin the surveillance audit"),
        gettext_lazy("Surveillance audit begun"),
    ),
    ActKind.FINISH_SURVEILLANCE: (
        gettext_lazy("Finish the surveillance audit"),
        gettext_lazy("Surveillance audit finished"),
    ),
    ActKind.PUBLISH_SURVEILLANCE: (
        gettext_lazy("Record the publication of the surveillance report"),
        gettext_lazy("Surveillance report published"),
    ),
    ActKind.EXTEND: (gettext_lazy("Extend a clock"), gettext_lazy("Clock extended")),
    ActKind.SUSPEND: (gettext_lazy("Suspend"), gettext_lazy("Suspended")),
    ActKind.REINSTATE: (gettext_lazy("Reinstate"), gettext_lazy("Reinstated")),
    ActKind.WITHDRAW: (gettext_lazy("Withdraw"), gettext_lazy("Withdrawn")),
    ActKind.EXPIRE: (gettext_lazy("Record the expiry"), gettext_lazy("Expired")),
    ActKind.REPLACE: (
        gettext_lazy("Record the reassessment"),
        gettext_lazy("Followed by a reassessment"),
    ),
}
"""Each act as somebody is asked to do it, and as it was done."""

ROLES: Mapping[Role, object] = {
    Role.SITE_USER: gettext_lazy("site user"),
    Role.RESPONDENT: gettext_lazy("respondent"),
    Role.AUDITOR: gettext_lazy("auditor"),
    Role.LEAD_AUDITOR: gettext_lazy("lead auditor"),
    Role.REVIEWER: gettext_lazy("reviewer"),
    Role.SECRETARIAT: gettext_lazy("secretariat"),
    Role.OBSERVER: gettext_lazy("observer"),
}

CLOCKS: Mapping[ClockKind, object] = {
    ClockKind.APPLICATION_REVIEW: gettext_lazy("Review of the application"),
    ClockKind.STAGE_2: gettext_lazy("Beginning of stage 2"),
    ClockKind.DRAFT_REPORT: gettext_lazy("Draft report"),
    ClockKind.SCHEME_REVIEW: gettext_lazy("Review by the scheme"),
    ClockKind.OPERATOR_REVIEW: gettext_lazy("Review by the operator"),
    ClockKind.OBJECTION_RULING: gettext_lazy("Ruling on an objection"),
    ClockKind.CORRECTIVE_PERIOD: gettext_lazy("End of the corrective period"),
    ClockKind.PUBLICATION: gettext_lazy("Publication"),
    ClockKind.SURVEILLANCE: gettext_lazy("Surveillance audit"),
    ClockKind.REASSESSMENT: gettext_lazy("Reassessment"),
}

STANDINGS: Mapping[ClockStanding, object] = {
    ClockStanding.OVERDUE: gettext_lazy("overdue"),
    ClockStanding.DUE_SOON: gettext_lazy("due soon"),
    ClockStanding.RUNNING: gettext_lazy("running"),
    ClockStanding.NOT_YET: gettext_lazy("not open yet"),
    ClockStanding.UNKNOWN: gettext_lazy("no end is known"),
}


def roles(those: object) -> str:
    """Name roles in the order of `Role`, joined by commas."""
    held = frozenset(those) if isinstance(those, tuple | list | frozenset | set) else frozenset()
    return ", ".join(str(ROLES[role]) for role in Role if role in held)


def standing(clock: Clock, on: datetime.date) -> str:
    """Say how a clock stands on a day: how many days are left, or were missed."""
    days = clock.days(on)
    how = clock.standing(on)
    if days is None:
        return str(STANDINGS[how])
    if days < 0:
        text = ngettext("overdue by %(days)s day", "overdue by %(days)s days", -days)
        return text % {"days": -days}
    if how is ClockStanding.NOT_YET:
        return _("opens on %(day)s") % {"day": in_words(clock.opens)}
    if days == 0:
        return _("due today")
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}

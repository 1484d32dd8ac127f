"""An engagement: from a site's self-assessment to publication, surveillance and reassessment.

It is what its acts made it. `perform` checks one more act and gives the engagement after it;
`replay` rebuilds an engagement from acts that were performed before. Nothing is ever taken back:
what was wrong is followed by another act.

Rules: ENGAGEMENT-001 to ENGAGEMENT-015, INDEPENDENCE-001 to INDEPENDENCE-009 for firm and team.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from stannary.core.cycle import rules
from stannary.core.cycle.clocks import ClockKind, clocks, days_of, running
from stannary.core.cycle.history import Act, last
from stannary.core.cycle.states import ENDED, IN_FORCE, STEPS, ActKind, State
from stannary.core.independence import Assignment, FirmApproval, blocking, check_assignment
from stannary.core.independence.rules import PEOPLE_ARE_COMPETENT
from stannary.core.kernel import Finding, RefusalError
from stannary.core.standards import Edition

ROUTE = frozenset(State) - ENDED - IN_FORCE - {State.SUSPENDED}
"""States of an engagement that is on its way to publication; see `Engagement.on_route`."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What an act must know of the world outside the engagement; unknown facts refuse.

    Attributes:
        unanswered: Requirements that the site has not answered itself; None: not counted.
        units: Units named in the scope.
        without_reason: Chapters proposed as not relevant without a reason.
        unjudged: Chapters proposed as not relevant that were not judged yet; None: not counted.
        unrated: Relevant requirements that are neither rated nor left pending; None: not counted.
        authorless: Rated requirements without an author of the team.
        report: Id of the public report, for REPLACE that of the engagement which follows; empty:
            there is none.
        level_pending: Whether the level of that report is still open.
        elsewhere: Other engagements of the site under the same standard that are on their way.
        assignment: The team with firm and site; needed to name a firm, to accept a team, to begin a
            surveillance, and to publish.
        approvals: What firms are approved for.
    """

    unanswered: tuple[str, ...] | None = None
    units: int = 0
    without_reason: tuple[str, ...] = ()
    unjudged: tuple[str, ...] | None = None
    unrated: tuple[str, ...] | None = None
    authorless: tuple[str, ...] = ()
    report: str = ""
    level_pending: bool = False
    elsewhere: tuple[str, ...] = ()
    assignment: Assignment | None = None
    approvals: tuple[FirmApproval, ...] = ()


@dataclass(frozen=True, slots=True)
class Engagement:
    """An engagement as its acts made it.

    Attributes:
        edition: The standard; its constants are the lengths of the clocks.
        state: Where it stands.
        acts: What happened, oldest first.
        resumes: State to return to when a suspension ends; None outside a suspension.
    """

    edition: Edition
    state: State = State.SELF_ASSESSMENT
    acts: tuple[Act, ...] = field(default_factory=tuple)
    resumes: State | None = None

    @property
    def open_objections(self) -> tuple[str, ...]:
        """Ids of objections that nobody has ruled on yet, in the order raised."""
        ruled = {act.refers_to for act in self.acts if act.kind is ActKind.RULE_ON_OBJECTION}
        return tuple(
            act.id for act in self.acts if act.kind is ActKind.OBJECT and act.id not in ruled
        )

    @property
    def on_route(self) -> bool:
        """Whether it is on its way to publication; a suspended one is where it was before."""
        state = self.resumes if self.state is State.SUSPENDED else self.state
        return state in ROUTE


class _Attempt(NamedTuple):
    engagement: Engagement
    act: Act
    facts: Facts


def perform(engagement: Engagement, act: Act, facts: Facts) -> Engagement:
    """Do one act.

    Args:
        engagement: As it stands.
        act: What is to be done, by whom, and on which day.
        facts: What the act must know of the world.

    Returns:
        The engagement after it.

    Raises:
        RefusalError: With every reason against it; nothing has changed.
    """
    found = list(_form(engagement, act))
    if not found:
        needs = _NEEDS.get(act.kind)
        found = list(needs(_Attempt(engagement, act, facts))) if needs is not None else []
    if found:
        raise RefusalError(*found)
    return _after(engagement, act, pending=facts.level_pending)


def replay(edition: Edition, acts: Iterable[Act]) -> Engagement:
    """Rebuild an engagement from acts that were performed, oldest first.

    Raises:
        RefusalError: ENGAGEMENT-001 to 004 if an act could not have followed the one before.
    """
    engagement = Engagement(edition)
    for act in acts:
        found = tuple(_form(engagement, act))
        if found:
            raise RefusalError(*found)
        engagement = _after(engagement, act, pending=act.level_pending)
    return engagement


def next_acts(engagement: Engagement, roles: Iterable[object]) -> tuple[ActKind, ...]:
    """Give the acts that somebody with these roles may do now, in the order of `STEPS`."""
    held = frozenset(roles)
    return tuple(
        kind
        for kind, step in STEPS.items()
        if engagement.state in step.sources and not step.roles.isdisjoint(held)
    )


def _after(engagement: Engagement, act: Act, *, pending: bool) -> Engagement:
    step = STEPS[act.kind]
    state, resumes = step.target or engagement.state, engagement.resumes
    if act.kind is ActKind.SUSPEND:
        resumes = engagement.state
    elif act.kind is ActKind.REINSTATE:
        state, resumes = engagement.resumes or engagement.state, None
    elif state is State.PUBLISHED and pending:
        state = State.LEVEL_PENDING
    done = replace(act, level_pending=pending) if state is State.LEVEL_PENDING else act
    return replace(engagement, state=state, acts=(*engagement.acts, done), resumes=resumes)


def _form(engagement: Engagement, act: Act) -> Iterator[Finding]:
    """ENGAGEMENT-001 to 004: state, role, order, reason."""
    step = STEPS[act.kind]
    facts = {"act": str(act.kind), "state": str(engagement.state)}
    if engagement.state not in step.sources:
        possible = " or ".join(sorted(step.sources)) if len(step.sources) < 5 else "another"
        yield Finding(rules.ACT_FITS_THE_STATE, {**facts, "possible_in": possible})
    if act.role not in step.roles:
        needed = " or ".join(sorted(step.roles))
        yield Finding(rules.ACT_FITS_THE_ROLE, {**facts, "role": str(act.role), "needed": needed})
    if engagement.acts and act.on < engagement.acts[-1].on:
        before = engagement.acts[-1].on.isoformat()
        yield Finding(rules.ACTS_ARE_IN_ORDER, {**facts, "on": act.on.isoformat(), "after": before})
    if step.needs_reason and not act.reason.strip():
        yield Finding(rules.REASON_IS_GIVEN, facts)


def _apply(the: _Attempt) -> Iterator[Finding]:
    if the.facts.unanswered is None or the.facts.unanswered:
        yield Finding(rules.SELF_ASSESSMENT_IS_WHOLE, _some(the.facts.unanswered))
    if the.facts.units < 1:
        yield Finding(rules.SCOPE_IS_NAMED, {"units": str(the.facts.units)})
    if the.facts.without_reason:
        yield Finding(rules.SCOPE_IS_NAMED, _some(the.facts.without_reason))
    if the.facts.elsewhere:
        yield Finding(rules.ONE_ENGAGEMENT_AT_A_TIME, _some(the.facts.elsewhere))


def _team(the: _Attempt) -> Iterator[Finding]:
    """INDEPENDENCE: everything against firm and team on the day; without a team, all of it."""
    if the.facts.assignment is None:
        yield Finding(rules.TEAM_IS_KNOWN, {"act": str(the.act.kind), "team": "not known"})
    else:
        yield from blocking(
            check_assignment(the.facts.assignment, the.facts.approvals, on=the.act.on)
        )


def _firm(the: _Attempt) -> Iterator[Finding]:
    """Only what speaks against the firm; its team is not known yet."""
    return (
        finding
        for finding in _team(the)
        if finding.code in ("INDEPENDENCE-001", "INDEPENDENCE-002", "ENGAGEMENT-015")
    )


def _stage_1(the: _Attempt) -> Iterator[Finding]:
    for kind, name in (
        (ActKind.PROPOSE_TEAM, "team_proposal_days"),
        (ActKind.ANNOUNCE, "stage_1_announcement_days"),
    ):
        before = last(the.engagement.acts, kind)
        days = days_of(the.engagement.edition, name, the.act.on)
        if before is None or days is None:
            continue
        first = before.on + datetime.timedelta(days=days)
        if the.act.on < first:
            shown = {"since": str(kind), "days": str(days), "first_day": first.isoformat()}
            yield Finding(rules.TEAM_IS_PROPOSED_AHEAD, {**shown, "on": the.act.on.isoformat()})


def _relevance(the: _Attempt) -> Iterator[Finding]:
    if the.facts.unjudged is None or the.facts.unjudged:
        yield Finding(rules.RELEVANCE_IS_JUDGED, _some(the.facts.unjudged))


def _announce_visit(the: _Attempt) -> Iterator[Finding]:
    days = days_of(the.engagement.edition, "site_visit_notice_days", the.act.on) or 0
    first = the.act.on + datetime.timedelta(days=days)
    if the.act.until is None or the.act.until < first:
        visit = the.act.until.isoformat() if the.act.until else "not named"
        facts_shown = {"visit": visit, "days": str(days), "first_day": first.isoformat()}
        yield Finding(rules.VISIT_IS_ANNOUNCED_AHEAD, facts_shown)


def _stage_2(the: _Attempt) -> Iterator[Finding]:
    announced = last(the.engagement.acts, ActKind.ANNOUNCE_VISIT)
    if announced is None or announced.until is None or the.act.on < announced.until:
        day = announced.until.isoformat() if announced and announced.until else "not named"
        yield Finding(rules.VISIT_IS_ANNOUNCED_AHEAD, {"visit": day, "on": the.act.on.isoformat()})


def _draft(the: _Attempt) -> Iterator[Finding]:
    if the.facts.unrated is None or the.facts.unrated:
        yield Finding(rules.RATINGS_HAVE_AUTHORS, _some(the.facts.unrated))
    if the.facts.authorless:
        yield Finding(rules.RATINGS_HAVE_AUTHORS, _some(the.facts.authorless))


def _rule_on(the: _Attempt) -> Iterator[Finding]:
    if the.act.refers_to not in the.engagement.open_objections:
        yield Finding(
            rules.OBJECTIONS_ARE_RULED_ON, {"objection": the.act.refers_to[:40] or "none"}
        )


def _close_review(the: _Attempt) -> Iterator[Finding]:
    if the.engagement.open_objections:
        yield Finding(rules.OBJECTIONS_ARE_RULED_ON, _some(the.engagement.open_objections))


def _publish(the: _Attempt) -> Iterator[Finding]:
    if not the.facts.report:
        yield Finding(rules.REPORT_IS_PUBLIC, {"report": "none"})
    yield from _draft(the)
    # what people were qualified for counted on the day of the assignment; their ties count now
    yield from (finding for finding in _team(the) if finding.rule is not PEOPLE_ARE_COMPETENT)


def _report(the: _Attempt) -> Iterator[Finding]:
    if not the.facts.report:
        yield Finding(rules.REPORT_IS_PUBLIC, {"report": "none"})


def _extend(the: _Attempt) -> Iterator[Finding]:
    found = running(
        the.engagement.edition, the.engagement.state, the.engagement.acts, the.act.clock
    )
    ends = found.due if found is not None else None
    if found is None or the.act.until is None or (ends is not None and the.act.until <= ends):
        shown = {
            "clock": the.act.clock[:40] or "none",
            "ends": ends.isoformat() if ends else "not known",
            "until": the.act.until.isoformat() if the.act.until else "not named",
        }
        yield Finding(rules.CLOCK_IS_PUT_OFF, shown)


def _expire(the: _Attempt) -> Iterator[Finding]:
    state = the.engagement.resumes or the.engagement.state
    for clock in clocks(the.engagement.edition, state, the.engagement.acts):
        if (
            clock.kind is ClockKind.REASSESSMENT
            and clock.due is not None
            and clock.due < the.act.on
        ):
            return
    yield Finding(rules.CLOCK_IS_PUT_OFF, {"clock": "reassessment", "on": the.act.on.isoformat()})


def _some(names: tuple[str, ...] | None) -> Mapping[str, str]:
    """Name at most ten of what is left, and how many there are."""
    if names is None:
        return {"left": "not counted"}
    return {"left": str(len(names)), "those": ", ".join(names[:10])[:200]}


_NEEDS = {
    ActKind.APPLY: _apply,
    ActKind.NAME_FIRM: _firm,
    ActKind.ACCEPT_TEAM: _team,
    ActKind.BEGIN_STAGE_1: _stage_1,
    ActKind.FINISH_STAGE_1: _relevance,
    ActKind.ANNOUNCE_VISIT: _announce_visit,
    ActKind.BEGIN_STAGE_2: _stage_2,
    ActKind.SUBMIT_DRAFT: _draft,
    ActKind.RULE_ON_OBJECTION: _rule_on,
    ActKind.CLOSE_REVIEW: _close_review,
    ActKind.PUBLISH: _publish,
    ActKind.SETTLE_PENDING: _publish,
    ActKind.BEGIN_SURVEILLANCE: _team,
    ActKind.PUBLISH_SURVEILLANCE: _publish,
    ActKind.EXTEND: _extend,
    ActKind.EXPIRE: _expire,
    ActKind.REPLACE: _report,
}
"""What each act needs beyond its form; an act that is not here needs nothing more."""

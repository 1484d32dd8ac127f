"""May this team of this firm audit this site? Every reason against it, at once.

Rules: INDEPENDENCE-001 to INDEPENDENCE-010. All but the last block an assignment.
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from stannary.core.independence import rules
from stannary.core.independence.firms import FirmApproval, check_firm
from stannary.core.independence.people import WORK, AuditorRecord, Declaration, Interest
from stannary.core.kernel import Finding, Parameter, Rule, add_months, share_text
from stannary.core.standards import Edition

COOLING_OFF = "independence_cooling_off_months"
ROTATION = "independence_lead_audits_in_a_row"
FEE_SHARE = "independence_fee_share"
DECLARATION = "independence_declaration_days"
COMPETENCES = "competences_of_{role}"
"""Constants of a pack; the last is a text of competences separated by blanks, one for each role."""


class TeamRole(StrEnum):
    """What a person does in a team."""

    LEAD = "lead_auditor"
    AUDITOR = "auditor"
    REVIEWER = "reviewer"


@dataclass(frozen=True, slots=True)
class TeamMember:
    """A person in a team with one role; who has two roles is there twice."""

    role: TeamRole
    record: AuditorRecord


@dataclass(frozen=True, slots=True)
class FeeShare:
    """What a firm earned in its last financial year, in one currency.

    Attributes:
        from_operator: From the operator and its group, 0 or more.
        in_all: From everybody, above 0.
    """

    from_operator: int
    in_all: int

    @property
    def share(self) -> Fraction:
        """The operator's share, 0 or more; all of it when the whole is not positive."""
        return Fraction(self.from_operator, self.in_all) if self.in_all > 0 else Fraction(1)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A team that is proposed for an engagement.

    Attributes:
        engagement: Its id.
        edition: The standard; its constants are the limits.
        firm: Id of the firm.
        operator: Id of the operator.
        site: Id of the site.
        country: Of the site.
        materials: Of the site.
        team: The people.
        fees: The firm's figures; None when it has not given them.
        full_audit: False for a surveillance audit, to which rotation does not apply.
        past_leads: Ids of the people who led the full audits of this site, oldest first.
    """

    engagement: str
    edition: Edition
    firm: str
    operator: str
    site: str
    country: str
    materials: tuple[str, ...]
    team: tuple[TeamMember, ...]
    fees: FeeShare | None
    full_audit: bool = True
    past_leads: tuple[str, ...] = ()


def check_assignment(
    assignment: Assignment, approvals: Sequence[FirmApproval], *, on: datetime.date
) -> tuple[Finding, ...]:
    """Check a team on a day and return every finding, in the order of the rules.

    Args:
        assignment: Firm, people and site.
        approvals: What the firm is approved for.
        on: The day on which the assignment is decided.

    Returns:
        Everything that blocks it, and INDEPENDENCE-010 for each limit that the pack leaves open;
        `blocking` tells the two apart.
    """
    edition = assignment.edition
    found = [
        *check_firm(
            approvals,
            firm=assignment.firm,
            standard=f"{edition.publisher}/{edition.standard}",
            country=assignment.country,
            materials=assignment.materials,
            on=on,
        ),
        *_roles(assignment.team),
        *_competence(assignment, on),
        *_interests(assignment, on),
        *_rotation(assignment, on),
        *_fees(assignment, on),
    ]
    return tuple(sorted(found, key=lambda finding: finding.code))


def blocking(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Keep the findings that block an assignment."""
    return tuple(one for one in findings if one.rule is not rules.LIMIT_IS_KNOWN)


def _roles(team: Sequence[TeamMember]) -> Iterator[Finding]:
    leads = [one for one in team if one.role is TeamRole.LEAD]
    reviewers = {one.record.person for one in team if one.role is TeamRole.REVIEWER}
    auditing = {one.record.person for one in team if one.role is not TeamRole.REVIEWER}
    if len(leads) != 1 or len(reviewers) != 1:
        facts = {"lead_auditors": str(len(leads)), "reviewers": str(len(reviewers))}
        yield Finding(rules.TEAM_HAS_ITS_ROLES, facts)
    for one in team:
        if one.role is TeamRole.REVIEWER and one.record.person in auditing:
            yield Finding(rules.TEAM_HAS_ITS_ROLES, {"both": one.record.name})


def _competence(assignment: Assignment, on: datetime.date) -> Iterator[Finding]:
    for role in TeamRole:
        name = COMPETENCES.format(role=role)
        parameter = assignment.edition.parameters.get(name)
        needed = parameter.word_on(on) if parameter is not None else None
        members = [one for one in assignment.team if one.role is role]
        if needed is None:
            if members:
                yield Finding(rules.LIMIT_IS_KNOWN, {"limit": name})
            continue
        for one in members:
            for kind in needed.split():
                if not one.record.has(kind, on):
                    facts = {"person": one.record.name, "role": str(role), "missing": kind}
                    yield Finding(rules.PEOPLE_ARE_COMPETENT, {**facts, "on": on.isoformat()})


def _interests(assignment: Assignment, on: datetime.date) -> Iterator[Finding]:
    lengths: dict[str, int | None] = {}
    for name in (COOLING_OFF, DECLARATION):
        parameter = _limit(assignment, name)
        lengths[name] = parameter.whole_on(on) if parameter is not None else None
        if lengths[name] is None:
            yield Finding(rules.LIMIT_IS_KNOWN, {"limit": name})
    people = {one.record.person: one.record for one in assignment.team}
    for record in people.values():
        declaration = record.declaration(assignment.engagement, on)
        if declaration is None or _lapsed(declaration, lengths[DECLARATION], on):
            made = declaration.declared_on.isoformat() if declaration else "never"
            facts = {"person": record.name, "declared": made, "on": on.isoformat()}
            yield Finding(rules.INTERESTS_ARE_DECLARED, facts)
        for interest in declaration.interests if declaration is not None else ():
            if interest.operator == assignment.operator:
                yield from _interest(record, interest, lengths[COOLING_OFF], on)


def _lapsed(declaration: Declaration, days: int | None, on: datetime.date) -> bool:
    return days is not None and on > declaration.declared_on + datetime.timedelta(days=days)


def _interest(
    record: AuditorRecord, interest: Interest, months: int | None, on: datetime.date
) -> Iterator[Finding]:
    """An interest that goes on conflicts; work that has ended must have cooled off."""
    facts = {"person": record.name, "interest": interest.kind, "operator": interest.operator}
    ongoing = interest.until is None or on <= interest.until
    if ongoing and not interest.cleared:
        yield Finding(rules.INTERESTS_DO_NOT_CONFLICT, facts)
    if interest.kind not in WORK or months is None:
        return
    free = add_months(interest.until, months) if interest.until is not None else None
    if ongoing or free is None or on < free:
        ends = free.isoformat() if free else "not ended"
        yield Finding(rules.COOLING_OFF_HAS_PASSED, {**facts, "free_from": ends})


def _rotation(assignment: Assignment, on: datetime.date) -> Iterator[Finding]:
    if not assignment.full_audit:
        return
    most = _limit(assignment, ROTATION)
    allowed = most.whole_on(on) if most is not None else None
    if allowed is None:
        yield Finding(rules.LIMIT_IS_KNOWN, {"limit": ROTATION})
        return
    for one in assignment.team:
        if one.role is not TeamRole.LEAD:
            continue
        row = 0
        for person in reversed(assignment.past_leads):
            if person != one.record.person:
                break
            row += 1
        if row + 1 > allowed:
            facts = {"person": one.record.name, "led_in_a_row": str(row), "at_most": str(allowed)}
            yield Finding(rules.LEADS_ROTATE, facts)


def _fees(assignment: Assignment, on: datetime.date) -> Iterator[Finding]:
    most = _limit(assignment, FEE_SHARE)
    allowed = most.fraction_on(on) if most is not None else None
    if allowed is None:
        yield Finding(rules.LIMIT_IS_KNOWN, {"limit": FEE_SHARE})
        return
    rule: Rule = rules.FEES_DO_NOT_BIND
    if assignment.fees is None:
        yield Finding(rule, {"firm": assignment.firm, "share": "not given"})
    elif assignment.fees.share > allowed:
        shown = share_text(assignment.fees.share)
        facts = {"firm": assignment.firm, "share": shown, "at_most": share_text(allowed)}
        yield Finding(rule, facts)


def _limit(assignment: Assignment, name: str) -> Parameter | None:
    return assignment.edition.parameters.get(name)

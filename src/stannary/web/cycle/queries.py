"""What may be read of engagements, and who may do what in them: every check is made here.

`core.cycle.rights` is the only source of it. Whoever has no role that may read an engagement gets
the same answer as for one that is not there (PARTY-001); whoever may read it, and not do what they
ask for, learns why (ENGAGEMENT-001, 002).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NoReturn
from uuid import UUID

from django.db.models import Q, QuerySet

from stannary.core import cycle
from stannary.core.cycle import STEPS, Action, ActKind, Role, State, may
from stannary.core.cycle.rules import ACT_FITS_THE_ROLE, ACT_FITS_THE_STATE
from stannary.core.kernel import Finding, RefusalError, refuse
from stannary.core.standards import Edition
from stannary.web.cycle import records
from stannary.web.cycle.models import (
    ActRecord,
    Engagement,
    Member,
    RelevanceProposal,
    ScopeUnit,
    SentReminder,
)
from stannary.web.parties.models import Organisation, Person, Site
from stannary.web.parties.models import Role as PartyRole
from stannary.web.parties.queries import Visitor, has_role
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.standards import queries as standards

SIDES = {
    Role.SITE_USER: "site",
    Role.RESPONDENT: "site",
    Role.AUDITOR: "auditors",
    Role.LEAD_AUDITOR: "auditors",
    Role.REVIEWER: "auditors",
    Role.SECRETARIAT: "secretariat",
}
"""On which side a role is; an observer is on none."""

_THEIRS = frozenset({Role.SITE_USER, Role.RESPONDENT, Role.OBSERVER})
NAMES = {
    Role.SITE_USER: _THEIRS,
    Role.LEAD_AUDITOR: frozenset({Role.LEAD_AUDITOR, Role.AUDITOR, Role.REVIEWER}),
    Role.SECRETARIAT: frozenset(Role) - {Role.SECRETARIAT},
}
"""Which roles somebody gives and takes who may manage people in a role."""

ANY_TIME = frozenset(
    {
        ActKind.OBJECT,
        ActKind.EXTEND,
        ActKind.SUSPEND,
        ActKind.WITHDRAW,
        ActKind.EXPIRE,
        ActKind.REPLACE,
    }
)
"""Acts that may happen and that nobody waits for."""


@dataclass(frozen=True)
class Held:
    """An engagement as a person has it before them.

    Attributes:
        row: With site, firm and operator.
        edition: Under which it is.
        records: Acts as recorded, oldest first.
        roles: What the person is in it.
    """

    row: Engagement
    edition: Edition
    records: tuple[ActRecord, ...]
    roles: frozenset[Role]

    @cached_property
    def core(self) -> cycle.Engagement:
        """The engagement as core knows it, rebuilt from its acts."""
        return records.engagement(self.edition, map(records.act_of, self.records))

    @property
    def number(self) -> int:
        """How many acts there are: what the next one names as seen."""
        return len(self.records)

    def may(self, action: Action | ActKind) -> bool:
        """Tell whether the person may do something now."""
        return may(self.roles, action, self.core.state)


def of_secretariat(person: Visitor) -> bool:
    """Tell whether somebody works for a scheme's secretariat."""
    return has_role(person, PartyRole.Kind.SECRETARIAT)


def roles_in(person: Visitor, row: Engagement) -> frozenset[Role]:
    """Give what a person is in an engagement; somebody without an account is nothing."""
    if not person.is_authenticated or not person.is_active:
        return frozenset()
    given = Member.objects.filter(engagement=row, person_id=person.pk, ended_at__isnull=True)
    roles = {Role(role) for role in given.values_list("role", flat=True)}
    if of_secretariat(person):
        roles.add(Role.SECRETARIAT)
    return frozenset(roles)


def engagement(*, actor: Visitor, engagement_id: UUID, action: Action = Action.READ) -> Held:
    """Give an engagement to somebody who may do something in it, as a rule read it.

    Raises:
        RefusalError: PARTY-001 if it is not there, or the person may neither do that nor read it.
            ENGAGEMENT-001 or 002 if they may read it, and not do that in this state or role.
    """
    return _held(Engagement.objects.all(), actor, engagement_id, action)


def check_interests(actor: Visitor, engagement_id: UUID, action: Action) -> None:
    """Refuse what is not done about interests in an engagement; outside of any, nothing is.

    Raises:
        RefusalError: As `engagement`.
    """
    if Engagement.objects.filter(pk=engagement_id).exists():
        engagement(actor=actor, engagement_id=engagement_id, action=action)


def engagement_to_change(
    *, actor: Visitor, engagement_id: UUID, action: Action = Action.READ
) -> Held:
    """Give an engagement and keep others from acting in it until the transaction ends.

    Raises:
        RefusalError: As `engagement`.
    """
    rows = Engagement.objects.select_for_update(of=("self",))
    return _held(rows, actor, engagement_id, action)


def _held(rows: QuerySet[Engagement], actor: Visitor, engagement_id: UUID, action: Action) -> Held:
    related = ("site", "firm", "operator", "previous", "opened_by")
    row = rows.select_related(*related).filter(pk=engagement_id).first()
    roles = roles_in(actor, row) if row is not None else frozenset()
    if row is None or not roles:
        refuse(IS_THERE_FOR_YOU, engagement=str(engagement_id)[:40])
    acts = row.acts.select_related("by").order_by("number")
    held = Held(row, standards.edition(row.edition_id), tuple(acts), roles)
    if not held.may(action):
        if not held.may(Action.READ):
            refuse(IS_THERE_FOR_YOU, engagement=str(engagement_id)[:40])
        _refuse_action(held, action)
    return held


def _refuse_action(held: Held, action: Action) -> NoReturn:
    """Say whether it is the state or the role that stands in the way."""
    some_day = any(may(held.roles, action, state) for state in State)
    facts = {"act": str(action), "state": str(held.core.state)}
    if not some_day:
        facts["role"] = " and ".join(sorted(held.roles))
    raise RefusalError(Finding(ACT_FITS_THE_STATE if some_day else ACT_FITS_THE_ROLE, facts))


def possible(state: State, roles: Iterable[Role]) -> tuple[ActKind, ...]:
    """Give the acts that somebody may do in a state, in the order in which engagements meet them."""
    held = frozenset(roles)
    return tuple(kind for kind in STEPS if may(held, kind, state))


def expected(state: State, roles: Iterable[Role] = tuple(Role)) -> tuple[ActKind, ...]:
    """Give the acts that an engagement in a state waits for, of those that the roles may do."""
    return tuple(kind for kind in possible(state, roles) if kind not in ANY_TIME)


def waits_for(state: State) -> tuple[Role, ...]:
    """Give the roles on which an engagement in a state waits, in the order of the roles."""
    waiting = {role for kind in expected(state) for role in STEPS[kind].roles}
    return tuple(role for role in Role if role in waiting)


def mine(actor: Person) -> list[tuple[Engagement, frozenset[Role]]]:
    """Give the engagements in which a person has a role that may read, newest first."""
    rows = Engagement.objects.select_related("site", "firm", "operator")
    given = Member.objects.filter(person=actor, ended_at__isnull=True)
    roles: dict[UUID, set[Role]] = {}
    for engagement_id, role in given.values_list("engagement_id", "role"):
        roles.setdefault(engagement_id, set()).add(Role(role))
    everywhere = {Role.SECRETARIAT} if of_secretariat(actor) else set()
    if not everywhere:
        rows = rows.filter(pk__in=roles)
    found = [(row, frozenset(roles.get(row.pk, set()) | everywhere)) for row in rows]
    return [(row, held) for row, held in found if may(held, Action.READ, State(row.state))]


def members(held: Held) -> tuple[Member, ...]:
    """Give everybody who has or had a role in an engagement, in order of role."""
    rows = held.row.members.select_related("person", "added_by")
    order = {str(role): place for place, role in enumerate(Role)}
    return tuple(sorted(rows, key=lambda one: (bool(one.ended_at), order[one.role], one.pk)))


def team(row: Engagement) -> tuple[tuple[Person, str], ...]:
    """Give auditors and reviewers of an engagement, each with the role, in the order added."""
    roles = [role for role, side in SIDES.items() if side == "auditors"]
    rows = row.members.filter(role__in=roles, ended_at__isnull=True).select_related("person")
    return tuple((one.person, one.role) for one in rows.order_by("pk"))


def roles_to_give(held: Held) -> tuple[Role, ...]:
    """Give the roles that a person may give to others in an engagement now."""
    names: set[Role] = set()
    for role, theirs in NAMES.items():
        if role in held.roles and may({role}, Action.MANAGE_PEOPLE, held.core.state):
            names |= theirs
    return tuple(role for role in Role if role in names)


def side_organisation(row: Engagement, role: Role) -> Organisation | None:
    """Give the organisation from which people of a role come; None: from anywhere, or none yet."""
    side = SIDES.get(role)
    return {"site": row.operator, "auditors": row.firm}.get(side or "")


def candidates(held: Held) -> tuple[Person, ...]:
    """Give the people of operator and firm, of whom one may be given a role, in order of name."""
    sides = {side_organisation(held.row, role) for role in roles_to_give(held)} - {None}
    found = Person.objects.filter(is_active=True, roles__organisation__in=sides).distinct()
    return tuple(found.order_by("last_name", "first_name", "username"))


def reminders_of(row: Engagement, *, only_to: Person | None) -> QuerySet[SentReminder]:
    """Give the reminders that were mailed, newest first: to one person, or (None) to everybody."""
    rows = row.reminders.select_related("person")
    return rows if only_to is None else rows.filter(person=only_to)


def scope(row: Engagement) -> tuple[ScopeUnit, ...]:
    """Give the units in scope, in the order in which they were named."""
    return tuple(row.units.order_by("pk"))


def scope_seen(units: Iterable[ScopeUnit]) -> str:
    """Give a mark of a list of units, by which a writer shows what they saw."""
    text = "\n".join(f"{one.name}\t{one.kind}\t{one.note}" for one in units)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def proposals(row: Engagement) -> tuple[RelevanceProposal, ...]:
    """Give the chapters proposed as not relevant, in the order of their ids' numbers."""
    rows = row.proposals.select_related("proposed_by", "judged_by")
    return tuple(sorted(rows, key=lambda one: _numbers(one.chapter)))


def left_out(row: Engagement) -> tuple[str, ...]:
    """Give the chapters that are accepted as not relevant; all others are assessed."""
    accepted = RelevanceProposal.Judged.ACCEPTED
    return tuple(one.chapter for one in proposals(row) if one.judged == accepted)


def _numbers(chapter: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(part) if part.isdigit() else 0, part) for part in chapter.split("."))


def operators_of(person: Visitor) -> tuple[Organisation, ...]:
    """Give the operators for which a person opens engagements; for the secretariat every one."""
    operators = Organisation.objects.filter(kind=Organisation.Kind.OPERATOR).order_by("name")
    if not of_secretariat(person):
        operators = operators.filter(
            roles__person_id=person.pk or 0, roles__kind=PartyRole.Kind.SITE_USER
        ).distinct()
    return tuple(operators)


def sites_of(operators: Iterable[Organisation]) -> tuple[Site, ...]:
    """Give the sites that say that one of these operators runs them, in order of name."""
    wanted = Q(pk__in=[])
    for one in operators:
        wanted |= Q(operator=one.name, illustrative=one.illustrative)
    return tuple(Site.objects.filter(wanted).order_by("name"))


def editions_to_choose() -> tuple[Edition, ...]:
    """Give the editions that give levels, the newest of each standard in front."""
    found = [one for one in standards.editions() if gives_levels(one)]
    return tuple(sorted(found, key=lambda one: one.in_force_from, reverse=True))


def gives_levels(edition: Edition) -> bool:
    """Tell whether an engagement may be led under an edition."""
    return edition.kind == "assurance" and edition.requirements_complete


def firms_to_name(row: Engagement) -> tuple[Organisation, ...]:
    """Give the audit firms that may be named, in order of name; approval is checked when named."""
    firms = Organisation.objects.filter(
        kind=Organisation.Kind.FIRM, illustrative=row.site.illustrative
    )
    return tuple(firms.order_by("name"))

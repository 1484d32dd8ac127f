"""Reads about firms and their people. Approvals and suspensions are public, the rest is not.

People of a firm see their own firm, the secretariat sees all. For everybody else the rest is not
there (PARTY-001).
"""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from stannary.core import independence as core
from stannary.core.kernel import Finding, refuse
from stannary.core.standards import Edition
from stannary.web.independence import records, rules
from stannary.web.independence.models import (
    CompetenceRecord,
    DeclarationRecord,
    DeclarationRequest,
    FeeFigures,
    FirmApplication,
    FirmApproval,
    InterestRecord,
    PastLead,
    Suspension,
)
from stannary.web.parties.models import Organisation, Person, Role, Site
from stannary.web.parties.queries import Visitor, has_role
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.standards import queries as standards

T = TypeVar("T")
LARGEST_ID = 2**63 - 1


def is_secretariat(person: Visitor) -> bool:
    """Tell whether somebody acts for the secretariat of a scheme."""
    return has_role(person, Role.Kind.SECRETARIAT)


def must_be_secretariat(person: Visitor) -> None:
    """Let only the secretariat pass.

    Raises:
        RefusalError: PARTY-001 for everybody else.
    """
    if not is_secretariat(person):
        refuse(IS_THERE_FOR_YOU, asked_for="role")


def acts_for(person: Visitor, firm: Organisation) -> bool:
    """Tell whether somebody acts for a firm."""
    return has_role(person, Role.Kind.AUDITOR, firm)


def firm(slug: str) -> Organisation:
    """Give an audit firm; that it is here is public.

    Raises:
        RefusalError: PARTY-001 if there is none.
    """
    found = Organisation.objects.filter(slug=slug, kind=Organisation.Kind.FIRM).first()
    if found is None:
        refuse(IS_THERE_FOR_YOU, asked_for="firm")
    return found


def must_see_firm(person: Visitor, those: Organisation) -> None:
    """Let the firm's people and the secretariat pass.

    Raises:
        RefusalError: PARTY-001 for everybody else.
    """
    if not acts_for(person, those) and not is_secretariat(person):
        refuse(IS_THERE_FOR_YOU, asked_for="firm")


def firms_of(person: Visitor) -> tuple[Organisation, ...]:
    """Give the firms for which somebody acts, by name."""
    if not person.is_authenticated or not person.is_active:
        return ()
    roles = Role.objects.filter(person_id=person.pk, kind=Role.Kind.AUDITOR)
    found = roles.filter(organisation__kind=Organisation.Kind.FIRM).select_related("organisation")
    return tuple(one.organisation for one in found.order_by("organisation__name"))


def standards_here() -> dict[str, str]:
    """Give "publisher/standard" to title of every standard that is loaded here, by id."""
    found: dict[str, str] = {}
    for edition in standards.editions():  # a newer edition comes later and gives its title
        found[f"{edition.publisher}/{edition.standard}"] = edition.title
    return found


def approvals() -> QuerySet[FirmApproval]:
    """Give approvals with their firms, ends and suspensions: two queries."""
    suspended = Suspension.objects.select_related("end")
    return FirmApproval.objects.select_related("firm", "end").prefetch_related(
        Prefetch("suspensions", queryset=suspended)
    )


def _one(row: T | None, asked_for: str) -> T:
    if row is None:
        refuse(IS_THERE_FOR_YOU, asked_for=asked_for)
    return row


def application(*, actor: Visitor, application_id: int, to_change: bool = False) -> FirmApplication:
    """Give an application to the secretariat.

    Raises:
        RefusalError: PARTY-001 if there is none, or the actor is of no secretariat.
    """
    must_be_secretariat(actor)
    rows = FirmApplication.objects.select_related("firm", "submitted_by")
    rows = rows.select_for_update(of=("self",)) if to_change else rows
    return _one(rows.filter(pk=min(application_id, LARGEST_ID)).first(), "application")


def approval(*, actor: Visitor, approval_id: int, to_change: bool = False) -> FirmApproval:
    """Give an approval to the secretariat.

    Raises:
        RefusalError: PARTY-001 if there is none, or the actor is of no secretariat.
    """
    must_be_secretariat(actor)
    rows = approvals().select_for_update(of=("self",)) if to_change else approvals()
    return _one(rows.filter(pk=min(approval_id, LARGEST_ID)).first(), "approval")


def suspension(*, actor: Visitor, suspension_id: int) -> Suspension:
    """Give a suspension to the secretariat, and keep others from ending it meanwhile.

    Raises:
        RefusalError: PARTY-001 if there is none, or the actor is of no secretariat.
    """
    must_be_secretariat(actor)
    rows = Suspension.objects.select_related("approval__firm").select_for_update(of=("self",))
    return _one(rows.filter(pk=min(suspension_id, LARGEST_ID)).first(), "suspension")


def competence(*, actor: Visitor, competence_id: int) -> CompetenceRecord:
    """Give a competence to the secretariat, and keep others from taking it back meanwhile.

    Raises:
        RefusalError: PARTY-001 if there is none, or the actor is of no secretariat.
    """
    must_be_secretariat(actor)
    rows = CompetenceRecord.objects.select_related("person").select_for_update(of=("self",))
    return _one(rows.filter(pk=min(competence_id, LARGEST_ID)).first(), "competence")


def interest(*, actor: Visitor, interest_id: int, to_change: bool = False) -> InterestRecord:
    """Give a declared interest to the secretariat; to change it, others wait meanwhile.

    Raises:
        RefusalError: PARTY-001 if there is none, or the actor is of no secretariat.
    """
    must_be_secretariat(actor)
    rows = InterestRecord.objects.select_related("declaration__person", "operator")
    rows = rows.select_for_update(of=("self",)) if to_change else rows
    return _one(rows.filter(pk=min(interest_id, LARGEST_ID)).first(), "interest")


def auditor(*, actor: Visitor, person_id: int) -> Person:
    """Give somebody who audits for a firm, to the secretariat.

    Raises:
        RefusalError: PARTY-001 if there is none, or the actor is of no secretariat.
    """
    must_be_secretariat(actor)
    rows = Person.objects.filter(roles__kind=Role.Kind.AUDITOR, pk=min(person_id, LARGEST_ID))
    return _one(rows.first(), "person")


def people_of(those: Organisation) -> QuerySet[Person]:
    """Give the auditors of a firm, by name."""
    found = Role.objects.filter(organisation=those, kind=Role.Kind.AUDITOR).values("person")
    return Person.objects.filter(pk__in=found).order_by("last_name", "first_name", "username")


def competences(people: Iterable[Person]) -> QuerySet[CompetenceRecord]:
    """Give the competences of people that were not taken back, by person and kind."""
    return CompetenceRecord.objects.filter(
        person__in=list(people), withdrawal__isnull=True
    ).order_by("person_id", "kind", "-until", "id")


def declarations(people: Iterable[Person], engagement_id: UUID) -> QuerySet[DeclarationRecord]:
    """Give what people declared for an engagement, newest first: two queries."""
    interests = InterestRecord.objects.select_related("operator", "clearing")
    return (
        DeclarationRecord.objects.filter(person__in=list(people), engagement_id=engagement_id)
        .order_by("-made_at", "-id")
        .prefetch_related(Prefetch("interests", queryset=interests))
    )


def requests(people: Iterable[Person]) -> list[tuple[DeclarationRequest, DeclarationRecord | None]]:
    """Give what people were asked to declare, each with the newest declaration, newest first."""
    those = list(
        DeclarationRequest.objects.filter(person__in=list(people))
        .select_related("person", "site", "operator")
        .order_by("-asked_at", "-id")
    )
    made: dict[tuple[int, UUID], DeclarationRecord] = {}
    rows = DeclarationRecord.objects.filter(engagement_id__in={one.engagement_id for one in those})
    for row in rows.order_by("made_at", "id"):
        made[row.person_id, row.engagement_id] = row
    return [(one, made.get((one.person_id, one.engagement_id))) for one in those]


def request_of(*, actor: Visitor, engagement_id: UUID) -> DeclarationRequest:
    """Give what somebody was asked to declare.

    Raises:
        RefusalError: PARTY-001 if they were not asked.
    """
    rows = DeclarationRequest.objects.filter(person_id=actor.pk or 0, engagement_id=engagement_id)
    return _one(rows.select_related("site", "operator", "person").first(), "declaration")


def open_interests() -> QuerySet[InterestRecord]:
    """Give interests of the newest declarations that were not cleared, newest first."""
    newer = DeclarationRecord.objects.filter(
        person=OuterRef("declaration__person"),
        engagement_id=OuterRef("declaration__engagement_id"),
        pk__gt=OuterRef("declaration"),
    )
    return (
        InterestRecord.objects.filter(~Exists(newer), clearing__isnull=True)
        .select_related("declaration__person", "operator")
        .order_by("-declaration__made_at", "id")
    )


def operator_of(site: Site) -> Organisation | None:
    """Give the organisation that operates a site, known by its name; None: not recorded here."""
    return Organisation.objects.filter(
        name=site.operator, kind=Organisation.Kind.OPERATOR, illustrative=site.illustrative
    ).first()


def materials_of(site: Site) -> tuple[str, ...]:
    """Give the materials of a site and of its units in scope, in order."""
    units = site.units.filter(in_scope=True).values_list("materials", flat=True)
    return tuple(sorted({key for keys in (site.materials, *units) for key in keys.split()}))


def _auditors(
    people: Collection[Person], engagement_id: UUID, past: Iterable[PastLead]
) -> dict[int, core.AuditorRecord]:
    """Gather what is known of people, by their key: three queries."""
    competent: dict[int, list[CompetenceRecord]] = {person.pk: [] for person in people}
    declared: dict[int, list[DeclarationRecord]] = {person.pk: [] for person in people}
    for row in competences(people):
        competent[row.person_id].append(row)
    for made in declarations(people, engagement_id):
        declared[made.person_id].append(made)
    return {
        person.pk: records.auditor(
            person,
            competent[person.pk],
            declared[person.pk],
            [one for one in past if one.person_id == person.pk],
        )
        for person in people
    }


def assignment_for(
    *,
    engagement_id: UUID,
    edition: Edition,
    firm: Organisation,
    operator: Organisation,
    site: Site,
    team: Sequence[tuple[Person, core.TeamRole]],
    full_audit: bool,
    on: datetime.date,
) -> tuple[core.Assignment, tuple[core.FirmApproval, ...]]:
    """Gather all that speaks for or against a team: eight queries, however large it is.

    Args:
        engagement_id: For which declarations count.
        edition: Its constants are the limits.
        firm: That audits.
        operator: Of the site.
        site: Its country, its materials and those of its units in scope count.
        team: Who does what; who has two roles is there twice.
        full_audit: False for a surveillance audit.
        on: The day; later audits do not count.

    Returns:
        What `core.check_assignment` takes.
    """
    people = {person.pk: person for person, _role in team}
    past = list(
        PastLead.objects.filter(site=site, ended_on__lte=on)
        .select_related("site")
        .order_by("ended_on", "id")
    )
    figures = FeeFigures.objects.filter(firm=firm, operator=operator)
    found = _auditors(people.values(), engagement_id, past)
    assignment = core.Assignment(
        engagement=str(engagement_id),
        edition=edition,
        firm=firm.slug,
        operator=operator.slug,
        site=site.slug,
        country=site.country,
        materials=materials_of(site),
        team=tuple(core.TeamMember(role, found[person.pk]) for person, role in team),
        fees=records.fees(list(figures.order_by("-year_ended_on", "-recorded_at", "-id")), on),
        full_audit=full_audit,
        past_leads=tuple(str(one.person_id) for one in past),
    )
    return assignment, tuple(map(records.approval, approvals().filter(firm=firm)))


def check(
    *,
    engagement_id: UUID,
    edition: Edition,
    firm: Organisation,
    operator: Organisation,
    site: Site,
    team: Sequence[tuple[Person, core.TeamRole]],
    full_audit: bool,
    on: datetime.date,
) -> tuple[Finding, ...]:
    """Check a team on a day: every finding, in the order of the rules.

    `core.blocking` keeps those that block; the others say which limit the standard leaves open.
    """
    assignment, approved = assignment_for(
        engagement_id=engagement_id,
        edition=edition,
        firm=firm,
        operator=operator,
        site=site,
        team=team,
        full_audit=full_audit,
        on=on,
    )
    return core.check_assignment(assignment, approved, on=on)


@dataclass(frozen=True, slots=True)
class Checked:
    """A team that was checked, with what the secretariat sees of it."""

    findings: tuple[Finding, ...]
    assignment: core.Assignment

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """What blocks it."""
        return core.blocking(self.findings)

    @property
    def open_limits(self) -> tuple[Finding, ...]:
        """The limits that were not checked, because the standard leaves them open."""
        return tuple(one for one in self.findings if one not in self.blocking)


def checked(
    *,
    actor: Visitor,
    engagement_id: UUID,
    edition: Edition,
    firm: Organisation,
    site: Site,
    team: Sequence[tuple[Person, core.TeamRole]],
    full_audit: bool,
    on: datetime.date,
) -> Checked:
    """Check a team for the secretariat; the operator is the one that the site names.

    Raises:
        RefusalError: PARTY-001 if the actor is of no secretariat. INDEPENDENCE-031 if the operator
            is not recorded here, or only one of site and firm is made up.
    """
    must_be_secretariat(actor)
    operator = operator_of(site)
    if operator is None or site.illustrative != firm.illustrative:
        refuse(
            rules.OPERATOR_IS_KNOWN, site=site.name, operator=site.operator or "-", firm=firm.name
        )
    assignment, approved = assignment_for(
        engagement_id=engagement_id,
        edition=edition,
        firm=firm,
        operator=operator,
        site=site,
        team=team,
        full_audit=full_audit,
        on=on,
    )
    return Checked(core.check_assignment(assignment, approved, on=on), assignment)

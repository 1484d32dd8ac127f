"""People and engagements: in every role, in every state."""

import datetime
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import pytest

from stannary.core.cycle import STEPS, Act, ActKind, Facts, Role, State
from stannary.core.independence import (
    Assignment,
    AuditorRecord,
    Declaration,
    FirmApproval,
    TeamMember,
    TeamRole,
)
from stannary.core.standards import Edition
from stannary.web.cycle import facts, operations, records
from stannary.web.cycle.facts import Asked, Assigned, Rated, Reported
from stannary.web.cycle.models import ActRecord, Engagement, Member
from stannary.web.parties.models import Organisation, Person, Site
from stannary.web.parties.models import Role as PartyRole

START = datetime.date(2026, 1, 5)
AT = datetime.datetime(2026, 1, 5, 9, tzinfo=datetime.UTC)
VISIT = datetime.date(2026, 3, 2)


@cache
def path_to(state: State) -> tuple[ActKind, ...]:
    """Give the shortest way of acts from the beginning to a state, that core would perform."""
    if state is State.EXPIRED:
        return (*path_to(State.PUBLISHED), ActKind.EXPIRE)
    waiting: deque[tuple[State, tuple[ActKind, ...]]] = deque([(State.SELF_ASSESSMENT, ())])
    seen = {State.SELF_ASSESSMENT}
    while waiting:
        here, path = waiting.popleft()
        if here is state:
            return path
        for kind, step in STEPS.items():
            if here in step.sources and step.target and step.target not in seen:
                seen.add(step.target)
                waiting.append((step.target, (*path, kind)))
    return path_to(State.PUBLISHED)  # level pending: see `put_in`


def put_in(row: Engagement, state: State, *, by: Person) -> Engagement:
    """Bring an engagement into a state by storing the acts that lead there, all of one day."""
    ActRecord.objects.bulk_create(
        records.record(
            row,
            Act(
                id=str(number),
                kind=kind,
                role=min(STEPS[kind].roles),
                by=str(by.pk),
                on=START,
                reason="made up for a test",
                until=VISIT if kind is ActKind.ANNOUNCE_VISIT else None,
                level_pending=kind is ActKind.PUBLISH and state is State.LEVEL_PENDING,
            ),
            by=by.pk,
            at=AT,
            facts=Facts(),
        )
        for number, kind in enumerate(path_to(state), 1)
    )
    if any(kind is ActKind.NAME_FIRM for kind in path_to(state)):
        Engagement.objects.filter(pk=row.pk).update(
            firm=Organisation.objects.get(slug="example-assurance")
        )
    operations.rebuild()
    row.refresh_from_db()
    assert row.state == state
    return row


@dataclass
class World:
    """What apps above tell; tests change one thing."""

    unanswered: tuple[str, ...] | None = ()
    unrated: tuple[str, ...] | None = ()
    report: str = "r-1"
    level_pending: bool = False
    known: bool = True

    def assigned(self, asked: Asked) -> Assigned:
        if not self.known:
            return Assigned()
        team = tuple(
            TeamMember(
                TeamRole(role),
                AuditorRecord(
                    person=str(person.pk),
                    name=person.username,
                    declarations=(
                        Declaration(str(asked.engagement.pk), datetime.date(2026, 1, 1), ()),
                    ),
                ),
            )
            for person, role in asked.team
        )
        site = asked.engagement.site
        standard = asked.engagement.standard
        approval = FirmApproval(
            asked.firm.slug,
            standard,
            frozenset({"*"}),
            frozenset({"*"}),
            datetime.date(2020, 1, 1),
            None,
        )
        assignment = Assignment(
            engagement=str(asked.engagement.pk),
            edition=asked.edition,
            firm=asked.firm.slug,
            operator=asked.engagement.operator.slug,
            site=site.slug,
            country=site.country,
            materials=("lithium",),
            team=team,
            fees=None,
        )
        return Assigned(assignment, (approval,))


@pytest.fixture
def world() -> Iterator[World]:
    """Tell engagements what they need to know, until the test changes it."""
    said = World()
    with facts.told_by(
        unanswered=lambda _: said.unanswered,
        rated=lambda _: Rated(said.unrated),
        reported=lambda _: Reported(said.report, said.level_pending),
        released=lambda _: Reported(said.report, said.level_pending),
        assigned=said.assigned,
    ):
        yield said


@pytest.fixture
def operator(db: None) -> Organisation:
    return Organisation.objects.create(
        slug="example-minerals", name="Example Minerals", kind="operator", illustrative=True
    )


@pytest.fixture
def site(operator: Organisation, mine: Site) -> Site:
    """Give a mine that the operator runs."""
    mine.operator = operator.name
    mine.materials = "lithium"
    mine.save()
    return mine


def person(name: str, kind: str, organisation: Organisation) -> Person:
    made = Person.objects.create_user(name, password="long enough for tests")
    PartyRole.objects.create(person=made, organisation=organisation, kind=kind)
    return made


@pytest.fixture
def site_user(operator: Organisation) -> Person:
    return person("site-user", "site_user", operator)


@pytest.fixture
def reviewer(firm: Organisation) -> Person:
    return person("reviewer", "auditor", firm)


@pytest.fixture
def engagement(
    site_user: Person, site: Site, operator: Organisation, open_mining: Edition
) -> Engagement:
    """Open an engagement; nothing has happened in it."""
    return operations.open_engagement(
        actor=site_user, site=site, edition_id=open_mining.id, operator=operator, opened_at=AT
    )


@pytest.fixture
def cast(
    engagement: Engagement,
    site_user: Person,
    auditor: Person,
    colleague: Person,
    reviewer: Person,
    secretary: Person,
    outsider: Person,
    operator: Organisation,
    firm: Organisation,
) -> dict[Role | None, Person]:
    """Give somebody in every role of the engagement, and (None) an outsider."""
    found: dict[Role | None, Person] = {
        Role.SITE_USER: site_user,
        Role.RESPONDENT: person("respondent", "site_user", operator),
        Role.AUDITOR: colleague,
        Role.LEAD_AUDITOR: auditor,
        Role.REVIEWER: reviewer,
        Role.OBSERVER: Person.objects.create_user("observer"),
    }
    Member.objects.bulk_create(
        Member(engagement=engagement, person=one, role=role, added_by=site_user, added_at=AT)
        for role, one in found.items()
        if role is not Role.SITE_USER and role is not None
    )
    return {**found, Role.SECRETARIAT: secretary, None: outsider}


@pytest.fixture
def do(engagement: Engagement) -> Callable[..., ActRecord]:
    """Do an act on a day, having seen everything before it."""

    def act(kind: ActKind, by: Person, on: datetime.date = START, **said: object) -> ActRecord:
        return operations.act(
            actor=by,
            engagement_id=engagement.pk,
            kind=kind,
            expected_number=engagement.acts.count(),
            said=operations.Said(**said),  # type: ignore[arg-type]  # tests name the fields
            on=on,
            at=datetime.datetime.combine(on, datetime.time(9), datetime.UTC),
        )

    return act

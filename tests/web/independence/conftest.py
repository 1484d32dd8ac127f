"""A made-up firm that is approved, its team, a mine with its operator, and a standard with limits."""

import datetime
from collections.abc import Callable
from uuid import UUID

import pytest

from stannary.core.independence import TeamRole
from stannary.core.standards import Edition
from stannary.formats.canonical import sha256_hex
from stannary.formats.packs import find_shipped_pack, load_pack
from stannary.web.independence import operations
from stannary.web.independence.models import FirmApplication, FirmApproval
from stannary.web.independence.operations import Scope
from stannary.web.parties.models import Organisation, Person, Role, Site
from stannary.web.standards import queries as standards
from stannary.web.standards.models import EditionRecord
from stannary.web.standards.records import content_of

DAY = datetime.date(2026, 6, 1)
ONE = datetime.timedelta(days=1)
NOW = datetime.datetime(2026, 6, 1, 9, tzinfo=datetime.UTC)
ENGAGEMENT = UUID("5f9d3a52-77a5-4b8a-9c53-1f2f9a4f0a01")
STANDARD = "stannary/open-mining"
SCOPE = Scope((STANDARD,), ("IS", "IE"), ("lithium", "copper"))
ANYTHING = Scope((STANDARD,), ("*",), ("*",))
COMPETENT = {
    TeamRole.LEAD: ("standard_training", "lead_auditor", "interviewing"),
    TeamRole.AUDITOR: ("standard_training",),
    TeamRole.REVIEWER: ("standard_training", "reviewing"),
}
Team = tuple[tuple[Person, TeamRole], ...]


@pytest.fixture(scope="session")
def pack() -> tuple[str, str]:
    content = content_of(load_pack(find_shipped_pack("stannary/open-mining/1.0")))
    return content, sha256_hex(content.encode())


@pytest.fixture
def edition(db: None, pack: tuple[str, str]) -> Edition:
    """Store Open Mining 1.0, which has the limits, and give it."""
    EditionRecord.objects.create(
        edition_id="stannary/open-mining/1.0", content=pack[0], sha256=pack[1], loaded_at=NOW
    )
    return standards.edition("stannary/open-mining/1.0")


@pytest.fixture
def operator(db: None) -> Organisation:
    return Organisation.objects.create(
        slug="example-minerals", name="Example Minerals", kind="operator", illustrative=True
    )


@pytest.fixture
def site(operator: Organisation) -> Site:
    return Site.objects.create(
        slug="example-pit",
        name="Example Pit",
        illustrative=True,
        country="IS",
        materials="lithium",
        operator=operator.name,
    )


@pytest.fixture
def application(auditor: Person, firm: Organisation, edition: Edition) -> FirmApplication:
    """Give an application that waits."""
    return operations.apply_for_approval(
        actor=auditor, firm=firm, scope=SCOPE, statement="We have done it before.", at=NOW
    )


@pytest.fixture
def approval(secretary: Person, application: FirmApplication) -> FirmApproval:
    """Approve the firm for what it asked, for 60 days around the day."""
    (row,) = operations.grant_application(
        actor=secretary,
        application_id=application.pk,
        scope=SCOPE,
        since=DAY - 30 * ONE,
        until=DAY + 30 * ONE,
        at=NOW,
    )
    return row


@pytest.fixture
def hire(firm: Organisation) -> Callable[[str], Person]:
    """Make somebody who audits for the firm."""

    def make(name: str) -> Person:
        person = Person.objects.create_user(name, first_name=name.title())
        Role.objects.create(person=person, organisation=firm, kind="auditor")
        return person

    return make


@pytest.fixture
def team(hire: Callable[[str], Person], secretary: Person) -> Team:
    """Give a team with every competence that its roles need, each with a declaration."""
    names = (("ana", TeamRole.LEAD), ("ben", TeamRole.AUDITOR), ("chi", TeamRole.REVIEWER))
    found = []
    for name, role in names:
        person = hire(name)
        for kind in COMPETENT[role]:
            operations.record_competence(
                actor=secretary,
                person=person,
                kind=kind,
                since=DAY - 100 * ONE,
                until=DAY + 100 * ONE,
                source="Made up for a test.",
                at=NOW,
            )
        operations.declare_interests(actor=person, engagement_id=ENGAGEMENT, interests=(), at=NOW)
        found.append((person, role))
    return tuple(found)

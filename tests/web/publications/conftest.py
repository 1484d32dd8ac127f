"""An engagement whose audit is ready to be published, and what follows it."""

import datetime
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from stannary.core import publications
from stannary.core.assessments import Verdict, rating_sheet
from stannary.core.assessments.verdicts import Side
from stannary.core.cycle import ActKind, Role, State
from stannary.core.publications import SiteWord
from stannary.core.scores import score
from stannary.core.standards import Edition, Rating
from stannary.formats.canonical import sha256_hex
from stannary.formats.results import result_bytes
from stannary.web.assessments import demo_ratings
from stannary.web.assessments import operations as assessments
from stannary.web.assessments.models import Assessment, RatingRecord
from stannary.web.cycle import facts, operations
from stannary.web.cycle.facts import Rated
from stannary.web.cycle.models import Engagement, ScopeUnit
from stannary.web.parties.models import Organisation, Person, Site
from stannary.web.publications.models import PublishedResult
from stannary.web.publications.operations import publish
from web.cycle.conftest import (
    AT,
    World,
    cast,
    engagement,
    operator,
    put_in,
    reviewer,
    site,
    site_user,
)

__all__ = ["cast", "engagement", "operator", "reviewer", "site", "site_user"]
DAY = datetime.date(2026, 1, 5)
PENDING = "1.1.1.1"
"""A critical requirement: while it is pending, so is the level."""


def noon(day: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(f"{day}T12:00:00+00:00")


@dataclass
class Story:
    """An engagement with its people, and the acts that publish in it."""

    row: Engagement
    audit: Assessment
    people: dict[Role | None, Person]

    @property
    def state(self) -> str:
        self.row.refresh_from_db()
        return str(self.row.state)

    def act(self, kind: ActKind, by: Role, on: str) -> None:
        operations.act(
            actor=self.people[by],
            engagement_id=self.row.pk,
            kind=kind,
            expected_number=self.row.acts.count(),
            on=noon(on).date(),
            at=noon(on),
        )

    def rate(self, those: Assessment, name: str, rating: str, on: str) -> RatingRecord:
        """Rate one requirement as the lead auditor, having seen the newest verdict."""
        seen = those.ratings.filter(requirement_id=name).order_by("pk").last()
        return assessments.rate(
            actor=self.people[Role.LEAD_AUDITOR],
            assessment_id=those.pk,
            requirement_id=name,
            rating=rating,
            rationale="Seen at the second visit.",
            seen=seen.pk if seen else None,
            at=noon(on),
        )

    def publish(self, those: Assessment, on: str) -> PublishedResult:
        return publish(
            actor=self.people[Role.SECRETARIAT],
            assessment_id=those.pk,
            published_on=noon(on).date(),
            at=noon(on),
        )


@pytest.fixture
def story(
    engagement: Engagement,
    cast: dict[Role | None, Person],
    firm: Organisation,
    open_mining: Edition,
) -> Iterator[Story]:
    """Bring an engagement to where its audit is published, with one critical verdict pending."""
    put_in(engagement, State.READY, by=cast[Role.SECRETARIAT])
    ScopeUnit.objects.create(engagement=engagement, name="North pit", kind="pit")
    own = engagement.assessments.get()
    audit = assessments.open_engaged(engagement, Assessment.Kind.AUDIT, cast[Role.LEAD_AUDITOR], AT)
    ratings = demo_ratings.ratings(open_mining, demo_ratings.NORTH, host="pit")
    said = [one for one in ratings if one[0] != PENDING]
    for those, side, by in ((own, Side.SITE, Role.SITE_USER), (audit, Side.AUDITOR, Role.AUDITOR)):
        assessments.say_first(
            those,
            side,
            [
                assessments.First(name, rating, reason, cast[by].pk, AT)
                for name, rating, reason, _evidence in said
            ],
        )
    with facts.told_by(assigned=World().assigned, rated=lambda _: Rated(())):
        yield Story(engagement, audit, cast)


@pytest.fixture
def pending(story: Story) -> PublishedResult:
    """Publish the audit; its level stays pending."""
    return story.publish(story.audit, "2026-02-02")


@pytest.fixture
def settled(story: Story, pending: PublishedResult) -> PublishedResult:
    """Rate what was pending, and publish that."""
    story.rate(story.audit, PENDING, "fully", "2026-04-01")
    return story.publish(story.audit, "2026-04-02")


@pytest.fixture
def survey(story: Story) -> Callable[[str], Assessment]:
    """Begin a surveillance on a day and give its assessment."""

    def begin(on: str) -> Assessment:
        story.act(ActKind.BEGIN_SURVEILLANCE, Role.LEAD_AUDITOR, on)
        return story.row.assessments.filter(kind="surveillance").latest("pk")

    return begin


@pytest.fixture
def result_with(
    edition_with: Callable[[int], Edition], mine: Site, firm: Organisation, auditor: Person
) -> Callable[..., PublishedResult]:
    """Store a result with so many requirements, as publishing would; of form 1 without `about`."""

    def make(size: int, about: publications.About | None = None) -> PublishedResult:
        edition = edition_with(size)
        reason = "Seen in the files of the last three years and confirmed in interviews. " * 3
        sheet = rating_sheet(
            edition,
            [
                Verdict(one.id, Rating.SUBSTANTIALLY, reason, (f"https://a.example/{one.id}",))
                for one in edition.requirements
            ],
        )
        result_id = uuid.uuid4()
        content = result_bytes(
            publications.publish(
                result_id=result_id.urn,
                site_id=mine.slug,
                site_name=mine.name,
                illustrative=True,
                sheet=sheet,
                score=score(sheet, as_of=DAY),
                firm=firm.name,
                lead_auditor="auditor",
                published_on=DAY,
                pack_sha256="0" * 64,
                about=about,
                site={one.id: SiteWord(Rating.FULLY, reason) for one in edition.requirements},
            )
        )
        assessment = Assessment.objects.create(
            site=mine,
            edition_id=edition.id,
            pack_sha256="0" * 64,
            firm=firm,
            lead_auditor=auditor,
            opened_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
            state=Assessment.State.PUBLISHED,
            illustrative=True,
        )
        return PublishedResult.objects.create(
            result_id=result_id,
            assessment=assessment,
            site=mine,
            standard=edition.id,
            published_on=DAY,
            level="OPEN-75",
            level_state="determined",
            illustrative=True,
            content=content.decode(),
            sha256=sha256_hex(content),
            log_index=size,
        )

    return make

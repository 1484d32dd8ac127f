"""The illustrative firm, its three made-up mines and their assessments, by the same operations."""

import datetime
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from stannary.core.assessments.verdicts import Side
from stannary.web.assessments import demo_ratings, operations
from stannary.web.assessments.demo_ratings import Said
from stannary.web.assessments.models import Assessment
from stannary.web.cycle.models import Engagement
from stannary.web.parties import operations as parties
from stannary.web.parties.models import Organisation, Person, Role, Site
from stannary.web.standards import queries as standards

EDITION = "stannary/open-mining/0.1"
NEWER_EDITION = "stannary/open-mining/1.0"
FIRM = "Example Assurance"
OPENED_AT = datetime.datetime(2026, 1, 1, 9, 0, tzinfo=datetime.UTC)
CARRIED_AT = datetime.datetime(2026, 11, 2, 9, 0, tzinfo=datetime.UTC)
RATED_AT = datetime.datetime(2026, 1, 4, 16, 30, tzinfo=datetime.UTC)


class Mine(NamedTuple):
    """A made-up mine. Its place is a point in the open sea, so that nobody takes it for a real one."""

    slug: str
    name: str
    country: str
    latitude: str
    longitude: str
    said: Said


NORTH = Mine("example-north-mine", "Example North Mine", "IS", "61.0", "-32.0", demo_ratings.NORTH)
SOUTH = Mine(
    "example-south-mine", "Example South Mine", "NZ", "-47.0", "-150.0", demo_ratings.SOUTH
)
RIDGE = Mine("example-ridge", "Example Ridge", "IE", "46.0", "-28.0", demo_ratings.RIDGE)
MINES = (NORTH, SOUTH, RIDGE)


def load(*, auditor: Person, engaged: Collection[str] = ()) -> tuple[Assessment, ...]:
    """Make the mines and rate them; calling it again changes nothing.

    The assessments of the first two are complete and wait for their publication, which is the
    demonstration of the app above; the third is left a few ratings short of a level.

    Args:
        auditor: Who rates them.
        engaged: Short names of mines that are assessed in an engagement instead.
    """
    firm = parties.ensure_organisation(name=FIRM, kind=Organisation.Kind.FIRM, illustrative=True)
    parties.give_role(person=auditor, kind=Role.Kind.AUDITOR, organisation=firm)
    sites = [(mine, _site(firm, mine)) for mine in MINES]
    return tuple(
        _assessment(auditor, firm, mine, site) for mine, site in sites if mine.slug not in engaged
    )


def load_carried_over(*, auditor: Person) -> Assessment:
    """Carry the published answers of the second mine over to the newer edition, and leave them so.

    Calling it again changes nothing.
    """
    older = Assessment.objects.get(
        site__slug=SOUTH.slug, edition_id=EDITION, engagement__isnull=True
    )
    there = Assessment.objects.filter(carried_from=older).first()
    return there or operations.carry_over(
        actor=auditor, assessment_id=older.pk, edition_id=NEWER_EDITION, opened_at=CARRIED_AT
    )


def load_engaged(
    *, site_user: Person, auditor: Person, engagement: Engagement | None = None
) -> None:
    """Let the site and the auditors of the engaged mines say something; again it changes nothing.

    A site sees itself a little better than its auditors do. The published mine is rated in full,
    the other one is in stage 1 and rated for one chapter.

    Args:
        site_user: Who speaks for the sites.
        auditor: Who rates them.
        engagement: Only in this one; None: in all.
    """
    edition = standards.edition(EDITION)
    own = [(x.id, "fully", "As our files show.", "") for x in edition.requirements]
    rated = [
        (name, *demo_ratings.BEFORE_RULING.get(name, (rating, reason)), evidence)
        for name, rating, reason, evidence in demo_ratings.ratings(
            edition, demo_ratings.NORTH, host="north-mine"
        )
    ]
    found = Assessment.objects.filter(engagement__isnull=False, edition_id=EDITION)
    for those in found.filter(engagement=engagement) if engagement else found:
        if those.ratings.exclude(side=Side.FINAL).exists():
            continue
        said = own if those.kind == Assessment.Kind.SELF else rated
        if those.kind == Assessment.Kind.AUDIT and those.site.slug == RIDGE.slug:
            said = [one for one in rated if edition.requirement_by_id[one[0]].chapter == "1.1"]
        author = site_user if those.kind == Assessment.Kind.SELF else auditor
        side = Side.SITE if those.kind == Assessment.Kind.SELF else Side.AUDITOR
        at = those.opened_at + datetime.timedelta(days=7)
        first = [
            operations.First(name, rating, why, author.pk, at, evidence)
            for name, rating, why, evidence in said
        ]
        operations.say_first(those, side, first)


def _site(firm: Organisation, mine: Mine) -> Site:
    made_up = {"source": "Made up for the demonstration.", "mark": "own"}
    columns = {
        "country": mine.country,
        "country_mark": made_up["mark"],
        "materials": "lithium",
        "operator": "Example Minerals",
        "operator_source": made_up["source"],
        "operator_mark": made_up["mark"],
        "firm": firm.name,
        "firm_source": made_up["source"],
        "firm_mark": made_up["mark"],
        "standard": EDITION,
        "status": Site.Status.IN_PROCESS,
        "latitude": Decimal(mine.latitude),
        "longitude": Decimal(mine.longitude),
        "place_radius_km": 50,
        "place_source": "Made up for the demonstration: a point in the open sea.",
        "place_mark": made_up["mark"],
        "note": "This mine does not exist. It shows how an assessment, its result and its material look.",
    }
    return parties.ensure_illustrative_site(slug=mine.slug, name=mine.name, columns=columns)


def _assessment(auditor: Person, firm: Organisation, mine: Mine, site: Site) -> Assessment:
    there = Assessment.objects.filter(
        site=site, firm=firm, edition_id=EDITION, engagement__isnull=True
    ).first()
    if there is not None:
        return there
    made = operations.open_assessment(
        actor=auditor, site=site, edition_id=EDITION, firm=firm, opened_at=OPENED_AT
    )
    host = mine.slug.removeprefix("example-")
    changes = [
        operations.Change(name, rating, reason, evidence, seen=None)
        for name, rating, reason, evidence in demo_ratings.ratings(
            standards.edition(EDITION), mine.said, host=host
        )
    ]
    operations.rate_all(actor=auditor, assessment_id=made.pk, changes=changes, at=RATED_AT)
    return made

"""The results of the illustrative mines, published by the same operations as real ones."""

import datetime
import uuid
from collections.abc import Collection

from stannary.web.assessments import demo
from stannary.web.assessments import queries as assessments
from stannary.web.assessments.models import Assessment
from stannary.web.cycle.models import Engagement
from stannary.web.parties.models import Person, Site
from stannary.web.publications import operations
from stannary.web.publications.models import PublishedResult
from stannary.web.publications.operations import Corrected

PUBLISHED_ON = datetime.date(2026, 1, 5)
CORRECTED_ON = datetime.date(2026, 2, 16)
RESULTS = {
    demo.NORTH.slug: uuid.UUID("6f0b7e2a-5d57-4c0f-9d5e-0a1f4f5c2b01"),
    demo.SOUTH.slug: uuid.UUID("6f0b7e2a-5d57-4c0f-9d5e-0a1f4f5c2b02"),
}
CORRECTION = uuid.UUID("6f0b7e2a-5d57-4c0f-9d5e-0a1f4f5c2b03")
"""The ids stay the same on every machine, so that links to the demonstration do too."""

MISREAD = Corrected(
    "4.5.2.2",
    "partially",
    "Begun in two of five areas. The visit saw both; the report had taken the plan for the year "
    "after as all that there was.",
)
WHY = (
    "The lead auditor found that one verdict of the report rested on the wrong page of her notes. "
    "The firm asked for this correction; the level stays as it was."
)


def load(*, auditor: Person, engaged: Collection[str] = ()) -> tuple[PublishedResult, ...]:
    """Publish the two complete assessments; calling it again changes nothing.

    Args:
        auditor: Who rated them.
        engaged: Short names of mines that are published in an engagement instead.
    """
    published = []
    for made in demo.load(auditor=auditor, engaged=engaged):
        result_id = RESULTS.get(made.site.slug)
        if result_id is None:
            continue
        if made.state == Assessment.State.OPEN:
            operations.publish(
                actor=auditor,
                assessment_id=made.pk,
                published_on=PUBLISHED_ON,
                result_id=result_id,
            )
        published.append(PublishedResult.objects.get(result_id=result_id))
    return tuple(published)


def engaged() -> frozenset[str]:
    """Give the mines that are published in an engagement: none where they were published alone."""
    slug = demo.NORTH.slug
    alone = Assessment.objects.filter(site__slug=slug, engagement__isnull=True)
    return frozenset() if alone.exists() else frozenset({slug})


def publish(row: Engagement, at: datetime.datetime, *, by: Person) -> PublishedResult:
    """Publish the audit of an engagement under the id that the demonstration knows."""
    audit = assessments.audit(row)
    if audit is None:
        raise Site.DoesNotExist
    return operations.publish(
        actor=by,
        assessment_id=audit.pk,
        published_on=at.date(),
        result_id=RESULTS[row.site.slug],
        at=at,
    )


def correct(*, by: Person) -> None:
    """Correct one verdict of the engaged mine; calling it again changes nothing."""
    base = PublishedResult.objects.filter(
        result_id=RESULTS[demo.NORTH.slug], assessment__engagement__isnull=False
    ).first()
    if base is None or PublishedResult.objects.filter(corrects=base).exists():
        return
    operations.correct(
        actor=by,
        base_id=base.result_id,
        reason=WHY,
        verdicts=[MISREAD],
        published_on=CORRECTED_ON,
        result_id=CORRECTION,
        at=datetime.datetime.combine(CORRECTED_ON, datetime.time(9, 30), datetime.UTC),
    )

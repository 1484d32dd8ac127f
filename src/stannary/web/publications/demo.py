"""The results of the illustrative mines, published by the same operation as real ones."""

import datetime
import uuid

from stannary.web.assessments import demo
from stannary.web.assessments.models import Assessment
from stannary.web.parties.models import Person
from stannary.web.publications import operations
from stannary.web.publications.models import PublishedResult

PUBLISHED_ON = datetime.date(2026, 1, 5)
RESULTS = {
    demo.NORTH.slug: uuid.UUID("6f0b7e2a-5d57-4c0f-9d5e-0a1f4f5c2b01"),
    demo.SOUTH.slug: uuid.UUID("6f0b7e2a-5d57-4c0f-9d5e-0a1f4f5c2b02"),
}
"""The ids stay the same on every machine, so that links to the demonstration do too."""


def load(*, auditor: Person) -> tuple[PublishedResult, ...]:
    """Publish the two complete assessments; calling it again changes nothing."""
    published = []
    for made in demo.load(auditor=auditor):
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

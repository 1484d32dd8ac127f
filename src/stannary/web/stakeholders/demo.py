"""Illustrative stakeholder input of the published illustrative mine, recorded as real input is."""

import datetime

from stannary.core.cycle import ActKind
from stannary.core.stakeholders import Disposition
from stannary.web.cycle.models import Engagement
from stannary.web.parties.models import Person
from stannary.web.stakeholders.operations import Said, decide_input, record_input

ENTRIES = (
    (
        Said(
            group="workers",
            channel="group_interview",
            people=14,
            topic="Dust at the crusher on dry days; masks are there, and are changed too rarely.",
            said_from="2025-09-02",
            said_until="2025-09-03",
            requirements=("3.2.2.1",),
        ),
        Disposition.VERDICT,
        "Records of dust and of masks were looked at; the verdict says what they show.",
    ),
    (
        Said(
            group="communities",
            channel="meeting",
            people=31,
            topic="Two of the quarterly meetings of the last year did not take place.",
            said_from="2025-09-04",
            requirements=("1.2.2.1",),
        ),
        Disposition.FINDING,
        "The minutes confirm it, and a finding was raised.",
    ),
    (
        Said(
            group="contractors",
            channel="interview",
            people=2,
            topic="Drivers wait for hours at the gate without being paid for it.",
            said_from="2025-09",
        ),
        Disposition.PASSED_ON,
        "It concerns pay that is owed; the complaints procedure has it, as those who spoke wished.",
    ),
    (
        Said(
            group="authorities",
            channel="letter",
            topic="The inspectorate has no open case about the tailings facility.",
            said_from="2025-08",
            requirements=("4.1.2.1",),
        ),
        Disposition.LOOKED_INTO,
        "The register of the inspectorate says the same.",
    ),
)
"""What was said, what became of it, and why."""


def record_all(row: Engagement, kind: ActKind, day: datetime.date, lead: Person) -> None:
    """Record what was said once the visit is over, in the published mine's engagement alone."""
    if kind is not ActKind.FINISH_STAGE_2 or row.site.slug != "example-north-mine":
        return
    at = datetime.datetime.combine(day, datetime.time(15), datetime.UTC)
    for said, disposition, reason in ENTRIES:
        made = record_input(actor=lead, engagement_id=row.pk, said=said, at=at)
        decide_input(
            actor=lead,
            engagement_id=row.pk,
            number=made.number,
            disposition=disposition,
            reason=reason,
            seen=0,
            at=at,
        )

"""Illustrative findings of the published illustrative mine, raised and corrected as real ones are.

One is closed, one waits for a plan, and of one the day has passed.
"""

import datetime
from collections.abc import Mapping

from stannary.core.corrections import Grade, NoteKind
from stannary.core.cycle import ActKind, Role
from stannary.web.corrections.models import FindingRecord
from stannary.web.corrections.operations import Said, raise_finding, take_step
from stannary.web.cycle.models import Engagement
from stannary.web.parties.models import Person

RAISED = (
    (
        "1.5.1.3",
        Grade.MINOR,
        "Nothing was shown that meets this, and the site agrees.",
    ),
    (
        "1.2.2.1",
        Grade.MINOR,
        "Of the samples below the site, one quarter's were late; the reason was not recorded.",
    ),
    (
        "2.3.1.1",
        Grade.MINOR,
        "The plan is sound on paper. On the ground it had been carried out in one of three areas.",
    ),
)
"""Requirement, grade and text, in the order in which they were raised."""

OPEN, CLOSED, LATE = 1, 2, 3
SITE, LEAD, REVIEWER = Role.SITE_USER, Role.LEAD_AUDITOR, Role.REVIEWER


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


STEPS = (
    (
        CLOSED,
        NoteKind.PLAN,
        SITE,
        "2025-11-10",
        Said(
            root_cause="The laboratory changed, and nobody watched its days of delivery.",
            action="A calendar of deliveries is kept, with an alarm a week before each.",
            owner="Environment manager",
            due=_day("2026-03-31"),
        ),
    ),
    (
        LATE,
        NoteKind.PLAN,
        SITE,
        "2025-11-10",
        Said(
            root_cause="The crew of the plant was counted on, and was needed elsewhere.",
            action="The two areas that are left are done by a crew of their own.",
            owner="Site manager",
            due=_day("2026-06-30"),
        ),
    ),
    (CLOSED, NoteKind.HAND_IN, SITE, "2026-02-16", Said("Four quarters are there, on their days.")),
    (
        CLOSED,
        NoteKind.PROPOSE,
        LEAD,
        "2026-03-02",
        Said("Calendar and deliveries agree for all four quarters."),
    ),
    (CLOSED, NoteKind.CLOSE, REVIEWER, "2026-03-09", Said("The record shows it.")),
)
"""Finding, step, by whom, when, and what was said; evidence is added where it is handed in."""


def raise_all(row: Engagement, kind: ActKind, day: datetime.date, lead: Person) -> None:
    """Raise the findings once the visit is over, in the published mine's engagement alone."""
    if kind is not ActKind.FINISH_STAGE_2 or row.site.slug != "example-north-mine":
        return
    for requirement, grade, text in RAISED:
        raise_finding(
            actor=lead,
            engagement_id=row.pk,
            requirement=requirement,
            grade=grade,
            text=text,
            on=day,
            at=_at(day),
        )


def load(row: Engagement, *, people: Mapping[Role, Person]) -> None:
    """Correct them; calling it again changes nothing."""
    found = {one.number: one for one in FindingRecord.objects.filter(engagement=row)}
    if set(found) != {OPEN, CLOSED, LATE} or found[CLOSED].steps.exists():
        return
    item = row.evidence.filter(visibility="public", twin_of=None).order_by("at")[0].item
    for number, kind, role, text, said in STEPS:
        day = _day(text)
        handed_in = Said(said.text, evidence=(item,)) if kind is NoteKind.HAND_IN else said
        take_step(
            actor=people[role],
            engagement_id=row.pk,
            number=number,
            kind=kind,
            seen=found[number].steps.count(),
            said=handed_in,
            on=day,
            at=_at(day),
        )


def _at(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(9, 30), datetime.UTC)

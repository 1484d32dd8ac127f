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
from stannary.web.evidence.operations import Given, hand_in
from stannary.web.parties.models import Person

RAISED = (
    (
        "1.5.1.3",
        Grade.MINOR,
        "The owners behind two of the five companies that hold the mine are not named.",
    ),
    (
        "1.2.2.1",
        Grade.MINOR,
        "Two of the four meetings of the year before the visit did not take place.",
    ),
    (
        "2.3.1.1",
        Grade.MINOR,
        "In two of three settlements support was asked for by the staff of the site alone.",
    ),
)
"""Requirement, grade and text, in the order in which they were raised."""

MINUTES = """Illustrative: Example Minerals and its neighbours are made up.
Meeting,People,Topic
2025-04-28,31,water
2025-07-21,27,dust
2025-10-20,35,roads
2026-02-02,29,water
"""

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
            root_cause="Whoever called the meetings left, and nobody took the calendar over.",
            action="The days of all four meetings are set in January and announced in both villages.",
            owner="Community office",
            due=_day("2026-03-31"),
        ),
    ),
    (
        LATE,
        NoteKind.PLAN,
        SITE,
        "2025-11-10",
        Said(
            root_cause="No mediator was found for the two settlements that are farthest away.",
            action="A mediator who works for neither side visits both settlements.",
            owner="Site manager",
            due=_day("2026-06-30"),
        ),
    ),
    (CLOSED, NoteKind.HAND_IN, SITE, "2026-02-16", Said("Minutes of the last four meetings.")),
    (
        CLOSED,
        NoteKind.PROPOSE,
        LEAD,
        "2026-03-02",
        Said("Calendar and minutes agree for all four meetings."),
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
    item = hand_in(
        actor=people[SITE],
        engagement_id=row.pk,
        given=Given(
            title="Minutes of four meetings, names taken out",
            covers_from="2025-04",
            covers_until="2026-02",
            requirements=("1.2.2.1",),
            visibility="public",
            content=MINUTES.encode(),
            name="minutes.csv",
        ),
        at=_at(_day("2026-02-16")),
    ).item
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

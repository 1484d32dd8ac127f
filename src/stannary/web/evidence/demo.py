"""Illustrative evidence of the two illustrative engagements, handed in as real evidence is."""

import datetime
from collections.abc import Sequence

from stannary.web.cycle.models import Engagement
from stannary.web.evidence.operations import Given, hand_in, hand_in_twin, revise
from stannary.web.parties.models import Person

REPORT = """Illustrative: Example Minerals and its sites are made up.
Quarter,Samples,Above limit
1,52,0
2,52,0
3,51,{third}
4,52,0
"""
PAYROLL = """Illustrative: Example Minerals and its people are made up.
Name,Hours a week,Paid above the legal wage
{name},42,yes
"""


def load(engagements: Sequence[Engagement], *, site_user: Person) -> None:
    """Hand in some evidence in each engagement; calling it again changes nothing."""
    for row in engagements:
        if not row.evidence.exists():
            _load(row, site_user)


def _load(row: Engagement, actor: Person) -> None:
    at = row.opened_at + datetime.timedelta(days=1)
    year = str(row.opened_at.year - 1)
    water = hand_in(
        actor=actor,
        engagement_id=row.pk,
        given=_text("Water samples below the site", year, REPORT.format(third=0), "public"),
        at=at,
    )
    revise(
        actor=actor,
        engagement_id=row.pk,
        item_id=water.item,
        previous=water.pk,
        given=_text("Water samples below the site", year, REPORT.format(third=1), "public"),
        at=at + datetime.timedelta(days=9),
    )
    payroll = hand_in(
        actor=actor,
        engagement_id=row.pk,
        given=_text("Payroll", year, PAYROLL.format(name="Ana Example"), "confidential"),
        at=at,
    )
    hand_in_twin(
        actor=actor,
        engagement_id=row.pk,
        original_id=payroll.item,
        given=_text("Payroll, names taken out", year, PAYROLL.format(name="—"), "public"),
        at=at,
    )


def _text(title: str, year: str, text: str, visibility: str) -> Given:
    return Given(
        title=title,
        covers_from=f"{year}-01",
        covers_until=f"{year}-12",
        requirements=("1.1.1.1", "1.1.2.1") if title.startswith("Water") else ("1.1.1.1",),
        visibility=visibility,
        content=text.encode(),
        name="table.csv",
    )

"""What everybody may know of a site's engagements: facts, from the announcement on."""

import datetime
from dataclasses import dataclass

from stannary.core.cycle import ENDED, Act, ActKind, State, last
from stannary.web.cycle import records
from stannary.web.cycle.models import Engagement
from stannary.web.parties.models import Site
from stannary.web.standards import queries as standards


@dataclass(frozen=True, slots=True)
class Announced:
    """An engagement as the public sees it on a day.

    Attributes:
        standard: The edition's short title.
        firm: Name of the audit firm.
        state: On that day; `words.PUBLIC` says it.
        announced_on: First day on which it was public.
        visit_on: First day of the site visit, once that is announced.
        published_on: When the report became public; None: not yet.
        ended_on: When it was withdrawn, expired or was followed by another.
    """

    standard: str
    firm: str
    state: State
    announced_on: datetime.date
    visit_on: datetime.date | None
    published_on: datetime.date | None
    ended_on: datetime.date | None


def announced(site: Site, *, on: datetime.date) -> tuple[Announced, ...]:
    """Give the engagements of a site that had been announced by a day, newest first."""
    rows = Engagement.objects.filter(
        site=site, acts__kind=ActKind.ANNOUNCE, acts__on__lte=on
    ).select_related("firm")
    return tuple(_announced(row, on) for row in rows.prefetch_related("acts"))


def _announced(row: Engagement, on: datetime.date) -> Announced:
    acts: tuple[Act, ...] = tuple(records.act_of(one) for one in row.acts.all() if one.on <= on)
    edition = standards.edition(row.edition_id)
    core = records.engagement(edition, acts)
    visit = last(acts, ActKind.ANNOUNCE_VISIT)
    published = last(acts, ActKind.PUBLISH)
    return Announced(
        standard=edition.short_title,
        firm=row.firm.name if row.firm else "",
        state=core.state,
        announced_on=next(act.on for act in acts if act.kind is ActKind.ANNOUNCE),
        visit_on=visit.until if visit else None,
        published_on=published.on if published else None,
        ended_on=acts[-1].on if core.state in ENDED else None,
    )

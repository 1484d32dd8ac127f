"""Who may read what stakeholders said: every check is made here, by core's table alone.

The audit team and its reviewer read everything. Everybody else in the engagement reads nothing
before the report is published, and then no more than what is published with it.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from stannary.core.cycle import Action, ActKind, last
from stannary.core.kernel import InvariantError, refuse
from stannary.core.publications import PublishedInput
from stannary.core.stakeholders import (
    PublicEntry,
    check_published,
    publish_entry,
    smallest_group,
)
from stannary.core.standards import Edition
from stannary.web.cycle import queries as cycle
from stannary.web.cycle.models import Engagement
from stannary.web.cycle.queries import Held
from stannary.web.parties.models import Person
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.stakeholders import records
from stannary.web.stakeholders.models import InputDecision, InputRecord
from stannary.web.standards import queries as standards


@dataclass(frozen=True, slots=True)
class Heard:
    """An entry as the audit team has it.

    Attributes:
        row: As it was recorded.
        decisions: What became of it, oldest first; the last one counts.
        replaced_by: Number of the entry that corrects it; None: it stands.
    """

    row: InputRecord
    decisions: tuple[InputDecision, ...]
    replaced_by: int | None

    @property
    def decision(self) -> InputDecision | None:
        """The decision that counts."""
        return self.decisions[-1] if self.decisions else None


@dataclass(frozen=True, slots=True)
class Input:
    """What was said in an engagement, as far as somebody may read it.

    Attributes:
        held: The engagement, as they have it before them.
        entries: For the audit team, by number; empty for everybody else.
        public: What is or will be published, by number.
        reads_all: Whether the person is of the audit team.
    """

    held: Held
    entries: tuple[Heard, ...]
    public: tuple[PublicEntry, ...]
    reads_all: bool

    def one(self, number: int) -> Heard:
        """Give one entry to the audit team.

        Raises:
            RefusalError: PARTY-001 if there is no such entry for the person.
        """
        found = next((one for one in self.entries if one.row.number == number), None)
        if found is None:
            refuse(IS_THERE_FOR_YOU, entry=str(number)[:40])
        return found


def stakeholder_input(*, actor: Person, engagement_id: UUID, on: datetime.date) -> Input:
    """Give what was said in an engagement, as far as somebody may read it.

    Args:
        actor: Who reads.
        engagement_id: Which engagement.
        on: The day; what was published counts as of the day on which it was.

    Raises:
        RefusalError: PARTY-001 if the engagement is not there for the actor; ENGAGEMENT-001 or 002
            if they are in it and may not read this, in this state or at all.
    """
    held = cycle.engagement(actor=actor, engagement_id=engagement_id)
    if not held.may(Action.READ_INPUT):
        cycle.engagement(
            actor=actor, engagement_id=engagement_id, action=Action.READ_PUBLISHED_INPUT
        )
    return of_held(held, on=on)


def of_held(held: Held, *, on: datetime.date) -> Input:
    """Give what was said in an engagement that is before somebody, as far as they may read it."""
    reads_all = held.may(Action.READ_INPUT)
    if not reads_all and not held.may(Action.READ_PUBLISHED_INPUT):
        return Input(held, (), (), reads_all)
    entries = _entries(held.row)
    published = last(held.core.acts, ActKind.PUBLISH)
    public = _public(entries, held.edition, published.on if published else on)
    return Input(held, entries if reads_all else (), public, reads_all)


def public_input(row: Engagement, *, on: datetime.date) -> tuple[PublishedInput, ...]:
    """Give what a public result of an engagement says of stakeholder input, by number.

    Args:
        row: The engagement.
        on: The day of publication.
    """
    return tuple(
        PublishedInput(
            id=one.id,
            group=one.group,
            channel=one.channel,
            people=one.people,
            topic=one.topic,
            requirements=one.requirements,
            disposition=f"{one.disposition}: {one.reason}" if one.disposition else "",
        )
        for one in _public(_entries(row), standards.edition(row.edition_id), on)
    )


def _entries(row: Engagement) -> tuple[Heard, ...]:
    rows = row.stakeholder_input.select_related("recorded_by").prefetch_related("decisions__by")
    found = list(rows.order_by("number"))
    corrected = {one.replaces_id: one.number for one in found if one.replaces_id}
    return tuple(Heard(one, tuple(one.decisions.all()), corrected.get(one.pk)) for one in found)


def _public(
    entries: Iterable[Heard], edition: Edition, day: datetime.date
) -> tuple[PublicEntry, ...]:
    """Give what is published: what stands and was not withdrawn, checked once more."""
    smallest = smallest_group(edition, day)
    found = []
    for one in entries:
        public = None
        if one.replaced_by is None:
            public = publish_entry(records.entry(one.row, one.decision), smallest=smallest)
        if public is None:
            continue
        if check_published(public, smallest=smallest):
            message = f"entry {public.id} was kept with what must not be published"
            raise InvariantError(message)
        found.append(public)
    return tuple(found)

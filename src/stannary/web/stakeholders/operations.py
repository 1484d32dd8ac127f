"""Recording what stakeholders said, and what becomes of it.

Rules: STAKEHOLDER-001 to STAKEHOLDER-008 (core), STAKEHOLDER-020 and 021, KERNEL-002; PARTY-001,
ENGAGEMENT-001 and 002 for rights.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from stannary.core.cycle import Action
from stannary.core.kernel import Finding, PartialDate, RefusalError, refuse
from stannary.core.stakeholders import Disposition, Entry, check_entry, decide
from stannary.core.standards import Edition
from stannary.web.cycle import queries as cycle
from stannary.web.cycle.records import tidy
from stannary.web.parties.models import Person
from stannary.web.stakeholders import queries, records, rules
from stannary.web.stakeholders.models import InputDecision, InputRecord

TOPIC_MAX = 10_000
"""Signs that are looked at; more than core allows is refused by core."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a group said, as it was written down.

    Attributes:
        group: Key of the group.
        channel: Key of how it was heard.
        topic: What was said.
        said_from: First day, month or year.
        said_until: Last one; empty: the same as the first.
        people: How many; None: nobody counted.
        requirements: Ids of those that it speaks of.
    """

    group: str
    channel: str
    topic: str
    said_from: str
    said_until: str = ""
    people: int | None = None
    requirements: Sequence[str] = ()


@transaction.atomic
def record_input(
    *,
    actor: Person,
    engagement_id: UUID,
    said: Said,
    replaces: int | None = None,
    at: datetime.datetime | None = None,
) -> InputRecord:
    """Record what a group said. This will record it, or nothing.

    Args:
        actor: Of the audit team, while the audit is under way.
        engagement_id: In which engagement.
        said: What was said.
        replaces: Number of the entry that this one corrects; None: it is a new one.
        at: When it was recorded; None: now.

    Raises:
        RefusalError: PARTY-001, ENGAGEMENT-001 and 002 as for every work. STAKEHOLDER-001 to 005,
            007 and KERNEL-002 together. STAKEHOLDER-021 if the entry was corrected already, or
            something became of it.
    """
    held = cycle.engagement_to_change(
        actor=actor, engagement_id=engagement_id, action=Action.RECORD_INPUT
    )
    moment = at or timezone.now()
    today = timezone.localdate(moment)
    found = queries.of_held(held, on=today)
    corrected = found.one(replaces) if replaces is not None else None
    if corrected is not None and (corrected.replaced_by or corrected.decisions):
        refuse(rules.ENTRY_IS_CORRECTED_ONCE, entry=str(replaces))
    entry = _checked(said, len(found.entries) + 1, held.edition, today)
    row = InputRecord(
        engagement=held.row,
        number=int(entry.id),
        group=entry.group,
        channel=entry.channel,
        people=entry.people,
        topic=entry.topic,
        requirements=list(entry.requirements),
        said_from=str(entry.said_from),
        said_until=str(entry.said_until),
        replaces=corrected.row if corrected else None,
        recorded_by=actor,
        at=moment,
    )
    row.save(force_insert=True)
    return row


def _checked(said: Said, number: int, edition: Edition, today: datetime.date) -> Entry:
    """Give the entry, or refuse it with everything that is wrong.

    A date that cannot be read stands in for itself by this year, so that the rest is told too.
    """
    found: list[Finding] = []
    period = []
    for text in (said.said_from, said.said_until or said.said_from):
        try:
            period.append(PartialDate.parse(tidy(text)[:40]))
        except RefusalError as refusal:
            found += [one for one in refusal.findings if one not in found]
    if found:
        period = [PartialDate(today.year)] * 2
    entry = Entry(
        id=str(number),
        group=said.group[:40],
        channel=said.channel[:40],
        people=said.people,
        topic=tidy(said.topic)[:TOPIC_MAX],
        requirements=tuple(dict.fromkeys(tidy(one)[:40] for one in said.requirements)),
        said_from=period[0],
        said_until=period[1],
    )
    found += check_entry(entry, edition, today=today)
    if found:
        raise RefusalError(*sorted(found, key=lambda one: one.code))
    return entry


@transaction.atomic
def decide_input(
    *,
    actor: Person,
    engagement_id: UUID,
    number: int,
    disposition: Disposition,
    reason: str,
    seen: int,
    at: datetime.datetime | None = None,
) -> InputDecision:
    """Say what becomes of an entry; what was said before stays, and the newest counts.

    Args:
        actor: Of the audit team, until the draft is reviewed.
        engagement_id: In which engagement.
        number: Of the entry.
        disposition: What becomes of it.
        reason: Why, in words that are published.
        seen: How many decisions the actor saw; with more there is a conflict.
        at: When; None: now.

    Raises:
        RefusalError: PARTY-001, ENGAGEMENT-001 and 002 as for every work, PARTY-001 also if there
            is no such entry. STAKEHOLDER-020 if others decided since the actor looked.
            STAKEHOLDER-006 and 007 for the reason, STAKEHOLDER-021 if the entry was corrected.
    """
    held = cycle.engagement_to_change(
        actor=actor, engagement_id=engagement_id, action=Action.DECIDE_INPUT
    )
    moment = at or timezone.now()
    heard = queries.of_held(held, on=timezone.localdate(moment)).one(number)
    if heard.replaced_by is not None:
        refuse(rules.ENTRY_IS_CORRECTED_ONCE, entry=str(number), by=str(heard.replaced_by))
    if seen != len(heard.decisions):
        facts = {"seen": str(seen), "there": str(len(heard.decisions))}
        if heard.decision:
            facts |= {"decided": heard.decision.disposition}
        raise RefusalError(Finding(rules.NEWEST_DECISION_WAS_SEEN, facts))
    text = tidy(reason)[:TOPIC_MAX]
    decide(records.entry(heard.row), disposition, text)
    row = InputDecision(
        entry=heard.row,
        number=len(heard.decisions) + 1,
        disposition=disposition,
        reason=text,
        by=actor,
        at=moment,
    )
    row.save(force_insert=True)
    return row

"""What communities, workers, authorities and others said in an audit, and what became of it.

An entry says which group spoke and never who: there is no field for a name. What is published is
less than what is kept: the number of a small group is left out, and so is when it spoke.

Rules: STAKEHOLDER-001 to STAKEHOLDER-008.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from stannary.core.kernel import DatedValue, Finding, Mark, Parameter, PartialDate, RefusalError
from stannary.core.stakeholders import rules
from stannary.core.standards import Edition

TEXT_MAX = 2_000


class Group(StrEnum):
    """Who spoke, as a group."""

    WORKERS = "workers"
    CONTRACTORS = "contractors"
    TRADE_UNIONS = "trade_unions"
    COMMUNITIES = "communities"
    INDIGENOUS_PEOPLES = "indigenous_peoples"
    AUTHORITIES = "authorities"
    NGOS = "ngos"
    OTHERS = "others"


class Channel(StrEnum):
    """How they were heard."""

    INTERVIEW = "interview"
    GROUP_INTERVIEW = "group_interview"
    MEETING = "meeting"
    LETTER = "letter"
    CALL = "call"
    ONLINE = "online"


class Disposition(StrEnum):
    """What became of what they said.

    VERDICT: it was weighed in a verdict. FINDING: a finding was raised. LOOKED_INTO: it was looked
    into, and nothing else showed it. PASSED_ON: it is a complaint, and its procedure has it.
    OUTSIDE: it is outside of what this audit looks at. WITHDRAWN: who said it took it back, or it
    would tell who spoke; it is not published.
    """

    VERDICT = "verdict"
    FINDING = "finding"
    LOOKED_INTO = "looked_into"
    PASSED_ON = "passed_on"
    OUTSIDE = "outside"
    WITHDRAWN = "withdrawn"


SMALLEST_GROUP = Parameter(
    name="stakeholder_smallest_group",
    unit="1",
    summary="Groups of fewer people than this are published without their number.",
    values=(
        DatedValue(
            value=5,
            source="Stannary, own choice, 2026",
            mark=Mark.OWN,
            as_of=datetime.date(2026, 11, 22),
        ),
    ),
)
"""What holds where the pack has no parameter of this name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a group said.

    Attributes:
        id: Its own.
        group: Key of `Group`.
        channel: Key of `Channel`.
        people: How many spoke; None where nobody counted.
        topic: What was said, in words that are published.
        requirements: That it speaks of; may be empty.
        said_from: First day, month or year.
        said_until: Last one.
        disposition: What became of it; None while nothing has.
        reason: Why, in words that are published.
    """

    id: str
    group: str
    channel: str
    people: int | None
    topic: str
    requirements: tuple[str, ...]
    said_from: PartialDate
    said_until: PartialDate
    disposition: Disposition | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PublicEntry:
    """What is published of an entry: no more than this.

    Attributes:
        id: Of the entry.
        group: Key of `Group`.
        channel: Key of `Channel`.
        people: How many; None where nobody counted, or they are few.
        topic: What was said.
        requirements: That it speaks of.
        disposition: Key of `Disposition`; empty while nothing became of it.
        reason: Why; empty with it.
    """

    id: str
    group: str
    channel: str
    people: int | None
    topic: str
    requirements: tuple[str, ...]
    disposition: str
    reason: str


_CONTACTS = (
    re.compile(r"[^\s@<>(),;:]+@[^\s@<>(),;:]+\.[^\W\d_]{2,}"),
    re.compile(r"(?:https?://|www\.|(?<!\w)@\w)\S*", re.IGNORECASE),
)
_NUMBER = re.compile(r"(?<![\w.,])(?:\+|\(\+?)?\d(?:[\s./()\u00a0\u2009\u202f-]{0,2}\d){6,}(?!\w)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:\s?[/-]\s?\d{4}-\d{2}-\d{2})?")


def contacts_in(text: str) -> tuple[str, ...]:
    """Find what leads to a person: e-mail addresses, addresses of pages, telephone numbers.

    A telephone number has seven digits or more, with blanks, dots, dashes or brackets between
    them. Days as "2026-05-04" and figures with commas as "1,250,000" are none; long figures that
    are written with points or blanks look like one, and are taken for one.

    Example:
        >>> contacts_in("Ask ana@example.org or +354 555 1234 before 2026-05-04.")
        ('ana@example.org', '+354 555 1234')
    """
    found = [one.group() for pattern in _CONTACTS for one in pattern.finditer(text)]
    without_days = _DAY.sub(" ", text)
    found += [one.group().strip() for one in _NUMBER.finditer(without_days)]
    return tuple(dict.fromkeys(found))


def check_entry(entry: Entry, edition: Edition, *, today: datetime.date) -> tuple[Finding, ...]:
    """Give everything that is wrong with an entry that somebody wants to keep.

    Args:
        entry: As it was written.
        edition: Under which the audit is.
        today: Nothing was said later.
    """
    return tuple(_wrong(entry, edition, today))


def _wrong(entry: Entry, edition: Edition, today: datetime.date) -> Iterator[Finding]:
    if entry.group not in set(Group) or entry.channel not in set(Channel):
        shown = {"group": entry.group[:40] or "none", "channel": entry.channel[:40] or "none"}
        yield Finding(rules.GROUP_AND_CHANNEL_ARE_KNOWN, shown)
    if not 0 < len(entry.topic.strip()) <= TEXT_MAX:
        yield Finding(rules.TOPIC_IS_WRITTEN, {"signs": str(len(entry.topic.strip()))})
    unknown = [one for one in entry.requirements if one not in edition.requirement_by_id]
    if unknown:
        yield Finding(rules.REQUIREMENTS_ARE_OF_THE_EDITION, {"unknown": ", ".join(unknown)[:200]})
    begins, ends = entry.said_from.first, entry.said_until.last
    if ends < begins or begins > today:
        shown = {"from": str(entry.said_from), "until": str(entry.said_until)}
        yield Finding(rules.PERIOD_IS_A_PERIOD, {**shown, "today": today.isoformat()})
    if entry.people is not None and entry.people < 1:
        yield Finding(rules.PEOPLE_ARE_COUNTED_FROM_ONE, {"people": str(entry.people)})
    yield from _no_contacts({"topic": entry.topic})


def decide(entry: Entry, disposition: Disposition, reason: str) -> Entry:
    """Say what became of an entry; whoever decides again replaces what was decided.

    Raises:
        RefusalError: STAKEHOLDER-006 without a reason, or with too long a one. STAKEHOLDER-007 if
            the reason leads to a person.
    """
    found = list(_no_contacts({"reason": reason}))
    if not 0 < len(reason.strip()) <= TEXT_MAX:
        facts = {"disposition": str(disposition), "signs": str(len(reason.strip()))}
        found.insert(0, Finding(rules.DISPOSITION_HAS_A_REASON, facts))
    if found:
        raise RefusalError(*found)
    return Entry(
        entry.id,
        entry.group,
        entry.channel,
        entry.people,
        entry.topic,
        entry.requirements,
        entry.said_from,
        entry.said_until,
        disposition,
        reason,
    )


def smallest_group(edition: Edition, day: datetime.date) -> int | None:
    """Give from how many people on a number is published; None: it is unknown, so never."""
    return edition.parameters.get(SMALLEST_GROUP.name, SMALLEST_GROUP).whole_on(day)


def publish_entry(entry: Entry, *, smallest: int | None) -> PublicEntry | None:
    """Give what is published of an entry; None: nothing, for it was withdrawn.

    Args:
        entry: As it is kept.
        smallest: From `smallest_group`.
    """
    if entry.disposition is Disposition.WITHDRAWN:
        return None
    is_small = smallest is None or entry.people is None or entry.people < smallest
    return PublicEntry(
        id=entry.id,
        group=entry.group,
        channel=entry.channel,
        people=None if is_small else entry.people,
        topic=entry.topic,
        requirements=entry.requirements,
        disposition=str(entry.disposition or ""),
        reason=entry.reason,
    )


def check_published(entry: PublicEntry, *, smallest: int | None) -> tuple[Finding, ...]:
    """Check something that is about to be published, wherever it comes from.

    It finds small numbers (STAKEHOLDER-008) and contacts (STAKEHOLDER-007).
    """
    found = list(_no_contacts({"topic": entry.topic, "reason": entry.reason}))
    if entry.people is not None and (smallest is None or entry.people < smallest):
        facts = {"people": str(entry.people), "smallest": str(smallest or "unknown")}
        found.append(Finding(rules.SMALL_GROUPS_SHOW_NO_NUMBER, facts))
    return tuple(found)


def _no_contacts(texts: dict[str, str]) -> Iterator[Finding]:
    for name, text in texts.items():
        there = contacts_in(text)
        if there:
            yield Finding(
                rules.NO_CONTACTS_ARE_PUBLISHED, {"text": name, "contacts": ", ".join(there)[:200]}
            )

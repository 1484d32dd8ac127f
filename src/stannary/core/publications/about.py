"""What a result says beside its verdicts and its score, since form 2.

What was assessed and by whom, when, what was left out and why, what stakeholders said, what is
being corrected, and which result was there before. Everything in it is public.
"""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from stannary.core.standards import Rating


class Kind(StrEnum):
    """Why a result was published.

    AUDIT: a full audit. SETTLEMENT: what an audit had left pending was rated. SURVEILLANCE: the
    audit between two full ones. CORRECTION: an earlier result said something wrong.
    """

    AUDIT = "audit"
    SURVEILLANCE = "surveillance"
    SETTLEMENT = "settlement"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class SiteWord:
    """How the site rated itself, shown beside the verdict; it never counts.

    Attributes:
        rating: One of the six.
        reason: Its own words; may be empty.
    """

    rating: Rating
    reason: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """That a ruling made the verdict what it is.

    Attributes:
        by: The role of who ruled: "reviewer".
        reason: Why; never empty.
    """

    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class ScopeUnit:
    """A part of the site that was assessed.

    Attributes:
        name: As the site calls it.
        kind: "pit", "underground", "plant", "tailings", …
    """

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What was assessed.

    Attributes:
        units: In the order in which the site named them.
        materials: Keys of materials, as "copper".
    """

    units: tuple[ScopeUnit, ...] = ()
    materials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Teammate:
    """Somebody who assessed or reviewed.

    Attributes:
        role: "lead_auditor", "auditor" or "reviewer".
        name: As it is public.
    """

    role: str
    name: str


@dataclass(frozen=True, slots=True)
class StepDates:
    """When a step of the engagement took place; both days are included.

    Attributes:
        step: "application", "stage_1", "stage_2", "draft", "surveillance", …
        began_on: First day; "from" in the file.
        ended_on: Last day, the same where it took one; "to" in the file.
    """

    step: str
    began_on: datetime.date
    ended_on: datetime.date


@dataclass(frozen=True, slots=True)
class ChapterLeftOut:
    """A chapter that was found not relevant at the site.

    Attributes:
        chapter: Id.
        title: As the edition words it.
        reason: Why; never empty.
    """

    chapter: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class PublishedInput:
    """What stakeholders said, without saying who, and what became of it.

    Attributes:
        id: Its own id.
        group: Which group they belong to: "workers", "community", …
        channel: How it came: "interview", "comment", …
        people: How many; None where it is not counted.
        topic: What it was about.
        requirements: Requirements that it speaks of.
        disposition: What became of it; empty while nothing has.
    """

    id: str
    group: str
    channel: str
    people: int | None
    topic: str
    requirements: tuple[str, ...]
    disposition: str


@dataclass(frozen=True, slots=True)
class PublishedAction:
    """A finding and what is done about it.

    Attributes:
        id: Its own id.
        requirement: That it is about.
        grade: "major", "minor" or "observation".
        finding: What was found.
        cause: Why it happened; empty while it is not known.
        plan: What is done; empty while nothing is planned.
        due: Last day; None where there is none.
        state: "open", "planned", "handed_in", "closed" or "effective".
        closed_on: None while it is open.
        verified_by: The role of who closed it; empty while it is open.
    """

    id: str
    requirement: str
    grade: str
    finding: str
    cause: str
    plan: str
    due: datetime.date | None
    state: str
    closed_on: datetime.date | None
    verified_by: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """The result before this one, of the same site and edition.

    Attributes:
        id: Its id.
        sha256: Its content hash, 64 hexadecimal digits.
    """

    id: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What a correction corrects.

    Attributes:
        reason: Why.
        changed: Keys of the form, and ids of requirements whose verdicts changed.
    """

    reason: str
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class About:
    """Everything that form 2 says and form 1 does not, but for what stands in verdicts.

    Attributes:
        kind: Why the result was published.
        engagement: Id of the engagement; empty for an assessment that stands alone.
        scope: What was assessed.
        team: Who assessed, the lead auditor first.
        dates: Steps of the engagement, in order.
        not_relevant_chapters: In the edition's order.
        stakeholder_input: In the order in which it came.
        corrective_actions: In the order in which they were found.
        earlier: The result before; None for the first.
        notice: With a correction alone.
    """

    kind: Kind
    engagement: str = ""
    scope: Scope = Scope()
    team: tuple[Teammate, ...] = ()
    dates: tuple[StepDates, ...] = ()
    not_relevant_chapters: tuple[ChapterLeftOut, ...] = ()
    stakeholder_input: tuple[PublishedInput, ...] = ()
    corrective_actions: tuple[PublishedAction, ...] = ()
    earlier: Earlier | None = None
    notice: Notice | None = None

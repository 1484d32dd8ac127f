"""What is known of an auditor: competences, interests, and audits of the past."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

SOON_DAYS = 90
"""Our own choice: time enough to find a training and take it."""


class Standing(StrEnum):
    """How a competence stands on a day."""

    NOT_YET = "not_yet"
    HOLDS = "holds"
    ENDS_SOON = "ends_soon"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Competence:
    """Something that a person is qualified for.

    Attributes:
        kind: As the pack names it: "lead_auditor", "standard_training", "tailings".
        since: First day.
        until: Last day, itself included; None: does not expire.
        source: Certificate or body that says so.
    """

    kind: str
    since: datetime.date
    until: datetime.date | None
    source: str = ""

    def on(self, day: datetime.date) -> bool:
        """Tell whether it holds on a day."""
        return self.since <= day and (self.until is None or day <= self.until)

    def standing(self, day: datetime.date) -> Standing:
        """Tell how it stands on a day; ENDS_SOON on the last `SOON_DAYS` days before its last."""
        if day < self.since:
            return Standing.NOT_YET
        if self.until is None:
            return Standing.HOLDS
        left = (self.until - day).days
        if left < 0:
            return Standing.EXPIRED
        return Standing.ENDS_SOON if left <= SOON_DAYS else Standing.HOLDS


@dataclass(frozen=True, slots=True)
class Interest:
    """A tie between a person and an operator.

    Attributes:
        operator: Id of the operator.
        kind: "employment", "advice", "shares", "family", "other".
        until: Last day of it; None: it goes on.
        note: What it was.
        cleared: Whether the secretariat judged that it does not stand in the way. It clears a
            conflict of interest, never a cooling-off period.
    """

    operator: str
    kind: str
    until: datetime.date | None
    note: str = ""
    cleared: bool = False


WORK = ("employment", "advice")
"""Kinds of interest that begin a cooling-off period when they end."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a person declared for one engagement; a later one takes the place of an earlier one."""

    engagement: str
    declared_on: datetime.date
    interests: tuple[Interest, ...]


@dataclass(frozen=True, slots=True)
class PastAudit:
    """A full audit that a person led.

    Attributes:
        site: Id of the site.
        ended_on: Last day of the site visit.
    """

    site: str
    ended_on: datetime.date


@dataclass(frozen=True, slots=True)
class AuditorRecord:
    """All that is known of an auditor.

    Attributes:
        person: Id.
        name: For messages.
        competences: In any order.
        declarations: In any order.
        led: Full audits that the person led, in any order.
    """

    person: str
    name: str
    competences: tuple[Competence, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    led: tuple[PastAudit, ...] = ()

    def has(self, kind: str, day: datetime.date) -> bool:
        """Tell whether the person has a competence on a day."""
        return any(one.kind == kind and one.on(day) for one in self.competences)

    def declaration(self, engagement: str, day: datetime.date) -> Declaration | None:
        """Give the last declaration for an engagement made on or before a day."""
        made = [
            one
            for one in self.declarations
            if one.engagement == engagement and one.declared_on <= day
        ]
        return max(made, key=lambda one: one.declared_on, default=None)

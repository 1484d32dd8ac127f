"""An achievement: a level that a site has reached, from when, until when, and what became of it.

A lot names the achievement of its mine by id. Whether it was in force on the day of production
decides what may be claimed.

Rules: ATTESTATION-001 to ATTESTATION-006.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from stannary.core.assessments import cycle_dates
from stannary.core.attestations import rules
from stannary.core.kernel import Finding, PartialDate, RefusalError, refuse
from stannary.core.publications import PublishedResult
from stannary.core.standards import Edition


class Status(StrEnum):
    """What an achievement is worth on a day."""

    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


_MAY_FOLLOW = {
    Status.IN_FORCE: (Status.SUSPENDED, Status.WITHDRAWN),
    Status.SUSPENDED: (Status.IN_FORCE, Status.WITHDRAWN),
    Status.WITHDRAWN: (),
}


@dataclass(frozen=True, slots=True)
class StatusChange:
    """An act that changes the status of an achievement.

    Attributes:
        on: First day on which the status holds.
        status: `SUSPENDED`, `WITHDRAWN`, or `IN_FORCE` again after a suspension.
        reason: Why, in words.
    """

    on: datetime.date
    status: Status
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Achievement:
    """A level that a site has reached.

    Attributes:
        id: Permanent; what lots name as their attestation.
        site: Id of the site.
        standard: Id of the edition.
        level: Code of the level.
        valid_from: First day in force.
        valid_until: First day no longer in force; None: no end is known.
        result_id: The published result that it rests on; None when that is not recorded here.
        status_changes: In the order in which they took effect.

    Raises:
        RefusalError: When built: ATTESTATION-003, ATTESTATION-005, ATTESTATION-006.
    """

    id: str
    site: str
    standard: str
    level: str
    valid_from: datetime.date
    valid_until: datetime.date | None
    result_id: str | None
    status_changes: tuple[StatusChange, ...] = ()

    def __post_init__(self) -> None:
        findings = tuple(_check(self))
        if findings:
            raise RefusalError(*findings)

    def status_on(self, day: datetime.date) -> Status:
        """Give the status on a day.

        A withdrawal holds from its day on, also past the end; otherwise the end comes first.

        Example:
            >>> day = datetime.date
            >>> had = Achievement("A1", "tarn-hill", "stannary/open-mining/0.1", "OPEN-75",
            ...                   day(2026, 3, 1), day(2029, 3, 1), None)
            >>> [str(had.status_on(on)) for on in (day(2026, 2, 28), day(2026, 3, 1), day(2029, 3, 1))]
            ['not_yet', 'in_force', 'expired']
        """
        if day < self.valid_from:
            return Status.NOT_YET
        past = [change.status for change in self.status_changes if change.on <= day]
        status = past[-1] if past else Status.IN_FORCE
        if status is Status.WITHDRAWN:
            return status
        if self.valid_until is not None and day >= self.valid_until:
            return Status.EXPIRED
        return status

    def level_on(self, day: datetime.date) -> str | None:
        """Give the code of the level on a day; None unless it is in force."""
        return self.level if self.status_on(day) is Status.IN_FORCE else None


def achievement_from_result(
    result: PublishedResult, edition: Edition, *, achievement_id: str | None = None
) -> Achievement:
    """Give a site the level that a published result states, from the day of its release.

    It ends when the next full audit is due: `reassessment_months` after the release of the
    audit's own result, as in force on that day; a settlement, a surveillance or a correction puts
    nothing off. Where the edition does not say that length, no end is known.

    Args:
        result: The published result.
        edition: The edition that it names.
        achievement_id: Permanent id; None: the result's id.

    Raises:
        RefusalError: ATTESTATION-001 if the level is pending or there is none, ATTESTATION-002 if
            the edition is another one or does not have the level, ATTESTATION-003 if the next full
            audit was due already, ATTESTATION-004 if the length is no month at all.
    """
    if result.standard != edition.id:
        refuse(rules.EDITION_IS_THE_RESULTS, result=result.standard[:80], edition=edition.id)
    level = result.level
    if result.level_state != "determined" or level is None:
        refuse(rules.LEVEL_NEEDS_A_RESULT, result=result.id[:200], state=result.level_state[:40])
    if level not in edition.level_by_code:
        refuse(rules.EDITION_IS_THE_RESULTS, level=level[:80], edition=edition.id)
    released_on = result.first_published_on
    dates = cycle_dates(edition, PartialDate(released_on.year, released_on.month, released_on.day))
    if dates.reassessment_due == released_on:
        refuse(rules.RESTS_ON_THE_CYCLE, edition=edition.id, months="0")
    return Achievement(
        id=result.id if achievement_id is None else achievement_id,
        site=result.site_id,
        standard=result.standard,
        level=level,
        valid_from=result.published_on,
        valid_until=dates.reassessment_due,
        result_id=result.id,
    )


def _check(achievement: Achievement) -> Iterator[Finding]:
    begin, end = achievement.valid_from, achievement.valid_until
    if end is not None and end <= begin:
        facts = {
            "achievement": achievement.id[:200],
            "valid_from": begin.isoformat(),
            "valid_until": end.isoformat(),
        }
        yield Finding(rules.ENDS_AFTER_IT_BEGINS, facts)
    for earlier, later in pairwise(achievement.status_changes):
        if later.on <= earlier.on:
            yield _out_of_order(achievement, later)
    for change in achievement.status_changes:
        if change.on < begin or (end is not None and change.on >= end):
            yield _out_of_order(achievement, change)
    status = Status.IN_FORCE
    for change in achievement.status_changes:
        if change.status not in _MAY_FOLLOW[status]:
            facts = {
                "achievement": achievement.id[:200],
                "on": change.on.isoformat(),
                "from": str(status),
                "to": str(change.status),
            }
            yield Finding(rules.CHANGES_FOLLOW_THE_STATUS, facts)
            return
        status = change.status


def _out_of_order(achievement: Achievement, change: StatusChange) -> Finding:
    facts = {"achievement": achievement.id[:200], "on": change.on.isoformat()}
    return Finding(rules.CHANGES_ARE_IN_ORDER, {**facts, "status": str(change.status)})

"""What a score says: shares, critical requirements, tests of the levels, the level, what is next."""

import datetime
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from stannary.core.kernel import Finding
from stannary.core.standards import Rating

LevelState = Literal["determined", "pending", "none"]
TestKind = Literal["principle_share", "critical_at_least", "all_at_least"]
TestOutcome = Literal["passed", "failed", "open"]


@dataclass(frozen=True, slots=True)
class Tally:
    """The points of one principle or chapter.

    Attributes:
        id: Of the principle or chapter.
        points: Points given to what is rated, 0 or more.
        possible: Points that it could have been given: the best rating for each.
        share: `points / possible`, 0 to 1; None when nothing is rated.
        rated: How many requirements carry points; neither pending nor not relevant ones.
        not_relevant: How many are not relevant.
        pending: How many are not rated yet.
    """

    id: str
    points: Fraction
    possible: Fraction
    share: Fraction | None
    rated: int
    not_relevant: int
    pending: int

    @property
    def relevant(self) -> int:
        """How many are relevant or may turn out to be: rated and pending."""
        return self.rated + self.pending


@dataclass(frozen=True, slots=True)
class CriticalTally:
    """How the critical requirements stand.

    Attributes:
        relevant: How many are rated or pending.
        at_least_substantially: How many are rated substantially or fully.
        fully: How many are rated fully.
        pending: How many are not rated yet.
        unmet: Ids of those rated below substantially, in the edition's order.
    """

    relevant: int
    at_least_substantially: int
    fully: int
    pending: int
    unmet: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LevelOutcome:
    """The level, or why there is none yet.

    Attributes:
        code: Of the level; None unless the state is determined.
        state: "determined"; "pending" when pending ratings can change it; "none" when there can
            be no level, whose reasons are the findings of the score.
        floor: While pending, the level that is certain whatever the pending ratings become; None
            when not even the lowest is.
        ceiling: While pending, the best level still possible.
    """

    code: str | None
    state: LevelState
    floor: str | None = None
    ceiling: str | None = None


@dataclass(frozen=True, slots=True)
class LevelTest:
    """One test of one level and how it came out.

    Attributes:
        level: Code of the level that makes the test.
        kind: What is compared.
        outcome: "passed" and "failed" hold whatever the pending ratings become; "open" depends
            on them.
        needed_share: Threshold, 0 to 1, itself included; None unless shares are compared.
        needed_rating: Worst rating allowed; None where shares are compared.
        principle: Whose share it is; empty where ratings are compared.
        low: The share if every pending requirement is not met.
        high: The share if every pending requirement is fully met.
        low_margin: Points above the threshold at `low`, itself 0; negative when points are missing.
        high_margin: The same at `high`.
        count: How many requirements are compared, pending ones included.
        below: Ids of those rated lower than needed, in the edition's order; pending ones not.
        pending: How many of them are not rated yet.
    """

    level: str
    kind: TestKind
    outcome: TestOutcome
    needed_share: Fraction | None = None
    needed_rating: Rating | None = None
    principle: str = ""
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)
    low_margin: Fraction = Fraction(0)
    high_margin: Fraction = Fraction(0)
    count: int = 0
    below: tuple[str, ...] = ()
    pending: int = 0


@dataclass(frozen=True, slots=True)
class NextLevel:
    """What stands between a site and the next level.

    Where points cannot tell two ratings apart, a level that asks for the better one may need
    more than the points named.

    Attributes:
        code: Of the level above the determined one, or above the floor while pending.
        points_needed: Principle and the smallest number of points that it lacks, more than 0, in
            the edition's order; a pending requirement counts as relevant with 0 points.
        critical_needed: Ids of relevant critical requirements, pending ones included, that are
            not rated as well as this level asks of them, in the edition's order.
    """

    code: str
    points_needed: tuple[tuple[str, Fraction], ...]
    critical_needed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """What the ratings of one site are worth under one edition on one day.

    Attributes:
        edition_id: "irma/mining/1.0".
        as_of: The day whose points and thresholds were used.
        level: The level, or why there is none.
        principles: In the edition's order.
        chapters: In the edition's order.
        critical: The critical requirements.
        next_level: What is next; None at the top and when there can be no level.
        findings: Reasons why there is no level, and what a reader must know of the one there is.
        tests: Every test of every level, lowest level first; empty when there can be no level.
    """

    edition_id: str
    as_of: datetime.date
    level: LevelOutcome
    principles: tuple[Tally, ...]
    chapters: tuple[Tally, ...]
    critical: CriticalTally
    next_level: NextLevel | None
    findings: tuple[Finding, ...]
    tests: tuple[LevelTest, ...] = ()

"""An edition of a standard: principles, chapters, requirements, rating scale, levels, parameters.

An edition is data. It is built by a reader of packs, checked once by `check_edition`, and
trusted from then on.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from stannary.core.kernel import Mark, Parameter, Place


class Rating(StrEnum):
    """What can be said of one requirement at one site.

    The first four carry points and are in order, best first. `NOT_RELEVANT` takes the
    requirement out of every count; `PENDING` says that it has not been rated yet.
    """

    FULLY = "fully"
    SUBSTANTIALLY = "substantially"
    PARTIALLY = "partially"
    NOT_MET = "not_met"
    NOT_RELEVANT = "not_relevant"
    PENDING = "pending"


SCORED = (Rating.FULLY, Rating.SUBSTANTIALLY, Rating.PARTIALLY, Rating.NOT_MET)
"""The ratings that carry points, best first."""


def at_least(rating: Rating, needed: Rating) -> bool:
    """Tell whether a scored rating is as good as the one needed.

    Example:
        >>> at_least(Rating.SUBSTANTIALLY, Rating.SUBSTANTIALLY), at_least(Rating.PARTIALLY, Rating.SUBSTANTIALLY)
        (True, False)
    """
    return SCORED.index(rating) <= SCORED.index(needed)


@dataclass(frozen=True, slots=True)
class Principle:
    """One of the pillars whose shares are compared with the thresholds."""

    id: str
    title: str
    source: str
    mark: Mark
    at: Place | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading inside a chapter."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A subject: its principle, and headings in order."""

    id: str
    principle: str
    title: str
    source: str
    mark: Mark
    sections: tuple[Section, ...] = ()
    at: Place | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """One demand that a site is rated against.

    Attributes:
        id: Four numbers "P.C.S.R".
        chapter: Id of its chapter "P.C".
        title: A short label.
        demand: What must be so; empty in an outline whose text may not be shipped.
        critical: Whether the scheme's board made it a critical requirement.
        applies: Under which condition it is relevant; empty means always.
        why: Why it matters.
        evidence: What typically shows it.
        interview: What an auditor may ask the people concerned; empty where nobody is to be asked.
        tags: Where else the subject is known, as "scheme:code" (STANDARD-018): "sdg:8.8",
            "ungp:17", "gistm:6", "untp:workplace-safety"; in the pack's order.
    """

    id: str
    chapter: str
    title: str
    demand: str
    critical: bool
    applies: str
    why: str
    evidence: str
    source: str
    mark: Mark
    interview: str = ""
    tags: tuple[str, ...] = ()
    at: Place | None = None

    @property
    def principle(self) -> str:
        """Id of its principle: the first number."""
        return self.id.partition(".")[0]

    @property
    def section(self) -> str:
        """Id of its section: the first three numbers."""
        return self.id.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class RatingDefinition:
    """A scored rating with its name and points."""

    rating: Rating
    title: str
    points: Parameter
    at: Place | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """An achievement level and its tests; a test that is None is not made.

    Attributes:
        code: Permanent: "OPEN-75".
        title: For people: "Open 75".
        summary: What it means, in a sentence.
        min_principle_share: Share that each principle must reach, 0 to 1, itself included.
        critical_at_least: The worst rating that a relevant critical requirement may have.
        all_at_least: The worst rating that any relevant requirement may have.
    """

    code: str
    title: str
    summary: str
    min_principle_share: Parameter | None
    critical_at_least: Parameter | None
    all_at_least: Parameter | None
    at: Place | None = None


@dataclass(frozen=True, slots=True)
class ClaimWording:
    """Words that a custody pack allows for a claim, and when.

    Attributes:
        code: Permanent: "SHARE-AT-LEVEL".
        models: Chain of custody models under which it may be used.
        min_share: Smallest share for which the words are allowed.
        words: Language to text with the placeholders {share} {element} {lot} {level}; words about what a
            site blended have {entity} {facility} {material} {first_day} {last_day} instead of {lot}.
    """

    code: str
    title: str
    models: tuple[str, ...]
    min_share: Parameter
    words: Mapping[str, str]
    at: Place | None = None

    @property
    def is_of_site(self) -> bool:
        """Whether they speak of what a site blended in a period, and of no lot."""
        return any("{facility}" in text for text in self.words.values())


@dataclass(frozen=True, slots=True)
class Translation:
    """What a pack says in another language; a missing text falls back to the original.

    Attributes:
        requirement_of: Requirement to the digest of the original that its translation was made
            from (`source_digest`); one that differs from today's is stale.
    """

    language: str
    title: str
    summary: str
    principles: Mapping[str, str]
    chapters: Mapping[str, str]
    requirement_titles: Mapping[str, str]
    requirement_demands: Mapping[str, str]
    level_titles: Mapping[str, str]
    level_summaries: Mapping[str, str]
    rating_titles: Mapping[str, str]
    sections: Mapping[str, str] = field(default_factory=dict)
    requirement_of: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Edition:
    """One edition of one standard.

    Attributes:
        kind: "assurance" (scores sites) or "custody" (rules for material and claims).
        requirements_complete: False for an outline, which cannot give a level.
        texts: "full" or "outline".
        levels: Lowest first.
        ratings: Best first.
    """

    kind: str
    publisher: str
    standard: str
    edition: str
    title: str
    short_title: str
    summary: str
    language: str
    licence: str
    in_force_from: datetime.date
    requirements_complete: bool
    texts: str
    principles: tuple[Principle, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    ratings: tuple[RatingDefinition, ...] = ()
    levels: tuple[Level, ...] = ()
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    claims: tuple[ClaimWording, ...] = ()
    translations: Mapping[str, Translation] = field(default_factory=dict)
    at: Place | None = None

    @property
    def id(self) -> str:
        """Publisher, standard and edition: "irma/mining/1.0"."""
        return f"{self.publisher}/{self.standard}/{self.edition}"

    @cached_property
    def requirement_by_id(self) -> Mapping[str, Requirement]:
        """Requirements by id."""
        return {requirement.id: requirement for requirement in self.requirements}

    @cached_property
    def chapter_by_id(self) -> Mapping[str, Chapter]:
        """Chapters by id."""
        return {chapter.id: chapter for chapter in self.chapters}

    @cached_property
    def level_by_code(self) -> Mapping[str, Level]:
        """Levels by code."""
        return {level.code: level for level in self.levels}

    @cached_property
    def requirements_by_chapter(self) -> Mapping[str, tuple[Requirement, ...]]:
        """Requirements of each chapter, in order; a chapter without any has an empty entry."""
        found: dict[str, list[Requirement]] = {chapter.id: [] for chapter in self.chapters}
        for requirement in self.requirements:
            found.setdefault(requirement.chapter, []).append(requirement)
        return {chapter: tuple(those) for chapter, those in found.items()}

    def rank(self, level_code: str) -> int:
        """Place of a level, 0 for the lowest; -1 for a code that is not a level here."""
        return (
            list(self.level_by_code).index(level_code) if level_code in self.level_by_code else -1
        )

    def points_on(self, day: datetime.date) -> Mapping[Rating, Fraction]:
        """Points of each scored rating on a day; a rating whose points are unknown is left out."""
        points = {}
        for definition in self.ratings:
            value = definition.points.fraction_on(day)
            if value is not None:
                points[definition.rating] = value
        return points

"""A crosswalk: judgements on pairs of clauses of two standards.

That nobody has looked at a pair and that somebody has looked and found nothing are different
facts; only the second is written down, as the relation none.

Rules: CROSSWALK-001 to CROSSWALK-006.
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from stannary.core.crosswalks import rules
from stannary.core.kernel import Finding, Mark, Place, share_text
from stannary.core.standards import Edition


class Relation(StrEnum):
    """How the demand of the first clause stands to that of the second.

    EQUAL: both ask the same. SUBSET: the first asks a part of the second. SUPERSET: the first
    asks all of the second, and more. INTERSECTS: each asks something that the other does not.
    NONE: examined, and nothing in common.
    """

    EQUAL = "equal"
    SUBSET = "subset"
    SUPERSET = "superset"
    INTERSECTS = "intersects"
    NONE = "none"


WHOLE = (Relation.EQUAL, Relation.SUPERSET)
"""Relations under which whoever meets the first clause meets the second."""

TURNED = {
    Relation.EQUAL: Relation.EQUAL,
    Relation.SUBSET: Relation.SUPERSET,
    Relation.SUPERSET: Relation.SUBSET,
    Relation.INTERSECTS: Relation.INTERSECTS,
    Relation.NONE: Relation.NONE,
}
"""The same relation seen from the other side."""


@dataclass(frozen=True, slots=True)
class Link:
    """One judgement.

    Attributes:
        first: Id of a clause (chapter, section or requirement) of the first edition; empty when
            the second clause was examined against all of the first edition and has no counterpart.
        second: Id of a clause of the second edition; empty in the mirrored case.
        relation: How the first stands to the second.
        coverage: Which share of the second's demand evidence for the first shows, 0 to 1, both
            included.
        coverage_back: Which share of the first's demand evidence for the second shows; None when
            the judgement holds forward only.
        reason: Why, in a sentence or two.
        reviewer: Who judged.
        reviewed_on: When.
    """

    first: str
    second: str
    relation: Relation
    coverage: Fraction
    coverage_back: Fraction | None
    reason: str
    reviewer: str
    reviewed_on: datetime.date
    at: Place | None = None

    @property
    def direction(self) -> str:
        """Which way evidence may be used: "forward" or "both"."""
        return "forward" if self.coverage_back is None else "both"

    @property
    def finds_nothing(self) -> bool:
        """Whether somebody looked and found nothing in common."""
        return self.relation is Relation.NONE

    def turned(self) -> "Link | None":
        """Give the judgement seen from the other side; None when it holds forward only."""
        back = self.coverage_back
        if back is None:
            return None
        return Link(
            first=self.second,
            second=self.first,
            relation=TURNED[self.relation],
            coverage=back,
            coverage_back=self.coverage,
            reason=self.reason,
            reviewer=self.reviewer,
            reviewed_on=self.reviewed_on,
            at=self.at,
        )


@dataclass(frozen=True)
class Crosswalk:
    """Judgements on how two editions stand to each other.

    Attributes:
        first: Id of the first edition.
        second: Id of the second.
        title: For people.
        summary: What it is for and how it was made.
        language: Of title, summary and reasons (BCP 47); "und" where nobody said.
        licence: Under which the judgements may be used.
        source: Who made it.
        mark: How sure we are of it.
        links: The judgements.
    """

    first: str
    second: str
    title: str
    summary: str
    language: str
    licence: str
    source: str
    mark: Mark
    links: tuple[Link, ...]
    at: Place | None = None

    @cached_property
    def onto_second(self) -> dict[str, tuple[Link, ...]]:
        """Judgements by clause of the second edition; "" for first clauses without counterpart."""
        found: dict[str, list[Link]] = {}
        for link in self.links:
            found.setdefault(link.second, []).append(link)
        return {name: tuple(those) for name, those in found.items()}

    def turned(self) -> "Crosswalk":
        """Give the crosswalk from the second edition to the first; forward-only links are left."""
        back = [link.turned() for link in self.links]
        return Crosswalk(
            first=self.second,
            second=self.first,
            title=self.title,
            summary=self.summary,
            language=self.language,
            licence=self.licence,
            source=self.source,
            mark=self.mark,
            links=tuple(link for link in back if link is not None),
            at=self.at,
        )


def clause_ids(edition: Edition) -> frozenset[str]:
    """Give the ids of everything that a crosswalk may name: chapters, sections, requirements."""
    return frozenset(requirements_under(edition))


def requirements_under(edition: Edition) -> Mapping[str, tuple[str, ...]]:
    """Give the ids of the requirements that each clause stands for, in the edition's order.

    A requirement stands for itself, a section or a chapter for those in it; an outline may have
    chapters and sections without any.
    """
    found: dict[str, list[str]] = {}
    for chapter in edition.chapters:
        found[chapter.id] = []
        found.update({section.id: [] for section in chapter.sections})
    for requirement in edition.requirements:
        for clause in (requirement.chapter, requirement.section, requirement.id):
            found.setdefault(clause, []).append(requirement.id)
    return {clause: tuple(those) for clause, those in found.items()}


def check_crosswalk(crosswalk: Crosswalk, first: Edition, second: Edition) -> tuple[Finding, ...]:
    """Check a crosswalk against its two editions and return every finding, by code."""
    found = [
        *_clauses(crosswalk, first, second),
        *_pairs(crosswalk),
        *(finding for link in crosswalk.links for finding in _judgement(link)),
        *_alone(crosswalk),
    ]
    return tuple(sorted(found, key=lambda finding: finding.code))


def _clauses(crosswalk: Crosswalk, first: Edition, second: Edition) -> Iterator[Finding]:
    rule = rules.CLAUSES_ARE_THERE
    for named, edition in ((crosswalk.first, first), (crosswalk.second, second)):
        if named != edition.id:
            yield Finding(rule, {"edition": named[:80], "is": edition.id}, crosswalk.at)
    if first.id == second.id:
        yield Finding(rule, {"first": first.id, "second": second.id}, crosswalk.at)
    known_first, known_second = clause_ids(first), clause_ids(second)
    for link in crosswalk.links:
        for name, known, edition in (
            (link.first, known_first, first),
            (link.second, known_second, second),
        ):
            if name and name not in known:
                yield Finding(rule, {"clause": name[:40], "edition": edition.id}, link.at)


def _pairs(crosswalk: Crosswalk) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for link in crosswalk.links:
        pair = (link.first, link.second)
        if pair in seen:
            yield Finding(rules.PAIRS_ARE_JUDGED_ONCE, _named(link), link.at)
        seen.add(pair)


def _judgement(link: Link) -> Iterator[Finding]:
    pair = _named(link)
    facts = {**pair, "relation": str(link.relation)}
    if not _fits(link.relation, link.coverage):
        shown = {**facts, "coverage": share_text(link.coverage)}
        yield Finding(rules.COVERAGE_FITS_THE_RELATION, shown, link.at)
    back = link.coverage_back
    if back is not None and not _fits(TURNED[link.relation], back):
        shown = {**facts, "coverage_back": share_text(back)}
        yield Finding(rules.COVERAGE_FITS_THE_RELATION, shown, link.at)
    if back is None and link.finds_nothing:
        yield Finding(rules.DIRECTION_IS_JUDGED, {**facts, "missing": "coverage_back"}, link.at)
    if not link.reason.strip() or not link.reviewer.strip():
        missing = "reason" if not link.reason.strip() else "reviewer"
        yield Finding(rules.JUDGEMENTS_HAVE_AN_AUTHOR, {**pair, "missing": missing}, link.at)


def _named(link: Link) -> dict[str, str]:
    return {"first": link.first[:40] or "none", "second": link.second[:40] or "none"}


def _fits(relation: Relation, coverage: Fraction) -> bool:
    if relation in WHOLE:
        return coverage == 1
    if relation is Relation.NONE:
        return coverage == 0
    return 0 < coverage < 1


def _alone(crosswalk: Crosswalk) -> Iterator[Finding]:
    """CROSSWALK-006: an empty side means none, and what was found empty has no link inside it."""
    linked = _Linked()
    for link in crosswalk.links:
        if link.first and link.second and not link.finds_nothing:
            linked.add(link)
    for link in crosswalk.links:
        if linked.denies(link):
            facts = {**_named(link), "relation": str(link.relation)}
            yield Finding(rules.NONE_STANDS_ALONE, facts, link.at)


@dataclass(slots=True)
class _Linked:
    """What has something in common with the other side, in itself or in a part.

    Attributes:
        first, second: Clauses.
        pairs: Clauses that have it in common with each other.
        first_whole, second_whole: Clauses of which each part has it, for the whole is covered.
    """

    first: set[str] = field(default_factory=set)
    second: set[str] = field(default_factory=set)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    first_whole: set[str] = field(default_factory=set)
    second_whole: set[str] = field(default_factory=set)

    def add(self, link: Link) -> None:
        """Note a link between two clauses, and that it joins those around them."""
        self.first.update(around(link.first))
        self.second.update(around(link.second))
        self.pairs.update((a, b) for a in around(link.first) for b in around(link.second))
        if link.coverage == 1:
            self.second_whole.add(link.second)
        if link.coverage_back == 1:
            self.first_whole.add(link.first)

    def denies(self, link: Link) -> bool:
        """Whether a judgement says none where something is, or leaves a side empty without it."""
        if link.first and link.second:
            return link.finds_nothing and (link.first, link.second) in self.pairs
        if not link.finds_nothing or not (link.first or link.second):
            return True
        if link.first:
            return link.first in self.first or not self.first_whole.isdisjoint(around(link.first))
        return link.second in self.second or not self.second_whole.isdisjoint(around(link.second))


def around(clause: str) -> tuple[str, ...]:
    """Give a clause, then its section and its chapter where it is a part of them.

    Ids nest (STANDARD-004): a chapter has two numbers, a section three, a requirement four.

    Example:
        >>> around("1.2.3.4"), around("1.2")
        (('1.2.3.4', '1.2.3', '1.2'), ('1.2',))
    """
    parts = clause.split(".")
    return tuple(".".join(parts[:length]) for length in range(len(parts), 1, -1))

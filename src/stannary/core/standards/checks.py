"""Is an edition sound? All findings, in the order of the rules.

Rules: STANDARD-003 to STANDARD-010.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from stannary.core.kernel import Finding, Parameter, Place
from stannary.core.standards import rules
from stannary.core.standards.edition import SCORED, Edition, Level, Rating

_REQUIREMENT_ID = re.compile(r"[1-9]\d{0,2}(\.[1-9]\d{0,2}){3}")


def check_edition(edition: Edition) -> tuple[Finding, ...]:
    """Check an edition and return every finding; none means that it can be used.

    Thresholds and points are checked on every day on which one of them changes.
    """
    return tuple(finding for check in _CHECKS for finding in check(edition))


def _unique(edition: Edition) -> Iterator[Finding]:
    groups: tuple[tuple[str, list[tuple[str, Place | None]]], ...] = (
        ("principle", [(x.id, x.at) for x in edition.principles]),
        ("chapter", [(x.id, x.at) for x in edition.chapters]),
        ("requirement", [(x.id, x.at) for x in edition.requirements]),
        ("level", [(x.code, x.at) for x in edition.levels]),
        ("claim", [(x.code, x.at) for x in edition.claims]),
    )
    for kind, ids in groups:
        seen: set[str] = set()
        for name, at in ids:
            if name in seen:
                yield Finding(rules.IDS_ARE_UNIQUE, {"kind": kind, "id": name}, at)
            seen.add(name)


def _nesting(edition: Edition) -> Iterator[Finding]:
    for requirement in edition.requirements:
        nested = requirement.id.startswith(requirement.chapter + ".")
        if not _REQUIREMENT_ID.fullmatch(requirement.id) or not nested:
            facts = {"requirement": requirement.id, "chapter": requirement.chapter}
            yield Finding(rules.IDS_NEST, facts, requirement.at)


def _parents(edition: Edition) -> Iterator[Finding]:
    principles = {principle.id for principle in edition.principles}
    for chapter in edition.chapters:
        if chapter.principle not in principles or not chapter.id.startswith(
            chapter.principle + "."
        ):
            facts = {"chapter": chapter.id, "principle": chapter.principle}
            yield Finding(rules.PARENT_EXISTS, facts, chapter.at)


def _demands(edition: Edition) -> Iterator[Finding]:
    for requirement in edition.requirements:
        if edition.texts == "full" and not requirement.demand.strip():
            yield Finding(rules.DEMAND_IS_WRITTEN, {"requirement": requirement.id}, requirement.at)


def _scale(edition: Edition) -> Iterator[Finding]:
    if edition.kind != "assurance":
        return
    codes = tuple(definition.rating for definition in edition.ratings)
    if codes != SCORED:
        facts = {"ratings": ", ".join(codes) or "none"}
        yield Finding(rules.RATINGS_ARE_ORDERED, facts, edition.at)
        return
    for day in _days(edition):
        points = edition.points_on(day)
        known = [points[rating] for rating in SCORED if rating in points]
        if known != sorted(known, reverse=True) or (known and known[0] <= 0):
            facts = {"points": ", ".join(str(value) for value in known), "on": day.isoformat()}
            yield Finding(rules.RATINGS_ARE_ORDERED, facts, edition.ratings[0].at)


def _thresholds(edition: Edition) -> Iterator[Finding]:
    shares = [(level.min_principle_share, level.at) for level in edition.levels]
    shares += [(claim.min_share, claim.at) for claim in edition.claims]
    for share, at in shares:
        if share is None:
            continue
        for day in _days(edition):
            value = share.fraction_on(day)
            if value is not None and not 0 <= value <= 1:
                yield Finding(rules.SHARES_ARE_WITHIN_ONE, {"share": str(value)}, share.at or at)
                break


def _nested_levels(edition: Edition) -> Iterator[Finding]:
    for day in _days(edition):
        for lower, upper in zip(edition.levels, edition.levels[1:], strict=False):
            if any(
                low > up for low, up in zip(_tests(lower, day), _tests(upper, day), strict=True)
            ):
                facts = {"level": upper.code, "below": lower.code, "on": day.isoformat()}
                yield Finding(rules.LEVELS_ARE_NESTED, facts, upper.at)


def _tests(level: Level, day: datetime.date) -> tuple[Fraction, Fraction, Fraction]:
    """How strict each test of a level is, larger is stricter; a test not made is 0."""

    def severity(test: Parameter | None) -> Fraction:
        word = test.word_on(day) if test else None
        return Fraction(len(SCORED) - SCORED.index(Rating(word))) if word else Fraction(0)

    share = level.min_principle_share
    return (
        (share.fraction_on(day) if share else None) or Fraction(0),
        severity(level.critical_at_least),
        severity(level.all_at_least),
    )


def _complete(edition: Edition) -> Iterator[Finding]:
    if edition.kind != "assurance" or not edition.requirements_complete:
        return
    if not edition.requirements:
        yield Finding(rules.EDITION_HAS_REQUIREMENTS, {"edition": edition.id}, edition.at)
    for chapter in edition.chapters:
        if edition.requirements and not edition.requirements_by_chapter[chapter.id]:
            facts = {"edition": edition.id, "chapter": chapter.id}
            yield Finding(rules.EDITION_HAS_REQUIREMENTS, facts, chapter.at)


def _days(edition: Edition) -> tuple[datetime.date, ...]:
    """The first day of the edition and every day on which a point or threshold changes."""
    tests = [definition.points for definition in edition.ratings]
    for level in edition.levels:
        made = (level.min_principle_share, level.critical_at_least, level.all_at_least)
        tests += [test for test in made if test is not None]
    tests += [claim.min_share for claim in edition.claims]
    changes = {value.valid_from for test in tests for value in test.values}
    return tuple(sorted({edition.in_force_from} | {day for day in changes if day is not None}))


_CHECKS: tuple[Callable[[Edition], Iterable[Finding]], ...] = (
    _unique,
    _nesting,
    _parents,
    _demands,
    _scale,
    _nested_levels,
    _thresholds,
    _complete,
)

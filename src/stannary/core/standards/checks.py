"""Is an edition sound? All findings, in the order of the rules.

Rules: STANDARD-003 to STANDARD-010, STANDARD-016, STANDARD-018, KERNEL-004, KERNEL-005.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import partial

from stannary.core.kernel import (
    Finding,
    Parameter,
    Place,
    RefusalError,
    Value,
    as_fraction,
    check_order,
)
from stannary.core.kernel.rules import VALUE_HAS_ITS_KIND
from stannary.core.standards import rules
from stannary.core.standards.edition import SCORED, Edition, Level, Rating
from stannary.core.standards.tags import is_tag

SITE_GAPS = ("entity", "facility", "material", "first_day", "last_day")
"""What only words about what a site blended leave open; they have all of them, the share, and no lot."""

CLAIM_GAPS = ("share", "element", "lot", "level", *SITE_GAPS)
"""What the words of a claim leave open: "{share} of the {element} in lot {lot} ...  {level}"."""

MODELS = (
    "identity_preserved",
    "segregated",
    "controlled_blending",
    "mass_balance",
    "book_and_claim",
)
"""The chain of custody models of ISO 22095:2020, strictest first."""

LONGEST = {"day": 36_525, "month": 1_200, "year": 100}
"""The largest value of a constant that counts time: a century, so that dates stay in the calendar."""

_NUMBER = "[1-9][0-9]{0,2}"
_PRINCIPLE_ID, _CHAPTER_ID, _SECTION_ID, _REQUIREMENT_ID = (
    re.compile(rf"{_NUMBER}(?:\.{_NUMBER}){{{below}}}") for below in range(4)
)
_GAP = re.compile("{(?:" + "|".join(CLAIM_GAPS) + ")}")


def check_edition(edition: Edition) -> tuple[Finding, ...]:
    """Check an edition and return every finding; none means that it can be used.

    Thresholds and points are checked on every day on which one of them changes, and compared
    only when each of them has the kind that it needs.
    """
    found = [finding for check in _CHECKS for finding in check(edition)]
    values = [*_orders(edition), *_kinds(edition)]
    if not values:
        values = [finding for check in _COMPARISONS for finding in check(edition)]
    return tuple(sorted(found + values, key=lambda finding: finding.code))


def _unique(edition: Edition) -> Iterator[Finding]:
    groups: tuple[tuple[str, list[tuple[str, Place | None]]], ...] = (
        ("principle", [(x.id, x.at) for x in edition.principles]),
        ("chapter", [(x.id, x.at) for x in edition.chapters]),
        ("section", [(s.id, x.at) for x in edition.chapters for s in x.sections]),
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
    for principle in edition.principles:
        if not _PRINCIPLE_ID.fullmatch(principle.id):
            yield Finding(rules.IDS_NEST, {"principle": principle.id}, principle.at)
    for chapter in edition.chapters:
        if not _CHAPTER_ID.fullmatch(chapter.id):
            yield Finding(rules.IDS_NEST, {"chapter": chapter.id}, chapter.at)
        for section in chapter.sections:
            if not _nested(section.id, _SECTION_ID, chapter.id):
                facts = {"section": section.id, "chapter": chapter.id}
                yield Finding(rules.IDS_NEST, facts, chapter.at)
    for requirement in edition.requirements:
        if not _nested(requirement.id, _REQUIREMENT_ID, requirement.chapter):
            facts = {"requirement": requirement.id, "chapter": requirement.chapter}
            yield Finding(rules.IDS_NEST, facts, requirement.at)


def _nested(name: str, form: re.Pattern[str], chapter: str) -> bool:
    """Whether an id has its form and its first two numbers are its chapter's."""
    return bool(form.fullmatch(name)) and name.split(".")[:2] == chapter.split(".")


def _parents(edition: Edition) -> Iterator[Finding]:
    principles = {principle.id for principle in edition.principles}
    for chapter in edition.chapters:
        known = chapter.principle in principles
        if not known or not chapter.id.startswith(chapter.principle + "."):
            facts = {"chapter": chapter.id, "principle": chapter.principle}
            yield Finding(rules.PARENT_EXISTS, facts, chapter.at)


def _demands(edition: Edition) -> Iterator[Finding]:
    for requirement in edition.requirements:
        if edition.texts == "full" and not requirement.demand.strip():
            yield Finding(rules.DEMAND_IS_WRITTEN, {"requirement": requirement.id}, requirement.at)


def _tags(edition: Edition) -> Iterator[Finding]:
    for requirement in edition.requirements:
        for tag in requirement.tags:
            if not is_tag(tag) or requirement.tags.count(tag) > 1:
                facts = {"requirement": requirement.id, "tag": tag[:80]}
                yield Finding(rules.TAGS_ARE_KNOWN, facts, requirement.at)


def _complete(edition: Edition) -> Iterator[Finding]:
    if edition.kind != "assurance" or not edition.requirements_complete:
        return
    if not edition.requirements:
        yield Finding(rules.EDITION_HAS_REQUIREMENTS, {"edition": edition.id}, edition.at)
    for chapter in edition.chapters:
        if edition.requirements and not edition.requirements_by_chapter[chapter.id]:
            facts = {"edition": edition.id, "chapter": chapter.id}
            yield Finding(rules.EDITION_HAS_REQUIREMENTS, facts, chapter.at)


def _claims(edition: Edition) -> Iterator[Finding]:
    for claim in edition.claims:
        if edition.language not in claim.words:
            facts = {"claim": claim.code, "missing": edition.language}
            yield Finding(rules.CLAIM_WORDS_ARE_PLAIN, facts, claim.at)
        for language, words in claim.words.items():
            rest = _GAP.sub("", words)
            of_site = claim.is_of_site and not _speaks_of_site(words)
            of_lot = not claim.is_of_site and any(f"{{{gap}}}" in words for gap in SITE_GAPS)
            if not words.strip() or "{" in rest or "}" in rest or of_site or of_lot:
                facts = {"claim": claim.code, "language": language, "words": words[:120]}
                yield Finding(rules.CLAIM_WORDS_ARE_PLAIN, facts, claim.at)


def _speaks_of_site(words: str) -> bool:
    """Tell whether words name the share and all of what a site blended, and no lot."""
    needed = all(f"{{{gap}}}" in words for gap in ("share", *SITE_GAPS))
    return needed and "{lot}" not in words


def _orders(edition: Edition) -> Iterator[Finding]:
    for parameter in (*_tested(edition), *edition.parameters.values()):
        yield from check_order(parameter)


def _kinds(edition: Edition) -> Iterator[Finding]:
    """KERNEL-004 for every value that is not what its use needs."""
    for definition in edition.ratings:
        yield from _values(definition.points, _is_number, "number, 0 or more")
    for level in edition.levels:
        if level.min_principle_share is not None:
            yield from _values(level.min_principle_share, _is_number, "number, 0 or more")
        for test in (level.critical_at_least, level.all_at_least):
            if test is not None:
                yield from _values(test, lambda value: value in SCORED, " or ".join(SCORED))
    for claim in edition.claims:
        yield from _values(claim.min_share, _is_number, "number, 0 or more")
        for model in claim.models:
            if model not in MODELS:
                facts = {"name": "models", "value": model, "kind": " or ".join(MODELS)}
                yield Finding(VALUE_HAS_ITS_KIND, facts, claim.at)
    for parameter in edition.parameters.values():
        longest = LONGEST.get(parameter.unit)
        if longest is not None:
            kind = f"whole number from 0 to {longest}"
            yield from _values(parameter, partial(_is_whole, longest=longest), kind)
        elif parameter.unit == "1":
            yield from _values(parameter, _is_number, "number, 0 or more")


def _values(parameter: Parameter, fits: Callable[[Value], bool], kind: str) -> Iterator[Finding]:
    for dated in parameter.values:
        if dated.value is not None and not fits(dated.value):
            facts = {"name": parameter.name, "value": str(dated.value)[:40], "kind": kind}
            yield Finding(VALUE_HAS_ITS_KIND, facts, parameter.at)


def _is_number(value: Value) -> bool:
    try:
        as_fraction(value, name="")
    except RefusalError:
        return False
    return True


def _is_whole(value: Value, longest: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= longest


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


def _nested_levels(edition: Edition) -> Iterator[Finding]:
    for day in _days(edition):
        for lower, upper in zip(edition.levels, edition.levels[1:], strict=False):
            if any(
                low is not None and up is not None and low > up
                for low, up in zip(_tests(lower, day), _tests(upper, day), strict=True)
            ):
                facts = {"level": upper.code, "below": lower.code, "on": day.isoformat()}
                yield Finding(rules.LEVELS_ARE_NESTED, facts, upper.at)


def _tests(level: Level, day: datetime.date) -> tuple[Fraction | None, ...]:
    """How strict each test of a level is, larger is stricter; not made is 0, unknown is None."""

    def severity(test: Parameter | None) -> Fraction | None:
        if test is None:
            return Fraction(0)
        word = test.word_on(day)
        return None if word is None else Fraction(len(SCORED) - SCORED.index(Rating(word)))

    share = level.min_principle_share
    return (
        Fraction(0) if share is None else share.fraction_on(day),
        severity(level.critical_at_least),
        severity(level.all_at_least),
    )


def _thresholds(edition: Edition) -> Iterator[Finding]:
    shares = [level.min_principle_share for level in edition.levels]
    shares += [claim.min_share for claim in edition.claims]
    for share in shares:
        for dated in share.values if share is not None else ():
            if dated.value is not None and as_fraction(dated.value, name="") > 1:
                facts = {"share": str(dated.value)}
                yield Finding(rules.SHARES_ARE_WITHIN_ONE, facts, share.at if share else None)


def _tested(edition: Edition) -> tuple[Parameter, ...]:
    """Every point and threshold of an edition."""
    tests: list[Parameter | None] = [definition.points for definition in edition.ratings]
    for level in edition.levels:
        tests += [level.min_principle_share, level.critical_at_least, level.all_at_least]
    tests += [claim.min_share for claim in edition.claims]
    return tuple(test for test in tests if test is not None)


def _days(edition: Edition) -> tuple[datetime.date, ...]:
    """The first day of the edition and every day on which a point or threshold changes."""
    changes = {value.valid_from for test in _tested(edition) for value in test.values}
    return tuple(sorted({edition.in_force_from} | {day for day in changes if day is not None}))


_CHECKS: tuple[Callable[[Edition], Iterable[Finding]], ...] = (
    _unique,
    _nesting,
    _parents,
    _demands,
    _tags,
    _complete,
    _claims,
)
_COMPARISONS: tuple[Callable[[Edition], Iterable[Finding]], ...] = (
    _scale,
    _nested_levels,
    _thresholds,
)

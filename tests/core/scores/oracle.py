"""A second opinion on scores: slow, simple, and written from the public rules alone.

It knows nothing of the program: plain tuples and dictionaries in, a dictionary out. What pending
ratings may become is not reasoned about but tried: every rating and "not relevant" for each of
them, all combinations.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

WORDS = ["fully", "substantially", "partially", "not_met"]


@dataclass(frozen=True)
class NaiveRequirement:
    id: str
    chapter: str
    principle: str
    critical: bool


@dataclass(frozen=True)
class NaiveLevel:
    """A test that is None is not made; a word or share that is "?" is not known."""

    code: str
    share: Fraction | str | None = None
    critical: str | None = None
    every: str | None = None


@dataclass(frozen=True)
class NaiveStandard:
    principles: tuple[str, ...]
    chapters: tuple[tuple[str, str], ...]
    requirements: tuple[NaiveRequirement, ...]
    points: dict[str, Fraction]
    levels: tuple[NaiveLevel, ...]
    complete: bool = True


def naive_score(standard: NaiveStandard, ratings: dict[str, str]) -> dict[str, Any]:
    """Score ratings; what is not named is pending."""
    words = {x.id: ratings.get(x.id, "pending") for x in standard.requirements}
    findings = reasons(standard, words)
    answer: dict[str, Any] = {
        "principles": [
            tally(standard, name, [x for x in standard.requirements if x.principle == name], words)
            for name in standard.principles
        ],
        "chapters": [
            tally(standard, name, [x for x in standard.requirements if x.chapter == name], words)
            for name, _ in standard.chapters
        ],
        "critical": criticals(standard, words),
    }
    if findings:
        level = {"code": None, "state": "none", "floor": None, "ceiling": None}
        return {**answer, "level": level, "next_level": None, "findings": findings}
    for name in standard.principles:
        those = [words[x.id] for x in standard.requirements if x.principle == name]
        if all(word == "not_relevant" for word in those):
            findings.append("SCORE-004")
    reached = ranks_of_all_endings(standard, words)
    worst, best = min(reached), max(reached)
    codes = [None, *(level.code for level in standard.levels)]
    if worst != best:
        level = {
            "code": None,
            "state": "pending",
            "floor": codes[worst + 1],
            "ceiling": codes[best + 1],
        }
    elif worst == -1:
        level = {"code": None, "state": "none", "floor": None, "ceiling": None}
        findings.append("SCORE-005")
    else:
        level = {"code": codes[worst + 1], "state": "determined", "floor": None, "ceiling": None}
    following = what_is_next(standard, words, worst)
    return {**answer, "level": level, "next_level": following, "findings": findings}


def reasons(standard: NaiveStandard, words: dict[str, str]) -> list[str]:
    found = []
    if not standard.complete or not standard.levels:
        found.append("SCORE-001")
    unknown = [word for word in WORDS if word not in standard.points]
    if unknown or any(level.share == "?" for level in standard.levels):
        found.append("SCORE-002")
    if all(word == "not_relevant" for word in words.values()):
        found.append("SCORE-003")
    return found


def tally(
    standard: NaiveStandard, name: str, those: list[NaiveRequirement], words: dict[str, str]
) -> dict[str, Any]:
    given = Fraction(0)
    possible = Fraction(0)
    known = all(word in standard.points for word in WORDS)
    for requirement in those:
        word = words[requirement.id]
        if word in WORDS and known:
            given += standard.points[word]
            possible += standard.points["fully"]
    return {
        "id": name,
        "points": given,
        "possible": possible,
        "share": given / possible if possible else None,
        "rated": len([x for x in those if words[x.id] in WORDS]),
        "not_relevant": len([x for x in those if words[x.id] == "not_relevant"]),
        "pending": len([x for x in those if words[x.id] == "pending"]),
    }


def criticals(standard: NaiveStandard, words: dict[str, str]) -> dict[str, Any]:
    those = [x.id for x in standard.requirements if x.critical and words[x.id] != "not_relevant"]
    return {
        "relevant": len(those),
        "at_least_substantially": len([x for x in those if words[x] in WORDS[:2]]),
        "fully": len([x for x in those if words[x] == "fully"]),
        "pending": len([x for x in those if words[x] == "pending"]),
        "unmet": [x for x in those if words[x] in WORDS[2:]],
    }


def ranks_of_all_endings(standard: NaiveStandard, words: dict[str, str]) -> list[int]:
    pending = [name for name, word in words.items() if word == "pending"]
    found = []
    for ending in product([*WORDS, "not_relevant"], repeat=len(pending)):
        ended = {**words, **dict(zip(pending, ending, strict=True))}
        if any(word != "not_relevant" for word in ended.values()):
            found.append(rank(standard, ended))
    return found


def rank(standard: NaiveStandard, words: dict[str, str]) -> int:
    """Place of the highest level reached when everything is rated; -1 for none."""
    best = -1
    for place, level in enumerate(standard.levels):
        if passes(standard, level, words):
            best = place
    return best


def passes(standard: NaiveStandard, level: NaiveLevel, words: dict[str, str]) -> bool:
    relevant = [x for x in standard.requirements if words[x.id] != "not_relevant"]
    for principle in standard.principles:
        those = [x for x in relevant if x.principle == principle]
        if those and level.share is not None:
            given = sum((standard.points[words[x.id]] for x in those), Fraction(0))
            if given / (len(those) * standard.points["fully"]) < Fraction(level.share):
                return False
    for requirement in relevant:
        place = WORDS.index(words[requirement.id])
        if level.every is not None and place > WORDS.index(level.every):
            return False
        asked = level.critical if requirement.critical else None
        if asked is not None and place > WORDS.index(asked):
            return False
    return True


def what_is_next(
    standard: NaiveStandard, words: dict[str, str], reached: int
) -> dict[str, Any] | None:
    if reached + 1 >= len(standard.levels):
        return None
    level = standard.levels[reached + 1]
    relevant = [x for x in standard.requirements if words[x.id] != "not_relevant"]
    points_needed = []
    for principle in standard.principles:
        those = [words[x.id] for x in relevant if x.principle == principle]
        have = sum((standard.points.get(word, Fraction(0)) for word in those), Fraction(0))
        most = standard.points["fully"] * len(those)
        need = Fraction(0)
        if level.share is not None:
            need = max(need, Fraction(level.share) * most - have)
        if level.every is not None and level.every != "not_met":
            wanted = standard.points[level.every]
            lifted = sum(
                (max(standard.points.get(word, Fraction(0)), wanted) for word in those), Fraction(0)
            )
            need = max(need, lifted - have)
        if need > 0:
            points_needed.append((principle, need))
    critical_needed = []
    for requirement in relevant:
        if not requirement.critical:
            continue
        for asked in (level.critical, level.every):
            allowed = WORDS if asked is None else WORDS[: WORDS.index(asked) + 1]
            fails = words[requirement.id] not in allowed
            if words[requirement.id] == "pending":
                fails = len(allowed) < len(WORDS)
            if fails and requirement.id not in critical_needed:
                critical_needed.append(requirement.id)
    return {"code": level.code, "points_needed": points_needed, "critical_needed": critical_needed}

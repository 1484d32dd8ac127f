"""How few ratings would change the level, and which: what a level hangs by.

Only ratings that carry points are changed, to any other that does; making a requirement relevant
or not is another question. Sets are the smallest there are; where several are equally small, the
one with the largest steps and then the first in the edition's order is named.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from stannary.core.assessments import RatingSheet
from stannary.core.scores.counting import BEST, NOT_RELEVANT, PLACE, WORST, Scale, count, scale_on
from stannary.core.scores.outcomes import TestKind
from stannary.core.scores.scoring import score
from stannary.core.standards import SCORED, Edition, Level, Rating


@dataclass(frozen=True, slots=True)
class ChangedRating:
    """One rating that would be another."""

    requirement: str
    now: Rating
    then: Rating


@dataclass(frozen=True, slots=True)
class Route:
    """One way in which a level is lost: one of its tests fails.

    Attributes:
        kind: Which test.
        principle: Whose share falls; empty where ratings are compared.
        changes: The smallest set of ratings that fails the test, one of several if `any_of` is
            larger.
        any_of: How many ratings the set could be chosen from.
    """

    kind: TestKind
    principle: str
    changes: tuple[ChangedRating, ...]
    any_of: int


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What a level hangs by.

    Attributes:
        level: Code of the level now.
        next_level: Code of the level above; None at the top.
        up: The smallest set of ratings that would reach the level above; empty at the top.
        down: Ways in which the level would be lost, the smallest set first; empty for a level
            without tests, which is not lost by ratings.
    """

    level: str
    next_level: str | None
    up: tuple[ChangedRating, ...]
    down: tuple[Route, ...]


def sensitivity(sheet: RatingSheet, *, as_of: datetime.date) -> Sensitivity | None:
    """Find the smallest sets of ratings that would change a level.

    Args:
        sheet: From `rating_sheet`.
        as_of: The day whose points and thresholds are used.

    Returns:
        The sets; None while the level is pending or there is none, for then it does not hang by
        ratings that were made.
    """
    edition = sheet.edition
    level = score(sheet, as_of=as_of).level
    scale = scale_on(edition, as_of)
    if level.code is None or scale is None:
        return None
    places = {name: place for name, place in count(sheet).places if place < NOT_RELEVANT}
    rank = edition.rank(level.code)
    top = rank + 1 == len(edition.levels)
    above = None if top else edition.levels[rank + 1]
    down = _routes(edition, edition.levels[rank], places, scale, as_of)
    return Sensitivity(
        level=level.code,
        next_level=above.code if above is not None else None,
        up=_lifts(edition, above, places, scale, as_of) if above is not None else (),
        down=tuple(sorted(down, key=lambda route: len(route.changes))),
    )


def _lifts(
    edition: Edition, level: Level, places: Mapping[str, int], scale: Scale, day: datetime.date
) -> tuple[ChangedRating, ...]:
    """Lift what a test of ratings forces, then in each principle what gains most."""
    lifted = {
        name
        for worst, names in _rating_tests(edition, level, places, day)
        for name in names
        if places[name] > worst
    }
    share = level.min_principle_share
    threshold = share.fraction_on(day) if share is not None else None
    if threshold is not None:
        for those in _by_principle(edition, places).values():
            given = sum(scale.units[BEST if name in lifted else places[name]] for name in those)
            lacking = threshold * len(those) * scale.best - given
            rest = sorted(
                (name for name in those if name not in lifted),
                key=lambda name: scale.units[places[name]],
            )
            for name in rest:
                if lacking <= 0:
                    break
                lifted.add(name)
                lacking -= scale.best - scale.units[places[name]]
    return tuple(_changed(name, places, BEST) for name in places if name in lifted)


def _routes(
    edition: Edition, level: Level, places: Mapping[str, int], scale: Scale, day: datetime.date
) -> list[Route]:
    found: list[Route] = []
    kinds: tuple[TestKind, TestKind] = ("critical_at_least", "all_at_least")
    tests = (level.critical_at_least, level.all_at_least)
    made = [kind for kind, test in zip(kinds, tests, strict=True) if test is not None]
    for kind, (worst, names) in zip(made, _rating_tests(edition, level, places, day), strict=True):
        if worst < WORST and names:
            found.append(Route(kind, "", (_changed(names[0], places, WORST),), len(names)))
    share = level.min_principle_share
    threshold = share.fraction_on(day) if share is not None else None
    if threshold is not None:
        for principle, those in _by_principle(edition, places).items():
            route = _fall(principle, those, places, scale, threshold)
            if route is not None:
                found.append(route)
    return found


def _fall(
    principle: str,
    those: tuple[str, ...],
    places: Mapping[str, int],
    scale: Scale,
    threshold: Fraction,
) -> Route | None:
    """Lower the best ratings of a principle until its share is below; None if it never is."""
    margin = sum(scale.units[places[name]] for name in those) - threshold * len(those) * scale.best
    by_loss = sorted(those, key=lambda name: -scale.units[places[name]])
    lowered: list[str] = []
    for name in by_loss:
        if margin < 0:
            break
        lowered.append(name)
        margin -= scale.units[places[name]] - scale.units[WORST]
    if margin >= 0:
        return None
    changes = tuple(_changed(name, places, WORST) for name in those if name in lowered)
    return Route("principle_share", principle, changes, len(those))


def _rating_tests(
    edition: Edition, level: Level, places: Mapping[str, int], day: datetime.date
) -> list[tuple[int, tuple[str, ...]]]:
    """Give for each test of ratings that a level makes the worst place allowed, and of what."""
    found = []
    critical = tuple(name for name in places if edition.requirement_by_id[name].critical)
    for test, names in ((level.critical_at_least, critical), (level.all_at_least, tuple(places))):
        if test is not None:
            found.append((PLACE[Rating(test.word_on(day) or Rating.FULLY)], names))
    return found


def _by_principle(edition: Edition, places: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name in places:
        chapter = edition.chapter_by_id[edition.requirement_by_id[name].chapter]
        found.setdefault(chapter.principle, []).append(name)
    return {principle: tuple(names) for principle, names in found.items()}


def _changed(name: str, places: Mapping[str, int], then: int) -> ChangedRating:
    return ChangedRating(name, SCORED[places[name]], SCORED[then])

"""From ratings to a score: shares, tests of the levels, the level and what is next.

Rules: SCORE-001 to SCORE-012.
"""

import datetime
from collections.abc import Iterator
from fractions import Fraction

from stannary.core.assessments import RatingSheet
from stannary.core.kernel import Finding, Parameter, refuse
from stannary.core.kernel.rules import VALUE_HAS_ITS_KIND
from stannary.core.scores import rules
from stannary.core.scores.counting import (
    NOT_RELEVANT,
    PENDING,
    PLACE,
    WORST,
    Count,
    Counts,
    Scale,
    count,
    scale_on,
)
from stannary.core.scores.outcomes import (
    LevelOutcome,
    LevelTest,
    NextLevel,
    Score,
    TestKind,
    TestOutcome,
)
from stannary.core.standards import SCORED, Edition, Level, Rating


def score(sheet: RatingSheet, *, as_of: datetime.date) -> Score:
    """Score a sheet of ratings with the points and thresholds in force on a day.

    A share is the points given over the points possible of what is rated. A level is reached
    when all its tests are passed: each principle with something relevant reaches the level's
    share (SCORE-007, exactly: SCORE-008), each relevant critical requirement (SCORE-009) and
    each relevant requirement (SCORE-010) is rated as well as the level asks.

    While requirements are pending, `floor` is the level if all of them are not met and `ceiling`
    the level if all are fully met (SCORE-011). No other ending lies outside of the two. Take any
    ending, go through the pending requirements one by one, and make each *not met*: no test that
    failed is then passed. Make each *fully* instead: no test that was passed then fails. For a
    rating in between this is plain: points and rating fall, or rise. For *not relevant*, let the
    principle have p of n·m points without the requirement (m the most, w the least that a rating
    gives, n the number rated). Not met makes it (p+w) of (n+1)·m, fully (p+m) of (n+1)·m. As
    n·w <= p <= n·m, (p+w)/((n+1)·m) <= p/(n·m) <= (p+m)/((n+1)·m). With n = 0 the principle is
    left out, which passes like the share 1 of fully and is no worse than the share w/m of not
    met. A test of ratings that looks at one requirement less passes wherever it passed, and
    looking at one more that is fully met changes nothing. So *not relevant* is never worse than
    not met and never better than fully. An ending in which nothing at all is relevant has no
    level and is not counted.

    Args:
        sheet: From `rating_sheet`; a requirement that it does not name is pending.
        as_of: The day; an earlier one than the edition's first takes its first values.

    Returns:
        The score. Its level has the state "none" with reasons in the findings when the edition
        is an outline (SCORE-001), a constant is unknown (SCORE-002), nothing is relevant
        (SCORE-003) or not even the lowest level is reached (SCORE-005).

    Raises:
        RefusalError: KERNEL-004 if a constant of the edition has the wrong kind.
    """
    edition = sheet.edition
    scale = scale_on(edition, as_of)
    counts = count(sheet)
    reasons = tuple(_reasons(edition, scale, counts, as_of))
    critical = counts.critical_tally()
    principles = tuple(principle.tally(scale) for principle in counts.principles)
    chapters = tuple(chapter.tally(scale) for chapter in counts.chapters)
    if reasons or scale is None:
        level = LevelOutcome(code=None, state="none")
        return Score(edition.id, as_of, level, principles, chapters, critical, None, reasons)
    tests = tuple(test for level in edition.levels for test in _tests(level, counts, scale, as_of))
    floor = _highest(edition, {test.level for test in tests if test.outcome != "passed"})
    ceiling = _highest(edition, {test.level for test in tests if test.outcome == "failed"})
    return Score(
        edition_id=edition.id,
        as_of=as_of,
        level=_outcome(floor, ceiling),
        principles=principles,
        chapters=chapters,
        critical=critical,
        next_level=_next_level(edition, floor, counts, scale, as_of),
        findings=tuple(_remarks(edition, counts, ceiling)),
        tests=tests,
    )


def _outcome(floor: str | None, ceiling: str | None) -> LevelOutcome:
    if floor != ceiling:
        return LevelOutcome(code=None, state="pending", floor=floor, ceiling=ceiling)
    return LevelOutcome(code=floor, state="none" if floor is None else "determined")


def _highest(edition: Edition, excluded: set[str]) -> str | None:
    """Give the highest level that is not excluded."""
    codes = [level.code for level in edition.levels if level.code not in excluded]
    return codes[-1] if codes else None


def _reasons(
    edition: Edition, scale: Scale | None, counts: Counts, day: datetime.date
) -> Iterator[Finding]:
    """Why there can be no level, whatever the ratings are or become."""
    if not edition.requirements_complete or not edition.levels:
        missing = "levels" if edition.requirements_complete else "requirements"
        facts = {"edition": edition.id, "missing": missing}
        yield Finding(rules.EDITION_CAN_GIVE_A_LEVEL, facts)
    unknown = _unknown(edition, day)
    if scale is None or unknown:
        facts = {"unknown": ", ".join(unknown) or "points above 0", "on": day.isoformat()}
        yield Finding(rules.CONSTANTS_ARE_KNOWN, facts)
    if not counts.places:
        facts = {"not_relevant": str(len(edition.requirements)), "edition": edition.id}
        yield Finding(rules.SOMETHING_IS_RELEVANT, facts)


def _unknown(edition: Edition, day: datetime.date) -> tuple[str, ...]:
    """Name the constants that a level needs and that nobody knows on the day."""
    points = edition.points_on(day)
    names = [f"points of {rating}" for rating in SCORED if rating not in points]
    for level in edition.levels:
        tests = (level.min_principle_share, level.critical_at_least, level.all_at_least)
        missing = [test for test in tests if test is not None and test.on(day).value is None]
        names.extend(f"{test.name} of {level.code}" for test in missing)
    return tuple(names)


def _remarks(edition: Edition, counts: Counts, ceiling: str | None) -> Iterator[Finding]:
    """What a reader must know of a score that has, or may still get, a level."""
    for principle in counts.principles:
        if not principle.relevant:
            facts = {
                "principle": principle.id,
                "not_relevant": str(principle.by_place[NOT_RELEVANT]),
            }
            yield Finding(rules.EMPTY_PRINCIPLE_IS_SHOWN, facts)
    if ceiling is None:
        facts = {"lowest_level": edition.levels[0].code}
        yield Finding(rules.A_LEVEL_IS_REACHED, facts)


def _tests(level: Level, counts: Counts, scale: Scale, day: datetime.date) -> Iterator[LevelTest]:
    """Make every test of a level, for the worst and the best ending of what is pending."""
    threshold = level.min_principle_share.fraction_on(day) if level.min_principle_share else None
    if threshold is not None:
        for principle in counts.principles:
            if principle.relevant:
                yield _share_test(level, principle, scale, threshold)
    if level.critical_at_least is not None:
        needed = _rating_on(level.critical_at_least, day)
        yield _rating_test(level, "critical_at_least", counts.criticals, needed)
    if level.all_at_least is not None:
        needed = _rating_on(level.all_at_least, day)
        yield _rating_test(level, "all_at_least", counts.places, needed)


def _share_test(level: Level, principle: Count, scale: Scale, threshold: Fraction) -> LevelTest:
    given = principle.units(scale)
    low, high = (given + principle.pending * units for units in (scale.units[WORST], scale.best))
    possible = principle.relevant * scale.best
    asked = threshold * possible
    outcome: TestOutcome = "passed" if low >= asked else "failed" if high < asked else "open"
    return LevelTest(
        level=level.code,
        kind="principle_share",
        outcome=outcome,
        needed_share=threshold,
        principle=principle.id,
        low=Fraction(low, possible),
        high=Fraction(high, possible),
        low_margin=(low - asked) / scale.per_point,
        high_margin=(high - asked) / scale.per_point,
        count=principle.relevant,
        pending=principle.pending,
    )


def _rating_test(
    level: Level, kind: TestKind, places: tuple[tuple[str, int], ...], needed: Rating
) -> LevelTest:
    worst = PLACE[needed]
    below = tuple(name for name, place in places if worst < place < NOT_RELEVANT)
    pending = sum(place == PENDING for _, place in places)
    outcome: TestOutcome = "passed"
    if below:
        outcome = "failed"
    elif pending and worst < WORST:
        outcome = "open"
    return LevelTest(
        level=level.code,
        kind=kind,
        outcome=outcome,
        needed_rating=needed,
        count=len(places),
        below=below,
        pending=pending,
    )


def _rating_on(test: Parameter, day: datetime.date) -> Rating:
    word = test.word_on(day)
    if word not in SCORED:
        refuse(VALUE_HAS_ITS_KIND, at=test.at, name=test.name, value=str(word), kind="rating")
    return Rating(word)


def _next_level(
    edition: Edition, floor: str | None, counts: Counts, scale: Scale, day: datetime.date
) -> NextLevel | None:
    """Say what is missing for the level above the floor; None at the top (SCORE-012)."""
    rank = edition.rank(floor) + 1 if floor is not None else 0
    if rank == len(edition.levels):
        return None
    level = edition.levels[rank]
    share = level.min_principle_share.fraction_on(day) if level.min_principle_share else None
    asked = [_rating_on(x, day) for x in (level.critical_at_least, level.all_at_least) if x]
    strictest = min((PLACE[rating] for rating in asked), default=WORST)
    lift_to = _rating_on(level.all_at_least, day) if level.all_at_least else None
    needs = (
        (principle.id, _points_needed(principle, scale, share or Fraction(0), lift_to))
        for principle in counts.principles
    )
    return NextLevel(
        code=level.code,
        points_needed=tuple((name, points) for name, points in needs if points > 0),
        critical_needed=tuple(
            name for name, place in counts.criticals if place > strictest and strictest < WORST
        ),
    )


def _points_needed(
    principle: Count, scale: Scale, share: Fraction, lift_to: Rating | None
) -> Fraction:
    """Points that a principle lacks, where what is pending counts as relevant with 0 points.

    The share lacks `share * possible - given`. Where all requirements must be rated at least
    `lift_to`, those below it must be lifted to its points, which may be more.
    """
    lacking = share * principle.relevant * scale.best - principle.units(scale)
    if lift_to not in (None, Rating.NOT_MET):
        target = scale.units[PLACE[lift_to]]
        lifts = sum(
            number * (target - units)
            for number, units in zip(principle.by_place[:NOT_RELEVANT], scale.units, strict=True)
            if units < target
        )
        lacking = max(lacking, Fraction(lifts + principle.pending * target))
    return lacking / scale.per_point

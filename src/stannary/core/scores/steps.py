"""How a score came about, step by step, in sentences that a layman can follow.

Rules: SCORE-004 to SCORE-012, each named by the step that applies it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stannary.core.kernel import InvariantError, Rule, gettext_noop, percent_text, share_text
from stannary.core.scores import rules
from stannary.core.scores.outcomes import LevelTest, Score, Tally
from stannary.core.standards import Edition, Level

_REASONS = {
    rules.EDITION_CAN_GIVE_A_LEVEL.code: gettext_noop(
        "There is no level: %(edition)s is an outline or names no levels, so it cannot give one."
    ),
    rules.CONSTANTS_ARE_KNOWN.code: gettext_noop(
        "There is no level: on %(on)s the edition does not say %(unknown)s."
    ),
    rules.SOMETHING_IS_RELEVANT.code: gettext_noop(
        "There is no level: no requirement is relevant."
    ),
    rules.A_LEVEL_IS_REACHED.code: gettext_noop(
        "There is no level: not all tests of the lowest one, %(lowest_level)s, are passed."
    ),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a derivation.

    Attributes:
        code: Of the rule that the step applies.
        sentence: An English text with placeholders such as %(points)s, marked for translation.
        facts: What to put in their place. Numbers are written with a point; a percentage has one
            decimal and is rounded towards zero, so that what is just short of 75 never reads 75.
    """

    code: str
    sentence: str
    facts: Mapping[str, str]


def step_text(step: Step) -> str:
    """Write a step out in English.

    Example:
        >>> step_text(Step("SCORE-012", "For %(level)s it lacks %(points)s.", {"level": "A", "points": "2"}))
        'For A it lacks 2.'
    """
    return step.sentence % step.facts


def derivation(score: Score, edition: Edition) -> tuple[Step, ...]:
    """Explain a score: shares, the lowest of them, each level's tests, the level, what is next.

    Args:
        score: What to explain.
        edition: The edition that it was scored under; gives the titles.

    Returns:
        Steps in the order in which somebody would go through them by hand, lowest level first.
        Where there can be no level, the shares and the reasons.
    """
    if score.edition_id != edition.id:
        raise InvariantError(f"a score under {score.edition_id} was explained with {edition.id}")
    titles = {principle.id: principle.title for principle in edition.principles}
    steps = [_principle(tally, titles[tally.id]) for tally in score.principles]
    if score.tests:
        steps.extend(_lowest(score, titles))
    for level in edition.levels:
        tests = [test for test in score.tests if test.level == level.code]
        if tests or score.level.state != "none":
            steps.extend(_level(level, tests, edition))
    steps.extend(_pending(score, edition))
    steps.extend(_result(score, edition))
    steps.extend(_next(score, edition, titles))
    return tuple(steps)


def _step(rule: Rule, sentence: str, **facts: str) -> Step:
    return Step(code=rule.code, sentence=sentence, facts=facts)


def _principle(tally: Tally, title: str) -> Step:
    if not tally.relevant:
        if tally.not_relevant:
            sentence = gettext_noop(
                "Principle %(principle)s, %(title)s: nothing in it is relevant, so it is left out "
                "of the comparison."
            )
        else:
            sentence = gettext_noop(
                "Principle %(principle)s, %(title)s: there is no requirement in it, so it is left "
                "out of the comparison."
            )
        return _step(rules.EMPTY_PRINCIPLE_IS_SHOWN, sentence, principle=tally.id, title=title)
    if tally.share is None:
        return _step(
            rules.ONLY_RATED_COUNTS,
            gettext_noop(
                "Principle %(principle)s, %(title)s: no points yet. Rated: %(rated)s, not relevant "
                "and in no count: %(not_relevant)s, pending: %(pending)s."
            ),
            principle=tally.id,
            title=title,
            rated=str(tally.rated),
            not_relevant=str(tally.not_relevant),
            pending=str(tally.pending),
        )
    return _step(
        rules.ONLY_RATED_COUNTS,
        gettext_noop(
            "Principle %(principle)s, %(title)s: points %(points)s of %(possible)s, that is "
            "%(percent)s %%. Rated: %(rated)s, not relevant and in no count: %(not_relevant)s, "
            "pending: %(pending)s."
        ),
        principle=tally.id,
        title=title,
        points=share_text(tally.points),
        possible=share_text(tally.possible),
        percent=percent_text(tally.share),
        rated=str(tally.rated),
        not_relevant=str(tally.not_relevant),
        pending=str(tally.pending),
    )


def _lowest(score: Score, titles: Mapping[str, str]) -> Iterator[Step]:
    shares = {tally.id: tally.share for tally in score.principles if tally.share is not None}
    if not shares:
        return
    lowest = min(shares.values())
    ids = [name for name, share in shares.items() if share == lowest]
    facts = {
        "principles": ", ".join(ids),
        "titles": ", ".join(titles[name] for name in ids),
        "percent": percent_text(lowest),
    }
    if any(tally.pending for tally in score.principles):
        sentence = gettext_noop(
            "Of what is rated so far, the lowest share is %(percent)s %%, in principle "
            "%(principles)s. The lowest principle decides, not the mean."
        )
    elif len(ids) == 1:
        sentence = gettext_noop(
            "The lowest is principle %(principles)s, %(titles)s, with %(percent)s %%. The lowest "
            "principle decides, not the mean."
        )
    else:
        sentence = gettext_noop(
            "The lowest are principles %(principles)s, each with %(percent)s %%. The lowest "
            "principle decides, not the mean."
        )
    yield Step(rules.LOWEST_PRINCIPLE_DECIDES.code, sentence, facts)


def _level(level: Level, tests: list[LevelTest], edition: Edition) -> Iterator[Step]:
    if not tests:
        yield _step(
            rules.A_LEVEL_IS_REACHED,
            gettext_noop(
                "%(level_title)s asks for no minimum: to be assessed and published is enough."
            ),
            level=level.code,
            level_title=level.title,
        )
    shares = [test for test in tests if test.kind == "principle_share"]
    if shares and all(test.outcome == "passed" for test in shares):
        yield _shares_passed(level, shares)
    for test in shares:
        if test.outcome != "passed":
            yield _share_missed(level, test)
    names = {definition.rating: definition.title for definition in edition.ratings}
    for test in tests:
        if test.needed_rating is not None:
            yield _ratings(level, test, names[test.needed_rating])


def _shares_passed(level: Level, shares: list[LevelTest]) -> Step:
    lowest = min(shares, key=lambda test: test.low)
    facts = _share_facts(level, lowest)
    facts["percent"] = percent_text(lowest.low)
    facts["margin"] = share_text(lowest.low_margin)
    if any(test.pending for test in shares):
        sentence = gettext_noop(
            "%(level_title)s asks for %(needed)s %% in each principle. All have it, even if "
            "nothing pending is met. The lowest is then principle %(principle)s with %(percent)s "
            "%%, points to spare: %(margin)s."
        )
    else:
        sentence = gettext_noop(
            "%(level_title)s asks for %(needed)s %% in each principle. All have it. The lowest is "
            "principle %(principle)s with %(percent)s %%, points to spare: %(margin)s."
        )
    return Step(rules.SHARES_ARE_COMPARED_EXACTLY.code, sentence, facts)


def _share_missed(level: Level, test: LevelTest) -> Step:
    facts = _share_facts(level, test)
    if test.outcome == "open":
        facts["low"], facts["high"] = percent_text(test.low), percent_text(test.high)
        sentence = gettext_noop(
            "%(level_title)s asks for %(needed)s %% in each principle. Principle %(principle)s "
            "may end anywhere from %(low)s %% to %(high)s %%, depending on what is pending."
        )
        return Step(rules.SHARES_ARE_COMPARED_EXACTLY.code, sentence, facts)
    facts["percent"] = percent_text(test.high)
    facts["missing"] = share_text(-test.high_margin)
    if test.pending:
        sentence = gettext_noop(
            "%(level_title)s asks for %(needed)s %% in each principle. Principle %(principle)s "
            "can have %(percent)s %% at most, points missing: %(missing)s."
        )
    else:
        sentence = gettext_noop(
            "%(level_title)s asks for %(needed)s %% in each principle. Principle %(principle)s "
            "has %(percent)s %%, points missing: %(missing)s."
        )
    return Step(rules.SHARES_ARE_COMPARED_EXACTLY.code, sentence, facts)


def _share_facts(level: Level, test: LevelTest) -> dict[str, str]:
    needed = "" if test.needed_share is None else share_text(test.needed_share * 100)
    return {
        "level": level.code,
        "level_title": level.title,
        "needed": needed,
        "principle": test.principle,
    }


def _ratings(level: Level, test: LevelTest, rating_title: str) -> Step:
    facts = {
        "level": level.code,
        "level_title": level.title,
        "rating": str(test.needed_rating),
        "rating_title": rating_title,
        "count": str(test.count),
        "number": str(len(test.below)),
        "pending": str(test.pending),
    }
    if test.kind == "all_at_least":
        sentences = {
            "passed": gettext_noop(
                "%(level_title)s asks that every relevant requirement is rated “%(rating_title)s” or better. All are."
            ),
            "failed": gettext_noop(
                "%(level_title)s asks that every relevant requirement is rated "
                "“%(rating_title)s” or better. Rated lower: %(number)s of %(count)s."
            ),
            "open": gettext_noop(
                "%(level_title)s asks that every relevant requirement is rated "
                "“%(rating_title)s” or better. All that are rated are; pending: %(pending)s."
            ),
        }
        return Step(rules.ALL_ARE_MET.code, sentences[test.outcome], facts)
    facts["requirements"] = ", ".join(test.below)
    sentences = {
        "passed": gettext_noop(
            "%(level_title)s asks that every relevant critical requirement is rated "
            "“%(rating_title)s” or better. All are; relevant critical requirements: %(count)s."
        ),
        "failed": gettext_noop(
            "%(level_title)s asks that every relevant critical requirement is rated "
            "“%(rating_title)s” or better. These are not: %(requirements)s."
        ),
        "open": gettext_noop(
            "%(level_title)s asks that every relevant critical requirement is rated "
            "“%(rating_title)s” or better. All that are rated are; pending: %(pending)s."
        ),
    }
    return Step(rules.CRITICALS_ARE_MET.code, sentences[test.outcome], facts)


def _pending(score: Score, edition: Edition) -> Iterator[Step]:
    pending = sum(tally.pending for tally in score.principles)
    if not pending or score.level.state == "none":
        return
    if score.level.state == "determined":
        yield _step(
            rules.PENDING_KEEPS_A_FLOOR,
            gettext_noop(
                "Requirements not rated yet: %(pending)s. Whatever becomes of them, the level is the same."
            ),
            pending=str(pending),
        )
        return
    facts = {"pending": str(pending), **_named("ceiling", score.level.ceiling, edition)}
    if score.level.floor is None:
        sentence = gettext_noop(
            "Requirements not rated yet: %(pending)s. If none of them is met, no level is "
            "reached; if all are fully met, it is %(ceiling_title)s."
        )
    else:
        facts |= _named("floor", score.level.floor, edition)
        sentence = gettext_noop(
            "Requirements not rated yet: %(pending)s. If none of them is met, the level is "
            "%(floor_title)s; if all are fully met, it is %(ceiling_title)s."
        )
    yield Step(rules.PENDING_KEEPS_A_FLOOR.code, sentence, facts)


def _result(score: Score, edition: Edition) -> Iterator[Step]:
    level = score.level
    if level.state == "determined":
        yield Step(
            rules.A_LEVEL_IS_REACHED.code,
            gettext_noop(
                "The level is %(level_title)s: the highest one all of whose tests are passed."
            ),
            _named("level", level.code, edition),
        )
    elif level.state == "none":
        for finding in score.findings:
            if finding.rule is not rules.EMPTY_PRINCIPLE_IS_SHOWN:
                yield Step(finding.code, _REASONS[finding.code], finding.facts)
    elif level.floor is None:
        yield _step(
            rules.PENDING_KEEPS_A_FLOOR,
            gettext_noop("The level is pending, and not even the lowest level is certain yet."),
        )
    else:
        yield Step(
            rules.PENDING_KEEPS_A_FLOOR.code,
            gettext_noop("The level is pending; %(floor_title)s is certain."),
            _named("floor", level.floor, edition),
        )


def _next(score: Score, edition: Edition, titles: Mapping[str, str]) -> Iterator[Step]:
    following = score.next_level
    if following is None:
        return
    facts = _named("level", following.code, edition)
    for principle, points in following.points_needed:
        sentence = gettext_noop(
            "For %(level_title)s, points missing in principle %(principle)s, %(title)s: %(points)s."
        )
        more = {"principle": principle, "title": titles[principle], "points": share_text(points)}
        yield Step(rules.NEXT_LEVEL_IS_SMALLEST_STEP.code, sentence, {**facts, **more})
    if following.critical_needed:
        sentence = gettext_noop(
            "For %(level_title)s, critical requirements to be rated, or rated better: %(requirements)s."
        )
        more = {"requirements": ", ".join(following.critical_needed)}
        yield Step(rules.NEXT_LEVEL_IS_SMALLEST_STEP.code, sentence, {**facts, **more})


def _named(name: str, code: str | None, edition: Edition) -> dict[str, str]:
    """Give a level's code and title as facts."""
    level = edition.level_by_code[code or ""]
    return {name: level.code, f"{name}_title": level.title}

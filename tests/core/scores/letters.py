"""Ratings written as letters, and small editions, for tests."""

import datetime
from dataclasses import replace

from core.scores.score_vectors import edition
from stannary.core.assessments import Verdict, rating_sheet
from stannary.core.kernel import DatedValue, Mark, Parameter
from stannary.core.scores import Score, score
from stannary.core.standards import Edition, Level, Rating

DAY = datetime.date(2026, 6, 1)
QUARTERS = edition("quarters")
LETTERS = {
    "f": Rating.FULLY,
    "s": Rating.SUBSTANTIALLY,
    "p": Rating.PARTIALLY,
    "n": Rating.NOT_MET,
    "-": Rating.NOT_RELEVANT,
    "?": Rating.PENDING,
}


def scored(letters: str, under: Edition = QUARTERS, as_of: datetime.date = DAY) -> Score:
    """Score ratings given as one letter a requirement, blanks between principles."""
    ratings = [LETTERS[letter] for letter in letters.replace(" ", "")]
    verdicts = [
        Verdict(requirement.id, rating, rationale="why")
        for requirement, rating in zip(under.requirements, ratings, strict=True)
    ]
    return score(rating_sheet(under, verdicts), as_of=as_of)


def constant(name: str, value: str | None) -> Parameter:
    mark = Mark.UNKNOWN if value is None else Mark.OWN
    return Parameter(name, "1", "", (DatedValue(value, "made up", mark, DAY),))


def with_levels(*levels: Level) -> Edition:
    return replace(QUARTERS, levels=levels)


def level(
    code: str, share: str | None = None, critical: str | None = None, every: str | None = None
) -> Level:
    return Level(
        code,
        code,
        "",
        constant("min_principle_share", share) if share else None,
        constant("critical_at_least", critical) if critical else None,
        constant("all_at_least", every) if every else None,
    )

"""Small random standards and ratings, full of ties, for the oracle and for the program."""

import datetime
from fractions import Fraction
from random import Random

from core.scores.oracle import WORDS, NaiveLevel, NaiveRequirement, NaiveStandard
from stannary.core.assessments import RatingSheet, Verdict, rating_sheet
from stannary.core.kernel import DatedValue, Mark, Parameter
from stannary.core.standards import (
    Chapter,
    Edition,
    Level,
    Principle,
    Rating,
    RatingDefinition,
    Requirement,
)

DAY = datetime.date(2026, 6, 1)
SCALES = [
    ("1", "0.75", "0.5", "0"),
    ("1", "3/4", "1/2", "0"),
    ("1", "2/3", "1/3", "0"),
    ("2", "1.5", "1", "0"),
    ("4", "3", "2", "1"),
    ("1", "1", "1/2", "1/2"),
    ("3", "1", "1", "0"),
    ("1", "0.7500000000001", "0.7499999999999", "0"),
]
SHARES = ["0", "1/4", "1/3", "0.5", "0.5", "2/3", "0.75", "0.75", "7/8", "1"]
PENDING_MOST = [0] * 90 + [1] * 56 + [2] * 34 + [3] * 16 + [4] * 3 + [5]
"""How many are pending; five of them have 3125 endings, so that they are rare."""


def random_standard(random: Random) -> NaiveStandard:
    """Make a standard whose levels are nested, as `check_edition` demands."""
    principles = [str(n + 1) for n in range(random.randint(1, 4))]
    chapters = [
        (f"{principle}.{n + 1}", principle)
        for principle in principles
        for n in range(random.choice([0, 1, 1, 1, 2]))
    ] or [("1.1", "1")]
    requirements = [
        NaiveRequirement(f"{chapter}.1.{n + 1}", chapter, principle, random.random() < 0.3)
        for chapter, principle in chapters
        for n in range(random.randint(1, 3))
    ]
    scale = dict(zip(WORDS, map(Fraction, random.choice(SCALES)), strict=True))
    if random.random() < 0.02:
        del scale[random.choice(WORDS)]
    return NaiveStandard(
        principles=tuple(principles),
        chapters=tuple(chapters),
        requirements=tuple(requirements),
        points=scale,
        levels=random_levels(random),
        complete=random.random() > 0.02,
    )


def random_levels(random: Random) -> tuple[NaiveLevel, ...]:
    count = random.randint(1, 4)
    shares = sorted(Fraction(random.choice(SHARES)) for _ in range(count))
    critical = sorted((random.randint(0, 4) for _ in range(count)), reverse=True)
    every = sorted((random.choice([0, 1, 2, 3, 4, 4, 4]) for _ in range(count)), reverse=True)
    names = [*WORDS, None]
    levels = []
    for n in range(count):
        share: Fraction | str | None = shares[n]
        if shares[n] == 0 and random.random() < 0.8:
            share = None
        if random.random() < 0.005:
            share = "?"
        levels.append(NaiveLevel(f"X-{n}", share, names[critical[n]], names[every[n]]))
    return tuple(levels)


def random_ratings(random: Random, standard: NaiveStandard) -> dict[str, str]:
    """Rate: at most five requirements are pending, named as such or left out."""
    names = [x.id for x in standard.requirements]
    moods = [WORDS, WORDS[:3], ["fully"], ["substantially"], ["partially"], ["fully", "not_met"]]
    mood = random.choice(moods)
    left_out = random.choice([0.0, 0.0, 0.0, 0.1, 0.2, 0.9, 1.0])
    ratings = {
        name: "not_relevant" if random.random() < left_out else random.choice(mood)
        for name in names
    }
    for name in random.sample(names, min(len(names), random.choice(PENDING_MOST))):
        if random.random() < 0.5:
            ratings[name] = "pending"
        else:
            del ratings[name]
    return ratings


def as_edition(standard: NaiveStandard) -> Edition:
    def constant(name: str, value: object) -> Parameter:
        known = None if value == "?" else str(value)
        mark = Mark.UNKNOWN if known is None else Mark.OWN
        return Parameter(name, "1", "", (DatedValue(known, "made up", mark, DAY),))

    def test(name: str, value: object) -> Parameter | None:
        return None if value is None else constant(name, value)

    return Edition(
        kind="assurance",
        publisher="vectors",
        standard="random",
        edition="1",
        title="Random",
        short_title="Random",
        summary="",
        language="en",
        licence="CC0-1.0",
        in_force_from=datetime.date(2026, 1, 1),
        requirements_complete=standard.complete,
        texts="outline",
        principles=tuple(Principle(x, f"P{x}", "made up", Mark.OWN) for x in standard.principles),
        chapters=tuple(
            Chapter(chapter, principle, f"C{chapter}", "made up", Mark.OWN)
            for chapter, principle in standard.chapters
        ),
        requirements=tuple(
            Requirement(x.id, x.chapter, f"R{x.id}", "", x.critical, "", "", "", "", Mark.OWN)
            for x in standard.requirements
        ),
        ratings=tuple(
            RatingDefinition(Rating(word), word, constant("points", standard.points.get(word, "?")))
            for word in WORDS
        ),
        levels=tuple(
            Level(
                x.code,
                x.code,
                "",
                test("min_principle_share", x.share),
                test("critical_at_least", x.critical),
                test("all_at_least", x.every),
            )
            for x in standard.levels
        ),
    )


def as_sheet(edition: Edition, ratings: dict[str, str]) -> RatingSheet:
    verdicts = (Verdict(name, Rating(word), rationale="why") for name, word in ratings.items())
    return rating_sheet(edition, verdicts)

"""What the engines and the core rule say of the same assessments, side by side."""

import datetime
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, get_args

import numpy as np

from stannary.core.assessments import RatingSheet, Verdict
from stannary.core.scores import score
from stannary.core.standards import Edition
from stannary.engines.scoring import CODES, EngineName, Scores, codes_of, score_many

ENGINES: tuple[EngineName, ...] = get_args(EngineName)
RATINGS = {code: rating for rating, code in CODES.items()}


def sheet_of(edition: Edition, codes: Sequence[int]) -> RatingSheet:
    """Make the sheet that a row of codes stands for."""
    return RatingSheet(
        edition,
        {
            requirement.id: Verdict(requirement.id, RATINGS[code], rationale="why")
            for requirement, code in zip(edition.requirements, codes, strict=True)
        },
    )


def of_engine(scores: Scores, n: int) -> dict[str, Any]:
    """What an engine says of one assessment, in points."""
    per_point = scores.plan.scale.per_point
    principles = range(len(scores.plan.sizes))
    return {
        "level": scores.level(n),
        "points": [Fraction(int(scores.given[n][k]), per_point) for k in principles],
        "possible": [Fraction(int(scores.possible[n][k]), per_point) for k in principles],
        "share": [scores.share(n, k) for k in principles],
        "pending": [int(scores.pending[n][k]) for k in principles],
        "not_relevant": [int(scores.not_relevant[n][k]) for k in principles],
    }


def of_core(sheet: RatingSheet, as_of: datetime.date) -> dict[str, Any]:
    """The same from the core rule."""
    outcome = score(sheet, as_of=as_of)
    names = ("points", "possible", "share", "pending", "not_relevant")
    tallies = {name: [getattr(x, name) for x in outcome.principles] for name in names}
    return {"level": outcome.level, **tallies}


def disagreements(sheets: Sequence[RatingSheet], as_of: datetime.date) -> list[str]:
    """Score sheets of one edition by every engine, both ways round, and by the core rule."""
    edition = sheets[0].edition
    rows = b"".join(codes_of(sheet) for sheet in sheets)
    table = np.frombuffer(rows, np.uint8).reshape(len(sheets), len(edition.requirements))
    wanted = [of_core(sheet, as_of) for sheet in sheets]
    found = []
    for engine in ENGINES:
        for layout in (table, np.asfortranarray(table)):
            scores = score_many(edition, layout, as_of=as_of, engine=engine)
            found += [
                f"{engine}: {codes_of(sheet)!r}: core {want}, engine {got}"
                for n, (sheet, want) in enumerate(zip(sheets, wanted, strict=True))
                if (got := of_engine(scores, n)) != want
            ]
    return found

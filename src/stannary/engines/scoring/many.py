"""Scoring a whole table of ratings with the fastest engine there is.

Rules: ENGINE-001 to ENGINE-003.
"""

import datetime
import importlib
from typing import get_args

from stannary.core.kernel import refuse
from stannary.core.standards import Edition
from stannary.engines import rules
from stannary.engines.scoring import pure
from stannary.engines.scoring.codes import Ratings, table_of
from stannary.engines.scoring.outcomes import EngineName, Scores
from stannary.engines.scoring.plans import plan_of

MOST_IN_64_BITS = 2**63 - 1


def score_many(
    edition: Edition,
    ratings: Ratings,
    *,
    as_of: datetime.date,
    engine: EngineName | None = None,
) -> Scores:
    """Score many assessments of one edition with the points and thresholds in force on a day.

    Every number that decides is a whole number; shares reach thresholds exactly (SCORE-008), and
    floors and ceilings follow the core rule (SCORE-011). All engines give the same.

    An array of numpy in Fortran's order, in which the ratings of one requirement lie side by
    side, is read fastest: about four times as fast as rows.

    Args:
        edition: Sound by `check_edition`.
        ratings: Codes as in `CODES`, one byte for each requirement in the edition's order: bytes
            of one assessment after the other, or a table with a row for each, such as an array
            of numpy of type uint8. It is not changed.
        as_of: The day; an earlier one than the edition's first takes its first values.
        engine: "numba", "numpy" or "python"; None takes the first of them that is installed.
            Numbers beyond 64 bits are always counted in Python.

    Returns:
        The scores, in the order of the ratings. No assessment has a level when the edition can
        give none; `plan.reasons` then says why.

    Raises:
        RefusalError: ENGINE-001 if the ratings are not bytes as wide as the edition, ENGINE-002
            if a code is unknown, ENGINE-003 if an engine is asked for that is not installed,
            KERNEL-004 if a constant of the edition has the wrong kind.

    Example:
        >>> from stannary.formats.packs import find_pack, load_pack
        >>> edition = load_pack(find_pack("stannary/open-mining/0.1"))
        >>> all_fully, all_partially = bytes(115), bytes([2] * 115)
        >>> day = datetime.date(2026, 6, 1)
        >>> scores = score_many(edition, all_fully + all_partially, as_of=day, engine="python")
        >>> scores.level(0).code, scores.share(1, principle=0)
        ('OPEN-100', Fraction(1, 2))
    """
    chosen = _engine(engine)
    plan = plan_of(edition, as_of=as_of)
    table, many = table_of(plan, ratings)
    if chosen == "python" or plan.most > MOST_IN_64_BITS or not edition.requirements:
        return pure.score_bytes(plan, table, many)
    from stannary.engines.scoring import arrays  # noqa: PLC0415 - needs an optional extra

    return arrays.score_table(plan, table, many, compiled=chosen == "numba")


def _engine(asked: EngineName | None) -> EngineName:
    """Give the engine that is asked for, or the fastest; refuse one that cannot be had."""
    names: tuple[EngineName, ...] = get_args(EngineName)
    if asked is not None and asked not in names:
        refuse(rules.ENGINE_IS_INSTALLED, engine=str(asked)[:40], known=", ".join(names))
    found = (x for x in names if asked in (None, x) and (x == "python" or _is_installed(x)))
    name = next(found, None)
    if name is None:
        refuse(rules.ENGINE_IS_INSTALLED, engine=str(asked), missing="package")
    return name


def _is_installed(package: str) -> bool:
    try:
        importlib.import_module(package)
    except ImportError:
        return False
    return True

"""Where gap reports find published ratings, without knowing the app that publishes them.

Crosswalks stand below publications. So the publications app names itself here when it starts.
"""

import datetime
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from stannary.core.standards import Rating


@dataclass(frozen=True, slots=True)
class Rated:
    """A published result, as far as a gap report needs it.

    Attributes:
        result_id: Of the result.
        site: Name of the site.
        illustrative: Whether it is made up.
        standard: Id of the edition.
        published_on: Day of release.
        ratings: By requirement; empty in a list.
    """

    result_id: uuid.UUID
    site: str
    illustrative: bool
    standard: str
    published_on: datetime.date
    ratings: Mapping[str, Rating]


@dataclass(frozen=True, slots=True)
class Source:
    """Who knows published results.

    Attributes:
        one: Gives a result; None if there is none of this id.
        under: Gives the newest results under any of some editions, without ratings.
    """

    one: Callable[[uuid.UUID], Rated | None]
    under: Callable[[Sequence[str], int], tuple[Rated, ...]]


_source = [Source(lambda _result_id: None, lambda _editions, _most: ())]


def answer_with(source: Source) -> None:
    """Say who knows the results."""
    _source[0] = source


def one(result_id: uuid.UUID) -> Rated | None:
    """Give a published result with its ratings; None if there is none of this id."""
    return _source[0].one(result_id)


def under(editions: Sequence[str], *, most: int) -> tuple[Rated, ...]:
    """Give the newest results under any of some editions, at most so many."""
    return _source[0].under(editions, most)

"""Which of a firm's figures count on a day."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from stannary.core.kernel import add_months

COUNT_FOR_MONTHS = 18
"""Our own choice: accounts of a year are there half a year after its end, and serve for a year."""


@dataclass(frozen=True, slots=True)
class YearFigures:
    """What a firm earned in one financial year, in one currency.

    Attributes:
        ended_on: Last day of the financial year.
        from_operator: From the operator and its group, 0 or more.
        in_all: From everybody, above 0.
    """

    ended_on: datetime.date
    from_operator: int
    in_all: int


def last_year(figures: Iterable[YearFigures], *, on: datetime.date) -> YearFigures | None:
    """Give the figures of the last financial year that had ended on a day.

    Args:
        figures: Of one firm and one operator; of two for the same year the first counts.
        on: The day.

    Returns:
        None when there are none, or when the newest are older than `COUNT_FOR_MONTHS` months: then
        the firm has not given the figures of its last year. The last day is itself included.
    """
    ended = [one for one in figures if one.ended_on <= on]
    newest = max(ended, key=lambda one: one.ended_on, default=None)
    if newest is None or on > add_months(newest.ended_on, COUNT_FOR_MONTHS):
        return None
    return newest

"""Balance periods: how the calendar is divided, and which period a day lies in.

Rules: CUSTODY-070, CUSTODY-071.
"""

import datetime
from dataclasses import dataclass

from stannary.core.custody.parameters import CustodyRules
from stannary.core.kernel import InvariantError, add_months

FIRST_DAY = datetime.date(2000, 1, 1)
"""From this day on periods are counted, so that those of 12 months are calendar years."""


@dataclass(frozen=True, slots=True, order=True)
class BalancePeriod:
    """A balance period.

    Attributes:
        valid_from: Its first day.
        valid_until: The first day after it.
    """

    valid_from: datetime.date
    valid_until: datetime.date

    def __str__(self) -> str:
        return f"{self.valid_from.isoformat()}/{self.valid_until.isoformat()}"

    def holds(self, day: datetime.date) -> bool:
        """Tell whether a day lies in the period."""
        return self.valid_from <= day < self.valid_until


AVERAGED = "rolling_average_months"


def period_of(
    day: datetime.date, allowed: CustodyRules, *, averaged: bool = False
) -> BalancePeriod:
    """Give the balance period in which a day lies.

    Args:
        day: The day; may lie before the year 2000.
        allowed: The constants of a pack.
        averaged: Whether it is that of a rolling average, for which a pack may name a length of its own.

    Raises:
        RefusalError: CUSTODY-070 if the pack does not know how long periods are or how they are
            laid, CUSTODY-071 if it names another way.
    """
    own = averaged and AVERAGED in allowed.constants
    months = allowed.whole(AVERAGED if own else "balance_period_months")
    allowed.word("balance_opening_and_closing", ("calendar",))
    return calendar_period(day, months)


def calendar_period(day: datetime.date, months: int) -> BalancePeriod:
    """Give the period of so many months in which a day lies, counted from the year 2000.

    Raises:
        InvariantError: For periods of no month.

    Example:
        >>> str(calendar_period(datetime.date(2026, 6, 30), 12))
        '2026-01-01/2027-01-01'
        >>> str(calendar_period(datetime.date(2026, 7, 1), 6))
        '2026-07-01/2027-01-01'
    """
    if months < 1:
        raise InvariantError("a balance period has at least one month")
    since = 12 * (day.year - FIRST_DAY.year) + day.month - 1
    begin = add_months(FIRST_DAY, since // months * months)
    return BalancePeriod(begin, add_months(begin, months))

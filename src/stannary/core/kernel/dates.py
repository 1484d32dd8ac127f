"""Dates that may be known only to the month or the year, and calendar steps.

Rules: KERNEL-002. "Now" is always an argument.
"""

import calendar
import datetime
import re
from dataclasses import dataclass

from stannary.core.kernel.rules import DATE_IS_PARTIAL_OR_FULL, InvariantError, Place, refuse

_FORM = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date of which year, month or day may be unknown.

    Attributes:
        year: 1 to 9999.
        month: 1 to 12, or 0 when unknown.
        day: 1 to 31, or 0 when unknown.
    """

    year: int
    month: int = 0
    day: int = 0

    def __post_init__(self) -> None:
        """Raise InvariantError for a day that does not exist, or a day without its month."""
        try:
            datetime.date(self.year, self.month or 1, self.day or 1)
        except ValueError as problem:
            raise InvariantError("a date that does not exist") from problem
        if self.day and not self.month:
            raise InvariantError("a date with a day and without a month")

    @classmethod
    def parse(cls, text: str, *, at: Place | None = None) -> "PartialDate":
        """Read YYYY, YYYY-MM or YYYY-MM-DD.

        Raises:
            RefusalError: KERNEL-002 for another form or a day that does not exist.

        Example:
            >>> PartialDate.parse("2024-06").last
            datetime.date(2024, 6, 30)
        """
        form = _FORM.fullmatch(text)
        if form is None:
            refuse(DATE_IS_PARTIAL_OR_FULL, at=at, value=text[:40] or "(empty)")
        try:
            datetime.date(int(form[1]), int(form[2] or 1), int(form[3] or 1))
        except ValueError:
            refuse(DATE_IS_PARTIAL_OR_FULL, at=at, value=text)
        return cls(*(int(part or 0) for part in form.groups()))

    @property
    def first(self) -> datetime.date:
        """The earliest day that it may mean."""
        return datetime.date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> datetime.date:
        """The latest day that it may mean."""
        month = self.month or 12
        return datetime.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def is_exact(self) -> bool:
        """Whether the day is known."""
        return self.day != 0

    def __str__(self) -> str:
        parts = [f"{self.year:04d}"]
        if self.month:
            parts.append(f"{self.month:02d}")
        if self.day:
            parts.append(f"{self.day:02d}")
        return "-".join(parts)


def add_months(start: datetime.date, months: int) -> datetime.date:
    """Step whole months; a day that the month lacks becomes its last day.

    Example:
        >>> add_months(datetime.date(2024, 2, 7), 18), add_months(datetime.date(2024, 8, 31), 6)
        (datetime.date(2025, 8, 7), datetime.date(2025, 2, 28))
    """
    years, month0 = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month0 + 1
    return datetime.date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def add_years(start: datetime.date, years: int) -> datetime.date:
    """Step whole years; 29 February becomes 28 February where there is none."""
    return add_months(start, 12 * years)

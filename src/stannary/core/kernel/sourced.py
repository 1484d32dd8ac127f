"""Constants that say where they come from, how sure we are, and since when they hold.

Rules: KERNEL-003, KERNEL-004, KERNEL-005.
"""

import datetime
import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from stannary.core.kernel.rules import (
    MARK_IS_KNOWN,
    VALUE_HAS_ITS_KIND,
    VALUES_ARE_IN_ORDER,
    Finding,
    Place,
    refuse,
)


class Mark(StrEnum):
    """How sure we are of a fact; the rulebook's marks."""

    SEEN = "S"
    SECONDARY = "S2"
    SEED = "SEED"
    SEED_SEEN = "SEED+S"
    SEED_SECONDARY = "SEED+S2"
    DEDUCED = "D"
    GENERAL = "GK"
    UNKNOWN = "?"
    OWN = "own"

    @classmethod
    def parse(cls, text: str, *, at: Place | None = None) -> "Mark":
        """Read a mark.

        Raises:
            RefusalError: KERNEL-003 for an unknown mark.
        """
        try:
            return cls(text)
        except ValueError:
            refuse(MARK_IS_KNOWN, at=at, mark=text[:40])

    @property
    def is_placeholder(self) -> bool:
        """Whether a value with this mark only stands in for one that nobody here has read."""
        return self in (Mark.GENERAL, Mark.UNKNOWN)


Value = str | int | bool

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+|/0*[1-9][0-9]*)?")


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One value of a constant, in force from a day on.

    Attributes:
        value: What it is; None when it is unknown.
        source: Where it was read.
        mark: How sure we are.
        as_of: The day on which it was looked up.
        valid_from: First day on which it is in force; None: since the edition is.
    """

    value: Value | None
    source: str
    mark: Mark
    as_of: datetime.date
    valid_from: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A constant of a standard, with every value that it has had.

    Attributes:
        name: As in the pack: "surveillance_from_months".
        unit: "month", "day", "1" for a pure number, "" for a word.
        summary: What it governs.
        values: In the order they came into force, two never on one day; never empty. Only the
            first may leave out its day.
    """

    name: str
    unit: str
    summary: str
    values: tuple[DatedValue, ...]
    at: Place | None = None

    def on(self, day: datetime.date) -> DatedValue:
        """Give the value in force on a day: the last that began on or before it.

        A day before the first value gives the first value.
        """
        found = self.values[0]
        for value in self.values[1:]:
            if value.valid_from is not None and value.valid_from <= day:
                found = value
        return found

    def whole_on(self, day: datetime.date) -> int | None:
        """Give the value as a whole number, 0 or more; None when it is unknown.

        Raises:
            RefusalError: KERNEL-004 if it is not a whole number.
        """
        value = self.on(day).value
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            refuse(
                VALUE_HAS_ITS_KIND,
                at=self.at,
                name=self.name,
                value=str(value),
                kind="whole number",
            )
        return value

    def fraction_on(self, day: datetime.date) -> Fraction | None:
        """Give the value as an exact fraction, 0 or more; None when it is unknown.

        Raises:
            RefusalError: KERNEL-004 if it is not a number written as text or a whole number.
        """
        value = self.on(day).value
        return None if value is None else as_fraction(value, name=self.name, at=self.at)

    def word_on(self, day: datetime.date) -> str | None:
        """Give the value as text; None when it is unknown."""
        value = self.on(day).value
        return None if value is None else str(value)


def as_fraction(value: Value, *, name: str, at: Place | None = None) -> Fraction:
    """Read a number that a pack holds as text ("0.75", "3/4") or as a whole number.

    Raises:
        RefusalError: KERNEL-004 if it is neither, or negative, or longer than 40 characters.
    """
    whole_beyond_reason = isinstance(value, int) and abs(value) >= 10**40
    text = "1e40 or more" if whole_beyond_reason else str(value)
    if isinstance(value, bool) or len(text) > 40 or not _NUMBER.fullmatch(text):
        refuse(VALUE_HAS_ITS_KIND, at=at, name=name, value=text[:40], kind="number, 0 or more")
    return Fraction(text)


def check_order(parameter: Parameter) -> tuple[Finding, ...]:
    """Check that each value but the first has a day, later than the one before (KERNEL-005)."""
    found = []
    before = parameter.values[0]
    for value in parameter.values[1:]:
        earliest = before.valid_from or datetime.date.min
        if value.valid_from is None or value.valid_from <= earliest:
            facts = {
                "name": parameter.name,
                "from": value.valid_from.isoformat() if value.valid_from else "left out",
                "after": before.valid_from.isoformat() if before.valid_from else "left out",
            }
            found.append(Finding(VALUES_ARE_IN_ORDER, facts, parameter.at))
        before = value
    return tuple(found)

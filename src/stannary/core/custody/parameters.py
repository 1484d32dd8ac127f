"""What a custody pack decides for a replay."""

import datetime
from dataclasses import dataclass
from fractions import Fraction

from stannary.core.standards import Edition

MASS_FACTOR = "transform_mass_factor_max"


@dataclass(frozen=True, slots=True)
class CustodyRules:
    """The constants that a replay needs.

    Attributes:
        transform_mass_factor_max: A transformation may put out at most this many times the
            mass that went in, this included; 0 or more. Water, oxygen or carbonate that a
            process binds can make it larger than 1.
    """

    transform_mass_factor_max: Fraction = Fraction(1)

    @classmethod
    def from_edition(cls, edition: Edition, day: datetime.date) -> "CustodyRules":
        """Take the constants in force on a day from a pack.

        A constant that the pack does not name, or does not know, keeps its default.

        Raises:
            RefusalError: KERNEL-004 if the pack's value is not a number.
        """
        parameter = edition.parameters.get(MASS_FACTOR)
        factor = None if parameter is None else parameter.fraction_on(day)
        return cls() if factor is None else cls(transform_mass_factor_max=factor)


DEFAULT_RULES = CustodyRules()
"""No mass appears: the factor is 1."""

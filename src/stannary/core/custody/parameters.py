"""What a custody pack decides for a replay.

Rules: CUSTODY-018, KERNEL-004.
"""

import datetime
from dataclasses import dataclass
from fractions import Fraction

from stannary.core.custody import rules
from stannary.core.kernel import refuse
from stannary.core.kernel.rules import VALUE_HAS_ITS_KIND
from stannary.core.standards import Edition

MASS_FACTOR = "transform_mass_factor_max"
UPGRADE = "model_upgrade_allowed"


@dataclass(frozen=True, slots=True)
class CustodyRules:
    """The constants that a replay needs.

    Attributes:
        transform_mass_factor_max: A transformation may put out at most this many times the
            mass that went in, this included; 0 or more. Water, oxygen or carbonate that a
            process binds can make it larger than 1.
        model_upgrade_allowed: Whether material may pass to a stronger model (CUSTODY-016).
    """

    transform_mass_factor_max: Fraction = Fraction(1)
    model_upgrade_allowed: bool = False

    @classmethod
    def from_edition(cls, edition: Edition, day: datetime.date) -> "CustodyRules":
        """Take the constants in force on a day from a pack.

        A constant that the pack does not name, or does not know, keeps its default.

        Raises:
            RefusalError: CUSTODY-018 if the pack is not one of custody. KERNEL-004 if a value
                is not of its kind.
        """
        if edition.kind != "custody":
            refuse(rules.PACK_IS_OF_CUSTODY, at=edition.at, pack=edition.id, kind=edition.kind)
        parameter = edition.parameters.get(MASS_FACTOR)
        factor = None if parameter is None else parameter.fraction_on(day)
        return cls(
            transform_mass_factor_max=DEFAULT_RULES.transform_mass_factor_max
            if factor is None
            else factor,
            model_upgrade_allowed=_upgrade(edition, day),
        )


def _upgrade(edition: Edition, day: datetime.date) -> bool:
    parameter = edition.parameters.get(UPGRADE)
    value = None if parameter is None else parameter.on(day).value
    if parameter is None or value is None:
        return DEFAULT_RULES.model_upgrade_allowed
    if not isinstance(value, bool):
        facts = {"name": UPGRADE, "value": str(value), "kind": "true or false"}
        refuse(VALUE_HAS_ITS_KIND, at=parameter.at, **facts)
    return value


DEFAULT_RULES = CustodyRules()
"""The strictest: no mass appears, no model rises."""

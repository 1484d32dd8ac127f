"""What a custody pack decides for a replay, and for the accounts over it.

Rules: CUSTODY-018, CUSTODY-070, CUSTODY-071, KERNEL-004.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NoReturn

from stannary.core.custody import rules
from stannary.core.kernel import Mark, Place, Value, as_fraction, refuse
from stannary.core.kernel.rules import VALUE_HAS_ITS_KIND
from stannary.core.standards import Edition

MASS_FACTOR = "transform_mass_factor_max"
UPGRADE = "model_upgrade_allowed"


@dataclass(frozen=True, slots=True)
class Constant:
    """A value of a pack on one day; a value of None is not known."""

    value: Value | None
    mark: Mark
    source: str
    at: Place | None = None


@dataclass(frozen=True, slots=True)
class CustodyRules:
    """The constants of a pack on a day.

    The first two have a default, the strictest. Every other one is asked for where an act needs
    it, and refused there if the pack does not know it: nothing has a silent default.

    Attributes:
        transform_mass_factor_max: A transformation may put out at most this many times the
            mass that went in, this included; 0 or more. Water, oxygen or carbonate that a
            process binds can make it larger than 1.
        model_upgrade_allowed: Whether material may pass to a stronger model (CUSTODY-016).
        constants: Every other constant of the pack by name.
        pack: Id of the pack; "" for none.
        on: The day; None for none.
    """

    transform_mass_factor_max: Fraction = Fraction(1)
    model_upgrade_allowed: bool = False
    constants: Mapping[str, Constant] = field(default_factory=dict, compare=False)
    pack: str = field(default="", compare=False)
    on: datetime.date | None = field(default=None, compare=False)

    @classmethod
    def from_edition(cls, edition: Edition, day: datetime.date) -> "CustodyRules":
        """Take the constants in force on a day from a pack.

        Raises:
            RefusalError: CUSTODY-018 if the pack is not one of custody. KERNEL-004 if a value
                is not of its kind.
        """
        if edition.kind != "custody":
            refuse(rules.PACK_IS_OF_CUSTODY, at=edition.at, pack=edition.id, kind=edition.kind)
        parameter = edition.parameters.get(MASS_FACTOR)
        factor = None if parameter is None else parameter.fraction_on(day)
        constants = {}
        for name, one in edition.parameters.items():
            dated = one.on(day)
            constants[name] = Constant(dated.value, dated.mark, dated.source, one.at)
        return cls(
            transform_mass_factor_max=DEFAULT_RULES.transform_mass_factor_max
            if factor is None
            else factor,
            model_upgrade_allowed=_upgrade(edition, day),
            constants=constants,
            pack=edition.id,
            on=day,
        )

    def knows(self, name: str) -> bool:
        """Tell whether the pack has a value for a constant."""
        return name in self.constants and self.constants[name].value is not None

    def whole(self, name: str) -> int:
        """Give a constant that is a whole number, 0 or more.

        Raises:
            RefusalError: CUSTODY-070 if it is not known. KERNEL-004 if it is something else.
        """
        value = self._known(name)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self._wrong(name, "whole number")
        return value

    def share(self, name: str) -> Fraction:
        """Give a constant that is a number, 0 or more, exactly.

        Raises:
            RefusalError: CUSTODY-070 if it is not known. KERNEL-004 if it is something else.
        """
        return as_fraction(self._known(name), name=name, at=self.constants[name].at)

    def milligrams_or_none(self, name: str) -> Fraction | None:
        """Give a constant in kilograms as milligrams, 0 or more; None if the pack has none of this name.

        Raises:
            RefusalError: CUSTODY-070 if the pack has it and does not know its value. KERNEL-004 if
                it is something else.
        """
        return self.share(name) * 1_000_000 if name in self.constants else None

    @property
    def closing_deficit_max_mg(self) -> int:
        """How far below nothing an account may be when a period is closed; 0 if the pack has none.

        Raises:
            RefusalError: CUSTODY-070, KERNEL-004 as for every other constant.
        """
        return int(self.milligrams_or_none("closing_deficit_max_kg") or 0)

    def word(self, name: str, known: Sequence[str]) -> str:
        """Give a constant that is one of some words.

        Raises:
            RefusalError: CUSTODY-070 if it is not known. CUSTODY-071 if this program does not
                know what the word asks for.
        """
        return self.words(name, known, at_most=1)[0]

    def words(self, name: str, known: Sequence[str], *, at_most: int = 100) -> tuple[str, ...]:
        """Give a constant that is a list of words, blanks between them; see `word`."""
        found = tuple(str(self._known(name)).split())
        if not 1 <= len(found) <= at_most or any(word not in known for word in found):
            refuse(
                rules.WORD_OF_PACK_IS_UNDERSTOOD,
                at=self.constants[name].at,
                pack=self.pack,
                constant=name,
                value=" ".join(found)[:80] or "(empty)",
                known=", ".join(known),
            )
        return found

    def _known(self, name: str) -> Value:
        constant = self.constants.get(name)
        if constant is None or constant.value is None:
            refuse(
                rules.CONSTANT_IS_KNOWN,
                at=None if constant is None else constant.at,
                constant=name,
                pack=self.pack or "none",
                on="no day" if self.on is None else self.on.isoformat(),
                mark="not in the pack" if constant is None else str(constant.mark),
            )
        return constant.value

    def _wrong(self, name: str, kind: str) -> NoReturn:
        one = self.constants[name]
        facts = {"name": name, "value": str(one.value)[:40], "kind": kind}
        refuse(VALUE_HAS_ITS_KIND, at=one.at, **facts)


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
"""The strictest: no mass appears, no model rises, and nothing else is known."""

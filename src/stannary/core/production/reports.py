"""Lines of production reports, and the sizes of the units in which they are written.

Rules: PRODUCTION-001 to PRODUCTION-003, PRODUCTION-005.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from stannary.core.kernel import MASS_MAX_MG, Place, refuse
from stannary.core.production import rules


class Stage(StrEnum):
    """What a mass of mineral is, on the way from the pit to the metal."""

    ORE = "ore"
    CONCENTRATE = "concentrate"


@dataclass(frozen=True, slots=True)
class Where:
    """What must be the same in two lines for one to be made of the other.

    Attributes:
        facility: The mine, as the report calls it.
        part: A part of it; "" for the whole.
        mining: Kind of mining, for example "open pit"; "" if none is given.
        year: For which the quantities are.
    """

    facility: str
    part: str
    mining: str
    year: int


@dataclass(frozen=True, slots=True)
class OreReport:
    """A mass of ore that was processed, or of concentrate that was made.

    Attributes:
        name: Of the ore or the concentrate, for example "Copper ore".
        mass_mg: Dry, in milligrams.
        share: Of the site's production that the figure covers, 1 for all.
        at: Where it was read.
    """

    where: Where
    stage: Stage
    name: str
    mass_mg: int
    share: Fraction
    at: Place


@dataclass(frozen=True, slots=True)
class MetalReport:
    """Metal that was recovered from an ore or is contained in a concentrate.

    Attributes:
        ore: Name of that ore or concentrate; its stage is that of the name.
        metal: For example "Copper".
        mass_mg: None if the line gives a grade only.
        grade: Of the ore or the concentrate, above 0, at most 1; None if none can be read.
        recovery: As reported, 0.92 for 92 %; None if none is.
        share: As in `OreReport`.
        at: Where it was read.
    """

    where: Where
    ore: str
    metal: str
    mass_mg: int | None
    grade: Fraction | None
    recovery: Fraction | None
    share: Fraction
    at: Place

    @property
    def stage(self) -> Stage:
        """What the metal is in or from."""
        return Stage.CONCENTRATE if "concentrate" in self.ore.lower() else Stage.ORE


@dataclass(frozen=True, slots=True)
class ProcessReport:
    """What a smelter or a refinery took in and put out in a year; contents are not reported.

    Attributes:
        input: Material that went in.
        output: Material that came out.
        input_mg: Dry mass in milligrams.
        output_mg: Dry mass in milligrams.
        at: Where it was read.
    """

    where: Where
    input: str
    output: str
    input_mg: int
    output_mg: int
    at: Place


_POUND = Fraction("453592.37")
_OUNCE = Fraction("31103.4768")
_SIZES: Mapping[str, Fraction] = {
    "tonne": Fraction(10**9),
    "short ton": 2000 * _POUND,
    "long ton": 2240 * _POUND,
    "pound": _POUND,
    "troy ounce": _OUNCE,
    "kilogram": Fraction(10**6),
    "gram": Fraction(1000),
    "carat": Fraction(200),
}
"""Milligrams in one. Pound and troy ounce are exact by definition."""
_NAMES: Mapping[str, str] = {
    "t": "tonne",
    "dmt": "tonne",
    "tonne": "tonne",
    "tonnes": "tonne",
    "metric ton": "tonne",
    "metric tons": "tonne",
    "metric tonne": "tonne",
    "metric tonnes": "tonne",
    "st": "short ton",
    "short ton": "short ton",
    "short tons": "short ton",
    "lt": "long ton",
    "long tons": "long ton",
    "long tonnes": "long ton",
    "lb": "pound",
    "lbs": "pound",
    "pound": "pound",
    "pounds": "pound",
    "ozt": "troy ounce",
    "troy oz": "troy ounce",
    "troy ounce": "troy ounce",
    "troy ounces": "troy ounce",
    "fine ounces": "troy ounce",
    "kg": "kilogram",
    "kilogram": "kilogram",
    "kilograms": "kilogram",
    "g": "gram",
    "grams": "gram",
    "ct": "carat",
    "carats": "carat",
}
_OUNCES = ("oz", "ounce", "ounces")
_PRECIOUS = ("gold", "silver", "platinum", "palladium", "rhodium", "ruthenium", "iridium", "pgm")
"""Metals whose ounces are troy ounces by the custom of the trade."""
_TIMES: Mapping[str, int] = {
    "": 1,
    "k": 10**3,
    "kilo": 10**3,
    "000": 10**3,
    "thousand": 10**3,
    "thousands of": 10**3,
    "m": 10**6,
    "million": 10**6,
    "millions": 10**6,
    "millions of": 10**6,
    "billion": 10**9,
}
_WORDS = re.compile(
    r"(000|kilo|thousands? of|thousand|millions? of|millions|million|billion|k|m)? ?(.+)"
)
_WET = re.compile(r"\bwet\b|\b[km]?wmt\b|\bwlt\b")


def mass_mg(value: Fraction | None, unit: str, *, metal: str = "", at: Place) -> int:
    """Give a quantity in whole milligrams, cut.

    Args:
        value: As reported.
        unit: As it is written, for example "thousand short tons".
        metal: For ounces: those of precious metals are troy ounces.
        at: Where it was read.

    Raises:
        RefusalError: PRODUCTION-001 without a quantity above zero or beyond 9·10^18 milligrams,
            PRODUCTION-002 for a unit that is none of mass or may be several, PRODUCTION-003 for
            a wet mass.

    Example:
        >>> mass_mg(Fraction("1.5"), "kt", at=Place("report"))
        1500000000000
    """
    if value is None or value <= 0:
        refuse(rules.QUANTITY_IS_REPORTED, at=at, value="none" if value is None else str(value))
    words = " ".join(unit.lower().split())
    if _WET.search(words):
        refuse(rules.MASS_IS_DRY, at=at, unit=unit[:60])
    size = _size(words, metal, unit.strip())
    if size is None:
        refuse(rules.UNIT_IS_A_KNOWN_MASS, at=at, unit=unit[:60] or "none")
    found = value * size // 1
    if not 1 <= found <= MASS_MAX_MG:
        refuse(rules.QUANTITY_IS_REPORTED, at=at, value=f"{found} mg")
    return found


def _size(words: str, metal: str, unit: str) -> Fraction | None:
    plain = words.replace("dry ", "").replace("recoverable ", "")
    if plain in _NAMES:
        return _SIZES[_NAMES[plain]]
    match = _WORDS.fullmatch(plain)
    times, name = (match[1] or "", match[2]) if match else ("", plain)
    if name in _OUNCES and any(one in metal.lower() for one in _PRECIOUS):
        name = "ozt"
    if name not in _NAMES or times not in _TIMES or (times == "m" and not unit.startswith("M")):
        return None  # "mt" may be a metric ton as well as a megaton
    return _TIMES[times] * _SIZES[_NAMES[name]]


_GRADES: Mapping[str, Fraction] = {
    "%": Fraction(1, 100),
    "g/t": Fraction(1, 10**6),
    "grams/tonne": Fraction(1, 10**6),
    "grams per tonne": Fraction(1, 10**6),
    "kg/t": Fraction(1, 1000),
    "ozt/t": _OUNCE / 10**9,
    "troy ounces/t": _OUNCE / 10**9,
}
"""Those with an ounce or a ton of no certain kind are not here."""


def grade_share(value: Fraction | None, unit: str) -> Fraction | None:
    """Give a grade as a share; None if there is none, or none that is certain (PRODUCTION-005).

    Example:
        >>> grade_share(Fraction("23.7"), "%")
        Fraction(237, 1000)
    """
    size = _GRADES.get(" ".join(unit.lower().split()))
    if value is None or size is None or not 0 < value * size <= 1:
        return None
    return value * size

"""Conversion: from what was weighed to dry mass, to content, and to what enters an account.

Every step rounds down, so that nothing that may be claimed grows by it.

Rules: CUSTODY-070, CUSTODY-077 to CUSTODY-079, CUSTODY-106.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from stannary.core.custody.accounting import rules
from stannary.core.custody.parameters import CustodyRules
from stannary.core.custody.rows import Row
from stannary.core.kernel import Finding, InvariantError, Place, RefusalError, add_months

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ConversionFactor:
    """Which part of an element in a material comes out of a process.

    Attributes:
        material: What goes in, in the words of movements.
        product: What comes out.
        process: In words: "acid roast".
        element: The tracked element, in words.
        factor: Content out over content in, above 0, at most 1.
        source: Where it was read or measured.
        approved_by: Who approved it.
        approved_on: On which day; what is booked earlier may not use it.
        valid_from: First day on which it is used.
        valid_until: First day no longer; None: no end is known.
        illustrative: Whether it is made up.

    Raises:
        RefusalError: CUSTODY-077 when built.
    """

    material: str
    product: str
    process: str
    element: str
    factor: Fraction
    source: str
    approved_by: str
    approved_on: datetime.date
    valid_from: datetime.date
    valid_until: datetime.date | None = None
    illustrative: bool = False
    at: Place | None = None

    def __post_init__(self) -> None:
        findings = tuple(_unsound(self))
        if findings:
            raise RefusalError(*findings)

    def in_force_on(self, day: datetime.date) -> bool:
        """Tell whether the factor was approved and is in use on a day."""
        begun = max(self.valid_from, self.approved_on) <= day
        return begun and (self.valid_until is None or day < self.valid_until)


def factor_for(
    factors: Iterable[ConversionFactor],
    *,
    material: str,
    product: str,
    day: datetime.date,
    allowed: CustodyRules,
    process: str | None = None,
    element: str | None = None,
) -> ConversionFactor:
    """Find the approved factor for a material on a day.

    Where several are in force for one process and one element the one approved last counts; of two
    approved on one day the smaller one. Between processes, or between elements, nothing is guessed.

    Args:
        factors: All that are known.
        material: What goes in.
        product: What comes out.
        day: On which it is used.
        allowed: For the time until a review.
        process: Only this process; None: whichever there is, if there is one.
        element: Only this element; None: whichever there is, if there is one.

    Raises:
        RefusalError: CUSTODY-078 if none is approved and in force, CUSTODY-106 if there are some for
            several processes or elements, CUSTODY-079 if its review is overdue, CUSTODY-070 if the
            pack does not know when it is reviewed.
    """
    fitting = [
        one
        for one in factors
        if one.material == material
        and one.product == product
        and process in (None, one.process)
        and element in (None, one.element)
        and one.in_force_on(day)
    ]
    facts = {"material": material, "product": product, "on": day.isoformat()}
    if not fitting:
        named = {"process": process, "element": element}
        facts |= {name: word for name, word in named.items() if word is not None}
        raise RefusalError(Finding(rules.FACTOR_IS_APPROVED, facts))
    processes = sorted({one.process for one in fitting})
    elements = sorted({one.element for one in fitting})
    several = {"processes": processes, "elements": elements}
    said = {name: "; ".join(words)[:_SHOWN] for name, words in several.items() if len(words) > 1}
    if said:
        raise RefusalError(Finding(rules.FACTOR_IS_NOT_GUESSED, {**facts, **said}))
    found = max(fitting, key=lambda one: (one.approved_on, -one.factor))
    due = add_months(found.approved_on, allowed.whole("conversion_factor_review_months"))
    if day >= due:
        facts |= {"approved_on": found.approved_on.isoformat(), "due": due.isoformat()}
        raise RefusalError(Finding(rules.FACTOR_IS_REVIEWED, facts, found.at))
    return found


def factors_needed(
    factors: Iterable[ConversionFactor],
    rows: Iterable[Row],
    rules_of: Callable[[Row], CustodyRules],
) -> tuple[ConversionFactor, ...]:
    """Give the factors that could convert what some rows put into accounts, in the order given.

    None are needed where the rules of a row take what was measured.

    Args:
        factors: All that are known.
        rows: Any.
        rules_of: The constants by which whoever books a row keeps its books on its day.
    """
    materials: set[str] = set()
    for row in rows:
        said = rules_of(row).constants.get("conversion_factor_source")
        if row.account and said is not None and said.value == "approved":
            materials.add(row.material)
    return tuple(one for one in factors if one.material in materials)


def whole_mg(exact: Fraction) -> int:
    """Give whole milligrams, rounded down: the one place where a mass that may be claimed is rounded.

    Example:
        >>> whole_mg(Fraction(7, 2)), whole_mg(Fraction(4))
        (3, 4)
    """
    return exact.numerator // exact.denominator


def dry_mass_mg(wet_mg: int, moisture: Fraction) -> int:
    """Give the dry mass of a wet one, rounded down.

    Args:
        wet_mg: As weighed, 0 or more.
        moisture: Water over wet mass, 0 to 1.

    Raises:
        InvariantError: For a mass or a moisture that cannot be.

    Example:
        >>> dry_mass_mg(1_000, Fraction(85, 1000))
        915
    """
    _check(wet_mg, moisture)
    return whole_mg(wet_mg * (1 - moisture))


def contained_mg(dry_mg: int, grade: Fraction) -> int:
    """Give the mass of an element in a dry mass, rounded down.

    Args:
        dry_mg: 0 or more.
        grade: Element over dry mass, 0 to 1, as assayed.

    Raises:
        InvariantError: For a mass or a grade that cannot be.

    Example:
        >>> contained_mg(1_000, Fraction(28, 1000))
        28
    """
    _check(dry_mg, grade)
    return whole_mg(dry_mg * grade)


def _check(mass_mg: int, share: Fraction) -> None:
    if mass_mg < 0 or not 0 <= share <= 1:
        raise InvariantError(f"a mass of {mass_mg} mg and a share of {share} cannot be")


def _unsound(factor: ConversionFactor) -> Iterator[Finding]:
    facts = {"material": factor.material[:80], "product": factor.product[:80]}
    if not 0 < factor.factor <= 1:
        yield Finding(rules.FACTOR_IS_SOUND, {**facts, "factor": str(factor.factor)}, factor.at)
    for name in ("material", "product", "process", "element", "source", "approved_by"):
        if not getattr(factor, name):
            yield Finding(rules.FACTOR_IS_SOUND, {**facts, "missing": name}, factor.at)
    until = factor.valid_until
    if until is not None and until <= factor.valid_from:
        days = {"valid_from": factor.valid_from.isoformat(), "valid_until": until.isoformat()}
        yield Finding(rules.FACTOR_IS_SOUND, {**facts, **days}, factor.at)

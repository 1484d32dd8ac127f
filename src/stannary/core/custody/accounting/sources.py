"""What may be said of material, as amounts by source: the thing that lots, accounts and credits hold.

An amount is a whole number of milligrams of the tracked element. It is moved and divided, never
made: what a division cannot place stays where it was.
"""

import datetime
from collections.abc import Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from stannary.core.custody.accounting.conversions import whole_mg
from stannary.core.kernel import InvariantError, largest_remainder


class SourceKind(StrEnum):
    """How material came in; recycled material is accounted for apart."""

    MINED = "mined"
    RECYCLED = "recycled"


class Source(NamedTuple):
    """Where an amount comes from.

    The level is not here: it follows from the attestation and the day, so that a changed level
    needs no new accounts.

    Attributes:
        produced_on: The day of production, in the zone of its record.
        site: The mine, or where recycled material came in.
        attestation: What the mined lot names; "" for recycled material.
    """

    produced_on: datetime.date
    site: str
    attestation: str
    kind: SourceKind = SourceKind.MINED


Amounts = Mapping[Source, int]
"""Whole milligrams by source, each above 0."""

NOTHING: Amounts = {}


def total_mg(amounts: Amounts, kind: SourceKind | None = None) -> int:
    """Add amounts up; `kind` counts only those of one kind."""
    return sum(mg for source, mg in amounts.items() if kind is None or source.kind is kind)


def together(several: Iterable[Amounts]) -> dict[Source, int]:
    """Put amounts together."""
    found: dict[Source, int] = {}
    for amounts in several:
        for source, mg in amounts.items():
            found[source] = found.get(source, 0) + mg
    return found


def without(amounts: Amounts, taken: Amounts) -> dict[Source, int]:
    """Give what is left when some is taken.

    Raises:
        InvariantError: If more is taken than is there.
    """
    left = dict(amounts)
    for source, mg in taken.items():
        rest = left.get(source, 0) - mg
        if rest < 0:
            raise InvariantError(f"{mg} mg taken of {left.get(source, 0)} mg from {source.site}")
        left[source] = rest
    return {source: mg for source, mg in left.items() if mg}


def portion(amounts: Amounts, part_mg: int, whole: int) -> dict[Source, int]:
    """Give what a part of a mass carries: of mined sources, and of all together, the share rounded down.

    So neither the part nor the rest carries more than it weighs. Inside a kind the milligrams go to
    the largest remainders, so that a part of a mass that is wholly of one kind is wholly of it too,
    and each source is within a milligram of its exact share.

    Args:
        amounts: What the whole carries.
        part_mg: Content of the part, 0 to `whole`.
        whole: Content of the whole, in milligrams, above 0.

    Raises:
        InvariantError: If the part is no part of the whole.

    Example:
        >>> day = datetime.date(2026, 1, 5)
        >>> north, south = Source(day, "north", "A1"), Source(day, "south", "A2")
        >>> list(portion({north: 50, south: 25}, 1, 3).values())
        [17, 8]
    """
    if not 0 <= part_mg <= whole or not whole:
        raise InvariantError(f"{part_mg} mg is no part of {whole} mg")
    mined = whole_mg(Fraction(total_mg(amounts, SourceKind.MINED) * part_mg, whole))
    both = whole_mg(Fraction(total_mg(amounts) * part_mg, whole))
    found: dict[Source, int] = {}
    for kind, given in ((SourceKind.MINED, mined), (SourceKind.RECYCLED, both - mined)):
        if given:
            sources = sorted(source for source in amounts if source.kind is kind)
            carried = total_mg(amounts, kind)
            weights = [Fraction(amounts[source], carried) for source in sources]
            parts = largest_remainder(given, weights)
            found.update((one, mg) for one, mg in zip(sources, parts, strict=True) if mg)
    return found


def take(amounts: Amounts, wanted_mg: int, attestation: str = "") -> dict[Source, int]:
    """Give up to so many milligrams, what was produced first first.

    Args:
        amounts: What is there.
        wanted_mg: 0 or more.
        attestation: Only what was produced under it; "" for any.
    """
    found: dict[Source, int] = {}
    for source in sorted(amounts):
        mg = min(wanted_mg, amounts[source])
        if mg and (not attestation or source.attestation == attestation):
            found[source] = mg
            wanted_mg -= mg
    return found

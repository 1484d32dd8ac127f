"""What of a lot passes through each lot behind it, in whole numbers: exact, and without a fraction on the way.

Fractions are reduced at every step, which takes longer than everything else. Here one common
denominator is made first, from the contents of all events, and shares are whole numbers of its parts.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

from stannary.core.provenance.ancestry import Ancestry, Chain

BITS = 2**14
"""Digits of a denominator beyond which fractions, reduced on the way, are the shorter numbers."""


@dataclass(frozen=True, slots=True)
class Passing:
    """How the content of a lot is spread over the lots that it was made of.

    Attributes:
        one: Parts of all of it.
        through: Lot to the parts that pass through it; those of lots that entered the chain add up
            to `one` if `rounded` is False.
        uses: Lot that was used, index of the event that used it, and the parts that went this way.
        rounded: Whether parts were rounded down on the way.
    """

    one: int
    through: dict[str, int]
    uses: tuple[tuple[str, int, int], ...]
    rounded: bool = False

    def share(self, lot: str) -> Fraction:
        """Give the share of the traced lot's content that passes through a lot."""
        return Fraction(self.through[lot], self.one)


def passing(chain: Chain, back: Ancestry, lot_id: str, *, most: int = BITS) -> Passing | None:
    """Send the content of a lot back, event by event, until only lots that entered the chain hold it.

    Args:
        chain: Holds the ancestry.
        back: Of the lot.
        lot_id: The lot.
        most: Binary digits that the common denominator may have.

    Returns:
        None if it would have more; see `passing_nearly`.
    """
    totals = _totals(chain, back)
    one = math.prod(totals.values())
    return None if one.bit_length() > most else _sent(chain, back, lot_id, one, totals)


def passing_nearly(chain: Chain, back: Ancestry, lot_id: str, *, bits: int = 256) -> Passing:
    """Do the same with so many binary digits, rounded down at every event: for a drawing."""
    sent = _sent(chain, back, lot_id, 2**bits, _totals(chain, back))
    return Passing(sent.one, sent.through, sent.uses, rounded=True)


def _totals(chain: Chain, back: Ancestry) -> dict[int, int]:
    """Give the content that went into each event, divided by what all its inputs have in common."""
    return {
        index: sum(row.content_mg for row in inputs) // _common(chain, index)
        for index in back.events
        if (inputs := chain.events[index].inputs)
    }


def _common(chain: Chain, index: int) -> int:
    return math.gcd(*(row.content_mg for row in chain.events[index].inputs))


def _sent(chain: Chain, back: Ancestry, lot_id: str, one: int, totals: dict[int, int]) -> Passing:
    """Each total divides what passes its event: no way back meets an event twice."""
    through: dict[str, int] = {lot_id: one}
    uses: list[tuple[str, int, int]] = []
    for index in reversed(back.events):
        event = chain.events[index]
        if index not in totals:
            continue
        here = sum(through.get(row.lot, 0) for row in event.outputs) // totals[index]
        common = _common(chain, index)
        for row in event.inputs:
            part = here * (row.content_mg // common)
            through[row.lot] = through.get(row.lot, 0) + part
            uses.append((row.lot, index, part))
    return Passing(one, through, tuple(reversed(uses)))

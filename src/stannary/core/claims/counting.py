"""How a custody pack lets levels count in claims: of which day, and in a mix.

Rules: CLAIM-001, CLAIM-004, CLAIM-009.
"""

import datetime
from dataclasses import dataclass
from fractions import Fraction

from stannary.core.custody import Basis, MixRule
from stannary.core.standards import Edition

KNOWN_RULES = {
    "attestation_basis": tuple(Basis),
    "level_of_mix": tuple(MixRule),
    "unproved_origin": ("unknown",),
}
"""What a custody pack may say of the way levels count, the default first; another word would need
other code."""


@dataclass(frozen=True, slots=True)
class Counting:
    """How levels count for one claim.

    Attributes:
        claimed_on: The day whose level of a site counts; None: that of production.
        mix: each_origin: each share keeps the level of its site. lowest: the lowest level counts for
            all of a mix, and a part without one leaves all of it without.
    """

    claimed_on: datetime.date | None = None
    mix: MixRule = MixRule.EACH_ORIGIN

    def of_mix(self, share: Fraction) -> Fraction:
        """Give what counts of a mix of which a share is at a level or better.

        Example:
            >>> half = Fraction(1, 2)
            >>> Counting().of_mix(half), Counting(mix=MixRule.LOWEST).of_mix(half)
            (Fraction(1, 2), Fraction(0, 1))
        """
        return share if self.mix is MixRule.EACH_ORIGIN or share == 1 else Fraction(0)


BY_PRODUCTION = Counting()
"""What counts where no pack says anything else: each origin, by the day of production."""


def counting_of(pack: Edition, day: datetime.date) -> Counting:
    """Tell how levels count for a claim of a day, as a pack says.

    A word that it does not know, or another one, counts as the default; such a claim is refused
    (CLAIM-009).
    """
    by_claim = word_of(pack, "attestation_basis", day) == Basis.IN_FORCE_WHEN_CLAIMED
    lowest = word_of(pack, "level_of_mix", day) == MixRule.LOWEST
    mix = MixRule.LOWEST if lowest else MixRule.EACH_ORIGIN
    return Counting(day if by_claim else None, mix)


def word_of(pack: Edition, name: str, day: datetime.date) -> str | None:
    """Give the word of a pack for one of `KNOWN_RULES`; the default if it does not name it at all."""
    parameter = pack.parameters.get(name)
    return parameter.word_on(day) if parameter else KNOWN_RULES[name][0]

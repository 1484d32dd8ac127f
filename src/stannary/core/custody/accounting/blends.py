"""Controlled blending: the share that was measured, and what may be said of it.

Rules: CUSTODY-070, CUSTODY-084, CUSTODY-085.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from stannary.core.custody.accounting import rules
from stannary.core.custody.accounting.periods import BalancePeriod
from stannary.core.custody.parameters import CustodyRules
from stannary.core.kernel import Finding, InvariantError, Place, share_text

MIN_SHARE = "controlled_blending_min_share"


@dataclass(frozen=True, slots=True)
class Blend:
    """A batch that was blended under control.

    Attributes:
        lot: The batch.
        assured_mg: Content that carries an attestation, 0 or more.
        content_mg: All of its content, above 0.
    """

    lot: str
    site: str
    at: datetime.datetime
    assured_mg: int
    content_mg: int
    place: Place | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.assured_mg <= self.content_mg or not self.content_mg:
            raise InvariantError(f"{self.assured_mg} mg of {self.content_mg} mg is no share")

    @property
    def share(self) -> Fraction:
        """The measured share, exact."""
        return Fraction(self.assured_mg, self.content_mg)


def share_of_site(blends: Sequence[Blend], site: str, period: BalancePeriod) -> Fraction | None:
    """Give the share of all that a site blended in a period; None if it blended nothing."""
    own = [one for one in blends if one.site == site and period.holds(one.at.date())]
    content = sum(one.content_mg for one in own)
    return Fraction(sum(one.assured_mg for one in own), content) if content else None


def check_blend(blend: Blend, allowed: CustodyRules) -> tuple[Finding, ...]:
    """Check that a blend of which something could be claimed has the smallest share (CUSTODY-085).

    A pack that does not know the smallest share refuses claims, not blends: then nothing is found.
    A blend that carries nothing claims nothing.
    """
    if not blend.assured_mg or not allowed.knows(MIN_SHARE):
        return ()
    return _smallest(blend, allowed)


def check_blend_claim(
    blend: Blend, claimed: Fraction, allowed: CustodyRules, *, real: Fraction | None = None
) -> tuple[Finding, ...]:
    """Check what is claimed of a controlled blend.

    Args:
        blend: The batch.
        claimed: Share of its content.
        allowed: The constants on the day of the claim.
        real: The share that counts: of the site and period, from sites at a level only, or
            anything else that was measured; None: that of the batch.

    Raises:
        RefusalError: CUSTODY-070 if the pack does not know the smallest share.
    """
    found = list(_smallest(blend, allowed))
    share = blend.share if real is None else real
    if claimed > share:
        facts = {"lot": blend.lot, "claimed": share_text(claimed), "real": share_text(share)}
        found.insert(0, Finding(rules.BLEND_CLAIM_IS_ITS_SHARE, facts, blend.place))
    return tuple(found)


def _smallest(blend: Blend, allowed: CustodyRules) -> tuple[Finding, ...]:
    smallest = allowed.share(MIN_SHARE)
    if blend.share >= smallest:
        return ()
    facts = {"lot": blend.lot, "share": share_text(blend.share), "at_least": share_text(smallest)}
    return (Finding(rules.BLEND_HAS_ITS_SMALLEST_SHARE, facts, blend.place),)

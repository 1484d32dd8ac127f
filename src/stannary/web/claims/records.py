"""Rows to core claims; the only file here that knows both."""

from fractions import Fraction

from stannary.core.claims import Blending
from stannary.core.claims import Claim as CoreClaim
from stannary.core.custody import BalancePeriod
from stannary.web.claims.models import Claim


def claim_of(row: Claim) -> CoreClaim:
    """Give a claim as it was made; `made_by` must be there."""
    return CoreClaim(
        id=row.claim_id.urn,
        lot=row.lot,
        wording=row.wording,
        standard=row.standard,
        level=row.level,
        share=Fraction(row.share),
        element=row.element,
        made_by=row.made_by.name,
        made_on=row.made_on,
        valid_until=row.valid_until,
        blending=_blending(row),
    )


def _blending(row: Claim) -> Blending | None:
    if row.period_from is None or row.period_until is None:
        return None
    return Blending(row.facility, row.material, BalancePeriod(row.period_from, row.period_until))

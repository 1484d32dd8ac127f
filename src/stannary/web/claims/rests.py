"""What a claim rests on, for its page."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from stannary.core.attestations import Achievement
from stannary.core.claims import ClaimPart
from stannary.web.parties.models import Facility


@dataclass(frozen=True, slots=True)
class Rests:
    """What a claim rests on as it is recorded now, for a page.

    Attributes:
        parts: Of the content that it speaks of, mine by mine.
        achievements: By id.
        unknown_share: Of unknown origin.
        recycled_share: That was recycled.
        by_books: Whether an account or credits give it, and not the material.
        by_claim: Whether the level of the claim's day counts.
        batches: Of a site: how many were measured.
        blends: Of a site: how many there were, of all materials.
        last_day: Of a site: the last day that the claim speaks of.
        place: Of a site: the facility, if it is still known.
    """

    parts: Sequence[ClaimPart]
    achievements: Mapping[str, Achievement]
    unknown_share: Fraction
    recycled_share: Fraction
    by_books: bool = False
    by_claim: bool = False
    batches: int = 0
    blends: int = 0
    last_day: datetime.date | None = None
    place: Facility | None = None

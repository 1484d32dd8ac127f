"""Claims: may this be said of this lot, in which words, on which evidence."""

from stannary.core.claims.blended import (
    Batch,
    Blended,
    blended_by,
    blended_in,
    blends_text,
    made_there,
)
from stannary.core.claims.claims import (
    BY_BOOKS,
    Blending,
    Claim,
    ClaimPart,
    booked_parts,
    check_claim,
    exact_text,
    make_claim,
    may_be_named,
    parts_of,
    supported_share,
    wording_of,
)
from stannary.core.claims.counting import BY_PRODUCTION, Counting, counting_of
from stannary.core.claims.enclosed import blended_again, keep_enclosed
from stannary.core.claims.of_sites import check_site_claim, claimable_period
from stannary.core.claims.sentences import claim_percent, claim_sentence, claim_sentences

__all__ = [
    "BY_BOOKS",
    "BY_PRODUCTION",
    "Batch",
    "Blended",
    "Blending",
    "Claim",
    "ClaimPart",
    "Counting",
    "blended_again",
    "blended_by",
    "blended_in",
    "blends_text",
    "booked_parts",
    "check_claim",
    "check_site_claim",
    "claim_percent",
    "claim_sentence",
    "claim_sentences",
    "claimable_period",
    "counting_of",
    "exact_text",
    "keep_enclosed",
    "made_there",
    "make_claim",
    "may_be_named",
    "parts_of",
    "supported_share",
    "wording_of",
]

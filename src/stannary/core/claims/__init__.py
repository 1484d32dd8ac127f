"""Claims: may this be said of this lot, in which words, on which evidence."""

from stannary.core.claims.blended import Batch, Blended, blended_by
from stannary.core.claims.claims import (
    BY_BOOKS,
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
from stannary.core.claims.sentences import claim_percent, claim_sentence, claim_sentences

__all__ = [
    "BY_BOOKS",
    "BY_PRODUCTION",
    "Batch",
    "Blended",
    "Claim",
    "ClaimPart",
    "Counting",
    "blended_by",
    "booked_parts",
    "check_claim",
    "claim_percent",
    "claim_sentence",
    "claim_sentences",
    "counting_of",
    "exact_text",
    "make_claim",
    "may_be_named",
    "parts_of",
    "supported_share",
    "wording_of",
]

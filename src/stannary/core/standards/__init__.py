"""Standards as data: editions, their requirements, rating scales, levels and parameters."""

from stannary.core.standards.changes import check_unchanged
from stannary.core.standards.checks import check_edition
from stannary.core.standards.edition import (
    SCORED,
    Chapter,
    ClaimWording,
    Edition,
    Level,
    Principle,
    Rating,
    RatingDefinition,
    Requirement,
    Section,
    Translation,
    at_least,
)

__all__ = [
    "SCORED",
    "Chapter",
    "ClaimWording",
    "Edition",
    "Level",
    "Principle",
    "Rating",
    "RatingDefinition",
    "Requirement",
    "Section",
    "Translation",
    "at_least",
    "check_edition",
    "check_unchanged",
]

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
from stannary.core.standards.shape import (
    constant_as_list,
    edition_as_dict,
    edition_head_as_dict,
    requirement_as_dict,
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
    "constant_as_list",
    "edition_as_dict",
    "edition_head_as_dict",
    "requirement_as_dict",
]

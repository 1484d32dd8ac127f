"""Standards as data: editions, their requirements, rating scales, levels and parameters."""

from stannary.core.standards.changes import check_unchanged
from stannary.core.standards.checks import check_edition
from stannary.core.standards.differences import (
    Change,
    Difference,
    Piece,
    PieceKind,
    differences,
    redline,
)
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
from stannary.core.standards.importing import (
    EXPORTED,
    FURTHER,
    Imported,
    Line,
    check_columns,
    import_lines,
)
from stannary.core.standards.shape import (
    constant_as_list,
    edition_as_dict,
    edition_head_as_dict,
    requirement_as_dict,
)
from stannary.core.standards.tags import is_tag
from stannary.core.standards.transitions import (
    Move,
    MoveKind,
    Transition,
    all_moves,
    applies_on,
    check_transition,
)
from stannary.core.standards.translations import (
    TranslationState,
    source_digest,
    translation_state,
    translation_states,
)

__all__ = [
    "EXPORTED",
    "FURTHER",
    "SCORED",
    "Change",
    "Chapter",
    "ClaimWording",
    "Difference",
    "Edition",
    "Imported",
    "Level",
    "Line",
    "Move",
    "MoveKind",
    "Piece",
    "PieceKind",
    "Principle",
    "Rating",
    "RatingDefinition",
    "Requirement",
    "Section",
    "Transition",
    "Translation",
    "TranslationState",
    "all_moves",
    "applies_on",
    "at_least",
    "check_columns",
    "check_edition",
    "check_transition",
    "check_unchanged",
    "constant_as_list",
    "differences",
    "edition_as_dict",
    "edition_head_as_dict",
    "import_lines",
    "is_tag",
    "redline",
    "requirement_as_dict",
    "source_digest",
    "translation_state",
    "translation_states",
]

"""Translations: what is there in a language, what is missing, and what was overtaken.

A translation is made from an original. When the original changes afterwards, the translation
stays readable and is marked as stale until somebody has looked at it again.
"""

import hashlib
from enum import StrEnum

from stannary.core.standards.edition import Edition, Requirement

DIGEST_LENGTH = 16
"""Hexadecimal digits of a source digest: enough to tell two texts apart, short enough to read."""


class TranslationState(StrEnum):
    """How the translation of a requirement stands to its original."""

    CURRENT = "current"
    STALE = "stale"
    UNCHECKED = "unchecked"
    MISSING = "missing"


def source_digest(requirement: Requirement) -> str:
    """Give the digest of what a translation of a requirement is made from: title and demand.

    It is the first 16 hexadecimal digits of the SHA-256 of both in UTF-8, a line feed between.
    """
    text = f"{requirement.title}\n{requirement.demand}"
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]


def translation_state(edition: Edition, requirement_id: str, language: str) -> TranslationState:
    """Tell how a translation stands to its original.

    Args:
        edition: Has the requirement.
        requirement_id: Of the requirement.
        language: "fr". The language of the edition itself is always current.

    Returns:
        MISSING if title or, where there is one, demand are not translated; UNCHECKED if nothing
        says what it was made from; STALE if the original was changed since; else CURRENT.
    """
    if language == edition.language:
        return TranslationState.CURRENT
    translation = edition.translations.get(language)
    requirement = edition.requirement_by_id[requirement_id]
    if translation is None or requirement_id not in translation.requirement_titles:
        return TranslationState.MISSING
    if requirement.demand and requirement_id not in translation.requirement_demands:
        return TranslationState.MISSING
    made_from = translation.requirement_of.get(requirement_id)
    if made_from is None:
        return TranslationState.UNCHECKED
    current = made_from == source_digest(requirement)
    return TranslationState.CURRENT if current else TranslationState.STALE


def translation_states(edition: Edition, language: str) -> dict[str, TranslationState]:
    """Tell for every requirement, in the edition's order, how its translation stands."""
    return {
        requirement.id: translation_state(edition, requirement.id, language)
        for requirement in edition.requirements
    }

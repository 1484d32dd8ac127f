"""Reads about standards. All are public.

Rules: PARTY-001.
"""

from dataclasses import replace
from functools import lru_cache

from stannary.core.kernel import refuse
from stannary.core.standards import Edition
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.standards import records
from stannary.web.standards.models import EditionRecord


def edition(edition_id: str) -> Edition:
    """Give an edition as it is in force here, with one query when it was read before.

    Raises:
        RefusalError: PARTY-001 if there is none of this id.
    """
    return _edition(edition_id, sha256_of(edition_id))


def edition_or_none(edition_id: str) -> Edition | None:
    """Give an edition; None if there is none of this id."""
    sha256 = (
        EditionRecord.objects.filter(edition_id=edition_id).values_list("sha256", flat=True).first()
    )
    return None if sha256 is None else _edition(edition_id, sha256)


def sha256_of(edition_id: str) -> str:
    """Give the hash of an edition's content as it is now.

    Raises:
        RefusalError: PARTY-001 if there is none of this id.
    """
    rows = EditionRecord.objects.filter(edition_id=edition_id)
    sha256 = rows.values_list("sha256", flat=True).first()
    if sha256 is None:
        refuse(IS_THERE_FOR_YOU, asked_for="edition")
    return sha256


def editions() -> tuple[Edition, ...]:
    """Give every edition in order of id."""
    rows = EditionRecord.objects.order_by("edition_id").values_list("edition_id", "sha256")
    return tuple(_edition(edition_id, sha256) for edition_id, sha256 in rows)


def localised(edition_id: str, language: str) -> Edition:
    """Give an edition with its texts in a language, as far as they are translated.

    Raises:
        RefusalError: PARTY-001 if there is none of this id.
    """
    return _localised(edition_id, sha256_of(edition_id), language)


def both(edition_id: str, language: str) -> tuple[Edition, Edition]:
    """Give an edition as it was written, and in a language as far as it is translated.

    Raises:
        RefusalError: PARTY-001 if there is none of this id.
    """
    sha256 = sha256_of(edition_id)
    return _edition(edition_id, sha256), _localised(edition_id, sha256, language)


@lru_cache(maxsize=64)
def _edition(edition_id: str, sha256: str) -> Edition:
    """Read an edition once for each content; the hash is part of the key, so it never grows old."""
    row = EditionRecord.objects.get(edition_id=edition_id, sha256=sha256)
    return records.edition_from(row.content)


@lru_cache(maxsize=64)
def _localised(edition_id: str, sha256: str, language: str) -> Edition:
    return in_language(_edition(edition_id, sha256), language)


def in_language(original: Edition, language: str) -> Edition:
    """Put the texts of an edition into a language; what is not translated stays as it is."""
    said = original.translations.get(language)
    if said is None:
        return original
    return replace(
        original,
        title=said.title or original.title,
        summary=said.summary or original.summary,
        principles=tuple(
            replace(item, title=said.principles.get(item.id, item.title))
            for item in original.principles
        ),
        chapters=tuple(
            replace(item, title=said.chapters.get(item.id, item.title))
            for item in original.chapters
        ),
        requirements=tuple(
            replace(
                item,
                title=said.requirement_titles.get(item.id, item.title),
                demand=said.requirement_demands.get(item.id, item.demand),
            )
            for item in original.requirements
        ),
        levels=tuple(
            replace(
                item,
                title=said.level_titles.get(item.code, item.title),
                summary=said.level_summaries.get(item.code, item.summary),
            )
            for item in original.levels
        ),
        ratings=tuple(
            replace(item, title=said.rating_titles.get(item.rating, item.title))
            for item in original.ratings
        ),
    )

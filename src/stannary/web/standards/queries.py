"""Reads about standards. All are public.

Rules: PARTY-001, TRANSITION-007.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from stannary.core.kernel import refuse
from stannary.core.standards import Edition, Transition, applies_on, source_digest
from stannary.core.standards.rules import EDITION_APPLIES_ON_ITS_DAY
from stannary.formats.canonical import pack_sha256
from stannary.formats.packs import find_shipped_pack
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.standards import records
from stannary.web.standards.models import EditionRecord, TransitionRecord


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


def pack_sha256_of(edition_id: str) -> str:
    """Give the content hash of the pack that an edition was loaded from, shipped or one's own.

    Raises:
        RefusalError: PARTY-001 if there is none of this id. STANDARD-013 if it was loaded by a
            program that did not keep the hash, and is not shipped.
    """
    rows = EditionRecord.objects.filter(edition_id=edition_id)
    known = rows.values_list("pack_sha256", flat=True).first()
    if known is None:
        refuse(IS_THERE_FOR_YOU, asked_for="edition")
    return known or pack_sha256(find_shipped_pack(edition_id))


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


@dataclass(frozen=True, slots=True)
class Crossing:
    """A transition between two editions that are here."""

    before: Edition
    after: Edition
    transition: Transition


def transitions() -> tuple[Crossing, ...]:
    """Give every transition with its two editions, by the id of the newer one; one query."""
    rows = TransitionRecord.objects.order_by("after__edition_id").values_list(
        "before__edition_id", "before__sha256", "after__edition_id", "after__sha256", "sha256"
    )
    return tuple(
        Crossing(_edition(before, was), _edition(after, now), _transition(after, sha256))
        for before, was, after, now, sha256 in rows
    )


def transition(before_id: str, after_id: str) -> Crossing:
    """Give the transition from one edition to another.

    Raises:
        RefusalError: PARTY-001 if there is none.
    """
    ends = (before_id, after_id)
    found = [one for one in transitions() if (one.before.id, one.after.id) == ends]
    if not found:
        refuse(IS_THERE_FOR_YOU, asked_for="transition")
    return found[0]


@dataclass(frozen=True, slots=True)
class Term:
    """When an edition applies.

    Attributes:
        first: First day on which an assessment may be opened against it.
        last: First day on which none may be any more; None where no transition ends it.
    """

    edition: Edition
    first: datetime.date
    last: datetime.date | None

    def holds_on(self, day: datetime.date) -> bool:
        """Tell whether it applies on a day."""
        return self.first <= day and (self.last is None or day < self.last)


def term_of(edition: Edition, crossings: Iterable[Crossing], day: datetime.date) -> Term:
    """Tell when an edition applies, by the transitions that are known."""
    known = [crossing.transition for crossing in crossings]
    _applies, first, last = applies_on(edition, known, day)
    return Term(edition, first or edition.in_force_from, last)


def terms(standard: str) -> tuple[Term, ...]:
    """Tell when each edition of a standard applies, oldest first; two queries.

    Args:
        standard: "publisher/standard".
    """
    crossings = transitions()
    those = [one for one in editions() if f"{one.publisher}/{one.standard}" == standard]
    found = (term_of(one, crossings, one.in_force_from) for one in those)
    return tuple(sorted(found, key=lambda term: (term.first, term.edition.id)))


def editions_on(standard: str, day: datetime.date) -> tuple[Edition, ...]:
    """Give the editions of a standard that apply on a day, oldest first; several in a window.

    Args:
        standard: "publisher/standard".
        day: On which an assessment would be opened.
    """
    return tuple(term.edition for term in terms(standard) if term.holds_on(day))


def edition_to_open(edition_id: str, day: datetime.date) -> Edition:
    """Give an edition against which an assessment may be opened on a day.

    Raises:
        RefusalError: PARTY-001 if there is none of this id. TRANSITION-007 if it does not apply
            on that day, with the days on which it does and the editions that do instead.
    """
    found = edition(edition_id)
    standard = f"{found.publisher}/{found.standard}"
    term = next(term for term in terms(standard) if term.edition.id == found.id)
    if not term.holds_on(day):
        instead = ", ".join(one.id for one in editions_on(standard, day))
        refuse(
            EDITION_APPLIES_ON_ITS_DAY,
            edition=found.id,
            on=day.isoformat(),
            applies_from=term.first.isoformat(),
            applies_until=term.last.isoformat() if term.last else "no end is set",
            use_instead=instead or "none applies on that day",
        )
    return found


def overtaken(original: Edition, language: str) -> frozenset[str]:
    """Give the requirements whose original was changed after it was translated."""
    said = original.translations.get(language)
    made_from = said.requirement_of if said is not None else {}
    return frozenset(
        one.id
        for one in original.requirements
        if one.id in made_from and made_from[one.id] != source_digest(one)
    )


@lru_cache(maxsize=64)
def _transition(after_id: str, sha256: str) -> Transition:
    row = TransitionRecord.objects.get(after__edition_id=after_id, sha256=sha256)
    return records.transition_from(row.content)


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
            replace(
                item,
                title=said.chapters.get(item.id, item.title),
                sections=tuple(
                    replace(part, title=said.sections.get(part.id, part.title))
                    for part in item.sections
                ),
            )
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

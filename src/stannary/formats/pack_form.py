"""The form of a pack's files: which keys a standard, a chapter and a translation have.

Each function turns one table into core objects and notes what is wrong with it in the document's
findings; nothing here opens a file.

Rules: STANDARD-002, STANDARD-015, KERNEL-003, KERNEL-004.
"""

import datetime
import re
from collections.abc import Collection, Mapping, Sequence

from stannary.core.kernel import Finding, Parameter
from stannary.core.standards import (
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
)
from stannary.core.standards.rules import TRANSLATIONS_FOLLOW
from stannary.formats.toml_tables import Table, read_constant

NAME_PART = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
"""A publisher, a standard or an edition, as it stands in names and addresses."""

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def read_edition(
    table: Table, chapters: Sequence[Chapter], requirements: Sequence[Requirement]
) -> Edition:
    """Build the edition that a standard.toml describes, without its translations.

    A custody pack has no principles, ratings and levels, an assurance pack no claims: there they
    are unknown keys.
    """
    kind = _one_of(table, "kind", ("assurance", "custody"))
    scores, claims = kind != "custody", kind != "assurance"
    edition = Edition(
        kind=kind,
        publisher=_matching(table, "publisher", NAME_PART),
        standard=_matching(table, "standard", NAME_PART),
        edition=_matching(table, "edition", NAME_PART),
        title=_written(table, "title"),
        short_title=_written(table, "short_title"),
        summary=_written(table, "summary"),
        language=_matching(table, "language", LANGUAGE),
        licence=_written(table, "licence"),
        in_force_from=table.day("in_force_from") or datetime.date.min,
        requirements_complete=table.flag("requirements_complete"),
        texts=_one_of(table, "texts", ("full", "outline")),
        principles=tuple(map(_principle, table.tables("principle") if scores else ())),
        chapters=tuple(chapters),
        requirements=tuple(requirements),
        ratings=tuple(map(_rating, table.tables("rating") if scores else ())),
        levels=tuple(map(_level, table.tables("level") if scores else ())),
        parameters={
            name: read_constant(
                entry, name=name, unit=entry.text("unit"), summary=_written(entry, "summary")
            )
            for name, entry in table.named_tables("parameters")
        },
        claims=tuple(map(_claim, table.tables("claim") if claims else ())),
        at=table.at,
    )
    table.close()
    return edition


def read_chapter(table: Table) -> tuple[Chapter, tuple[Requirement, ...]]:
    """Build the chapter that a file describes, and its requirements in order."""
    chapter = Chapter(
        id=_written(table, "id"),
        principle=_written(table, "principle"),
        title=_written(table, "title"),
        source=table.text("source"),
        mark=table.mark(),
        sections=tuple(_section(entry) for entry in table.tables("section")),
        at=table.at,
    )
    requirements = tuple(_requirement(entry, chapter.id) for entry in table.tables("requirement"))
    table.close()
    return chapter, requirements


def read_translation(table: Table, edition: Edition) -> Translation:
    """Build the translation that a file describes; it may name only what the edition has."""
    named: dict[str, Mapping[str, Mapping[str, str]]] = {}
    sections = [section.id for chapter in edition.chapters for section in chapter.sections]
    for key, ids, texts in (
        ("principle", [principle.id for principle in edition.principles], ("title",)),
        ("chapter", edition.chapter_by_id, ("title",)),
        ("section", sections, ("title",)),
        ("requirement", edition.requirement_by_id, ("title", "demand", "of")),
        ("level", edition.level_by_code, ("title", "summary")),
        ("rating", [definition.rating for definition in edition.ratings], ("title",)),
    ):
        named[key] = _translated(table, key, ids, texts)
    translation = Translation(
        language=_matching(table, "language", LANGUAGE),
        title=table.text("title", needed=False),
        summary=table.text("summary", needed=False),
        principles=named["principle"].get("title", {}),
        chapters=named["chapter"].get("title", {}),
        requirement_titles=named["requirement"].get("title", {}),
        requirement_demands=named["requirement"].get("demand", {}),
        level_titles=named["level"].get("title", {}),
        level_summaries=named["level"].get("summary", {}),
        rating_titles=named["rating"].get("title", {}),
        sections=named["section"].get("title", {}),
        requirement_of=named["requirement"].get("of", {}),
    )
    table.close()
    return translation


def _translated(
    table: Table, key: str, ids: Collection[str], texts: tuple[str, ...]
) -> dict[str, dict[str, str]]:
    """Collect text kind to id to words; a text left out falls back to the original."""
    found: dict[str, dict[str, str]] = {text: {} for text in texts}
    for name, entry in table.named_tables(key):
        if name not in ids:
            facts = {key: name[:80]}
            table.document.findings.append(Finding(TRANSLATIONS_FOLLOW, facts, entry.at))
        for text in texts:
            words = entry.text(text, needed=False)
            if words:
                found[text][name] = words
        entry.close()
    return found


def _principle(table: Table) -> Principle:
    principle = Principle(
        id=_written(table, "id"),
        title=_written(table, "title"),
        source=table.text("source"),
        mark=table.mark(),
        at=table.at,
    )
    table.close()
    return principle


def _section(table: Table) -> Section:
    section = Section(id=_written(table, "id"), title=_written(table, "title"))
    table.close()
    return section


def _requirement(table: Table, chapter: str) -> Requirement:
    requirement = Requirement(
        id=_written(table, "id"),
        chapter=chapter,
        title=_written(table, "title"),
        demand=table.text("demand"),
        critical=table.flag("critical"),
        applies=table.text("applies", needed=False),
        why=table.text("why", needed=False),
        evidence=table.text("evidence", needed=False),
        interview=table.text("interview", needed=False),
        tags=table.texts("tags") if table.has("tags") else (),
        source=table.text("source"),
        mark=table.mark(),
        at=table.at,
    )
    table.close()
    return requirement


def _rating(table: Table) -> RatingDefinition:
    code = _one_of(table, "code", SCORED)
    definition = RatingDefinition(
        rating=Rating(code) if code else Rating.NOT_MET,
        title=_written(table, "title"),
        points=_constant(table, "points", needed=True) or _UNREAD,
        at=table.at,
    )
    table.close()
    return definition


def _level(table: Table) -> Level:
    level = Level(
        code=_written(table, "code"),
        title=_written(table, "title"),
        summary=_written(table, "summary"),
        min_principle_share=_constant(table, "min_principle_share"),
        critical_at_least=_constant(table, "critical_at_least"),
        all_at_least=_constant(table, "all_at_least"),
        at=table.at,
    )
    table.close()
    return level


def _claim(table: Table) -> ClaimWording:
    claim = ClaimWording(
        code=_written(table, "code"),
        title=_written(table, "title"),
        models=table.texts("models"),
        min_share=_constant(table, "min_share", needed=True) or _UNREAD,
        words=table.words("words"),
        at=table.at,
    )
    table.close()
    return claim


def _constant(table: Table, key: str, *, needed: bool = False) -> Parameter | None:
    inner = table.table(key, needed=needed)
    return None if inner is None else read_constant(inner, name=key)


def _written(table: Table, key: str) -> str:
    """Give a text that must not be blank."""
    text = table.text(key)
    if table.has(key) and isinstance(table.data[key], str) and not text.strip():
        table.wrong(key, text, kind="text that is not blank")
    return text


def _matching(table: Table, key: str, form: re.Pattern[str]) -> str:
    text = table.text(key)
    if isinstance(table.data.get(key), str) and not form.fullmatch(text):
        table.wrong(key, text, kind=f"text of the form {form.pattern}")
    return text


def _one_of(table: Table, key: str, words: Sequence[str]) -> str:
    """Give one of the words allowed; empty when it is another, which is noted."""
    text = table.text(key)
    if text in words:
        return text
    if isinstance(table.data.get(key), str):
        table.wrong(key, text, kind=" or ".join(words))
    return ""


_UNREAD = Parameter("", "", "", ())
"""Stands in for a constant that is not there; the finding keeps it from being used."""

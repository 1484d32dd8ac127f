"""A file that somebody owns to an edition: table or catalog, with or without an outline.

Rules: IMPORT-001 to IMPORT-013 and those of `check_edition`.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace

from stannary.core.kernel import DatedValue, Finding, Mark, Parameter, Place, RefusalError, refuse
from stannary.core.standards import (
    SCORED,
    Edition,
    Imported,
    RatingDefinition,
    Translation,
    import_lines,
    rules,
)
from stannary.formats.oscal_reader import Catalog, read_catalog
from stannary.formats.pack_folders import find_shipped_pack
from stannary.formats.pack_form import LANGUAGE, NAME_PART, read_translation
from stannary.formats.pack_writer import without_places
from stannary.formats.packs import load_pack
from stannary.formats.requirement_tables import read_lines

OWNED = "owned by whoever imported it; not to be passed on"
"""The licence of what is imported, unless it is named."""

_RATING_TITLES = ("Fully meets", "Substantially meets", "Partially meets", "Does not meet")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the file itself does not say.

    Attributes:
        edition: "publisher/standard/edition"; blank: as in the catalog.
        title: Blank: as in the catalog.
        today: The day of the import.
        short_title: Blank: the title.
        licence: Who may use the text how.
        language: "en"; blank: as in the outline or the catalog, else English.
        in_force_from: None: as in the outline or the catalog, else `today`.
        source: Where the requirements were read; blank: the file's name.
        mark: How sure we are of them.
        complete: Whether every requirement of the standard is in the file.
        outline: Has the scale, the levels, the constants and titles of principles and chapters.
    """

    edition: str
    title: str
    today: datetime.date
    short_title: str = ""
    licence: str = ""
    language: str = ""
    in_force_from: datetime.date | None = None
    source: str = ""
    mark: Mark = Mark.SEEN
    complete: bool = True
    outline: Edition | None = None


def import_standard(content: bytes, name: str, wanted: Wanted) -> Imported:
    """Read a file of requirements and make an edition of it.

    Args:
        content: CSV, XLSX, or JSON with an OSCAL catalog, told apart by the first signs.
        name: What messages call it.
        wanted: What the file does not say.

    Returns:
        The edition and every finding; it may be used only when there is none.

    Raises:
        RefusalError: IMPORT-001 to IMPORT-003 for what is no such file, IMPORT-010 for the names,
            and what is wrong with the files in a catalog's back matter.
    """
    source = wanted.source or f"imported from {name.replace(chr(92), '/').rpartition('/')[2]}"
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        catalog = read_catalog(content, name, source=source, mark=wanted.mark)
        imported = _from_catalog(catalog, source, name, wanted)
    else:
        frame = _named(_framed(wanted, name), wanted, name)
        table = read_lines(content, name)
        imported = import_lines(frame, table.lines, source=source, mark=wanted.mark)
        if table.findings:
            findings = sorted((*table.findings, *imported.findings), key=_row)
            imported = Imported(imported.edition, tuple(findings))
    if not imported.findings:
        _check_own(imported.edition, name)
    return imported


def _row(finding: Finding) -> int:
    return (finding.at.line or 0) if finding.at is not None else 0


def _from_catalog(catalog: Catalog, source: str, name: str, wanted: Wanted) -> Imported:
    frame = catalog.frame or _framed(wanted, name)
    if catalog.frame is None:
        own = {entry.id: entry for entry in catalog.principles}
        those = {entry.id: entry for entry in catalog.chapters}
        principles = {entry.id: entry for entry in frame.principles} | own
        chapters = dict(frame.chapter_by_id) | those
    else:
        principles = {entry.id: entry for entry in catalog.principles}
        chapters = {entry.id: entry for entry in catalog.chapters}
    frame = replace(
        _named(frame, wanted, name),
        principles=tuple(principles.values()),
        chapters=tuple(chapters.values()),
    )
    imported = import_lines(frame, catalog.lines, source=source, mark=wanted.mark)
    edition = imported.edition
    translations = {
        language: read_translation(table, edition)
        for language, table in catalog.translations.items()
    }
    if translations:
        edition = replace(edition, translations=translations)
    return Imported(edition, (*catalog.findings, *imported.findings))


def _framed(wanted: Wanted, name: str) -> Edition:
    """Give all but names and requirements: the outline's, or what is known of any standard."""
    outline = wanted.outline
    if outline is None:
        return Edition(
            kind="assurance", publisher="", standard="", edition="", title="", short_title="",
            summary=f"Imported from {name}. Nobody said yet how many points a rating gives, nor which levels there are.",
            language="en", licence=OWNED, in_force_from=wanted.today,
            requirements_complete=wanted.complete, texts="full",
            ratings=tuple(
                RatingDefinition(rating, title, _unknown(wanted.today))
                for rating, title in zip(SCORED, _RATING_TITLES, strict=True)
            ),
        )  # fmt: skip
    return replace(
        outline,
        licence=OWNED,
        summary=f"Imported from {name}. Scale, levels and constants are those of {outline.id}.",
        short_title="",
        requirements=(),
        requirements_complete=wanted.complete,
        texts="full",
        translations={
            language: _headings_only(entry) for language, entry in outline.translations.items()
        },
    )


def _unknown(day: datetime.date) -> Parameter:
    source = "not said by the file that was imported"
    return Parameter("points", "", "", (DatedValue(None, source, Mark.UNKNOWN, day),))


def _headings_only(translation: Translation) -> Translation:
    nothing: Mapping[str, str] = {}
    return replace(
        translation,
        title="",
        summary="",
        requirement_titles=nothing,
        requirement_demands=nothing,
        requirement_of=nothing,
    )


def _named(frame: Edition, wanted: Wanted, name: str) -> Edition:
    """Give an edition its names and what was asked for beside them."""
    publisher, standard, edition = frame.publisher, frame.standard, frame.edition
    if wanted.edition:
        parts = wanted.edition.split("/")
        if len(parts) != 3 or not all(NAME_PART.fullmatch(part) for part in parts):
            refuse(rules.IMPORT_IS_NAMED, at=Place(name), edition=wanted.edition[:200])
        publisher, standard, edition = parts
    elif wanted.outline is not None or not publisher:
        refuse(rules.IMPORT_IS_NAMED, at=Place(name), edition="(none)")
    title = wanted.title or ("" if wanted.outline is not None else frame.title)
    if not title.strip():
        refuse(rules.IMPORT_IS_NAMED, at=Place(name), title="(none)")
    for what, text in (
        ("title", title),
        ("short_title", wanted.short_title),
        ("licence", wanted.licence),
        ("source", wanted.source),
    ):
        if text and not (text.strip() and text.isprintable()):
            refuse(rules.IMPORT_IS_NAMED, at=Place(name), **{what: ascii(text)[:80]})
    if wanted.language and not LANGUAGE.fullmatch(wanted.language):
        refuse(rules.IMPORT_IS_NAMED, at=Place(name), language=ascii(wanted.language)[:40])
    return replace(
        frame,
        publisher=publisher,
        standard=standard,
        edition=edition,
        title=title,
        short_title=wanted.short_title or (wanted.title or frame.short_title) or title,
        licence=wanted.licence or frame.licence,
        language=wanted.language or frame.language,
        in_force_from=wanted.in_force_from or frame.in_force_from,
    )


def _check_own(edition: Edition, name: str) -> None:
    """Refuse the id of an edition that comes with the program, unless it is that very edition."""
    try:
        shipped = load_pack(find_shipped_pack(edition.id))
    except RefusalError:
        return
    if without_places(shipped) != without_places(edition):
        refuse(rules.IMPORT_IS_NAMED, at=Place(name), edition=edition.id, known="shipped")

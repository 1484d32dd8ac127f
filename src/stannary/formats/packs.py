"""Packs: a standard as a folder of TOML files.

`find_pack` turns a name into a folder, `load_pack` reads a folder into an `Edition`, and
`shipped_packs` lists what comes with the program.

Rules: STANDARD-001 to STANDARD-016, KERNEL-003 to KERNEL-005.
"""

import re
from dataclasses import replace
from pathlib import Path

from stannary.core.kernel import Finding, Place, RefusalError, refuse
from stannary.core.standards import Chapter, Edition, Requirement, Translation, check_edition
from stannary.core.standards.rules import (
    EDITION_IS_KNOWN,
    FILES_BEAR_IDS,
    KEYS_ARE_KNOWN,
    PACK_IS_READABLE,
)
from stannary.formats.pack_form import NAME_PART, read_chapter, read_edition, read_translation
from stannary.formats.toml_tables import Table, read_table

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "standards"
"""Where the packs are that come with the program: publisher/standard/edition."""

MAX_FILES = 1000
"""How many TOML files a pack may have; the longest standard known has a few dozen chapters."""


def shipped_packs() -> tuple[Path, ...]:
    """Give the folders of all packs that come with the program, sorted by name."""
    return tuple(sorted(found.parent for found in SHIPPED.glob("*/*/*/standard.toml")))


def find_pack(name_or_folder: str) -> Path:
    """Turn the name of a shipped pack, or a folder, into a folder.

    Args:
        name_or_folder: "publisher/standard/edition" for a pack that comes with the program; it
            wins over a folder of that name, which can be written "./publisher/...". Anything else
            is a folder, which must hold a standard.toml.

    Raises:
        RefusalError: STANDARD-013 if there is neither.
    """
    found = _shipped(name_or_folder)
    if found is None and name_or_folder and "\0" not in name_or_folder:
        folder = Path(name_or_folder)
        found = folder if (folder / "standard.toml").is_file() else None
    if found is None:
        refuse(EDITION_IS_KNOWN, standard=name_or_folder[:200] or "(empty)")
    return found


def find_shipped_pack(name: str) -> Path:
    """Turn the name of a shipped pack into its folder, and never look anywhere else.

    Args:
        name: "publisher/standard/edition"; it may come from a stranger.

    Raises:
        RefusalError: STANDARD-013 if no such pack is shipped.
    """
    shipped = _shipped(name)
    if shipped is None:
        refuse(EDITION_IS_KNOWN, standard=name[:200] or "(empty)")
    return shipped


def _shipped(name: str) -> Path | None:
    parts = name.split("/")
    if len(parts) != 3 or not all(NAME_PART.fullmatch(part) for part in parts):
        return None
    folder = SHIPPED.joinpath(*parts)
    return folder if (folder / "standard.toml").is_file() else None


def load_pack(folder: Path) -> Edition:
    """Read a pack and check it.

    Args:
        folder: Holds standard.toml and, where the pack has them, chapters/*.toml and i18n/*.toml;
            no other TOML file but cases/*.toml, which are not read here.

    Returns:
        The edition, chapters in the numeric order of their ids, requirements as in their file.

    Raises:
        RefusalError: With every finding of the reading (STANDARD-001, STANDARD-002,
            STANDARD-014, STANDARD-015, KERNEL-003, KERNEL-004) or, when all of it can be read,
            every finding of `check_edition`; each with its file and line.
    """
    findings: list[Finding] = []
    edition = _read_pack(folder, findings)
    if edition is not None and not findings:
        findings.extend(check_edition(edition))
    if edition is None or findings:
        raise RefusalError(*findings)
    return edition


def shown_name(file: Path) -> str:
    """Name a file for a message: as it was given, or from the publisher on if it is shipped."""
    return file.relative_to(SHIPPED).as_posix() if file.is_relative_to(SHIPPED) else str(file)


def pack_files(folder: Path, part: str) -> tuple[Path, ...]:
    """Give the TOML files of one part of a pack in the numeric order of their names."""
    return tuple(sorted((folder / part).glob("*.toml"), key=lambda path: natural(path.stem)))


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """Order names so that 1.10 stands after 1.9.

    Example:
        >>> sorted(["1.10", "2.1", "1.9"], key=natural)
        ['1.9', '1.10', '2.1']
    """
    parts = re.split(r"([0-9]+)", name)
    return tuple((int(part), "") if place % 2 else (-1, part) for place, part in enumerate(parts))


def _read_pack(folder: Path, findings: list[Finding]) -> Edition | None:
    name = shown_name(folder / "standard.toml")
    top = read_table(folder / "standard.toml", name=name, findings=findings)
    _check_files(folder, findings)
    if top is None or findings:
        return None
    chapters: list[Chapter] = []
    requirements: list[Requirement] = []
    for path in pack_files(folder, "chapters"):
        table = read_table(path, name=shown_name(path), findings=findings)
        if table is not None:
            chapter, those = read_chapter(table)
            _check_name(path, chapter.id, table)
            chapters.append(chapter)
            requirements.extend(those)
    edition = read_edition(top, chapters, requirements)
    if edition.kind == "custody":
        findings.extend(
            Finding(KEYS_ARE_KNOWN, {"unknown": "chapter"}, chapter.at) for chapter in chapters
        )
    translations: dict[str, Translation] = {}
    for path in pack_files(folder, "i18n"):
        table = read_table(path, name=shown_name(path), findings=findings)
        if table is not None:
            translation = read_translation(table, edition)
            _check_name(path, translation.language, table)
            translations[translation.language] = translation
    return replace(edition, translations=translations)


def _check_files(folder: Path, findings: list[Finding]) -> None:
    """Note TOML files that would be overlooked, because their folder is misspelt, say."""
    files = [*folder.glob("*.toml"), *folder.glob("*/*.toml")]
    if len(files) > MAX_FILES:
        facts = {"files": str(len(files)), "at_most": str(MAX_FILES)}
        findings.append(Finding(PACK_IS_READABLE, facts, Place(shown_name(folder))))
    parts = {folder / part for part in ("chapters", "cases", "i18n")}
    for path in sorted(files):
        if path.parent not in parts and path != folder / "standard.toml":
            facts = {"problem": "not a part of a pack"}
            findings.append(Finding(PACK_IS_READABLE, facts, Place(shown_name(path))))


def _check_name(path: Path, name: str, table: Table) -> None:
    if name and path.stem != name:
        facts = {"file": path.name, "holds": name[:80]}
        table.document.findings.append(Finding(FILES_BEAR_IDS, facts, table.at))

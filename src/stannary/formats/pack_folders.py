"""Where packs are: those that come with the program, and folders that a user names.

Rules: STANDARD-001, STANDARD-013.
"""

import re
from pathlib import Path

from stannary.core.kernel import Finding, Place, refuse
from stannary.core.standards.rules import EDITION_IS_KNOWN, PACK_IS_READABLE
from stannary.formats.pack_form import NAME_PART

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "standards"
"""Where the packs are that come with the program: publisher/standard/edition."""

TRANSITION = "transition.toml"
"""How the edition takes the place of the one before it; a pack may have it."""

PARTS = ("chapters", "cases", "i18n")
"""The folders inside a pack that hold TOML files."""

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
    if found is None and name_or_folder and _holds_a_pack(Path(name_or_folder)):
        found = Path(name_or_folder)
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
    return folder if _holds_a_pack(folder) else None


def _holds_a_pack(folder: Path) -> bool:
    """Whether there is a standard.toml that may be looked at; a name too long is just not there."""
    try:
        return (folder / "standard.toml").is_file()
    except (OSError, ValueError):
        return False


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


def check_files(folder: Path, findings: list[Finding]) -> None:
    """Note TOML files that would be overlooked, because their folder is misspelt, say."""
    files = [*folder.glob("*.toml"), *folder.glob("*/*.toml")]
    if len(files) > MAX_FILES:
        facts = {"files": str(len(files)), "at_most": str(MAX_FILES)}
        findings.append(Finding(PACK_IS_READABLE, facts, Place(shown_name(folder))))
    parts = {folder / part for part in PARTS}
    for path in sorted(files):
        top = path in (folder / "standard.toml", folder / TRANSITION)
        if path.parent not in parts and not top:
            facts = {"problem": "not a part of a pack"}
            findings.append(Finding(PACK_IS_READABLE, facts, Place(shown_name(path))))

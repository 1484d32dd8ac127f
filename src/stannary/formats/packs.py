"""Packs: a standard as a folder of TOML files.

`find_pack` turns a name into a folder, `load_pack` reads a folder into an `Edition`, `run_cases`
tells whether the pack's own examples come out, `shipped_packs` lists what comes with the program.

Rules: STANDARD-001 to STANDARD-016, KERNEL-003 to KERNEL-005.
"""

from dataclasses import replace
from pathlib import Path

from stannary.core.kernel import Finding, RefusalError
from stannary.core.standards import Chapter, Edition, Requirement, Translation, check_edition
from stannary.core.standards.rules import (
    FILES_BEAR_IDS,
    KEYS_ARE_KNOWN,
)
from stannary.formats.pack_cases import CaseRun, case_runs
from stannary.formats.pack_folders import (
    SHIPPED,
    check_files,
    find_pack,
    find_shipped_pack,
    pack_files,
    shipped_packs,
    shown_name,
)
from stannary.formats.pack_form import read_chapter, read_edition, read_translation
from stannary.formats.toml_tables import Table, read_table

__all__ = [
    "SHIPPED",
    "CaseRun",
    "case_runs",
    "find_pack",
    "find_shipped_pack",
    "load_pack",
    "run_cases",
    "shipped_packs",
]


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


def run_cases(folder: Path) -> tuple[Finding, ...]:
    """Score every case of a pack and give a finding for each that comes out differently.

    Args:
        folder: A pack. One without cases has no findings.

    Returns:
        Findings in the order of the files' names and of the cases in them: STANDARD-012 with
        name, expectation and outcome; or what is wrong with the form of the case files.

    Raises:
        RefusalError: If the pack itself cannot be loaded.
    """
    runs, findings = case_runs(folder, load_pack(folder))
    return (*findings, *(run.finding for run in runs if not run.holds))


def _read_pack(folder: Path, findings: list[Finding]) -> Edition | None:
    name = shown_name(folder / "standard.toml")
    top = read_table(folder / "standard.toml", name=name, findings=findings)
    check_files(folder, findings)
    if top is None or findings:
        return None
    chapters: list[Chapter] = []
    requirements: list[Requirement] = []
    files = pack_files(folder, "chapters")
    for path in files:
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
    if len(chapters) < len(files):
        return edition  # translations would seem to speak of what is not there
    translations: dict[str, Translation] = {}
    for path in pack_files(folder, "i18n"):
        table = read_table(path, name=shown_name(path), findings=findings)
        if table is not None:
            translation = read_translation(table, edition)
            _check_name(path, translation.language, table)
            translations[translation.language] = translation
    return replace(edition, translations=translations)


def _check_name(path: Path, name: str, table: Table) -> None:
    if name and path.stem != name:
        facts = {"file": path.name, "holds": name[:80]}
        table.document.findings.append(Finding(FILES_BEAR_IDS, facts, table.at))

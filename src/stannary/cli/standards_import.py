"""stannary standards import: make a pack of an official text that somebody owns."""

import argparse
import datetime
from collections.abc import Sequence
from pathlib import Path

from stannary.cli.output import (
    CANNOT_READ,
    DOES_NOT_HOLD,
    DONE,
    print_error,
    print_findings,
    print_json,
)
from stannary.core.kernel import Finding, Mark, RefusalError
from stannary.core.standards import Edition
from stannary.core.standards.rules import CATALOG_HAS_ITS_FORM, IMPORT_COLUMNS_ARE_KNOWN
from stannary.formats.pack_writer import check_free, pack_texts, write_pack
from stannary.formats.packs import find_pack, load_pack
from stannary.formats.requirement_tables import MAX_BYTES
from stannary.formats.standard_import import Wanted, import_standard

_DESCRIPTION = """\
Make a pack of a table of requirements in CSV or XLSX, or of an OSCAL catalog in JSON. Everything that
is wrong is told at once, each with its cell, its rule and a remedy; then nothing is written."""
_EPILOG = """\
exit code: 0 when the pack was written or could be, 1 when the file holds something wrong, 2 when it
cannot be read at all, the edition is not named, or the folder is taken."""


def add_act(acts: "argparse._SubParsersAction[argparse.ArgumentParser]", pack: str) -> None:
    """Add the act."""
    act = acts.add_parser(
        "import",
        help="make a pack of a table, or of an OSCAL catalog",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    act.add_argument("file", metavar="FILE", type=Path, help="CSV, XLSX, or OSCAL in JSON")
    act.add_argument("--edition", default="", help="publisher/standard/edition of the new pack")
    act.add_argument("--title", default="", help="its title")
    act.add_argument("--short-title", default="", help="default: the title")
    act.add_argument(
        "--outline",
        metavar="PACK",
        help=f"takes scale, levels, constants and titles from {pack}",
    )
    act.add_argument("--source", default="", help="where the text was read; default: the file")
    act.add_argument(
        "--mark", choices=[str(mark) for mark in Mark], default="S", help="how sure; default: S"
    )
    act.add_argument("--licence", default="", help="who may use the text how")
    act.add_argument("--language", default="", help="default: the outline's, or en")
    act.add_argument(
        "--in-force-from",
        metavar="DAY",
        type=datetime.date.fromisoformat,
        help="2026-01-31; default: the outline's, or today",
    )
    act.add_argument(
        "--incomplete", action="store_true", help="the file does not have every requirement"
    )
    act.add_argument("--dry-run", action="store_true", help="say what would be, and write nothing")
    act.add_argument("--replace", action="store_true", help="write over the pack in FOLDER")
    act.add_argument("-o", "--output", metavar="FOLDER", type=Path, help="where to write the pack")
    act.add_argument("--json", action="store_true", help="print one JSON object")
    act.set_defaults(run=import_file)


def import_file(arguments: argparse.Namespace) -> int:
    """Read the file, print everything that is wrong with it, or write the pack."""
    folder: Path | None = arguments.output
    if folder is None and not arguments.dry_run:
        print_error("Where to? Name a folder with -o, or try with --dry-run.")
        return CANNOT_READ
    outline = load_pack(find_pack(arguments.outline)) if arguments.outline else None
    if outline is not None and outline.kind != "assurance":
        print_error(f"{outline.id} scores no site. Name the outline of a standard that does.")
        return CANNOT_READ
    try:
        with arguments.file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as problem:
        print_error(f"{arguments.file}: {problem.strerror}. Name a file that can be read.")
        return CANNOT_READ
    if folder is not None:
        check_free(folder, replacing=arguments.replace)
    try:
        imported = import_standard(content, str(arguments.file), _wanted(arguments, outline))
    except RefusalError as refusal:
        if refusal.rule not in _ALL_SHOWN:
            raise
        return _print_refused(refusal.findings, arguments)
    edition = imported.edition
    if not imported.findings:
        pack_texts(edition)  # refuses a file that would be too large, in a dry run, too
    writes = not imported.findings and not arguments.dry_run
    if writes and folder is not None:
        write_pack(edition, folder, replacing=arguments.replace)
    if arguments.json:
        print_json(_as_dict(edition, imported.findings, folder if writes else None))
    elif imported.findings:
        _print_findings(imported.findings, arguments.file)
    else:
        _print(edition, folder, dry=arguments.dry_run)
    return DOES_NOT_HOLD if imported.findings else DONE


_ALL_SHOWN = (IMPORT_COLUMNS_ARE_KNOWN, CATALOG_HAS_ITS_FORM)
"""What stops the reading and is shown whole, so that all of it can be corrected at once."""


def _print_refused(findings: Sequence[Finding], arguments: argparse.Namespace) -> int:
    if arguments.json:
        print_json(_as_dict(None, findings, None))
    else:
        _print_findings(findings, arguments.file)
    return DOES_NOT_HOLD


def _wanted(arguments: argparse.Namespace, outline: Edition | None) -> Wanted:
    return Wanted(
        edition=arguments.edition,
        title=arguments.title,
        today=datetime.datetime.now(datetime.UTC).date(),
        short_title=arguments.short_title,
        licence=arguments.licence,
        language=arguments.language,
        in_force_from=arguments.in_force_from,
        source=arguments.source,
        mark=Mark(arguments.mark),
        complete=not arguments.incomplete,
        outline=outline,
    )


def _print_findings(findings: Sequence[Finding], file: Path) -> None:
    print_findings(findings)
    count = len(findings)
    print(f"{file}: {count} finding{'s' if count > 1 else ''}. Nothing was written.")


def _print(edition: Edition, folder: Path | None, *, dry: bool) -> None:
    critical = sum(requirement.critical for requirement in edition.requirements)
    print(f"{edition.id}: {len(edition.requirements)} requirements, {critical} of them critical.")
    if not dry:
        print(f"Written to {folder}.")
        return
    print(f"Nothing was written. {folder or 'The folder'} would hold:")
    print("  standard.toml")
    for chapter in edition.chapters:
        count = len(edition.requirements_by_chapter[chapter.id])
        print(f"  chapters/{chapter.id}.toml  {count} requirement{'' if count == 1 else 's'}")
    for language in edition.translations:
        print(f"  i18n/{language}.toml")


def _as_dict(
    edition: Edition | None, findings: Sequence[Finding], folder: Path | None
) -> dict[str, object]:
    requirements = edition.requirements if edition is not None else ()
    return {
        "standard": edition.id if edition is not None else None,
        "holds": not findings,
        "written_to": str(folder) if folder is not None else None,
        "requirement_count": len(requirements),
        "critical_count": sum(requirement.critical for requirement in requirements),
        "findings": [finding.as_dict() for finding in findings],
    }

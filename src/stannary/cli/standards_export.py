"""stannary standards export: an edition as a table, as JSON, or as an OSCAL catalog."""

import argparse
import json
import re
import sys
from pathlib import Path

from stannary.cli.output import CANNOT_READ, DONE, print_error
from stannary.core.standards import EXPORTED, Edition, edition_as_dict
from stannary.formats.oscal_catalog import catalog_json
from stannary.formats.packs import find_pack, load_pack
from stannary.formats.requirement_tables import (
    ALL_COLUMNS,
    requirements_csv,
    requirements_xlsx,
)
from stannary.formats.untp_scheme import scheme_of

_DESCRIPTION = """\
Write the requirements as CSV or as an XLSX workbook whose cells are all texts, or the whole edition
as JSON, as an OSCAL 1.2.1 catalog, or as a conformity scheme of UNTP 0.7.0 with the addresses that
the requirements have on a site."""

FORMATS = ("csv", "json", "oscal", "untp", "xlsx")
_SITE = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?")


def add_act(acts: "argparse._SubParsersAction[argparse.ArgumentParser]", pack: str) -> None:
    """Add the act."""
    act = acts.add_parser(
        "export",
        help="write the requirements as a table, or the whole edition as JSON, OSCAL or UNTP",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    act.add_argument("pack", metavar="PACK", help=pack)
    form = act.add_mutually_exclusive_group(required=True)
    form.add_argument("--format", choices=FORMATS)
    form.add_argument(
        "--json",
        action="store_const",
        const="json",
        dest="format",
        help="the same as --format json",
    )
    act.add_argument(
        "--wide", action="store_true", help="csv and xlsx: every column that an import reads"
    )
    act.add_argument("--site", metavar="URL", default="", help="untp: where the edition is served")
    act.add_argument("-o", "--output", metavar="FILE", type=Path, help="default: standard output")
    act.set_defaults(run=export)


def export(arguments: argparse.Namespace) -> int:
    """Write an edition in the form asked for."""
    if arguments.format == "untp" and not _SITE.fullmatch(arguments.site):
        print_error("UNTP names criteria by address. Say where, like --site https://example.org.")
        return CANNOT_READ
    edition = load_pack(find_pack(arguments.pack))
    site = arguments.site.rstrip("/")
    content = exported(edition, arguments.format, wide=arguments.wide, site=site)
    if arguments.output is None or str(arguments.output) == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        return DONE
    try:
        arguments.output.write_bytes(content)
    except OSError as problem:
        print_error(f"{arguments.output}: {problem.strerror}. Name a file that can be written.")
        return CANNOT_READ
    return DONE


def exported(edition: Edition, form: str, *, wide: bool = False, site: str = "") -> bytes:
    """Give an edition as a file of one of `FORMATS`.

    Raises:
        RefusalError: IMPORT-006 for a text that a cell of a workbook cannot hold, STANDARD-010 for
            an outline as UNTP.
    """
    columns = ALL_COLUMNS if wide else EXPORTED
    if form == "xlsx":
        return requirements_xlsx(edition, columns)
    if form == "csv":
        return requirements_csv(edition, columns).encode()
    if form == "oscal":
        return catalog_json(edition).encode()
    shape = scheme_of(edition, site) if form == "untp" else edition_as_dict(edition)
    return (json.dumps(shape, ensure_ascii=False, indent=2) + "\n").encode()

"""`stannary report`: a published result as files for people and for other tools.

Rules: PUBLICATION-006, PUBLICATION-010.
"""

import argparse
import io
import json
import sys
from pathlib import Path

from stannary.cli.output import CANNOT_READ, DONE, print_error
from stannary.core.kernel import Place, refuse
from stannary.core.publications import PublishedResult
from stannary.core.publications.rules import EDITION_IS_THE_ONE_NAMED
from stannary.core.standards import Edition
from stannary.formats.archives import MAGIC, unzipped
from stannary.formats.canonical import canonical_bytes
from stannary.formats.oscal_results import results_json
from stannary.formats.packs import find_pack, load_pack
from stannary.formats.report_xlsx import result_xlsx
from stannary.formats.results import MAX_BYTES, ratings_csv, read_result

_DESCRIPTION = """\
Write a published result as OSCAL 1.2.1 assessment results, as a workbook whose cells are texts and
whole numbers, or as the table of ratings that `stannary score` reads. RESULT is the JSON of a
result, a result file or a result bundle; nothing of it is checked here, `stannary verify` does
that. The report as PDF needs the web packages: python -m stannary.web.manage report."""
_EPILOG = """\
exit code: 0 when it is written, 2 when the result or its standard cannot be read."""
FORMATS = ("csv", "oscal", "xlsx")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "report",
        help="write a published result as OSCAL, as a workbook, or as a table",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("result", metavar="RESULT", help="- reads standard input")
    parser.add_argument("--format", choices=FORMATS, required=True)
    parser.add_argument(
        "--pack",
        metavar="FOLDER",
        help="the standard of the result, if it does not come with the program",
    )
    parser.add_argument(
        "--address", metavar="URL", default="", help="oscal: where the result is published as JSON"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help="default: standard output"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the result in the form asked for."""
    result = _result(arguments.result)
    edition = load_pack(find_pack(arguments.pack or result.standard))
    if edition.id != result.standard:
        facts = {"names": result.standard[:80], "given": edition.id}
        refuse(EDITION_IS_THE_ONE_NAMED, at=Place(arguments.pack), **facts)
    content = written(result, edition, arguments.format, address=arguments.address)
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


def written(result: PublishedResult, edition: Edition, form: str, *, address: str = "") -> bytes:
    """Give a result as a file of one of `FORMATS`."""
    if form == "xlsx":
        return result_xlsx(result, edition)
    if form == "csv":
        return ratings_csv(result).encode()
    return results_json(result, edition, address=address).encode()


def _result(file: str) -> PublishedResult:
    """Read a result, alone, inside of a result file or of a bundle.

    Raises:
        RefusalError: PUBLICATION-006 if it is none, CREDENTIAL-001 for a bundle that cannot be read.
    """
    if file == "-":
        content = sys.stdin.buffer.read(MAX_BYTES + 1)
    else:
        try:
            with Path(file).open("rb") as stream:
                content = stream.read(MAX_BYTES + 1)
        except (OSError, ValueError):
            return read_result(file)  # it says what is wrong
    if content.startswith(MAGIC):
        content = unzipped(content, file).get("result.json", b"")
    try:
        whole = json.loads(content)
    except (ValueError, RecursionError):
        whole = None  # `read_result` says what is wrong
    if isinstance(whole, dict) and "credential" in whole and "result" in whole:
        content = canonical_bytes(whole["result"])
    return read_result(io.BytesIO(content), file)

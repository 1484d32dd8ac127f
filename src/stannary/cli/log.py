"""`stannary log verify`: does a log hold what it signed, from its entries up?

Rules: LOG-001 to LOG-016.
"""

import argparse
from pathlib import Path

from stannary.cli.output import DOES_NOT_HOLD, DONE, print_findings, print_json
from stannary.core.kernel import Place
from stannary.formats.tlog import LogCheck, check_log
from stannary.signing import note_verifier

_DESCRIPTION = """\
Recompute a public log from its entries: every tile, the root of its checkpoint, and, with a
checkpoint that you kept from an earlier day, that it has only grown since. DIR holds the files
of the log as they are served: checkpoint, tile/0/000, tile/entries/000 and so on."""
_EPILOG = (
    "exit code: 0 when it holds, 1 when it does not, 2 when a checkpoint or key cannot be read."
)


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser("log", help="check a public log kept as files")
    acts = parser.add_subparsers(title="acts", metavar="ACT", required=True)
    verify = acts.add_parser(
        "verify",
        help="recompute a log from its entries",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verify.add_argument("folder", metavar="DIR", help="the files of the log")
    verify.add_argument(
        "--vkey", required=True, metavar="VKEY", help="the log's verifier key, or a file with it"
    )
    verify.add_argument("--old", metavar="CHECKPOINT", help="a checkpoint of an earlier day")
    verify.add_argument("--json", action="store_true", help="print one JSON object")
    verify.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Check the log and print what was found."""
    older = None if arguments.old is None else Path(arguments.old)
    verifier = note_verifier(_vkey(arguments.vkey), at=Place("--vkey"))
    found = check_log(Path(arguments.folder), verifier, older=older)
    if arguments.json:
        print_json(_as_json(found))
    else:
        _print_text(found, verifier.name, asked_whether_it_grew=older is not None)
    return DOES_NOT_HOLD if found.findings else DONE


def _vkey(text_or_file: str) -> str:
    try:
        content = Path(text_or_file).read_bytes()[:2000]
        return content.decode("utf-8", "replace").strip()
    except (OSError, ValueError):
        return text_or_file


def _as_json(found: LogCheck) -> dict[str, object]:
    checkpoint = found.checkpoint
    return {
        "holds": not found.findings,
        "log": None if checkpoint is None else checkpoint.origin,
        "size": None if checkpoint is None else checkpoint.size,
        "root": None if checkpoint is None else checkpoint.root.hex(),
        "entries": found.entries,
        "findings": [finding.as_dict() for finding in found.findings],
    }


def _print_text(found: LogCheck, name: str, *, asked_whether_it_grew: bool) -> None:
    if found.findings:
        print(f"{name}: it does not hold; {found.entries} entries could be read.")
        print_findings(found.findings)
        return
    grown = " It extends the older checkpoint." if asked_whether_it_grew else ""
    print(f"{name}: {found.entries} entries; every tile and the root follow from them.{grown}")

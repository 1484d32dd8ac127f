"""`stannary production`: production reports of mines as movements, and what does not add up.

Rules: PRODUCTION-001 to PRODUCTION-010, CUSTODY-008, CUSTODY-009.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from stannary.cli.output import DOES_NOT_HOLD, DONE, print_findings, print_json
from stannary.core.kernel import Finding, Place, mass_text, refuse
from stannary.core.production import production_as_dict
from stannary.core.production.rules import WORKBOOK_IS_READABLE
from stannary.formats.movements import write_movements_csv
from stannary.formats.production_workbook import ProductionFile, read_production

_DESCRIPTION = """\
Read a workbook of production reports, put what belongs together to chains (ore, concentrate, metal:
one chain for each metal), replay these as movements, and print every imbalance. WORKBOOK is XLSX in
the form of the open database on global coal and metal mine production: the sheets
minerals_ores_conce and commodities, and processing if it is there. Lines that cannot be put
together are counted by their reason."""
_EPILOG = """\
exit code: 0 when everything adds up, 1 with imbalances, 2 when the workbook cannot be read."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "production",
        help="replay production reports of mines, and name what does not add up",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("workbook", metavar="WORKBOOK", help="the file; - reads standard input")
    parser.add_argument(
        "--movements",
        metavar="FILE",
        type=Path,
        help="also write the chains as a file of movements, for `stannary balance`",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Replay the workbook and print the result."""
    name = arguments.workbook
    file = read_production(_bytes_of(name), name)
    if arguments.movements is not None:
        text = write_movements_csv(file.production.rows)
        arguments.movements.write_text(text, encoding="utf-8")
    if arguments.json:
        print_json(
            {
                "lines": file.lines,
                "other": file.other,
                **production_as_dict(file.production),
                "unreadable": [finding.as_dict() for finding in file.unreadable],
            }
        )
    else:
        _print_text(file)
    return DOES_NOT_HOLD if file.production.imbalances else DONE


def _bytes_of(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as problem:
        refuse(WORKBOOK_IS_READABLE, at=Place(name), problem=problem.strerror or str(problem))


def _print_text(file: ProductionFile) -> None:
    one = file.production
    losses = [loss for loss in one.replay.process_losses if loss.mass_mg > 0]
    print(f"{file.lines} lines, {one.chains} chains, {len(one.replay.events)} events")
    if losses:
        mass_mg = sum(loss.mass_mg for loss in losses)
        print(f"left in tailings, slag and other losses: {mass_text(mass_mg)}")
    _print_counts("Left out", (*file.unreadable, *one.left_out))
    _print_counts("Does not add up", one.imbalances)
    print()
    print_findings(one.imbalances)
    if not one.imbalances:
        print("Everything adds up.")


def _print_counts(title: str, findings: Sequence[Finding]) -> None:
    if findings:
        print()
        print(title)
        demands = {finding.code: finding.rule.demand for finding in findings}
        for code, number in sorted(Counter(finding.code for finding in findings).items()):
            print(f"  {number:6}  {code}  {demands[code]}")

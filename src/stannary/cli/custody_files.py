"""What `balance` and `trace` share: reading movements and rules, printing columns."""

import argparse
import sys
from collections.abc import Sequence

from stannary.core.custody import DEFAULT_RULES, CustodyRules, Kind, Row, events_of, restate
from stannary.core.kernel import RefusalError
from stannary.formats.movements import read_movements
from stannary.formats.packs import find_pack, load_pack

MOVEMENTS_HELP = """\
MOVEMENTS is CSV in UTF-8, XLSX, Parquet or EPCIS 2.0 JSON, one row for each lot that takes part in
an event: event, at, kind, site, entity, lot, side, material, mass_mg, and optionally content_mg,
model, attestation, account, period, note, process, element. Masses are whole milligrams."""


def add_rules(parser: argparse.ArgumentParser) -> None:
    """Add the option --rules."""
    parser.add_argument(
        "--rules",
        metavar="PACK",
        help="a custody pack, as publisher/standard/edition or a folder "
        "(default: a transformation gains no mass, a model never rises)",
    )


def movements(name: str) -> tuple[Row, ...]:
    """Read a file of movements; "-" is standard input."""
    return read_movements(sys.stdin.buffer if name == "-" else name, name)


def as_corrected(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Put corrected rows in the place of those that they restate; without corrections, as they are.

    Raises:
        RefusalError: CUSTODY-093 for corrections that restate nothing.
    """
    if all(row.kind is not Kind.CORRECT for row in rows):
        return tuple(rows)
    restated = restate(events_of(rows))
    if restated.findings:
        raise RefusalError(*restated.findings)
    return tuple(row for event in restated.events for row in event.rows)


def rules_of(pack: str | None, rows: Sequence[Row]) -> CustodyRules:
    """Take the rules of a pack that were in force on the day of the last movement."""
    if pack is None:
        return DEFAULT_RULES
    last = max(row.at for row in rows)
    return CustodyRules.from_edition(load_pack(find_pack(pack)), last.date())


def print_columns(heads: Sequence[str], rows: Sequence[Sequence[str]], *, right: int) -> None:
    """Print rows under their heads; the last `right` columns stand to the right."""
    table = [heads, *rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(heads))]
    for row in table:
        cells = [
            cell.rjust(width) if column >= len(heads) - right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  " + "  ".join(cells).rstrip())

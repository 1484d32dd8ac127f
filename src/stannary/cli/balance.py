"""`stannary balance`: a file of movements to closing balances and findings.

Rules: those of custody (CUSTODY).
"""

import argparse
from collections.abc import Sequence

from stannary.cli.custody_files import (
    MOVEMENTS_HELP,
    add_rules,
    movements,
    print_columns,
    rules_of,
)
from stannary.cli.output import DOES_NOT_HOLD, DONE, print_findings, print_json
from stannary.core.custody import Replay, replay
from stannary.core.kernel import mass_text

_DESCRIPTION = f"""\
Replay a file of movements: who holds how much of which lot at the end, what is on its way, what
was lost, and everything that does not hold.

{MOVEMENTS_HELP}"""
_EPILOG = """\
exit code: 0 when everything holds, 1 with findings, 2 when the file or the rules cannot be read."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "balance",
        help="replay movements of material to closing balances",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("movements", metavar="MOVEMENTS", help="the file; - reads standard input")
    add_rules(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Replay the movements and print the result."""
    rows = movements(arguments.movements)
    result = replay(rows, rules=rules_of(arguments.rules, rows))
    if arguments.json:
        print_json(replay_as_dict(result))
    else:
        _print_text(result)
    return DOES_NOT_HOLD if result.findings else DONE


def replay_as_dict(result: Replay) -> dict[str, object]:
    """Give a balance in the shape that outsiders rely on (CONTRACTS, section 2)."""
    return {
        "balances": [
            {
                "entity": one.entity,
                "site": one.site,
                "lot": one.lot,
                "material": one.material,
                **_masses(one.mass_mg, one.content_mg),
                "model": one.model,
            }
            for one in result.holdings
        ],
        "in_transit": [
            {
                "lot": one.lot,
                "material": one.material,
                **_masses(one.mass_mg, one.content_mg),
                "model": one.model,
                "shipped_by": one.shipped_by,
                "from_site": one.from_site,
                "since": one.since.isoformat(),
            }
            for one in result.in_transit
        ],
        "losses": [
            {
                "event": one.event,
                "at": one.at.isoformat(),
                "entity": one.entity,
                "site": one.site,
                "lot": one.lot,
                "material": one.material,
                **_masses(one.mass_mg, one.content_mg),
                "note": one.note,
            }
            for one in result.losses
        ],
        "process_losses": [
            {
                "event": one.event,
                "at": one.at.isoformat(),
                "entity": one.entity,
                "site": one.site,
                **_masses(one.mass_mg, one.content_mg),
            }
            for one in result.process_losses
        ],
        "totals": [
            {
                "entity": one.entity,
                "material": one.material,
                **_masses(one.mass_mg, one.content_mg),
            }
            for one in result.totals
        ],
        "findings": [finding.as_dict() for finding in result.findings],
    }


def _masses(mass_mg: int, content_mg: int) -> dict[str, str]:
    return {"mass_mg": str(mass_mg), "content_mg": str(content_mg)}


def _print_text(result: Replay) -> None:
    print(f"{len(result.events)} events, {len(result.lots)} lots")
    holdings = [
        (one.entity, one.site, one.lot, one.material, *_texts(one.mass_mg, one.content_mg))
        for one in result.holdings
    ]
    _section("Closing balances", ("entity", "site", "lot", "material"), holdings)
    transit = [
        (one.shipped_by, one.from_site, one.lot, one.material, *_texts(one.mass_mg, one.content_mg))
        for one in result.in_transit
    ]
    _section("In transit, held by nobody", ("shipped by", "from", "lot", "material"), transit)
    losses = [
        (one.event, one.entity, one.lot, *_texts(one.mass_mg, one.content_mg))
        for one in result.losses
    ]
    _section("Losses", ("event", "entity", "lot"), losses)
    processes = [
        (one.event, one.entity, *_texts(one.mass_mg, one.content_mg))
        for one in result.process_losses
    ]
    _section("Lost in transformations", ("event", "entity"), processes)
    totals = [
        (one.entity, one.material, *_texts(one.mass_mg, one.content_mg)) for one in result.totals
    ]
    _section("Totals", ("entity", "material"), totals)
    print()
    if result.findings:
        number = len(result.findings)
        print(f"{number} finding{'s' if number > 1 else ''}")
        print_findings(result.findings)
    else:
        print("Everything holds.")


def _section(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if rows:
        print()
        print(title)
        print_columns((*heads, "mass", "content"), rows, right=2)


def _texts(mass_mg: int, content_mg: int) -> tuple[str, str]:
    return mass_text(mass_mg), mass_text(content_mg)

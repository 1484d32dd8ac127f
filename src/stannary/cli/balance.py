"""`stannary balance`: a file of movements to closing balances and findings.

Rules: those of custody (CUSTODY).
"""

import argparse
import datetime
from collections.abc import Sequence
from functools import cache

from stannary.cli.balance_books import books_as_dict, print_books
from stannary.cli.custody_files import MOVEMENTS_HELP, add_rules, movements, print_columns
from stannary.cli.output import DOES_NOT_HOLD, DONE, print_findings, print_json
from stannary.core.custody import (
    Books,
    CustodyRules,
    Event,
    Method,
    Replay,
    check_method,
    events_of,
    keep_books,
    known_on,
    replay_events,
    too_long,
)
from stannary.core.custody.rules import CONSTANT_IS_KNOWN
from stannary.core.kernel import Finding, PartialDate, Place, mass_text, refuse
from stannary.core.kernel.rules import DATE_IS_PARTIAL_OR_FULL
from stannary.formats.custody_register import Register, read_register
from stannary.formats.packs import find_pack, load_pack

_DESCRIPTION = f"""\
Replay a file of movements: who holds how much of which lot at the end, what is on its way, what
was lost, and everything that does not hold. With --rules also accounts of mass balance, credits,
what may be said of which lot, and the proof that nowhere more is said than came in.

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
    parser.add_argument(
        "--as-of",
        metavar="YYYY-MM-DD",
        help="as it was known at the end of this day (default: the day of the last movement)",
    )
    parser.add_argument(
        "--method",
        choices=[str(method) for method in Method],
        help="how accounts of mass balance are kept (default: the first that the rules name)",
    )
    parser.add_argument(
        "--register",
        metavar="FILE",
        help="TOML with the certificates of entities and approved conversion factors; with "
        "certificates, what they do not cover counts towards nothing",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Replay the movements and print the result."""
    as_of = _day(arguments.as_of)
    events = events_of(movements(arguments.movements))
    books: Books | None = None
    wrong: tuple[Finding, ...] = ()
    for option in ("method", "register"):
        if arguments.rules is None and getattr(arguments, option) is not None:
            facts = {"needs": "--rules", "pack": "none"}
            refuse(CONSTANT_IS_KNOWN, at=Place(f"--{option}"), **facts)
    if arguments.rules is None:
        result = replay_events(events if as_of is None else known_on(events, as_of))
    else:
        books, wrong = _books(arguments, events, as_of)
        result = books.replay
    findings = result.findings if books is None else books.findings
    findings += wrong
    if arguments.json:
        shape = replay_as_dict(result)
        shape["findings"] = [finding.as_dict() for finding in findings]
        print_json(shape if books is None else {**shape, **books_as_dict(books)})
    else:
        _print_text(result)
        if books is not None:
            print_books(books)
        _print_findings(findings)
    return DOES_NOT_HOLD if findings else DONE


def _books(
    arguments: argparse.Namespace, events: Sequence[Event], as_of: datetime.date | None
) -> tuple[Books, tuple[Finding, ...]]:
    """Keep the books, and tell which certificates the rules do not allow so."""
    pack = load_pack(find_pack(arguments.rules))
    register = Register(None, ())
    if arguments.register is not None:
        register = read_register(arguments.register)

    @cache
    def rules_on(day: datetime.date) -> CustodyRules:
        return CustodyRules.from_edition(pack, day)

    wrong: list[Finding] = []
    for one in register.certificates or ():
        allowed = rules_on(one.valid_from)
        if allowed.knows("certificate_validity_months"):
            wrong += too_long(one, allowed)
        if one.pack == pack.id:
            wrong += check_method(one, allowed)
    books = keep_books(
        events,
        rules_on=rules_on,
        as_of=as_of,
        method=None if arguments.method is None else Method(arguments.method),
        certificates=register.certificates,
        factors=register.factors,
    )
    return books, tuple(wrong)


def _day(text: str | None) -> datetime.date | None:
    if text is None:
        return None
    at = Place("--as-of")
    day = PartialDate.parse(text, at=at)
    if not day.is_exact:
        refuse(DATE_IS_PARTIAL_OR_FULL, at=at, value=text, needed="YYYY-MM-DD")
    return day.first


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
                "weighing": one.weighing,
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
        if not one.weighing
    ]
    _section("Losses", ("event", "entity", "lot"), losses)
    weighed = [
        (one.event, one.entity, one.lot, *_texts(one.mass_mg, one.content_mg))
        for one in result.losses
        if one.weighing
    ]
    _section("Weighed less", ("event", "entity", "lot"), weighed)
    processes = [
        (one.event, one.entity, *_texts(one.mass_mg, one.content_mg))
        for one in result.process_losses
    ]
    _section("Lost in transformations", ("event", "entity"), processes)
    totals = [
        (one.entity, one.material, *_texts(one.mass_mg, one.content_mg)) for one in result.totals
    ]
    _section("Totals", ("entity", "material"), totals)


def _print_findings(findings: Sequence[Finding]) -> None:
    print()
    if findings:
        number = len(findings)
        print(f"{number} finding{'s' if number > 1 else ''}")
        print_findings(findings)
    else:
        print("Everything holds.")


def _section(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if rows:
        print()
        print(title)
        print_columns((*heads, "mass", "content"), rows, right=2)


def _texts(mass_mg: int, content_mg: int) -> tuple[str, str]:
    return mass_text(mass_mg), mass_text(content_mg)

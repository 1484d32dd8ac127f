"""`stannary trace`: lots to the mines they come from, or a mine to the lots that carry its material.

Rules: those of traces (TRACE) and, for defects of lots and masses, of custody (CUSTODY).
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from stannary.cli.custody_files import (
    MOVEMENTS_HELP,
    add_rules,
    as_corrected,
    movements,
    print_columns,
    rules_of,
)
from stannary.cli.output import DONE, print_json
from stannary.core.custody import CustodyRules, Row, events_of
from stannary.core.kernel import Place, RefusalError, mass_text, percent_text, refuse, share_12_text
from stannary.core.provenance import (
    Carried,
    Engine,
    Exact,
    Trace,
    trace_as_dict,
)
from stannary.core.provenance.rules import ENGINE_IS_HERE
from stannary.engines.rules import ENGINE_IS_INSTALLED
from stannary.formats.movements_levels import read_levels

ENGINES = ("exact", "arrays", "spark")

_DESCRIPTION = f"""\
Tell of what lots are made: the share of each mine, of recycled material and of unknown origin.
With --forward, tell which lots carry the material of a site.

{MOVEMENTS_HELP}"""
_EPILOG = """\
Shares are printed with 12 decimals, in text as percent cut off after 4. The engine exact counts in
fractions and is the judge; arrays counts in double precision, within 1e-9 of it, for many lots;
spark does what arrays does on a cluster whose machines see the folder for temporary files (TMPDIR)
at the same place. It needs the extra spark and Java 17 or newer, and takes seconds to begin.

exit code: 0 when traced; 2 when the file cannot be read, a lot is not in it, or lots and masses
have a defect anywhere in it: a lot that is used twice makes every trace a lie."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "trace",
        help="trace lots to their origins",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "lots", metavar="LOT", nargs="+", help="lots to trace; with --forward, sites to follow"
    )
    parser.add_argument(
        "--movements", required=True, metavar="FILE", help="the file; - reads standard input"
    )
    parser.add_argument(
        "--engine", choices=ENGINES, default="exact", help="who counts (default: exact, the judge)"
    )
    parser.add_argument(
        "--master",
        metavar="URL",
        help="the cluster of the engine spark, as spark://HOST:PORT (default: the cores of this machine)",
    )
    parser.add_argument(
        "--forward", action="store_true", help="list the lots that carry a site's material"
    )
    parser.add_argument(
        "--attestations",
        metavar="FILE",
        help="CSV with the columns attestation and level, to print the level of each origin",
    )
    add_rules(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Trace the lots, or follow the sites, and print the result."""
    levels = _levels(arguments.attestations)
    rows = as_corrected(movements(arguments.movements))
    rules = rules_of(arguments.rules, rows)
    with ExitStack() as stack:
        if arguments.engine == "spark":
            engine = _cluster(arguments.master, rows, rules, stack)
        else:
            engine = _engine(arguments.engine, rows, rules)
        with _named(arguments.movements):
            if arguments.forward:
                _print_forward(_followed(engine, arguments.lots), as_json=arguments.json)
            else:
                _print_traces(_traced(engine, arguments.lots), levels, as_json=arguments.json)
    return DONE


def _engine(name: str, rows: Sequence[Row], rules: CustodyRules) -> Engine:
    """Give the movements to an engine."""
    if name == "exact":
        return Exact(events_of(rows), rules=rules)
    try:
        from stannary.engines.provenance import Arrays  # noqa: PLC0415 - needs an optional extra
    except ImportError:
        refuse(ENGINE_IS_INSTALLED, at=Place("--engine"), engine=name, missing="numpy")
    engine = Arrays(rules=rules)
    engine.append(rows)
    return engine


def _cluster(
    master: str | None, rows: Sequence[Row], rules: CustodyRules, stack: ExitStack
) -> Engine:
    """Give the movements to an engine that asks a cluster until the stack is left."""
    try:
        from stannary.engines.spark import (  # noqa: PLC0415 - needs an optional extra
            LOCAL,
            Spark,
            SparkRunner,
            session,
        )
    except ImportError as error:
        lacking = f"the package {error.name}"
        refuse(ENGINE_IS_HERE, at=Place("--engine"), engine="spark", missing=lacking)
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="stannary-spark-")))
    spark = session(master or LOCAL, log=folder / "spark.log")
    engine = Spark(SparkRunner(stack.enter_context(spark)), folder, rules=rules)
    engine.append(rows)
    return engine


def _traced(engine: Engine, lots: Sequence[str]) -> Sequence[Trace]:
    """Trace lots: all at once where the engine can."""
    at_once = getattr(engine, "traces", None)
    return at_once(lots) if at_once else [engine.trace(lot) for lot in lots]


def _followed(engine: Engine, sites: Sequence[str]) -> Mapping[str, Sequence[Carried]]:
    """Follow sites: all at once where the engine can."""
    at_once = getattr(engine, "forwards", None)
    return at_once(sites) if at_once else {site: engine.forward(site) for site in sites}


@contextmanager
def _named(file: str) -> Iterator[None]:
    """Let a refusal that knows no place name the file."""
    try:
        yield
    except RefusalError as refusal:
        findings = (replace(one, at=one.at or Place(file)) for one in refusal.findings)
        raise RefusalError(*findings) from refusal


def _levels(name: str | None) -> Mapping[str, str] | None:
    if name is None:
        return None
    return read_levels(sys.stdin.buffer if name == "-" else name, name)


def _print_traces(
    traces: Sequence[Trace], levels: Mapping[str, str] | None, *, as_json: bool
) -> None:
    if as_json:
        shapes = [trace_as_dict(one, levels=levels) for one in traces]
        print_json(shapes[0] if len(shapes) == 1 else {"lots": shapes})
        return
    for number, one in enumerate(traces):
        if number:
            print()
        _print_trace(one, levels or {})


def _print_trace(one: Trace, levels: Mapping[str, str]) -> None:
    model = one.model.replace("_", " ") if one.model else "no model named"
    print(f"{one.lot}: {mass_text(one.content_mg)} content in {mass_text(one.mass_mg)}, {model}")
    lines = [
        (
            origin.site,
            origin.attestation or "no attestation",
            levels.get(origin.attestation, ""),
            f"{percent_text(origin.share, places=4)} %",
            mass_text(origin.content_mg),
        )
        for origin in one.origins
    ]
    for name, share, content_mg in (
        ("recycled", one.recycled_share, one.recycled_mg),
        ("unknown origin", one.unknown_share, one.unknown_mg),
    ):
        if share:
            lines.append(
                (name, "", "", f"{percent_text(share, places=4)} %", mass_text(content_mg))
            )
    print_columns(("origin", "attestation", "level", "share", "content"), lines, right=2)
    print(f"{one.lots} lots, {one.events} events, depth {one.depth}")


def _print_forward(found: Mapping[str, Sequence[Carried]], *, as_json: bool) -> None:
    if as_json:
        shapes = [_forward_as_dict(site, lots) for site, lots in found.items()]
        print_json(shapes[0] if len(shapes) == 1 else {"sites": shapes})
        return
    for number, (site, lots) in enumerate(found.items()):
        if number:
            print()
        carry = "lots carry" if len(lots) > 1 else "lot carries"
        print(f"{site}: {len(lots)} {carry} its material")
        lines = [
            (
                one.lot,
                one.entity,
                f"{percent_text(one.share, places=4)} %",
                mass_text(one.content_mg),
            )
            for one in lots
        ]
        print_columns(("lot", "made by", "share", "content"), lines, right=2)


def _forward_as_dict(site: str, lots: Sequence[Carried]) -> dict[str, object]:
    return {
        "site": site,
        "lots": [
            {
                "lot": one.lot,
                "entity": one.entity,
                "at": one.at.isoformat(),
                "share": share_12_text(one.share),
                "content_mg": str(one.content_mg),
            }
            for one in lots
        ],
    }

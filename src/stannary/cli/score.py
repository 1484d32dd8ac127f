"""`stannary score`: a table of ratings to shares, a level, and how it follows.

Rules: those of ratings (RATING), scores (SCORE) and packs (STANDARD).
"""

import argparse
import datetime
import sys
from collections.abc import Iterable

from stannary.cli.output import DOES_NOT_HOLD, DONE, print_findings, print_json
from stannary.core.assessments import rating_sheet
from stannary.core.kernel import PartialDate, Place, percent_text, refuse, share_text
from stannary.core.kernel.rules import DATE_IS_PARTIAL_OR_FULL
from stannary.core.scores import Score, Tally, derivation, score, score_as_dict, step_text
from stannary.core.standards import Edition
from stannary.formats.packs import find_pack, load_pack
from stannary.formats.ratings import read_ratings

_DESCRIPTION = """\
Score a site from a table of ratings: the share of each principle, the level, what is missing for
the next one, and every step of how it follows.

RATINGS is CSV in UTF-8 or XLSX with the columns requirement and rating, and optionally rationale,
evidence and assessor. A rating is one of fully, substantially, partially, not_met, not_relevant
(which needs a rationale) and pending. A requirement that is not named is pending."""
_EPILOG = """\
exit code: 0 with a level or a pending one, 1 when there can be none (the findings say why),
2 when the ratings or the standard cannot be read."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "score",
        help="score a site from its ratings",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("ratings", metavar="RATINGS", help="CSV or XLSX; - reads standard input")
    parser.add_argument(
        "--standard",
        required=True,
        metavar="PUBLISHER/STANDARD/EDITION|FOLDER",
        help="a pack that comes with the program, or a folder that holds one",
    )
    parser.add_argument(
        "--as-of",
        metavar="YYYY-MM-DD",
        help="use the points and thresholds in force on this day (default: today, UTC)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Score the ratings and print the result."""
    as_of = _day(arguments.as_of)
    edition = load_pack(find_pack(arguments.standard))
    source = sys.stdin.buffer if arguments.ratings == "-" else arguments.ratings
    verdicts = read_ratings(source, arguments.ratings)
    outcome = score(rating_sheet(edition, verdicts), as_of=as_of)
    if arguments.json:
        print_json(score_as_dict(outcome))
    else:
        _print_text(outcome, edition)
    return DOES_NOT_HOLD if outcome.level.state == "none" else DONE


def _day(text: str | None) -> datetime.date:
    if text is None:
        return datetime.datetime.now(datetime.UTC).date()
    at = Place("--as-of")
    day = PartialDate.parse(text, at=at)
    if not day.is_exact:
        refuse(DATE_IS_PARTIAL_OR_FULL, at=at, value=text, needed="YYYY-MM-DD")
    return day.first


def _print_text(outcome: Score, edition: Edition) -> None:
    print(f"{edition.title} ({edition.id}), as of {outcome.as_of.isoformat()}")
    print(f"Level: {_level_text(outcome, edition)}")
    print()
    titles = {principle.id: principle.title for principle in edition.principles}
    _print_table(outcome.principles, titles)
    critical = outcome.critical
    print()
    print(
        f"Critical requirements: {critical.relevant} relevant, "
        f"{critical.at_least_substantially} at least substantially met, {critical.fully} fully, "
        f"{critical.pending} pending"
    )
    print()
    print("How this follows")
    for step in derivation(outcome, edition):
        print(f"  {step.code}  {step_text(step)}")
    if outcome.findings:
        print()
        print("Findings")
        print_findings(outcome.findings)


def _level_text(outcome: Score, edition: Edition) -> str:
    level = outcome.level
    if level.state == "none":
        return "none"

    def title(code: str | None) -> str:
        return "no level" if code is None else edition.level_by_code[code].title

    if level.state == "pending":
        return f"pending, at least {title(level.floor)} and at most {title(level.ceiling)}"
    return f"{title(level.code)} ({level.code})"


def _print_table(tallies: Iterable[Tally], titles: dict[str, str]) -> None:
    rows = [("Principle", "points", "possible", "share", "rated", "not relevant", "pending")]
    rows += [
        (
            f"{tally.id} {titles[tally.id]}",
            share_text(tally.points),
            share_text(tally.possible),
            "-" if tally.share is None else f"{percent_text(tally.share)} %",
            str(tally.rated),
            str(tally.not_relevant),
            str(tally.pending),
        )
        for tally in tallies
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        print("  ".join(cells).rstrip())

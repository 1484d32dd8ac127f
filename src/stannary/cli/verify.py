"""`stannary verify`: is what a file says true, as far as anybody can tell without trusting us?

Rules: VERIFY-001 to VERIFY-008, those of whatever a file encloses, and those of a log.
"""

import argparse
import datetime
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stannary.cli.output import (
    CANNOT_READ,
    DOES_NOT_HOLD,
    DONE,
    print_error,
    print_findings,
    print_json,
)
from stannary.core.credentials.rules import FILE_IS_HERE
from stannary.core.kernel import Finding, PartialDate, Place, RefusalError, refuse
from stannary.core.kernel.rules import DATE_IS_PARTIAL_OR_FULL
from stannary.core.standards import Edition
from stannary.core.verification import (
    Checkable,
    LaterLog,
    LogKey,
    Outcome,
    Report,
    Trust,
    later_log,
    report_as_dict,
    standards_named,
    verify_file,
)
from stannary.formats.canonical import pack_sha256
from stannary.formats.claim_file import read_checkable
from stannary.formats.did import read_trust
from stannary.formats.packs import find_pack, find_shipped_pack, load_pack
from stannary.formats.tlog import read_log
from stannary.signing import Signatures

_DESCRIPTION = """\
Check a claim file, a result file or bundle, a signed credential, a log proof or a holder's receipt of
a mine's total, step by step: readable, signed by whom, issuer trusted, not revoked, in force on the
day, logged, recomputed, consistent with what it cites. Nothing is fetched and nothing is sent. A step
that could not be taken says why."""
_EPILOG = """\
exit code: 0 when no step fails and a signature was checked, 1 when it does not hold or nobody's
signature could be checked, 2 when a file cannot be read. With --json one FILE gives one report;
several give {"holds", "reports", "findings"}."""
_WORDS = {Outcome.PASSED: "pass", Outcome.FAILED: "FAIL", Outcome.NOT_CHECKED: "not checked"}
_WIDTH = 100


@dataclass(frozen=True, slots=True)
class _Packs:
    editions: Mapping[str, Edition]
    hashes: Mapping[str, str]


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "verify",
        help="check a claim, a published result, a credential, a log proof or a receipt",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="- reads standard input")
    parser.add_argument(
        "--trust",
        action="append",
        default=[],
        metavar="DID|FILE",
        help="whom you trust: an issuer's did.json, a list of them, a log's verifier key, or a DID",
    )
    parser.add_argument(
        "--log",
        metavar="DIR",
        help="the public log as it is now, as files: it tells what was taken back, or stated twice, since",
    )
    parser.add_argument(
        "--on",
        metavar="YYYY-MM-DD",
        help="check for this day (default: today, UTC)",
    )
    parser.add_argument(
        "--pack",
        action="append",
        default=[],
        metavar="FOLDER",
        help="a standard or custody pack of yours, beside those that come with the program",
    )
    parser.add_argument(
        "--offline",
        action="store_true",
        help="say that no network may be used; this version never uses one",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Check every file and print a report of each."""
    on = _day(arguments.on)
    trust = read_trust(arguments.trust)
    own = _own_packs(arguments.pack)
    later = _later(arguments.log, trust)
    reports: list[Report] = []
    unreadable = False
    for file in arguments.files:
        try:
            parsed = _read(file, offline=arguments.offline)
            report = _check(parsed, trust, on, own, later)
        except RefusalError as refusal:
            unreadable = True
            print_error(refusal.findings[0].message)
            continue
        if not arguments.json:
            _print_text(report, blank_before=bool(reports))
        reports.append(report)
    if arguments.json and reports:
        print_json(_as_json(reports, alone=len(arguments.files) == 1, all_read=not unreadable))
    if unreadable:
        return CANNOT_READ
    return DONE if all(report.holds for report in reports) else DOES_NOT_HOLD


def _day(text: str | None) -> datetime.date:
    if text is None:
        return datetime.datetime.now(datetime.UTC).date()
    at = Place("--on")
    day = PartialDate.parse(text, at=at)
    if not day.is_exact:
        refuse(DATE_IS_PARTIAL_OR_FULL, at=at, value=text, needed="YYYY-MM-DD")
    return day.first


def _read(file: str, *, offline: bool) -> Checkable:
    if file.lower().startswith(("http://", "https://")):
        facts = {"address": file[:200]} | ({"offline": "yes"} if offline else {})
        raise RefusalError(Finding(FILE_IS_HERE, facts))
    return read_checkable(sys.stdin.buffer if file == "-" else file, file)


def _later(folder: str | None, trust: Trust) -> LaterLog | None:
    if folder is None:
        return None
    return later_log(*read_log(Path(folder), [LogKey(key, Signatures()) for key in trust.log_keys]))


def _own_packs(folders: Iterable[str]) -> _Packs:
    editions: dict[str, Edition] = {}
    hashes: dict[str, str] = {}
    for folder in folders:
        path = find_pack(folder)
        edition = load_pack(path)
        editions[edition.id], hashes[edition.id] = edition, pack_sha256(path)
    return _Packs(editions, hashes)


def _check(
    parsed: Checkable, trust: Trust, on: datetime.date, own: _Packs, later: LaterLog | None
) -> Report:
    editions, hashes = dict(own.editions), dict(own.hashes)
    enclosed = parsed.pack.edition.id if parsed.pack and parsed.pack.edition else ""
    for name in standards_named(parsed):
        if name in editions or name == enclosed:
            continue
        try:
            path = find_shipped_pack(name)
        except RefusalError:
            continue  # the step that needs it says that it is not at hand
        editions[name], hashes[name] = load_pack(path), pack_sha256(path)
    return verify_file(
        parsed,
        trust=trust,
        on=on,
        crypto=Signatures(),
        packs=editions,
        pack_hashes=hashes,
        later=later,
    )


def _as_json(reports: Sequence[Report], *, alone: bool, all_read: bool) -> dict[str, object]:
    if alone:
        return report_as_dict(reports[0])
    return {
        "holds": all_read and all(report.holds for report in reports),
        "reports": [report_as_dict(report) for report in reports],
        "findings": [finding.as_dict() for report in reports for finding in report.findings],
    }


def _print_text(report: Report, *, blank_before: bool) -> None:
    if blank_before:
        print()
    print(f"{report.file}: {report.summary}")
    statement = report.statement
    if statement is not None:
        sentence = statement.sentences.get("en") or next(iter(statement.sentences.values()), "")
        name = statement.issuer_name or statement.issuer
        print(_wrapped(f"{sentence or statement.name or 'A credential'} (said by {name})", "  "))
    print()
    for step in report.steps:
        start = f"  {step.number}  {_WORDS[step.outcome]:<11}  "
        told = step.outcome is not Outcome.FAILED or step.where in step.reason
        where = "" if told else f" [{step.where}]"
        print(_wrapped(f"{step.title}. {step.reason}{where}", start))
    if report.findings:
        print()
        print("Findings")
        print_findings(report.findings)


def _wrapped(text: str, start: str) -> str:
    # what a stranger wrote may hold signs that move the cursor of a terminal
    plain = "".join(sign if sign.isprintable() else "\ufffd" for sign in text)
    return textwrap.fill(
        plain,
        _WIDTH,
        initial_indent=start,
        subsequent_indent=" " * len(start),
        break_long_words=False,
        break_on_hyphens=False,
    )

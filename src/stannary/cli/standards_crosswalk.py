"""stannary standards crosswalk: check a crosswalk, plan one audit for both standards, find gaps.

Rules: CROSSWALK-001 to CROSSWALK-009, and those of ratings (RATING) and packs (STANDARD).
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from stannary.cli.output import DOES_NOT_HOLD, DONE, on_one_line, print_findings, print_json
from stannary.core.assessments import rating_sheet
from stannary.core.crosswalks import (
    CoAuditPlan,
    Crosswalk,
    GapReport,
    GapState,
    NeedState,
    Relation,
    check_crosswalk,
    co_audit_plan,
    coverage_text,
    crosswalk_head_as_dict,
    gap_report,
    gap_report_as_dict,
    plan_as_dict,
    rules,
)
from stannary.core.kernel import Finding, refuse
from stannary.core.standards import Edition, Rating
from stannary.formats.crosswalks import find_crosswalk, load_crosswalk
from stannary.formats.packs import find_pack, load_pack
from stannary.formats.ratings import read_ratings

_DESCRIPTION = """\
Check a crosswalk, and tell what it saves: with evidence gathered for one standard, what is left to
ask for the other; and, with ratings under the first, what they show under the other.

CROSSWALK is the name of one that comes with the program, a TOML file, or a CSV table of judgements."""
_EPILOG = """\
exit code: 0 when the crosswalk holds, 1 when it does not (the findings say why), 2 when it, a pack
or the ratings cannot be read."""

NEEDS = {
    NeedState.COVERED: "nothing left to ask",
    NeedState.REST: "ask for what is not covered",
    NeedState.PERHAPS: "a part of its chapter is covered, and nobody said which",
    NeedState.ASK: "examined, no counterpart",
    NeedState.UNEXAMINED: "not examined yet",
}
GAPS = {
    GapState.SHOWN: "covered whole by something fully met",
    GapState.PARTLY: "met in part, or covered in part",
    GapState.GAP: "what would cover it is not met",
    GapState.NOT_RATED: "what would cover it is pending or not relevant",
    GapState.PERHAPS: "a part of its chapter is covered, and nobody said which",
    GapState.ASK: "examined, no counterpart",
    GapState.UNEXAMINED: "not examined yet",
}


def add_act(acts: "argparse._SubParsersAction[argparse.ArgumentParser]", pack_help: str) -> None:
    """Add the act to the command `standards`."""
    act = acts.add_parser(
        "crosswalk",
        help="check a crosswalk; co-audit plan and gap report from it",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    act.add_argument("crosswalk", metavar="CROSSWALK", help="a name, or a TOML or CSV file")
    act.add_argument(
        "--lead",
        metavar="PACK",
        help="the standard whose evidence is gathered (default: the first of the crosswalk)",
    )
    act.add_argument(
        "--ratings",
        metavar="FILE",
        help="ratings under the lead, CSV or XLSX, - for standard input: adds a gap report",
    )
    act.add_argument(
        "--pack",
        metavar="PACK",
        action="append",
        default=[],
        help=f"a pack that the crosswalk names and that is not shipped; {pack_help}",
    )
    act.add_argument("--json", action="store_true", help="print one JSON object")
    act.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Check, plan and report."""
    crosswalk = load_crosswalk(find_crosswalk(arguments.crosswalk))
    own = {edition.id: edition for edition in map(_load, arguments.pack)}
    first, second = (own.get(name) or _load(name) for name in (crosswalk.first, crosswalk.second))
    findings = check_crosswalk(crosswalk, first, second)
    plan, report = None, None
    if not findings:
        lead, other = _led(arguments.lead, first, second)
        plan = co_audit_plan(lead, [other], [crosswalk])
        if arguments.ratings is not None:
            way = crosswalk if lead is first else crosswalk.turned()
            report = gap_report(way, lead, other, _ratings(arguments.ratings, lead))
    if arguments.json:
        print_json(_as_dict(crosswalk, findings, plan, report))
    else:
        print("\n".join(map(on_one_line, _lines(crosswalk, plan, report))))
        print_findings(findings)
    return DOES_NOT_HOLD if findings else DONE


def _load(name: str) -> Edition:
    return load_pack(find_pack(name))


def _led(lead: str | None, first: Edition, second: Edition) -> tuple[Edition, Edition]:
    """Give the leading edition, then the other one."""
    if lead is None or lead == first.id:
        return first, second
    named = lead if lead == second.id else _load(lead).id
    if named not in (first.id, second.id):
        refuse(rules.CLAUSES_ARE_THERE, lead=named, first=first.id, second=second.id)
    return (first, second) if named == first.id else (second, first)


def _ratings(file: str, edition: Edition) -> dict[str, Rating]:
    source = sys.stdin.buffer if file == "-" else Path(file)
    sheet = rating_sheet(edition, read_ratings(source, file))
    return {name: verdict.rating for name, verdict in sheet.verdicts.items()}


def _as_dict(
    crosswalk: Crosswalk,
    findings: Sequence[Finding],
    plan: CoAuditPlan | None,
    report: GapReport | None,
) -> dict[str, object]:
    directions = Counter(link.direction for link in crosswalk.links)
    return {
        **crosswalk_head_as_dict(crosswalk),
        "holds": not findings,
        "judgements": len(crosswalk.links),
        "relations": _relations(crosswalk),
        "directions": {name: directions[name] for name in ("both", "forward")},
        "plan": None if plan is None else plan_as_dict(plan),
        "gaps": None if report is None else gap_report_as_dict(report),
        "findings": [finding.as_dict() for finding in findings],
    }


def _relations(crosswalk: Crosswalk) -> dict[str, int]:
    found = Counter(link.relation for link in crosswalk.links)
    return {str(relation): found[relation] for relation in Relation}


def _lines(
    crosswalk: Crosswalk, plan: CoAuditPlan | None, report: GapReport | None
) -> Iterator[str]:
    yield crosswalk.title
    yield f"{crosswalk.first} -> {crosswalk.second}"
    counts = ", ".join(f"{count} {name}" for name, count in _relations(crosswalk).items() if count)
    forward = sum(link.direction == "forward" for link in crosswalk.links)
    yield f"{len(crosswalk.links)} judgements: {counts}; {forward} of them forward only"
    if plan is not None:
        yield from _plan_lines(plan)
    if report is not None:
        yield from _report_lines(report)


def _plan_lines(plan: CoAuditPlan) -> Iterator[str]:
    yield ""
    yield f"Co-audit plan, evidence gathered for {plan.lead.id}"
    shared = f"{len(plan.shared)} of {len(plan.lead.requirements)}"
    yield f"Evidence for {shared} requirements counts for other standards as well."
    for other in plan.others:
        extent = "" if other.requirements_complete else ", an outline"
        yield f"{other.id}: {len(other.requirements)} requirements{extent}"
        yield from _counts(
            (state, plan.count(other.id, state), NEEDS[state]) for state in NeedState
        )
        yield ""
        yield f"Left to ask for {other.id}"
        for need in plan.to_ask(other.id):
            cover = need.cover
            links = ", ".join(link.first for link in (*cover.links, *cover.perhaps))
            known = f"  at least {coverage_text(cover.floor)}, by {links}" if links else ""
            yield f"  {need.requirement.id:10} {cover.state:10}  {need.requirement.title}{known}"


def _report_lines(report: GapReport) -> Iterator[str]:
    yield ""
    yield f"Gap report, ratings under {report.first} against {report.second}"
    yield from _counts((state, report.count(state), GAPS[state]) for state in GapState)
    yield ""
    yield "Not shown yet"
    for gap in report.gaps:
        if gap.state is not GapState.SHOWN:
            by = ", ".join(f"{link.first} {rating}" for link, rating in gap.by)
            known = f"  ({by})" if by else ""
            yield f"  {gap.requirement.id:10} {gap.state:10}  {gap.requirement.title}{known}"


def _counts(rows: Iterable[tuple[str, int, str]]) -> Iterator[str]:
    for state, count, meaning in rows:
        yield f"  {state:10} {count:5}  {meaning}"

"""stannary standards: list the editions that are here, show and check one; the other acts beside it."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from stannary.cli import standards_crosswalk, standards_diff, standards_export, standards_import
from stannary.cli.output import DOES_NOT_HOLD, DONE, print_findings, print_json
from stannary.core.kernel import Finding, Parameter, RefusalError, as_fraction, percent_text, refuse
from stannary.core.standards import (
    Edition,
    Level,
    Requirement,
    check_transition,
    edition_as_dict,
    edition_head_as_dict,
    requirement_as_dict,
)
from stannary.core.standards.checks import LONGEST
from stannary.core.standards.rules import PACK_IS_READABLE, REQUIREMENT_EXISTS
from stannary.formats.pack_transitions import load_transition
from stannary.formats.packs import (
    CaseRun,
    case_runs,
    find_pack,
    find_shipped_pack,
    load_pack,
    shipped_packs,
)

_PACK = "publisher/standard/edition, or a folder that holds a standard.toml"


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its acts."""
    parser = subparsers.add_parser(
        "standards", help="list, show, check, compare, import and export standards"
    )
    acts = parser.add_subparsers(title="acts", metavar="ACT", required=True)

    act = acts.add_parser("list", help="the editions that come with the program")
    act.set_defaults(run=list_editions)
    _add_json(act)

    act = acts.add_parser("show", help="what an edition, or one requirement of it, says")
    act.add_argument("pack", metavar="PACK", help=_PACK)
    act.add_argument("requirement", metavar="REQUIREMENT", nargs="?", help="id, such as 1.1.1.1")
    act.set_defaults(run=show)
    _add_json(act)

    act = acts.add_parser("check", help="validate a pack and run its cases")
    act.add_argument("pack", metavar="PACK", help=_PACK)
    act.add_argument("--verbose", action="store_true", help="print a line per case")
    act.set_defaults(run=check)
    _add_json(act)

    standards_diff.add_act(acts, _PACK)
    standards_crosswalk.add_act(acts, _PACK)
    standards_import.add_act(acts, _PACK)
    standards_export.add_act(acts, _PACK)


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def list_editions(arguments: argparse.Namespace) -> int:
    """Print id, title, licence, number of requirements, and whether all of them are there."""
    editions = [load_pack(folder) for folder in shipped_packs()]
    if arguments.json:
        print_json({"standards": [edition_head_as_dict(edition) for edition in editions]})
        return DONE
    rows = [("id", "title", "licence", "requirements", "extent")]
    for edition in editions:
        count = str(len(edition.requirements)) if edition.kind == "assurance" else "-"
        rows.append((edition.id, edition.title, edition.licence, count, _extent(edition)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())
    return DONE


def _extent(edition: Edition) -> str:
    return "complete" if edition.requirements_complete else "outline"


def show(arguments: argparse.Namespace) -> int:
    """Print an edition or one of its requirements."""
    edition = load_pack(find_pack(arguments.pack))
    if arguments.requirement is None:
        if arguments.json:
            print_json(edition_as_dict(edition))
        else:
            print("\n".join(_edition_lines(edition)))
        return DONE
    requirement = edition.requirement_by_id.get(arguments.requirement)
    if requirement is None:
        refuse(REQUIREMENT_EXISTS, requirement=arguments.requirement[:40], edition=edition.id)
    if arguments.json:
        print_json({"standard": edition.id, **requirement_as_dict(requirement)})
    else:
        print("\n".join(_requirement_lines(edition, requirement)))
    return DONE


def _edition_lines(edition: Edition) -> Iterator[str]:
    yield f"{edition.title} ({edition.id})"
    yield f"Licence: {edition.licence}. In force from {edition.in_force_from}. {_extent(edition).capitalize()}."
    yield ""
    yield edition.summary
    for principle in edition.principles:
        yield ""
        yield f"{principle.id}  {principle.title}"
        for chapter in edition.chapters:
            if chapter.principle == principle.id:
                yield f"   {chapter.id}  {chapter.title}"
                for requirement in edition.requirements_by_chapter[chapter.id]:
                    critical = "  (critical)" if requirement.critical else ""
                    yield f"      {requirement.id}  {requirement.title}{critical}"
    if edition.levels:
        yield from ("", "Levels, lowest first")
        for level in edition.levels:
            yield f"   {level.code}  {'; '.join(_tests(level)) or 'no test'}"
    if edition.claims:
        yield from ("", "Claims")
        for claim in edition.claims:
            yield f"   {claim.code}  {claim.words[edition.language]}"
    if edition.parameters:
        yield from ("", "Constants")
        for parameter in edition.parameters.values():
            yield f"   {parameter.name}: {_values(parameter)}"
            yield f"      {parameter.summary}"


def _tests(level: Level) -> Iterator[str]:
    if level.min_principle_share is not None:
        yield f"each principle at least {_values(level.min_principle_share, percent=True)}"
    if level.critical_at_least is not None:
        yield f"each critical requirement at least {_values(level.critical_at_least)}"
    if level.all_at_least is not None:
        yield f"each requirement at least {_values(level.all_at_least)}"


def _values(parameter: Parameter, *, percent: bool = False) -> str:
    """Print every value of a constant with its unit and mark, and say what only stands in."""
    said = []
    for dated in parameter.values:
        if dated.value is None:
            text = "unknown"
        elif percent:
            text = f"{percent_text(as_fraction(dated.value, name=parameter.name))} %"
        elif isinstance(dated.value, bool):
            text = "yes" if dated.value else "no"
        elif parameter.unit in LONGEST:
            text = f"{dated.value} {parameter.unit}{'' if dated.value == 1 else 's'}"
        else:
            text = str(dated.value)
        since = (
            f" from {dated.valid_from}" if dated.valid_from and len(parameter.values) > 1 else ""
        )
        placeholder = ", placeholder" if dated.mark.is_placeholder else ""
        said.append(f"{text}{since} [{dated.mark}{placeholder}]")
    return ", ".join(said)


def _requirement_lines(edition: Edition, requirement: Requirement) -> Iterator[str]:
    yield f"{requirement.id}  {requirement.title}"
    yield f"{edition.title}, chapter {requirement.chapter} {edition.chapter_by_id[requirement.chapter].title}"
    yield ""
    yield requirement.demand or "The text is not shipped; load the official one beside it."
    yield ""
    yield f"Critical: {'yes' if requirement.critical else 'no'}"
    yield f"Applies:  {requirement.applies or 'always'}"
    if requirement.why:
        yield f"Why:      {requirement.why}"
    if requirement.evidence:
        yield f"Evidence: {requirement.evidence}"
    yield f"Source:   {requirement.source} [{requirement.mark}]"


def check(arguments: argparse.Namespace) -> int:
    """Validate a pack, run its cases, and print what does not hold."""
    folder = find_pack(arguments.pack)
    runs: tuple[CaseRun, ...] = ()
    edition: Edition | None = None
    transition: TransitionCheck | None = None
    try:
        edition = load_pack(folder)
        runs, findings = case_runs(folder, edition)
        transition, wrong = _checked_transition(folder, edition)
        findings = (*findings, *wrong)
    except RefusalError as refusal:
        findings = refusal.findings
    if any(finding.rule is PACK_IS_READABLE for finding in findings):
        raise RefusalError(*findings)
    findings = (*findings, *(run.finding for run in runs if not run.holds))
    if arguments.json:
        print_json(_check_as_dict(edition, runs, transition, findings))
    else:
        _print_check(edition, runs, findings, verbose=arguments.verbose)
        if transition is not None:
            print(transition.sentence)
    return DOES_NOT_HOLD if findings else DONE


class TransitionCheck(NamedTuple):
    """What became of the check of a pack's transition."""

    before: str
    moves: int
    checked: bool

    @property
    def sentence(self) -> str:
        """Say it in a line."""
        if self.checked:
            return f"Transition from {self.before}: {self.moves} moves checked."
        return f"Transition from {self.before}: not checked, for that edition is not here."


def _checked_transition(
    folder: Path, edition: Edition
) -> tuple[TransitionCheck | None, tuple[Finding, ...]]:
    """Check a pack's transition, as far as the edition before it comes with the program."""
    transition = load_transition(folder)
    if transition is None:
        return None, ()
    moves = len(transition.moves)
    try:
        before = load_pack(find_shipped_pack(transition.before))
    except RefusalError:
        return TransitionCheck(transition.before[:200], moves, checked=False), ()
    findings = check_transition(transition, before, edition)
    return TransitionCheck(before.id, moves, checked=True), findings


def _print_check(
    edition: Edition | None, runs: Sequence[CaseRun], findings: Sequence[Finding], *, verbose: bool
) -> None:
    for run in runs if verbose else ():
        print(f"{'holds' if run.holds else 'fails'}  {run.name}")
    print_findings(findings)
    if edition is not None:
        held = sum(run.holds for run in runs)
        print(
            f"{edition.id}: {len(edition.requirements)} requirements, {held} of {len(runs)} cases hold."
        )


def _check_as_dict(
    edition: Edition | None,
    runs: Sequence[CaseRun],
    transition: TransitionCheck | None,
    findings: Sequence[Finding],
) -> dict[str, object]:
    return {
        "standard": edition.id if edition else None,
        "holds": not findings,
        "requirement_count": len(edition.requirements) if edition else None,
        "cases": [
            {
                "name": run.name,
                "holds": run.holds,
                "expected": run.expected,
                "came_out": run.came_out,
            }
            for run in runs
        ],
        "transition": transition
        and {
            "from": transition.before,
            "moves": transition.moves,
            "checked": transition.checked,
        },
        "findings": [finding.as_dict() for finding in findings],
    }

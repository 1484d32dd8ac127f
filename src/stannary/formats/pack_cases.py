"""The examples that a pack brings, scored, so that its rules are seen to mean what its author meant.

Rules: STANDARD-012; STANDARD-001, STANDARD-002, KERNEL-004 and RATING-003 for the files of the cases.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stannary.core.assessments import Verdict, parse_rating, rating_sheet
from stannary.core.kernel import Finding, Place, RefusalError
from stannary.core.scores import LevelOutcome, score
from stannary.core.standards import Edition, Rating
from stannary.core.standards.rules import CASE_HOLDS
from stannary.formats.pack_folders import pack_files, shown_name
from stannary.formats.toml_tables import Table, read_table


@dataclass(frozen=True, slots=True)
class CaseRun:
    """One case and how it came out.

    Attributes:
        name: What the case shows, as a sentence.
        expected: The level as the pack says: "determined OPEN-75", "none".
        came_out: The level as it is scored, in the same words.
        at: Where the case stands.
    """

    name: str
    expected: str
    came_out: str
    at: Place

    @property
    def holds(self) -> bool:
        """Whether it came out as the pack says."""
        return self.expected == self.came_out

    @property
    def finding(self) -> Finding:
        """What to say when it does not."""
        facts = {"case": self.name, "expected": self.expected, "came_out": self.came_out}
        return Finding(CASE_HOLDS, facts, self.at)


def case_runs(folder: Path, edition: Edition) -> tuple[tuple[CaseRun, ...], tuple[Finding, ...]]:
    """Score every case that can be read.

    Args:
        folder: Where the pack is, for its cases/*.toml.
        edition: The pack, loaded.

    Returns:
        The runs, and what is wrong with the form of the case files; a file with such a finding
        is not run.
    """
    runs: list[CaseRun] = []
    findings: list[Finding] = []
    for path in pack_files(folder, "cases"):
        wrong: list[Finding] = []
        table = read_table(path, name=shown_name(path), findings=wrong)
        cases = () if table is None else table.tables("case", needed=True)
        read = [_read_case(entry, edition) for entry in cases]
        if table is not None:
            table.close()
        findings.extend(wrong)
        if not wrong:
            runs.extend(_run(case, edition) for case in read)
    return tuple(runs), tuple(findings)


@dataclass(frozen=True, slots=True)
class _Case:
    """A case as it is written."""

    name: str
    as_of: datetime.date
    ratings: Mapping[str, Rating]
    expected: LevelOutcome
    at: Place


def _run(case: _Case, edition: Edition) -> CaseRun:
    verdicts = [
        Verdict(requirement, rating, "case" if rating is Rating.NOT_RELEVANT else "")
        for requirement, rating in case.ratings.items()
    ]
    level = score(rating_sheet(edition, verdicts), as_of=case.as_of).level
    return CaseRun(case.name, _said(case.expected), _said(level), case.at)


def _said(level: LevelOutcome) -> str:
    """Print an outcome so that two of them can be compared by eye."""
    if level.state == "determined":
        return f"determined {level.code}"
    if level.state == "pending":
        return f"pending, floor {level.floor or 'none'}, ceiling {level.ceiling or 'none'}"
    return "none"


def _read_case(table: Table, edition: Edition) -> _Case:
    name = table.text("name")
    as_of = table.day("as_of") or edition.in_force_from
    rest = _rating(table, "rest")
    ratings = {requirement.id: rest for requirement in edition.requirements}
    chapters = table.table("chapters", needed=False)
    if chapters is not None:
        for chapter in chapters.data:
            rating = _rating(chapters, chapter)
            those = edition.requirements_by_chapter.get(chapter)
            if those is None:
                chapters.wrong(chapter, chapter, kind="id of a chapter of the edition")
            ratings.update((requirement.id, rating) for requirement in those or ())
    single = table.table("ratings", needed=False)
    if single is not None:
        for requirement in single.data:
            ratings[requirement] = _rating(single, requirement)
            if requirement not in edition.requirement_by_id:
                single.wrong(requirement, requirement, kind="id of a requirement of the edition")
    case = _Case(name, as_of, ratings, _read_outcome(table, edition), table.at)
    table.close()
    return case


def _read_outcome(table: Table, edition: Edition) -> LevelOutcome:
    """Read what shall come out; a level is asked for only where the state has one."""
    state = table.text("state")
    if state == "determined":
        return LevelOutcome(code=_level(table, "level", edition, needed=True), state="determined")
    if state == "pending":
        floor, ceiling = (_level(table, key, edition) for key in ("floor", "ceiling"))
        return LevelOutcome(code=None, state="pending", floor=floor, ceiling=ceiling)
    if state != "none" and table.has("state"):
        table.wrong("state", state, kind="determined or pending or none")
    return LevelOutcome(code=None, state="none")


def _level(table: Table, key: str, edition: Edition, *, needed: bool = False) -> str | None:
    code = table.text(key, needed=needed)
    if table.has(key) and code not in edition.level_by_code:
        table.wrong(key, code, kind="code of a level of the edition")
    return code or None


def _rating(table: Table, key: str) -> Rating:
    """Read a rating; PENDING stands in for a word that is none, which is noted."""
    word = table.text(key)
    try:
        return parse_rating(word, at=table.place(key))
    except RefusalError as refusal:
        if isinstance(table.data.get(key), str):
            table.document.findings.extend(refusal.findings)
        return Rating.PENDING

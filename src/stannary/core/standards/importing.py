"""From rows that somebody wrote to an edition, with every finding at its cell.

Rules: IMPORT-003, IMPORT-006 to IMPORT-009, KERNEL-003, and those of `check_edition`, whose findings
are brought back to the cell that they are about.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from stannary.core.kernel import Finding, Mark, Place, RefusalError, Rule
from stannary.core.standards import rules
from stannary.core.standards.checks import check_edition
from stannary.core.standards.edition import Chapter, Edition, Principle, Requirement, Section

EXPORTED = ("id", "principle", "chapter", "section", "title", "demand", "critical", "applies")
"""Columns of an exported standard; other programs rely on them (contracts, section 5)."""

FURTHER = (
    "why", "evidence", "interview", "tags", "principle_title", "chapter_title", "section_title",
    "source", "mark",
)  # fmt: skip
"""Columns that an import reads beside those."""

NEEDED = ("id", "title", "demand", "critical")
"""Columns without which nothing can be imported; the id says principle, chapter and section."""

TITLE_MAX = 200
TEXT_MAX = 4_000
"""Characters; the longest requirement known has about 1 500."""

_ID = re.compile(r"[1-9][0-9]{0,2}(?:\.[1-9][0-9]{0,2}){3}")
_TITLES = ("title", "principle_title", "chapter_title", "section_title")
_LEVELS = ("principle", "chapter", "section")
_CRITICAL = {"true": True, "false": False}
_COLUMN_OF: Mapping[str, str] = {
    rules.DEMAND_IS_WRITTEN.code: "demand",
    rules.TAGS_ARE_KNOWN.code: "tags",
}
"""The column that a finding of `check_edition` about a requirement speaks of; else it is the id."""


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement as it stands in a file.

    Attributes:
        cells: Column to text, blanks around it removed; a column left out is blank.
        at: The row, or the control of a catalog.
        names: Column to what the file calls its cell: "C7" in a workbook. A column that is not
            there is called by its name.
        unread: Columns whose cell could not be read, which somebody else has a finding for.
    """

    cells: Mapping[str, str]
    at: Place
    names: Mapping[str, str] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()

    def place(self, column: str) -> Place:
        """Say where the cell of a column is."""
        return Place(self.at.file, self.at.line, self.names.get(column, column))

    def finding(self, rule: Rule, column: str, **facts: str) -> Finding:
        """Give a finding about one cell."""
        return Finding(rule, {"column": column, **facts}, self.place(column))


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import makes, and what keeps it from being used.

    Attributes:
        edition: What could be read; to be used only when there is no finding.
        findings: All of them, in the order of the file.
    """

    edition: Edition
    findings: tuple[Finding, ...]


def check_columns(
    columns: Sequence[str], places: Sequence[Place], row: Place
) -> tuple[Finding, ...]:
    """Check the first row of a table: IMPORT-003 for each column missing, unknown or repeated.

    Args:
        columns: Names in their order, blanks removed.
        places: Where each stands; as many.
        row: Where the first row is.
    """
    found = []
    for number, (name, at) in enumerate(zip(columns, places, strict=True)):
        if name not in EXPORTED and name not in FURTHER:
            facts = {"unknown": name[:40] or "(empty)"}
            found.append(Finding(rules.IMPORT_COLUMNS_ARE_KNOWN, facts, at))
        elif name in columns[:number]:
            found.append(Finding(rules.IMPORT_COLUMNS_ARE_KNOWN, {"repeated": name}, at))
    missing = [name for name in NEEDED if name not in columns]
    found += [Finding(rules.IMPORT_COLUMNS_ARE_KNOWN, {"missing": name}, row) for name in missing]
    return tuple(found)


def import_lines(frame: Edition, lines: Iterable[Line], *, source: str, mark: Mark) -> Imported:
    """Put requirements into the frame of an edition and check everything.

    Args:
        frame: All but the requirements: names, scale, levels, constants, and the principles and
            chapters whose titles the lines need not repeat. A title in a line wins.
        lines: The requirements in their order.
        source: Where the lines were read, for those that do not say it themselves.
        mark: How sure we are of them, likewise.

    Returns:
        The edition with the chapters in numeric order and the requirements of each in the order of
        the lines, and every finding. A requirement whose id cannot be read is left out.
    """
    findings: list[Finding] = []
    headings: dict[tuple[str, str], tuple[str, Line]] = {}
    read: list[tuple[Requirement, Line]] = []
    set_aside = False
    for line in lines:
        requirement, found = _requirement(line, source, mark)
        findings += found
        if requirement is None:
            set_aside = True
            continue
        findings += _headings(line, requirement, headings)
        read.append((requirement, line))
    edition, missing = _with_headings(frame, headings, source, mark)
    findings += missing
    place = {chapter.id: number for number, chapter in enumerate(edition.chapters)}
    read.sort(key=lambda pair: place[pair[0].chapter])
    edition = replace(edition, requirements=tuple(requirement for requirement, _ in read))
    by_place = {line.place("id"): line for _, line in read}
    findings += [
        _at_its_cell(finding, by_place)
        for finding in check_edition(edition)
        if not (set_aside and finding.rule is rules.EDITION_HAS_REQUIREMENTS)
    ]
    return Imported(edition, tuple(sorted(findings, key=lambda finding: _row(finding.at))))


def _row(at: Place | None) -> int:
    return at.line if at is not None and at.line is not None else 0


def _at_its_cell(finding: Finding, lines: Mapping[Place, Line]) -> Finding:
    line = lines.get(finding.at) if finding.at is not None else None
    column = _COLUMN_OF.get(finding.code)
    if line is None or column is None:
        return finding
    return replace(finding, at=line.place(column))


def _requirement(
    line: Line, source: str, mark: Mark
) -> tuple[Requirement | None, tuple[Finding, ...]]:
    """Read one line; None with its finding if even the id cannot be read."""
    cell = line.cells.get
    findings = list(_texts(line))
    said = cell("critical", "")
    critical = _CRITICAL.get(said.lower())
    if critical is None and "critical" not in line.unread:
        facts = {"value": said[:40] or "(empty)"}
        findings.append(line.finding(rules.CRITICAL_IS_TRUE_OR_FALSE, "critical", **facts))
    if cell("mark"):
        try:
            mark = Mark.parse(cell("mark", ""), at=line.place("mark"))
        except RefusalError as refusal:
            findings += refusal.findings
    name = cell("id", "")
    if "id" in line.unread:
        return None, tuple(findings)
    if not _ID.fullmatch(name):
        facts = {"requirement": name[:40] or "(empty)"}
        findings.append(line.finding(rules.IDS_NEST, "id", **facts))
        return None, tuple(findings)
    findings += _parents(line, name)
    requirement = Requirement(
        id=name,
        chapter=_beginning(name, 2),
        title=cell("title", ""),
        demand="?" if "demand" in line.unread else cell("demand", ""),
        critical=bool(critical),
        applies=cell("applies", ""),
        why=cell("why", ""),
        evidence=cell("evidence", ""),
        source=cell("source", "") or source,
        mark=mark,
        interview=cell("interview", ""),
        tags=tuple(cell("tags", "").replace(",", " ").replace(";", " ").split()),
        at=line.place("id"),
    )
    return requirement, tuple(findings)


def _beginning(name: str, numbers: int) -> str:
    return ".".join(name.split(".")[:numbers])


def _parents(line: Line, name: str) -> Iterator[Finding]:
    for numbers, level in enumerate(_LEVELS, start=1):
        said, follows = line.cells.get(level, ""), _beginning(name, numbers)
        if said and said != follows:
            facts = {"value": said[:40], "id": name, "expected": follows}
            yield line.finding(rules.PARENTS_FOLLOW_THE_ID, level, **facts)


def _texts(line: Line) -> Iterator[Finding]:
    if not line.cells.get("title") and "title" not in line.unread:
        yield line.finding(rules.TEXTS_FIT, "title", value="(empty)")
    for column, text in line.cells.items():
        longest = TITLE_MAX if column in _TITLES else TEXT_MAX
        if len(text) > longest:
            facts = {"characters": str(len(text)), "at_most": str(longest)}
            yield line.finding(rules.TEXTS_FIT, column, **facts)
        if not text.isprintable():
            wrong = [
                sign
                for sign in text
                if unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\t\n"
            ]
            if wrong:
                character = f"U+{ord(wrong[0]):04X}"
                yield line.finding(rules.TEXTS_FIT, column, character=character)


def _headings(
    line: Line, requirement: Requirement, headings: dict[tuple[str, str], tuple[str, Line]]
) -> Iterator[Finding]:
    """Note the headings that a line stands under, with their titles."""
    for numbers, level in enumerate(_LEVELS, start=1):
        key = (level, _beginning(requirement.id, numbers))
        title = line.cells.get(f"{level}_title", "")
        before, first = headings.setdefault(key, (title, line))
        if title and not before:
            headings[key] = (title, first)
        elif title and title != before:
            facts = {level: key[1], "title": title[:80], "before": before[:80]}
            yield line.finding(rules.HEADINGS_HAVE_ONE_TITLE, f"{level}_title", **facts)


def _with_headings(
    frame: Edition, headings: Mapping[tuple[str, str], tuple[str, Line]], source: str, mark: Mark
) -> tuple[Edition, list[Finding]]:
    """Give the frame with the headings of the lines, chapters in numeric order, no requirements."""
    principles = {principle.id: principle for principle in frame.principles}
    chapters = dict(frame.chapter_by_id)
    findings: list[Finding] = []
    for (level, name), (title, line) in headings.items():
        parent = _beginning(name, name.count("."))
        known = (principles if level == "principle" else chapters).get(name)
        if level == "section":
            if title:
                chapters[parent] = _with_section(chapters[parent], Section(name, title))
        elif known is None:
            column = f"{level}_title"
            if not title and column not in line.unread:
                facts = {level: name}
                findings.append(line.finding(rules.HEADINGS_HAVE_ONE_TITLE, column, **facts))
            at = line.place("id")
            if level == "principle":
                principles[name] = Principle(name, title, source, mark, at)
            else:
                chapters[name] = Chapter(name, parent, title, source, mark, at=at)
        elif title and title != known.title:
            if level == "principle":
                principles[name] = replace(principles[name], title=title, source=source, mark=mark)
            else:
                chapters[name] = replace(chapters[name], title=title, source=source, mark=mark)
    edition = replace(
        frame,
        principles=tuple(principles.values()),
        chapters=tuple(sorted(chapters.values(), key=lambda entry: _numbers(entry.id))),
        requirements=(),
    )
    return edition, findings


def _with_section(chapter: Chapter, section: Section) -> Chapter:
    there = {entry.id: entry for entry in chapter.sections} | {section.id: section}
    return replace(chapter, sections=tuple(there.values()))


def _numbers(name: str) -> tuple[tuple[int, str], ...]:
    """Order ids by their numbers; what is no number, which is a finding of its own, comes first."""
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in name.split("."))

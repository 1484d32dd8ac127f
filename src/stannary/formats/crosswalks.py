"""Crosswalks as files: a TOML file with head and judgements, or the judgements as a CSV table.

Both name the same columns. A side left out, or an empty cell, means that the other side was
examined against all of it and has no counterpart. A table has no head but the two editions.

Rules: CROSSWALK-004, CROSSWALK-005, CROSSWALK-008, CROSSWALK-009, KERNEL-002, KERNEL-003,
KERNEL-004.
"""

import csv
import datetime
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from stannary.core.crosswalks import COLUMNS, Crosswalk, Link, Relation, link_as_dict, rules
from stannary.core.kernel import Finding, Mark, PartialDate, Place, RefusalError, as_fraction
from stannary.core.kernel.rules import VALUE_HAS_ITS_KIND
from stannary.core.standards.rules import KEYS_ARE_KNOWN, PACK_IS_READABLE
from stannary.formats.pack_form import LANGUAGE
from stannary.formats.toml_tables import MAX_BYTES, Table, read_table, shown

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "crosswalks"
"""Where the crosswalks are that come with the program; the name of each is its file's."""

NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,149}")
"""The name of a crosswalk, as it stands in file names and addresses."""

MAX_LINKS = 20_000
EDITIONS = ("first_standard", "second_standard")
CSV_COLUMNS = (EDITIONS[0], "first", EDITIONS[1], *COLUMNS[1:])
"""Columns of a table of judgements (contracts, section 5)."""

_MAY_BE_EMPTY = ("first", "second", "coverage_back")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")

At = Callable[[str], Place]


def shipped_crosswalks() -> tuple[Path, ...]:
    """Give the files of all crosswalks that come with the program, sorted by name."""
    return tuple(sorted(SHIPPED.glob("*.toml")))


def find_crosswalk(name_or_file: str) -> Path:
    """Turn the name of a shipped crosswalk, or a file, into a file; the name wins.

    Example:
        >>> find_crosswalk("open-mining-1.0--open-mining-0.1").suffix, str(find_crosswalk("a.csv"))
        ('.toml', 'a.csv')
    """
    if NAME.fullmatch(name_or_file):
        shipped = SHIPPED / f"{name_or_file}.toml"
        if shipped.is_file():
            return shipped
    return Path(name_or_file)


def load_crosswalk(path: Path) -> Crosswalk:
    """Read a crosswalk, as CSV if its name ends so, else as TOML.

    Whether it holds against its two editions, `check_crosswalk` tells.

    Args:
        path: The file. Messages name one that comes with the program by its name alone.

    Raises:
        RefusalError: With every finding of the reading, each with its file and line.
    """
    name = path.name if path.is_relative_to(SHIPPED) else str(path)
    findings: list[Finding] = []
    read = _read_csv if path.suffix.lower() == ".csv" else _read_toml
    crosswalk = read(path, name, findings)
    if crosswalk is not None and len(crosswalk.links) > MAX_LINKS:
        facts = {"judgements": str(len(crosswalk.links))}
        findings.append(Finding(rules.FILE_IS_READABLE, facts, Place(name)))
    if crosswalk is None or findings:
        raise RefusalError(*findings)
    return crosswalk


def _read_toml(path: Path, name: str, findings: list[Finding]) -> Crosswalk | None:
    found: list[Finding] = []
    table = read_table(path, name=name, findings=found)
    crosswalk = None if table is None else _crosswalk(table)
    ours = {PACK_IS_READABLE: rules.FILE_IS_READABLE, KEYS_ARE_KNOWN: rules.KEYS_AND_ROWS_FIT}
    findings.extend(replace(one, rule=ours.get(one.rule, one.rule)) for one in found)
    return crosswalk


def _crosswalk(table: Table) -> Crosswalk:
    language = table.text("language")
    if isinstance(table.data.get("language"), str) and not LANGUAGE.fullmatch(language):
        table.wrong("language", language, kind="language, en or pt-BR")
    crosswalk = Crosswalk(
        first=table.text("first"),
        second=table.text("second"),
        title=table.text("title"),
        summary=table.text("summary"),
        language=language,
        licence=table.text("licence"),
        source=table.text("source"),
        mark=table.mark(),
        links=tuple(_entry(entry) for entry in table.tables("link", needed=True)),
        at=table.at,
    )
    table.close()
    return crosswalk


def _entry(table: Table) -> Link:
    texts = {
        name: table.text(name, needed=name not in _MAY_BE_EMPTY)
        for name in COLUMNS
        if name != "reviewed_on"
    }
    for name in ("relation", "direction", "coverage"):
        if table.data.get(name) == "":
            table.wrong(name, "", kind="text that is not blank")
    day = table.day("reviewed_on") or datetime.date.min
    link = _link(texts, day, table.at, table.place, table.document.findings)
    table.close()
    return link


def _link(
    texts: Mapping[str, str], day: datetime.date, at: Place, place: At, findings: list[Finding]
) -> Link:
    """Build a judgement; what cannot be used is noted, and something harmless stands in for it."""
    relation = Relation.NONE
    word = texts["relation"]
    if word in list(Relation):
        relation = Relation(word)
    elif word:
        findings.append(_wrong("relation", word, " or ".join(Relation), place))
    direction = texts["direction"]
    back = texts["coverage_back"]
    if direction not in ("forward", "both", ""):
        findings.append(_wrong("direction", direction, "forward or both", place))
    elif direction and (direction == "both") != bool(back):
        facts = {"direction": direction, "coverage_back": back[:40] or "left out"}
        findings.append(Finding(rules.DIRECTION_IS_JUDGED, facts, place("direction")))
    return Link(
        first=texts["first"],
        second=texts["second"],
        relation=relation,
        coverage=_coverage(texts["coverage"], "coverage", place, findings),
        coverage_back=_coverage(back, "coverage_back", place, findings) if back else None,
        reason=texts["reason"],
        reviewer=texts["reviewer"],
        reviewed_on=day,
        at=at,
    )


def _coverage(text: str, name: str, place: At, findings: list[Finding]) -> Fraction:
    """Read a coverage; a text that is missing was noted already."""
    if not text:
        return Fraction(0)
    try:
        return as_fraction(text, name=name, at=place(name))
    except RefusalError as refusal:
        findings.extend(refusal.findings)
        return Fraction(0)


def _wrong(name: str, value: str, kind: str, place: At) -> Finding:
    return Finding(
        VALUE_HAS_ITS_KIND, {"name": name, "value": shown(value), "kind": kind}, place(name)
    )


# CSV


def _read_csv(path: Path, name: str, findings: list[Finding]) -> Crosswalk | None:
    try:
        rows = list(_rows(path))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        findings.append(_unreadable("not UTF-8", Place(name, line)))
        return None
    except (ValueError, csv.Error) as error:
        findings.append(_unreadable(str(error)[:200], Place(name)))
        return None
    except OSError as error:
        findings.append(_unreadable(error.strerror or "cannot be opened", Place(name)))
        return None
    if len(rows) < 2:
        findings.append(_unreadable("no judgements", Place(name)))
        return None
    line, header = rows[0]
    findings.extend(_header_findings(header, Place(name, line)))
    if findings:
        return None
    links: list[Link] = []
    ids: dict[tuple[str, str], int] = {}
    for line, cells in rows[1:]:
        at = Place(name, line)
        if len(cells) != len(header):
            facts = {"cells": str(len(cells)), "columns": str(len(header))}
            findings.append(Finding(rules.KEYS_AND_ROWS_FIT, facts, at))
            continue
        texts = dict(zip(header, cells, strict=True))
        ids.setdefault((texts[EDITIONS[0]], texts[EDITIONS[1]]), line)
        links.append(_row(texts, at, findings))
    for pair, line in list(ids.items())[1:]:
        facts = {"first_standard": pair[0][:80], "second_standard": pair[1][:80]}
        findings.append(Finding(rules.KEYS_AND_ROWS_FIT, facts, Place(name, line)))
    first, second = next(iter(ids), ("", ""))
    title = f"{first} \N{LEFT RIGHT ARROW} {second}"
    return Crosswalk(
        first, second, title, "", "und", "", name, Mark.UNKNOWN, tuple(links), Place(name)
    )


def _unreadable(problem: str, at: Place) -> Finding:
    return Finding(rules.FILE_IS_READABLE, {"problem": problem}, at)


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Give the rows that hold anything, each with its line."""
    if path.exists() and not path.is_file():
        raise ValueError("not a file")
    with path.open("rb") as stream:
        content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES} bytes")
    text = content.decode("utf-8-sig")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield line, [_plain(cell.strip()) for cell in cells]
        line = reader.line_num + 1


def _header_findings(header: list[str], at: Place) -> Iterator[Finding]:
    for column in CSV_COLUMNS:
        if column not in header:
            yield Finding(rules.KEYS_AND_ROWS_FIT, {"missing": column}, at)
    for place, column in enumerate(header):
        if column not in CSV_COLUMNS or column in header[:place]:
            what = "repeated" if column in CSV_COLUMNS else "unknown"
            yield Finding(rules.KEYS_AND_ROWS_FIT, {what: column[:40] or "(empty)"}, at)


def _row(texts: Mapping[str, str], at: Place, findings: list[Finding]) -> Link:
    def place(column: str) -> Place:
        return Place(at.file, at.line, column)

    for column in CSV_COLUMNS:
        text = texts[column]
        if not text and column not in (*_MAY_BE_EMPTY, "reason", "reviewer"):
            rule = rules.JUDGEMENTS_HAVE_AN_AUTHOR
            rule = rule if column == "reviewed_on" else rules.KEYS_AND_ROWS_FIT
            findings.append(Finding(rule, {"missing": column}, place(column)))
        if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\t\n" for sign in text):
            findings.append(_wrong(column, ascii(text), "text without control characters", place))
    day = datetime.date.min
    if texts["reviewed_on"]:
        try:
            read = PartialDate.parse(texts["reviewed_on"], at=place("reviewed_on"))
            day = read.first
            if not read.is_exact:
                findings.append(
                    _wrong("reviewed_on", texts["reviewed_on"], "day, 2026-01-31", place)
                )
        except RefusalError as refusal:
            findings.extend(refusal.findings)
    return _link(texts, day, at, place, findings)


def _plain(cell: str) -> str:
    """Take away the apostrophe that `_cell` put in front."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _cell(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


# writing


def write_crosswalk_csv(crosswalk: Crosswalk) -> str:
    """Write the judgements as CSV, which `load_crosswalk` reads back; the head is not in it.

    No cell begins like a formula: such a text gets an apostrophe in front.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for link in crosswalk.links:
        said = link_row(crosswalk, link)
        writer.writerow([_cell(said[column]) for column in CSV_COLUMNS])
    return text.getvalue()


def link_row(crosswalk: Crosswalk, link: Link) -> dict[str, str]:
    """Give a judgement as texts by column of the table; empty where a side is left out."""
    said = {name: text or "" for name, text in link_as_dict(link).items()}
    return {EDITIONS[0]: crosswalk.first, EDITIONS[1]: crosswalk.second, **said}


def write_crosswalk_toml(crosswalk: Crosswalk) -> str:
    """Write a crosswalk as TOML, which `load_crosswalk` reads back as the same crosswalk."""
    lines = [
        f"{name} = {_quoted(str(getattr(crosswalk, name)))}"
        for name in ("first", "second", "title", "summary", "language", "licence", "source", "mark")
    ]
    for link in crosswalk.links:
        lines += ["", "[[link]]"]
        for name, text in link_as_dict(link).items():
            if text is not None:
                lines.append(f"{name} = {text if name == 'reviewed_on' else _quoted(text)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Write a basic string; JSON escapes what TOML does, but for DEL, which no reader accepts."""
    return json.dumps(text, ensure_ascii=False)

"""Strict reading of TOML tables: every key has its kind, none is missing, none is left over.

Findings are collected, so that one reading tells everything that is wrong; where a value cannot be
used a harmless one stands in for it, and the caller must look at the findings before it goes on.

Rules: STANDARD-001, STANDARD-002, KERNEL-003, KERNEL-004.
"""

import datetime
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stannary.core.kernel import DatedValue, Finding, Mark, Parameter, Place, RefusalError, Value
from stannary.core.kernel.rules import VALUE_HAS_ITS_KIND
from stannary.core.standards.rules import KEYS_ARE_KNOWN, PACK_IS_READABLE
from stannary.formats.toml_lines import KeyPath, key_lines, line_of

MAX_BYTES = 2 * 1024 * 1024
"""The largest file that is read; a chapter in full is a hundred times smaller."""

MAX_WHOLE = 2**63 - 1
"""The largest whole number that every reader of TOML must know (TOML 1.0, integer)."""

_LINE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True)
class Fractional:
    """A number with a point, which TOML would round; it is refused wherever it stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was read: its name for messages, its lines, and what is wrong with it so far."""

    file: str
    lines: Mapping[KeyPath, int]
    findings: list[Finding]

    def place(self, path: KeyPath) -> Place:
        """Say where a key stands, or where it should."""
        names = [step for step in path if isinstance(step, str)]
        return Place(self.file, line_of(self.lines, path), names[-1] if names else None)


@dataclass(slots=True)
class Table:
    """A TOML table whose keys are asked for one by one; `close` reports those never asked for."""

    document: Document
    data: Mapping[str, object]
    path: KeyPath = ()
    asked: set[str] = field(default_factory=set)

    @property
    def at(self) -> Place:
        """Where the table begins."""
        return Place(self.document.file, line_of(self.document.lines, self.path) or 1)

    def place(self, key: str) -> Place:
        """Where a key of the table stands."""
        return self.document.place((*self.path, key))

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.data

    def text(self, key: str, *, needed: bool = True) -> str:
        """Give a text; empty when it is left out and not needed."""
        value = self._get(key, needed=needed)
        if not isinstance(value, str):
            if value is not None:
                self.wrong(key, value, kind="text")
            return ""
        if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\t\n" for sign in value):
            self.wrong(key, ascii(value), kind="text without control characters")
        return value

    def flag(self, key: str) -> bool:
        """Give true or false."""
        value = self._get(key)
        if isinstance(value, bool):
            return value
        if value is not None:
            self.wrong(key, value, kind="true or false")
        return False

    def day(self, key: str, *, needed: bool = True) -> datetime.date | None:
        """Give a day without a time; None when it is left out."""
        value = self._get(key, needed=needed)
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return value
        if value is not None:
            self.wrong(key, value, kind="day without quotes, 2026-01-31")
        return None

    def mark(self, key: str = "mark") -> Mark:
        """Give how sure the author is."""
        text = self.text(key)
        if not isinstance(self.data.get(key), str):
            return Mark.UNKNOWN
        try:
            return Mark.parse(text, at=self.place(key))
        except RefusalError as refusal:
            self.document.findings.extend(refusal.findings)
            return Mark.UNKNOWN

    def texts(self, key: str) -> tuple[str, ...]:
        """Give a list of texts."""
        value = self._get(key)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        if value is not None:
            self.wrong(key, value, kind="list of texts")
        return ()

    def words(self, key: str, *, needed: bool = True) -> dict[str, str]:
        """Give a table whose keys the author chooses and whose values are texts."""
        inner = self.table(key, needed=needed)
        return {} if inner is None else {name: inner.text(name) for name in inner.data}

    def table(self, key: str, *, needed: bool = True) -> "Table | None":
        """Give a table inside this one; None when it is left out."""
        value = self._get(key, needed=needed)
        if isinstance(value, dict):
            return Table(self.document, value, (*self.path, key))
        if value is not None:
            self.wrong(key, value, kind="table")
        return None

    def tables(self, key: str, *, needed: bool = False) -> tuple["Table", ...]:
        """Give an array of tables; empty when it is left out."""
        value = self._get(key, needed=needed)
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return tuple(
                Table(self.document, item, (*self.path, key, number))
                for number, item in enumerate(value)
            )
        if value is not None:
            self.wrong(key, value, kind="list of tables")
        return ()

    def named_tables(self, key: str) -> tuple[tuple[str, "Table"], ...]:
        """Give the tables under [key.name], by name."""
        inner = self.table(key, needed=False)
        if inner is None:
            return ()
        found = ((name, inner.table(name)) for name in inner.data)
        return tuple((name, table) for name, table in found if table is not None)

    def wrong(self, key: str, value: object, *, kind: str) -> None:
        """Note that a value cannot be used."""
        facts = {"name": key, "value": shown(value), "kind": kind}
        self.document.findings.append(Finding(VALUE_HAS_ITS_KIND, facts, self.place(key)))

    def close(self) -> None:
        """Note the keys that the form does not have."""
        for key in self.data:
            if key not in self.asked:
                facts = {"unknown": key[:80]}
                self.document.findings.append(Finding(KEYS_ARE_KNOWN, facts, self.place(key)))

    def _get(self, key: str, *, needed: bool = True) -> object:
        self.asked.add(key)
        if key not in self.data and needed:
            place = Place(self.at.file, self.at.line, key)
            self.document.findings.append(Finding(KEYS_ARE_KNOWN, {"missing": key}, place))
        return self.data.get(key)


def shown(value: object) -> str:
    """Print a TOML value for a message, cut to 40 characters."""
    if isinstance(value, Fractional):
        return value.text[:40]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) > MAX_WHOLE:
        return f"a number over {MAX_WHOLE}"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    return str(value)[:40] or "(empty)"


def read_table(path: Path, *, name: str, findings: list[Finding]) -> Table | None:
    """Read a TOML file.

    Args:
        path: The file.
        name: What messages call it.
        findings: Where to put what is wrong.

    Returns:
        The table at the top; None when the file cannot be read, which is then a finding of
        STANDARD-001 with the line at which reading stopped.
    """
    line: int | None = None
    try:
        return read_text(_content(path).decode("utf-8"), name=name, findings=findings)
    except UnicodeDecodeError as error:
        problem = "not UTF-8"
        line = error.object.count(b"\n", 0, error.start) + 1
    except ValueError as error:
        problem = str(error)
    except OSError as error:
        problem = error.strerror or "cannot be opened"
    findings.append(Finding(PACK_IS_READABLE, {"problem": problem}, Place(name, line)))
    return None


def read_text(text: str, *, name: str, findings: list[Finding]) -> Table | None:
    """Read the text of a TOML file; otherwise like `read_table`."""
    line: int | None = None
    try:
        data = tomllib.loads(text, parse_float=Fractional)
        return Table(Document(name, key_lines(text), findings), data)
    except RecursionError:
        problem = "nested too deeply"
    except ValueError as error:
        problem = str(error)[:200]
        found = _LINE.search(problem)
        line = int(found[1]) if found else None
    findings.append(Finding(PACK_IS_READABLE, {"problem": problem}, Place(name, line)))
    return None


def _content(path: Path) -> bytes:
    """Read a regular file of bounded size; a pipe or a device could keep us waiting for ever."""
    if path.exists() and not path.is_file():
        raise ValueError("not a file")
    with path.open("rb") as stream:
        content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES} bytes")
    return content


def read_constant(table: Table, *, name: str, unit: str = "", summary: str = "") -> Parameter:
    """Read a sourced constant in either form: one value, or `values` with their days.

    A value that is left out is unknown and must be marked "?". Unknown keys are reported.
    """
    if table.has("values"):
        entries = table.tables("values", needed=True)
        values = tuple(_dated_value(entry) for entry in entries)
        if table.data["values"] == []:
            table.wrong("values", [], kind="list of one value at least")
        for entry in entries:
            entry.close()
    else:
        values = (_dated_value(table, dated=False),)
    table.close()
    return Parameter(name, unit, summary, values or (_NOTHING,), table.at)


_NOTHING = DatedValue(None, "", Mark.UNKNOWN, datetime.date.min)


def _dated_value(table: Table, *, dated: bool = True) -> DatedValue:
    valid_from = table.day("from", needed=False) if dated else None
    table.asked.add("value")
    value = table.data.get("value")
    mark = table.mark()
    known: Value | None = None
    if isinstance(value, str) or (isinstance(value, int) and abs(value) <= MAX_WHOLE):
        known = value
    elif value is None and mark is not Mark.UNKNOWN:
        table.wrong("value", "left out", kind="value, or the mark ?")
    elif value is not None:
        table.wrong("value", value, kind="text, whole number, true or false")
    as_of = table.day("as_of") or datetime.date.min
    return DatedValue(known, table.text("source"), mark, as_of, valid_from)

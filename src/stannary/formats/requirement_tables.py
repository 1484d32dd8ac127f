"""Tables of requirements, CSV and XLSX, to lines and back.

The columns are those of an export, named in the first row in any order; further ones hold what an
export leaves out. Blank rows are passed over. A workbook may name its sheet "requirements", else
its first is read.

Rules: IMPORT-001 to IMPORT-005.
"""

import codecs
import csv
import datetime
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from stannary.core.kernel import Finding, Place, RefusalError, refuse
from stannary.core.standards import (
    EXPORTED,
    FURTHER,
    Edition,
    Line,
    check_columns,
    requirement_as_dict,
    rules,
)

MAX_BYTES = 20_000_000
MAX_UNPACKED_BYTES = 100_000_000
"""What a workbook of `MAX_BYTES` may grow to; beyond it is an attack, not a table."""
MAX_ROWS = 10_000
MAX_SHEET_LINES = 2 * MAX_ROWS
"""How far down a sheet is looked at, blank rows included."""
MAX_SHEET_COLUMNS = 40
"""Columns of a sheet that are looked at."""

ALL_COLUMNS = (*EXPORTED, *FURTHER)
"""What a wide export writes and an import reads."""

ZIP = b"PK\x03\x04"
_ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")
"""What programs write where a formula fails; in CSV, too."""


class Cell(NamedTuple):
    """A cell as text, or what stands in it that is no text; a number with a point as both."""

    text: str
    refused: str = ""
    number: str = ""


Row = tuple[int, list[Cell]]
Located = Callable[[int, int], Place]
"""Where a cell is, by its place in the row from 0 and its line from 1."""


class Lines(NamedTuple):
    """What a table holds: its lines, and findings about cells that could not be read."""

    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]


def read_lines(content: bytes, name: str) -> Lines:
    """Read a table of requirements, telling CSV and XLSX apart by their first bytes.

    Args:
        content: The file.
        name: What messages call it.

    Raises:
        RefusalError: IMPORT-001 if it is neither, IMPORT-002 if it is too large, IMPORT-003 for
            the first row. Findings about single cells are returned.
    """
    check_size(content, name)
    if not content.strip():
        refuse(rules.IMPORT_IS_READABLE, at=Place(name), problem="the file is empty")
    if content.startswith(ZIP):
        return _lines(_workbook_rows(content, name), name, lettered=True)
    return _lines(_csv_rows(content, name), name, lettered=False)


def check_size(content: bytes, name: str) -> None:
    """Refuse a file that is too large to be read, with IMPORT-002."""
    if len(content) > MAX_BYTES:
        refuse(rules.IMPORT_IS_BOUNDED, at=Place(name), bytes=f"more than {MAX_BYTES}")


def _csv_rows(content: bytes, name: str) -> Iterator[Row]:
    try:
        text = content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = f"0x{content[error.start]:02x}"
        refuse(rules.IMPORT_IS_READABLE, at=Place(name, line), problem="not UTF-8", byte=byte)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, [_of_text(cell) for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        refuse(rules.IMPORT_IS_READABLE, at=Place(name, line), problem=str(error))


def _workbook_rows(content: bytes, name: str) -> Iterator[Row]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > MAX_UNPACKED_BYTES:
            refuse(rules.IMPORT_IS_BOUNDED, at=Place(name), unpacked_bytes=str(unpacked))
        yield from _sheet_rows(content, name)
    except (
        AttributeError,
        EOFError,
        LookupError,
        NotImplementedError,
        OSError,
        RuntimeError,  # an encrypted archive
        SyntaxError,  # of the XML
        TypeError,
        ValueError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        # openpyxl says that a workbook is broken in as many ways as there are to break one.
        problem = f"the workbook is damaged or encrypted ({type(error).__name__})"
        refuse(rules.IMPORT_IS_READABLE, at=Place(name), problem=problem)


def _sheet_rows(content: bytes, name: str) -> Iterator[Row]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    try:
        titled = [s for s in book.worksheets if s.title.strip().lower() == "requirements"]
        sheet = (titled or book.worksheets)[0]
        sheet.reset_dimensions()  # What a sheet says of its size need not be true.
        for line, cells in enumerate(sheet.iter_rows(max_col=MAX_SHEET_COLUMNS), start=1):
            if line > MAX_SHEET_LINES:
                facts = {"rows": f"more than {MAX_SHEET_LINES}, blank ones included"}
                refuse(rules.IMPORT_IS_BOUNDED, at=Place(name, line), **facts)
            yield line, [_of_value(cell.value, cell.data_type) for cell in cells]
    finally:
        book.close()


def _of_text(text: str) -> Cell:
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return Cell(text, f"the error {text}" if text in _ERRORS else "")


def _of_value(value: object, data_type: str) -> Cell:
    """Take texts, whole numbers and truth values as they are; name what else a cell holds."""
    if value is None:
        return Cell("")
    if isinstance(value, bool):
        return Cell("true" if value else "false")
    if data_type in ("f", "e"):
        return Cell("", f"the {'formula' if data_type == 'f' else 'error'} {str(value)[:40]}")
    if isinstance(value, float):
        return Cell("", f"the number {value!r}", repr(value))
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return Cell("", f"the date or time {value}")
    return _of_text(str(value))


def _lines(rows: Iterator[Row], name: str, *, lettered: bool) -> Lines:
    filled = ((line, cells) for line, cells in rows if any(any(cell) for cell in cells))
    header_line, header = next(filled, (1, []))
    while header and not any(header[-1]):
        header.pop()
    columns = [cell.text for cell in header]

    def called(place: int, line: int) -> str:
        if lettered:
            return f"{get_column_letter(place + 1)}{line}"
        return columns[place] if place < len(columns) and columns[place] else f"number {place + 1}"

    def at(place: int, line: int) -> Place:
        return Place(name, line, called(place, line))

    places = [at(place, header_line) for place in range(len(columns))]
    wrong = check_columns(columns, places, Place(name, header_line))
    if wrong:
        raise RefusalError(*wrong)
    lines: list[Line] = []
    findings: list[Finding] = []
    for line, cells in filled:
        if len(lines) == MAX_ROWS:
            refuse(rules.IMPORT_IS_BOUNDED, at=Place(name, line), rows=f"more than {MAX_ROWS}")
        for place, cell in enumerate(cells[len(columns) :], start=len(columns)):
            if any(cell):
                facts = {"value": (cell.text or cell.refused)[:40]}
                findings.append(Finding(rules.CELLS_HAVE_COLUMNS, facts, at(place, line)))
        read, found = _line(columns, cells, line, at)
        lines.append(read)
        findings += found
    return Lines(tuple(lines), tuple(findings))


def _line(
    columns: Sequence[str], cells: Sequence[Cell], line: int, at: Located
) -> tuple[Line, list[Finding]]:
    texts: dict[str, str] = {}
    names: dict[str, str] = {}
    unread: list[str] = []
    findings: list[Finding] = []
    for place, (column, cell) in enumerate(zip(columns, cells, strict=False)):
        here = at(place, line)
        names[column] = here.column or column
        if column == "chapter" and cell.number:
            texts[column] = cell.number  # compared with the id, which tells 1.10 from 1.1
        elif cell.refused:
            unread.append(column)
            facts = {"column": column, "holds": cell.refused}
            findings.append(Finding(rules.CELLS_HOLD_TEXTS, facts, here))
        else:
            texts[column] = cell.text
    where = at(0, line)
    return Line(texts, Place(where.file, line), names, frozenset(unread)), findings


def rows_of(edition: Edition, columns: Sequence[str]) -> Iterator[list[str]]:
    """Give one row of texts for each requirement, in the edition's order."""
    titles = {
        "principle": {entry.id: entry.title for entry in edition.principles},
        "chapter": {entry.id: entry.title for entry in edition.chapters},
        "section": {s.id: s.title for entry in edition.chapters for s in entry.sections},
    }
    for requirement in edition.requirements:
        shape = requirement_as_dict(requirement)
        for level, those in titles.items():
            shape[f"{level}_title"] = those.get(str(shape[level]), "")
        shape["critical"] = "true" if requirement.critical else "false"
        shape["tags"] = " ".join(requirement.tags)
        yield [str(shape[column]) for column in columns]


def requirements_csv(edition: Edition, columns: Sequence[str] = EXPORTED) -> str:
    """Give the requirements as CSV, one a row, in the edition's order."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows_of(edition, columns))
    return table.getvalue()


def requirements_xlsx(edition: Edition, columns: Sequence[str] = EXPORTED) -> bytes:
    """Give the requirements as a workbook whose cells are all texts, never formulas.

    Raises:
        RefusalError: IMPORT-006 for a text that is longer than a cell can be.
    """
    rows = list(rows_of(edition, columns))
    for row in rows:
        for column, text in zip(columns, row, strict=True):
            if len(text) > CELL_MAX:
                facts = {"requirement": row[0], "column": column, "characters": str(len(text))}
                raise RefusalError(Finding(rules.TEXTS_FIT, {**facts, "at_most": str(CELL_MAX)}))
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("requirements")
    sheet.freeze_panes = "B2"
    for number, column in enumerate(columns, start=1):
        width = 60 if column in WIDE else 24 if column.endswith("title") else 10
        sheet.column_dimensions[get_column_letter(number)].width = width
    header = [WriteOnlyCell(sheet, column) for column in columns]
    for cell in header:
        cell.font = Font(bold=True)
    sheet.append(header)
    wrapped = Alignment(wrap_text=True, vertical="top")
    for row in rows:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, _for_xml(text))
            cell.data_type = "s"
            cell.number_format = "@"
            cell.alignment = wrapped
            cell.quotePrefix = text.startswith(STARTS_A_FORMULA)
            cells.append(cell)
        sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


CELL_MAX = 32_767
"""Characters that a cell of a workbook can hold."""
WIDE = ("demand", "applies", "why", "evidence", "interview")
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t")


def _for_xml(text: str) -> str:
    """Replace the two signs that a pack may hold and XML may not."""
    return text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")

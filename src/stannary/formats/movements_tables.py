"""Tables of movements: CSV, XLSX and Parquet, to lines of named texts.

Rules: KERNEL-001, CUSTODY-021, CUSTODY-022, CUSTODY-026, CUSTODY-031, CUSTODY-033 to CUSTODY-035.
Nothing is rounded on the way: a number that a format cannot hold exactly is refused. A table may
weigh in kilograms, in the columns `mass_kg` and `content_kg`; `in_milligrams` reads them exactly.
What is measured wet or as a grade is read in `movements_weighed`. CSV may be divided by commas,
semicolons or tabs; where it is by semicolons, as spreadsheets do that write a decimal comma, a
mass may have one.
"""

import csv
import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from stannary.core.custody import COLUMNS, REQUIRED_COLUMNS
from stannary.core.custody import rules as codes
from stannary.core.kernel import (
    Finding,
    Place,
    RefusalError,
    Rule,
    gettext_noop,
    parse_mass_mg,
    refuse,
)
from stannary.core.kernel.rules import MASS_IS_WHOLE_MILLIGRAMS
from stannary.formats.movements_weighed import MEASURED, MOISTURE, WET, as_recorded, meant_by

Line = tuple[int, dict[str, str]]
"""Line or row number, and column to text."""

FINDINGS_MAX = 100
UNPACKED_MAX_BYTES = 500_000_000
SHEET_ROWS_MAX = 1_048_576
"""How many rows a sheet can have in the programs that write XLSX; blank ones included."""
SHEET_COLUMNS_MAX = 24
"""Columns of a sheet that are looked at."""
FLOAT_EXACT_MAX = 2**53
KILOGRAMS_ARE_EXACT = Rule(
    code="CUSTODY-035",
    demand=gettext_noop(
        "A mass in kilograms is digits with a point and at most six decimals: whole milligrams."
    ),
    source="Stannary contracts, section 2",
    remedy=gettext_noop(
        "Write it like 1250.5, without separators of thousands, units or a decimal comma."
    ),
)
KILOGRAMS = {"mass_kg": "mass_mg", "content_kg": "content_mg"}
"""Columns in kilograms, and the column of milligrams that each stands for."""
DECIMALS = (*KILOGRAMS, *MEASURED)
"""Columns that may have decimals."""
KNOWN = frozenset((*COLUMNS, *MEASURED))
_HEADS_MAX = 10_000
BATCH_BYTES = 64_000_000
"""How much of one column of a Parquet file is unfolded at once, at most."""
MOVEMENTS = "movements"
"""Name of the sheet that is read, wherever it stands; without one, the first is."""
_DELIMITERS = ",;\t"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_DECIMAL_COMMA = re.compile(r"\d{1,13},\d{1,13}", re.ASCII)
_MASSES = ("mass_mg", "content_mg")
_DECIMAL = re.compile(r"(\d{1,13})(?:\.(\d{1,6})0*)?", re.ASCII)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
"""How a workbook writes a sign that XML has no room for (ECMA-376 part 1, 22.9.2.19)."""
_DIGITS_EXACT = 15
"""Significant digits that a number of a spreadsheet keeps as they were typed."""


@dataclass
class Notes:
    """What a table says beside its lines, and its faulty cells, for who wants to see all of them.

    Attributes:
        sheet: Name of the sheet; "" where a format has none.
        columns: Heads, in the order in which they stand.
        findings: Of cells that hold no value that can be read; their text is shortened.
        most: After how many findings a document of events is read no further.
        expected: How many lines there seem to be; 0: not known. Nothing rests on it.
    """

    sheet: str = ""
    columns: tuple[str, ...] = ()
    findings: list[Finding] = field(default_factory=list)
    most: int = FINDINGS_MAX
    expected: int = 0


def csv_lines(content: bytes, name: str, notes: Notes | None = None) -> Iterator[Line]:
    """Read CSV in UTF-8 or UTF-16, with a byte order mark or without; the line is that of a row's start.

    Fields are divided by what divides the heads: commas, semicolons or tabs. Blank lines are passed
    over; a row may leave out empty fields at its end.

    Args:
        content: The file.
        name: How messages call it.
        notes: Where the heads are written down; None for nowhere.

    Raises:
        RefusalError: CUSTODY-021 or CUSTODY-022, with the line.
    """
    text = _decoded(content, name)
    divided_by = _delimiter(text)
    if notes is not None:
        notes.expected = max(0, text.count("\n") - 1)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=divided_by)
    columns: Sequence[str] | None = None
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if columns is None:
                    columns = header(cells, Place(name, line), notes)
                else:
                    fields = _named(columns, cells, Place(name, line))
                    yield line, _with_points(fields) if divided_by == ";" else fields
            line = reader.line_num + 1
    except csv.Error as error:
        refuse(codes.FILE_IS_READABLE, at=Place(name, line), reason=str(error))
    if columns is None:
        header((), Place(name, 1))


def _decoded(content: bytes, name: str) -> str:
    is_wide = content.startswith(_UTF_16)
    try:
        return content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 if is_wide else content.count(b"\n", 0, error.start) + 1
        reason = f"byte {content[error.start]:02x} is not UTF-{16 if is_wide else 8}"
        refuse(codes.FILE_IS_READABLE, at=Place(name, line), reason=reason)


def _delimiter(text: str) -> str:
    """Tell what divides the heads: that by which most of them are known; a comma if none are."""
    first = next((line for line in text.splitlines() if line.strip(',;\t "')), "")[:_HEADS_MAX]

    def known(sign: str) -> int:
        return sum(_meant(cell.strip(' "')) in KNOWN for cell in first.split(sign))

    return max(_DELIMITERS, key=known)


def _with_points(fields: Mapping[str, str]) -> dict[str, str]:
    """Write decimal commas of masses and shares as points."""
    return {
        column: text.strip().replace(",", ".")
        if column in DECIMALS and _DECIMAL_COMMA.fullmatch(text.strip())
        else text
        for column, text in fields.items()
    }


def _meant(head: str) -> str:
    return KILOGRAMS.get(head, meant_by(head))


def header(cells: Iterable[object], at: Place, notes: Notes | None = None) -> tuple[str, ...]:
    """Check the names of columns; blanks around a name are ignored, an empty one is not.

    A column in kilograms stands for that in milligrams; both together are one too many.

    Raises:
        RefusalError: CUSTODY-022 with a finding for each column missing, unknown or repeated.
    """
    names = ["" if cell is None else str(cell).strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if notes is not None:
        notes.columns = tuple(names)
    meant = [_meant(name) for name in names]
    if not KNOWN & set(meant):
        seen = ", ".join(name for name in names if name)[:80] or "(nothing)"
        refuse(codes.COLUMNS_ARE_KNOWN, at=at, missing="all of them", seen=seen)
    there = {*meant, *(("mass_mg",) if WET in meant and MOISTURE in meant else ())}
    findings = [
        Finding(codes.COLUMNS_ARE_KNOWN, {"missing": column}, at)
        for column in REQUIRED_COLUMNS
        if column not in there
    ]
    for number, column in enumerate(names):
        if meant[number] not in KNOWN:
            unknown = {"unknown": column[:40] or f"(empty name of column {number + 1})"}
            findings.append(Finding(codes.COLUMNS_ARE_KNOWN, unknown, at))
        elif meant[number] in meant[:number]:
            findings.append(Finding(codes.COLUMNS_ARE_KNOWN, {"repeated": column}, at))
    if findings:
        raise RefusalError(*findings)
    return tuple(names)


def _named(columns: Sequence[str], cells: Sequence[str], at: Place) -> dict[str, str]:
    beyond = [cell for cell in cells[len(columns) :] if cell.strip()]
    if beyond:
        refuse(codes.COLUMNS_ARE_KNOWN, at=at, field_without_column=beyond[0][:40])
    return dict(zip(columns, cells, strict=False))


def recorded(fields: Mapping[str, str], place: Place) -> dict[str, str]:
    """Give a line in the columns of the contract alone, whatever was measured.

    Raises:
        RefusalError: CUSTODY-035 or CUSTODY-036.
    """
    return in_milligrams(as_recorded(fields, place), place)


def in_milligrams(fields: Mapping[str, str], place: Place) -> dict[str, str]:
    """Give a line with its masses in milligrams, whatever it weighs in.

    Raises:
        RefusalError: CUSTODY-035 for kilograms that are no whole number of milligrams, written
            with a point and at most six decimals.

    Example:
        >>> in_milligrams({"lot": "L-1", "mass_kg": "0.25"}, Place("file.csv", 2))
        {'lot': 'L-1', 'mass_mg': '250000'}
    """
    found: dict[str, str] = {}
    for column, text in fields.items():
        if column not in KILOGRAMS:
            found[column] = text
            continue
        typed = text.strip()
        form = _DECIMAL.fullmatch(typed)
        if typed and form is None:
            at = Place(place.file, place.line, column)
            refuse(KILOGRAMS_ARE_EXACT, at=at, value=f"{typed[:40]} kg")
        written = "" if form is None else form[1] + (form[2] or "").ljust(6, "0")
        found[KILOGRAMS[column]] = written.lstrip("0") or written[:1]
    return found


def mass_mg(text: str) -> int | None:
    """Read kilograms that somebody typed into a form as milligrams, exactly; None: nothing typed.

    A decimal comma is read as one, except before three digits, where it may divide thousands.

    Raises:
        RefusalError: CUSTODY-035 or KERNEL-001 for what is no such mass.
    """
    typed = text.strip().replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
    if not typed:
        return None
    if _DECIMAL_COMMA.fullmatch(typed) and not typed[:-3].endswith(","):
        typed = typed.replace(",", ".")
    read = in_milligrams({"mass_kg": typed}, Place("form", None, "mass_kg"))
    return parse_mass_mg(read["mass_mg"])


def xlsx_lines(
    content: bytes,
    name: str,
    notes: Notes | None = None,
    *,
    unpacked_max: int | None = None,
) -> Iterator[Line]:
    """Read the sheet "movements" of a workbook, or its first; the line is the row.

    Args:
        content: The file.
        name: How messages call it.
        notes: Where faulty cells are written down; None to stop at the first of them.
        unpacked_max: How many bytes all parts together may have, unpacked; None: 500 MB.

    Raises:
        RefusalError: CUSTODY-021, CUSTODY-022, CUSTODY-031 or CUSTODY-034, with the row.
    """
    place = Place(name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > (unpacked_max or UNPACKED_MAX_BYTES):
            refuse(codes.FILE_IS_WITHIN_LIMITS, at=place, unpacked=f"{unpacked} bytes")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        try:
            yield from _sheet_lines(book, place, notes)
        finally:
            book.close()
    except (
        AttributeError,
        EOFError,
        IndexError,
        InvalidFileException,
        KeyError,
        NotImplementedError,
        OSError,
        RuntimeError,
        SyntaxError,  # What both parsers of XML raise.
        TypeError,
        ValueError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        reason = f"not a workbook: {error}"[:200]
        refuse(codes.FILE_IS_READABLE, at=place, reason=reason)


def _sheet_lines(book: openpyxl.Workbook, place: Place, notes: Notes | None) -> Iterator[Line]:
    columns: tuple[str, ...] | None = None
    named = (one for one in book.worksheets if one.title == MOVEMENTS)
    sheet = next(named, book.worksheets[0])
    if notes is not None:
        notes.sheet = str(sheet.title)
        notes.expected = min(max(0, (sheet.max_row or 1) - 1), SHEET_ROWS_MAX)
    sheet.reset_dimensions()  # What a sheet says of its size need not be true.
    for number, cells in enumerate(sheet.iter_rows(max_col=SHEET_COLUMNS_MAX), start=1):
        at = Place(place.file, number)
        if number > SHEET_ROWS_MAX:
            refuse(codes.FILE_IS_WITHIN_LIMITS, at=at, row=str(number))
        if all(cell.value is None for cell in cells):
            continue
        if columns is None:
            columns = header((cell.value for cell in cells), at, notes)
            continue
        pairs = zip(cells, (*columns, *[""] * len(cells)), strict=False)
        texts = [
            _noted(cell, column, Place(place.file, number, meant_by(column) or None), notes)
            for cell, column in pairs
        ]
        yield number, _named(columns, texts, at)
    if columns is None:
        header((), Place(place.file, 1))


def _noted(cell: Any, column: str, at: Place, notes: Notes | None) -> str:
    """Give the text of a cell of a sheet; a faulty one is noted where faults are collected."""
    try:
        if cell.data_type in ("f", "e") or _may_be_rounded(cell.value):
            refuse(codes.CELL_HOLDS_ITS_VALUE, at=at, cell=str(cell.value)[:40])
        value = cell.value
        if isinstance(value, float) and column in MEASURED and "%" in str(cell.number_format):
            value = float(Decimal(repr(value)) * 100)  # 8.5 % is kept as 0.085
        if isinstance(value, str):
            value = _ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), value)
        return cell_text(value, column, at)
    except RefusalError as refusal:
        if notes is None:
            raise
        notes.findings.extend(refusal.findings)
        return str(cell.value)[:200]


def _may_be_rounded(value: object) -> bool:
    """Whether a sheet may have rounded a whole number: every number in it is a float once."""
    return isinstance(value, int) and abs(value) > FLOAT_EXACT_MAX


def cell_text(value: object, column: str, at: Place) -> str:
    """Give the text of a typed cell, exactly, or refuse.

    Raises:
        RefusalError: KERNEL-001 for a mass with decimals; CUSTODY-034 for a number that may
            have been rounded, a date where a text is needed, or another kind of value;
            CUSTODY-026 for a time without offset.
    """
    if value is None:
        return ""
    if isinstance(value, float):
        return _float_text(value, column, at)
    if isinstance(value, datetime.date) and meant_by(column) == "at":
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, str | int):
        refuse(codes.CELL_HOLDS_ITS_VALUE, at=at, cell=str(value)[:40], kind=type(value).__name__)
    return str(value)


def _float_text(value: float, column: str, at: Place) -> str:
    if not abs(value) <= FLOAT_EXACT_MAX:  # Not a number is not within either.
        refuse(codes.CELL_HOLDS_ITS_VALUE, at=at, cell=repr(value))
    if value.is_integer():
        return str(int(value))
    if column in DECIMALS:
        exact = Decimal(repr(value))
        if len(exact.as_tuple().digits) > _DIGITS_EXACT:
            refuse(codes.CELL_HOLDS_ITS_VALUE, at=at, cell=repr(value))
        return f"{exact:f}"
    if column in _MASSES:
        refuse(MASS_IS_WHOLE_MILLIGRAMS, at=at, value=repr(value))
    return repr(value)


def parquet_lines(
    content: bytes,
    name: str,
    notes: Notes | None = None,
    *,
    rows_max: int,
    unpacked_max: int | None = None,
) -> Iterator[Line]:
    """Read a Parquet file; the line counts its rows from 1.

    A long text that stands in every row is stored once: so many rows are unfolded at once that
    a column of them cannot be larger than `BATCH_BYTES`.

    Raises:
        RefusalError: CUSTODY-033 without pyarrow; CUSTODY-021, CUSTODY-022, CUSTODY-031 or
            CUSTODY-034.
    """
    place = Place(name)
    try:
        import pyarrow  # noqa: PLC0415 - an optional extra, only for this format
        from pyarrow import parquet  # noqa: PLC0415 - the same
    except ImportError:
        refuse(codes.PARQUET_NEEDS_ITS_EXTRA, at=place, package="pyarrow")
    try:
        file = parquet.ParquetFile(io.BytesIO(content))
        columns = header(file.schema_arrow.names, place, notes)
        if file.metadata.num_rows > rows_max:
            refuse(codes.FILE_IS_WITHIN_LIMITS, at=place, rows=str(file.metadata.num_rows))
        if notes is not None:
            notes.expected = file.metadata.num_rows
        sizes = _chunk_sizes(file.metadata)
        if sum(sizes) > (unpacked_max or UNPACKED_MAX_BYTES):
            refuse(codes.FILE_IS_WITHIN_LIMITS, at=place, unpacked=f"{sum(sizes)} bytes")
        at_once = max(1, min(4096, BATCH_BYTES // max(1, *sizes)))
        line = 0
        for batch in file.iter_batches(batch_size=at_once):
            arrays = [batch.column(number).to_pylist() for number in range(batch.num_columns)]
            for values in zip(*arrays, strict=True):
                line += 1
                yield (
                    line,
                    {
                        column: cell_text(value, column, Place(name, line, column))
                        for column, value in zip(columns, values, strict=True)
                    },
                )
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        refuse(codes.FILE_IS_READABLE, at=place, reason=f"not Parquet: {error}"[:200])


def _chunk_sizes(metadata: Any) -> list[int]:
    """Give how many bytes each piece of each column has, unpacked; [0] where there is none."""
    return [0] + [
        metadata.row_group(group).column(column).total_uncompressed_size
        for group in range(metadata.num_row_groups)
        for column in range(metadata.num_columns)
    ]

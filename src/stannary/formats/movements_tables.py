"""Tables of movements: CSV, XLSX and Parquet, to lines of named texts.

Rules: KERNEL-001, CUSTODY-021, CUSTODY-022, CUSTODY-026, CUSTODY-031, CUSTODY-033, CUSTODY-034.
Nothing is converted on the way: a number that a format cannot hold exactly is refused.
"""

import csv
import datetime
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from stannary.core.custody import COLUMNS, REQUIRED_COLUMNS
from stannary.core.custody import rules as codes
from stannary.core.kernel import Finding, Place, RefusalError, refuse
from stannary.core.kernel.rules import MASS_IS_WHOLE_MILLIGRAMS

Line = tuple[int, dict[str, str]]
"""Line or row number, and column to text."""

UNPACKED_MAX_BYTES = 500_000_000
SHEET_ROWS_MAX = 1_048_576
"""How many rows a sheet can have in the programs that write XLSX; blank ones included."""
SHEET_COLUMNS_MAX = 24
"""Columns of a sheet that are looked at."""
FLOAT_EXACT_MAX = 2**53
_MASSES = ("mass_mg", "content_mg")


def csv_lines(content: bytes, name: str) -> Iterator[Line]:
    """Read CSV in UTF-8, with or without a byte order mark; the line is that of a row's start.

    Blank lines are passed over; a row may leave out empty fields at its end.

    Raises:
        RefusalError: CUSTODY-021 or CUSTODY-022, with the line.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        reason = f"byte {content[error.start]:02x} is not UTF-8"
        refuse(codes.FILE_IS_READABLE, at=Place(name, line), reason=reason)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns: Sequence[str] | None = None
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if columns is None:
                    columns = header(cells, Place(name, line))
                else:
                    yield line, _named(columns, cells, Place(name, line))
            line = reader.line_num + 1
    except csv.Error as error:
        refuse(codes.FILE_IS_READABLE, at=Place(name, line), reason=str(error))
    if columns is None:
        header((), Place(name, 1))


def header(cells: Iterable[object], at: Place) -> tuple[str, ...]:
    """Check the names of columns; blanks around a name are ignored, an empty one is not.

    Raises:
        RefusalError: CUSTODY-022 with a finding for each column missing, unknown or repeated.
    """
    names = ["" if cell is None else str(cell).strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    findings = [
        Finding(codes.COLUMNS_ARE_KNOWN, {"missing": column}, at)
        for column in REQUIRED_COLUMNS
        if column not in names
    ]
    for number, column in enumerate(names):
        if column not in COLUMNS:
            unknown = {"unknown": column[:40] or f"(empty name of column {number + 1})"}
            findings.append(Finding(codes.COLUMNS_ARE_KNOWN, unknown, at))
        elif column in names[:number]:
            findings.append(Finding(codes.COLUMNS_ARE_KNOWN, {"repeated": column}, at))
    if findings:
        raise RefusalError(*findings)
    return tuple(names)


def _named(columns: Sequence[str], cells: Sequence[str], at: Place) -> dict[str, str]:
    beyond = [cell for cell in cells[len(columns) :] if cell.strip()]
    if beyond:
        refuse(codes.COLUMNS_ARE_KNOWN, at=at, field_without_column=beyond[0][:40])
    return dict(zip(columns, cells, strict=False))


def xlsx_lines(content: bytes, name: str) -> Iterator[Line]:
    """Read the first sheet of a workbook; the line is the row.

    Raises:
        RefusalError: CUSTODY-021, CUSTODY-022, CUSTODY-031 or CUSTODY-034, with the row.
    """
    place = Place(name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > UNPACKED_MAX_BYTES:
            refuse(codes.FILE_IS_WITHIN_LIMITS, at=place, unpacked=f"{unpacked} bytes")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        try:
            yield from _sheet_lines(book, place)
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


def _sheet_lines(book: openpyxl.Workbook, place: Place) -> Iterator[Line]:
    columns: tuple[str, ...] | None = None
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # What a sheet says of its size need not be true.
    for number, cells in enumerate(sheet.iter_rows(max_col=SHEET_COLUMNS_MAX), start=1):
        at = Place(place.file, number)
        if number > SHEET_ROWS_MAX:
            refuse(codes.FILE_IS_WITHIN_LIMITS, at=at, row=str(number))
        if all(cell.value is None for cell in cells):
            continue
        if columns is None:
            columns = header((cell.value for cell in cells), at)
            continue
        texts = []
        for cell, column in zip(cells, (*columns, *[""] * len(cells)), strict=False):
            here = Place(place.file, number, column or None)
            if cell.data_type in ("f", "e") or _may_be_rounded(cell.value):
                refuse(codes.CELL_HOLDS_ITS_VALUE, at=here, cell=str(cell.value)[:40])
            texts.append(cell_text(cell.value, column, here))
        yield number, _named(columns, texts, at)
    if columns is None:
        header((), Place(place.file, 1))


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
    if isinstance(value, datetime.datetime) and column == "at":
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, str | int):
        refuse(codes.CELL_HOLDS_ITS_VALUE, at=at, cell=str(value)[:40], kind=type(value).__name__)
    return str(value)


def _float_text(value: float, column: str, at: Place) -> str:
    if not abs(value) <= FLOAT_EXACT_MAX:  # Not a number is not within either.
        refuse(codes.CELL_HOLDS_ITS_VALUE, at=at, cell=repr(value))
    if value.is_integer():
        return str(int(value))
    if column in _MASSES:
        refuse(MASS_IS_WHOLE_MILLIGRAMS, at=at, value=repr(value))
    return repr(value)


def parquet_lines(content: bytes, name: str, *, rows_max: int) -> Iterator[Line]:
    """Read a Parquet file; the line counts its rows from 1.

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
        columns = header(file.schema_arrow.names, place)
        if file.metadata.num_rows > rows_max:
            refuse(codes.FILE_IS_WITHIN_LIMITS, at=place, rows=str(file.metadata.num_rows))
        line = 0
        for batch in file.iter_batches(batch_size=4096):
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

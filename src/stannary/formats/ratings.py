"""Tables of ratings, CSV and XLSX, to verdicts.

Both have the columns requirement and rating, and may have rationale, evidence and assessor, in
any order, named in the first row. Several links in one evidence cell are set apart by blanks or
line breaks. Blank rows are passed over.

Rules: RATING-003, RATING-010 to RATING-014.
"""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import openpyxl
from openpyxl.utils import get_column_letter

from stannary.core.assessments import Verdict, parse_rating, rules
from stannary.core.kernel import Finding, Place, RefusalError, refuse

MAX_BYTES = 20_000_000
MAX_ROWS = 100_000
MAX_UNPACKED_BYTES = 100_000_000
"""What a workbook of `MAX_BYTES` may grow to; beyond it is an attack, not a table."""
MAX_SHEET_LINES = 2 * MAX_ROWS
"""How far down a sheet is looked at, blank rows included."""
MAX_SHEET_COLUMNS = 20
"""Columns of a sheet that are looked at."""

REQUIRED = ("requirement", "rating")
OPTIONAL = ("rationale", "evidence", "assessor")
_ZIP = b"PK\x03\x04"

Row = tuple[int, list[str]]
"""Line from 1 and its cells as text, blanks around them removed."""


def read_ratings(source: Path | str | BinaryIO, name: str | None = None) -> tuple[Verdict, ...]:
    """Read a table of ratings, telling CSV and XLSX apart by their first bytes.

    Args:
        source: A path, or a stream of bytes.
        name: What to call the file in messages; None: the path as given, "-" for a stream.

    Returns:
        One verdict for each row, in order, each with its place. Whether their requirements are
        known and their texts sound is for `rating_sheet` to say.

    Raises:
        RefusalError: With every finding: RATING-010 if it is neither CSV in UTF-8 nor XLSX or
            cannot be opened, RATING-013 if it is too large, RATING-011 and RATING-012 for the
            first row and rows that do not fit it, RATING-014 for formulas, RATING-003 for
            unknown words.
    """
    shown = name if name is not None else (str(source) if isinstance(source, Path | str) else "-")
    content = _content(source, shown)
    if not content.strip():
        refuse(rules.RATINGS_ARE_READABLE, at=Place(shown), problem="the file is empty")
    if content.startswith(_ZIP):
        return _verdicts(_workbook_rows(content, shown), shown, ragged=True)
    return _verdicts(_csv_rows(content, shown), shown, ragged=False)


def _content(source: Path | str | BinaryIO, name: str) -> bytes:
    try:
        if isinstance(source, Path | str):
            with Path(source).open("rb") as stream:
                content = stream.read(MAX_BYTES + 1)
        else:
            content = source.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        problem = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        refuse(rules.RATINGS_ARE_READABLE, at=Place(name), problem=problem)
    if len(content) > MAX_BYTES:
        refuse(rules.TABLE_IS_BOUNDED, at=Place(name), bytes=f"more than {MAX_BYTES}")
    return content


def _csv_rows(content: bytes, name: str) -> Iterator[Row]:
    try:
        text = content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = f"0x{content[error.start]:02x}"
        refuse(rules.RATINGS_ARE_READABLE, at=Place(name, line), problem="not UTF-8", byte=byte)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        refuse(rules.RATINGS_ARE_READABLE, at=Place(name, line), problem=str(error))


def _workbook_rows(content: bytes, name: str) -> Iterator[Row]:
    try:
        _check_unpacked(content, name)
        yield from _sheet_rows(content, name)
    except (
        zipfile.BadZipFile,
        SyntaxError,  # of the XML
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        EOFError,
        OSError,
        RuntimeError,  # an encrypted archive
    ) as error:
        # openpyxl says that a workbook is broken in as many ways as there are to break one.
        problem = f"the workbook is damaged or encrypted ({type(error).__name__})"
        refuse(rules.RATINGS_ARE_READABLE, at=Place(name), problem=problem)


def _check_unpacked(content: bytes, name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > MAX_UNPACKED_BYTES:
        refuse(rules.TABLE_IS_BOUNDED, at=Place(name), unpacked_bytes=str(unpacked))


def _sheet_rows(content: bytes, name: str) -> Iterator[Row]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    try:
        named = [sheet for sheet in book.worksheets if sheet.title.strip().lower() == "ratings"]
        sheet = (named or book.worksheets)[0]
        sheet.reset_dimensions()
        for line, cells in enumerate(sheet.iter_rows(max_col=MAX_SHEET_COLUMNS), start=1):
            if line > MAX_SHEET_LINES:
                refuse(rules.TABLE_IS_BOUNDED, at=Place(name, line), rows=f"more than {MAX_ROWS}")
            if all(cell.value is None for cell in cells):
                continue
            row: list[str] = []
            for number, cell in enumerate(cells, start=1):
                if cell.data_type == "f":
                    at = Place(name, line, get_column_letter(number))
                    refuse(rules.CELLS_ARE_VALUES, at=at, formula=str(cell.value)[:40])
                row.append("" if cell.value is None else str(cell.value).strip())
            while row and not row[-1]:
                row.pop()
            yield line, row
    finally:
        book.close()


def _verdicts(rows: Iterable[Row], name: str, *, ragged: bool) -> tuple[Verdict, ...]:
    """Turn rows into verdicts; `ragged` rows may end before the last column."""
    filled = ((line, cells) for line, cells in rows if any(cells))
    header_line, header = next(filled, (1, []))
    _check_header(header, Place(name, header_line))
    verdicts: list[Verdict] = []
    findings: list[Finding] = []
    for line, cells in islice(filled, MAX_ROWS):
        if len(cells) > len(header) or (len(cells) < len(header) and not ragged):
            facts = {"cells": str(len(cells)), "columns": str(len(header))}
            findings.append(Finding(rules.ROWS_FIT_THE_HEADER, facts, Place(name, line)))
            continue
        row = dict(zip(header, cells, strict=False))
        try:
            verdicts.append(_verdict(row, Place(name, line)))
        except RefusalError as refusal:
            findings.extend(refusal.findings)
    if next(filled, None) is not None:
        refuse(rules.TABLE_IS_BOUNDED, at=Place(name), rows=f"more than {MAX_ROWS}")
    if findings:
        raise RefusalError(*findings)
    return tuple(verdicts)


def _check_header(header: list[str], at: Place) -> None:
    findings: list[Finding] = []
    seen: set[str] = set()
    for column in header:
        known = column in REQUIRED or column in OPTIONAL
        if not known or column in seen:
            facts = {"repeated" if known else "unknown": column[:40] or "(empty)"}
            place = Place(at.file, at.line, column[:40] or None)
            findings.append(Finding(rules.COLUMNS_ARE_KNOWN, facts, place))
        seen.add(column)
    missing = [column for column in REQUIRED if column not in seen]
    findings += [Finding(rules.COLUMNS_ARE_KNOWN, {"missing": column}, at) for column in missing]
    if findings:
        raise RefusalError(*findings)


def _verdict(row: dict[str, str], at: Place) -> Verdict:
    return Verdict(
        requirement=row.get("requirement", ""),
        rating=parse_rating(row.get("rating", ""), at=Place(at.file, at.line, "rating")),
        rationale=row.get("rationale", ""),
        evidence=tuple(row.get("evidence", "").split()),
        assessor=row.get("assessor", ""),
        at=Place(at.file, at.line, "requirement"),
    )

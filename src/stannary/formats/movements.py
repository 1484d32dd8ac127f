"""Files of movements: read from CSV, XLSX, Parquet or EPCIS 2.0 JSON, and written as each of them.

Rules: KERNEL-001, CUSTODY-021 to CUSTODY-036.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from stannary.core.custody import COLUMNS, LATER_COLUMNS, Row, parse_row
from stannary.core.custody import rules as codes
from stannary.core.kernel import MASS_MAX_MG, Finding, Place, RefusalError, refuse
from stannary.formats.epcis import epcis_lines
from stannary.formats.movements_tables import (
    FINDINGS_MAX,
    KILOGRAMS,
    SHEET_ROWS_MAX,
    Line,
    Notes,
    csv_lines,
    in_milligrams,
    parquet_lines,
    recorded,
    xlsx_lines,
)
from stannary.formats.movements_weighed import MEASURED, as_recorded, meant_by
from stannary.formats.workbooks import Sheet, column_letters, workbook

FILE_MAX_BYTES = 50_000_000
ROWS_MAX = 1_000_000


def read_movements(source: Path | str | BinaryIO, name: str | None = None) -> tuple[Row, ...]:
    """Read a file of movements; its form is told by its content, not by its name.

    Args:
        source: A path, or a stream of bytes.
        name: How messages call the file; the path, or "-" for a stream, when not given.

    Returns:
        Rows in file order, each with its place. The line is that of the text, the row of the
        sheet (both count the header), the row of the Parquet file or the event of the EPCIS
        document (both from 1).

    Raises:
        RefusalError: KERNEL-001 or CUSTODY-021 to CUSTODY-034: with all unreadable rows, up to
            a hundred.
    """
    if isinstance(source, str | Path):
        name = name or str(source)
        try:
            with Path(source).open("rb") as stream:
                return read_movements(stream, name)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            refuse(codes.FILE_IS_READABLE, at=Place(name), reason=reason)
    name = name or "-"
    content = source.read(FILE_MAX_BYTES + 1)
    if len(content) > FILE_MAX_BYTES:
        refuse(codes.FILE_IS_WITHIN_LIMITS, at=Place(name), size="more than 50 MB")
    if not content.strip():
        refuse(codes.FILE_HAS_ROWS, at=Place(name), size=f"{len(content)} bytes")
    if form_of(content) == "epcis":
        notes = Notes()
        return rows_of(epcis_lines(content, name, notes), name, notes)
    return rows_of(_lines(content, name), name)


def form_of(content: bytes) -> str:
    """Tell the form of a file by its content: "xlsx", "parquet", "epcis" or, of all else, "csv"."""
    if content.startswith(b"PK\x03\x04"):
        return "xlsx"
    if content.startswith(b"PAR1"):
        return "parquet"
    if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return "epcis"
    return "csv"


def _lines(
    content: bytes, name: str, notes: Notes | None = None, limits: "Limits | None" = None
) -> Iterator[Line]:
    limits = limits or Limits()
    most, rows_max = limits.unpacked_max_bytes, limits.rows_max
    match form_of(content):
        case "xlsx":
            return xlsx_lines(content, name, notes, unpacked_max=most)
        case "parquet":
            return parquet_lines(content, name, notes, rows_max=rows_max, unpacked_max=most)
        case "epcis":
            return epcis_lines(content, name, notes or Notes())
        case _:
            return csv_lines(content, name, notes)


def rows_of(lines: Iterable[Line], name: str, notes: Notes | None = None) -> tuple[Row, ...]:
    """Read lines of named texts, whatever they came from.

    Args:
        lines: Number of the line and column to text.
        name: How messages call what they came from.
        notes: Where whoever reads the lines writes down what is wrong with them; None: nowhere.

    Raises:
        RefusalError: CUSTODY-030 if there are none; with all unreadable lines, up to a hundred.
    """
    rows: list[Row] = []
    findings: list[Finding] = []
    for number, (line, fields) in enumerate(lines, start=1):
        if number > ROWS_MAX:
            refuse(codes.FILE_IS_WITHIN_LIMITS, at=Place(name, line), rows=f"over {ROWS_MAX}")
        try:
            at = Place(name, line)
            rows.append(parse_row(recorded(fields, at), place=at))
        except RefusalError as refusal:
            findings.extend(refusal.findings)
            if len(findings) >= FINDINGS_MAX:
                break
    if notes is not None:
        findings = sorted((*findings, *notes.findings), key=_line_of)[:FINDINGS_MAX]
    if findings:
        raise RefusalError(*findings)
    if not rows:
        refuse(codes.FILE_HAS_ROWS, at=Place(name), rows="0")
    return tuple(rows)


def _line_of(finding: Finding) -> int:
    return (finding.at and finding.at.line) or 0


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read of a file.

    Attributes:
        max_bytes: Of the file.
        rows_max: Lines under the heads.
        unpacked_max_bytes: Of a workbook or a Parquet file, unpacked; None: as much as the readers take.
        findings_max: After how many findings no more are looked for.
    """

    max_bytes: int = FILE_MAX_BYTES
    rows_max: int = ROWS_MAX
    unpacked_max_bytes: int | None = None
    findings_max: int = FINDINGS_MAX


@dataclass(frozen=True, slots=True)
class Examined:
    """A file of movements with everything that is wrong with how it is written.

    Attributes:
        form: "csv", "xlsx", "parquet" or "epcis".
        sheet: Name of the sheet that was read; "" where there is none.
        columns: Heads in the order in which they stand; empty where there are none.
        lines: As they stand in the file, up to the first that makes the file unreadable.
        rows: What could be read of them.
        findings: In file order; none means that `rows` has a row for each line.
    """

    form: str
    sheet: str = ""
    columns: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    rows: tuple[Row, ...] = ()
    findings: tuple[Finding, ...] = ()

    def cell_of(self, at: Place | None) -> str:
        """Name the cell of a place as a spreadsheet does: "C7"; "" where there is no such cell."""
        if at is None or at.line is None or self.form not in ("xlsx", "csv"):
            return ""
        named = {meant_by(name): number for number, name in enumerate(self.columns)}
        kilograms = {mg: kg for kg, mg in KILOGRAMS.items()}
        column = at.column or ""
        number = named.get(column, named.get(kilograms.get(column, "")))
        return "" if number is None else f"{column_letters(number)}{at.line}"


def examine_movements(
    content: bytes,
    name: str,
    *,
    limits: Limits | None = None,
    watch: Callable[[int, int], None] | None = None,
) -> Examined:
    """Read a file of movements, and go on where it is faulty. This will refuse nothing.

    Args:
        content: The file.
        name: How messages call it.
        limits: How much is read; those of `read_movements` when not given.
        watch: Is told after each line how many were read, and how many there seem to be, 0 if that
            is not known; None: nobody.
    """
    limits = limits or Limits()
    form, at = form_of(content), Place(name)
    if len(content) > limits.max_bytes:
        size = {"size": f"{len(content)} bytes", "most": f"{limits.max_bytes} bytes"}
        return Examined(form, findings=(Finding(codes.FILE_IS_WITHIN_LIMITS, size, at),))
    if not content.strip():
        size = {"size": f"{len(content)} bytes"}
        return Examined(form, findings=(Finding(codes.FILE_HAS_ROWS, size, at),))
    notes = Notes(most=limits.findings_max)
    lines: list[Line] = []
    rows: list[Row] = []
    found: list[Finding] = []
    try:
        for line, fields in _lines(content, name, notes, limits):
            if len(lines) == limits.rows_max:
                most = str(limits.rows_max)
                refuse(codes.FILE_IS_WITHIN_LIMITS, at=Place(name, line), rows=f"over {most}")
            lines.append((line, fields))
            faulty, notes.findings = notes.findings, []
            wrong = faulty + _wrong(fields, Place(name, line), faulty, rows)
            found.extend(wrong)
            if watch is not None:
                watch(len(lines), notes.expected)
            if len(found) >= limits.findings_max:
                break
        found.extend(notes.findings)  # of what gave no line at all
        if not lines and not found:
            refuse(codes.FILE_HAS_ROWS, at=at, rows="0")
    except RefusalError as refusal:
        found.extend(refusal.findings)
    found = sorted(found, key=_line_of)[: limits.findings_max] if form == "epcis" else found
    return Examined(form, notes.sheet, notes.columns, tuple(lines), tuple(rows), tuple(found))


_STAND_INS = {
    "event": "e",
    "at": "2000-01-01T00:00:00Z",
    "kind": "correct",  # the one kind that stands on any side
    "site": "s",
    "entity": "e",
    "lot": "l",
    "side": "in",
    "material": "m",
    "mass_mg": str(MASS_MAX_MG),
}
"""What stands for a faulty field while the other fields of its line are looked at."""


def _wrong(
    fields: Mapping[str, str], at: Place, faulty: Sequence[Finding], rows: list[Row]
) -> list[Finding]:
    """Give every finding of a line, one for each field; without any, its row is added to `rows`."""
    found: list[Finding] = []
    named = [one.at.column or "" for one in faulty if one.at is not None]
    seen = {KILOGRAMS.get(column, column) for column in named} & set(COLUMNS)
    weighed = as_recorded({name: fields[name] for name in fields if name not in MEASURED}, at)
    try:
        if not set(named) & set(MEASURED):
            weighed = as_recorded(fields, at)
    except RefusalError as refusal:
        found.extend(refusal.findings)
    if found or set(named) & set(MEASURED):
        seen |= {"mass_mg", "content_mg"}
    for column in KILOGRAMS.keys() & weighed.keys():
        given = {column: weighed.pop(column)}
        if KILOGRAMS[column] in seen:
            continue
        try:
            weighed |= in_milligrams(given, at)
        except RefusalError as refusal:
            found.extend(refusal.findings)
            seen.add(KILOGRAMS[column])
    for column in seen:
        weighed |= _stand_in(column)
    for _column in COLUMNS:
        try:
            row = parse_row(weighed, place=at)
        except RefusalError as refusal:
            found.extend(refusal.findings)
            where = refusal.findings[0].at
            weighed |= _stand_in((where and where.column) or "")
        else:
            if not found and not faulty:
                rows.append(row)
            break
    return found


def _stand_in(column: str) -> dict[str, str]:
    stands = {column: _STAND_INS.get(column, "")}
    return stands | {"kind": _STAND_INS["kind"]} if column == "side" else stands


def write_movements_csv(rows: Iterable[Row]) -> str:
    """Write rows as CSV that `read_movements` reads back as the same rows.

    Every column is written, in the order of the contract, but for those that came later where no
    row fills them in; lines end with a line feed.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    columns, table = _table(rows)
    writer.writerow(columns)
    writer.writerows(table)
    return text.getvalue()


def _table(rows: Iterable[Row]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Give the columns to write and the texts under them."""
    table = [row_texts(row) for row in rows]
    if any(has_later(texts) for texts in table):
        return COLUMNS, table
    return COLUMNS[: -len(LATER_COLUMNS)], [texts[: -len(LATER_COLUMNS)] for texts in table]


def write_movements_xlsx(rows: Iterable[Row], *, sheet: str = "movements") -> bytes:
    """Write rows as a workbook that `read_movements` reads back as the same rows.

    Every cell is a text, masses too: a number of a spreadsheet is exact up to 15 digits only.

    Raises:
        RefusalError: CUSTODY-031 for more rows than a sheet has.
    """
    columns, table = _table(rows)
    if len(table) >= SHEET_ROWS_MAX:
        refuse(codes.FILE_IS_WITHIN_LIMITS, rows=f"{len(table)}", most=f"{SHEET_ROWS_MAX - 1}")
    return workbook([Sheet(sheet, columns, [22] * len(columns), table)])


def write_movements_parquet(rows: Iterable[Row]) -> bytes:
    """Write rows as a Parquet file of texts that `read_movements` reads back as the same rows.

    Raises:
        RefusalError: CUSTODY-033 without pyarrow.
    """
    return write_parquet(*_table(rows))


def write_parquet(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Write a table of texts as a Parquet file.

    Raises:
        RefusalError: CUSTODY-033 without pyarrow.
    """
    try:
        import pyarrow  # noqa: PLC0415 - an optional extra, only for this format
        from pyarrow import parquet  # noqa: PLC0415 - the same
    except ImportError:
        refuse(codes.PARQUET_NEEDS_ITS_EXTRA, package="pyarrow")
    table = tuple(rows)
    arrays = {
        column: pyarrow.array([row[number] for row in table], pyarrow.string())
        for number, column in enumerate(columns)
    }
    stream = io.BytesIO()
    parquet.write_table(pyarrow.table(arrays), stream)
    return stream.getvalue()


def row_texts(row: Row) -> tuple[str, ...]:
    """Give the texts of a row in the order of the columns."""
    return (
        row.event,
        row.at.isoformat(),
        row.kind.value,
        row.site,
        row.entity,
        row.lot,
        row.side.value,
        row.material,
        str(row.mass_mg),
        str(row.content_mg),
        row.model.value if row.model else "",
        row.attestation,
        row.account,
        row.period,
        row.note,
        row.process,
        row.element,
    )


def has_later(texts: Sequence[str]) -> bool:
    """Tell whether the texts of a row fill in a column that came later."""
    return any(texts[-len(LATER_COLUMNS) :])


def texts_kept(row: Row) -> tuple[str, ...]:
    """Give the texts of a row of which digests are taken: without the later columns if they are empty."""
    texts = row_texts(row)
    return texts if has_later(texts) else texts[: -len(LATER_COLUMNS)]

"""Files of movements: read from CSV, XLSX, Parquet or EPCIS 2.0 JSON, and written as CSV.

Rules: KERNEL-001, CUSTODY-021 to CUSTODY-034.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from stannary.core.custody import COLUMNS, Row, parse_row
from stannary.core.custody import rules as codes
from stannary.core.kernel import Finding, Place, RefusalError, refuse
from stannary.formats.epcis import epcis_lines
from stannary.formats.movements_tables import Line, csv_lines, parquet_lines, xlsx_lines

FILE_MAX_BYTES = 50_000_000
ROWS_MAX = 1_000_000
FINDINGS_MAX = 100


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
    return rows_of(_lines(content, name), name)


def _lines(content: bytes, name: str) -> Iterator[Line]:
    if content.startswith(b"PK\x03\x04"):
        return xlsx_lines(content, name)
    if content.startswith(b"PAR1"):
        return parquet_lines(content, name, rows_max=ROWS_MAX)
    if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return epcis_lines(content, name)
    return csv_lines(content, name)


def rows_of(lines: Iterable[Line], name: str) -> tuple[Row, ...]:
    """Read lines of named texts, whatever they came from.

    Args:
        lines: Number of the line and column to text.
        name: How messages call what they came from.

    Raises:
        RefusalError: CUSTODY-030 if there are none; with all unreadable lines, up to a hundred.
    """
    rows: list[Row] = []
    findings: list[Finding] = []
    for number, (line, fields) in enumerate(lines, start=1):
        if number > ROWS_MAX:
            refuse(codes.FILE_IS_WITHIN_LIMITS, at=Place(name, line), rows=f"over {ROWS_MAX}")
        try:
            rows.append(parse_row(fields, place=Place(name, line)))
        except RefusalError as refusal:
            findings.extend(refusal.findings)
            if len(findings) >= FINDINGS_MAX:
                break
    if findings:
        raise RefusalError(*findings)
    if not rows:
        refuse(codes.FILE_HAS_ROWS, at=Place(name), rows="0")
    return tuple(rows)


def write_movements_csv(rows: Iterable[Row]) -> str:
    """Write rows as CSV that `read_movements` reads back as the same rows.

    Every column is written, in the order of the contract; lines end with a line feed.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(row_texts(row) for row in rows)
    return text.getvalue()


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
    )

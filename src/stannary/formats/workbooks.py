"""Workbooks (XLSX) written plainly: texts and whole numbers, no formulas, the same bytes each time.

Every text is an inline string of the number format "text", so that nothing that somebody wrote is
ever computed; what a spreadsheet would take for a formula if it were typed is marked as quoted.

Source: ECMA-376 part 1, SpreadsheetML; names in a zip are dated 1 January 1980.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from stannary.formats.archives import zipped

CELL_MAX = 32_767
"""Characters that a cell can hold."""
CUT = " … (cut here; the JSON file has all of it)"
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_TEXT, _QUOTED, _BOLD = 1, 2, 3

Cell = str | int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook.

    Attributes:
        name: At most 31 characters, without brackets, colons, slashes and the like.
        columns: Heads of the columns.
        widths: Of the columns, in characters.
        rows: Cells; None is an empty one.
    """

    name: str
    columns: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[Cell]]


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Write a workbook.

    Returns:
        The file; the same sheets give the same bytes.
    """
    numbers = range(1, len(sheets) + 1)
    files = {
        "[Content_Types].xml": _content_types(numbers),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _book(sheets),
        "xl/_rels/workbook.xml.rels": _relations(
            [
                *(("worksheet", f"worksheets/sheet{n}.xml") for n in numbers),
                ("styles", "styles.xml"),
            ]
        ),
        "xl/styles.xml": _styles(),
        **{f"xl/worksheets/sheet{n}.xml": _sheet(s) for n, s in zip(numbers, sheets, strict=True)},
    }
    return zipped({name: text.encode() for name, text in files.items()})


def cell_text(text: str) -> str:
    """Give a text as a cell can hold it: cut where it is too long, without signs that XML forbids.

    Example:
        >>> cell_text("_x0041_"), len(cell_text("a" * 40_000)) == CELL_MAX
        ('_x005F_x0041_', True)
    """
    if len(text) > CELL_MAX:
        text = text[: CELL_MAX - len(CUT)] + CUT
    return _ESCAPED.sub("_x005F_", _NOT_XML.sub("\ufffd", text))


def _sheet(sheet: Sheet) -> str:
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" style="{_TEXT}" customWidth="1"/>'
        for n, width in enumerate(sheet.widths, start=1)
    )
    last = f"{column_letters(len(sheet.columns) - 1)}{len(sheet.rows) + 1}"
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><dimension ref="A1:{last}"/><sheetViews>'
        '<sheetView workbookViewId="0"><pane ySplit="1"'
        ' topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>{''.join(_rows(sheet))}</sheetData></worksheet>"
    )


def _rows(sheet: Sheet) -> Iterator[str]:
    letters = [column_letters(n) for n in range(len(sheet.columns))]
    yield _row(1, letters, sheet.columns, _BOLD)
    for number, cells in enumerate(sheet.rows, start=2):
        yield _row(number, letters, cells, _TEXT)


def _row(number: int, letters: Sequence[str], cells: Sequence[Cell], style: int) -> str:
    written = "".join(
        _cell(f"{letter}{number}", cell, style)
        for letter, cell in zip(letters, cells, strict=True)
        if cell is not None and cell != ""
    )
    return f'<row r="{number}">{written}</row>'


def _cell(place: str, cell: Cell, style: int) -> str:
    if isinstance(cell, int):
        return f'<c r="{place}"><v>{cell}</v></c>'
    text = cell or ""
    style = _QUOTED if text.startswith(STARTS_A_FORMULA) else style
    # a carriage return must be written as a reference, or readers of XML turn it into a line feed
    inner = escape(cell_text(text), {"\r": "&#13;"})
    return (
        f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{inner}</t></is></c>'
    )


def column_letters(number: int) -> str:
    """Name a column, counted from 0: A to Z, AA, AB.

    Example:
        >>> column_letters(2), column_letters(26)
        ('C', 'AA')
    """
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _content_types(numbers: range) -> str:
    parts = {"/xl/workbook.xml": f"{_TYPE}.sheet.main+xml", "/xl/styles.xml": f"{_TYPE}.styles+xml"}
    parts |= {f"/xl/worksheets/sheet{n}.xml": f"{_TYPE}.worksheet+xml" for n in numbers}
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts.items()
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    written = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{written}</Relationships>'


def _book(sheets: Sequence[Sheet]) -> str:
    written = "".join(
        f'<sheet name={quoteattr(sheet.name)} sheetId="{n}" r:id="rId{n}"/>'
        for n, sheet in enumerate(sheets, start=1)
    )
    return f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{written}</sheets></workbook>'


def _styles() -> str:
    wrapped = '<alignment vertical="top" wrapText="1"/>'
    text = 'numFmtId="49" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"'
    return (
        f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="10"/><name val="Arial"/>'
        '</font><font><b/><sz val="10"/><name val="Arial"/></font></fonts><fills count="2"><fill>'
        '<patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
        '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border>'
        '</borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        '</cellStyleXfs><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"'
        f' xfId="0"/><xf fontId="0" {text}>{wrapped}</xf><xf fontId="0" quotePrefix="1" {text}>'
        f'{wrapped}</xf><xf fontId="1" {text} applyFont="1">{wrapped}</xf></cellXfs><cellStyles count="1">'
        '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )

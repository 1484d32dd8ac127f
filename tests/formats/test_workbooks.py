"""Workbooks hold texts and whole numbers, never a formula, and are the same bytes each time."""

import io
import zipfile

import openpyxl
import pytest

from stannary.formats.archives import EPOCH
from stannary.formats.workbooks import (
    CELL_MAX,
    CUT,
    STARTS_A_FORMULA,
    Cell,
    Sheet,
    cell_text,
    workbook,
)

HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", "=HYPERLINK(\"https://evil.example\")",
    "<b>&\"'", " leading", "line\nline", "=cmd|' /C calc'!A0",
]  # fmt: skip


def book(*rows: tuple[Cell, ...]) -> bytes:
    width = len(rows[0])
    return workbook([Sheet("a & b", [f"c{n}" for n in range(width)], [9] * width, rows)])


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_read_back_as_the_same_text_and_never_as_a_formula(text: str) -> None:
    cell = opened(book((text,)))["a & b"]["A2"]

    assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")
    assert bool(cell.quotePrefix) is text.startswith(STARTS_A_FORMULA)


def test_no_file_of_a_workbook_holds_a_formula() -> None:
    with zipfile.ZipFile(io.BytesIO(book(*((text,) for text in HOSTILE)))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()

    assert "<f>" not in sheet
    assert "<f " not in sheet
    assert sheet.count('t="inlineStr"') == len(HOSTILE) + 1


def test_whole_numbers_are_numbers_and_nothing_is_an_empty_cell() -> None:
    sheet = opened(book((7, None, "", "7")))["a & b"]

    assert [cell.value for cell in sheet[2]] == [7, None, None, "7"]
    assert [cell.value for cell in sheet[1]] == ["c0", "c1", "c2", "c3"]
    assert sheet["A1"].font.b
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("over", [-1, 0, 1])
def test_a_text_longer_than_a_cell_is_cut_and_says_so(over: int) -> None:
    written = cell_text("a" * (CELL_MAX + over))

    assert len(written) == min(CELL_MAX, CELL_MAX + over)
    assert written.endswith(CUT) is (over > 0)


def test_signs_that_xml_forbids_are_replaced_and_escapes_of_excel_are_escaped() -> None:
    assert cell_text("a\x00\x0b\ufffe") == "a\ufffd\ufffd\ufffd"
    assert cell_text("_x000D_ _xyz_") == "_x005F_x000D_ _xyz_"
    assert opened(book(("a\x01b",)))["a & b"]["A2"].value == "a\ufffdb"


def test_columns_go_on_after_z() -> None:
    sheet = opened(book(tuple(range(30))))["a & b"]

    assert sheet["AA2"].value == 26
    assert sheet["AD2"].value == 29


def test_the_same_sheets_give_the_same_bytes() -> None:
    first, second = book(("a", 1)), book(("a", 1))

    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {member.date_time for member in archive.infolist()} == {EPOCH}
        assert archive.testzip() is None
    assert first == second

import csv
import datetime
import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from formats.pack_files import write_pack
from refusals import refused_by
from stannary.core.kernel import Finding, Place, RefusalError
from stannary.core.standards import EXPORTED, Edition, Line
from stannary.formats import requirement_tables
from stannary.formats.packs import find_pack, load_pack
from stannary.formats.requirement_tables import (
    ALL_COLUMNS,
    CELL_MAX,
    MAX_BYTES,
    Lines,
    read_lines,
    requirements_csv,
    requirements_xlsx,
    rows_of,
)

HEADER = "id,title,demand,critical"
ROW = "1.1.1.1,Short,Something is so.,false"


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    return load_pack(write_pack(tmp_path))


def from_csv(*rows: str, encoding: str = "utf-8") -> Lines:
    return read_lines("\n".join(rows).encode(encoding), "a.csv")


def workbook(*rows: list[Any], title: str = "Sheet1") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def from_xlsx(*rows: list[Any]) -> Lines:
    return read_lines(workbook(*rows), "a.xlsx")


def refusal(content: bytes) -> tuple[Finding, ...]:
    with pytest.raises(RefusalError) as caught:
        read_lines(content, "a")
    return caught.value.findings


def only(lines: Lines) -> Line:
    (line,) = lines.lines
    return line


# reading


def test_a_row_of_csv_becomes_a_line_that_knows_where_it_stands() -> None:
    line = only(from_csv("", HEADER, "", ROW))

    assert line.cells == {
        "id": "1.1.1.1", "title": "Short", "demand": "Something is so.", "critical": "false",
    }  # fmt: skip
    assert line.place("demand") == Place("a.csv", 4, "demand")


def test_a_row_of_a_workbook_becomes_a_line_with_cells_like_c3() -> None:
    line = only(from_xlsx(HEADER.split(","), [], ROW.split(",")))

    assert line.cells == only(from_csv(HEADER, ROW)).cells
    assert line.place("demand") == Place("a.xlsx", 3, "C3")
    assert line.place("why") == Place("a.xlsx", 3, "why")


def test_columns_stand_in_any_order_and_a_byte_order_mark_is_no_part_of_the_first() -> None:
    line = only(from_csv("critical,demand,title,id", "true,D,T,1.1.1.1", encoding="utf-8-sig"))

    assert (line.cells["id"], line.cells["critical"]) == ("1.1.1.1", "true")


def test_cells_over_several_lines_count_from_the_first() -> None:
    text = f'{HEADER}\r\n1.1.1.1,T,"One,\r\ntwo",false\r\n1.1.1.2,T,D,false\r\n'
    first, second = read_lines(text.encode(), "a.csv").lines

    assert first.cells["demand"] == "One,\ntwo"
    assert (first.at.line, second.at.line) == (2, 4)


def test_truth_values_and_whole_numbers_of_a_workbook_are_texts() -> None:
    line = only(from_xlsx([*HEADER.split(","), "principle"], ["1.1.1.1", 2026, "D", True, 1]))

    assert (line.cells["critical"], line.cells["title"], line.cells["principle"]) == (
        "true", "2026", "1",
    )  # fmt: skip
    assert only(from_xlsx(HEADER.split(","), ["1", "T", "D", False])).cells["critical"] == "false"


def test_the_number_of_a_chapter_is_taken_as_it_is_and_compared_later() -> None:
    lines = from_xlsx([*HEADER.split(","), "chapter"], ["1.10.1.1", "T", "D", True, 1.1])

    assert (only(lines).cells["chapter"], lines.findings) == ("1.1", ())


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        ("=1+1", "the formula =1+1"),
        ("#REF!", "the error #REF!"),
        (1.5, "the number 1.5"),
        (datetime.datetime(2026, 1, 2), "the date or time 2026-01-02 00:00:00"),  # noqa: DTZ001 - a sheet has no zone
        (datetime.time(1, 2), "the date or time 01:02:00"),
    ],
)
def test_what_is_no_text_is_refused_cell_by_cell(value: object, holds: str) -> None:
    lines = from_xlsx(HEADER.split(","), ["1.1.1.1", "T", value, "false"])
    (finding,) = lines.findings

    assert (finding.code, finding.at) == ("IMPORT-005", Place("a.xlsx", 2, "C2"))
    assert finding.facts == {"column": "demand", "holds": holds}
    assert only(lines).unread == {"demand"}


def test_an_error_that_a_program_wrote_into_csv_is_found_and_text_like_a_formula_is_text() -> None:
    lines = from_csv(
        HEADER, "1.1.1.1,T,#NAME?,false", "1.1.1.2,T,=1+1,false", "1.1.1.3,-T,+D,false"
    )

    assert [(f.code, f.at) for f in lines.findings] == [("IMPORT-005", Place("a.csv", 2, "demand"))]
    assert [line.cells.get("demand") for line in lines.lines] == [None, "=1+1", "+D"]


def test_a_cell_beyond_the_columns_is_found() -> None:
    (in_csv,) = from_csv(HEADER, "1.1.1.1,T,One, two,false").findings
    (in_book,) = from_xlsx(HEADER.split(","), [*ROW.split(","), None, "left over"]).findings

    assert (in_csv.code, in_csv.at) == ("IMPORT-004", Place("a.csv", 2, "number 5"))
    assert (in_book.code, in_book.at) == ("IMPORT-004", Place("a.xlsx", 2, "F2"))
    assert in_book.facts == {"value": "left over"}


def test_the_sheet_called_requirements_is_read_else_the_first() -> None:
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet("Requirements ")
    assert first is not None
    first.append(["nothing"])
    for row in (HEADER, ROW):
        second.append(row.split(","))
    stream = io.BytesIO()
    book.save(stream)

    assert len(read_lines(stream.getvalue(), "a.xlsx").lines) == 1


def test_every_wrong_column_is_told_at_once() -> None:
    in_csv = refusal(b"id,Title,demand,,id\n")
    in_book = refusal(workbook(["id", "Title", "demand", None, "id"]))

    assert [dict(finding.facts) for finding in in_csv] == [
        {"unknown": "Title"}, {"unknown": "(empty)"}, {"repeated": "id"},
        {"missing": "title"}, {"missing": "critical"},
    ]  # fmt: skip
    assert [finding.at.column for finding in in_csv if finding.at] == [
        "Title", "number 4", "id", None, None,
    ]  # fmt: skip
    assert [finding.at.column for finding in in_book if finding.at] == [
        "B1", "D1", "E1", None, None,
    ]  # fmt: skip
    assert {finding.code for finding in in_csv + in_book} == {"IMPORT-003"}


@pytest.mark.parametrize("content", [b"\n\n,,\n", b'""\n'])
def test_a_table_without_a_row_misses_its_columns(content: bytes) -> None:
    assert [(f.code, f.at) for f in refusal(content)] == [("IMPORT-003", Place("a", 1))] * 4


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", None),
        (b" \n", None),
        (b"id\n\xff", 2),
        (f'{HEADER}\n"open'.encode(), 2),
        (b"PK\x03\x04 no archive", None),
        (workbook([HEADER])[:-30], None),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, line: int | None) -> None:
    (finding,) = refusal(content)

    assert (finding.code, finding.at) == ("IMPORT-001", Place("a", line))


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "a")

    assert refusal(stream.getvalue())[0].code == "IMPORT-001"


def test_a_file_beyond_the_bound_is_refused() -> None:
    assert refused_by(lambda: read_lines(b" " * MAX_BYTES, "a")) == "IMPORT-001"
    assert refused_by(lambda: read_lines(b" " * (MAX_BYTES + 1), "a")) == "IMPORT-002"


def test_a_bomb_is_not_unpacked() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 100_000_001)

    assert len(stream.getvalue()) < 200_000
    assert refusal(stream.getvalue())[0].code == "IMPORT-002"


def test_rows_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirement_tables, "MAX_ROWS", 2)
    monkeypatch.setattr(requirement_tables, "MAX_SHEET_LINES", 4)

    assert len(from_csv(HEADER, ROW, ROW).lines) == 2
    assert refused_by(lambda: from_csv(HEADER, ROW, ROW, ROW)) == "IMPORT-002"
    cells = ROW.split(",")
    assert len(from_xlsx(HEADER.split(","), [], cells, cells).lines) == 2
    blank: list[Any] = []
    assert refused_by(lambda: from_xlsx(HEADER.split(","), blank, blank, blank, cells)) == (
        "IMPORT-002"
    )


@pytest.mark.untraced
def test_twenty_thousand_requirements_are_refused() -> None:
    rows = [f"1.1.{n // 900 + 1}.{n % 900 + 1},T,D,false" for n in range(20_000)]

    assert refused_by(lambda: from_csv(HEADER, *rows)) == "IMPORT-002"


# writing


def test_csv_has_the_contract_s_columns_and_wide_csv_all(edition: Edition) -> None:
    narrow = list(csv.reader(io.StringIO(requirements_csv(edition))))
    wide = list(csv.DictReader(io.StringIO(requirements_csv(edition, ALL_COLUMNS))))

    assert narrow[0] == list(EXPORTED)
    assert narrow[1] == [
        "1.2.1.1", "1", "1.2", "1.2.1", "Short", "Something is so.", "true", "where there is water",
    ]  # fmt: skip
    assert tuple(wide[0]) == ALL_COLUMNS
    assert (wide[0]["section_title"], wide[2]["section_title"]) == ("Heading", "")
    assert (wide[0]["principle_title"], wide[0]["chapter_title"]) == ("First", "Second")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "plain"])
def test_no_text_becomes_a_formula_in_a_workbook(text: str, edition: Edition) -> None:
    first, *rest = edition.requirements
    wicked = replace(edition, requirements=(replace(first, demand=text), *rest))
    book = openpyxl.load_workbook(io.BytesIO(requirements_xlsx(wicked)))
    cells = [cell for row in book["requirements"].iter_rows(min_row=2) for cell in row]
    demand = book["requirements"]["F2"]

    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    assert (demand.value, demand.quotePrefix) == (text, text != "plain")


@pytest.mark.parametrize("columns", [EXPORTED, ALL_COLUMNS])
def test_what_a_workbook_or_csv_holds_is_read_back(columns: tuple[str, ...]) -> None:
    edition = load_pack(find_pack("stannary/open-mining/0.1"))
    rows = list(rows_of(edition, columns))

    for content in (
        requirements_xlsx(edition, columns),
        requirements_csv(edition, columns).encode(),
    ):
        lines = read_lines(content, "a")
        assert lines.findings == ()
        assert [[line.cells[column] for column in columns] for line in lines.lines] == rows


@pytest.mark.parametrize(("beyond", "code"), [(0, None), (1, "IMPORT-006")])
def test_a_text_that_a_cell_cannot_hold_is_refused_and_never_cut(
    beyond: int, code: str | None, edition: Edition
) -> None:
    first, *rest = edition.requirements
    long = replace(first, demand="x" * (CELL_MAX + beyond))

    assert (
        refused_by(lambda: requirements_xlsx(replace(edition, requirements=(long, *rest)))) == code
    )


def test_signs_that_xml_cannot_hold_are_replaced(edition: Edition) -> None:
    first, *rest = edition.requirements
    strange = replace(edition, requirements=(replace(first, demand="a\ufffe\uffffb"), *rest))
    book = openpyxl.load_workbook(io.BytesIO(requirements_xlsx(strange)))

    assert book["requirements"]["F2"].value == "a\ufffd\ufffdb"

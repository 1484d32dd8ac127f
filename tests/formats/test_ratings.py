"""Tables of ratings: what is read, and what is refused with file, line and column."""

import io
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from refusals import refused_by
from stannary.core.assessments import Verdict
from stannary.core.kernel import Place, RefusalError
from stannary.core.standards import Rating
from stannary.formats import ratings
from stannary.formats.ratings import read_ratings

WHOLE = (
    "requirement,rating,rationale,evidence,assessor\n"
    "1.1.1.1,fully,,,\n"
    '1.1.1.2,not_relevant,"No tailings, no dam.\nSeen on site.",'
    "https://example.org/a https://example.org/b,Ada Fell\n"
)


def read(text: str | bytes, name: str = "ratings.csv") -> tuple[Verdict, ...]:
    content = text.encode() if isinstance(text, str) else text
    return read_ratings(io.BytesIO(content), name)


def workbook(*rows: list[Any], title: str = "Sheet", **cells: Any) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for place, value in cells.items():
        sheet[place] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def problems(text: str | bytes) -> list[tuple[str, str, dict[str, str]]]:
    with pytest.raises(RefusalError) as refusal:
        read(text)
    return [(x.code, str(x.at), dict(x.facts)) for x in refusal.value.findings]


def test_a_table_is_read_row_by_row_with_its_places() -> None:
    assert read(WHOLE) == (
        Verdict("1.1.1.1", Rating.FULLY, at=Place("ratings.csv", 2, "requirement")),
        Verdict(
            "1.1.1.2",
            Rating.NOT_RELEVANT,
            "No tailings, no dam.\nSeen on site.",
            ("https://example.org/a", "https://example.org/b"),
            "Ada Fell",
            at=Place("ratings.csv", 3, "requirement"),
        ),
    )


def test_columns_may_stand_in_any_order() -> None:
    (verdict,) = read("assessor,rating,requirement\nAda,partially,1.1.1.1\n")

    assert (verdict.requirement, verdict.rating, verdict.assessor) == (
        "1.1.1.1",
        Rating.PARTIALLY,
        "Ada",
    )


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: text.removesuffix("\n").encode(),
        lambda text: ("\n\n" + text + ",\n\n,  \n").encode(),
        lambda text: text.replace(",", " , ").encode(),
    ],
    ids=["bom", "crlf", "cr", "no end of line", "blank lines", "blanks"],
)
def test_the_ways_in_which_programs_write_a_table_do_not_matter(encode: Any) -> None:
    (verdict,) = read(encode("requirement,rating\n1.1.1.1,fully\n"))

    assert (verdict.requirement, verdict.rating) == ("1.1.1.1", Rating.FULLY)


def test_a_table_may_have_no_rows() -> None:
    assert read("requirement,rating\n") == ()


def test_a_row_is_placed_where_it_begins() -> None:
    text = 'requirement,rating,rationale\n1.1.1.1,fully,"a\nb\nc"\n1.1.1.2,mostly,\n'

    assert problems(text) == [
        ("RATING-003", "ratings.csv, line 5, column rating", {"rating": "mostly"})
    ]


@pytest.mark.parametrize("content", ["", " \n \n", "\ufeff"])
def test_an_empty_file_is_refused(content: str) -> None:
    (problem,) = problems(content)[:1]

    assert problem[0] in ("RATING-010", "RATING-011")
    assert "ratings.csv" in problem[1]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("requirement", [{"missing": "rating"}]),
        ("rating", [{"missing": "requirement"}]),
        ("requirement,rating,reason", [{"unknown": "reason"}]),
        ("requirement,rating,", [{"unknown": "(empty)"}]),
        ("requirement,rating,rating", [{"repeated": "rating"}]),
        ("Requirement,rating", [{"unknown": "Requirement"}, {"missing": "requirement"}]),
        (
            "requirement;rating",
            [{"unknown": "requirement;rating"}, {"missing": "requirement"}, {"missing": "rating"}],
        ),
    ],
)
def test_missing_unknown_and_repeated_columns_are_all_told(
    header: str, expected: list[dict[str, str]]
) -> None:
    found = problems(header + "\n1.1.1.1,fully\n")

    assert [facts for _, _, facts in found] == expected
    assert {code for code, _, _ in found} == {"RATING-011"}
    columns = [next(iter(facts.items())) for facts in expected]
    assert [place for _, place, _ in found] == [
        "ratings.csv, line 1"
        if problem == "missing" or name == "(empty)"
        else f"ratings.csv, line 1, column {name}"
        for problem, name in columns
    ]


@pytest.mark.parametrize(
    ("row", "cells"), [("1.1.1.1", "1"), ("1.1.1.1,fully,", "3"), ("1.1.1.1,fully,a,b", "4")]
)
def test_a_row_has_as_many_cells_as_the_header(row: str, cells: str) -> None:
    assert problems(f"requirement,rating\n{row}\n1.1.1.2,most\n") == [
        ("RATING-012", "ratings.csv, line 2", {"cells": cells, "columns": "2"}),
        ("RATING-003", "ratings.csv, line 3, column rating", {"rating": "most"}),
    ]


@pytest.mark.parametrize("word", ["mostly", "", "Fully", "1"])
def test_an_unknown_word_is_refused_with_the_list_of_words(word: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        read(f"requirement,rating\n1.1.1.1,{word}\n")

    assert str(refusal.value) == (
        "ratings.csv, line 2, column rating: RATING-003: A rating is one of the words fully, "
        "substantially, partially, not_met, not_relevant and pending. Here: "
        f"rating={word or '(empty)'}. Write one of the six words, in small letters."
    )


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("requirement,rating,rationale\n1.1.1.1,fully,Größe\n".encode("latin-1"), 2),
        ("requirement,rating\n".encode("utf-16"), 1),
        (b"\n\xff", 2),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, 1),
    ],
    ids=["latin-1", "utf-16", "one byte", "xls"],
)
def test_what_is_not_utf_8_is_refused_with_the_line(content: bytes, line: int) -> None:
    ((code, place, facts),) = problems(content)

    assert (code, place) == ("RATING-010", f"ratings.csv, line {line}")
    assert facts["problem"] == "not UTF-8"


@pytest.mark.parametrize(
    "text",
    [
        'requirement,rating\n1.1.1.1,"fully\n',
        'requirement,rating\n1.1.1.1,"ful"ly\n',
        "requirement,rating\n1.1.1.1," + "x" * 200_000 + "\n",
    ],
    ids=["quote never closed", "text after a quote", "cell without end"],
)
def test_broken_csv_is_refused_with_the_line(text: str) -> None:
    ((code, place, _),) = problems(text)

    assert (code, place) == ("RATING-010", "ratings.csv, line 2")


def test_a_file_of_more_than_twenty_megabytes_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert ratings.MAX_BYTES == 20_000_000
    monkeypatch.setattr(ratings, "MAX_BYTES", len(WHOLE))
    assert len(read(WHOLE)) == 2
    assert [code for code, _, _ in problems(WHOLE + "\n")] == ["RATING-013"]
    path = tmp_path / "large.csv"
    path.write_text(WHOLE + "\n", encoding="utf-8")
    assert refused_by(partial(read_ratings, path)) == "RATING-013"


def test_a_table_of_more_than_a_hundred_thousand_rows_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert ratings.MAX_ROWS == 100_000
    monkeypatch.setattr(ratings, "MAX_ROWS", 3)
    rows = "requirement,rating\n" + "1.1.1.1,fully\n" * 3
    assert len(read(rows)) == 3
    assert problems(rows + "\n1.1.1.1,fully\n") == [
        ("RATING-013", "ratings.csv", {"rows": "more than 3"})
    ]


def test_a_path_is_read_and_named(tmp_path: Path) -> None:
    path = tmp_path / "site.csv"
    path.write_text(WHOLE, encoding="utf-8")

    assert read_ratings(path)[0].at == Place(str(path), 2, "requirement")
    assert read_ratings(str(path), "mine.csv")[0].at == Place("mine.csv", 2, "requirement")
    assert read_ratings(io.BytesIO(WHOLE.encode()))[0].at == Place("-", 2, "requirement")


@pytest.mark.parametrize("name", ["none.csv", ".", "nul\0.csv"])
def test_a_path_that_cannot_be_opened_is_refused(tmp_path: Path, name: str) -> None:
    assert refused_by(partial(read_ratings, f"{tmp_path}/{name}")) == "RATING-010"


def test_a_workbook_is_read_like_a_table() -> None:
    content = workbook(
        ["rating", "requirement", "rationale", "evidence"],
        ["fully", "1.1.1.1"],
        [],
        ["not_relevant", " 1.1.1.2 ", "No dam.", "https://example.org/a\nhttps://example.org/b"],
        [None, None, " "],
    )

    first, second = read(content, "ratings.xlsx")

    assert first == Verdict("1.1.1.1", Rating.FULLY, at=Place("ratings.xlsx", 2, "requirement"))
    assert (second.requirement, second.rationale) == ("1.1.1.2", "No dam.")
    assert second.evidence == ("https://example.org/a", "https://example.org/b")
    assert second.at == Place("ratings.xlsx", 4, "requirement")


def test_a_sheet_called_ratings_is_read_rather_than_the_first() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(["notes"])))
    sheet = book.create_sheet("Ratings")
    sheet.append(["requirement", "rating"])
    sheet.append(["1.1.1.1", "fully"])
    stream = io.BytesIO()
    book.save(stream)

    assert len(read(stream.getvalue())) == 1


def test_numbers_and_dates_in_a_workbook_are_not_ratings() -> None:
    content = workbook(["requirement", "rating"], [1.1, 3], ["1.1.1.1", True])

    assert [code for code, _, _ in problems(content)] == ["RATING-003", "RATING-003"]


def test_a_cell_beyond_the_last_column_is_refused() -> None:
    content = workbook(["requirement", "rating"], ["1.1.1.1", "fully", None, "x"])

    assert problems(content) == [
        ("RATING-012", "ratings.csv, line 2", {"cells": "4", "columns": "2"})
    ]


def test_a_formula_is_refused_with_its_cell() -> None:
    content = workbook(["requirement", "rating"], ["1.1.1.1", "fully"], B2='=IF(1,"fully","")')

    assert problems(content) == [
        ("RATING-014", "ratings.csv, line 2, column B", {"formula": '=IF(1,"fully","")'})
    ]


def test_an_array_formula_is_refused_too() -> None:
    formula = ArrayFormula("B2:B3", "=A2:A3")
    content = workbook(["requirement", "rating"], ["1.1.1.1", None], B2=formula)

    assert [code for code, _, _ in problems(content)] == ["RATING-014"]


def rezipped(content: bytes, **replaced: bytes | None) -> bytes:
    """A workbook with parts replaced or, by None, removed; the key is a part of their name."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            found = next((key for key in replaced if key in name), None)
            part = old.read(name) if found is None else replaced[found]
            if part is not None:
                new.writestr(name, part)
    return stream.getvalue()


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>requirement</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>rating</t></is></c></row>%s</sheetData></worksheet>'
)
ROW = '<row r="%d"><c r="%s" t="inlineStr"><is><t>x</t></is></c></row>'


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 and nothing else",
        workbook(["requirement", "rating"])[:-30],
        rezipped(workbook(["requirement"]), workbook=None),
        rezipped(workbook(["requirement"]), sheet1=b"<worksheet>"),
        rezipped(workbook(["requirement"]), sheet1=b"\xff\xfe\0"),
        rezipped(workbook(["requirement"]), workbook=b"<a/>"),
        rezipped(workbook(["requirement"]), sharedStrings=b"<nonsense"),
        rezipped(workbook(["requirement"]), Content_Types=b""),
    ],
    ids=[
        "no archive",
        "cut off",
        "no workbook",
        "sheet not closed",
        "sheet no XML",
        "no sheets",
        "texts broken",
        "no types",
    ],
)
def test_a_damaged_workbook_is_refused(content: bytes) -> None:
    assert {code for code, _, _ in problems(content)} <= {"RATING-010", "RATING-011"}


def test_a_workbook_with_entities_that_explode_is_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    content = rezipped(workbook(["requirement"]), sheet1=(bomb + SHEET % ROW % (2, "A2")).encode())

    assert {code for code, _, _ in problems(content)} <= {"RATING-003", "RATING-010"}


def test_a_workbook_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ratings.MAX_UNPACKED_BYTES == 100_000_000
    content = rezipped(workbook(["requirement", "rating"]), sheet1=b" " * 1_000_000)
    monkeypatch.setattr(ratings, "MAX_UNPACKED_BYTES", 1_000_000)

    ((code, _, facts),) = problems(content)

    assert code == "RATING-013"
    assert int(facts["unpacked_bytes"]) > 1_000_000


def test_a_row_at_the_end_of_the_world_is_refused_in_time() -> None:
    content = rezipped(
        workbook(["requirement"]), sheet1=(SHEET % ROW % (2_000_000_000, "A2000000000")).encode()
    )

    ((code, place, _),) = problems(content)

    assert (code, place) == ("RATING-013", f"ratings.csv, line {ratings.MAX_SHEET_LINES + 1}")


def test_a_cell_far_to_the_right_costs_nothing() -> None:
    content = rezipped(workbook(["requirement"]), sheet1=(SHEET % ROW % (2, "ZZY2")).encode())

    assert read(content) == ()

"""Workbooks and Parquet: a number that may have been rounded is refused."""

import builtins
import datetime
import io
import zipfile
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stannary.core.custody import Row
from stannary.core.kernel import Place, RefusalError
from stannary.formats import movements_tables
from stannary.formats.movements import read_movements

NAMES = ("event", "at", "kind", "site", "entity", "lot", "side", "material", "mass_mg")
GOOD: tuple[Any, ...] = (
    *("E1", "2026-01-05T08:00:00Z", "produce", "mine", "Miner", "L1", "out", "ore"),
    1000,
)


def book(*rows: tuple[Any, ...]) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def with_(column: str, value: object) -> tuple[Any, ...]:
    return tuple(value if name == column else old for name, old in zip(NAMES, GOOD, strict=True))


def read(content: bytes) -> tuple[Row, ...]:
    return read_movements(io.BytesIO(content), "moves")


def told(content: bytes) -> tuple[str, Place | None] | None:
    try:
        read(content)
    except RefusalError as refusal:
        return refusal.rule.code, refusal.findings[0].at
    return None


@pytest.mark.parametrize(
    ("mass", "expected"),
    [
        (1000, None),
        (1000.0, None),
        ("1000", None),
        (2**53, None),
        (2**53 + 2, "CUSTODY-034"),
        (9 * 10**18, "CUSTODY-034"),
        (str(9 * 10**18), None),
        (1000.5, "KERNEL-001"),
        (0, "KERNEL-001"),
        (-1.0, "KERNEL-001"),
        (True, "CUSTODY-034"),
        ("=500*2", "CUSTODY-034"),
        ("#DIV/0!", "CUSTODY-034"),
        (None, "KERNEL-001"),
        (datetime.date(2026, 1, 1), "CUSTODY-034"),
    ],
)
def test_a_mass_in_a_sheet_is_whole_and_exact(mass: object, expected: str | None) -> None:
    at = Place("moves", 2, "mass_mg")

    assert told(book(NAMES, with_("mass_mg", mass))) == ((expected, at) if expected else None)


def test_a_whole_number_that_is_stored_as_a_float_is_read_exactly() -> None:
    assert read(book(NAMES, with_("mass_mg", 2.0**53)))[0].mass_mg == 2**53
    assert read(book(NAMES, with_("mass_mg", str(9 * 10**18))))[0].mass_mg == 9 * 10**18


@pytest.mark.parametrize(
    ("lot", "text"), [(2041, "2041"), (2041.0, "2041"), (20.5, "20.5"), (" L1 ", "L1")]
)
def test_a_name_that_looks_like_a_number_is_a_text(lot: object, text: str) -> None:
    assert read(book(NAMES, with_("lot", lot)))[0].lot == text


def test_a_time_of_a_sheet_has_no_offset_and_a_date_is_no_text() -> None:
    day = datetime.datetime(2026, 1, 5, 8)  # noqa: DTZ001 - sheets know no offsets

    assert told(book(NAMES, with_("at", day))) == ("CUSTODY-026", Place("moves", 2, "at"))
    assert told(book(NAMES, with_("lot", day))) == ("CUSTODY-034", Place("moves", 2, "lot"))


def test_the_line_is_the_row_of_the_sheet_and_empty_rows_are_passed_over() -> None:
    content = book((), NAMES, (), GOOD, (None,) * 9, with_("lot", "L2"))

    assert [row.place for row in read(content)] == [Place("moves", 4), Place("moves", 6)]


@pytest.mark.parametrize(("name", "place"), [("Sheet", 1), ("movements", 0)])
def test_the_sheet_of_movements_is_read_or_the_first(name: str, place: int) -> None:
    made = openpyxl.load_workbook(io.BytesIO(book(NAMES, GOOD)))
    made.worksheets[0].title = name
    made.create_sheet("notes", place).append(("anything",))
    stream = io.BytesIO()
    made.save(stream)

    assert len(read(stream.getvalue())) == 1


@pytest.mark.parametrize(
    ("rows", "at"),
    [
        ((("event", "at"), GOOD), Place("moves", 1)),
        ((NAMES, (*GOOD, "x")), Place("moves", 2)),
        (((*NAMES, 7), GOOD), Place("moves", 1)),
        ((), Place("moves", 1)),
    ],
)
def test_columns_of_a_sheet_are_known(rows: tuple[tuple[Any, ...], ...], at: Place) -> None:
    assert told(book(*rows)) == ("CUSTODY-022", at)


def zipped(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, content in files.items():
            parts.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 and then nothing",
        zipped(word=b"a document of another kind"),
        book(NAMES, GOOD)[:-200],
        zipped(**{"[Content_Types].xml": b"<not closed", "xl/workbook.xml": b"<"}),
    ],
    ids=["header only", "another zip", "cut off", "broken parts"],
)
def test_a_broken_workbook_is_refused(content: bytes) -> None:
    assert told(content) == ("CUSTODY-021", Place("moves"))


def test_a_workbook_that_unpacks_to_too_much_is_refused_unopened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = book(NAMES, GOOD)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        unpacked = sum(part.file_size for part in parts.infolist())
    for limit, expected in ((unpacked, None), (unpacked - 1, "CUSTODY-031")):
        monkeypatch.setattr(movements_tables, "UNPACKED_MAX_BYTES", limit)
        assert told(content) == ((expected, Place("moves")) if expected else None)


def test_entities_in_a_workbook_are_not_expanded() -> None:
    content = with_sheet(b"<worksheet", b'<!DOCTYPE a [<!ENTITY x "LOL">]><worksheet')

    assert told(content) == ("CUSTODY-021", Place("moves"))


def with_sheet(old: bytes, new: bytes) -> bytes:
    files = {}
    with zipfile.ZipFile(io.BytesIO(book(NAMES, GOOD))) as parts:
        for name in parts.namelist():
            files[name] = parts.read(name)
    assert old in files["xl/worksheets/sheet1.xml"]
    changed = files["xl/worksheets/sheet1.xml"].replace(old, new)
    return zipped(**{**files, "xl/worksheets/sheet1.xml": changed})


def test_what_a_sheet_says_of_its_size_is_not_believed() -> None:
    content = with_sheet(b'<dimension ref="A1:I2"', b'<dimension ref="A1:XFD1048576"')

    assert [row.lot for row in read(content)] == ["L1"]


@pytest.mark.parametrize(("row", "expected"), [(b"5", None), (b"6", "CUSTODY-031")])
def test_a_row_far_down_costs_no_more_than_a_sheet_can_have(
    row: bytes, expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert movements_tables.SHEET_ROWS_MAX == 1_048_576
    monkeypatch.setattr(movements_tables, "SHEET_ROWS_MAX", 5)
    content = with_sheet(b'<row r="2"', b'<row r="' + row + b'"')

    assert told(content) == ((expected, Place("moves", 6)) if expected else None)


def columns(**changes: object) -> dict[str, Any]:
    return {name: [value] for name, value in zip(NAMES, GOOD, strict=True)} | changes


def table(**changes: object) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table(columns(**changes)), stream)
    return stream.getvalue()


UTC_US = pa.timestamp("us", tz="UTC")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, None),
        ({"mass_mg": pa.array([9 * 10**18], pa.uint64())}, None),
        ({"mass_mg": pa.array([1000.0])}, None),
        ({"mass_mg": pa.array([1e17])}, ("CUSTODY-034", Place("moves", 1, "mass_mg"))),
        ({"mass_mg": pa.array([float("nan")])}, ("CUSTODY-034", Place("moves", 1, "mass_mg"))),
        ({"mass_mg": pa.array([None], pa.int64())}, ("KERNEL-001", Place("moves", 1, "mass_mg"))),
        ({"lot": pa.array([b"L1"])}, ("CUSTODY-034", Place("moves", 1, "lot"))),
        ({"lot": pa.array(["L1"]).dictionary_encode()}, None),
        ({"at": pa.array([datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC)], UTC_US)}, None),
        (
            {"at": pa.array([0], pa.timestamp("us"))},
            ("CUSTODY-026", Place("moves", 1, "at")),
        ),
        ({"weight": ["x"]}, ("CUSTODY-022", Place("moves"))),
    ],
)
def test_a_parquet_file_holds_texts_and_whole_numbers(
    changes: dict[str, object], expected: tuple[str, Place] | None
) -> None:
    assert told(table(**changes)) == expected


@pytest.mark.parametrize("content", [b"PAR1", b"PAR1 nothing PAR1", table()[:-20]])
def test_a_broken_parquet_file_is_refused(content: bytes) -> None:
    assert told(content) == ("CUSTODY-021", Place("moves"))


def test_without_pyarrow_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> object:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *rest, **named)

    content = table()
    monkeypatch.setattr(builtins, "__import__", without)

    with pytest.raises(RefusalError) as caught:
        read(content)

    assert caught.value.findings[0].message == (
        "moves: CUSTODY-033: Parquet files are read by the optional package pyarrow. "
        "Here: package=pyarrow. Install it with `pip install 'stannary[parquet]'`, "
        "or save the file as CSV."
    )

"""Files of movements: read as they are or refused with file, line and column."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.custody.chains import random_chain
from stannary.core.custody import COLUMNS, Row, events_of, replay
from stannary.core.kernel import Place, RefusalError
from stannary.core.provenance import chain_of, trace_in
from stannary.formats import movements
from stannary.formats.epcis import write_epcis
from stannary.formats.movements import (
    read_movements,
    row_texts,
    texts_kept,
    write_movements_csv,
)

HEADER = "event,at,kind,site,entity,lot,side,material,mass_mg,content_mg\n"
GOOD = "E1,2026-01-05T08:00:00Z,produce,mine,Miner,L1,out,ore,1000,28\n"


def read(content: str | bytes, name: str = "moves.csv") -> tuple[Row, ...]:
    data = content.encode() if isinstance(content, str) else content
    return read_movements(io.BytesIO(data), name)


def refused(content: str | bytes) -> RefusalError:
    with pytest.raises(RefusalError) as caught:
        read(content)
    return caught.value


def told(content: str | bytes) -> tuple[str, Place | None]:
    finding = refused(content).findings[0]
    return finding.code, finding.at


def bare(rows: tuple[Row, ...]) -> list[Row]:
    return [replace(row, place=None) for row in rows]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (lambda rows: write_movements_csv(rows).encode(), 2),
        (movements.write_movements_xlsx, 2),
        (movements.write_movements_parquet, 2),
        (lambda rows: json.dumps(write_epcis(rows)).encode(), 0),
    ],
)
def test_whoever_watches_is_told_how_many_lines_were_read_and_how_many_there_seem_to_be(
    written: Callable[[tuple[Row, ...]], bytes], expected: int
) -> None:
    rows = read(HEADER + GOOD + GOOD.replace("E1", "E2").replace("L1", "L2"))
    seen: list[tuple[int, int]] = []

    movements.examine_movements(written(rows), "a", watch=lambda *told: seen.append(told))

    assert seen == [(1, expected), (2, expected)]


def xlsx(rows: list[Row]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(COLUMNS)
    for row in rows:
        sheet.append(row_texts(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def parquet(rows: list[Row]) -> bytes:
    columns = list(zip(*(row_texts(row) for row in rows), strict=True))
    table: dict[str, list[object]] = {
        name: list(column) for name, column in zip(COLUMNS, columns, strict=True)
    }
    table["mass_mg"] = [row.mass_mg for row in rows]
    table["at"] = [row.at for row in rows]
    stream = io.BytesIO()
    pq.write_table(pa.table(table), stream)
    return stream.getvalue()


def epcis(rows: list[Row]) -> bytes:
    return json.dumps(write_epcis(rows)).encode()


@pytest.mark.parametrize("write", [write_movements_csv, xlsx, parquet])
@given(st.integers(0, 10**9))
@settings(deadline=None, max_examples=5)
def test_rows_come_back_from_a_table_as_they_were_written(
    write: Callable[[list[Row]], str | bytes], seed: int
) -> None:
    rows = random_chain(seed)

    assert bare(read(write(rows))) == rows


@pytest.mark.parametrize("write", [write_movements_csv, xlsx, parquet, epcis])
@given(st.integers(0, 10**9))
@settings(deadline=None, max_examples=5)
def test_balances_and_traces_are_the_same_from_every_form(
    write: Callable[[list[Row]], str | bytes], seed: int
) -> None:
    rows = random_chain(seed)
    expected = replay(rows)
    chain = chain_of(expected.events)

    got = replay(bare(read(write(rows))))

    assert got.events == expected.events
    assert (got.holdings, got.in_transit, got.losses) == (
        expected.holdings,
        expected.in_transit,
        expected.losses,
    )
    again = chain_of(got.events)
    assert [trace_in(again, lot) for lot in got.lots] == [
        trace_in(chain, lot) for lot in expected.lots
    ]


def test_columns_may_stand_in_any_order_and_optional_ones_be_left_out() -> None:
    text = (
        "mass_mg,lot,side,kind,event,at,material,entity,site\n"
        "1000,L1,out,produce,E1,2026-01-05T08:00:00Z,ore,Miner,mine\n"
    )

    (row,) = read(text)

    assert (row.lot, row.mass_mg, row.content_mg, row.entity) == ("L1", 1000, 1000, "Miner")
    assert row.place == Place("moves.csv", 2)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + (HEADER + GOOD).encode(),
        (HEADER + GOOD).replace("\n", "\r\n").encode(),
        (HEADER + GOOD).rstrip("\n").encode(),
        ("\n" + HEADER + "\n,,,\n" + GOOD + "\n\n").encode(),
        (HEADER + GOOD).replace("\n", ",,\n").encode(),
        (HEADER + GOOD).replace(",", ";").encode(),
        (HEADER + GOOD).replace(",", "\t").encode("utf-16"),
    ],
    ids=[
        "byte order mark",
        "carriage returns",
        "no last line end",
        "blank lines",
        "empty cells",
        "semicolons",
        "tabs in UTF-16",
    ],
)
def test_what_spreadsheets_leave_behind_does_not_matter(content: bytes) -> None:
    assert [row.lot for row in read(content)] == ["L1"]


def test_the_line_is_the_one_where_the_row_starts() -> None:
    note = '"two\nlines"'
    text = HEADER.replace("\n", ",note\n")
    text += GOOD.replace("\n", f",{note}\n") + "\n" + GOOD.replace("L1", "L2").replace("28", "0")

    assert told(text) == ("KERNEL-001", Place("moves.csv", 5, "content_mg"))


@pytest.mark.parametrize(
    ("header", "fact"),
    [
        ("event,at,kind,site,entity,lot,side,material", {"missing": "mass_mg"}),
        (HEADER.strip() + ",mass_t", {"unknown": "mass_t"}),
        (HEADER.strip() + ",mass_kg", {"repeated": "mass_kg"}),
        (HEADER.strip() + ",Event", {"unknown": "Event"}),
        (HEADER.strip() + ",lot", {"repeated": "lot"}),
        (HEADER.strip() + ",,note", {"unknown": "(empty name of column 11)"}),
        (
            HEADER.replace(",", "|").strip(),
            {"missing": "all of them", "seen": HEADER.replace(",", "|")[:-1]},
        ),
        ("Hello,World", {"missing": "all of them", "seen": "Hello, World"}),
        (HEADER.strip() + ",at +01:00", {"repeated": "at +01:00"}),
        (HEADER.replace("mass_mg", "wet_kg").strip(), {"missing": "mass_mg"}),
    ],
)
def test_every_column_is_known_and_there_once(header: str, fact: dict[str, str]) -> None:
    refusal = refused(header + "\n" + GOOD)

    assert refusal.rule.code == "CUSTODY-022"
    assert refusal.findings[0].at == Place("moves.csv", 1)
    assert fact in [dict(finding.facts) for finding in refusal.findings]


def test_a_field_beyond_the_header_is_refused() -> None:
    assert told(HEADER + GOOD.replace("\n", ",,x\n")) == ("CUSTODY-022", Place("moves.csv", 2))


def test_fields_at_the_end_of_a_row_may_be_left_out_if_they_may_be_empty() -> None:
    assert read(HEADER + GOOD.replace(",28", ""))[0].content_mg == 1000
    assert told(HEADER + GOOD.replace(",1000,28", "")) == (
        "KERNEL-001",
        Place("moves.csv", 2, "mass_mg"),
    )


@pytest.mark.parametrize(
    ("old", "new", "code", "column"),
    [
        (",1000,", ",0,", "KERNEL-001", "mass_mg"),
        (",1000,", ",-1000,", "KERNEL-001", "mass_mg"),
        (",1000,", ",10000000000000000000,", "KERNEL-001", "mass_mg"),
        (",1000,", ",1000.0,", "KERNEL-001", "mass_mg"),
        (",28", ",1001", "CUSTODY-027", "content_mg"),
        ("produce", "dig", "CUSTODY-025", "kind"),
        (",out,", ",up,", "CUSTODY-025", "side"),
        (",out,", ",in,", "CUSTODY-028", "side"),
        ("08:00:00Z", "08:00:00", "CUSTODY-026", "at"),
        ("L1", "", "CUSTODY-023", "lot"),
        ("L1", "L\x071", "CUSTODY-024", "lot"),
    ],
)
def test_a_row_that_cannot_be_read_says_file_line_and_column(
    old: str, new: str, code: str, column: str
) -> None:
    assert told(HEADER + GOOD.replace(old, new)) == (code, Place("moves.csv", 2, column))


def test_all_rows_that_cannot_be_read_are_told_up_to_a_hundred() -> None:
    bad = GOOD.replace(",1000,", ",0,")

    assert len(refused(HEADER + bad * 3).findings) == 3
    assert len(refused(HEADER + bad * 99).findings) == 99
    assert len(refused(HEADER + bad * 150).findings) == 100


@pytest.mark.parametrize("content", [b"", b" \n", HEADER.encode(), b"\xef\xbb\xbf"])
def test_a_file_without_rows_is_refused(content: bytes) -> None:
    assert refused(content).rule.code in ("CUSTODY-030", "CUSTODY-022")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ((HEADER + GOOD.replace("Miner", "Minière")).encode("latin-1"), 2),
        ((HEADER + GOOD).encode("utf-16")[:-1], 1),
        (HEADER.encode() + b"\n\n\xff", 4),
        ((HEADER + GOOD.replace("Miner", '"Miner')).encode(), 2),
        ((HEADER + GOOD.replace("Miner", '"Mi"ner')).encode(), 2),
        ((HEADER + GOOD.replace("Miner", "M" * 140_000)).encode(), 2),
    ],
    ids=["latin-1", "utf-16", "bytes", "open quote", "quote inside", "endless field"],
)
def test_bytes_that_are_no_csv_are_refused_with_the_line(content: bytes, line: int) -> None:
    assert told(content) == ("CUSTODY-021", Place("moves.csv", line))


@pytest.mark.parametrize(("over", "code"), [(-1, None), (0, None), (1, "CUSTODY-031")])
def test_a_file_has_at_most_fifty_megabytes(
    over: int, code: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert movements.FILE_MAX_BYTES == 50_000_000
    content = (HEADER + GOOD).encode()
    monkeypatch.setattr(movements, "FILE_MAX_BYTES", len(content) - over)

    assert code_of(content) == code


@pytest.mark.parametrize(("rows", "code"), [(2, None), (3, None), (4, "CUSTODY-031")])
@pytest.mark.parametrize("write", [write_movements_csv, xlsx, parquet, epcis])
def test_a_file_has_at_most_a_million_rows(
    rows: int,
    code: str | None,
    write: Callable[[list[Row]], str | bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert movements.ROWS_MAX == 1_000_000
    monkeypatch.setattr(movements, "ROWS_MAX", 3)
    some = [
        replace(read(HEADER + GOOD)[0], place=None, event=f"E{n}", lot=f"L{n}") for n in range(rows)
    ]

    assert code_of(write(some)) == code


def code_of(content: str | bytes) -> str | None:
    try:
        read(content)
    except RefusalError as refusal:
        return refusal.rule.code
    return None


def test_a_path_names_itself_in_messages(tmp_path: Path) -> None:
    path = tmp_path / "moves.csv"
    path.write_text(HEADER + GOOD, encoding="utf-8")

    assert read_movements(path)[0].place == Place(str(path), 2)
    assert read_movements(str(path), "given")[0].place == Place("given", 2)
    for missing in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(RefusalError) as caught:
            read_movements(missing)
        assert caught.value.rule.code == "CUSTODY-021"
        assert caught.value.findings[0].at == Place(str(missing))


def test_a_stream_without_name_is_standard_input() -> None:
    assert read_movements(io.BytesIO((HEADER + GOOD).encode()))[0].place == Place("-", 2)


def test_written_csv_has_every_column_of_the_contract() -> None:
    row = replace(read(HEADER + GOOD)[0], note='say "yes",\nno')

    assert write_movements_csv([row]) == (
        "event,at,kind,site,entity,lot,side,material,mass_mg,content_mg,"
        "model,attestation,account,period,note\n"
        "E1,2026-01-05T08:00:00+00:00,produce,mine,Miner,L1,out,ore,1000,28,"
        ',,,,"say ""yes"",\nno"\n'
    )


def test_columns_that_came_later_are_written_where_a_row_fills_one_in() -> None:
    row = read(HEADER + GOOD)[0]
    named = replace(row, event="E2", lot="L2", element="lithium", place=None)

    head, first, second = write_movements_csv([row, named]).splitlines()

    assert head.endswith("account,period,note,process,element")
    assert first.endswith(",28,,,,,,,")
    assert second.endswith(",28,,,,,,,lithium")
    assert texts_kept(named) == row_texts(named)
    assert texts_kept(row) == row_texts(row)[:15]


def test_the_illustrative_chain_is_the_one_that_its_generator_makes_and_the_web_shows() -> None:
    folder = Path(__file__).resolve().parents[1] / "vectors/movements"
    package = Path(movements.__file__).resolve().parents[1]
    lithium = (folder / "lithium.csv").read_bytes()

    assert (package / "data/demo/lithium_movements.csv").read_bytes() == lithium
    rows = read(lithium)
    assert all(row.note.startswith("illustrative") for row in rows)
    assert len(events_of(rows)) == 19
    assert replay(rows).findings == ()

"""Files of movements that are written here, weighed in kilograms, or examined with all their faults."""

import datetime
import io
import json
from dataclasses import replace

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stannary.core.custody import COLUMNS, Kind, Model, Row, Side
from stannary.core.kernel import MASS_MAX_MG, Place, RefusalError
from stannary.formats import movements_tables
from stannary.formats.epcis import write_epcis
from stannary.formats.movements import (
    Examined,
    Limits,
    examine_movements,
    read_movements,
    row_texts,
    write_movements_csv,
    write_movements_parquet,
    write_movements_xlsx,
)

HEADS = "event,at,kind,site,entity,lot,side,material,mass_kg,content_kg\n"
GOOD = "E1,2026-01-05T08:00:00Z,produce,mine,Miner,L1,out,ore,1.5,0.25\n"
_FORBIDDEN = "\u2028\u2029\ufffe\uffff"


def texts(most: int, *, lines: bool = False) -> st.SearchStrategy[str]:
    """Give any plain text that the core takes, formulas and odd signs of all scripts among them."""
    signs = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters=_FORBIDDEN)
    if lines:
        signs |= st.sampled_from("\t\n")
    hostile = st.sampled_from(["=1+1", "@x", "+1", "-1", "'q", "_x0041_", 'a"b,c', "\U0001f4a7"])
    return (hostile | st.text(signs, min_size=1, max_size=most)).map(str.strip).filter(bool)


@st.composite
def many_rows(draw: st.DrawFn) -> list[Row]:
    """Draw shipments of any lots with any texts; each is an event of its own."""
    rows = []
    for number in range(draw(st.integers(1, 4))):
        mass = draw(st.integers(1, MASS_MAX_MG))
        minutes = draw(st.integers(-14 * 60 + 1, 14 * 60))
        zone = datetime.timezone(datetime.timedelta(minutes=minutes))
        rows.append(
            Row(
                event=f"{draw(texts(20))}{number}",
                at=datetime.datetime(
                    2026, 1, 1, 12, number, 0, draw(st.integers(0, 999_999)), zone
                ),
                kind=draw(st.sampled_from([Kind.SHIP, Kind.RECEIVE])),
                site=draw(texts(20)),
                entity=draw(texts(20)),
                lot=draw(texts(20)),
                side=Side.MOVE,
                material=draw(texts(20)),
                mass_mg=mass,
                content_mg=draw(st.integers(1, mass)),
                model=draw(st.sampled_from([None, *Model])),
                account=draw(st.just("") | texts(5)),
                note=draw(st.just("") | texts(40, lines=True)),
                process=draw(st.just("") | texts(5)),
                element=draw(st.just("") | texts(5)),
            )
        )
    return rows


def back(content: bytes | str) -> list[Row]:
    data = content.encode() if isinstance(content, str) else content
    return [replace(row, place=None) for row in read_movements(io.BytesIO(data), "file")]


@given(many_rows())
@settings(deadline=None, max_examples=40)
def test_every_form_that_is_written_is_read_back_as_the_same_rows(rows: list[Row]) -> None:
    assert back(write_movements_csv(rows)) == rows
    assert back(write_movements_xlsx(rows)) == rows
    assert back(write_movements_parquet(rows)) == rows
    assert [row_texts(row) for row in back(json.dumps(write_epcis(rows)))] == [
        row_texts(row) for row in rows
    ]


def test_what_looks_like_a_formula_is_written_as_a_text() -> None:
    row = back(HEADS.replace("_kg", "_mg") + GOOD.replace("1.5,0.25", "2,1"))[0]
    content = write_movements_xlsx([replace(row, material="=HYPERLINK(1)")])

    cell = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]["H2"]

    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=HYPERLINK(1)", "s", True)


@pytest.mark.parametrize(
    ("typed", "mass_mg"),
    [
        ("0.000001", 1),
        ("0.0000010", 1),
        ("00.25", 250_000),
        ("1500", 1_500_000_000),
        (" 2.5 ", 2_500_000),
        ("0.0000001", None),
        ("0.0000005", None),
        ("0", 0),
        ("1,5", None),
        ("1e3", None),
        ("-1", None),
        ("1.", None),
        ("\u0661", None),
        ("12345678901234", None),
    ],
)
def test_kilograms_are_read_to_the_milligram_or_refused(typed: str, mass_mg: int | None) -> None:
    text = HEADS + GOOD.replace("1.5,0.25", f'"{typed}",')
    if mass_mg:
        assert back(text)[0].mass_mg == mass_mg
        return
    with pytest.raises(RefusalError) as refused:
        back(text)
    finding = refused.value.findings[0]
    assert finding.code == ("CUSTODY-035" if mass_mg is None else "KERNEL-001")
    assert finding.at is not None
    assert finding.at.line == 2


@pytest.mark.parametrize(
    ("value", "mass_mg"),
    [(0.1, 100_000), (12.5, 12_500_000), (1e-06, 1), (123456789.123456, 123456789123456)],
)
def test_a_number_of_a_sheet_is_taken_as_it_was_typed(value: float, mass_mg: int) -> None:
    assert examine_movements(book(value), "f").rows[0].mass_mg == mass_mg


def test_a_number_of_a_sheet_with_more_digits_than_it_keeps_is_refused() -> None:
    found = examine_movements(book(1234567890.1234567), "f")

    assert [(one.code, found.cell_of(one.at)) for one in found.findings] == [("CUSTODY-034", "I2")]
    assert found.rows == ()


def book(mass: object, **cells: object) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    sheet.title = "January"
    sheet.append(HEADS.strip().split(","))
    sheet.append([*GOOD.split(",")[:8], mass])
    for place, value in cells.items():
        sheet[place] = str(value)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def told(found: Examined) -> list[tuple[str, str]]:
    return [(one.code, found.cell_of(one.at)) for one in found.findings]


def test_every_faulty_cell_is_told_with_its_place_and_the_good_rows_are_read() -> None:
    bad = "E2,2026-01-05,make,,Miner,L2,sideways,ore,x,0.25\n"
    found = examine_movements((HEADS + GOOD + bad + GOOD.replace("E1", "E3")).encode(), "f.csv")

    assert sorted(told(found)) == [
        ("CUSTODY-023", "D3"),
        ("CUSTODY-025", "C3"),
        ("CUSTODY-025", "G3"),
        ("CUSTODY-026", "B3"),
        ("CUSTODY-035", "I3"),
    ]
    assert [row.event for row in found.rows] == ["E1", "E3"]
    assert [line for line, _ in found.lines] == [2, 3, 4]
    assert found.findings[0].at is not None
    assert found.findings[0].at.file == "f.csv"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (GOOD, []),
        (GOOD.replace("0.25", "1.5"), []),
        (GOOD.replace("0.25", "1.500001"), [("CUSTODY-027", "J2")]),
        (GOOD.replace("out", "in"), [("CUSTODY-028", "G2")]),
        (GOOD.replace("1.5,0.25", ","), [("KERNEL-001", "I2")]),
        (
            GOOD.replace("1.5", "x").replace("0.25", "y"),
            [("CUSTODY-035", "I2"), ("CUSTODY-035", "J2")],
        ),
    ],
)
def test_a_fault_is_told_once_and_hides_no_other(
    line: str, expected: list[tuple[str, str]]
) -> None:
    assert sorted(told(examine_movements((HEADS + line).encode(), "f"))) == expected


def test_formulas_and_errors_in_cells_are_told_one_by_one() -> None:
    found = examine_movements(book("=1+1", D2="=A1", J2="#REF!"), "book.xlsx")

    assert sorted(told(found)) == [("CUSTODY-034", cell) for cell in ("D2", "I2", "J2")]
    assert found.sheet == "January"
    assert found.lines[0][1]["mass_kg"] == "=1+1"
    assert found.rows == ()


@pytest.mark.parametrize(
    ("content", "limits", "code"),
    [
        (b"", Limits(), "CUSTODY-030"),
        (HEADS.encode(), Limits(), "CUSTODY-030"),
        (b"event,lot\n", Limits(), "CUSTODY-022"),
        (b"{", Limits(), "CUSTODY-021"),
        (b"PK\x03\x04", Limits(), "CUSTODY-021"),
        ((HEADS + GOOD).encode(), Limits(max_bytes=len(HEADS + GOOD) - 1), "CUSTODY-031"),
        ((HEADS + GOOD).encode(), Limits(max_bytes=len(HEADS + GOOD)), None),
        ((HEADS + 2 * GOOD).encode(), Limits(rows_max=1), "CUSTODY-031"),
        ((HEADS + 2 * GOOD).encode(), Limits(rows_max=2), None),
        (book(1), Limits(unpacked_max_bytes=100), "CUSTODY-031"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_is_told_and_not_raised(
    content: bytes, limits: Limits, code: str | None
) -> None:
    found = examine_movements(content, "f", limits=limits)

    assert [one.code for one in found.findings][:1] == ([code] if code else [])


def test_no_more_findings_are_looked_for_than_asked_for() -> None:
    text = HEADS + GOOD.replace("1.5", "x") * 10

    assert len(examine_movements(text.encode(), "f", limits=Limits(findings_max=3)).findings) == 3


def test_a_place_without_a_cell_has_no_name() -> None:
    found = Examined("csv", columns=("event",))

    assert found.cell_of(None) == found.cell_of(Place("f")) == found.cell_of(Place("f", 2)) == ""
    assert found.cell_of(Place("f", 2, "event")) == "A2"
    assert Examined("epcis").cell_of(Place("f", 2, "event")) == ""


def test_a_text_that_a_parquet_file_holds_once_is_never_unfolded_for_all_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = 200
    columns = {
        name: [text] * rows
        for name, text in zip(HEADS.strip().split(","), GOOD.strip().split(","), strict=True)
    }
    columns["material"] = ["m" * 100_000] * rows
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream, use_dictionary=True, dictionary_pagesize_limit=10**6)
    content = stream.getvalue()
    sizes: list[int] = []
    whole = pq.ParquetFile.iter_batches

    def batches(self: pq.ParquetFile, batch_size: int) -> object:
        sizes.append(batch_size)
        return whole(self, batch_size=batch_size)

    monkeypatch.setattr(movements_tables, "BATCH_BYTES", 1_000_000)
    monkeypatch.setattr(pq.ParquetFile, "iter_batches", batches)

    found = examine_movements(content, "f", limits=Limits(findings_max=5))

    assert len(content) < 200_000
    assert sizes[0] <= 10
    assert {one.code for one in found.findings} == {"CUSTODY-024"}
    small = examine_movements(content, "f", limits=Limits(unpacked_max_bytes=50_000))
    assert [one.code for one in small.findings] == ["CUSTODY-031"]
    assert len(COLUMNS) == 17

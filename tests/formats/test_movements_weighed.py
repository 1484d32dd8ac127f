"""Lines as they are written at a weighbridge: wet, with moisture and grade, in one zone of time."""

import datetime
import io

import openpyxl
import pytest

from stannary.core.kernel import RefusalError
from stannary.formats import movements_tables
from stannary.formats.movements import examine_movements, read_movements

HEAD = "event,at +01:00,kind,site,entity,lot,side,material,mass_kg,content_kg,wet_kg,moisture_percent,grade_percent,note"


def line(
    mass: str = "", content: str = "", *measured: str, at: str = "2026-03-01", note: str = ""
) -> str:
    wet, moisture, grade = (*measured, "", "", "")[:3]
    fields = ("E1", at, "produce", "mine", "Miner", "L1", "out", "ore")
    return ";".join((*fields, mass, content, wet, moisture, grade, note))


def told(text: str) -> list[tuple[str, str | None]]:
    content = f"{HEAD.replace(',', ';')}\n{text}\n".encode()
    found = examine_movements(content, "f.csv").findings
    return [(one.code, one.at.column if one.at else None) for one in found]


def masses(text: str) -> tuple[int, int, str]:
    content = f"{HEAD.replace(',', ';')}\n{text}\n".encode()
    (row,) = read_movements(io.BytesIO(content))
    return row.mass_mg, row.content_mg, row.note


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (line("", "", "1000", "8,5", "2.8"), (915_000_000, 25_620_000, "wet_kg=1000 moisture_percent=8.5 grade_percent=2.8")),
        (line("", "", "0.000003", "33", note="shift 2"), (2, 2, "shift 2; wet_kg=0.000003 moisture_percent=33")),
        (line("", "1,5", "2", "0"), (2_000_000, 1_500_000, "wet_kg=2 moisture_percent=0")),
        (line("12,5", "", "", "", "100"), (12_500_000, 12_500_000, "grade_percent=100")),
        (line("12.5", "0.5"), (12_500_000, 500_000, "")),
    ],
)  # fmt: skip
def test_what_was_measured_is_turned_into_milligrams_and_noted(
    text: str, expected: tuple[int, int, str]
) -> None:
    assert masses(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (line("", "", "1000"), [("CUSTODY-036", "moisture_percent")]),
        (line("", "", "", "5"), [("CUSTODY-036", "wet_kg")]),
        (line("5", "", "6", "1"), [("CUSTODY-036", "mass_kg")]),
        (line("5", "1", "", "", "20"), [("CUSTODY-036", "content_kg")]),
        (line("", "", "1,000.5", "1"), [("CUSTODY-036", "wet_kg")]),
        (line("5", "", "", "", "100.000001"), [("CUSTODY-036", "grade_percent")]),
        (line("5", "", "", "", "-1"), [("CUSTODY-036", "grade_percent")]),
        (line("", "", "5", "100"), [("KERNEL-001", "mass_mg")]),
        (line("x", "", "", "", "5"), [("CUSTODY-035", "mass_kg")]),
        (line("", "", "5", "x", at="tomorrow"), [("CUSTODY-036", "moisture_percent"), ("CUSTODY-026", "at")]),
    ],
)  # fmt: skip
def test_what_is_measured_by_halves_or_twice_is_told(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert sorted(told(text)) == sorted(expected)


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("2026-03-01", "2026-03-01T00:00:00+01:00"),
        ("2026-03-01 08:30", "2026-03-01T08:30:00+01:00"),
        ("2026-03-01T08:30:15.5", "2026-03-01T08:30:15.500000+01:00"),
        ("2026-03-01T08:30:15Z", "2026-03-01T08:30:15+00:00"),
        ("01/03/2026", None),
        ("2026-02-30", None),
    ],
)
def test_a_head_gives_its_offset_to_times_without_one(typed: str, at: str | None) -> None:
    content = f"{HEAD.replace(',', ';')}\n{line('5', at=typed)}\n".encode()
    found = examine_movements(content, "f.csv")

    assert [one.at and one.at.column for one in found.findings] == ([] if at else ["at"])
    assert [row.at.isoformat() for row in found.rows] == ([at] if at else [])


def test_a_sheet_may_hold_dates_and_percent() -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(HEAD.split(","))
    day = datetime.date(2026, 3, 1)
    sheet.append(
        ("E1", day, "produce", "mine", "Miner", "L1", "out", "ore", None, None, 1000, 0.085, "2.8")
    )
    sheet["L2"].number_format = "0.0%"
    sheet.append(
        ("E2", day, "produce", "mine", "Miner", "L2", "out", "ore", None, None, "=2+3", 8.5, 2.8)
    )
    stream = io.BytesIO()
    made.save(stream)
    found = examine_movements(stream.getvalue(), "f.xlsx")

    assert [(row.at.isoformat(), row.mass_mg) for row in found.rows] == [
        ("2026-03-01T00:00:00+01:00", 915_000_000)
    ]
    assert [(one.code, found.cell_of(one.at)) for one in found.findings] == [("CUSTODY-034", "K3")]


def test_who_a_credit_is_used_up_for_stays_as_written() -> None:
    text = (
        line("5", "", "", "", "50", note="Example Phones")
        .replace("produce", "retire")
        .replace(";out;", ";in;")
    )

    assert masses(text)[2] == "Example Phones"


@pytest.mark.parametrize(
    ("typed", "mass_mg"),
    [
        ("1,5", 1_500_000),
        ("1 250,75", 1_250_750_000),
        ("1,50000", 1_500_000),
        ("1,500", None),
        ("1,250.5", None),
        ("1,2,3", None),
        (" ", 0),
    ],
)
def test_a_form_reads_a_decimal_comma_unless_it_may_divide_thousands(
    typed: str, mass_mg: int | None
) -> None:
    if mass_mg is None:
        with pytest.raises(RefusalError):
            movements_tables.mass_mg(typed)
    else:
        assert (movements_tables.mass_mg(typed) or 0) == mass_mg

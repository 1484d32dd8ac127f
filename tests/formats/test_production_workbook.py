"""Workbooks of production reports: ours, broken ones, and the real one."""

import io
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from refusals import refused_by
from stannary.core.kernel import RefusalError
from stannary.formats import production_workbook
from stannary.formats.production_workbook import ProductionFile, read_production

ORES = [
    "mine_fac",
    "sub_site",
    "type_mineral",
    "min_ore_con",
    "type_mining",
    "year",
    "unit",
    "value",
    "production_share",
]
METALS = [
    "mine_fac",
    "sub_site",
    "min_ore_con",
    "commodity",
    "type_mining",
    "year",
    "unit",
    "value",
    "grade_or_yield_unit",
    "grade",
    "recovery_rate",
    "production_share",
]
PROCESSES = [
    "mine_fac",
    "sub_site",
    "year",
    "process_input",
    "process_input_unit",
    "process_input_value",
    "process_output",
    "process_output_unit",
    "process_output_value",
]
ORE = [
    "Example North Mine",
    None,
    "Ore processed",
    "Copper ore",
    "Open pit",
    2025.0,
    "kt",
    100.0,
    1,
]
METAL = [
    "Example North Mine", None, "Copper ore", "Copper", "Open pit", 2025, "t", 900, "%", 1.0, 0.9, None,
]  # fmt: skip
SMELTER = ["Example Smelter", None, 2025, "Copper concentrate", "kt", 10, "Copper anode", "kt", 2.8]


def workbook(**sheets: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book["Sheet"])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(ores: list[list[Any]], metals: list[list[Any]], **more: list[list[Any]]) -> ProductionFile:
    content = workbook(minerals_ores_conce=[ORES, *ores], commodities=[METALS, *metals], **more)
    return read_production(content, "reports.xlsx")


def test_lines_of_three_sheets_become_chains() -> None:
    file = read([ORE], [METAL], processing=[PROCESSES, SMELTER])
    assert (file.lines, file.other, file.unreadable) == (3, 0, ())
    assert (file.production.chains, file.production.imbalances) == (2, ())
    content = {row.lot: row.content_mg for row in file.production.rows}
    assert content["metal-1-ore"] == 1_000 * 10**9
    assert content["metal-1"] == 900 * 10**9


def test_every_line_is_counted_once() -> None:
    mined = [*ORE[:2], "Ore mined", *ORE[3:]]
    wet = [*ORE[:6], "wmt", *ORE[7:]]
    old = [*METAL[:5], 1799, *METAL[6:]]
    half_a_year = [*METAL[:5], 2025.5, *METAL[6:]]
    nameless = [None, *METAL[1:]]
    flag = [*METAL[:7], True, "g/t", None, None, None]
    words = [*METAL[:7], "many", None, None, None, None]
    empty: list[Any] = [None] * 12
    one_side = [*SMELTER[:5], None, *SMELTER[6:]]
    file = read(
        [ORE, mined, wet],
        [METAL, old, empty, half_a_year, nameless, flag, words],
        processing=[PROCESSES, SMELTER, one_side],
    )
    assert [finding.code for finding in file.unreadable] == [
        "PRODUCTION-003",
        *["PRODUCTION-001"] * 5,
    ]
    assert (file.lines, file.other) == (11, 2)
    assert file.unreadable[0].at is not None
    assert str(file.unreadable[0].at) == "reports.xlsx, sheet minerals_ores_conce, line 4"


def test_a_line_with_a_grade_alone_still_tells_how_rich_the_ore_is() -> None:
    grade_only = [*METAL[:6], None, None, "%", 1.0, None, None]
    in_concentrate = [*METAL[:2], "Copper concentrate", "Copper", "Open pit", 2025, "t", 900]
    concentrate = [*ORE[:2], "Concentrate", "Copper concentrate", *ORE[4:6], "t", 4500, 1]
    file = read([ORE, concentrate], [grade_only, [*in_concentrate, "%", 20, None, 1]])
    assert [row.kind for row in file.production.rows] == ["produce", "transform", "transform"]


def test_what_is_no_such_workbook_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = workbook(minerals_ores_conce=[ORES, ORE], commodities=[METALS, METAL])
    for content in (
        b"",
        b"mine_fac,year\n",
        whole[:400],
        workbook(minerals_ores_conce=[ORES]),
        workbook(commodities=[METALS]),
        workbook(minerals_ores_conce=[ORES], commodities=[METALS[1:]]),
        workbook(minerals_ores_conce=[ORES], commodities=[]),
    ):
        assert refused_by(lambda content=content: read_production(content, "a.xlsx")) == (  # type: ignore[misc]
            "PRODUCTION-010"
        )
    monkeypatch.setattr(production_workbook, "MAX_UNPACKED_BYTES", 100)
    assert refused_by(lambda: read_production(whole, "a.xlsx")) == "PRODUCTION-010"
    monkeypatch.setattr(production_workbook, "MAX_BYTES", len(whole) - 1)
    with pytest.raises(RefusalError, match=f"more than {len(whole) - 1}"):
        read_production(whole, "a.xlsx")


@pytest.mark.untraced
def test_the_open_database_of_real_mines_is_replayed_with_every_imbalance(shared: Path) -> None:
    workbook_of_mines = shared / "data/fineprint-mine-production/detailed_data_mining.xlsx"
    file = read_production(workbook_of_mines.read_bytes(), workbook_of_mines.name)
    one = file.production
    gone = file.other + len(file.unreadable) + len(one.left_out)
    # Of a chain's lines the ore's may serve several metals, so that lines used are counted by what stands on them.
    used = {str(row.place) for row in one.rows}
    assert file.lines > 29_000
    assert file.lines - gone >= one.chains > 2_500
    assert len(used) >= one.chains
    counts = Counter(finding.code for finding in one.imbalances)
    assert counts["CUSTODY-008"] > 100
    assert counts["PRODUCTION-007"] > 300
    assert all(finding.at is not None for finding in (*one.imbalances, *one.left_out))
    kept = [event for event in one.replay.events if event.inputs]
    gained = [
        event.id
        for event in kept
        if sum(r.content_mg for r in event.outputs) > sum(r.content_mg for r in event.inputs)
    ]
    named = [f.facts["event"] for f in one.imbalances if f.code == "CUSTODY-008"]
    assert named == gained

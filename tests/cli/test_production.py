"""`stannary production`: what it prints, writes and refuses."""

import io
import json
import sys
from pathlib import Path

import pytest

from formats.test_production_workbook import METAL, METALS, ORE, ORES, workbook
from stannary.cli.main import main

RICH = [*METAL[:7], 1001, *METAL[8:]]


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    path = tmp_path / "reports.xlsx"
    content = workbook(minerals_ores_conce=[ORES, ORE], commodities=[METALS, METAL])
    path.write_bytes(content)
    return path


def test_reports_that_add_up_can_be_balanced(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    movements = tmp_path / "movements.csv"
    assert main(["production", str(reports), "--movements", str(movements)]) == 0
    assert capsys.readouterr().out == (
        "2 lines, 1 chains, 2 events\n"
        "left in tailings, slag and other losses: 99 100 000 kg\n"
        "\n"
        "Everything adds up.\n"
    )
    assert main(["balance", str(movements)]) == 0
    assert "900 000 kg" in capsys.readouterr().out


def test_what_does_not_add_up_is_counted_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wet = [*ORE[:6], "wmt", *ORE[7:]]
    path = tmp_path / "reports.xlsx"
    path.write_bytes(workbook(minerals_ores_conce=[ORES, ORE, wet], commodities=[METALS, RICH]))
    assert main(["production", str(path)]) == 1
    said = capsys.readouterr().out
    assert "     1  PRODUCTION-003  A mass is dry" in said
    assert "     1  CUSTODY-008  A transformation puts out" in said
    assert "sheet commodities, line 2: CUSTODY-008" in said
    assert "Everything adds up" not in said


def test_programs_get_one_object_from_standard_input(
    reports: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(reports.read_bytes()))
    monkeypatch.setattr(sys, "stdin", stream)
    assert main(["production", "-", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["lines"], told["chains"], told["imbalances"], told["unreadable"]) == (2, 1, [], [])


def test_what_cannot_be_read_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["production", str(tmp_path / "none.xlsx")]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "PRODUCTION-010" in said.err
    assert said.err.count("\n") == 1

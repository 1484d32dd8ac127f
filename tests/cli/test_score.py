"""`stannary score`: vectors through the command line, what it prints, and how it refuses."""

import datetime
import io
import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from core.scores.score_vectors import COLUMNS, FOLDER, Vector, disagreements, vectors
from stannary.cli.main import main

SCORED = [vector for vector in vectors() if not vector.refused]
SOME = SCORED[::5]
REFUSED = [vector for vector in vectors() if vector.refused]
QUARTERS = str(FOLDER / "packs" / "quarters")
CODES = {"determined": 0, "pending": 0, "none": 1}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def call(*words: str) -> tuple[int, str, str]:
        code = main(["score", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def as_csv(vector: Vector, folder: Path) -> str:
    path = folder / "ratings.csv"
    path.write_text(vector.csv(), encoding="utf-8")
    return str(path)


def as_workbook(vector: Vector, folder: Path) -> str:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(COLUMNS))
    for row in vector.rows:
        sheet.append(list(row))
    path = folder / "ratings.xlsx"
    book.save(path)
    return str(path)


def test_more_than_a_dozen_vectors_go_through_the_command_line() -> None:
    assert len(SOME) >= 12
    assert {vector.expected.get("state", "determined") for vector in SOME} == set(CODES)


@pytest.mark.parametrize("vector", SOME, ids=lambda vector: vector.name)
@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_a_table_scores_as_its_vector_says(
    run: Any, tmp_path: Path, vector: Vector, write: Any
) -> None:
    path = write(vector, tmp_path)

    code, out, err = run(
        path, "--standard", str(vector.folder), "--as-of", vector.as_of.isoformat(), "--json"
    )

    shape = json.loads(out)
    assert disagreements(vector, shape) == []
    assert code == CODES[shape["level"]["state"]]
    assert err == ""


@pytest.mark.parametrize("vector", REFUSED, ids=lambda vector: vector.name)
def test_a_table_is_refused_as_its_vector_says(run: Any, tmp_path: Path, vector: Vector) -> None:
    path = as_csv(vector, tmp_path)

    code, out, err = run(path, "--standard", str(vector.folder), "--json")

    assert (code, out) == (2, "")
    assert err.startswith(f"stannary: {path}, line ")
    assert f" {vector.refused[0]}: " in err
    more = len(vector.refused) - 1
    assert (f"{more} more finding" in err) is bool(more)


def test_the_text_leads_from_the_level_to_what_is_next(run: Any, tmp_path: Path) -> None:
    vector = next(x for x in SCORED if x.name.startswith("Exactly 50 % in the lowest"))

    code, out, _ = run(as_csv(vector, tmp_path), "--standard", QUARTERS, "--as-of", "2026-06-01")

    assert code == 0
    assert out.splitlines()[:12] == [
        "Quarters (vectors/quarters/1), as of 2026-06-01",
        "Level: Q 50 (Q-50)",
        "",
        "Principle      points  possible   share  rated  not relevant  pending",
        "1 Principle 1    2.25         4  56.2 %      4             0        0",
        "2 Principle 2    2.25         4  56.2 %      4             0        0",
        "3 Principle 3    2.25         4  56.2 %      4             0        0",
        "4 Principle 4     1.5         3  50.0 %      3             0        0",
        "",
        "Critical requirements: 3 relevant, 3 at least substantially met, 0 fully, 0 pending",
        "",
        "How this follows",
    ]
    assert (
        "  SCORE-007  The lowest is principle 4, Principle 4, with 50.0 %. The lowest principle "
        "decides, not the mean." in out.splitlines()
    )
    assert out.endswith(
        "  SCORE-012  For Q 75, points missing in principle 4, Principle 4: 0.75.\n"
    )


def test_a_pending_level_is_printed_with_its_bounds(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv"
    path.write_text("requirement,rating\n", encoding="utf-8")

    code, out, _ = run(str(path), "--standard", QUARTERS)
    assert code == 0
    assert "Level: pending, at least Q T and at most Q 100\n" in out
    assert re.search(r"^1 Principle 1 +0 +0 +- +0 +0 +4$", out, re.MULTILINE)

    _, out, _ = run(str(path), "--standard", str(FOLDER / "packs" / "ladder"))
    assert "Level: pending, at least no level and at most B 50\n" in out


def test_no_level_is_exit_code_one_with_its_reasons(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv"
    path.write_text("requirement,rating\n1.1.1.1,fully\n", encoding="utf-8")

    code, out, err = run(str(path), "--standard", "irma/mining/1.0")

    assert (code, err) == (1, "")
    assert "\nLevel: none\n" in out
    assert "\nFindings\nSCORE-001: A level is given only under an edition whose" in out


def test_a_dash_reads_standard_input(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(b"requirement,rating\n1.1.1.1,mostly\n")

    monkeypatch.setattr("sys.stdin", Stdin)

    code, _, err = run("-", "--standard", QUARTERS)

    assert code == 2
    assert err.startswith("stannary: -, line 2, column rating: RATING-003: ")


def test_a_shipped_standard_is_named_without_a_folder(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv"
    path.write_text("requirement,rating\n1.1.1.1,fully\n", encoding="utf-8")

    code, out, _ = run(str(path), "--standard", "stannary/open-mining/0.1", "--json")

    assert code == 0
    assert json.loads(out)["standard"] == "stannary/open-mining/0.1"


def test_without_a_day_it_is_today_in_utc(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv"
    path.write_text("requirement,rating\n", encoding="utf-8")
    before = datetime.datetime.now(datetime.UTC).date().isoformat()

    _, out, _ = run(str(path), "--standard", QUARTERS, "--json")

    after = datetime.datetime.now(datetime.UTC).date().isoformat()
    assert json.loads(out)["as_of"] in (before, after)


@pytest.mark.parametrize("day", ["2026-06", "2026", "1 June", "20260601", "2026-02-30", ""])
def test_a_day_is_written_in_full(run: Any, day: str) -> None:
    code, out, err = run("-", "--standard", QUARTERS, "--as-of", day)

    assert (code, out) == (2, "")
    assert err.startswith("stannary: --as-of: KERNEL-002: ")


def test_the_day_decides_which_constants_hold(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv"
    path.write_text("requirement,rating\n1.1.1.1,partially\n1.1.1.2,partially\n", encoding="utf-8")
    dated = str(FOLDER / "packs" / "dated")

    codes = []
    for day in ("2026-12-31", "2027-05-31", "2027-06-01"):
        _, out, _ = run(str(path), "--standard", dated, "--as-of", day, "--json")
        codes.append(json.loads(out)["level"]["code"])

    assert codes == [None, "D-50", "D-T"]


@pytest.mark.parametrize(
    ("standard", "code"),
    [("irma/mining/9.9", "STANDARD-013"), ("/nowhere", "STANDARD-013"), ("", "STANDARD-013")],
)
def test_an_unknown_standard_is_refused(run: Any, standard: str, code: str) -> None:
    found, out, err = run("-", "--standard", standard)

    assert (found, out) == (2, "")
    assert f" {code}: " in err


def test_a_file_that_is_not_there_is_refused(run: Any, tmp_path: Path) -> None:
    code, out, err = run(str(tmp_path / "none.csv"), "--standard", QUARTERS)

    assert (code, out) == (2, "")
    assert "RATING-010" in err
    assert "none.csv" in err


def test_the_standard_must_be_named(run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run("ratings.csv")

    assert stopped.value.code == 2
    assert "--standard" in capsys.readouterr().err

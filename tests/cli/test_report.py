"""`stannary report`: a result as files, from whichever form it comes in."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from formats import claim_files as case
from stannary.cli.main import main
from stannary.formats.packs import find_pack
from stannary.formats.results import result_bytes

RESULT = result_bytes(case.results()[0])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "it.json"
    made.write_bytes(RESULT)
    return made


def test_oscal_goes_to_standard_output(file: Path, capfdbinary: Any) -> None:
    assert main(["report", str(file), "--format=oscal", "--address=https://a.example/1.json"]) == 0

    inner = json.loads(capfdbinary.readouterr().out)["assessment-results"]
    assert inner["metadata"]["title"] == "Result of North (illustrative)"
    assert inner["back-matter"]["resources"][-1]["rlinks"][0]["href"] == "https://a.example/1.json"


def test_a_workbook_goes_to_a_file(file: Path, tmp_path: Path) -> None:
    assert main(["report", str(file), "--format=xlsx", "-o", str(tmp_path / "it.xlsx")]) == 0

    book = openpyxl.load_workbook(io.BytesIO((tmp_path / "it.xlsx").read_bytes()))
    assert book["ratings"]["E2"].value == "substantially"


@pytest.mark.parametrize("form", ["file", "bundle", "stdin"])
def test_every_form_of_a_result_gives_the_same(
    form: str, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forms = {"file": case.result_file().encode(), "bundle": case.result_bundle(), "stdin": RESULT}
    other = tmp_path / "other"
    other.write_bytes(forms[form])
    if form == "stdin":
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(RESULT)))
    name = "-" if form == "stdin" else str(other)

    assert main(["report", name, "--format=csv", "-o", str(tmp_path / "a.csv")]) == 0
    assert main(["report", str(file), "--format=csv", "-o", str(tmp_path / "b.csv")]) == 0
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{}", "PUBLICATION-006"),
        (b"no json", "CREDENTIAL-002"),
        (b"PK\x03\x04", "CREDENTIAL-001"),
        (b"[" * 100_000, "CREDENTIAL-002"),
    ],
)
def test_what_is_no_result_is_refused(
    content: bytes, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x").write_bytes(content)

    assert main(["report", str(tmp_path / "x"), "--format=csv"]) == 2
    assert code in capsys.readouterr().err


def test_what_is_not_there_and_where_nothing_can_be_written_is_told(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(tmp_path / "absent"), "--format=csv"]) == 2
    assert main(["report", str(file), "--format=csv", "-o", str(tmp_path / "no" / "x")]) == 2
    assert "Name a file that can be written." in capsys.readouterr().err


def test_another_standard_than_the_one_named_is_refused(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(find_pack("stannary/open-mining/1.0"))

    assert main(["report", str(file), "--format=oscal", "--pack", folder]) == 2
    assert "PUBLICATION-010" in capsys.readouterr().err
    assert main(["report", str(file), "--format=csv", "--pack", str(find_pack(case.STANDARD))]) == 0

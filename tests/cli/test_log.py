"""`stannary log verify` as people and programs call it."""

import json
from pathlib import Path

import pytest

from formats.test_tlog import LOG, checkpoint, entries, write
from stannary.cli.main import main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A log of 300 entries."""
    return write(tmp_path, entries(300))


def verify(folder: Path, *options: str) -> int:
    return main(["log", "verify", str(folder), "--vkey", LOG.vkey, *options])


def test_a_log_that_holds_is_told_in_a_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "old").write_text(checkpoint(entries(7)), encoding="utf-8")

    assert verify(folder) == 0
    assert verify(folder, "--old", str(folder / "old")) == 0
    assert capsys.readouterr().out == (
        "log.example/open: 300 entries; every tile and the root follow from them.\n"
        "log.example/open: 300 entries; every tile and the root follow from them."
        " It extends the older checkpoint.\n"
    )


def test_a_program_gets_one_object(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(folder, "--json") == 0

    content = json.loads(capsys.readouterr().out)
    assert (content["holds"], content["log"], content["size"], content["entries"]) == (
        True,
        "log.example/open",
        300,
        300,
    )


def test_a_log_that_does_not_hold_is_told_with_its_files(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "tile" / "0" / "000").unlink()

    assert verify(folder) == 1
    assert "it does not hold; 300 entries could be read" in capsys.readouterr().out
    assert verify(folder, "--json") == 1
    assert json.loads(capsys.readouterr().out)["findings"][0]["code"] == "LOG-015"


def test_the_key_may_be_in_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "vkey").write_text(LOG.vkey + "\n", encoding="utf-8")

    assert main(["log", "verify", str(folder), "--vkey", str(folder / "vkey")]) == 0
    assert main(["log", "verify", str(folder), "--vkey", "x\0y", "--json"]) == 2
    assert "--vkey: LOG-00" in capsys.readouterr().err


def test_a_stranger_who_signed_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "checkpoint").write_text("hello\n", encoding="utf-8")

    assert verify(folder) == 2
    assert "LOG-007" in capsys.readouterr().err


def test_a_log_without_a_known_signature_has_no_size(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (folder / "checkpoint").read_text("utf-8")
    (folder / "checkpoint").write_text(text.replace("\n300\n", "\n301\n"), encoding="utf-8")

    assert verify(folder, "--json") == 1
    content = json.loads(capsys.readouterr().out)
    assert (content["size"], content["findings"][0]["code"]) == (None, "LOG-010")

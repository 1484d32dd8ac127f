"""What takes long is made once and kept, within a bound, and its loss is never felt."""

import os
from pathlib import Path
from typing import Any

import pytest

from stannary.web.publications.report_cache import kept, make_room


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.REPORTS_FOLDER = tmp_path / "reports"
    settings.REPORTS_MAX_BYTES = 100
    return tmp_path / "reports"


def never() -> bytes:
    pytest.fail("it was made a second time")


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("??/*"))


def test_a_file_is_made_once(folder: Path) -> None:
    assert kept(("a", "b"), lambda: b"made") == b"made"
    assert kept(("a", "b"), never) == b"made"
    assert kept(("a", "c"), lambda: b"another") == b"another"
    assert len(files(folder)) == 2


def test_what_raises_is_raised_and_nothing_is_kept(folder: Path) -> None:
    def broken() -> bytes:
        raise LookupError

    with pytest.raises(LookupError):
        kept(("a",), broken)
    assert files(folder) == []


@pytest.mark.parametrize(("at_most", "left"), [(29, "bc"), (30, "abc"), (31, "abc"), (9, "")])
def test_what_was_read_longest_ago_goes_first(folder: Path, at_most: int, left: str) -> None:
    for age, name in enumerate("abc"):
        (folder / "00").mkdir(parents=True, exist_ok=True)
        file = folder / "00" / name
        file.write_bytes(b"x" * 10)
        os.utime(file, (age, age))

    make_room(folder, at_most)

    assert "".join(file.name for file in files(folder)) == left


def test_reading_keeps_a_file_young(folder: Path) -> None:
    kept(("old",), lambda: b"x" * 60)
    (old,) = files(folder)
    os.utime(old, (1, 1))
    kept(("old",), never)
    kept(("new",), lambda: b"y" * 50)

    assert len(files(folder)) == 1 or old not in files(folder) or old.stat().st_mtime > 1


def test_a_disk_that_cannot_be_written_costs_nobody_the_file(folder: Path) -> None:
    folder.write_text("a file where the folder should be")

    assert kept(("a",), lambda: b"made") == b"made"
    assert kept(("a",), lambda: b"made again") == b"made again"

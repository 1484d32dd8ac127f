"""The small file that gives attestations a level."""

import io
from pathlib import Path

import pytest

from stannary.core.kernel import Place, RefusalError
from stannary.formats import movements_levels
from stannary.formats.movements_levels import read_levels

GOOD = "attestation,level\nurn:a,OPEN-75\n\n urn:b , OPEN-50 \n"


def read(text: str | bytes) -> dict[str, str]:
    content = text.encode() if isinstance(text, str) else text
    return read_levels(io.BytesIO(content), "levels.csv")


def test_levels_are_read_with_or_without_a_byte_order_mark() -> None:
    expected = {"urn:a": "OPEN-75", "urn:b": "OPEN-50"}

    assert read(GOOD) == expected
    assert read(b"\xef\xbb\xbf" + GOOD.encode()) == expected


def test_levels_are_read_from_a_path(tmp_path: Path) -> None:
    path = tmp_path / "levels.csv"
    path.write_text(GOOD, encoding="utf-8")

    assert len(read_levels(path)) == 2
    with pytest.raises(RefusalError) as caught:
        read_levels(str(tmp_path / "none.csv"))
    assert caught.value.rule.code == "TRACE-004"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", None),
        ("attestation\n", 1),
        ("level,attestation\n", 1),
        ("attestation,level\nurn:a\n", 2),
        ("attestation,level\nurn:a,\n", 2),
        ("attestation,level\nurn:a,x,y\n", 2),
        ("attestation,level\nurn:a,x\nurn:a,x\n", 3),
        (b"attestation,level\n\xff,x\n", None),
        ('attestation,level\n"urn,x\n', None),
    ],
)
def test_a_file_of_another_form_is_refused(text: str | bytes, line: int | None) -> None:
    with pytest.raises(RefusalError) as caught:
        read(text)

    assert caught.value.rule.code == "TRACE-004"
    assert caught.value.findings[0].at == Place("levels.csv", line)


def test_a_file_of_levels_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(movements_levels, "FILE_MAX_BYTES", len(GOOD))
    assert len(read(GOOD)) == 2

    monkeypatch.setattr(movements_levels, "FILE_MAX_BYTES", len(GOOD) - 1)
    with pytest.raises(RefusalError) as caught:
        read_levels(io.BytesIO(GOOD.encode()))
    assert caught.value.findings[0].at == Place("-")

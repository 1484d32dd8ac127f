"""Zip files: the same bytes for the same content, and a stranger's read within bounds."""

import io
import struct
import warnings
import zipfile

import pytest

from stannary.core.kernel import RefusalError
from stannary.formats import archives
from stannary.formats.archives import (
    BYTES_MAX,
    EPOCH,
    MAGIC,
    MEMBERS_MAX,
    unzipped,
    zipped,
    zipped_in_pieces,
)

FILES = {"a.txt": b"one", "b/c.json": b"{}"}


def refused(content: bytes) -> tuple[str, dict[str, str]]:
    with pytest.raises(RefusalError) as refusal:
        unzipped(content, "x.zip")
    first = refusal.value.findings[0]
    assert first.at
    assert first.at.file == "x.zip"
    return first.code, dict(first.facts)


@pytest.mark.parametrize("packed", [True, False])
def test_what_is_zipped_is_unzipped(packed: bool) -> None:
    content = zipped(FILES, packed=packed)

    assert content.startswith(MAGIC)
    assert unzipped(content, "x.zip") == FILES
    assert content == zipped(FILES, packed=packed)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {one.date_time for one in archive.infolist()} == {EPOCH}


@pytest.mark.parametrize("number", [0, 1, 300])
def test_a_zip_in_pieces_is_the_one_that_is_written_at_once(number: int) -> None:
    files = [(f"tile/{n:03d}", bytes([n % 256]) * n * 10) for n in range(number)]
    at_once = io.BytesIO()
    with zipfile.ZipFile(at_once, "w") as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content)

    *pieces, last = zipped_in_pieces(files)

    assert b"".join((*pieces, last)) == at_once.getvalue()
    heads = [
        len(piece) - len(content) - len(name)
        for piece, (name, content) in zip(pieces, files, strict=True)
    ]
    assert heads == [30] * number


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip at all", zipped(FILES)[:-30]])
def test_what_is_no_zip_is_refused(content: bytes) -> None:
    assert refused(content)[0] == "CREDENTIAL-001"


def test_a_changed_byte_is_found_by_its_sum() -> None:
    content = zipped({"a.txt": b"x" * 100}, packed=False).replace(b"x" * 100, b"x" * 99 + b"y")

    code, facts = refused(content)
    assert code == "CREDENTIAL-001"
    assert "Bad CRC-32" in facts["problem"]


def test_a_bomb_is_stopped_before_it_goes_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "BYTES_MAX", 1000)
    bomb = zipped({"a": b"\0" * 600, "b": b"\0" * 401})

    assert len(bomb) < 400
    assert refused(bomb) == ("CREDENTIAL-001", {"unpacked": "more than 1000 bytes"})
    assert set(unzipped(zipped({"a": b"\0" * 600, "b": b"\0" * 400}), "x.zip")) == {"a", "b"}


def test_a_member_that_lies_about_its_size_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "BYTES_MAX", 1000)
    bomb = bytearray(zipped({"a": b"\0" * 5000}))
    size = struct.pack("<I", 5000)
    while size in bomb:
        place = bomb.index(size)
        bomb[place : place + 4] = struct.pack("<I", 10)

    assert refused(bytes(bomb))[0] == "CREDENTIAL-001"


@pytest.mark.parametrize(("over", "fine"), [(-1, True), (0, True), (1, False)])
def test_members_are_counted(over: int, fine: bool) -> None:
    content = zipped({f"f{n}": b"" for n in range(MEMBERS_MAX + over)})

    if fine:
        assert len(unzipped(content, "x.zip")) == MEMBERS_MAX + over
    else:
        assert refused(content) == ("CREDENTIAL-001", {"members": f"more than {MEMBERS_MAX}"})


@pytest.mark.parametrize(
    "name",
    ["../up", "/etc/passwd", "a//b", "a/", "", "a\\b", ".hidden", "a/b/c/d/e", "ä", "x" * 90],
)
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    code, facts = refused(zipped({name: b""}))

    assert code == "CREDENTIAL-003"
    assert facts == {"unknown": ascii(name[:60])}


def test_a_member_that_is_there_twice_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("a", b"1")
        archive.writestr("a", b"2")

    assert refused(stream.getvalue()) == ("CREDENTIAL-003", {"twice": "'a'"})


def test_what_is_packed_oddly_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a", b"1")

    assert refused(stream.getvalue())[1]["problem"] == "encrypted or packed oddly"
    assert BYTES_MAX == 50_000_000

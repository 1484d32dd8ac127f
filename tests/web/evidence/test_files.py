"""Files lie under their digest, whole or not at all, and what has become of them can be seen."""

import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from stannary.core.kernel import RefusalError
from stannary.formats.canonical import sha256_hex
from stannary.web.evidence import files
from stannary.web.evidence.models import EvidenceVersion

CONTENT = b"Water was clear."
DIGEST = sha256_hex(CONTENT)


def test_a_file_lies_under_its_digest_and_only_its_owner_reads_it(folder: Path) -> None:
    path = files.keep(CONTENT, DIGEST)

    assert path == folder / DIGEST[:2] / DIGEST
    assert path.read_bytes() == CONTENT
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_what_is_kept_already_is_not_written_again() -> None:
    written = files.keep(CONTENT, DIGEST).stat()

    assert files.keep(CONTENT, DIGEST).stat().st_ino == written.st_ino


def test_a_damaged_file_is_put_right_by_handing_it_in_again() -> None:
    files.keep(CONTENT, DIGEST).write_bytes(b"damaged")

    assert files.keep(CONTENT, DIGEST).read_bytes() == CONTENT


def test_a_write_that_fails_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(OSError, match="No space left"):
        files.keep(CONTENT, DIGEST)

    assert [one for one in folder.rglob("*") if one.is_file()] == []


def test_a_file_is_given_out_only_as_it_was_kept() -> None:
    path = files.keep(CONTENT, DIGEST)
    with files.opened(DIGEST) as handle:
        assert handle.read() == CONTENT

    path.write_bytes(b"Water was clean.")
    with pytest.raises(RefusalError) as refusal:
        files.opened(DIGEST)
    assert refusal.value.findings[0].code == "EVIDENCE-020"
    assert refusal.value.findings[0].facts["found"] == sha256_hex(b"Water was clean.")

    path.unlink()
    with pytest.raises(RefusalError) as refusal:
        files.opened(DIGEST)
    assert refusal.value.findings[0].facts["problem"] == "missing"


@pytest.mark.django_db
def test_the_check_finds_nothing_where_nothing_is_wrong(
    water: EvidenceVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("evidence", "check")

    assert capsys.readouterr().out == "1 files named, 0 of them missing or changed, 0 orphans\n"


@pytest.mark.django_db
def test_the_check_names_what_is_missing_changed_and_left_over(
    water: EvidenceVersion, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orphan = sha256_hex(b"orphan")
    files.keep(b"orphan", orphan)
    (folder / "new-").mkdir()
    (folder / "new-" / "x").write_bytes(b"left by a crash")
    kept = files.path_of(water.sha256)

    kept.write_bytes(b"changed")
    with pytest.raises(CommandError, match="restore"):
        call_command("evidence", "check")
    assert capsys.readouterr().out.splitlines() == [
        f"changed  {water.sha256}",
        *sorted([f"orphan   {orphan}", "orphan   new-/x"], key=lambda line: line[9:]),
        "1 files named, 1 of them missing or changed, 2 orphans",
    ]

    kept.unlink()
    with pytest.raises(CommandError, match="restore"):
        call_command("evidence", "check")
    assert f"missing  {water.sha256}" in capsys.readouterr().out

"""A log as a folder: written by the specification, checked from its entries up."""

from collections.abc import Callable
from pathlib import Path

import pytest

from stannary.core.kernel import RefusalError
from stannary.core.transparency_log import (
    Checkpoint,
    Tree,
    bundles_of,
    leaf_hash,
    sign_checkpoint,
    tile_bytes,
    tiles_of,
)
from stannary.formats.tlog import FINDINGS_MAX, check_log, log_files, log_files_in_parts, read_log
from stannary.signing import key_from_seed, note_signer, note_verifier

LOG = note_signer("log.example/open", key_from_seed(b"log key of the tests, 32 bytes.."))
VERIFIER = note_verifier(LOG.vkey)
SIZES = (0, 1, 255, 256, 257, 600)


def entries(size: int) -> list[bytes]:
    return [b"entry %d" % n for n in range(size)]


def checkpoint(those: list[bytes]) -> str:
    tree = Tree(leaf_hash(entry) for entry in those)
    return sign_checkpoint(Checkpoint(LOG.name, tree.size, tree.root()), [LOG])


def write(folder: Path, those: list[bytes], note: str | None = None) -> Path:
    for path, content in log_files(those, note or checkpoint(those)):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder


@pytest.mark.parametrize("size", SIZES)
def test_a_log_holds_as_it_is_written(tmp_path: Path, size: int) -> None:
    found = check_log(write(tmp_path, entries(size)), VERIFIER)

    assert found.findings == ()
    assert found.checkpoint is not None
    assert (found.entries, found.checkpoint.size) == (size, size)


@pytest.mark.parametrize("size", [0, 255, 256, 257, 65_535, 65_536, 65_537])
def test_a_log_that_is_read_in_parts_has_the_tiles_of_its_tree(size: int) -> None:
    leaf, asked = leaf_hash(b"x"), [0]

    def part(start: int, stop: int) -> list[bytes]:
        asked.append(stop - start)
        return [leaf] * (stop - start)

    found = dict(log_files_in_parts(size, lambda start, stop: [b""] * (stop - start), part, "c"))

    tree = Tree(leaf for _ in range(size))
    tiles = {tile.path: tile_bytes(tree, tile) for tile in tiles_of(size)}
    assert {path: found[path] for path in tiles} == tiles
    bundles = {bundle.path for bundle in bundles_of(size)}
    assert found.keys() == tiles.keys() | bundles | {"checkpoint"}
    assert max(asked) <= 256


@pytest.mark.parametrize("older", [0, 1, 256, 599, 600])
def test_a_log_that_grew_extends_every_older_checkpoint(tmp_path: Path, older: int) -> None:
    write(tmp_path, entries(600))
    (tmp_path / "old").write_text(checkpoint(entries(older)), encoding="utf-8")

    assert check_log(tmp_path, VERIFIER, older=tmp_path / "old").findings == ()


def test_a_log_that_was_rewritten_or_shrank_does_not_extend(tmp_path: Path) -> None:
    write(tmp_path, entries(300))

    for those in ([*entries(200), b"another"], entries(301)):
        (tmp_path / "old").write_text(checkpoint(those), encoding="utf-8")
        found = check_log(tmp_path, VERIFIER, older=tmp_path / "old")
        assert [finding.code for finding in found.findings] == ["LOG-013"]


def spoil(path: str, act: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / path).write_bytes(act((folder / path).read_bytes()))

    return change


def drop(path: str) -> Callable[[Path], None]:
    return lambda folder: (folder / path).unlink()


@pytest.mark.parametrize(
    ("change", "codes", "where"),
    [
        (
            spoil("tile/entries/000", lambda x: x[:-1] + b"x"),
            ["LOG-015"] * 2 + ["LOG-016"],
            "tile/0/000",
        ),
        (spoil("tile/entries/000", lambda x: x[:-1]), ["LOG-014"], "tile/entries/000"),
        (
            spoil("tile/entries/001.p/44", lambda x: x + b"\0\0"),
            ["LOG-014"],
            "tile/entries/001.p/44",
        ),
        (drop("tile/entries/001.p/44"), ["LOG-014"], "tile/entries/001.p/44"),
        (drop("tile/1/000.p/1"), ["LOG-015"], "tile/1/000.p/1"),
        (spoil("tile/0/000", lambda x: x[:-1] + b"x"), ["LOG-015"], "tile/0/000"),
        (spoil("tile/0/001.p/44", lambda x: x + bytes(32)), ["LOG-015"], "tile/0/001.p/44"),
        (spoil("tile/0/000", lambda x: x + bytes(9000)), ["LOG-015"], "tile/0/000"),
    ],
)
def test_every_file_that_is_not_as_the_entries_make_it_is_named(
    tmp_path: Path, change: Callable[[Path], None], codes: list[str], where: str
) -> None:
    write(tmp_path, entries(300))
    change(tmp_path)

    found = check_log(tmp_path, VERIFIER)

    assert [finding.code for finding in found.findings] == codes
    assert str(found.findings[0].at) == str(tmp_path / where)


def test_a_root_that_the_log_signed_though_its_entries_make_another_is_told(tmp_path: Path) -> None:
    others = [b"other %d" % n for n in range(3)]
    write(tmp_path, entries(3), checkpoint(others))

    found = check_log(tmp_path, VERIFIER)

    assert found.findings[0].message.startswith(
        f"{tmp_path / 'checkpoint'}: LOG-016: The root that a checkpoint names is the one that the"
        " entries make. Here: size=3, root_of_the_entries="
    )


def test_a_checkpoint_that_somebody_else_signed_is_told(tmp_path: Path) -> None:
    write(tmp_path, entries(3))
    same_name = note_signer(LOG.name, key_from_seed(bytes(32)))
    other = note_signer("log.example/other", key_from_seed(bytes(32)))

    for signer in (same_name, other):
        found = check_log(tmp_path, note_verifier(signer.vkey))
        assert (found.checkpoint, found.entries) == (None, 0)
        assert [finding.code for finding in found.findings] == ["LOG-010"]


def test_a_checkpoint_of_another_log_signed_with_the_same_name_is_told(tmp_path: Path) -> None:
    empty = sign_checkpoint(Checkpoint("log.example/other", 0, Tree().root()), [LOG])
    (tmp_path / "checkpoint").write_text(empty, encoding="utf-8")

    assert [one.code for one in check_log(tmp_path, VERIFIER).findings] == ["LOG-011"]


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "LOG-008"), (b"x" * 400_001, "LOG-008"), (b"\xff", "LOG-007"), (b"hello\n", "LOG-007")],
)
def test_a_checkpoint_that_cannot_be_read_is_refused(
    tmp_path: Path, content: bytes | None, code: str
) -> None:
    if content is not None:
        (tmp_path / "checkpoint").write_bytes(content)

    with pytest.raises(RefusalError) as refusal:
        check_log(tmp_path, VERIFIER)
    assert refusal.value.rule.code == code


def test_a_log_of_an_immense_size_without_entries_ends_at_once(tmp_path: Path) -> None:
    note = sign_checkpoint(Checkpoint(LOG.name, 2**62, bytes(32)), [LOG])
    (tmp_path / "checkpoint").write_text(note, encoding="utf-8")

    found = check_log(tmp_path, VERIFIER)

    assert [finding.code for finding in found.findings] == ["LOG-014"]
    assert len(found.findings) <= FINDINGS_MAX


def test_a_log_that_holds_is_read_with_any_key_that_is_trusted(tmp_path: Path) -> None:
    other = note_verifier(note_signer("log.example/other", key_from_seed(b"o" * 32)).vkey)
    write(tmp_path, entries(300))

    assert read_log(tmp_path, [other, VERIFIER]) == (LOG.name, tuple(entries(300)))
    for keys in ([other], []):
        with pytest.raises(RefusalError) as refused:
            read_log(tmp_path, keys)
        assert refused.value.rule.code in ("LOG-010", "LOG-011")


def test_a_log_that_does_not_hold_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, entries(3), checkpoint(entries(4)))

    with pytest.raises(RefusalError) as refused:
        read_log(tmp_path, [VERIFIER])
    assert refused.value.rule.code == "LOG-014"

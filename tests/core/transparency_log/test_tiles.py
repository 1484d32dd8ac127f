"""Tiles and bundles: which there are for a size, where they lie, what they hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.transparency_log import naive
from stannary.core.kernel import Place, RefusalError
from stannary.core.transparency_log import (
    ENTRY_MAX_BYTES,
    Tile,
    Tree,
    bundle_bytes,
    bundles_of,
    leaf_hash,
    parse_bundle,
    tile_bytes,
    tiles_of,
)


def widths(size: int) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for tile in tiles_of(size):
        found.setdefault(int(tile.level or 0), []).append(tile.width)
    return found


@pytest.mark.parametrize(
    ("size", "levels"),
    [
        (0, {}),
        (1, {0: [1]}),
        (255, {0: [255]}),
        (256, {0: [256], 1: [1]}),
        (257, {0: [256, 1], 1: [1]}),
        (65_535, {0: [256] * 255 + [255], 1: [255]}),
        (65_536, {0: [256] * 256, 1: [256], 2: [1]}),
        (70_000, {0: [256] * 273 + [112], 1: [256, 17], 2: [1]}),
    ],
)
def test_the_tiles_of_a_size_are_those_of_the_specification(
    size: int, levels: dict[int, list[int]]
) -> None:
    assert widths(size) == levels
    assert [bundle.width for bundle in bundles_of(size)] == levels.get(0, [])


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0, 256), "tile/0/000"),
        (Tile(0, 0, 1), "tile/0/000.p/1"),
        (Tile(1, 999, 255), "tile/1/999.p/255"),
        (Tile(0, 1000, 256), "tile/0/x001/000"),
        (Tile(63, 1_234_067, 256), "tile/63/x001/x234/067"),
        (Tile(None, 273, 112), "tile/entries/273.p/112"),
    ],
)
def test_a_tile_lies_where_the_specification_says(tile: Tile, path: str) -> None:
    assert tile.path == path


def test_a_tile_holds_the_hashes_over_its_entries() -> None:
    entries = [b"%d" % n for n in range(600)]
    tree = Tree(leaf_hash(entry) for entry in entries)

    assert tile_bytes(tree, Tile(0, 1, 256)) == b"".join(map(leaf_hash, entries[256:512]))
    assert tile_bytes(tree, Tile(1, 0, 2)) == naive.root(entries[:256]) + naive.root(
        entries[256:512]
    )
    assert tree.complete(99) == []


@given(st.lists(st.binary(max_size=20), max_size=20))
def test_the_entries_of_a_bundle_come_back(entries: list[bytes]) -> None:
    assert parse_bundle(bundle_bytes(entries), len(entries)) == tuple(entries)


def test_an_entry_that_is_too_long_is_not_written() -> None:
    longest = bytes(ENTRY_MAX_BYTES)

    assert parse_bundle(bundle_bytes([longest]), 1) == (longest,)
    with pytest.raises(RefusalError, match="LOG-001"):
        bundle_bytes([longest + b"x"])


@pytest.mark.parametrize(
    ("content", "width"),
    [
        (b"", 1),
        (b"\x00", 1),
        (b"\x00\x02a", 1),
        (b"\x00\x00\x00\x00", 1),
        (b"\x00\x00", 2),
        (b"x", 0),
    ],
)
def test_a_bundle_that_does_not_fit_is_refused(content: bytes, width: int) -> None:
    with pytest.raises(RefusalError) as refusal:
        parse_bundle(content, width, at=Place("000"))
    assert refusal.value.findings[0].code == "LOG-014"
    assert refusal.value.findings[0].at == Place("000")

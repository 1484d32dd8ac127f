"""A log as files: bundles of entries, and tiles of hashes, 256 each.

Built to C2SP tlog-tiles.

Rules: LOG-001, LOG-014.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stannary.core.kernel import Place, refuse
from stannary.core.transparency_log import rules
from stannary.core.transparency_log.tree import ENTRY_MAX_BYTES, Tree

WIDTH = 256
_LENGTH_BYTES = 2


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile of hashes, or a bundle of entries.

    Attributes:
        level: 0 for leaf hashes, 1 for the hashes over whole tiles of level 0, and so on; None
            for a bundle of entries.
        index: Its place in its level, from 0.
        width: How many hashes or entries it holds, 1 to 256.
    """

    level: int | None
    index: int
    width: int

    @property
    def path(self) -> str:
        """Where it lies below the log's address.

        Example:
            >>> Tile(0, 1234067, 256).path, Tile(None, 0, 5).path
            ('tile/0/x001/x234/067', 'tile/entries/000.p/5')
        """
        number = f"{self.index:03d}"
        number = number.zfill(-(-len(number) // 3) * 3)
        parts = [number[n : n + 3] for n in range(0, len(number), 3)]
        place = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
        kind = "entries" if self.level is None else str(self.level)
        partial = f".p/{self.width}" if self.width < WIDTH else ""
        return f"tile/{kind}/{place}{partial}"


def bundles_of(size: int) -> Iterator[Tile]:
    """Name the bundles of entries of a log of some size, in order.

    Example:
        >>> [bundle.width for bundle in bundles_of(257)]
        [256, 1]
    """
    for start in range(0, size, WIDTH):
        yield Tile(None, start // WIDTH, min(WIDTH, size - start))


def tiles_of(size: int) -> Iterator[Tile]:
    """Name the tiles of a log of some size, level by level.

    A level holds the hashes of whole tiles of the level below only: a log of 256 entries has a
    whole tile of level 0 and one hash in level 1.

    Example:
        >>> [(tile.level, tile.width) for tile in tiles_of(256)]
        [(0, 256), (1, 1)]
    """
    level, count = 0, size
    while count:
        for start in range(0, count, WIDTH):
            yield Tile(level, start // WIDTH, min(WIDTH, count - start))
        level, count = level + 1, count // WIDTH


def tile_bytes(tree: Tree, tile: Tile) -> bytes:
    """Give the content of a tile of hashes: 32 bytes each, one after the other.

    Args:
        tree: The log, at least as large as the tile needs.
        tile: Not a bundle of entries.
    """
    hashes = tree.complete(8 * (tile.level or 0))
    start = tile.index * WIDTH
    return b"".join(hashes[start : start + tile.width])


def bundle_bytes(entries: Sequence[bytes]) -> bytes:
    r"""Give the content of a bundle: each entry after its length in two bytes.

    Args:
        entries: Those of one bundle, at most 256.

    Raises:
        RefusalError: LOG-001 if an entry has more than 65 535 bytes.

    Example:
        >>> bundle_bytes([b"ab", b""])
        b'\x00\x02ab\x00\x00'
    """
    for entry in entries:
        if len(entry) > ENTRY_MAX_BYTES:
            refuse(rules.ENTRY_FITS, size=f"{len(entry)} bytes")
    return b"".join(len(entry).to_bytes(_LENGTH_BYTES, "big") + entry for entry in entries)


def parse_bundle(content: bytes, width: int, *, at: Place | None = None) -> tuple[bytes, ...]:
    """Read the entries of a bundle.

    Raises:
        RefusalError: LOG-014 if it holds more or fewer than `width` entries, or ends in one.
    """
    entries: list[bytes] = []
    place = 0
    while place < len(content) and len(entries) <= width:
        length = int.from_bytes(content[place : place + _LENGTH_BYTES], "big")
        end = place + _LENGTH_BYTES + length
        entries.append(content[place + _LENGTH_BYTES : end])
        place = end
    if len(entries) != width or place != len(content):
        refuse(rules.LOG_IS_WHOLE, at=at, entries=str(len(entries)), needed=str(width))
    return tuple(entries)

"""A log as a folder of files, written and checked.

Built to C2SP tlog-tiles: `checkpoint`, `tile/<level>/<place>`, `tile/entries/<place>`.

Rules: LOG-001, LOG-005 to LOG-008, LOG-010, LOG-011, LOG-013 to LOG-016.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from stannary.core.kernel import Finding, Place, RefusalError, refuse
from stannary.core.transparency_log import (
    Checkpoint,
    Tile,
    Tree,
    Verifier,
    bundle_bytes,
    bundles_of,
    leaf_hash,
    open_checkpoint,
    parse_bundle,
    rules,
    tile_bytes,
    tiles_of,
)
from stannary.core.transparency_log.notes import NOTE_MAX_CHARACTERS
from stannary.core.transparency_log.tiles import WIDTH
from stannary.core.transparency_log.tree import ENTRY_MAX_BYTES

Part = Callable[[int, int], Sequence[bytes]]
BUNDLE_MAX_BYTES = WIDTH * (ENTRY_MAX_BYTES + 2)
TILE_MAX_BYTES = WIDTH * 32
FINDINGS_MAX = 100


@dataclass(frozen=True, slots=True)
class LogCheck:
    """What a check of a log found.

    Attributes:
        checkpoint: The newest; None if no known key signed it.
        entries: How many entries were read.
        findings: What does not hold; empty if everything does.
    """

    checkpoint: Checkpoint | None
    entries: int
    findings: tuple[Finding, ...]


def log_files(entries: Sequence[bytes], checkpoint: str) -> Iterator[tuple[str, bytes]]:
    """Give every file of a log of some entries, with its path below the log's address.

    Args:
        entries: All, in order.
        checkpoint: The signed checkpoint of just these.

    Raises:
        RefusalError: LOG-001 if an entry has more than 65 535 bytes.
    """
    return log_files_in_parts(
        len(entries),
        lambda start, stop: entries[start:stop],
        lambda start, stop: [leaf_hash(entry) for entry in entries[start:stop]],
        checkpoint,
    )


def log_files_in_parts(
    size: int, entries: Part, leaf_hashes: Part, checkpoint: str
) -> Iterator[tuple[str, bytes]]:
    """Give the same files of a log that is read 256 entries at a time.

    Beside these, one hash for every 256 entries is kept.

    Args:
        size: How many entries it has.
        entries: Gives those from a place up to another one, which is not included.
        leaf_hashes: Gives their leaf hashes in the same way.
        checkpoint: The signed checkpoint of just these.

    Raises:
        RefusalError: LOG-001 if an entry has more than 65 535 bytes.
    """
    for bundle in bundles_of(size):
        start = bundle.index * WIDTH
        yield bundle.path, bundle_bytes(entries(start, start + bundle.width))
    above: dict[int, list[bytes]] = {}
    for tile in tiles_of(size):
        level, start = tile.level or 0, tile.index * WIDTH
        stop = start + tile.width
        hashes = above[level][start:stop] if level else leaf_hashes(start, stop)
        yield tile.path, b"".join(hashes)
        if tile.width == WIDTH:
            above.setdefault(level + 1, []).append(Tree(hashes).root())
    yield "checkpoint", checkpoint.encode("utf-8")


def check_log(folder: Path, verifier: Verifier, *, older: Path | None = None) -> LogCheck:
    """Check a log from its entries up: every entry, every tile, the root, and that it only grew.

    No tile is believed: all hashes are computed from the entries.

    Args:
        folder: Holds the files of the log.
        verifier: Of the log; its name is the log's.
        older: A checkpoint kept from an earlier day; None: it is not asked whether the log grew.

    Raises:
        RefusalError: LOG-005, LOG-007 or LOG-008 if a checkpoint cannot be read.
    """
    findings: list[Finding] = []
    checkpoint = _opened(folder / "checkpoint", verifier, findings)
    before = None if older is None else _opened(older, verifier, findings)
    if checkpoint is None:
        return LogCheck(None, 0, tuple(findings))
    tree = Tree(leaf_hash(entry) for entry in _entries(folder, checkpoint.size, findings))
    if tree.size == checkpoint.size:
        findings += _check_tiles(folder, tree)
        at = Place(str(folder / "checkpoint"))
        if tree.root() != checkpoint.root:
            facts = {"size": str(checkpoint.size), "root_of_the_entries": tree.root().hex()}
            findings.append(Finding(rules.ROOT_FOLLOWS_FROM_ENTRIES, facts, at))
        if before is not None and not _extends(tree, before):
            facts = {"older": str(before.size), "newer": str(checkpoint.size)}
            findings.append(Finding(rules.TREE_IS_EXTENDED, facts, Place(str(older))))
    return LogCheck(checkpoint, tree.size, tuple(findings[:FINDINGS_MAX]))


def read_log(folder: Path, verifiers: Iterable[Verifier]) -> tuple[str, tuple[bytes, ...]]:
    """Read a log that holds, from its entries up.

    Args:
        folder: Holds the files of the log.
        verifiers: Keys that the reader trusts; that of the log is among them.

    Returns:
        The name of the log, and its entries in order.

    Raises:
        RefusalError: LOG-005, LOG-007, LOG-008 or LOG-010 if no checkpoint of a known log can be
            read; with all that does not hold, as `check_log` finds it.
    """
    refused: RefusalError | None = None
    for verifier in verifiers:
        found = check_log(folder, verifier)
        if found.checkpoint is not None:
            if found.findings:
                raise RefusalError(*found.findings)
            findings: list[Finding] = []
            return verifier.name, tuple(_entries(folder, found.checkpoint.size, findings))
        refused = refused or RefusalError(*found.findings)
    if refused is not None:
        raise refused
    return refuse(rules.NOTE_IS_SIGNED, at=Place(str(folder / "checkpoint")), known_keys="none")


def _extends(tree: Tree, before: Checkpoint) -> bool:
    return before.size <= tree.size and tree.root(before.size) == before.root


def _opened(path: Path, verifier: Verifier, findings: list[Finding]) -> Checkpoint | None:
    at = Place(str(path))
    content = _content(path, NOTE_MAX_CHARACTERS)
    if content is None:
        refuse(rules.CHECKPOINT_IS_WELL_FORMED, at=at, problem="cannot be opened, or too large")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        refuse(rules.NOTE_IS_WELL_FORMED, at=at, problem="not UTF-8")
    try:
        return open_checkpoint(text, [verifier], origin=verifier.name, at=at)
    except RefusalError as refusal:
        if refusal.rule not in (rules.NOTE_IS_SIGNED, rules.ORIGIN_IS_EXPECTED):
            raise
        findings += refusal.findings
        return None


def _entries(folder: Path, size: int, findings: list[Finding]) -> Iterator[bytes]:
    """Read entries until the first bundle that is missing or broken."""
    for bundle in bundles_of(size):
        path = folder / bundle.path
        content = _content(path, BUNDLE_MAX_BYTES)
        try:
            if content is None:
                refuse(rules.LOG_IS_WHOLE, at=Place(str(path)), problem="missing, or too large")
            yield from parse_bundle(content, bundle.width, at=Place(str(path)))
        except RefusalError as refusal:
            findings += refusal.findings
            return


def _check_tiles(folder: Path, tree: Tree) -> Iterator[Finding]:
    for tile in tiles_of(tree.size):
        content = _content(folder / tile.path, TILE_MAX_BYTES)
        if content != tile_bytes(tree, tile):
            yield _wrong_tile(folder, tile, content)


def _wrong_tile(folder: Path, tile: Tile, content: bytes | None) -> Finding:
    problem = "missing, or too large" if content is None else "other hashes"
    facts = {"level": str(tile.level), "tile": str(tile.index), "problem": problem}
    return Finding(rules.TILES_FOLLOW_FROM_ENTRIES, facts, Place(str(folder / tile.path)))


def _content(path: Path, most_bytes: int) -> bytes | None:
    """The content of a file; None if it cannot be opened or is larger than it may be."""
    try:
        with path.open("rb") as stream:
            content = stream.read(most_bytes + 1)
    except (OSError, ValueError):
        return None
    return content if len(content) <= most_bytes else None

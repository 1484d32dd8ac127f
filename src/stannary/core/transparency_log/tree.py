"""The Merkle tree of a log: hashes, roots, and proofs that an entry is in it or that it only grew.

SHA-256 as RFC 6962 and RFC 9162 say: a leaf is hashed after a byte 0x00, a node after 0x01.

Rules: LOG-001, LOG-002, LOG-003, LOG-004.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from stannary.core.kernel import refuse
from stannary.core.transparency_log import rules

ENTRY_MAX_BYTES = 65_535
HASH_BYTES = 32
PROOF_MAX_HASHES = 63
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""Root of a log without entries."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash an entry as a leaf, into 32 bytes.

    Raises:
        RefusalError: LOG-001 if the entry has more than 65 535 bytes.

    Example:
        >>> leaf_hash(b"").hex()[:16]
        '6e340b9cffb37a98'
    """
    if len(entry) > ENTRY_MAX_BYTES:
        refuse(rules.ENTRY_FITS, size=f"{len(entry)} bytes")
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two hashes as a node, into 32 bytes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """An append-only tree that keeps the hash of every complete subtree.

    Appending takes constant time on average, a root or proof takes logarithmic time. The
    leaf hashes are all that has to be stored: a tree is built from them.

    Example:
        >>> tree = Tree([leaf_hash(b"a"), leaf_hash(b"b")])
        >>> tree.append(leaf_hash(b"c")), tree.size, len(tree.inclusion_proof(0))
        (2, 3, 2)
    """

    __slots__ = ("_levels",)

    def __init__(self, leaf_hashes: Iterable[bytes] = ()) -> None:
        # _levels[k][i] is the hash of leaves i·2^k up to (i+1)·2^k, for complete subtrees only
        self._levels: list[list[bytes]] = [[]]
        for leaf in leaf_hashes:
            self.append(leaf)

    @property
    def size(self) -> int:
        """Number of entries."""
        return len(self._levels[0])

    def append(self, leaf: bytes) -> int:
        """Add a leaf hash at the end and return its index, from 0.

        Raises:
            RefusalError: LOG-002 if it has not 32 bytes.
        """
        if len(leaf) != HASH_BYTES:
            refuse(rules.HASH_HAS_32_BYTES, size=f"{len(leaf)} bytes")
        index = self.size
        self._levels[0].append(leaf)
        level = 0
        while len(self._levels[level]) % 2 == 0:
            pair = node_hash(self._levels[level][-2], self._levels[level][-1])
            level += 1
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(pair)
        return index

    def root(self, size: int | None = None) -> bytes:
        """Give the root of the first `size` entries, 32 bytes.

        Args:
            size: 0 to the size of the tree, both included; None: all entries.

        Raises:
            RefusalError: LOG-004 if the tree has not that many entries.
        """
        size = self._checked(size)
        return self._hash(0, size) if size else EMPTY_ROOT

    def complete(self, height: int) -> Sequence[bytes]:
        """Give the hashes of all complete subtrees of a height, in order.

        Args:
            height: 0 for the leaves, 8 for the nodes over 256 of them, and so on.
        """
        return self._levels[height] if height < len(self._levels) else []

    def inclusion_proof(self, index: int, size: int | None = None) -> tuple[bytes, ...]:
        """Prove that an entry is among the first `size`; the leaf's sibling comes first.

        Args:
            index: The entry, from 0.
            size: How many entries the proof is about; None: all.

        Raises:
            RefusalError: LOG-003 if there is no such entry, LOG-004 if there are not so many.
        """
        size = self._checked(size)
        if not 0 <= index < size:
            refuse(rules.INDEX_IS_IN_TREE, index=str(index), size=str(size))
        start, end = 0, size
        path = []
        while end - start > 1:
            middle = start + _left_part(end - start)
            if index < middle:
                path.append(self._hash(middle, end))
                end = middle
            else:
                path.append(self._hash(start, middle))
                start = middle
        return tuple(reversed(path))

    def consistency_proof(self, old_size: int, size: int | None = None) -> tuple[bytes, ...]:
        """Prove that the first `old_size` entries begin the first `size`.

        Args:
            old_size: Size of the older tree, 0 included; then, and at equal sizes, nothing is needed.
            size: Size of the newer tree; None: all entries.

        Raises:
            RefusalError: LOG-004 if the sizes do not follow each other or the log is smaller.
        """
        size = self._checked(size)
        if not 0 <= old_size <= size:
            refuse(rules.TREE_ONLY_GROWS, older=str(old_size), newer=str(size))
        if old_size in (0, size):
            return ()
        start, end = 0, size
        path = []
        while end != old_size:
            middle = start + _left_part(end - start)
            if old_size <= middle:
                path.append(self._hash(middle, end))
                end = middle
            else:
                path.append(self._hash(start, middle))
                start = middle
        if start:  # else the older tree is a complete subtree, whose root the reader has
            path.append(self._hash(start, end))
        return tuple(reversed(path))

    def _checked(self, size: int | None) -> int:
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            refuse(rules.TREE_ONLY_GROWS, asked=str(size), log=str(self.size))
        return size

    def _hash(self, start: int, end: int) -> bytes:
        """Hash leaves `start` up to `end`, where `start` lies on the tree's own grid."""
        count = end - start
        if count & (count - 1) == 0:
            level = count.bit_length() - 1
            return self._levels[level][start >> level]
        middle = start + _left_part(count)
        return node_hash(self._hash(start, middle), self._hash(middle, end))


def _left_part(count: int) -> int:
    """The largest power of two below a count of 2 or more."""
    return 1 << (count - 1).bit_length() - 1


def root_hash(leaf_hashes: Sequence[bytes]) -> bytes:
    """Give the root of a log from its leaf hashes, 32 bytes.

    Example:
        >>> root_hash([]) == EMPTY_ROOT
        True
    """
    return Tree(leaf_hashes).root()


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Prove that an entry is in a log, from its leaf hashes; the leaf's sibling comes first.

    Raises:
        RefusalError: LOG-003 if there is no such entry.
    """
    return Tree(leaf_hashes).inclusion_proof(index)


def verify_inclusion(
    *, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Tell whether a proof leads from a leaf hash to a root; False for any doubt.

    Args:
        leaf: Hash of the entry.
        index: Its place, from 0.
        size: Number of entries under the root.
        proof: Hashes from the leaf's sibling up.
        root: The root that is trusted.

    Source: RFC 9162, 2.1.3.2.
    """
    hashes_fit = all(len(value) == HASH_BYTES for value in (leaf, root, *proof))
    if not hashes_fit or not 0 <= index < size:
        return False
    place, last, seen = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            seen = node_hash(sibling, seen)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            seen = node_hash(seen, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and seen == root


def verify_consistency(
    *, old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Tell whether a newer tree extends an older one; False for any doubt.

    Args:
        old_size: Entries of the older tree, 0 included: every tree extends the empty one.
        old_root: Its root.
        size: Entries of the newer tree.
        root: Its root.
        proof: As `Tree.consistency_proof` gives it.

    Source: RFC 9162, 2.1.4.2.
    """
    hashes_fit = all(len(value) == HASH_BYTES for value in (old_root, root, *proof))
    if not hashes_fit or not 0 <= old_size <= size:
        return False
    if old_size == size:
        return not proof and old_root == root
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    rest = iter(proof if old_size & (old_size - 1) else (old_root, *proof))
    place, last = old_size - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = next(rest, None)
    if first is None:
        return False
    return _climb(first, rest, place=place, last=last) == (old_root, root)


def _climb(
    first: bytes, rest: Iterator[bytes], *, place: int, last: int
) -> tuple[bytes, bytes] | None:
    """Both roots that a consistency proof leads to; None if it has too many or too few hashes."""
    old = new = first
    for sibling in rest:
        if last == 0:
            return None
        if place & 1 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        place, last = place >> 1, last >> 1
    return (old, new) if last == 0 else None

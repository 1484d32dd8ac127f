"""A second tree, written straight from the definitions of RFC 6962 and as slow as they are."""

import hashlib
from collections.abc import Sequence


def _hash(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _split(count: int) -> int:
    part = 1
    while 2 * part < count:
        part *= 2
    return part


def root(entries: Sequence[bytes]) -> bytes:
    """Section 2.1: MTH."""
    if not entries:
        return _hash(b"")
    if len(entries) == 1:
        return _hash(b"\x00" + entries[0])
    k = _split(len(entries))
    return _hash(b"\x01" + root(entries[:k]) + root(entries[k:]))


def path(index: int, entries: Sequence[bytes]) -> list[bytes]:
    """Section 2.1.1: PATH."""
    if len(entries) == 1:
        return []
    k = _split(len(entries))
    if index < k:
        return [*path(index, entries[:k]), root(entries[k:])]
    return [*path(index - k, entries[k:]), root(entries[:k])]


def proof(old_size: int, entries: Sequence[bytes]) -> list[bytes]:
    """Section 2.1.2: PROOF."""
    return _subproof(old_size, entries, whole=True)


def _subproof(old_size: int, entries: Sequence[bytes], *, whole: bool) -> list[bytes]:
    if old_size == len(entries):
        return [] if whole else [root(entries)]
    k = _split(len(entries))
    if old_size <= k:
        return [*_subproof(old_size, entries[:k], whole=whole), root(entries[k:])]
    return [*_subproof(old_size - k, entries[k:], whole=False), root(entries[:k])]

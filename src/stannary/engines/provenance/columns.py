"""Columns that grow: in memory, or mapped from a file of their own."""

import contextlib
import mmap
import os
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from stannary.engines.provenance.compiling import Numbers

LEAST = 1024


class Column:
    """Numbers of one type that are only ever appended to; room for more is kept at the end.

    Attributes:
        count: How many there are.
        room: All of them and the room behind; kernels take it as it is.
    """

    def __init__(self, kind: Any, path: Path | None = None, *, width: int = 1) -> None:
        self.kind, self.path, self.width = np.dtype(kind), path, width
        self.count = 0
        self.room: Numbers = np.zeros(self._shape(0), self.kind)

    @property
    def values(self) -> Numbers:
        """Give what was appended."""
        return self.room[: self.count]

    def reserve(self, more: int) -> Numbers:
        """Make room for so many more; give the room as a whole."""
        needed = self.count + more
        if needed > len(self.room):
            self._grow(max(LEAST, needed, len(self.room) * 3 // 2))
        return self.room

    def append(self, values: Numbers | list[Any]) -> None:
        """Append numbers."""
        self.reserve(len(values))
        self.room[self.count : self.count + len(values)] = values
        self.count += len(values)

    def checksum(self, begin: int, end: int, before: int = 0) -> int:
        """Give the CRC-32 of a stretch, going on from that of what is before it."""
        return zlib.crc32(self.room[begin:end].view(np.uint8).data, before)

    def flush(self) -> None:
        """Write what is mapped to its file."""
        if self.path is not None and self.count:
            self._mapped.flush()

    def open(self, count: int) -> bool:
        """Take up a file that holds at least so many; False if it does not."""
        if self.path is None or not self.path.is_file():
            return count == 0
        size = self.path.stat().st_size // (self.kind.itemsize * self.width)
        if size < count:
            return False
        if count:
            self._map(size)
        self.count = count
        return True

    def empty(self) -> None:
        """Forget everything."""
        self.count = 0

    def _shape(self, many: int) -> tuple[int, ...]:
        return (many,) if self.width == 1 else (many, self.width)

    def _grow(self, many: int) -> None:
        if self.path is None:
            grown = np.zeros(self._shape(many), self.kind)
            grown[: self.count] = self.values
            self.room = grown
            return
        with self.path.open("ab") as file:  # a full disk is told here, and not by a signal later
            os.posix_fallocate(file.fileno(), 0, many * self.kind.itemsize * self.width)
        self._map(many)

    def _map(self, many: int) -> None:
        with (self.path or Path()).open("r+b") as file:
            self._mapped = mmap.mmap(file.fileno(), many * self.kind.itemsize * self.width)
        self.room = np.frombuffer(self._mapped, self.kind).reshape(self._shape(many))


class Spread:
    """Memory that grows without being copied or written before it is used, in large pages."""

    def __init__(self, kind: Any, many: int) -> None:
        self.kind = np.dtype(kind)
        private = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS  # shared memory could not grow
        self._mapped = mmap.mmap(-1, max(1, many) * self.kind.itemsize, flags=private)
        self._advise()

    @property
    def room(self) -> Numbers:
        """Give all of it; it must be given up before it grows."""
        return np.frombuffer(self._mapped, self.kind)

    def grow(self, many: int) -> None:
        """Make room for so many numbers."""
        self._mapped.resize(many * self.kind.itemsize)
        self._advise()

    def _advise(self) -> None:
        if hasattr(mmap, "MADV_HUGEPAGE"):
            with contextlib.suppress(OSError):  # a system without large pages works as well
                self._mapped.madvise(mmap.MADV_HUGEPAGE)

"""A store that several processes read and one at a time appends to, as a book grows beside it.

What they share is the log alone: each keeps the graph in its own memory and takes up what others
appended. Every batch bears a mark that says how far it follows the book, so that whoever opens the
log sees whether it is behind the book, ahead of it, or of another one.

Rules: ENGINE-004.
"""

import contextlib
import fcntl
import os
import secrets
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from stannary.core.custody import DEFAULT_RULES, CustodyRules
from stannary.core.custody.rules import MEANINGLESS_CODES
from stannary.core.kernel import InvariantError, RefusalError
from stannary.engines.provenance import graph as graphs
from stannary.engines.provenance.accepting import empty, taken
from stannary.engines.provenance.engine import Arrays
from stannary.engines.provenance.log import Accepted, Log
from stannary.engines.provenance.movements import Movements

_MARK = struct.Struct("<16sQQ32s")
_BIRTH = 16


class Mark(NamedTuple):
    """How far a log follows a book.

    Attributes:
        rows: How many rows of the book are told by it, moves and credits included.
        last: Key of the newest of them.
        digest: SHA-256 of that row, to tell the book from another one: 32 bytes.
    """

    rows: int
    last: int
    digest: bytes


NOTHING = Mark(0, 0, bytes(32))


class Shared:
    """The store of one process; not for several threads at once.

    Attributes:
        arrays: What is known, to be asked.
        mark: How far it follows the book.
    """

    def __init__(
        self,
        folder: Path,
        *,
        rules: CustodyRules = DEFAULT_RULES,
        fast: bool = True,
        segment: int = graphs.SEGMENT,
    ) -> None:
        """Take up what a folder holds; it is made if it is not there.

        Args:
            folder: Where the log is.
            rules: The constants by which rows are checked once more.
            fast: Whether to use numba where it is installed.
            segment: Nodes after which the open end is closed.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.path = folder, folder / "book.log"
        self._made = {
            "rules": rules,
            "fast": fast,
            "segment": segment,
            "refused": MEANINGLESS_CODES,
        }
        self._writes = False
        self._forget()
        self.refresh()

    def refresh(self) -> None:
        """Take up what was appended since; begin again if the log is another one or damaged."""
        if not self._goes_on():
            self._forget()
        if not self.path.exists():
            return
        log = Log(self.path)
        try:
            for batch in log.read(self._size, self._count, cut=self._writes):
                self._take(batch, log)
        except RefusalError:  # damaged before its end: nothing of it is believed
            self._forget()
        finally:
            log.close()

    @contextlib.contextmanager
    def writing(self, *, wait: bool = True) -> Iterator[None]:
        """Wait until nobody else writes, take up what there is, and keep everybody else waiting.

        Args:
            wait: Whether to wait.

        Raises:
            BlockingIOError: If somebody else writes and this was not to wait.
        """
        lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._writes = True
            self.refresh()
            yield
        finally:
            self._writes = False
            os.close(lock)

    def append(self, movements: Movements, mark: Mark) -> None:
        """Append movements that the book holds already, and note how far it is told now.

        Rows about who holds a lot, and about credits, must be left out.

        Raises:
            RefusalError: With CUSTODY codes if lots or masses do not fit what is there.
        """
        self._must_write()
        if self.path.exists() and self.path.stat().st_size != self._size:
            raise InvariantError("a damaged log is replaced and not appended to")
        batch = self._checked(movements)
        log = Log(self.path)
        try:
            log.count, log.size = self._count, self._size
            log.append(batch, _MARK.pack(self._birth or secrets.token_bytes(_BIRTH), *mark))
            self._take(batch, log)
        finally:
            log.close()

    def replace(self, batches: Iterable[Movements], mark: Mark) -> None:
        """Write the log anew, whole, and put it in the place of what is there.

        Args:
            batches: All that the book holds; what goes in is made in the same batch or earlier.
            mark: How far that is.

        Raises:
            RefusalError: With CUSTODY codes if lots or masses do not fit; nothing is replaced.
        """
        self._must_write()
        fresh = self.folder / "book.log.new"
        fresh.unlink(missing_ok=True)
        self._forget()
        log = Log(fresh)
        try:
            birth = secrets.token_bytes(_BIRTH)
            for movements in batches:
                batch = self._checked(movements)
                log.append(batch, _MARK.pack(birth, *NOTHING))
                self._take(batch, log)
            batch = empty()
            log.append(batch, _MARK.pack(birth, *mark))
            self._take(batch, log)
        except BaseException:
            self._forget()
            raise
        finally:
            log.close()
        fresh.replace(self.path)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _must_write(self) -> None:
        if not self._writes:
            raise InvariantError("whoever writes a shared log holds its lock")

    def _checked(self, movements: Movements) -> Accepted:
        if not len(movements):
            return empty()
        store = self.arrays
        return taken(movements, store.graph, store.rules, refused=store.refused)

    def _forget(self) -> None:
        self.arrays = Arrays(**self._made)  # type: ignore[arg-type] # by name
        self.mark, self._birth = NOTHING, b""
        self._size = self._count = 0
        self._seen = b""

    def _take(self, batch: Accepted, log: Log) -> None:
        self.arrays.graph.apply(batch)
        self._size, self._count, self._seen = log.size, log.count, log.mark
        birth, *mark = _MARK.unpack(log.mark)
        self._birth, self.mark = birth, Mark(*mark)

    def _goes_on(self) -> bool:
        """Tell whether the log still holds, at its place, the batch that was taken up last."""
        if not self._size:
            return True
        try:
            with self.path.open("rb") as file:
                file.seek(self._size - len(self._seen))
                return file.read(len(self._seen)) == self._seen
        except OSError:
            return False

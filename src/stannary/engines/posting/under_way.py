"""A batch that is being written by a thread of its own, while the next one is decided."""

import threading
from collections.abc import Callable


class UnderWay:
    """A write that has begun, and what is done when it is stored.

    Attributes:
        done: Whether it has ended, one way or the other.
    """

    def __init__(self, write: Callable[[], None], *, ring: Callable[[], None]) -> None:
        """Begin to write.

        Args:
            write: Returns when the batch is stored, and raises if it is not.
            ring: Called when it has ended, from the other thread.
        """
        self.done = False
        self._failed: BaseException | None = None
        self._write, self._ring = write, ring
        self._thread = threading.Thread(target=self._run, name="posting-writer", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._write()
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits for it
            self._failed = error
        self.done = True
        self._ring()

    def end(self) -> BaseException | None:
        """Wait until it has ended, and give what went wrong; None if it is stored."""
        self._thread.join()
        return self._failed

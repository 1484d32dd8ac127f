"""How many rows of a file were read, tried and written, told while a job is at it.

Told a few times a second at most, outside of any transaction, so that whoever looks at the page of the
file sees it at once, whichever process does the job. While a file is written nobody else can write, so
of that only the beginning is told: it is written in one piece, or not at all. That the book may be busy
stops no job: what cannot be told now is told later.

Rules: none of its own.
"""

import time
from collections.abc import Callable

from django.db import OperationalError
from django.utils import timezone

from stannary.web.custody.models import FileProgress, MovementFile

SECONDS = 0.5
"""Between two writes, at least."""
PATIENCE = 5.0
"""After a write that was not possible."""


class Progress:
    """Tells how far a job is with a file.

    Args:
        row: The file; None: nothing is told.
        clock: Gives seconds.
    """

    def __init__(
        self, row: MovementFile | None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Begin; what is done within half a second is never told."""
        self._row = row
        self._clock = clock
        self._next = clock() + SECONDS
        self._told = False

    def reading(self, done: int, whole: int) -> None:
        """Tell how many lines were read."""
        self._tell(FileProgress.Stage.READING, done, whole)

    def trying(self, done: int, whole: int) -> None:
        """Tell how many movements were tried on the book."""
        self._tell(FileProgress.Stage.TRYING, done, whole)

    def writing(self, whole: int) -> None:
        """Tell that everything is written now, in one piece, if anything was told before."""
        if self._told:
            self._next = self._clock()
            self._tell(FileProgress.Stage.WRITING, 0, whole)

    def _tell(self, stage: str, done: int, whole: int) -> None:
        now = self._clock()
        if self._row is None or now < self._next:
            return
        self._next = now + SECONDS
        shown = {"stage": stage, "done": done, "whole": max(done, whole) if whole else 0}
        try:
            FileProgress.objects.update_or_create(
                file=self._row, defaults={**shown, "at": timezone.now()}
            )
            self._told = True
        except OperationalError:
            self._next = self._clock() + PATIENCE

"""A question whose task kills the worker that it runs on, once: a cluster loses a machine in the middle of a job.

Workers import this module, so it imports no library of tests.
"""

import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from stannary.engines.spark.parcels import Parcel
from stannary.engines.spark.pieces import ByOrigin, Piece


@dataclass(frozen=True, eq=False)
class Losing(ByOrigin):
    """Asks for the share of every origin.

    Attributes:
        first: The piece from which on the first task that begins kills its worker.
        workers: Numbers of the workers' processes.
        word: A file that says which worker was killed.
    """

    first: int = 0
    workers: tuple[int, ...] = ()
    word: str = ""

    def answer(
        self, piece: Piece, number: int, block: int, given: Sequence[Parcel]
    ) -> Iterator[Parcel]:
        """Work a piece out, unless this is the task that kills."""
        if number >= self.first:
            self.kill_once()
        yield from super().answer(piece, number, block, given)

    def kill_once(self) -> None:
        """Kill the worker above this process, what it started in between, and this process."""
        try:
            word = os.open(self.word, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except FileExistsError:
            return
        above = [os.getpid()]
        while above[-1] not in self.workers:
            above.append(parent(above[-1]))
        os.write(word, str(above[-1]).encode())
        os.close(word)
        for pid in reversed(above):
            os.kill(pid, signal.SIGKILL)


def parent(pid: int) -> int:
    """Give the number of the process that started one."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])

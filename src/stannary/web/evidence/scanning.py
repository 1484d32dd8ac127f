"""Files looked at by ClamAV's daemon before they are opened, where one is set up.

STANNARY_CLAMD names its socket. Without it nothing is scanned, and every item says so. Where it is
set and the daemon does not answer, nothing is taken in: a scanner that is down must not be a way
around it.

Rules: EVIDENCE-004. Source: clamd(8), INSTREAM.
"""

import socket
import time
from dataclasses import dataclass

from django.conf import settings

from stannary.core.evidence.rules import FILE_IS_FREE_OF_MALWARE
from stannary.core.kernel import refuse

_PIECE = 64 * 1024
_ANSWER_MAX = 4_096


@dataclass(frozen=True, slots=True)
class Clamd:
    """A daemon.

    Attributes:
        address: Path of a Unix socket, or host and port.
        seconds: After so long without an answer to one question it counts as silent.
    """

    address: str | tuple[str, int]
    seconds: float = 60

    def version(self) -> str:
        """Give what it is, with the day of its signatures.

        Raises:
            RefusalError: EVIDENCE-004 if it does not answer.
        """
        answer = self._ask(b"zVERSION\0", b"")
        return " ".join(answer.split())[:200] or "clamd"

    def scan(self, content: bytes) -> str | None:
        """Give the name of the malware in a file, or None.

        Raises:
            RefusalError: EVIDENCE-004 if it does not answer, or answers that it could not scan.
        """
        answer = self._ask(b"zINSTREAM\0", content).removeprefix("stream: ")
        if answer != "OK" and not answer.endswith(" FOUND"):
            refuse(FILE_IS_FREE_OF_MALWARE, scanner="could not scan it", answer=answer[:80])
        return None if answer == "OK" else answer.removesuffix(" FOUND")[:80]

    def _ask(self, question: bytes, content: bytes) -> str:
        ends_at = time.monotonic() + self.seconds
        try:
            with self._connect() as connection:
                try:
                    connection.sendall(question)
                    for start in range(0, len(content), _PIECE):
                        piece = content[start : start + _PIECE]
                        connection.settimeout(_left(ends_at))
                        connection.sendall(len(piece).to_bytes(4, "big") + piece)
                    if content:
                        connection.sendall(bytes(4))
                except (BrokenPipeError, ConnectionResetError):
                    pass  # it has answered before the end: the file is larger than it takes
                return _read(connection, ends_at)
        except OSError as problem:
            words = type(problem).__name__ if isinstance(problem, TimeoutError) else str(problem)
            refuse(FILE_IS_FREE_OF_MALWARE, scanner="does not answer", problem=words[:80])

    def _connect(self) -> socket.socket:
        if isinstance(self.address, tuple):
            return socket.create_connection(self.address, timeout=self.seconds)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(self.seconds)
        try:
            connection.connect(self.address)
        except OSError:
            connection.close()
            raise
        return connection


def _read(connection: socket.socket, ends_at: float) -> str:
    """Read up to the null byte that ends an answer."""
    answer = b""
    while b"\0" not in answer and len(answer) < _ANSWER_MAX:
        connection.settimeout(_left(ends_at))
        piece = connection.recv(_ANSWER_MAX)
        if not piece:
            break
        answer += piece
    if not answer:
        raise ConnectionError("closed without an answer")
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _left(ends_at: float) -> float:
    left = ends_at - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def scanner() -> Clamd | None:
    """Give the daemon that is set up; None: there is none."""
    address = settings.CLAMD
    return Clamd(address, settings.CLAMD_SECONDS) if address else None

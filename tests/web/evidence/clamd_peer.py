"""A small server that speaks clamd's protocol on a real socket: the other end, not our code."""

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + rb"ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass
class Peer:
    """Answers VERSION and INSTREAM as clamd does.

    Attributes:
        answer: What to say of a stream; None: say nothing at all.
        most: Bytes of a stream after which it says that it is too large, and hangs up.
        streams: What was streamed to it.
    """

    listener: socket.socket
    answer: Callable[[bytes], bytes] | None = None
    most: int = 25_000_000
    streams: list[bytes] = field(default_factory=list)
    open_ones: list[socket.socket] = field(default_factory=list)

    def serve(self) -> None:
        """Answer until the listener is closed."""
        while True:
            try:
                connection, _from = self.listener.accept()
            except OSError:
                return
            self.open_ones.append(connection)
            threading.Thread(target=self._serve_one, args=(connection,), daemon=True).start()

    def _serve_one(self, connection: socket.socket) -> None:
        try:
            question = b""
            while not question.endswith(b"\0"):
                question += _exactly(connection, 1)
            if self.answer is None:
                return
            if question == b"zVERSION\0":
                connection.sendall(b"ClamAV 1.4.3/27800/Sun Nov  1 10:00:00 2026\0")
            else:
                connection.sendall(self._stream(connection, self.answer))
            connection.close()
        except OSError:
            connection.close()

    def _stream(self, connection: socket.socket, answer: Callable[[bytes], bytes]) -> bytes:
        content = b""
        while size := int.from_bytes(_exactly(connection, 4), "big"):
            content += _exactly(connection, size)
            if len(content) > self.most:
                return b"INSTREAM size limit exceeded. ERROR\0"
        self.streams.append(content)
        return answer(content)

    def close(self) -> None:
        """Hang up."""
        for one in (self.listener, *self.open_ones):
            one.close()


def _exactly(connection: socket.socket, size: int) -> bytes:
    content = b""
    while len(content) < size:
        piece = connection.recv(size - len(content))
        if not piece:
            raise ConnectionError
        content += piece
    return content


def looks_for_eicar(content: bytes) -> bytes:
    """Answer as clamd does of the harmless file that every scanner finds."""
    return b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0"

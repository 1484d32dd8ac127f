"""A sequencer behind a socket, so that several processes post through one.

A request is an operation, a count and bytes; the answer is a status, a count and bytes. Postings
of one connection are answered in their order, and more may be sent before an answer is there; who
asks for an account waits for all verdicts first.

Rules: CUSTODY-061, ENGINE-021 to ENGINE-023.
"""

import json
import os
import socket
import struct
import threading
from collections.abc import Sequence
from contextlib import suppress
from itertools import starmap
from pathlib import Path
from typing import Final

from stannary.core.custody.postings import Posting
from stannary.core.custody.postings.rules import ACCOUNT_OPENS_ONCE
from stannary.core.kernel import Finding, RefusalError, refuse
from stannary.engines.posting import rules
from stannary.engines.posting.sequencer import MOST_IN_A_BATCH, Sequencer, checked
from stannary.engines.posting.wire import ASKED

_HEAD: Final = struct.Struct("!BI")
_TWO: Final = struct.Struct("!qq")
_ONE: Final = struct.Struct("!q")
_POST, _OPEN, _BALANCE = 1, 2, 3
_DONE, _REFUSED = 0, 1
_LONGEST_KEY = 1 << 10


class UnavailableError(Exception):
    """The sequencer went away before it answered; ask again with the same ids."""


class Service:
    """Takes connections and hands their postings to a sequencer."""

    def __init__(self, sequencer: Sequencer, path: Path) -> None:
        """Listen on a socket that only this user can open.

        Args:
            sequencer: It leads already.
            path: Of the socket; one that was left behind is replaced.
        """
        self._sequencer = sequencer
        path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        before = os.umask(0o177)
        try:
            self._listener.bind(str(path))
        finally:
            os.umask(before)
        self._listener.listen(64)
        self._listener.settimeout(0.2)  # so often it looks whether the sequencer still leads
        self._path = path
        self._stopped = False
        self._serving = threading.RLock()

    def serve(self) -> None:
        """Take connections until `stop`, or until the sequencer leads no more.

        Stopped before, it takes none.
        """
        with self._serving:
            while not self._stopped and self._sequencer.deposed is None:
                try:
                    connection, _ = self._listener.accept()
                except TimeoutError:
                    continue
                except OSError:
                    return
                connection.settimeout(None)
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def stop(self) -> None:
        """Take no more connections. May be called at any time, and again, from any thread."""
        self._stopped = True
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knock:
            knock.settimeout(0)
            knock.connect(str(self._path))  # whoever waits for a connection looks up
        self._path.unlink(missing_ok=True)
        # Closed while somebody waits on it, its number could become another file's.
        with self._serving:
            self._listener.close()

    def _talk(self, connection: socket.socket) -> None:
        with connection, suppress(OSError, struct.error, UnicodeError, EOFError):
            while True:
                self._answer(connection, *_HEAD.unpack(_exactly(connection, _HEAD.size)))

    def _answer(self, connection: socket.socket, operation: int, count: int) -> None:
        try:
            if operation == _POST:
                if not 1 <= count <= MOST_IN_A_BATCH:
                    raise EOFError
                asked = _exactly(connection, count * ASKED.size)
                postings: Sequence[Posting] = list(ASKED.iter_unpack(asked))  # type: ignore[arg-type]
                self._sequencer.enqueue(
                    postings, lambda verdicts, refusal: _reply(connection, verdicts, refusal)
                )
            elif operation == _OPEN and 1 < count <= _LONGEST_KEY:
                asked = _exactly(connection, count)
                number = self._sequencer.open(asked[1:].decode(), source=bool(asked[0]))
                _send(connection, _DONE, _ONE.pack(number))
            elif operation == _BALANCE:
                found = self._sequencer.available(count)
                _send(connection, _DONE, _TWO.pack(*found) if found else b"")
            else:
                raise EOFError
        except RefusalError as refusal:
            _reply(connection, None, refusal)


class Client:
    """Posts through a sequencer in another process. Not for several threads at once."""

    def __init__(self, path: Path) -> None:
        """Connect.

        Raises:
            UnavailableError: Nobody listens there.
        """
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.connect(str(path))
        except OSError as error:
            self._socket.close()
            raise UnavailableError(str(error)) from error

    def post(self, postings: Sequence[Posting]) -> list[int]:
        """Post and wait for the verdicts, which are stored when this returns.

        Raises:
            RefusalError: ENGINE-021 to ENGINE-023.
            UnavailableError: The sequencer went away.
        """
        checked(postings)
        self.send(postings)
        return self.receive()

    def send(self, postings: Sequence[Posting]) -> None:
        """Post without waiting; each call needs a `receive` later."""
        if not 1 <= len(postings) <= MOST_IN_A_BATCH:
            refuse(rules.REQUEST_IS_WITHIN_LIMITS, postings=str(len(postings)))
        self._ask(_POST, len(postings), b"".join(starmap(ASKED.pack, postings)))

    def receive(self) -> list[int]:
        """Wait for the verdicts of the oldest `send`."""
        return list(self._answer())

    def open(self, key: str, *, source: bool = False) -> int:
        """Open an account, or find it, and give its number."""
        asked = bytes([source]) + key.encode()
        self._ask(_OPEN, len(asked), asked)
        number: int = _ONE.unpack(self._answer())[0]
        return number

    def balance(self, number: int) -> tuple[int, int] | None:
        """Give balance and reserved of an account as decided up to now; None if it is not open."""
        self._ask(_BALANCE, number, b"")
        found = self._answer()
        if not found:
            return None
        balance, reserved = _TWO.unpack(found)
        return balance, reserved

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _ask(self, operation: int, count: int, content: bytes) -> None:
        try:
            self._socket.sendall(_HEAD.pack(operation, count) + content)
        except OSError as error:
            raise UnavailableError(str(error)) from error

    def _answer(self) -> bytes:
        try:
            status, count = _HEAD.unpack(_exactly(self._socket, _HEAD.size))
            content = _exactly(self._socket, count)
        except (OSError, EOFError) as error:
            raise UnavailableError(str(error)) from error
        if status == _REFUSED:
            code, facts = json.loads(content)
            raise RefusalError(Finding(_RULES.get(code, rules.POSTINGS_ARE_STORED), facts))
        return content


_RULES: Final = {
    rule.code: rule
    for rule in (
        rules.LEAD_IS_STILL_HELD,
        rules.REQUEST_IS_WITHIN_LIMITS,
        rules.POSTINGS_ARE_STORED,
        rules.BOOKS_AGREE,
        ACCOUNT_OPENS_ONCE,
    )
}


def _exactly(connection: socket.socket, size: int) -> bytes:
    parts = bytearray(size)
    view = memoryview(parts)
    done = 0
    while done < size:
        got = connection.recv_into(view[done:])
        if not got:
            raise EOFError
        done += got
    return bytes(parts)


def _reply(
    connection: socket.socket, verdicts: Sequence[int] | None, refusal: RefusalError | None
) -> None:
    if verdicts is not None:
        _send(connection, _DONE, bytes(verdicts))
    elif refusal is not None:
        first = refusal.findings[0]
        _send(connection, _REFUSED, json.dumps([first.code, dict(first.facts)]).encode())


def _send(connection: socket.socket, status: int, content: bytes) -> None:
    """Send without waiting: who does not listen is hung up on, and asks again."""
    whole = _HEAD.pack(status, len(content)) + content
    try:
        sent = connection.send(whole, socket.MSG_DONTWAIT)
    except OSError:
        sent = 0
    if sent != len(whole):
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)

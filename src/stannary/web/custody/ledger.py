"""The ledger of postings in the database of the register: who leads, and what is released.

Rules: CUSTODY-058, ENGINE-020, ENGINE-025.
"""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from stannary.core.kernel import RefusalError
from stannary.engines.posting import Sequencer, Store, StoreUnavailableError
from stannary.engines.posting.service import Service
from stannary.engines.posting.sqlite import SqliteStore

RELEASE_SECONDS = 10
"""How often a sequencer looks for what expired."""

_DUE = """
SELECT EXISTS (
  SELECT 1 FROM custody_posting held
  WHERE verdict = 0 AND kind = 2 AND expires_at_ms > 0 AND expires_at_ms <= %s
    AND NOT EXISTS (
      SELECT 1 FROM custody_posting ended
      WHERE ended.reservation = held.id AND ended.verdict = 0 AND ended.kind IN (3, 4)))
"""


def now_ms() -> int:
    """Give the instant, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def socket_path() -> Path:
    """Give the socket over which other processes of this user post."""
    home: Path = settings.HOME
    return home / "postings.socket"


def store_of(database: dict[str, Any]) -> Store:
    """Open the ledger in the database of the register, on a connection of its own."""
    if "sqlite" in database["ENGINE"]:
        return SqliteStore(Path(database["NAME"]))
    words = {
        "dbname": "NAME",
        "user": "USER",
        "password": "PASSWORD",
        "host": "HOST",
        "port": "PORT",
    }
    given = {word: str(database[name]) for word, name in words.items() if database.get(name)}
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415 - of the extra postgres

    from stannary.engines.posting.postgresql import PostgresqlStore  # noqa: PLC0415

    return PostgresqlStore(make_conninfo(**given))


def something_is_due(at_ms: int) -> bool:
    """Tell whether a reservation expired and is still set apart, with one query."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [at_ms])
        return bool(cursor.fetchone()[0])


def release_due(*, at_ms: int) -> int:
    """Release by the simple path what expired; say how much. While a sequencer leads, it does that."""
    if not something_is_due(at_ms):
        return 0
    store = store_of(settings.DATABASES["default"])
    try:
        if store.head().sequenced:
            return 0
        return sum(not store.post(one, now_ms=at_ms) for one in store.due(at_ms))
    finally:
        store.close()


def release_through(sequencer: Sequencer, store: Store, *, at_ms: int) -> int:
    """Release through a sequencer what expired; say how much.

    Args:
        sequencer: That leads.
        store: Another one than that of the sequencer, to look with.
        at_ms: The instant.
    """
    due = store.due(at_ms)
    return sequencer.post(due).count(0) if due else 0


def lead(ready: Callable[[Callable[[], None]], object]) -> None:
    """Lead the ledger and listen until stopped, and release now and then what expired.

    Args:
        ready: Called as soon as others can connect, with what stops it all.

    Raises:
        RefusalError: ENGINE-020 if another one leads; ENGINE-021 if another one takes the lead.
    """
    database = settings.DATABASES["default"]
    store, looking = store_of(database), store_of(database)
    try:
        sequencer = Sequencer(store, holder=f"{socket.gethostname()} postings")
    except RefusalError:
        store.close()
        looking.close()
        raise
    service = Service(sequencer, socket_path())
    stopping = threading.Event()

    def stop() -> None:
        stopping.set()
        service.stop()

    releasing = threading.Thread(target=_release, args=(sequencer, looking, stopping))
    releasing.start()
    try:
        ready(stop)
        service.serve()
    finally:
        stop()
        releasing.join()
        sequencer.stop()
        looking.close()
    if sequencer.deposed is not None:
        raise sequencer.deposed


def _release(sequencer: Sequencer, store: Store, stopping: threading.Event) -> None:
    """Release what expired, now and then; what cannot be done now is done the next time."""
    while not stopping.is_set():
        with suppress(RefusalError):  # it leads no more, or could not store it: nothing is released
            try:
                release_through(sequencer, store, at_ms=now_ms())
            except StoreUnavailableError:
                with suppress(StoreUnavailableError):
                    store.reconnect()
        stopping.wait(RELEASE_SECONDS)

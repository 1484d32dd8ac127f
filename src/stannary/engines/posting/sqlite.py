"""The ledger in SQLite: one writer at a time, WAL, every commit on the disk."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from itertools import chain
from operator import add
from pathlib import Path
from typing import Any

from stannary.core.custody.postings import MOST, NO_ID, POST, Posting
from stannary.core.kernel import InvariantError
from stannary.engines.posting.store import Rows, Store, StoreConflictError, StoreUnavailableError
from stannary.engines.posting.wire import Batch, Entries

_AT_MOST = 500  # values in one statement
_ROWS = 64
"""So many entries are added by one statement: it costs a third less than one each."""


class SqliteStore(Store):
    """A ledger in a file. Processes tell that they live by a lock on a file beside it."""

    vendor = "sqlite"
    locking = ""
    next_seq = "(SELECT COALESCE(MAX(seq), 0) + 1 FROM custody_posting)"

    def __init__(self, path: Path, *, wait_s: int = 20, max_pages: int = 0) -> None:
        """Open the file; it is made if it is not there.

        Args:
            path: Of the database.
            wait_s: How long to wait for another writer.
            max_pages: How many pages the file may have; 0 for no limit.
        """
        self.path = path
        self.max_pages = max_pages
        self._wait_s = wait_s
        self._lock: int | None = None
        self._lock_path: Path | None = None
        self._connect()

    def _connect(self) -> None:
        self._base = sqlite3.connect(
            self.path, timeout=self._wait_s, isolation_level=None, check_same_thread=False
        )
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=FULL")
        self._base.execute("PRAGMA cache_size=-64000")
        if self.max_pages:
            self._base.execute(f"PRAGMA max_page_count={self.max_pages}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Begin, and commit at the end; inside of a snapshot go on with that."""
        if self._inside():
            yield
            return
        try:
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._base.execute("COMMIT")
            except BaseException:
                if self._base.in_transaction:
                    with suppress(sqlite3.Error):  # what happened first is what is told
                        self._base.execute("ROLLBACK")
                raise
        except sqlite3.IntegrityError as error:
            if "UNIQUE" in str(error):
                raise StoreConflictError(str(error)) from error
            raise InvariantError(str(error)) from error
        except sqlite3.Error as error:
            raise StoreUnavailableError(str(error)) from error

    def _inside(self) -> bool:
        return self._base.in_transaction

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a statement and give what it returns."""
        return self._base.execute(sql.replace("%s", "?"), values).fetchall()

    def count(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run a statement and give how many rows it changed."""
        return self._base.execute(sql.replace("%s", "?"), values).rowcount

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Begin to read; others may write meanwhile."""
        try:
            self._base.execute("BEGIN")
            try:
                yield
            finally:
                self._base.execute("COMMIT")
        except sqlite3.Error as error:
            raise StoreUnavailableError(str(error)) from error

    def together(self) -> AbstractContextManager[None]:
        """Begin, and commit at the end."""
        return self.transaction()

    def ask(self, sql: str, values: Sequence[Any] = ()) -> Rows:
        """Run a statement, and give what fetches its rows."""
        return self._base.execute(sql.replace("%s", "?"), values).fetchall

    def stream(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Give the rows of a query one after another."""
        try:
            yield from self._base.execute(sql.replace("%s", "?"), values)
        except sqlite3.Error as error:
            raise StoreUnavailableError(str(error)) from error

    def insert_entries(self, batch: Batch, entries: Entries) -> None:
        """Add many entries by each statement, and one by each of what is left."""
        places = range(entries.first_seq, batch.last_seq + 1)
        rows = list(map(add, entries.postings, zip(places, entries.verdicts, strict=True)))
        many = len(rows) // _ROWS * _ROWS
        for start in range(0, many, _ROWS):
            values = chain.from_iterable(rows[start : start + _ROWS])
            self._base.execute(_MANY, [batch.at_ms, *values])
        self._base.executemany(_ONE, [(batch.at_ms, *row) for row in rows[many:]])

    def update_accounts(self, changed: Sequence[tuple[int, int, int]]) -> None:
        """Write balances."""
        self._base.executemany(
            "UPDATE custody_posting_account SET balance = ?, reserved = ? WHERE number = ?",
            [(balance, reserved, number) for number, balance, reserved in changed],
        )

    def among(self, column: str, ids: Sequence[bytes]) -> list[tuple[Any, ...]]:
        """Read entries by an id."""
        found: list[tuple[Any, ...]] = []
        ended = " AND verdict = 0 AND kind IN (3, 4)" if column == "reservation" else ""
        for start in range(0, len(ids), _AT_MOST):
            some = ids[start : start + _AT_MOST]
            marks = ", ".join("?" * len(some))
            found += self._base.execute(
                f"SELECT * FROM custody_posting WHERE {column} IN ({marks}){ended}",  # noqa: S608
                list(some),
            )
        return found

    def _lock_name(self, token: int) -> Path:
        return self.path.with_name(f"{self.path.name}-lead-{token}")

    def leader_is_gone(self, token: int) -> bool:
        """Whether nobody holds the lock file of a token."""
        try:
            descriptor = os.open(self._lock_name(token), os.O_RDWR)
        except FileNotFoundError:
            return True
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(descriptor)
        return True

    def hold(self, token: int) -> None:
        """Lock the file of a token, and take away that of the one before."""
        self.let_go()
        self._lock_path = self._lock_name(token)
        self._lock = os.open(self._lock_path, os.O_RDWR | os.O_CREAT, 0o600)
        with suppress(BlockingIOError):
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._lock_name(token - 1).unlink(missing_ok=True)

    def let_go(self) -> None:
        """Unlock and remove the file."""
        if self._lock is not None and self._lock_path is not None:
            self._lock_path.unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = None

    def stop_simple_writers(self) -> None:
        """Nothing to do: this transaction is the only writer."""

    def enter_simple(self) -> None:
        """Nothing to do: this transaction is the only writer."""

    def free_simple_writers(self) -> None:
        """Nothing to do: a place is taken from what is there."""

    def lock_accounts(self, numbers: Sequence[int]) -> Rows:
        """Read accounts; this transaction is the only writer."""
        return self.ask(
            "SELECT number, least, balance, reserved FROM custody_posting_account"
            " WHERE number IN (?, ?) ORDER BY number",
            (numbers[0], numbers[-1]),
        )

    def post_at_once(self, posting: Posting, at_ms: int) -> bool:
        """Take, give and store in one transaction, or do nothing."""
        identity, _, source, target, amount, *_ = posting
        run = self._base.execute
        try:
            run("BEGIN IMMEDIATE")
            done = (
                run(_DEBIT, (amount, source, amount)).rowcount == 1
                and run(_CREDIT, (amount, target, MOST - amount)).rowcount == 1
                and run(
                    _INSERT, (identity, POST, source, target, amount, NO_ID, 0, at_ms, 0)
                ).rowcount
                == 1
            )
            run("COMMIT" if done else "ROLLBACK")
        except sqlite3.IntegrityError:
            run("ROLLBACK")
            return False
        except sqlite3.Error as error:
            if self._base.in_transaction:
                with suppress(sqlite3.Error):
                    run("ROLLBACK")
            raise StoreUnavailableError(str(error)) from error
        return done

    def close(self) -> None:
        """Close the file and let go."""
        self.let_go()
        self._base.close()

    def reconnect(self) -> None:
        """Open the file again."""
        with suppress(sqlite3.Error):
            self._base.close()
        try:
            self._connect()
        except sqlite3.Error as error:
            raise StoreUnavailableError(str(error)) from error


_INTO = (
    "INSERT INTO custody_posting"
    " (id, kind, source, target, amount, reservation, expires_at_ms, seq, verdict, at_ms) VALUES"
)
_ONE = f"{_INTO} (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?1)"
_MANY = f"{_INTO} " + ", ".join(
    "({}, ?1)".format(", ".join(f"?{2 + 9 * row + column}" for column in range(9)))
    for row in range(_ROWS)
)
_DEBIT = (
    "UPDATE custody_posting_account SET balance = balance - ? WHERE number = ?"
    " AND balance - reserved - ? >= least AND (SELECT sequenced FROM custody_posting_head) = 0"
)
_CREDIT = (
    "UPDATE custody_posting_account SET balance = balance + ? WHERE number = ? AND balance <= ?"
)
_INSERT = (
    "INSERT INTO custody_posting SELECT (SELECT COALESCE(MAX(seq), 0) + 1 FROM custody_posting),"
    " ?, ?, ?, ?, ?, ?, ?, MAX(?, at_ms), ? FROM custody_posting_head"
)

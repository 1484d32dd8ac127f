"""The ledger in PostgreSQL: bulk by binary COPY, one at a time by one conditional statement."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

import psycopg
from psycopg import errors

from stannary.core.custody.postings import Posting
from stannary.core.kernel import InvariantError, refuse
from stannary.engines.posting import rules
from stannary.engines.posting.store import (
    LEASE_MS,
    WRITE_HEAD,
    Rows,
    Store,
    StoreConflictError,
    StoreUnavailableError,
    head_values,
)
from stannary.engines.posting.wire import Batch, Entries

_LOCK_CLASS = 0x57A4
"""First half of the advisory locks by which a leader shows that its session is alive."""

_FEW = 32
"""So few entries are inserted without COPY, which needs answers in between."""

_COPY_HEAD = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_COPY_END = b"\xff\xff"


class PostgresqlStore(Store):
    """A ledger on a server. A leader whose session has ended is gone."""

    vendor = "postgresql"
    locking = " FOR UPDATE"
    next_seq = "nextval('custody_posting_seq')"

    def __init__(self, url: str, *, lease_ms: int = LEASE_MS) -> None:
        """Connect.

        Args:
            url: As psycopg takes it; "" takes the usual variables of the environment.
            lease_ms: A transaction in which nothing happens for so long is ended by the server,
                so that a leader that is stopped in the middle holds nobody up.
        """
        self._url = url
        self._lease_ms = lease_ms
        self._connect()

    def _connect(self) -> None:
        self._base = psycopg.connect(self._url, autocommit=True)
        self._base.execute(f"SET idle_in_transaction_session_timeout = {self._lease_ms:d}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in the words of the engine what went wrong."""
        try:
            yield
        except errors.UniqueViolation as error:
            raise StoreConflictError(str(error)) from error
        except (psycopg.IntegrityError, psycopg.DataError) as error:
            raise InvariantError(str(error)) from error
        except psycopg.Error as error:
            raise StoreUnavailableError(str(error).strip()) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Begin, and commit at the end."""
        with self._told(), self._base.transaction():
            yield

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Begin to read; others may write meanwhile."""
        with self._told(), self._base.transaction():
            self._base.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield

    @contextmanager
    def together(self) -> Iterator[None]:
        """Begin, and commit at the end; statements are sent until an answer is fetched."""
        with self._told(), self._base.pipeline(), self._base.transaction():
            yield

    def ask(self, sql: str, values: Sequence[Any] = ()) -> Rows:
        """Send a statement, and give what fetches its rows."""
        return self._base.execute(sql.encode(), values).fetchall

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a statement and give what it returns."""
        return self._base.execute(sql.encode(), values).fetchall()

    def count(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run a statement and give how many rows it changed."""
        return self._base.execute(sql.encode(), values).rowcount

    def stream(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Give the rows of a query one after another, from a cursor of the server."""
        with self.transaction(), self._base.cursor(name="posting_stream") as cursor:
            cursor.itersize = 20_000
            cursor.execute(sql.encode(), values)
            yield from cursor

    def write(
        self, batch: Batch, entries: Entries, *, token: int, lease_until_ms: int,
        changed: Sequence[tuple[int, int, int]] | None,
    ) -> None:  # fmt: skip
        """Write a batch; a small one without waiting between its statements.

        Nothing of it is stored but under the condition on the head, as in a large one.
        """
        if batch.size > _FEW:
            super().write(
                batch, entries, token=token, lease_until_ms=lease_until_ms, changed=changed
            )
            return
        fence = (token, batch.hash)
        with self.together():
            with self._base.pipeline():
                led = self._base.execute(
                    WRITE_HEAD.encode(), head_values(batch, token, lease_until_ms, changed)
                )
                self.ask(_SOME, (batch.at_ms, *_columns(entries), *fence))
                self.ask(_BATCH, (*batch, token, *fence))
                if changed:
                    self.update_accounts(changed)
            if led.rowcount != 1:
                refuse(rules.LEAD_IS_STILL_HELD, token=str(token))

    def insert_entries(self, batch: Batch, entries: Entries) -> None:
        """Copy the packed rows."""
        del batch
        with (
            self._base.cursor() as cursor,
            cursor.copy("COPY custody_posting FROM STDIN (FORMAT binary)") as copy,
        ):
            copy.write(b"".join((_COPY_HEAD, entries.rows, _COPY_END)))

    def update_accounts(self, changed: Sequence[tuple[int, int, int]]) -> None:
        """Write balances by one statement."""
        numbers, balances, reserved = (list(column) for column in zip(*changed, strict=True)) if (
            changed
        ) else ([], [], [])  # fmt: skip
        self._base.execute(
            "UPDATE custody_posting_account AS there SET balance = one.balance, reserved = one.reserved"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS one (number, balance, reserved)"
            " WHERE there.number = one.number",
            (numbers, balances, reserved),
        )

    def among(self, column: str, ids: Sequence[bytes]) -> list[tuple[Any, ...]]:
        """Read entries by an id."""
        if not ids:
            return []
        ended = " AND verdict = 0 AND kind IN (3, 4)" if column == "reservation" else ""
        return self.rows(
            f"SELECT * FROM custody_posting WHERE {column} = ANY(%s::uuid[]){ended}",  # noqa: S608
            ([UUID(bytes=one) for one in ids],),
        )

    def id_in(self, identity: bytes) -> UUID:
        """Give an id as a UUID."""
        return UUID(bytes=identity)

    def id_out(self, value: UUID) -> bytes:
        """Give the bytes of a UUID."""
        return value.bytes

    def leader_is_gone(self, token: int) -> bool:
        """Whether no other session holds the lock of a token."""
        key = (_LOCK_CLASS, token % 2**31)
        ((free,),) = self.rows("SELECT pg_try_advisory_lock(%s::int, %s::int)", key)
        if free:
            self.rows("SELECT pg_advisory_unlock(%s::int, %s::int)", key)
        return bool(free)

    def hold(self, token: int) -> None:
        """Lock a token for as long as this session lives."""
        self.let_go()
        key = (_LOCK_CLASS, token % 2**31)
        self.rows("SELECT pg_try_advisory_lock(%s::int, %s::int)", key)

    def let_go(self) -> None:
        """Unlock."""
        with suppress(psycopg.Error):
            self._base.execute("SELECT pg_advisory_unlock_all()")

    def stop_simple_writers(self) -> None:
        """Wait for statements under way; those that come read the head after this commits."""
        self.count("LOCK TABLE custody_posting_account IN SHARE ROW EXCLUSIVE MODE")

    def enter_simple(self) -> None:
        """Take the lock that every change of an account takes; `stop_simple_writers` waits for it."""
        self.ask("LOCK TABLE custody_posting_account IN ROW EXCLUSIVE MODE")

    def free_simple_writers(self) -> None:
        """Set the sequence to the last place."""
        self.rows(
            "SELECT setval('custody_posting_seq', GREATEST(seq, 1), seq > 0) FROM custody_posting_head"
        )

    def lock_accounts(self, numbers: Sequence[int]) -> Rows:
        """Lock accounts in the order of their numbers and read them."""
        return self.ask(
            "SELECT number, least, balance, reserved FROM custody_posting_account"
            " WHERE number = ANY(%s) ORDER BY number FOR UPDATE",
            (list(numbers),),
        )

    def post_at_once(self, posting: Posting, at_ms: int) -> bool:
        """Take, give and store by one statement, or do nothing.

        The account with the lower number is changed first, so that no two wait for each other. The
        table is locked before the statement looks at the head, so it sees who leads.
        """
        identity, _, source, target, amount, *_ = posting
        values = {"id": UUID(bytes=identity), "source": source, "target": target,
                  "amount": amount, "at_ms": at_ms}  # fmt: skip
        statement = _DEBIT_FIRST if source < target else _CREDIT_FIRST  # type: ignore[operator]
        try:
            return self._base.execute(statement, values).rowcount == 1
        except (psycopg.IntegrityError, psycopg.DataError):
            return False  # the id is there, or the second account did not allow it
        except psycopg.Error as error:
            raise StoreUnavailableError(str(error).strip()) from error

    def close(self) -> None:
        """Close the connection."""
        with suppress(psycopg.Error):
            self._base.close()

    def reconnect(self) -> None:
        """Connect again."""
        self.close()
        try:
            self._connect()
        except psycopg.Error as error:
            raise StoreUnavailableError(str(error).strip()) from error


def _columns(entries: Entries) -> tuple[list[Any], ...]:
    ids, kinds, sources, targets, amounts, named, expires = zip(*entries.postings, strict=True)
    return (
        list(range(entries.first_seq, entries.first_seq + len(ids))),
        [UUID(bytes=one) for one in ids], list(kinds), list(sources), list(targets),
        list(amounts), [UUID(bytes=one) for one in named], list(expires), list(entries.verdicts),
    )  # fmt: skip


_LED = "EXISTS (SELECT 1 FROM custody_posting_head WHERE token = %s AND hash = %s)"
_SOME = f"""
INSERT INTO custody_posting (seq, id, kind, source, target, amount, reservation, expires_at_ms, verdict, at_ms)
SELECT one.*, %s::bigint FROM unnest(%s::bigint[], %s::uuid[], %s::smallint[], %s::bigint[], %s::bigint[],
  %s::bigint[], %s::uuid[], %s::bigint[], %s::smallint[]) AS one WHERE {_LED}
"""  # noqa: S608 - fixed texts
_BATCH = f"""
INSERT INTO custody_posting_batch (number, first_seq, last_seq, count, at_ms, previous, hash, token)
SELECT %s::bigint, %s::bigint, %s::bigint, %s::bigint, %s::bigint, %s::bytea, %s::bytea, %s::bigint WHERE {_LED}
"""
_COVERED = "balance - reserved - %(amount)s::bigint >= least"
_ROOM = "balance <= 9000000000000000000 - %(amount)s::bigint"
_CHANGE = "UPDATE custody_posting_account SET balance = balance"
_TAKE = f"{_CHANGE} - %(amount)s::bigint WHERE number = %(source)s::bigint AND {_COVERED}"
_GIVE = f"{_CHANGE} + %(amount)s::bigint WHERE number = %(target)s::bigint AND {_ROOM}"
_FREE = "free AS MATERIALIZED (SELECT at_ms FROM custody_posting_head WHERE sequenced = 0)"
_STORE = """
INSERT INTO custody_posting (seq, id, kind, source, target, amount, reservation, expires_at_ms, at_ms, verdict)
SELECT nextval('custody_posting_seq'), %(id)s::uuid, 1, %(source)s::bigint, %(target)s::bigint,
  CASE WHEN second.number IS NULL THEN NULL ELSE %(amount)s::bigint END,
  '00000000-0000-0000-0000-000000000000', 0, GREATEST(%(at_ms)s::bigint, free.at_ms), 0
FROM free CROSS JOIN first LEFT JOIN second ON true
"""
_DEBIT_FIRST = f"""
WITH {_FREE},
first AS ({_TAKE} AND EXISTS (SELECT 1 FROM free) AND EXISTS (
  SELECT 1 FROM custody_posting_account WHERE number = %(target)s::bigint AND {_ROOM}) RETURNING number),
second AS ({_GIVE} AND EXISTS (SELECT 1 FROM first) RETURNING number) {_STORE}
""".encode()  # noqa: S608 - fixed texts
_CREDIT_FIRST = f"""
WITH {_FREE},
first AS ({_GIVE} AND EXISTS (SELECT 1 FROM free) AND EXISTS (
  SELECT 1 FROM custody_posting_account WHERE number = %(source)s::bigint AND {_COVERED}) RETURNING number),
second AS ({_TAKE} AND EXISTS (SELECT 1 FROM first) RETURNING number) {_STORE}
""".encode()  # noqa: S608 - fixed texts

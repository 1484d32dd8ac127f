"""What the engine asks of a database, and all of it that SQLite and PostgreSQL do alike.

Rules: CUSTODY-050 to CUSTODY-061, ENGINE-020, ENGINE-021, ENGINE-023, ENGINE-025.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from typing import Any, Final, NamedTuple, cast

from stannary.core.custody.postings import (
    MOST,
    NO_ID,
    POST,
    RESERVE,
    VOID,
    Account,
    Ledger,
    Posting,
    Reservation,
    decide,
    form_of,
    posting_id,
)
from stannary.core.custody.postings.rules import ACCOUNT_OPENS_ONCE
from stannary.core.kernel import refuse
from stannary.engines.posting import rules, schema
from stannary.engines.posting.wire import Batch, Entries, Entry, chained, row_of

LEASE_MS: Final = 5_000
_TRIES: Final = 3
_FIELDS = "seq, id, kind, source, target, amount, reservation, expires_at_ms, at_ms, verdict"


WRITE_HEAD: Final = (
    "UPDATE custody_posting_head SET batch = %s, seq = %s, at_ms = %s, hash = %s, lease_until_ms = %s,"
    " checkpoint_seq = COALESCE(CAST(%s AS BIGINT), checkpoint_seq)"
    " WHERE token = %s AND batch = %s AND hash = %s"
)
_SELECT = f"SELECT {_FIELDS} FROM custody_posting WHERE"  # noqa: S608 - a fixed text
_PLACES = f"{_SELECT} seq > %s AND seq <= %s ORDER BY seq"
_LATEST = "SELECT at_ms FROM custody_posting ORDER BY seq DESC LIMIT 1"
_HEAD = (
    "SELECT token, holder, sequenced, lease_until_ms, batch, seq, checkpoint_seq, at_ms, hash"
    " FROM custody_posting_head"
)


class StoreUnavailableError(Exception):
    """The database did not store it, or did not say whether it did."""


class StoreConflictError(Exception):
    """Somebody else stored the same id or ended the same reservation at this moment."""


Rows = Callable[[], list[tuple[Any, ...]]]
"""Fetches what was asked for."""


class Head(NamedTuple):
    """The one row that says who leads and how far the ledger is.

    Attributes:
        token: Grows with every leader; a batch with an older one is not written.
        sequenced: Whether a sequencer leads or led and did not end in order; then account rows
            are those of `checkpoint_seq`.
        seq: The last posting that is chained.
        at_ms: The latest instant that a sequencer decided at.
    """

    token: int
    holder: str
    sequenced: bool
    lease_until_ms: int
    batch: int
    seq: int
    checkpoint_seq: int
    at_ms: int
    hash: bytes


class StoredAccount(NamedTuple):
    """An account row."""

    number: int
    key: str
    least: int
    balance: int
    reserved: int


class Known(NamedTuple):
    """What the database knows of an id: its entry, and whether a reservation under it ended."""

    entry: Entry
    ended: bool


class Store(ABC):
    """A database with the tables of the ledger. Not for several threads at once."""

    vendor: schema.Vendor
    next_seq: str
    locking: str

    # What the two do differently.

    @abstractmethod
    def transaction(self) -> AbstractContextManager[None]:
        """Begin, and commit at the end; roll back and raise StoreUnavailableError on failure."""

    @abstractmethod
    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a statement inside of a transaction and give what it returns."""

    @abstractmethod
    def count(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run a statement inside of a transaction and give how many rows it changed."""

    @abstractmethod
    def snapshot(self) -> AbstractContextManager[None]:
        """Read everything as of one moment, while others write."""

    @abstractmethod
    def together(self) -> AbstractContextManager[None]:
        """Begin as `transaction` does; what is asked may be sent before answers are fetched."""

    @abstractmethod
    def ask(self, sql: str, values: Sequence[Any] = ()) -> Rows:
        """Run a statement, and give what fetches the rows that it returns."""

    @abstractmethod
    def stream(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Run a query in a transaction of its own and give its rows one after another."""

    @abstractmethod
    def insert_entries(self, batch: Batch, entries: Entries) -> None:
        """Add the entries of a batch in bulk."""

    @abstractmethod
    def update_accounts(self, changed: Sequence[tuple[int, int, int]]) -> None:
        """Write number, balance and reserved of accounts."""

    @abstractmethod
    def leader_is_gone(self, token: int) -> bool:
        """Whether the process that leads with a token has ended, as far as this can be known."""

    @abstractmethod
    def hold(self, token: int) -> None:
        """Show other processes that the one that leads with this token is alive."""

    @abstractmethod
    def let_go(self) -> None:
        """Stop to show it."""

    @abstractmethod
    def stop_simple_writers(self) -> None:
        """Inside of a transaction: wait for simple postings under way, and keep others out."""

    @abstractmethod
    def enter_simple(self) -> None:
        """Inside of a transaction: let nobody begin to lead before it ends, then read the head."""

    @abstractmethod
    def free_simple_writers(self) -> None:
        """Inside of a transaction: let simple postings take the places after the last one."""

    @abstractmethod
    def lock_accounts(self, numbers: Sequence[int]) -> Rows:
        """Inside of a transaction: lock one or two accounts in the order of numbers and ask for them."""

    @abstractmethod
    def post_at_once(self, posting: Posting, at_ms: int) -> bool:
        """Book a plain posting by one conditional update; False if that did not book it."""

    @abstractmethod
    def close(self) -> None:
        """Close the connection; whatever was held is let go."""

    @abstractmethod
    def reconnect(self) -> None:
        """Begin anew after a failure."""

    def id_in(self, identity: bytes) -> Any:
        """Give an id as the database takes it."""
        return identity

    def id_out(self, value: Any) -> bytes:
        """Give an id from what the database gave."""
        return bytes(value)

    # What both do alike.

    def create(self) -> None:
        """Make the tables, if they are not there."""
        with self.transaction():
            for statement in schema.statements(self.vendor):
                self.count(statement)

    def head(self) -> Head:
        """Read the head."""
        with self.transaction():
            return self._head()

    def _head(self, *, lock: bool = False) -> Head:
        ((token, holder, sequenced, lease, batch, seq, point, at_ms, digest),) = self.rows(
            _HEAD + self.locking if lock else _HEAD
        )
        return Head(token, holder, bool(sequenced), lease, batch, seq, point, at_ms, bytes(digest))

    def accounts(self) -> list[StoredAccount]:
        """Read every account row."""
        with self.transaction():
            return [
                StoredAccount(*row)
                for row in self.rows(
                    "SELECT number, key, least, balance, reserved FROM custody_posting_account ORDER BY number"
                )
            ]

    def numbers(self, keys: Sequence[str]) -> dict[str, int]:
        """Give the numbers of the accounts that are open."""
        with self.transaction():
            found: dict[str, int] = {}
            for key in keys:
                for (number,) in self.rows(
                    "SELECT number FROM custody_posting_account WHERE key = %s", (key,)
                ):
                    found[key] = number
            return found

    def open_accounts(self, wanted: Mapping[str, bool], *, token: int | None = None) -> list[int]:
        """Open accounts: key to whether it is a source. Those that are there are given as they are.

        Args:
            wanted: Opened in this order.
            token: Of the sequencer that leads; None on the simple path.

        Raises:
            RefusalError: CUSTODY-061 if one is there as something else. ENGINE-021 or ENGINE-025
                if this is not the one who may.
        """
        with self.transaction():
            head = self._head(lock=True)
            if token is None and head.sequenced:
                refuse(rules.SIMPLE_PATH_IS_FREE, holder=head.holder)
            if token is not None and head.token != token:
                refuse(rules.LEAD_IS_STILL_HELD, token=str(token), leads=str(head.token))
            ((last,),) = self.rows("SELECT COALESCE(MAX(number), 0) FROM custody_posting_account")
            numbers = []
            for key, source in wanted.items():
                least = -MOST if source else 0
                there = self.rows(
                    "SELECT number, least FROM custody_posting_account WHERE key = %s", (key,)
                )
                if there and there[0][1] != least:
                    refuse(ACCOUNT_OPENS_ONCE, account=key[:80], source="no" if source else "yes")
                if not there:
                    last += 1
                    self.count(
                        "INSERT INTO custody_posting_account (number, key, least) VALUES (%s, %s, %s)",
                        (last, key, least),
                    )
                numbers.append(there[0][0] if there else last)
            return numbers

    # Leading.

    def acquire(
        self, *, holder: str, now_ms: int, lease_ms: int = LEASE_MS, after: int | None = None
    ) -> Head:
        """Begin to lead: nobody else leads, or whoever did is gone or let the lease run out.

        Postings of the simple path since the last batch are chained as a batch of their own.

        Args:
            holder: What others are told when they ask who leads.
            now_ms: When.
            lease_ms: For how long nobody else takes the lead from one that seems to live.
            after: The token with which the same sequencer led up to now, if it begins anew.

        Raises:
            RefusalError: ENGINE-020 if another one leads.
        """
        with self.transaction():
            head = self._head(lock=True)
            if (
                head.sequenced
                and head.token != after
                and now_ms < head.lease_until_ms
                and not self.leader_is_gone(head.token)
            ):
                refuse(rules.ONE_SEQUENCER_LEADS, holder=head.holder, token=str(head.token))
            if not head.sequenced:
                self.stop_simple_writers()
                head = self._with_loose(head)
            head = head._replace(
                token=head.token + 1, holder=holder, sequenced=True,
                lease_until_ms=now_ms + lease_ms, at_ms=max(now_ms, head.at_ms),
            )  # fmt: skip
            self.count(
                "UPDATE custody_posting_head SET token = %s, holder = %s, sequenced = 1, lease_until_ms = %s,"
                " batch = %s, seq = %s, checkpoint_seq = %s, at_ms = %s, hash = %s",
                (head.token, holder, head.lease_until_ms, head.batch, head.seq,
                 head.checkpoint_seq, head.at_ms, head.hash),
            )  # fmt: skip
            self.hold(head.token)
            return head

    def _with_loose(self, head: Head) -> Head:
        """Chain what the simple path posted; its account rows are up to date."""
        count, at_ms, first = 0, head.at_ms, 0
        last, rows = head.seq, []
        for entry in map(self._entry, self.rows(_PLACES, (head.seq, MOST))):
            first = first or entry.seq
            last, count, at_ms = entry.seq, count + 1, max(at_ms, entry.at_ms)
            rows.append(row_of(*entry))
        if not count:
            return head._replace(checkpoint_seq=head.seq)
        batch = chained(
            number=head.batch + 1, first_seq=first, last_seq=last, size=count, at_ms=at_ms,
            previous=head.hash, rows=rows,
        )  # fmt: skip
        self._insert_batch(batch, head.token + 1)
        return head._replace(
            batch=batch.number, seq=last, checkpoint_seq=last, at_ms=at_ms, hash=batch.hash
        )

    def _insert_batch(self, batch: Batch, token: int) -> None:
        self.count(
            "INSERT INTO custody_posting_batch (number, first_seq, last_seq, count, at_ms, previous, hash, token)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            (*batch, token),
        )

    def write(
        self, batch: Batch, entries: Entries, *, token: int, lease_until_ms: int,
        changed: Sequence[tuple[int, int, int]] | None,
    ) -> None:  # fmt: skip
        """Write a batch, if whoever writes still leads. It is stored when this returns.

        Args:
            batch: The next one, chained to the last.
            entries: What is new in it.
            token: Of the writer.
            lease_until_ms: Until when nobody else takes the lead.
            changed: Number, balance and reserved of every account that changed since the last
                checkpoint, to make one; None for none.

        Raises:
            RefusalError: ENGINE-021 if another one leads; nothing was written.
            StoreUnavailableError: It was not stored, or that is not known.
        """
        with self.transaction():
            led = self.count(WRITE_HEAD, head_values(batch, token, lease_until_ms, changed))
            if led != 1:
                refuse(rules.LEAD_IS_STILL_HELD, token=str(token), leads=str(self._head().token))
            self.insert_entries(batch, entries)
            self._insert_batch(batch, token)
            if changed:
                self.update_accounts(changed)

    def renew(self, *, token: int, lease_until_ms: int) -> None:
        """Keep the lead while nothing is posted.

        Raises:
            RefusalError: ENGINE-021 if another one leads.
        """
        with self.transaction():
            led = self.count(
                "UPDATE custody_posting_head SET lease_until_ms = %s WHERE token = %s",
                (lease_until_ms, token),
            )
            if led != 1:
                refuse(rules.LEAD_IS_STILL_HELD, token=str(token), leads=str(self._head().token))

    def release(self, *, token: int, changed: Sequence[tuple[int, int, int]]) -> None:
        """End in order: with account rows up to date, so that the simple path is free again."""
        with self.transaction():
            led = self.count(
                "UPDATE custody_posting_head SET sequenced = 0, holder = '', lease_until_ms = 0,"
                " checkpoint_seq = seq WHERE token = %s",
                (token,),
            )
            if led != 1:
                refuse(rules.LEAD_IS_STILL_HELD, token=str(token), leads=str(self._head().token))
            if changed:
                self.update_accounts(changed)
            self.free_simple_writers()
        self.let_go()

    # Reading.

    def _entry(self, row: Sequence[Any]) -> Entry:
        seq, identity, kind, source, target, amount, reservation, expires, at_ms, verdict = row
        posting = Posting(
            self.id_out(identity), kind, source, target, amount, self.id_out(reservation), expires
        )
        return Entry(seq, posting, at_ms, verdict)

    def entries(self, *, after: int, until: int | None = None) -> Iterator[Entry]:
        """Read postings in the order in which they were decided, after a place up to another."""
        last = MOST if until is None else until
        yield from map(self._entry, self.stream(_PLACES, (after, last)))

    def batches(self) -> list[tuple[Batch, int]]:
        """Read every batch with the token of who wrote it, in order."""
        with self.transaction():
            return [
                (Batch(number, first, last, size, at_ms, bytes(previous), bytes(digest)), token)
                for number, first, last, size, at_ms, previous, digest, token in self.rows(
                    "SELECT number, first_seq, last_seq, count, at_ms, previous, hash, token"
                    " FROM custody_posting_batch ORDER BY number"
                )
            ]

    def newest_id(self) -> bytes:
        """Give the latest id in the order of time; the nil id if there is none."""
        with self.transaction():
            found = self.rows("SELECT id FROM custody_posting ORDER BY id DESC LIMIT 1")
            return self.id_out(found[0][0]) if found else NO_ID

    @abstractmethod
    def among(self, column: str, ids: Sequence[bytes]) -> list[tuple[Any, ...]]:
        """Read entries whose id, or whose reservation, is one of these."""

    def known(self, ids: Sequence[bytes], *, until: int = MOST) -> list[Known]:
        """Tell what the database knows of ids, as of a place in the order of decisions."""
        with self.transaction():
            return self._known(ids, until)

    def _known(self, ids: Sequence[bytes], until: int = MOST) -> list[Known]:
        found = [self._entry(row) for row in self.among("id", ids)]
        held = [one.posting.id for one in found if one.posting.kind == RESERVE and not one.verdict]
        ends = {
            end.posting.reservation
            for end in map(self._entry, self.among("reservation", held))
            if end.seq <= until and not end.verdict
        }
        return [Known(one, one.posting.id in ends) for one in found if one.seq <= until]

    def sums(self) -> dict[int, tuple[int, int]]:
        """Add up, in the database, what the accepted postings give every account.

        Returns:
            Number to balance and reserved, for each account that a posting named.
        """
        with self.transaction():
            return {
                number: (int(balance), int(reserved))
                for number, balance, reserved in self.rows(_SUMS)
            }

    def due(self, at_ms: int, *, most: int = 1_000) -> list[Posting]:
        """Give the releases of reservations that expired up to an instant and did not end.

        Their ids follow from the reservation, so that a release that is posted twice is one.
        """
        with self.transaction():
            rows = self.rows(_DUE, (at_ms, most))
        held = [self._entry(row).posting for row in rows]
        return [
            Posting(
                posting_id(at_ms=one.expires_at_ms, entropy=_entropy_of(one.id)),
                VOID, one.source, one.target, 0, one.id,
            )
            for one in held
        ]  # fmt: skip

    # The simple path.

    def post(self, posting: Posting, *, now_ms: int) -> int:
        """Decide and store one posting in one transaction; several may do so at the same time.

        A plain posting that is covered is one conditional update. Everything else is decided by
        `core` under the locks of its two accounts.

        Returns:
            The verdict: 0, or the number of the rule that refused.

        Raises:
            RefusalError: ENGINE-025 if a sequencer leads.
        """
        if posting.kind == POST and not form_of(posting) and self.post_at_once(posting, now_ms):
            return 0
        for _ in range(_TRIES - 1):
            with suppress(StoreConflictError):
                return self._post_alone(posting, now_ms)
        return self._post_alone(posting, now_ms)

    def _post_alone(self, posting: Posting, now_ms: int) -> int:
        with self.together():
            self.enter_simple()
            numbers = sorted({cast("int", posting.source), cast("int", posting.target)})
            head_rows = self.ask(_HEAD)
            account_rows = self.lock_accounts(numbers)
            latest_rows = self.ask(_LATEST)
            known_rows = self.ask_known(posting)
            head = _head_of(head_rows())
            if head.sequenced:
                refuse(rules.SIMPLE_PATH_IS_FREE, holder=head.holder)
            ledger = Ledger()
            before = account_rows()
            for number, least, balance, reserved in before:
                ledger.accounts[number] = Account(balance, reserved, least)
            ledger.advance(max(now_ms, head.at_ms, *(row[0] for row in latest_rows())))
            found, ends = (list(map(self._entry, rows())) for rows in known_rows)
            ended = {one.posting.reservation for one in ends}
            remember(ledger, [Known(one, one.posting.id in ended) for one in found])
            if posting.id in ledger.postings:
                return decide(ledger, posting)
            verdict = decide(ledger, posting)
            self._insert_one(posting, ledger.at_ms, verdict)
            if not verdict:
                self.update_accounts(
                    [
                        (number, ledger.accounts[number].balance, ledger.accounts[number].reserved)
                        for number, *_ in before
                    ]
                )
            return verdict

    def _insert_one(self, posting: Posting, at_ms: int, verdict: int) -> None:
        self.ask(
            f"INSERT INTO custody_posting ({_FIELDS}) VALUES ("  # noqa: S608
            f"{self.next_seq}, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (self.id_in(posting.id), *posting[1:5], self.id_in(posting.reservation),
             posting.expires_at_ms, at_ms, verdict),
        )  # fmt: skip

    def ask_known(self, posting: Posting) -> tuple[Rows, Rows]:
        """Ask for what is known of the ids of a posting: entries, and ends of reservations."""
        named = self.id_in(posting.reservation)
        return (
            self.ask(f"{_SELECT} id IN (%s, %s)", (self.id_in(posting.id), named)),
            self.ask(f"{_SELECT} reservation = %s AND verdict = 0 AND kind IN (3, 4)", (named,)),
        )


def head_values(
    batch: Batch, token: int, lease_until_ms: int, changed: object | None
) -> tuple[Any, ...]:
    """Give what `WRITE_HEAD` takes."""
    return (
        batch.number, batch.last_seq, batch.at_ms, batch.hash, lease_until_ms,
        None if changed is None else batch.last_seq, token, batch.number - 1, batch.previous,
    )  # fmt: skip


def _entropy_of(identity: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"release" + identity).digest())


def _head_of(rows: Sequence[tuple[Any, ...]]) -> Head:
    ((token, holder, sequenced, lease, batch, seq, point, at_ms, digest),) = rows
    return Head(token, holder, bool(sequenced), lease, batch, seq, point, at_ms, bytes(digest))


def remember(ledger: Ledger, known: Iterable[Known]) -> None:
    """Put what the database knows into a ledger."""
    for (_, posting, _, verdict), ended in known:
        ledger.postings[posting.id] = posting
        if verdict:
            ledger.refusals[posting.id] = verdict
        elif posting.kind == RESERVE:
            ledger.reservations[posting.id] = Reservation(
                posting.source, posting.target, posting.amount, posting.expires_at_ms, ended
            )


_DUE = f"""
SELECT {_FIELDS} FROM custody_posting AS held
WHERE verdict = 0 AND kind = 2 AND expires_at_ms > 0 AND expires_at_ms <= %s AND NOT EXISTS (
  SELECT 1 FROM custody_posting AS ended
  WHERE ended.reservation = held.id AND ended.verdict = 0 AND ended.kind IN (3, 4)
) ORDER BY expires_at_ms, seq LIMIT %s
"""  # noqa: S608 - a fixed text

_SUMS = """
SELECT number, SUM(balance), SUM(reserved) FROM (
  SELECT source AS number, -amount AS balance, 0 AS reserved FROM custody_posting
    WHERE verdict = 0 AND kind IN (1, 3)
  UNION ALL
  SELECT target, amount, 0 FROM custody_posting WHERE verdict = 0 AND kind IN (1, 3)
  UNION ALL
  SELECT source, 0, amount FROM custody_posting AS held WHERE verdict = 0 AND kind = 2
    AND NOT EXISTS (
      SELECT 1 FROM custody_posting AS ended
      WHERE ended.reservation = held.id AND ended.verdict = 0 AND ended.kind IN (3, 4)
    )
) AS moved GROUP BY number
"""

"""One thread that decides postings in the order in which they arrive, and writes them in batches.

A large batch is written by another thread while the next one is decided on top of it. If it cannot
be stored, whatever was decided on top is forgotten with it, and both are decided again.

Rules: ENGINE-020 to ENGINE-024. Which posting may happen is decided by
`stannary.core.custody.postings.decide`, here as everywhere.
"""

import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from itertools import chain, starmap
from typing import Final, NamedTuple

from stannary.core.custody.postings import Posting
from stannary.core.kernel import InvariantError, RefusalError, refuse
from stannary.engines.posting import rules
from stannary.engines.posting.memory import WINDOW, Memory
from stannary.engines.posting.store import (
    LEASE_MS,
    Head,
    Store,
    StoreConflictError,
    StoreUnavailableError,
)
from stannary.engines.posting.under_way import UnderWay
from stannary.engines.posting.wire import ASKED, chained

MOST_IN_A_BATCH: Final = 8192
LINGER_S: Final = 0.002
CHECKPOINT_BATCHES: Final = 20
FEW_ACCOUNTS: Final = 512
"""So few changed rows are written with every batch: at light load they are always up to date."""

MANY: Final = 1_024
"""So many entries are worth a thread that writes them beside."""

_FAILURES = (StoreUnavailableError, StoreConflictError)

Answer = Callable[[Sequence[int] | None, RefusalError | None], None]
"""Told the verdicts, once they are stored, or why there are none."""


class Settings(NamedTuple):
    """How a sequencer works.

    Attributes:
        now_ms: The clock, in milliseconds since 1970. It may jump.
        linger_s: How long a batch waits for company, from its first posting on.
        patience_s: For how long a database that is away is tried again before callers are told.
        window: How many ids are kept in memory.
        few_accounts: When at most so many account rows changed, they are written with the batch.
        most: A batch is closed when it has so many postings.
        many: A batch of so many new postings is written while the next one is decided.
    """

    now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    linger_s: float = LINGER_S
    lease_ms: int = LEASE_MS
    patience_s: float = 10.0
    window: int = WINDOW
    few_accounts: int = FEW_ACCOUNTS
    most: int = MOST_IN_A_BATCH
    many: int = MANY


class _Request(NamedTuple):
    postings: Sequence[Posting]
    answer: Answer


class _Opening(NamedTuple):
    key: str
    source: bool
    done: "Future[int]"


class _Decided(NamedTuple):
    """Verdicts, and what stores them; nothing does if all of it is stored already."""

    verdicts: Sequence[int]
    many: int
    write: Callable[[], None] | None


class _Written(NamedTuple):
    """Requests whose verdicts are being written."""

    requests: Sequence[_Request]
    verdicts: Sequence[int]
    batch: UnderWay


class Sequencer:
    """Decides what callers enqueue. Begins to lead when it is made; ends with `stop`."""

    def __init__(self, store: Store, *, holder: str, settings: Settings | None = None) -> None:
        """Take the lead, recover, and begin.

        Args:
            store: Used by this sequencer alone.
            holder: What others are told when they ask who leads.
            settings: None for the usual ones.

        Raises:
            RefusalError: ENGINE-020 if another one leads.
        """
        self._store = store
        self._holder = holder
        self._settings = settings or Settings()
        self._queue: deque[_Request | _Opening] = deque()
        self._waiting = 0
        self._bell = threading.Condition()
        self._stopping = False
        self.deposed: RefusalError | None = None
        self._unsure = True
        self._under_way: _Written | None = None
        self._begin()
        self._thread = threading.Thread(target=self._run, name="sequencer", daemon=True)
        self._thread.start()

    # What callers do.

    def enqueue(self, postings: Sequence[Posting], answer: Answer) -> None:
        """Hand in postings; `answer` is called once, in another thread, and must be quick.

        Raises:
            RefusalError: ENGINE-022 if there are none or too many. ENGINE-021 if this one does
                not lead any more.
        """
        if not 1 <= len(postings) <= MOST_IN_A_BATCH:
            refuse(rules.REQUEST_IS_WITHIN_LIMITS, postings=str(len(postings)))
        self._add(_Request(postings, answer), len(postings))

    def post(self, postings: Sequence[Posting]) -> list[int]:
        """Post and wait for the verdicts, which are stored when this returns.

        Raises:
            RefusalError: ENGINE-021 to ENGINE-023. After ENGINE-021 and ENGINE-023 ask again,
                with the same ids: some may be stored.
        """
        asked = checked(postings)
        done: Future[list[int]] = Future()

        def answer(verdicts: Sequence[int] | None, refusal: RefusalError | None) -> None:
            if verdicts is None:
                done.set_exception(refusal or InvariantError("no verdict and no reason"))
            else:
                done.set_result(list(verdicts))

        self.enqueue(asked, answer)
        return done.result()

    def open(self, key: str, *, source: bool = False) -> int:
        """Open an account, or find it, and give its number.

        Raises:
            RefusalError: CUSTODY-061 if it is there as something else.
        """
        done: Future[int] = Future()
        self._add(_Opening(key, source, done), 1)
        return done.result()

    def available(self, number: int) -> tuple[int, int] | None:
        """Give balance and reserved of an account as decided up to now; None if it is not open."""
        account = self._memory.ledger.accounts.get(number)
        return None if account is None else (account.balance, account.reserved)

    def stop(self) -> None:
        """Serve what is enqueued, write the balances, and let the lead go."""
        with self._bell:
            self._stopping = True
            self._bell.notify()
        self._thread.join()

    def _add(self, item: "_Request | _Opening", size: int) -> None:
        with self._bell:
            if self._stopping or self.deposed is not None:
                raise self.deposed or RefusalError(*_stopped().findings)
            self._queue.append(item)
            self._waiting += size
            self._bell.notify()

    # The thread.

    def _begin(self, *, after: int | None = None) -> None:
        self._unsure = True  # until memory is again what the database has, nothing is decided
        self._head: Head = self._store.acquire(
            holder=self._holder, now_ms=self._settings.now_ms(),
            lease_ms=self._settings.lease_ms, after=after,
        )  # fmt: skip
        self._memory = Memory(
            self._store, self._head, window=self._settings.window, wait=self._land
        )
        self._since_checkpoint = 0
        self._renewed = time.monotonic()
        self._unsure = False

    def _run(self) -> None:
        try:
            self._lead()
        except InvariantError as error:
            self._end(_broken(error))
        except BaseException:
            self._end(_not_stored())
            raise

    def _lead(self) -> None:
        while self.deposed is None:
            items = self._collect()
            if items or self._under_way is not None:
                self._serve(items)
            elif self._ended():
                self._let_go()
                return
            self._keep_lead()

    def _ended(self) -> bool:
        with self._bell:
            return self._stopping and not self._queue

    def _let_go(self) -> None:
        """End in order; if memory may not be what is stored, whoever leads next recovers."""
        if self._unsure and not self._recover():
            return
        with suppress(RefusalError, *_FAILURES):
            self._store.release(token=self._head.token, changed=self._memory.changed())

    def _collect(self) -> "list[_Request | _Opening]":
        """Wait for the first posting, then for company, then give what fits into one batch.

        While a batch is written there is time for company; nothing is given when it has ended,
        because those who wait for it are told first.
        """
        settings = self._settings
        with self._bell:
            until = 0.0
            while self._waiting < settings.most and not self._stopping:
                if self._under_way is not None:
                    if self._under_way.batch.done:
                        return []
                    self._bell.wait()
                elif not self._queue:
                    if not self._bell.wait(settings.lease_ms / 4000):
                        return []
                else:
                    until = until or time.monotonic() + settings.linger_s
                    left = until - time.monotonic()
                    if left <= 0 or not self._bell.wait(left):
                        break
            items: list[_Request | _Opening] = []
            size = 0
            while self._queue:
                more = _size(self._queue[0])
                if items and size + more > settings.most:
                    break
                items.append(self._queue.popleft())
                size += more
            self._waiting -= size
            return items

    def _ring(self) -> None:
        with self._bell:
            self._bell.notify()

    def _serve(self, items: "Sequence[_Request | _Opening]") -> None:
        openings = [one for one in items if isinstance(one, _Opening)]
        requests = [one for one in items if isinstance(one, _Request)]
        try:
            if openings:
                self._post([])  # the database is asked by one thread at a time
            for one in openings:
                self._open(one)
        except BaseException:
            for one in openings:
                if not one.done.done():
                    one.done.set_exception(_not_stored())
            self._refuse(requests, _not_stored())
            raise
        self._post(requests)

    def _post(self, requests: Sequence[_Request]) -> None:
        """Decide and write; after a failure recover and do it once more, with the same ids.

        What was decided and not stored is forgotten before anything else is decided: otherwise
        it would be taken for known when it is asked again, and acknowledged.
        """
        for last in (False, True):
            if self.deposed is not None or (self._unsure and not self._recover()):
                break
            try:
                decided = self._decided(requests)
                self._land()
                self._write(requests, decided, beside=not last)
            except RefusalError as refusal:
                self._end(refusal)
            except InvariantError as error:
                self._end(_broken(error))
            except _FAILURES:
                self._unsure = True
                requests = [*self._taken_back(), *requests]
            except BaseException:
                self._refuse([*self._taken_back(), *requests], _not_stored())
                raise
            else:
                return
        self._refuse([*self._taken_back(), *requests], self.deposed)

    def _refuse(self, requests: Sequence[_Request], refusal: RefusalError | None) -> None:
        for one in requests:
            one.answer(None, refusal or _not_stored())

    def _decided(self, requests: Sequence[_Request]) -> _Decided:
        """Decide on top of everything that was decided, stored already or not yet."""
        memory, head, settings = self._memory, self._head, self._settings
        now_ms = settings.now_ms()
        verdicts, entries = memory.decide(
            requests[0].postings if len(requests) == 1
            else list(chain.from_iterable(one.postings for one in requests)),
            now_ms,
        )  # fmt: skip
        if entries is None:
            return _Decided(verdicts, 0, None)
        size = len(entries.postings)
        batch = chained(
            number=head.batch + 1, first_seq=entries.first_seq, last_seq=memory.seq, size=size,
            at_ms=memory.ledger.at_ms, previous=head.hash, rows=(entries.rows,),
        )  # fmt: skip
        self._since_checkpoint += 1
        due = (
            self._since_checkpoint >= CHECKPOINT_BATCHES
            or len(memory.touched) <= settings.few_accounts
        )
        write = partial(
            self._store.write, batch, entries, token=head.token,
            lease_until_ms=now_ms + settings.lease_ms, changed=memory.changed() if due else None,
        )  # fmt: skip
        self._head = head._replace(
            batch=batch.number, seq=batch.last_seq, at_ms=batch.at_ms, hash=batch.hash
        )
        if due:
            self._since_checkpoint = 0
            memory.touched.clear()
        memory.forget()
        return _Decided(verdicts, size, write)

    def _write(self, requests: Sequence[_Request], decided: _Decided, *, beside: bool) -> None:
        """Store what was decided, and tell; or begin to store it."""
        verdicts, many, write = decided
        if write is not None and beside and many >= self._settings.many:
            self._under_way = _Written(requests, verdicts, UnderWay(write, ring=self._ring))
            return
        if write is not None:
            write()
            self._renewed = time.monotonic()
        _tell(requests, verdicts)

    def _land(self) -> None:
        """Wait until the batch under way is stored, and tell its verdicts; raise if it is not."""
        if self._under_way is None:
            return
        requests, verdicts, batch = self._under_way
        failed = batch.end()
        if failed is not None:
            raise failed
        self._under_way = None
        self._renewed = time.monotonic()
        _tell(requests, verdicts)

    def _taken_back(self) -> Sequence[_Request]:
        """Give the requests of the batch under way, if it was not stored or that is not known."""
        if self._under_way is None:
            return []
        requests, _, batch = self._under_way
        batch.end()
        self._under_way = None
        return requests

    def _open(self, one: _Opening) -> None:
        if self.deposed is not None or (self._unsure and not self._recover()):
            one.done.set_exception(self.deposed or _not_stored())
            return
        try:
            (number,) = self._store.open_accounts({one.key: one.source}, token=self._head.token)
        except RefusalError as refusal:
            if refusal.rule is rules.LEAD_IS_STILL_HELD:
                self._end(refusal)
            one.done.set_exception(refusal)
        except _FAILURES:
            self._unsure = True
            one.done.set_exception(_not_stored())
        else:
            self._memory.ledger.open(number, source=one.source)
            one.done.set_result(number)

    def _recover(self) -> bool:
        """Throw away what memory says, and begin again from the database."""
        until = time.monotonic() + self._settings.patience_s
        waiting = threading.Event()
        while True:
            try:
                self._store.reconnect()
                self._begin(after=self._head.token)
            except RefusalError as refusal:
                self._end(refusal)
                return False
            except InvariantError as error:
                self._end(_broken(error))
                return False
            except _FAILURES:
                if self._stopping or time.monotonic() > until:
                    return False
                waiting.wait(0.05)
            else:
                return True

    def _keep_lead(self) -> None:
        if self.deposed is not None or self._under_way is not None:
            return
        if time.monotonic() < self._renewed + self._settings.lease_ms / 3000:
            return
        try:
            self._store.renew(
                token=self._head.token,
                lease_until_ms=self._settings.now_ms() + self._settings.lease_ms,
            )
            self._renewed = time.monotonic()
        except RefusalError as refusal:
            self._end(refusal)
        except _FAILURES:
            self._unsure = True
            self._recover()

    def _end(self, refusal: RefusalError) -> None:
        """Lead no more, and tell everybody who waits."""
        with self._bell:
            self.deposed = refusal
            left = list(self._queue)
            self._queue.clear()
        for one in left:
            if isinstance(one, _Request):
                one.answer(None, refusal)
            else:
                one.done.set_exception(refusal)


def checked(postings: Sequence[Posting]) -> list[Posting]:
    """Give postings as they will be stored; refuse what cannot be stored at all.

    Raises:
        RefusalError: ENGINE-022 with the place of the first posting whose ids have not 16 bytes
            or whose numbers have more than 64 bits.
    """
    with suppress(struct.error):
        asked: list[Posting] = list(ASKED.iter_unpack(b"".join(starmap(ASKED.pack, postings))))  # type: ignore[arg-type]
        if asked == list(postings):
            return asked
    for place, posting in enumerate(postings):
        try:
            same = ASKED.unpack(ASKED.pack(*posting)) == posting
        except struct.error:
            same = False
        if not same:
            refuse(rules.REQUEST_IS_WITHIN_LIMITS, place=str(place))
    raise InvariantError("every posting can be stored, and all of them cannot")


def _tell(requests: Sequence[_Request], verdicts: Sequence[int]) -> None:
    start = 0
    for one in requests:
        end = start + len(one.postings)
        one.answer(verdicts[start:end], None)
        start = end


def _size(item: "_Request | _Opening") -> int:
    return len(item.postings) if isinstance(item, _Request) else 1


def _not_stored() -> RefusalError:
    return _refusal(lambda: refuse(rules.POSTINGS_ARE_STORED))


def _stopped() -> RefusalError:
    return _refusal(lambda: refuse(rules.LEAD_IS_STILL_HELD, stopped="yes"))


def _broken(error: InvariantError) -> RefusalError:
    """What the database itself refused, or a replay that says something else: stop, do not guess."""
    return _refusal(lambda: refuse(rules.BOOKS_AGREE, what=str(error)[:200]))


def _refusal(act: Callable[[], object]) -> RefusalError:
    try:
        act()
    except RefusalError as refusal:
        return refusal
    raise InvariantError("nothing was refused")

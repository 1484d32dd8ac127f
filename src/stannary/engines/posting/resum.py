"""Whether balances, reservations, verdicts and the chain are what the stored postings say.

Rule: ENGINE-024. Meant to run every night, beside the sequencer or without it.
"""

from collections.abc import Iterator
from typing import NamedTuple

from stannary.core.custody.postings import (
    ACCEPTED,
    MOST,
    RESERVE,
    Account,
    Ledger,
    decide,
)
from stannary.core.kernel import Finding
from stannary.engines.posting.rules import BOOKS_AGREE
from stannary.engines.posting.store import Head, Store
from stannary.engines.posting.wire import START, Entry, chained, row_of


class Resum(NamedTuple):
    """What a second count says.

    Attributes:
        findings: Everything that does not agree; none if the books hold.
        postings: How many were replayed, refused ones included.
        head: How far the ledger was when it was counted.
    """

    findings: tuple[Finding, ...]
    postings: int
    accepted: int
    accounts: int
    batches: int
    head: Head


def resum(store: Store) -> Resum:
    """Replay every posting from nothing, add up in the database, and compare all of it.

    Four counts that know nothing of each other: the verdicts of `core` from the first posting
    on, the sums of SQL, the account rows of the last checkpoint, and the hashes of the batches.
    All of it is read as of one moment, so others may post meanwhile.
    """
    with store.snapshot():
        return _counted(store)


def _counted(store: Store) -> Resum:
    head = store.head()
    until = head.seq if head.sequenced else MOST
    rows = store.accounts()
    ledger = Ledger()
    for number, _, least, _, _ in rows:
        ledger.accounts[number] = Account(least=least)
    found: list[Finding] = []
    chain = _Chain(store, head)
    point: dict[int, tuple[int, int]] = {}
    count = accepted = 0
    for entry in store.entries(after=0, until=until):
        if head.sequenced and entry.seq > head.checkpoint_seq and not point:
            point = _balances(ledger)
        found += _verdict_of(ledger, entry)
        chain.add(entry)
        count += 1
        accepted += not entry.verdict
    found += chain.findings()
    now = _balances(ledger)
    wanted = point if head.sequenced and point else now
    for number, key, _, balance, reserved in rows:
        if (balance, reserved) != wanted[number]:
            found.append(_differs("account row", key, (balance, reserved), wanted[number]))
    sums = store.sums()
    for number, key, least, *_ in rows:
        if sums.get(number, (0, 0)) != now[number]:
            found.append(_differs("sum", key, sums.get(number, (0, 0)), now[number]))
        if not least and min(*now[number], now[number][0] - now[number][1]) < 0:
            found.append(_differs("overdrawn", key, now[number], (0, 0)))
    if ledger.total():
        found.append(Finding(BOOKS_AGREE, {"what": "total", "is": str(ledger.total())}))
    return Resum(tuple(found), count, accepted, len(rows), chain.count, head)


def _balances(ledger: Ledger) -> dict[int, tuple[int, int]]:
    return {number: (one.balance, one.reserved) for number, one in ledger.accounts.items()}  # type: ignore[misc]


def _verdict_of(ledger: Ledger, entry: Entry) -> Iterator[Finding]:
    seq, posting, at_ms, verdict = entry
    ledger.at_ms = at_ms
    seen = decide(ledger, posting)
    if seen != verdict:
        facts = {"what": "verdict", "posting": posting.id.hex(), "place": str(seq)}
        yield Finding(BOOKS_AGREE, facts | {"is": str(verdict), "should_be": str(seen)})
    if verdict != ACCEPTED or posting.kind != RESERVE:
        ledger.postings.pop(posting.id)  # unique in the database; a replay need not remember it
        ledger.refusals.pop(posting.id, None)


def _differs(what: str, key: str, seen: tuple[int, int], wanted: tuple[int, int]) -> Finding:
    facts = {"what": what, "account": key[:80], "is": str(seen), "should_be": str(wanted)}
    return Finding(BOOKS_AGREE, facts)


class _Chain:
    """Follows the batches while entries go by."""

    def __init__(self, store: Store, head: Head) -> None:
        self._head = head
        self._batches = [one for one, _ in store.batches() if one.number <= head.batch]
        self.count = len(self._batches)
        self._place = 0
        self._rows: list[bytes] = []
        self._hash = START
        self._found: list[Finding] = []

    def add(self, entry: Entry) -> None:
        """Take the next entry; a batch is compared with its last one."""
        if self._place >= len(self._batches):
            return
        batch = self._batches[self._place]
        self._rows.append(row_of(*entry))
        if entry.seq < batch.last_seq:
            return
        again = chained(
            number=self._place + 1, first_seq=batch.first_seq, last_seq=batch.last_seq,
            size=len(self._rows), at_ms=batch.at_ms, previous=self._hash, rows=self._rows,
        )  # fmt: skip
        if again != batch:
            self._tell(batch.number)
        self._hash, self._rows = batch.hash, []
        self._place += 1

    def findings(self) -> list[Finding]:
        """Give what does not agree, when all entries went by."""
        if self._place < len(self._batches) or self._rows:
            self._tell(self._place + 1)
        if self._hash != self._head.hash or self.count != self._head.batch:
            self._tell(self._head.batch)
        return self._found

    def _tell(self, number: int) -> None:
        self._found.append(Finding(BOOKS_AGREE, {"what": "chain", "batch": str(number)}))

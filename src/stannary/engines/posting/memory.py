"""The ledger as a sequencer keeps it: all balances, and the latest ids.

Older ids are forgotten from memory and looked up in the database when somebody names one.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from stannary.core.custody.postings import NO_ID, SETTLE, Account, Ledger, Posting, decide
from stannary.core.kernel import InvariantError
from stannary.engines.posting.store import Head, Store, remember
from stannary.engines.posting.wire import row_of

WINDOW: Final = 1 << 18
"""How many ids are kept in memory, about 100 MB of them."""

Numbered = tuple[int, Posting, int]
"""Place, posting and verdict of a new entry."""


class Memory:
    """A ledger beside its database, from the same state on.

    Attributes:
        seq: The last place that was given.
        horizon: No id beyond it was ever forgotten, so what lies beyond and is not here is new.
        touched: Accounts that changed since their rows were written.
    """

    def __init__(self, store: Store, head: Head, *, window: int = WINDOW) -> None:
        """Read the last checkpoint and replay what was posted since.

        Raises:
            InvariantError: A posting gets another verdict than the one that is stored.
        """
        self._store = store
        self._window = window
        self.ledger = Ledger()
        self.touched: set[int] = set()
        self.seq = head.seq
        self.horizon = store.newest_id()
        for number, _, least, balance, reserved in store.accounts():
            self.ledger.accounts[number] = Account(balance, reserved, least)
        self._replay(head)
        self.ledger.at_ms = head.at_ms

    def _replay(self, head: Head) -> None:
        entries = list(self._store.entries(after=head.checkpoint_seq, until=head.seq))
        self._fetch((one.posting for one in entries), until=head.checkpoint_seq, own=False)
        for seq, posting, at_ms, verdict in entries:
            self.ledger.at_ms = at_ms
            if decide(self.ledger, posting) != verdict:
                raise InvariantError(f"posting {seq} is stored with verdict {verdict}")
            if not verdict:
                self.touched.update((posting[2], posting[3]))  # type: ignore[arg-type]

    def _fetch(
        self, postings: Iterable[Posting], *, until: int | None = None, own: bool = True
    ) -> None:
        """Get what the database knows of ids that memory may have forgotten.

        Without their own ids only of the reservations that postings name.
        """
        known, horizon = self.ledger.postings, self.horizon
        wanted: set[bytes] = set()
        for posting in postings:
            identity = posting[0]
            if own and identity <= horizon and identity not in known:
                wanted.add(identity)
            if posting[1] >= SETTLE:
                named = posting[5]
                if NO_ID != named <= horizon and named not in known:
                    wanted.add(named)
        if wanted:
            there = self._store.known(sorted(wanted), until=self.seq if until is None else until)
            remember(self.ledger, there)

    def decide(
        self, postings: Sequence[Posting], now_ms: int
    ) -> tuple[list[int], list[Numbered], list[bytes]]:
        """Decide postings in their order.

        Returns:
            The verdict of each; what is new of them; the same as packed rows.
        """
        self._fetch(postings)
        ledger = self.ledger
        ledger.advance(now_ms)
        known, at_ms, seq = ledger.postings, ledger.at_ms, self.seq
        count = len(known)
        verdicts: list[int] = []
        new: list[Numbered] = []
        rows: list[bytes] = []
        for posting in postings:
            verdict = decide(ledger, posting)
            verdicts.append(verdict)
            if len(known) > count:
                count += 1
                seq += 1
                new.append((seq, posting, verdict))
                rows.append(row_of(seq, posting, at_ms, verdict))
        self.seq = seq
        self.touched.update(one[1][2] for one in new if not one[2])  # type: ignore[misc]
        self.touched.update(one[1][3] for one in new if not one[2])  # type: ignore[misc]
        return verdicts, new, rows

    def changed(self) -> list[tuple[int, int, int]]:
        """Give number, balance and reserved of every account that changed since its row was written."""
        accounts = self.ledger.accounts
        return [
            (number, accounts[number].balance, accounts[number].reserved)
            for number in sorted(self.touched)
        ]

    def forget(self) -> None:
        """Drop the oldest quarter of the ids when there are too many."""
        ledger = self.ledger
        if len(ledger.postings) <= self._window:
            return
        old = list(islice(ledger.postings, self._window // 4))
        self.horizon = max(self.horizon, *old)
        for identity in old:
            del ledger.postings[identity]
            ledger.refusals.pop(identity, None)
            ledger.reservations.pop(identity, None)

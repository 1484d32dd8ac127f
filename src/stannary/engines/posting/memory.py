"""The ledger as a sequencer keeps it: all balances, and the latest ids.

Older ids are forgotten from memory and looked up in the database when somebody names one.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from operator import itemgetter
from typing import Final

from stannary.core.custody.postings import (
    ACCEPTED,
    NO_ID,
    SETTLE,
    Account,
    Ledger,
    Posting,
    decide,
    decide_all,
)
from stannary.core.kernel import InvariantError
from stannary.engines.posting.store import Head, Store, remember
from stannary.engines.posting.wire import Entries, entries_of

WINDOW: Final = 1 << 18
"""How many ids are kept in memory, about 100 MB of them."""

_SOURCE: Final = itemgetter(2)
_TARGET: Final = itemgetter(3)


class Memory:
    """A ledger beside its database, from the same state on.

    Attributes:
        seq: The last place that was given.
        horizon: No id beyond it was ever forgotten, so what lies beyond and is not here is new.
        touched: Accounts that changed since their rows were written.
    """

    def __init__(
        self, store: Store, head: Head, *, window: int = WINDOW,
        wait: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        """Read the last checkpoint and replay what was posted since.

        Args:
            store: Where older ids are looked up.
            head: How far it is.
            window: How many ids are kept.
            wait: Called before an id is looked up: until all that was decided is stored.

        Raises:
            InvariantError: A posting gets another verdict than the one that is stored.
        """
        self._store = store
        self._wait = wait
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
            self._wait()
            there = self._store.known(sorted(wanted), until=self.seq if until is None else until)
            remember(self.ledger, there)

    def decide(self, postings: Sequence[Posting], now_ms: int) -> tuple[list[int], Entries | None]:
        """Decide postings in their order.

        Returns:
            The verdict of each; and what is new of them, None if nothing is.
        """
        self._fetch(postings)
        ledger = self.ledger
        ledger.advance(now_ms)
        known, before = ledger.postings, len(ledger.postings)
        verdicts = decide_all(ledger, postings)
        many = len(known) - before
        if not many:
            return verdicts, None
        new, said = postings, verdicts
        if many < len(postings):
            new = list(islice(reversed(known.values()), many))[::-1]
            said = [ledger.refusals.get(one[0], ACCEPTED) for one in new]
        booked = [one for one, verdict in zip(new, said, strict=True) if not verdict]
        self.touched.update(map(_SOURCE, booked), map(_TARGET, booked))
        first, self.seq = self.seq + 1, self.seq + many
        return verdicts, entries_of(first, new, ledger.at_ms, said)

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
        for identity in ledger.refusals.keys() & old:
            del ledger.refusals[identity]
        for identity in ledger.reservations.keys() & old:
            del ledger.reservations[identity]

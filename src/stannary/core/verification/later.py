"""A log as it stood later than a file: what it says of claims that were taken back since, and of totals.

Rules: VERIFY-004, VERIFY-006, TOTAL-009.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from stannary.core.credentials import Withdrawal, withdrawal_of
from stannary.core.totals import Total, total_of_entry
from stannary.core.transparency_log import leaf_hash

Of = tuple[str, datetime.date]
"""A mine and a day."""


@dataclass(frozen=True, slots=True)
class LaterLog:
    """A log at some size. Whoever gives it has checked that it holds.

    Attributes:
        origin: Name of the log.
        size: Number of its entries.
        leaf: Gives the leaf hash of an entry by its number; None if there is none.
        withdrawals: Id of a claim to the number of the entry that takes it back, and what it says.
        totals: Mine and day to every entry that states a total of it: its number, and what it says.
    """

    origin: str
    size: int
    leaf: Callable[[int], bytes | None]
    withdrawals: Mapping[str, tuple[int, Withdrawal]]
    totals: Mapping[Of, Sequence[tuple[int, Total]]] = field(default_factory=dict)


def later_log(origin: str, entries: Iterable[bytes]) -> LaterLog:
    """Read what a log says of claims that were taken back, and of totals.

    Of several entries about one claim the earliest day counts.

    Args:
        origin: Name of the log.
        entries: All, in order.
    """
    leaves: list[bytes] = []
    found: dict[str, tuple[int, Withdrawal]] = {}
    totals: dict[Of, list[tuple[int, Total]]] = defaultdict(list)
    for index, entry in enumerate(entries):
        leaves.append(leaf_hash(entry))
        one = withdrawal_of(entry)
        if one is not None and (one.id not in found or one.on < found[one.id][1].on):
            found[one.id] = (index, one)
        total = total_of_entry(entry)
        if total is not None:
            totals[total.mine, total.day].append((index, total))

    def leaf(index: int) -> bytes | None:
        return leaves[index] if 0 <= index < len(leaves) else None

    return LaterLog(origin, len(leaves), leaf, found, dict(totals))

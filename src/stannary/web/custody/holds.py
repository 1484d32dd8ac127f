"""What must stay of a lot: apps later in the flow say what they have promised of it.

An app names its reader when it starts. A booking that would leave less than what is promised, or
move the lot away, is refused.

Rules: TRANSACTION-011.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from stannary.core.custody import Replay, Row
from stannary.core.kernel import Finding
from stannary.core.transactions.rules import RESERVED_IS_NOT_USED

Kept = tuple[str, int, int]
"""Who has promised of it, and how much of its mass and its content, in milligrams."""
Reader = Callable[[Iterable[str]], Mapping[str, Kept]]
_readers: list[Reader] = []


def ask(reader: Reader) -> None:
    """Let a reader be asked at every booking; naming it twice changes nothing."""
    if reader not in _readers:
        _readers.append(reader)


def broken(after: Replay, rows: Sequence[Row]) -> tuple[Finding, ...]:
    """Find the lots of which a booking would leave less than what is promised.

    Args:
        after: The whole book with the booking.
        rows: What is booked.
    """
    first = {row.lot: row for row in reversed(rows)}
    left = {one.lot: one for one in after.holdings}
    found = []
    for reader in _readers:
        for lot, (holder, mass_mg, content_mg) in reader(first).items():
            rest = left.get(lot)
            if rest is None or rest.entity != holder:
                held = 0
            elif rest.content_mg < content_mg:
                held = min(rest.mass_mg, mass_mg - 1)
            else:
                held = rest.mass_mg
            if held < mass_mg:
                facts = {"item": lot, "held": f"{held} mg", "reserved": f"{mass_mg} mg"}
                place = first[lot].place_of("mass_mg")
                found.append(Finding(RESERVED_IS_NOT_USED, facts, place))
    return tuple(found)

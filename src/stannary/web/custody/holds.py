"""What must stay of a lot or a credit, and which days are closed: apps later in the flow say it.

An app names its reader when it starts. A booking that would leave less than what is promised, or
move the lot away, is refused; so is one into a period that is closed.

Rules: TRANSACTION-011, TRANSACTION-046.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence

from stannary.core.custody import Credit, Replay, Row
from stannary.core.kernel import Finding
from stannary.core.transactions.rules import RESERVED_IS_NOT_USED

Kept = tuple[str, int, int]
"""Who has promised of it, and how much of its mass and its content, in milligrams."""
Reader = Callable[[Iterable[str]], Mapping[str, Kept]]
Closed = Callable[[Sequence[Row]], Iterable[Finding]]
"""Finds the rows that fall into a period that is closed."""
_readers: list[Reader] = []
_closed: list[Closed] = []


def ask(reader: Reader) -> None:
    """Let a reader be asked at every booking; naming it twice changes nothing."""
    if reader not in _readers:
        _readers.append(reader)


def kept(lots: Iterable[str]) -> dict[str, Kept]:
    """Tell what is promised of lots now, by all readers together; lots without a promise are left out."""
    wanted = tuple(lots)
    found: dict[str, Kept] = {}
    for reader in _readers:
        for lot, (holder, mass_mg, content_mg) in reader(wanted).items():
            _, mass, content = found.get(lot, (holder, 0, 0))
            found[lot] = (holder, mass + mass_mg, content + content_mg)
    return found


def ask_whether_closed(closed: Closed) -> None:
    """Let somebody be asked at every booking which rows fall into a period that is closed."""
    if closed not in _closed:
        _closed.append(closed)


def closed_to(rows: Sequence[Row]) -> tuple[Finding, ...]:
    """Find the rows that fall into a period that is closed."""
    return tuple(finding for closed in _closed for finding in closed(rows))


def broken(
    after: Replay,
    rows: Sequence[Row],
    credits_: Sequence[Credit] = (),
    *,
    of: Container[str] | None = None,
) -> tuple[Finding, ...]:
    """Find the lots and credits of which a booking would leave less than what is promised.

    Args:
        after: The whole book with the booking.
        rows: What is booked.
        credits_: As the whole book leaves them.
        of: Only what these have promised; None: what anybody has.
    """
    first = {row.lot: row for row in reversed(rows)}
    left = {one.lot: one for one in after.holdings}
    there = {one.id: (one.holder, one.available_mg) for one in credits_}
    found = []
    for reader in _readers:
        for lot, (holder, mass_mg, content_mg) in reader(first).items():
            if of is not None and holder not in of:
                continue
            rest = left.get(lot)
            if lot in there:
                held = there[lot][1] if there[lot][0] == holder else 0
            elif rest is None or rest.entity != holder:
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

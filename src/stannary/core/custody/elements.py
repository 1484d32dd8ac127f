"""Process and element: how a lot was made out of others, and of which element its content is.

Both may be left empty, as in every file from before they were columns. What one row names counts
for its whole event; what is made of lots of an element is of that element, named again or not.

Rules: CUSTODY-037 to CUSTODY-039.
"""

from collections.abc import Iterable, Iterator, Mapping

from stannary.core.custody import rules
from stannary.core.custody.events import Event
from stannary.core.custody.lots import Lot
from stannary.core.custody.rows import Kind, Row, Side
from stannary.core.kernel import Finding

OVER_ACCOUNTS = (Kind.BLEND, Kind.TRANSFORM)
"""Kinds of events that may name an account of mass balance, and a process."""


def process_named(event: Event) -> str:
    """Give the process that the outputs of an event name; "" for none.

    Example:
        >>> process_named(Event("E", None, Kind.TRANSFORM, "S", "A"))
        ''
    """
    return next((row.process for row in event.outputs if row.process), "")


def element_named(event: Event) -> str:
    """Give the element that the rows of an event name; "" for none."""
    return next((row.element for row in event.rows if row.element), "")


def names_any(events: Iterable[Event], lots: Mapping[str, Lot]) -> bool:
    """Tell whether any row names a process or an element, or any lot was made with one.

    Args:
        events: Which may be many: most files name neither, and are not looked at any further.
        lots: Those that the events use, and those that they make.
    """
    return any(one.element for one in lots.values()) or any(
        row.process or row.element
        for event in events
        for rows in (event.inputs, event.outputs, event.moves)
        for row in rows
    )


def element_made(event: Event, row: Row, lots: Mapping[str, Lot]) -> str:
    """Give the element of a lot that an event makes; "" where neither it nor its inputs name one.

    Args:
        event: That makes it.
        row: The output.
        lots: Those that the event uses, at least, as they were made.
    """
    if row.element or not event.kind.is_change:
        return row.element
    return element_named(event) or next(_made_with(event.inputs, lots), "")


def check_names(event: Event, lots: Mapping[str, Lot]) -> Iterator[Finding]:
    """Find processes and elements that cannot be, in the order of rules.

    Args:
        event: No correction.
        lots: Those that the event uses, at least, as they were made.
    """
    yield from _processes(event)
    made_with = tuple(_made_with(event.inputs, lots))
    if event.kind.is_change:
        first = element_named(event) or next(iter(made_with), "")
        for row in event.rows:
            there = lots[row.lot].element if row.side is Side.IN and row.lot in lots else ""
            for element in (row.element, there):
                if element not in ("", first):
                    facts = {"event": event.id, "element": first, "also": element}
                    yield Finding(rules.ELEMENT_IS_ONE_FOR_AN_EVENT, facts, row.place_of("element"))
                    break
    for row in event.inputs + event.moves:
        lot = lots.get(row.lot)
        if lot is not None and row.element not in ("", lot.element):
            yield _other(row, lot.element)
    if event.kind in OVER_ACCOUNTS and made_with and not element_named(event):
        yield from (_other(row, made_with[0]) for row in event.rows if row.account)


def _made_with(rows: Iterable[Row], lots: Mapping[str, Lot]) -> Iterator[str]:
    """Give the elements of the lots that rows use, where they are known."""
    return (lots[row.lot].element for row in rows if row.lot in lots and lots[row.lot].element)


def _other(row: Row, made_with: str) -> Finding:
    facts = {
        "event": row.event,
        "lot": row.lot,
        "element": row.element or "none",
        "made_with": made_with or "none",
    }
    return Finding(rules.ELEMENT_STAYS_WITH_ITS_LOT, facts, row.place_of("element"))


def _processes(event: Event) -> Iterator[Finding]:
    first = process_named(event)
    for row in event.rows:
        may = event.kind in OVER_ACCOUNTS and row.side is Side.OUT
        if row.process and not (may and row.process == first):
            facts = {
                "event": event.id,
                "kind": str(event.kind),
                "side": str(row.side),
                "process": row.process,
            }
            yield Finding(rules.PROCESS_MAKES_ONE_OUT_OF_OTHERS, facts, row.place_of("process"))

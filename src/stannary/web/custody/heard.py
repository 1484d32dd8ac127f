"""Who is told when the books come to something else for a lot, without custody knowing who that is.

Claims rest on what the books give to a lot. They name what is done with them when they start.
"""

from collections.abc import Callable, Sequence, Set

from stannary.core.custody import Row

Listener = Callable[[Set[str]], object]

_listeners: list[Listener] = []
_hearing: list[Callable[[Sequence[Row]], object]] = []


def when_kept(listener: Listener) -> None:
    """Say what is done, in the same transaction, with lots for which the books say something else."""
    if listener not in _listeners:
        _listeners.append(listener)


def when_booked(listener: Callable[[Sequence[Row]], object]) -> None:
    """Say what is done, in the same transaction, with movements that were booked."""
    if listener not in _hearing:
        _hearing.append(listener)


def tell_booked(rows: Sequence[Row]) -> None:
    """Do all of it."""
    for listener in _hearing:
        listener(rows)


def tell(lots: Set[str]) -> None:
    """Do all of it."""
    if lots:
        for listener in _listeners:
            listener(lots)

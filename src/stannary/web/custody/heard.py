"""Who is told when the books come to something else for a lot, without custody knowing who that is.

Claims rest on what the books give to a lot. They name what is done with them when they start.
"""

from collections.abc import Callable, Set

Listener = Callable[[Set[str]], object]

_listeners: list[Listener] = []


def when_kept(listener: Listener) -> None:
    """Say what is done, in the same transaction, with lots for which the books say something else."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(lots: Set[str]) -> None:
    """Do all of it."""
    if lots:
        for listener in _listeners:
            listener(lots)

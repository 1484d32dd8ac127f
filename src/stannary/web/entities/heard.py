"""Who is told when a certificate changes, without entities knowing who that is.

Books are kept above this app. They name what is done with them here when they start.
"""

from collections.abc import Callable

Listener = Callable[[], object]

_listeners: list[Listener] = []


def when_changed(listener: Listener) -> None:
    """Say what is done, inside the same transaction, after a certificate was issued or changed."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell() -> None:
    """Do all of it."""
    for listener in _listeners:
        listener()

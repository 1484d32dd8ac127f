"""The arrays of this process: opened once, and brought up to the book before they are asked.

Rules: none of its own. What does not fit the book is written anew from it.
"""

import contextlib
import logging
import os
import threading
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from django.conf import settings

from stannary.core.custody import CustodyRules, Kind
from stannary.core.custody.rules import MEANINGLESS_CODES
from stannary.core.kernel import RefusalError
from stannary.engines.provenance import Arrays
from stannary.engines.provenance.comparing import difference
from stannary.engines.provenance.shared import Mark, Shared
from stannary.web.custody.models import Movement
from stannary.web.custody.tracing import rows

FEW = 5_000
"""Rows that a page or a booking takes up itself; for more a job is waited for."""

_RULES = CustodyRules(transform_mass_factor_max=Fraction(10_000))
"""What was booked was judged by the pack of its day; it is not judged again by another one's factor."""

_log = logging.getLogger(__name__)
_lock = threading.RLock()
_stores: dict[tuple[int, Path], Shared] = {}
_refused: set[Mark] = set()


@contextlib.contextmanager
def asked() -> Iterator[Arrays | None]:
    """Give the arrays if they tell all that is booked; None if they do not, and not within moments.

    One thread at a time: what is asked is asked inside.
    """
    with _lock:
        yield _whole()


def follow(*, wait: bool = True, most: int | None = None) -> bool:
    """Bring the arrays up to the book; anew, if they are of another one or something was corrected.

    Args:
        wait: Whether to wait while another process does so.
        most: Rows of the book beyond which nothing is done; None for no such bound.

    Returns:
        Whether they tell all that is booked.
    """
    with _lock:
        store = _opened()
        try:
            with store.writing(wait=wait):
                _follow(store, most)
        except BlockingIOError:
            store.refresh()
        return _is_told(store)


def again() -> None:
    """Write the arrays anew from the book, whatever they hold.

    Raises:
        RefusalError: With CUSTODY codes if lots or masses of the book do not fit.
    """
    with _lock:
        store = _opened()
        with store.writing():
            _replace(store)


def check() -> str:
    """Compare the arrays with the book, row by row, and write them anew if they differ.

    Returns:
        What differed first; "" if nothing did.
    """
    follow()
    with _lock:
        store = _opened()
        with store.writing():
            newest = rows.newest()
            if newest is None:
                return ""
            judge = Arrays(rules=_RULES, refused=MEANINGLESS_CODES)
            for batch in rows.whole(newest.last):
                judge.append(batch)
            found = difference(judge.graph, store.arrays.graph)
            if found:
                _log.error("the arrays differ from the book in: %s; they are written anew", found)
                _replace(store)
            return found


def size() -> int:
    """Give how many lots are told."""
    with _lock:
        return len(_opened().arrays)


def _opened() -> Shared:
    folder = Path(settings.PROVENANCE_FOLDER)
    key = os.getpid(), folder
    if key not in _stores:
        _stores.clear()
        _stores[key] = Shared(folder, rules=_RULES)
    return _stores[key]


def _whole() -> Arrays | None:
    try:
        store = _opened()
        return store.arrays if _is_told(store) or _caught_up(store) else None
    except OSError as error:  # a full disk, or a folder of somebody else: pages go on without
        _log.error("the arrays cannot be kept: %s", error)
        return None


def _is_told(store: Shared) -> bool:
    newest = rows.newest()
    return newest is not None and _same(store.mark, newest)


def _same(mark: Mark, newest: Mark) -> bool:
    return (mark.last, mark.digest) == (newest.last, newest.digest)


def _caught_up(store: Shared) -> bool:
    """Take up what others appended, then what nobody has yet if it is little."""
    store.refresh()
    return _is_told(store) or follow(wait=False, most=FEW)


def _follow(store: Shared, most: int | None) -> None:
    newest = rows.newest()
    if newest is None or _same(store.mark, newest) or newest in _refused:
        return
    try:
        if not _append(store, newest, most) and (most is None or _count(newest) <= most):
            _replace(store)
    except RefusalError as refusal:  # the book itself does not fit: it alone is asked from now on
        _refused.add(newest)
        _log.error("the book cannot be followed: %s", ", ".join(x.code for x in refusal.findings))


def _append(store: Shared, newest: Mark, most: int | None) -> bool:
    """Append what was booked since; False if that is much, or more than appending is needed."""
    mark = store.mark
    if not mark.rows or mark.last >= newest.last or not rows.is_there(mark):
        return False
    fresh = rows.after(mark.last, newest.last)
    many = fresh.count()
    if (most is not None and many > most) or fresh.filter(kind=str(Kind.CORRECT)).exists():
        return False
    store.append(rows.columns(fresh), newest._replace(rows=mark.rows + many))
    return True


def _count(newest: Mark) -> int:
    return Movement.objects.filter(pk__lte=newest.last).count()


def _replace(store: Shared) -> None:
    newest = rows.newest()
    if newest is not None:
        mark = newest._replace(rows=_count(newest))
        store.replace((batch for batch in rows.whole(newest.last) if len(batch)), mark)

"""Cursor pages for the API: stable under inserts, no counting."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from stannary.core.kernel import Rule, gettext_noop, refuse

T = TypeVar("T", bound=Model)
PAGE_SIZE = 100

CURSOR_IS_OURS = Rule(
    code="API-001",
    demand=gettext_noop("A cursor is one that this API has given out."),
    source="Stannary contracts, section 6",
    remedy=gettext_noop("Start again without a cursor."),
)


def encode(key: int) -> str:
    """Turn the last key of a page into an opaque cursor."""
    return base64.urlsafe_b64encode(str(key).encode()).decode().rstrip("=")


def decode(cursor: str) -> int:
    """Read a cursor.

    Raises:
        RefusalError: API-001 if it is not one of ours.
    """
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        refuse(CURSOR_IS_OURS, cursor=cursor[:40])
    if not text.isdigit() or len(text) > 18:
        refuse(CURSOR_IS_OURS, cursor=cursor[:40])
    return int(text)


def page(
    rows: QuerySet[T], *, cursor: str | None, limit: int, shape: Callable[[T], dict[str, Any]]
) -> dict[str, Any]:
    """Give one page in order of primary key: items and the cursor of the next page, or None."""
    if cursor:
        rows = rows.filter(pk__gt=decode(cursor))
    found: Sequence[T] = list(rows.order_by("pk")[: limit + 1])
    more = len(found) > limit
    items = found[:limit]
    return {
        "items": [shape(row) for row in items],
        "next": encode(items[-1].pk) if more else None,
    }

"""What an event touches: lots, accounts and credits, each under a key of its own."""

from collections.abc import Iterator

from stannary.core.custody.events import Event
from stannary.core.custody.rows import Kind, Side

OVER_ACCOUNTS = (Kind.BLEND, Kind.TRANSFORM)
"""Kinds of events that may name an account of mass balance."""

Key = tuple[str, ...]
"""("lot", id), ("credit", id), or ("account", entity, boundary, material)."""


def keys_of(event: Event) -> Iterator[Key]:
    """Name every lot, account and credit that an event touches; some more than once."""
    if event.kind.is_credit:
        for row in event.rows:
            is_lot = event.kind is Kind.BOOK and row.side is Side.IN
            yield ("lot" if is_lot else "credit", row.lot)
        return
    product = event.outputs[0].material if event.outputs else ""
    for row in event.rows:
        yield ("lot", row.lot)
        if row.account and event.kind in OVER_ACCOUNTS:
            yield ("account", row.entity, row.account, product)

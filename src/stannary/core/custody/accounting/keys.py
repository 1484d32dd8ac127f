"""What an event touches: lots, accounts and credits, each under a key of its own."""

from collections.abc import Iterator

from stannary.core.custody.accounting.accounts import AccountKey
from stannary.core.custody.elements import OVER_ACCOUNTS, element_named
from stannary.core.custody.events import Event
from stannary.core.custody.rows import Kind, Side

Key = tuple[str, ...]
"""("lot", id), ("credit", id), or ("account", entity, boundary, material) and the element, if named."""


def key_of(account: AccountKey) -> Key:
    """Give the key of an account; one without an element has the key that it always had.

    Example:
        >>> key_of(AccountKey("A", "plant", "metal")), key_of(AccountKey("A", "plant", "metal", "tin"))
        (('account', 'A', 'plant', 'metal'), ('account', 'A', 'plant', 'metal', 'tin'))
    """
    return ("account", *(account if account.element else account[:3]))


def keys_of(event: Event) -> Iterator[Key]:
    """Name every lot, account and credit that an event touches; some more than once."""
    if event.kind.is_credit:
        for row in event.rows:
            is_lot = event.kind is Kind.BOOK and row.side is Side.IN
            yield ("lot" if is_lot else "credit", row.lot)
        return
    product = event.outputs[0].material if event.outputs else ""
    element = element_named(event) if event.kind in OVER_ACCOUNTS else ""
    for row in event.rows:
        yield ("lot", row.lot)
        if row.account and event.kind in OVER_ACCOUNTS:
            yield key_of(AccountKey(row.entity, row.account, product, element))

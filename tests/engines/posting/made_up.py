"""Accounts and postings for tests: one source, the rest scarce."""

import random
from collections.abc import Sequence
from itertools import count

from stannary.core.custody.postings import (
    NO_ID,
    POST,
    RESERVE,
    SETTLE,
    VOID,
    Ledger,
    Posting,
    decide,
    posting_id,
)
from stannary.engines.posting import Store

NOW = 1_770_000_000_000
SOURCE, SELLER, BUYER = 1, 2, 3
FUNDED = 100
NUMBERS = count(1)


def identity() -> bytes:
    """An id of its own."""
    number = next(NUMBERS)
    return posting_id(at_ms=NOW + number // 50, entropy=number)


def posting(amount: int, kind: int = POST, source: int = SELLER, target: int = BUYER) -> Posting:
    """One posting from the seller to the buyer, if nothing else is said."""
    return Posting(identity(), kind, source, target, amount)


def ending(held: Posting, amount: int = 0) -> Posting:
    """Settle so much of a reservation, or release it."""
    kind = SETTLE if amount else VOID
    return Posting(identity(), kind, held.source, held.target, amount, held.id)


def opened(store: Store, accounts: int = 6) -> Ledger:
    """Open accounts in a ledger, each but the source with the same, and give what it must then be."""
    store.open_accounts({"source": True, **{f"account-{n}": False for n in range(2, accounts + 1)}})
    ledger = Ledger()
    for number in range(1, accounts + 1):
        ledger.open(number, source=number == SOURCE)
    for number in range(2, accounts + 1):
        one = posting(FUNDED, source=SOURCE, target=number)
        assert store.post(one, now_ms=NOW) == decide(ledger, one) == 0
    return ledger


def at_random(chance: random.Random, many: int, accounts: int = 6) -> list[Posting]:
    """Postings of every kind, some too large, some twice, some that make no sense."""
    made: list[Posting] = []
    for _ in range(many):
        held = [one for one in made if one.kind == RESERVE]
        throw = chance.random()
        if throw < 0.3 and held:
            one = chance.choice(held)
            made.append(ending(one, chance.choice((0, 1, one.amount, one.amount + 1))))
        elif throw < 0.35 and made:
            made.append(chance.choice(made))
        elif throw < 0.4 and made:
            made.append(chance.choice(made)._replace(amount=7))
        else:
            source, target = chance.randint(1, accounts + 1), chance.randint(1, accounts + 1)
            kind = chance.choice((POST, POST, RESERVE))
            expires = NOW + chance.choice((-1, 5, 500)) if kind == RESERVE else 0
            amount = chance.choice((0, 1, 20, FUNDED, FUNDED + 1))
            made.append(Posting(identity(), kind, source, target, amount, NO_ID, expires))
    return made


def balances(ledger: Ledger) -> dict[object, tuple[int, int]]:
    """Balance and reserved of every account."""
    return {key: (one.balance, one.reserved) for key, one in ledger.accounts.items()}


def stored(store: Store) -> dict[object, tuple[int, int]]:
    """The same, as the account rows say."""
    return {one.number: (one.balance, one.reserved) for one in store.accounts()}


def verdicts(ledger: Ledger, postings: Sequence[Posting]) -> list[int]:
    """What core says."""
    return [decide(ledger, one) for one in postings]

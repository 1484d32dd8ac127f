"""What a step in a transaction asks of the ledger: reserved from the offer on, then settled or released.

A lot and a kind of credits are counted on one account for each entity. Both the step and the
posting must be possible, or neither happens.

Rules: those of offers, and CUSTODY-050 to CUSTODY-060 of postings.
"""

import datetime

from stannary.core.custody.postings import (
    NO_ID,
    RESERVE,
    SETTLE,
    VOID,
    Ledger,
    Posting,
    book,
)
from stannary.core.transactions.offers import (
    DELIVERED,
    State,
    Step,
    Terms,
    Transaction,
    offer,
    take,
)

Key = tuple[str, str]
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MS = datetime.timedelta(milliseconds=1)


def account_of(entity: str, item: str) -> Key:
    """Give the key of the account on which an entity has a lot, or credits of a kind."""
    return entity, item


def posting_of(transaction: Transaction, *, identity: bytes, reservation: bytes = NO_ID) -> Posting:
    """Give the posting that the last step of a transaction asks of the ledger.

    What is accepted in part settles this part; the ledger releases the rest with it.

    Args:
        transaction: With its last step taken.
        identity: Id of the new posting, 16 bytes.
        reservation: Id of the posting of the offer; none for the offer itself.
    """
    terms = transaction.terms
    source, target = account_of(terms.seller, terms.item), account_of(terms.buyer, terms.item)
    if transaction.state is State.OFFERED:
        # Rounded up to the millisecond: the ledger refuses nothing that is before the end.
        expires_at_ms = -(-(terms.expires_at - _EPOCH) // _MS)
        return Posting(identity, RESERVE, source, target, terms.quantity, NO_ID, expires_at_ms)
    if transaction.state in DELIVERED:
        return Posting(identity, SETTLE, source, target, transaction.accepted, reservation)
    return Posting(identity, VOID, source, target, 0, reservation)


def offer_in(
    ledger: Ledger, terms: Terms, *, by: str, identity: bytes, reason: str = ""
) -> Transaction:
    """Make an offer and reserve its quantity.

    Raises:
        RefusalError: As `offer`; CUSTODY-053 if less is available, and the others of postings.
    """
    transaction = offer(terms, by=by, reason=reason)
    _open(ledger, transaction, terms.offered_at)
    book(ledger, posting_of(transaction, identity=identity))
    return transaction


def take_in(
    ledger: Ledger, transaction: Transaction, step: Step, *, identity: bytes, reservation: bytes
) -> Transaction:
    """Take a step, and settle or release what was reserved.

    Raises:
        RefusalError: As `take`; CUSTODY-056 to CUSTODY-059 if the reservation does not allow it.
    """
    taken = take(transaction, step)
    _open(ledger, taken, step.at)
    book(ledger, posting_of(taken, identity=identity, reservation=reservation))
    return taken


def _open(ledger: Ledger, transaction: Transaction, at: datetime.datetime) -> None:
    ledger.open(account_of(transaction.terms.seller, transaction.terms.item))
    ledger.open(account_of(transaction.terms.buyer, transaction.terms.item))
    ledger.advance((at - _EPOCH) // _MS)

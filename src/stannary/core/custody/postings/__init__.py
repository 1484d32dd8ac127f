"""Postings: amounts that move between accounts, reserved first or at once, never twice."""

from stannary.core.custody.postings.ids import NO_ID, posting_id
from stannary.core.custody.postings.ledger import (
    ACCEPTED,
    KIND_NAMES,
    MOST,
    POST,
    RESERVE,
    SETTLE,
    VOID,
    Account,
    Ledger,
    Posting,
    Reservation,
    book,
    decide,
    decide_all,
    facts_of,
    form_of,
    rule_of,
)

__all__ = [
    "ACCEPTED",
    "KIND_NAMES",
    "MOST",
    "NO_ID",
    "POST",
    "RESERVE",
    "SETTLE",
    "VOID",
    "Account",
    "Ledger",
    "Posting",
    "Reservation",
    "book",
    "decide",
    "decide_all",
    "facts_of",
    "form_of",
    "posting_id",
    "rule_of",
]

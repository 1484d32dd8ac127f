"""The books over all movements: what booking some of them would come to, under all five models.

What a certificate does not cover is booked all the same and counts towards no claim: that is a
mark. Everything else that does not hold refuses the booking, unless it stood in the books before.

Rules: CUSTODY-001 to CUSTODY-016, CUSTODY-070 to CUSTODY-093.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from stannary.core.custody import (
    Books,
    CustodyCertificate,
    Event,
    Kind,
    Method,
    Row,
    events_of,
    keep_books,
    restate,
)
from stannary.core.kernel import Finding
from stannary.web.entities import packs
from stannary.web.entities import queries as entities

MARKS = frozenset({"CUSTODY-072", "CUSTODY-073", "CUSTODY-074", "CUSTODY-085"})
"""Rules that stand against saying something, not against booking it."""

CREDIT_ACTS = frozenset({Kind.BOOK, Kind.TRANSFER, Kind.RETIRE})
"""Acts that do nothing at all unless a certificate covers them: such a one is refused."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The books with further movements.

    Attributes:
        books: By the method that counts.
        average: The same by rolling average, for comparison; None where no account is kept.
        refused: What stands against booking; none means that it may be booked.
        marks: What is booked all the same and counts towards no claim, is below what is asked, or
            stood in the books before.
    """

    books: Books
    average: Books | None
    refused: tuple[Finding, ...]
    marks: tuple[Finding, ...]


def day_of(rows: Iterable[Row], today: datetime.date) -> datetime.date:
    """Give the day as of which books are told: today, or the day of the newest movement."""
    return max([today, *(row.at.date() for row in rows)])


def tried(before: Sequence[Row], rows: Sequence[Row], day: datetime.date) -> Kept:
    """Keep the books with further movements, and tell what stands against these.

    Args:
        before: What is booked, in file order.
        rows: What would be.
        day: As of which.

    Raises:
        RefusalError: CUSTODY-029 if rows of one event disagree.
    """
    certificates = entities.in_core()

    def kept(those: Sequence[Row], method: Method = Method.CREDIT) -> Books:
        return keep_books(
            events_of(those),
            rules_on=packs.rules_on,
            as_of=day,
            method=method,
            certificates=certificates,
        )

    books = kept((*before, *rows))
    credit_acts = {row.event for row in (*before, *rows) if row.kind in CREDIT_ACTS}
    refused = tuple(
        one
        for one in books.findings
        if one.code not in MARKS or one.facts.get("event") in credit_acts
    )
    if refused and before:
        refused = _new(refused, kept(before).findings)
    marks = _new(books.findings, refused)
    has_accounts = bool(books.statements) and not refused
    average = kept((*before, *rows), Method.ROLLING_AVERAGE) if has_accounts else None
    return Kept(books, average, refused, marks)


def _new(now: Iterable[Finding], before: Iterable[Finding]) -> tuple[Finding, ...]:
    """Give the findings that were not there before: time alone lets a period end in a deficit."""
    known = Counter((one.code, tuple(sorted(one.facts.items()))) for one in before)
    found = []
    for one in now:
        key = (one.code, tuple(sorted(one.facts.items())))
        if known[key]:
            known[key] -= 1
        else:
            found.append(one)
    return tuple(found)


def touched(before: Iterable[Row], rows: Iterable[Row]) -> set[str]:
    """Give the lots of movements, and of the events that they correct."""
    rows = tuple(rows)
    restated = {row.account for row in rows if row.kind is Kind.CORRECT}
    return {row.lot for row in rows} | {row.lot for row in before if row.event in restated}


def as_corrected(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Give movements of material as their corrections restate them; without any, as they are."""
    if not any(row.kind is Kind.CORRECT for row in rows):
        return tuple(rows)
    events = restate(events_of(rows)).events
    return tuple(row for event in events if not event.kind.is_credit for row in event.rows)


def keeper(
    rows: Sequence[Row], certificates: Iterable[CustodyCertificate], day: datetime.date
) -> Callable[[Sequence[Event]], Books]:
    """Give what keeps accounts and credits over other events of material than those booked.

    Args:
        rows: What is booked, in file order; its acts about credits are kept with every state.
        certificates: Of that state.
        day: As of which.
    """
    those = tuple(certificates)
    acts = events_of([row for row in rows if row.kind in CREDIT_ACTS])

    def kept(events: Sequence[Event]) -> Books:
        material = [one for one in events if not one.kind.is_credit]
        return keep_books(
            (*material, *acts), rules_on=packs.rules_on, as_of=day, certificates=those
        )

    return kept

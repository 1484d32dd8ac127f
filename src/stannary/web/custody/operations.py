"""Writes of the book: one act, booking movements.

Rules: CUSTODY-001 to CUSTODY-029, CUSTODY-040 to CUSTODY-042, CUSTODY-047, CUSTODY-070 to
CUSTODY-093, PARTY-001, TRANSACTION-011.
"""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from stannary.core.custody import Row
from stannary.core.kernel import Finding, RefusalError
from stannary.web.custody import holds, keeping, queries, records, tracing, trial
from stannary.web.custody.books import operations as projections
from stannary.web.custody.models import Book, Lot, Movement
from stannary.web.parties.models import Organisation, Person, Role
from stannary.web.parties.queries import role_to_use


def book(*, actor: Person, rows: Sequence[Row]) -> int:
    """Book movements of the organisations for which a person is a clerk.

    Args:
        actor: A clerk of every entity that the rows name.
        rows: In file order.

    Returns:
        The number of movements in the book afterwards.

    Raises:
        RefusalError: PARTY-001 for an entity for which the actor may not book. With every
            finding: CUSTODY codes if the book with these movements would not hold; then nothing
            is stored.
    """
    for name in {row.entity for row in rows}:
        organisation = Organisation.objects.filter(name=name).first()
        role_to_use(actor, Role.Kind.CLERK, organisation or Organisation(name=name))
    stop_at(trial.formulas(rows))
    return book_as_register(rows=rows)


def stop_at(findings: Sequence[Finding]) -> None:
    """Refuse an act if anything was found.

    Raises:
        RefusalError: With every finding.
    """
    if findings:
        raise RefusalError(*findings)


def open_book() -> Book:
    """Wait until nobody else books, and keep everybody else waiting until the transaction ends."""
    Book.objects.get_or_create(pk=1)
    return Book.objects.select_for_update().get(pk=1)


@transaction.atomic
def book_as_register(*, rows: Sequence[Row], today: datetime.date | None = None) -> int:
    """Book movements on behalf of the register itself; see `book`.

    Args:
        rows: In file order.
        today: As of which accounts and credits are told; None: the day of the clock.
    """
    head = open_book()
    before = queries.all_rows()
    known = {row.event for row in before}
    stop_at(trial.again(known, rows))
    stop_at(trial.wrong_kinds(rows))
    stop_at(trial.taken_ids(before, rows))
    stop_at(holds.closed_to(rows))
    if not before and not rows:
        return 0
    day = keeping.day_of((*before, *rows), today or timezone.localdate())
    kept = keeping.tried(before, rows, day)
    stop_at(kept.refused)
    stop_at(holds.broken(kept.books.replay, rows, kept.books.credits))
    at = timezone.now()
    Movement.objects.bulk_create([records.movement_of(row, at) for row in rows], batch_size=500)
    touched = keeping.touched(before, rows)
    fresh = [lot for lot in records.lots_of(kept.books.replay) if lot.lot_id in touched]
    Lot.objects.bulk_create(
        fresh,
        batch_size=500,
        update_conflicts=True,  # a lot keeps its key, so that cursors of the API stay good
        unique_fields=["lot_id"],
        update_fields=[
            "material",
            "mass_mg",
            "content_mg",
            "model",
            "site",
            "left_mass_mg",
            "left_content_mg",
            "holder",
            "holder_site",
            "in_transit",
        ],
    )
    head.movements = len(before) + len(rows)
    projections.store(head, kept, day)
    tracing.follow_after_commit()
    return head.movements


@transaction.atomic
def keep_again(*, today: datetime.date | None = None) -> bool:
    """Tell accounts, credits and what may be said anew. This will book nothing.

    Done when a certificate changed, and once a day, because periods end and credits expire.

    Args:
        today: As of which they are told; None: the day of the clock.

    Returns:
        Whether there was anything to tell.
    """
    if not Book.objects.filter(pk=1).exists():
        return False
    head = Book.objects.select_for_update().get(pk=1)
    rows = queries.all_rows()
    if not rows:
        return False
    day = keeping.day_of(rows, today or timezone.localdate())
    projections.store(head, keeping.tried((), rows, day), day)
    return True

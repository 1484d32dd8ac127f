"""Writes of the book: one act, booking movements.

Rules: CUSTODY-001 to CUSTODY-029, CUSTODY-040 to CUSTODY-042, CUSTODY-047 to CUSTODY-049,
CUSTODY-062, CUSTODY-070 to CUSTODY-093, PARTY-001, TRANSACTION-011.
"""

import dataclasses
import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from stannary.core.custody import Kind, Row, Watch
from stannary.core.kernel import Finding, RefusalError
from stannary.web.custody import heard, holds, keeping, records, tracing, trial
from stannary.web.custody.books import operations as projections
from stannary.web.custody.books.changes import operations as changes
from stannary.web.custody.books.restated import operations as restated
from stannary.web.custody.bulk import operations as bulk
from stannary.web.custody.models import Book, Lot, Movement
from stannary.web.custody.state import operations as state
from stannary.web.parties.models import Organisation, Person, Role
from stannary.web.parties.queries import role_to_use


def book(*, actor: Person, rows: Sequence[Row], prepared: keeping.Prepared | None = None) -> int:
    """Book movements of the organisations for which a person is a clerk.

    Args:
        actor: A clerk of every entity that the rows name.
        rows: In file order.
        prepared: What `keeping.prepared` made of the same rows before; None: nothing.

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
    stop_at(trial.unreachable(rows))
    stop_at(trial.to_come(rows, timezone.now()))
    return book_as_register(rows=rows, prepared=prepared)


def prepare(*, rows: Sequence[Row], watch: Watch | None = None) -> keeping.Prepared | None:
    """Work out what booking movements would come to, before anybody has to wait. This stores nothing.

    Args:
        rows: In file order.
        watch: Is told how far it is; None: nobody.

    Returns:
        For `book`; None if it would be refused, or cannot be known beforehand.
    """
    try:
        found = keeping.prepared(rows, timezone.localdate(), watch)
    except RefusalError:
        return None  # whoever books is told
    if found is None or found.kept.refused:
        return None
    states = state.rows_of(found.kept.credit, found.kept.average)
    return dataclasses.replace(found, states=states)


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
def book_as_register(
    *,
    rows: Sequence[Row],
    today: datetime.date | None = None,
    prepared: keeping.Prepared | None = None,
) -> int:
    """Book movements on behalf of the register itself; see `book`.

    Args:
        rows: In file order.
        today: As of which accounts and credits are told; None: the day of the clock.
        prepared: What was made of the same rows before; it counts if nobody booked since.
    """
    open_book()
    stop_at(trial.again(rows))
    stop_at(trial.wrong_kinds(rows))
    stop_at(trial.taken_ids(rows))
    stop_at(trial.taken_back(rows))
    stop_at(holds.closed_to(rows))
    if not rows and not Movement.objects.exists():
        return 0
    day = today or timezone.localdate()
    if any(row.kind is Kind.CORRECT for row in rows):
        # what days alone change comes first
        _store(keeping.tried((), keeping.day_of(rows, day)), ())
    done = keeping.still(prepared, rows, day)
    kept = done or keeping.tried(rows, day)
    stop_at(kept.refused)
    stop_at(holds.broken(kept.replay, rows, kept.credits))
    at = timezone.now()
    bulk.put(Movement, [records.movement_of(row, at) for row in rows])
    _store(kept, rows, prepared.states if done and prepared else None)
    heard.tell_booked(rows)
    tracing.follow_after_commit()
    return len(rows) + (kept.head.movements if kept.anew is None else len(kept.anew.before))


def _store(kept: keeping.Kept, rows: Sequence[Row], states: state.States | None = None) -> None:
    """Store what a booking comes to: lots, what may be said, and the state from which to go on."""
    lots = records.lots_of(kept.replay)
    if kept.anew is not None:
        there = set(Lot.objects.values_list(*records.LOT_FIELDS))
        gone = {values[0] for values in there} - {one.lot_id for one in lots}
        projections.delete_all(Lot.objects.all(), "lot_id", gone)  # what was taken back made no lot
        lots = [one for one in lots if records.lot_values(one) not in there]
    if kept.changed is not None:
        lots = restated.lots_of(kept, kept.changed)
    _store_lots(lots)
    if kept.changed is not None:
        restated.store(kept, kept.changed)
    elif kept.held is not None:
        changes.store(kept, kept.held)
    if kept.anew is not None:
        projections.store(kept, kept.anew)
    state.store(kept, rows, states)


def _store_lots(fresh: Sequence[Lot]) -> None:
    # a lot keeps its key, so that cursors of the API stay good
    bulk.put(Lot, fresh, unique=["lot_id"], update=records.LOT_FIELDS[1:])


@transaction.atomic
def keep_again(*, today: datetime.date | None = None) -> bool:
    """Tell accounts, credits and what may be said anew. This will book nothing.

    Done when a certificate changed, and once a day, because periods end and credits expire.

    Args:
        today: As of which they are told; None: the day of the clock.

    Returns:
        Whether there was anything to tell.
    """
    if not Movement.objects.exists():
        return False
    open_book()
    _store(keeping.tried((), today or timezone.localdate()), ())
    return True

"""Writes of the book: one act, booking movements.

Rules: CUSTODY-001 to CUSTODY-029, CUSTODY-040 to CUSTODY-042, PARTY-001.
"""

from collections.abc import Sequence

from django.db import transaction

from stannary.core.custody import Row
from stannary.core.kernel import Finding, RefusalError
from stannary.web.custody import queries, records, trial
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


@transaction.atomic
def book_as_register(*, rows: Sequence[Row]) -> int:
    """Book movements on behalf of the register itself; see `book`."""
    Book.objects.get_or_create(pk=1)
    head = Book.objects.select_for_update().get(pk=1)
    before = queries.all_rows()
    known = {row.event for row in before}
    stop_at(trial.again(known, rows))
    stop_at(trial.wrong_kinds(rows))
    if not before and not rows:
        return 0
    after = trial.replayed(before, rows)
    if after.findings:
        raise RefusalError(*after.findings)
    Movement.objects.bulk_create([records.movement_of(row) for row in rows], batch_size=500)
    touched = {row.lot for row in rows}
    fresh = [lot for lot in records.lots_of(after) if lot.lot_id in touched]
    Lot.objects.bulk_create(
        fresh,
        batch_size=500,
        update_conflicts=True,  # a lot keeps its key, so that cursors of the API stay good
        unique_fields=["lot_id"],
        update_fields=["left_mass_mg", "left_content_mg", "holder", "holder_site", "in_transit"],
    )
    head.movements = len(before) + len(rows)
    head.save(update_fields=["movements"])
    return head.movements

"""Writes of the book: one act, booking movements.

Rules: CUSTODY-001 to CUSTODY-029, CUSTODY-040, CUSTODY-041, PARTY-001.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils.text import slugify

from stannary.core.custody import Kind, Row, replay
from stannary.core.kernel import Finding, RefusalError
from stannary.web.custody import queries, records
from stannary.web.custody.models import Book, Lot, Movement
from stannary.web.custody.rules import EVENT_IS_BOOKED_ONCE, PRODUCED_BY_THE_SAME_KIND
from stannary.web.parties.models import Organisation, Person, Role, Site
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
    return book_as_register(rows=rows)


@transaction.atomic
def book_as_register(*, rows: Sequence[Row]) -> int:
    """Book movements on behalf of the register itself; see `book`."""
    Book.objects.get_or_create(pk=1)
    head = Book.objects.select_for_update().get(pk=1)
    before = queries.all_rows()
    _check_new(before, rows)
    _check_kinds(rows)
    whole = (*before, *rows)
    if not whole:
        return 0
    day = max(row.at.date() for row in whole)
    after = replay(whole, rules=queries.custody_rules(day))
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
    head.movements = len(whole)
    head.save(update_fields=["movements"])
    return head.movements


def _check_new(before: Sequence[Row], rows: Sequence[Row]) -> None:
    """Refuse rows that would add to an event that is booked already."""
    known = {row.event for row in before}
    again = sorted({row.event for row in rows} & known)
    if again:
        raise RefusalError(
            *(Finding(EVENT_IS_BOOKED_ONCE, {"event": event[:80]}) for event in again[:20])
        )


def _check_kinds(rows: Sequence[Row]) -> None:
    """Refuse material of a real mine from a made-up organisation, and the reverse.

    A site is known however its name is written: "Example Mine" is example-mine.
    """
    made = [row for row in rows if row.kind is Kind.PRODUCE]
    sites = dict(Site.objects.values_list("slug", "illustrative"))
    kinds: dict[str, set[bool]] = {}
    for name, made_up in Organisation.objects.values_list("name", "illustrative"):
        kinds.setdefault(name, set()).add(made_up)
    wrong = {
        (row.event, row.site, row.entity): row.place
        for row in made
        for kind in (sites.get(row.site, sites.get(slugify(row.site))),)
        if kind is not None and not kinds.get(row.entity, {kind}) <= {kind}
    }
    if wrong:
        raise RefusalError(
            *(
                Finding(
                    PRODUCED_BY_THE_SAME_KIND,
                    {"event": event[:80], "site": site[:80], "entity": entity[:80]},
                    at,
                )
                for (event, site, entity), at in list(wrong.items())[:20]
            )
        )

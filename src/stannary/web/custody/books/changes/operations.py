"""What a booking changes in what the books come to: only what it touched is written."""

from collections.abc import Mapping

from stannary.core.custody import Credit
from stannary.web.custody import heard, records
from stannary.web.custody.books.operations import (
    credit_row,
    delete_all,
    mark_row,
    told_rows,
    use_row,
)
from stannary.web.custody.bulk import operations as bulk
from stannary.web.custody.keeping import Kept
from stannary.web.custody.models import AccountPeriod, Carried, CreditHeld, CreditUse, Uncovered
from stannary.web.custody.state import queries as state

_PERIOD = ["entity", "boundary", "material", "element", "method", "valid_from"]


def store(kept: Kept, held: state.Kept) -> None:
    """Store what a booking changed.

    Args:
        kept: The books with it.
        held: What was kept before of what it touches.
    """
    changed = _carried(kept, held)
    _periods(kept)
    _credits(kept, held)
    changed |= _uses(kept)
    _marks(kept)
    heard.tell(changed)


def _carried(kept: Kept, held: state.Kept) -> set[str]:
    before = held.credit.lots
    now = {
        name: one
        for name, one in kept.credit.part.lots.items()
        if name not in before
        or (one.carried, one.given) != (before[name].carried, before[name].given)
    }
    bulk.put(
        Carried,
        [
            Carried(
                lot_id=name,
                amounts=records.amounts_text(one.carried),
                given=records.amounts_text(one.given),
            )
            for name, one in now.items()
            if one.given
        ],
        unique=["lot_id"],
        update=["amounts", "given"],
    )
    gone = (name for name, one in now.items() if not one.given and name in before)
    delete_all(Carried.objects.all(), "lot_id", gone)
    return {name for name, one in now.items() if one.given or name in before}


def _periods(kept: Kept) -> None:
    """Write the periods since the last act of each account that was looked at, by both methods."""
    names = [one.attname for one in AccountPeriod._meta.concrete_fields]  # noqa: SLF001 - documented
    AccountPeriod.objects.bulk_create(
        told_rows(kept),
        batch_size=500,
        update_conflicts=True,
        unique_fields=_PERIOD,
        update_fields=[name for name in names if name not in ("id", *_PERIOD)],
    )


def _credits(kept: Kept, held: state.Kept) -> None:
    before, now = held.credit.credits, kept.credit.part.credits
    changed = [one for name, one in now.items() if _left(before.get(name)) != one.left_mg]
    known = {one.parent for one in changed if one.parent}
    first = dict(
        CreditHeld.objects.filter(credit_id__in=known).values_list("credit_id", "booked_by")
    )
    rows = [credit_row(one, booked_by(one, now, first)) for one in changed]
    CreditHeld.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["credit_id"],
        update_fields=["left_mg"],
    )


def _left(credit: Credit | None) -> int | None:
    return None if credit is None else credit.left_mg


def booked_by(one: Credit, now: Mapping[str, Credit], first: Mapping[str, str]) -> str:
    """Give who booked what a credit was split from; who holds it, if it was split from none."""
    while one.parent:
        if one.parent in first:
            return first[one.parent]
        one = now[one.parent]
    return one.holder


def _uses(kept: Kept) -> set[str]:
    credits_ = kept.credit.part.credits
    rows = [use_row(one, credits_[one.credit].material) for one in kept.credit.retired]
    CreditUse.objects.bulk_create(rows, batch_size=500)
    return {row.beneficiary for row in rows}


def _marks(kept: Kept) -> None:
    """Add marks that are not there."""
    wanted = {
        (row.event, row.entity, row.code, row.facts): row for row in map(mark_row, kept.marks)
    }
    wanted |= {
        (row.event, row.entity, row.code, row.facts): row for row in map(mark_row, kept.refused)
    }
    there: set[tuple[str, ...]] = set()
    events = sorted({key[0] for key in wanted})
    for start in range(0, len(events), 500):
        found = Uncovered.objects.filter(event__in=events[start : start + 500])
        there |= set(found.values_list("event", "entity", "code", "facts"))
    bulk.put(Uncovered, [row for key, row in wanted.items() if key not in there])

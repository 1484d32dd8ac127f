"""What a correction, or what came late, changes in what the books come to: that alone is written."""

from collections.abc import Iterable

from stannary.core.custody import AccountKey, Retirement
from stannary.core.kernel import Finding
from stannary.web.custody import heard, records
from stannary.web.custody.books.changes.operations import booked_by
from stannary.web.custody.books.operations import (
    credit_row,
    delete_all,
    mark_row,
    told_rows,
    use_row,
)
from stannary.web.custody.keeping import Changed, Kept
from stannary.web.custody.models import (
    AccountPeriod,
    Carried,
    CreditHeld,
    CreditUse,
    Lot,
    Uncovered,
)


def store(kept: Kept, changed: Changed) -> None:
    """Store what is otherwise.

    Args:
        kept: Lots, accounts and credits that can be otherwise, as they are now.
        changed: What they were, and all that decides it.
    """
    _take_away(kept, changed)
    told = _carried(kept, changed)
    _periods(kept)
    _credits(kept, changed)
    told |= _uses(kept, changed)
    _marks(changed.found, changed.finds)
    heard.tell(told)


def lots_of(kept: Kept, changed: Changed) -> list[Lot]:
    """Give the lots that can be otherwise, as they are now."""
    return [one for one in records.lots_of(kept.replay) if ("lot", one.lot_id) in changed.keys]


def _take_away(kept: Kept, changed: Changed) -> None:
    """Delete what was made by events that never happened."""
    was, now = changed.was.part, kept.credit.part
    lots = {name for name in was.lots if ("lot", name) in changed.keys} - now.lots.keys()
    credits_ = {x for x in was.credits if ("credit", x) in changed.keys} - now.credits.keys()
    delete_all(Lot.objects.all(), "lot_id", lots)
    delete_all(CreditHeld.objects.all(), "credit_id", credits_)
    for account in (AccountKey(*key[1:]) for key in changed.keys if key[0] == "account"):
        periods = AccountPeriod.objects.filter(entity=account.entity, boundary=account.boundary)
        periods.filter(material=account.material, element=account.element).delete()


def _carried(kept: Kept, changed: Changed) -> set[str]:
    was, now = changed.was.part.lots, kept.credit.part.lots
    names = {key[1] for key in changed.keys if key[0] == "lot"}
    before = {x: (was[x].carried, was[x].given) for x in names & was.keys() if was[x].given}
    after = {x: (now[x].carried, now[x].given) for x in now if now[x].given}
    other = {x for x in before.keys() | after.keys() if before.get(x) != after.get(x)}
    delete_all(Carried.objects.all(), "lot_id", other)
    Carried.objects.bulk_create(
        [
            Carried(
                lot_id=name,
                amounts=records.amounts_text(after[name][0]),
                given=records.amounts_text(after[name][1]),
            )
            for name in sorted(other & after.keys())
        ],
        batch_size=500,
    )
    return other


def _periods(kept: Kept) -> None:
    AccountPeriod.objects.bulk_create(told_rows(kept), batch_size=500)


def _credits(kept: Kept, changed: Changed) -> None:
    known = changed.now.part.credits
    rows = [credit_row(one, booked_by(one, known, {})) for one in kept.credit.part.credits.values()]
    names = [one.attname for one in CreditHeld._meta.concrete_fields]  # noqa: SLF001 - documented
    CreditHeld.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,  # a credit keeps its key, as a lot does
        unique_fields=["credit_id"],
        update_fields=[name for name in names if name not in ("id", "credit_id")],
    )


def _uses(kept: Kept, changed: Changed) -> set[str]:
    def of(those: Iterable[Retirement]) -> dict[str, Retirement]:
        return {one.event: one for one in those if ("credit", one.credit) in changed.keys}

    was, now = of(changed.was.retired), of(changed.now.retired)
    other = {event for event in was.keys() | now.keys() if was.get(event) != now.get(event)}
    delete_all(CreditUse.objects.all(), "event", other)
    credits_ = kept.credit.part.credits
    rows = [use_row(now[x], credits_[now[x].credit].material) for x in sorted(other & now.keys())]
    CreditUse.objects.bulk_create(rows, batch_size=500)
    return {one.beneficiary for those in (was, now) for x, one in those.items() if x in other}


def _marks(was: Iterable[Finding], now: Iterable[Finding]) -> None:
    before, after = _by_values(was), _by_values(now)
    gone = before.keys() - after.keys()
    events = sorted({key[0] for key in gone})
    for start in range(0, len(events), 500):
        found = Uncovered.objects.filter(event__in=events[start : start + 500])
        there = found.values_list("pk", "event", "entity", "code", "facts")
        old = [pk for pk, *values in there if tuple(values) in gone]
        Uncovered.objects.filter(pk__in=old).delete()
    new = [after[key] for key in after if key not in before]
    Uncovered.objects.bulk_create(new, batch_size=500)


def _by_values(found: Iterable[Finding]) -> dict[tuple[str, ...], Uncovered]:
    rows = map(mark_row, found)
    return {(row.event, row.entity, row.code, row.facts): row for row in rows}

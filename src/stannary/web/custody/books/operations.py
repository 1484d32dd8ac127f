"""What the books come to, stored so that pages read it with a query: made anew at each booking.

Only what differs from what is stored is written.
"""

import json
from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from stannary.core.custody import (
    Books,
    Credit,
    PeriodStatement,
    Proof,
    Retirement,
    Source,
    total_mg,
)
from stannary.core.custody.accounting.sources import NOTHING
from stannary.core.kernel import Finding
from stannary.web.custody import heard, records
from stannary.web.custody.bulk import operations as bulk
from stannary.web.custody.keeping import Anew, Kept
from stannary.web.custody.models import (
    AccountPeriod,
    Carried,
    CreditHeld,
    CreditUse,
    Uncovered,
)

T = TypeVar("T", bound=Model)


def store(kept: Kept, anew: Anew) -> None:
    """Store what the books come to, where everything was replayed."""
    changed: set[str] = set()
    for model, rows, told in _wanted(kept, anew):
        changed |= _sync(model._default_manager.all(), rows, told)  # noqa: SLF001 - documented
    heard.tell(changed)


def _wanted(kept: Kept, anew: Anew) -> Iterable[tuple[type[Model], Iterable[Model], str]]:
    """Give each table, its rows, and the column that names what is told of."""
    books, average = anew.books, anew.average
    yield Carried, _carried(books), "lot_id"
    yield AccountPeriod, period_rows(books.statements, average.statements if average else ()), ""
    yield CreditHeld, _credits(books), ""
    yield CreditUse, _uses(books), "beneficiary"
    yield Uncovered, _marks(kept), ""


Stored = dict[type[Model], set[tuple[object, ...]]]


def stored() -> Stored:
    """Give every row of what the books come to, as it is stored."""
    models: tuple[type[Model], ...] = (Carried, AccountPeriod, CreditHeld, CreditUse, Uncovered)
    return {
        model: set(model._default_manager.values_list(*_names(model)))  # noqa: SLF001 - documented
        for model in models
    }


def differences(kept: Kept, anew: Anew, there: Stored) -> Iterable[tuple[str, str]]:
    """Tell which rows differ from what everything replayed comes to: table and row."""
    for model, rows, _ in _wanted(kept, anew):
        names = _names(model)
        wanted = {tuple(getattr(row, name) for name in names) for row in rows}
        for one in sorted(map(str, wanted ^ there[model])):
            yield model.__name__, one[:200]


def _names(model: type[Model]) -> list[str]:
    fields = model._meta.concrete_fields  # noqa: SLF001 - documented by Django
    return [one.attname for one in fields if not one.primary_key]


def _sync(rows: QuerySet[T], wanted: Iterable[T], told: str = "") -> set[Any]:
    """Make the rows those that are wanted, and give one column, if asked, of those that differ."""
    names = _names(rows.model)

    def key(row: Any) -> tuple[object, ...]:
        return tuple(getattr(row, name) for name in names)

    new = {key(row): row for row in wanted}
    gone, seen = [], []
    for pk, *values in rows.values_list("pk", *names):
        if new.pop(tuple(values), None) is None:
            gone.append(pk)
            seen.append(values[names.index(told)] if told else None)
    for start in range(0, len(gone), 500):
        rows.filter(pk__in=gone[start : start + 500]).delete()
    bulk.put(rows.model, list(new.values()))
    return {*seen, *(getattr(row, told) for row in new.values())} if told else set()


def delete_all(rows: QuerySet[Any], column: str, names: Iterable[str]) -> None:
    """Delete the rows of a projection that have one of some names in a column."""
    those = sorted(names)
    for start in range(0, len(those), 500):
        rows.filter(**{f"{column}__in": those[start : start + 500]}).delete()


def _carried(books: Books) -> Iterable[Carried]:
    for lot, given in books.given.items():
        if given:
            amounts = records.amounts_text(books.carried.get(lot, NOTHING))
            yield Carried(lot_id=lot, amounts=amounts, given=records.amounts_text(given))


def period_rows(
    counting: Iterable[PeriodStatement], other: Iterable[PeriodStatement]
) -> list[AccountPeriod]:
    """Give accounts in their periods as they are stored, by the method that counts and by the other.

    Where a pack allows one method alone there is no other to compare with.
    """
    rows = [_period_row(one, counts=True) for one in counting]
    known = {
        (one.entity, one.boundary, one.material, one.element, one.method, one.valid_from)
        for one in rows
    }
    compared = (_period_row(one, counts=False) for one in other)
    return rows + [
        one
        for one in compared
        if (one.entity, one.boundary, one.material, one.element, one.method, one.valid_from)
        not in known
    ]


def told_rows(kept: Kept) -> list[AccountPeriod]:
    """Give the periods of accounts that were looked at, since the last act of each."""
    other = kept.average.told.values() if kept.average else ()
    return period_rows(
        (one for told in kept.credit.told.values() for one in told.statements),
        (one for told in other for one in told.statements),
    )


def _period_row(one: PeriodStatement, *, counts: bool) -> AccountPeriod:
    opening, closing = total_mg(one.opening), total_mg(one.closing)
    return AccountPeriod(
        entity=one.key.entity,
        boundary=one.key.boundary,
        material=one.key.material,
        method=str(one.method),
        counts=counts,
        valid_from=one.period.valid_from,
        valid_until=one.period.valid_until,
        opening_mg=opening,
        entered_mg=total_mg(one.entered),
        given_mg=total_mg(one.given),
        lapsed_mg=total_mg(one.lapsed),
        closing_mg=closing,
        deficit_mg=one.deficit_mg,
        content_in_mg=one.content_in_mg,
        lapses_next_mg=one.lapsing_mg or 0,
        closed=one.closed,
        element=one.key.element,
    )


def _credits(books: Books) -> Iterable[CreditHeld]:
    by_id = {one.id: one for one in books.credits}

    def root(credit_id: str) -> str:
        while by_id[credit_id].parent:
            credit_id = by_id[credit_id].parent
        return credit_id

    first_holder = {one.id: one.holder for one in books.credits if not one.parent}
    for one in books.credits:
        yield credit_row(one, first_holder[root(one.id)])


def credit_row(one: Credit, booked_by: str) -> CreditHeld:
    """Give a credit as it is stored."""
    return CreditHeld(
        credit_id=one.id,
        booked_by=booked_by,
        holder=one.holder,
        parent=one.parent,
        material=one.material,
        **_of(one.source),
        produced_on=one.source.produced_on,
        unit_mg=one.unit_mg,
        booked_on=one.booked_on,
        expires_on=one.expires_on,
        quantity_mg=one.quantity_mg,
        left_mg=one.left_mg,
    )


def _of(source: Source) -> dict[str, str]:
    return {"site": source.site, "attestation": source.attestation}


def _uses(books: Books) -> Iterable[CreditUse]:
    materials = {one.id: one.material for one in books.credits}
    for one in books.retired:
        yield use_row(one, materials[one.credit])


def use_row(one: Retirement, material: str) -> CreditUse:
    """Give what was used up as it is stored."""
    return CreditUse(
        event=one.event,
        on=one.on,
        credit_id=one.credit,
        holder=one.holder,
        beneficiary=one.beneficiary,
        period=one.period,
        material=material,
        **_of(one.source),
        quantity_mg=one.quantity_mg,
    )


def _marks(kept: Kept) -> Iterable[Uncovered]:
    for one in (*kept.marks, *kept.refused):
        yield mark_row(one)


def mark_row(one: Finding) -> Uncovered:
    """Give why something counts towards no claim as it is stored."""
    facts = {name: str(value) for name, value in one.facts.items()}
    return Uncovered(
        event=facts.get("event", "")[:200],
        entity=facts.get("entity", "")[:200],
        code=one.code,
        facts=json.dumps(facts, ensure_ascii=False),
    )


def proof_shape(proof: Proof) -> dict[str, Any]:
    """Give the proof with its terms, masses as texts of whole milligrams."""
    return {
        "entered_mg": str(proof.entered_mg),
        "sayable_mg": str(proof.sayable_mg),
        "holds": proof.holds,
        "entities": [
            {
                "entity": one.entity,
                "kind": str(one.kind),
                "terms": {str(term): str(mg) for term, mg in one.terms.items()},
                "lots_mg": str(one.claimable.lots_mg),
                "accounts_mg": str(one.claimable.accounts_mg),
                "credits_mg": str(one.claimable.credits_mg),
                "holds": one.holds,
            }
            for one in proof.entities
        ],
    }

"""What the books come to, stored so that pages read it with a query: made anew at each booking.

Only what differs from what is stored is written.
"""

import datetime
import json
from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from stannary.core.custody import Books, PeriodStatement, Proof, Source, total_mg
from stannary.core.custody.accounting.sources import NOTHING
from stannary.web.custody import heard, records
from stannary.web.custody.keeping import Kept
from stannary.web.custody.models import (
    AccountPeriod,
    Book,
    Carried,
    CreditHeld,
    CreditUse,
    Uncovered,
)

T = TypeVar("T", bound=Model)
SHOWN_MARKS = 10_000


def store(head: Book, kept: Kept, day: datetime.date) -> None:
    """Store what the books come to, beside the one row that is locked for it."""
    books = kept.books
    statements = [*books.statements, *(kept.average.statements if kept.average else ())]
    changed = _sync(Carried.objects.all(), _carried(books), "lot_id")
    _sync(AccountPeriod.objects.all(), map(_period, statements))
    _sync(CreditHeld.objects.all(), _credits(books))
    changed |= _sync(CreditUse.objects.all(), _uses(books), "beneficiary")
    _sync(Uncovered.objects.all(), _marks(kept))
    head.kept_on = day
    head.proof = json.dumps(proof_shape(books.proof), ensure_ascii=False) if books.proof else ""
    head.save(update_fields=["movements", "kept_on", "proof"])
    heard.tell(changed)


def _sync(rows: QuerySet[T], wanted: Iterable[T], told: str = "") -> set[Any]:
    """Make the rows those that are wanted, and give one column, if asked, of those that differ."""
    fields = rows.model._meta.concrete_fields  # noqa: SLF001 - documented by Django
    names = [one.attname for one in fields if not one.primary_key]

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
    rows.bulk_create(list(new.values()), batch_size=500)
    return {*seen, *(getattr(row, told) for row in new.values())} if told else set()


def _carried(books: Books) -> Iterable[Carried]:
    for lot, given in books.given.items():
        if given:
            amounts = records.amounts_text(books.carried.get(lot, NOTHING))
            yield Carried(lot_id=lot, amounts=amounts, given=records.amounts_text(given))


def _period(one: PeriodStatement) -> AccountPeriod:
    opening, closing = total_mg(one.opening), total_mg(one.closing)
    return AccountPeriod(
        entity=one.key.entity,
        boundary=one.key.boundary,
        material=one.key.material,
        method=str(one.method),
        valid_from=one.period.valid_from,
        valid_until=one.period.valid_until,
        opening_mg=opening,
        entered_mg=total_mg(one.entered),
        given_mg=total_mg(one.given),
        lapsed_mg=total_mg(one.lapsed),
        closing_mg=closing,
        deficit_mg=one.deficit_mg,
        content_in_mg=one.content_in_mg,
        lapses_next_mg=0 if one.closed else max(0, opening - total_mg(one.given)),
        closed=one.closed,
    )


def _credits(books: Books) -> Iterable[CreditHeld]:
    by_id = {one.id: one for one in books.credits}

    def root(credit_id: str) -> str:
        while by_id[credit_id].parent:
            credit_id = by_id[credit_id].parent
        return credit_id

    first_holder = {one.id: one.holder for one in books.credits if not one.parent}
    for one in books.credits:
        yield CreditHeld(
            credit_id=one.id,
            booked_by=first_holder[root(one.id)],
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
        yield CreditUse(
            event=one.event,
            on=one.on,
            credit_id=one.credit,
            holder=one.holder,
            beneficiary=one.beneficiary,
            period=one.period,
            material=materials[one.credit],
            **_of(one.source),
            quantity_mg=one.quantity_mg,
        )


def _marks(kept: Kept) -> Iterable[Uncovered]:
    for one in (*kept.marks, *kept.refused)[:SHOWN_MARKS]:
        facts = {name: str(value) for name, value in one.facts.items()}
        yield Uncovered(
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

"""Who must be told of an effect: holders down the chain, claimants, beneficiaries, verifiers.

Rules: none of its own.
"""

from collections.abc import Iterator, Sequence

from stannary.core.restatements.books import Books
from stannary.core.restatements.effects import (
    ClaimEffect,
    CreditsEffect,
    LotEffect,
    Notice,
    SaleEffect,
)

Told = tuple[str, str, str]
"""Entity, role, and the id of what it is told about."""


def notices_of(
    books: Books,
    lots: Sequence[LotEffect],
    sales: Sequence[SaleEffect],
    credits_: Sequence[CreditsEffect],
    claims: Sequence[ClaimEffect],
) -> tuple[Notice, ...]:
    """Give one notice for each entity and role, by entity and role.

    Whoever verifies somebody who is told is told the same.
    """
    about: dict[tuple[str, str], set[str]] = {}
    told = [*_of_lots(books, lots), *_of_sales(sales), *_of_credits(credits_), *_of_claims(claims)]
    for entity, role, name in told:
        if entity:
            about.setdefault((entity, role), set()).add(name)
            for verifier in books.verifiers.get(entity, ()):
                about.setdefault((verifier, "verifier"), set()).add(name)
    return tuple(sorted(Notice(*key, tuple(sorted(names))) for key, names in about.items()))


def _of_lots(books: Books, lots: Sequence[LotEffect]) -> Iterator[Told]:
    touched = {one.lot for one in lots}
    for event in books.events:
        for row in event.outputs + event.moves:
            if row.lot in touched:
                yield row.entity, "carrier" if event.kind.is_move else "maker", row.lot
    for lot in lots:
        yield lot.holder, "holder", lot.lot


def _of_sales(sales: Sequence[SaleEffect]) -> Iterator[Told]:
    for sale in sales:
        terms = sale.transaction.terms
        yield terms.seller, "seller", terms.id
        yield terms.buyer, "buyer", terms.id


def _of_credits(credits_: Sequence[CreditsEffect]) -> Iterator[Told]:
    for one in credits_:
        issued = one.credits
        for holder in (issued.booked_by, *issued.held):
            yield holder, "credit_holder", issued.id
        for beneficiary in issued.retired:
            yield beneficiary, "beneficiary", issued.id


def _of_claims(claims: Sequence[ClaimEffect]) -> Iterator[Told]:
    for one in claims:
        yield one.made.claim.made_by, "claimant", one.made.claim.id
        yield one.made.beneficiary, "beneficiary", one.made.claim.id

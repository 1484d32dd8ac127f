"""How `stannary balance --rules` tells of accounts, credits and blends: as text and as JSON."""

from collections.abc import Sequence

from stannary.cli.custody_files import print_columns
from stannary.core.custody import (
    Amounts,
    Blend,
    Books,
    Credit,
    PeriodStatement,
    Proof,
    Retirement,
    Source,
    SourceKind,
    total_mg,
)
from stannary.core.kernel import mass_text, percent_text, share_12_text


def books_as_dict(books: Books) -> dict[str, object]:
    """Give what is kept over lots in the shape that outsiders rely on (CONTRACTS, section 2)."""
    return {
        "as_of": books.day.isoformat(),
        "carried": [
            {"lot": lot, "sources": _sources(books.carried[lot])} for lot in sorted(books.carried)
        ],
        "accounts": [_statement(one) for one in books.statements],
        "credits": [_credit(one) for one in books.credits],
        "retired": [_retirement(one) for one in books.retired],
        "blends": [_blend(one) for one in books.blends],
        "pilots": list(books.pilots),
        "corrections": {event: list(those) for event, those in sorted(books.corrections.items())},
        "proof": None if books.proof is None else _proof(books.proof),
    }


def _statement(one: PeriodStatement) -> dict[str, object]:
    return {
        "entity": one.key.entity,
        "boundary": one.key.boundary,
        "material": one.key.material,
        "element": one.key.element,
        "method": one.method,
        "from": one.period.valid_from.isoformat(),
        "until": one.period.valid_until.isoformat(),
        "closed": one.closed,
        "content_in_mg": str(one.content_in_mg),
        "opening_mg": str(total_mg(one.opening)),
        "entered_mg": str(total_mg(one.entered)),
        "given_mg": str(total_mg(one.given)),
        "lapsed_mg": str(total_mg(one.lapsed)),
        "closing_mg": str(total_mg(one.closing)),
        "deficit_mg": str(one.deficit_mg),
        "closing": _sources(one.closing),
    }


def _credit(one: Credit) -> dict[str, object]:
    return {
        "credit": one.id,
        "holder": one.holder,
        "material": one.material,
        **_source(one.source),
        "unit_mg": str(one.unit_mg),
        "booked_on": one.booked_on.isoformat(),
        "expires_on": one.expires_on.isoformat(),
        "quantity_mg": str(one.quantity_mg),
        "left_mg": str(one.left_mg),
        "expired": one.expired,
        "parent": one.parent or None,
    }


def _retirement(one: Retirement) -> dict[str, object]:
    return {
        "event": one.event,
        "on": one.on.isoformat(),
        "credit": one.credit,
        "holder": one.holder,
        **_source(one.source),
        "quantity_mg": str(one.quantity_mg),
        "beneficiary": one.beneficiary,
        "period": one.period or None,
    }


def _blend(one: Blend) -> dict[str, object]:
    return {
        "lot": one.lot,
        "site": one.site,
        "at": one.at.isoformat(),
        "assured_mg": str(one.assured_mg),
        "content_mg": str(one.content_mg),
        "share": share_12_text(one.share),
    }


def _proof(proof: Proof) -> dict[str, object]:
    return {
        "holds": proof.holds,
        "produced_mg": str(proof.entered_mg),
        "sayable_mg": str(proof.sayable_mg),
        "entities": [
            {
                "entity": one.entity,
                "kind": one.kind,
                "claimable_mg": str(one.claimable.total_mg),
                "came_in_mg": str(one.came_in_mg),
                "went_mg": str(one.went_mg),
                "terms": {str(term): str(mg) for term, mg in one.terms.items() if mg},
            }
            for one in proof.entities
        ],
    }


def _source(source: Source) -> dict[str, str]:
    return {
        "kind": str(source.kind),
        "site": source.site,
        "attestation": source.attestation,
        "produced_on": source.produced_on.isoformat(),
    }


def _sources(amounts: Amounts) -> list[dict[str, str]]:
    return [{**_source(one), "content_mg": str(amounts[one])} for one in sorted(amounts)]


def print_books(books: Books) -> None:
    """Print what is kept over lots; a section without anything is left out."""
    _carried(books)
    _blends(books)
    _accounts(books)
    _credits(books)
    _marked(books)
    if books.proof is not None:
        print()
        print("Nowhere is more said than came in")
        for line in books.proof.lines:
            print(f"  {line}")


def _carried(books: Books) -> None:
    rows = [
        (
            lot,
            source.site,
            source.attestation or str(SourceKind.RECYCLED),
            source.produced_on.isoformat(),
            mass_text(mg),
        )
        for lot in sorted(books.carried)
        for source, mg in sorted(books.carried[lot].items())
    ]
    _section("What may be said of lots", ("lot", "from", "under", "produced", "content"), rows, 1)


def _blends(books: Books) -> None:
    rows = [
        (one.lot, one.site, mass_text(one.content_mg), f"{percent_text(one.share)} %")
        for one in books.blends
    ]
    _section("Controlled blends, as measured", ("lot", "site", "content", "attested"), rows, 2)


def _accounts(books: Books) -> None:
    rows = [
        (
            one.key.entity,
            one.key.boundary,
            " / ".join(filter(None, (one.key.material, one.key.element))),
            str(one.period) + ("" if one.closed else " open"),
            *(
                mass_text(total_mg(x))
                for x in (one.opening, one.entered, one.given, one.lapsed, one.closing)
            ),
            mass_text(one.deficit_mg),
        )
        for one in books.statements
    ]
    methods = ", ".join(sorted({str(one.method) for one in books.statements}))
    heads = ("entity", "boundary", "material", "period")
    numbers = ("opening", "in", "given", "lapsed", "closing", "deficit")
    _section(f"Accounts of mass balance ({methods})", (*heads, *numbers), rows, len(numbers))


def _credits(books: Books) -> None:
    rows = [
        (
            one.id,
            one.holder,
            one.source.site,
            one.expires_on.isoformat() + (" expired" if one.expired else ""),
            mass_text(one.quantity_mg),
            mass_text(one.left_mg),
        )
        for one in books.credits
    ]
    _section("Credits", ("credit", "holder", "from", "expires", "made", "left"), rows, 2)
    used = [
        (one.event, one.credit, one.holder, one.beneficiary, one.period, mass_text(one.quantity_mg))
        for one in books.retired
    ]
    heads = ("event", "credit", "holder", "for", "period", "quantity")
    _section("Credits used up", heads, used, 1)


def _marked(books: Books) -> None:
    _section("Booked by a pilot, nothing may be said", ("lot",), [(x,) for x in books.pilots], 0)
    rows = [(event, ", ".join(those)) for event, those in sorted(books.corrections.items())]
    _section("Corrected", ("event", "by"), rows, 0)


def _section(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], numbers: int) -> None:
    if rows:
        print()
        print(title)
        print_columns(heads, rows, right=numbers)

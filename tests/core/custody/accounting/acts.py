"""Acts that the tests of keeping share: an account, what comes out of it, credits."""

from core.custody.accounting.made_up import (
    BC,
    MB,
    MINER,
    makes,
    mined,
    takes,
)
from stannary.core.custody import (
    Books,
    Kind,
    Row,
    SourceKind,
)

G = 1_000
WHOLE = mined("E1", "2026-01-05", "L1", 10 * G, model=MB)
BLEND, TRANSFORM = Kind.BLEND, Kind.TRANSFORM
ACCOUNT = {"account": "north", "model": MB}


def melt(*made: Row, event: str = "E2", on: str = "2026-02-01", **fields: object) -> list[Row]:
    """All of the lot goes into the account; what comes out is given."""
    return [
        WHOLE,
        takes(event, on, TRANSFORM, "L1", 10 * G, **{"account": "north", **fields}),
        *made,
    ]


def metal(
    lot: str, mass_mg: int, event: str = "E2", on: str = "2026-02-01", **fields: object
) -> Row:
    return makes(event, on, TRANSFORM, lot, mass_mg, **{**ACCOUNT, **fields})


def terms(kept: Books, entity: str = MINER) -> dict[str, int]:
    """What an entity got and gave of mined material, without what is nothing."""
    assert kept.proof is not None
    for one in kept.proof.entities:
        if (one.entity, one.kind) == (entity, SourceKind.MINED):
            return {str(term): mg for term, mg in one.terms.items() if mg}
    return {}


def booking(
    quantity: int = 4 * G, *, event: str = "E5", on: str = "2026-03-01", **fields: object
) -> list[Row]:
    out = {"model": BC, "material": "credit", **fields}
    return [
        takes(event, on, Kind.BOOK, "L1", quantity),
        makes(event, on, Kind.BOOK, "C1", quantity, **out),
    ]


def retiring(quantity: int, event: str = "E7", on: str = "2026-05-01", **fields: object) -> Row:
    given = {"note": "Example Phones", "period": "2026", "material": "credit", **fields}
    return takes(event, on, Kind.RETIRE, str(given.pop("credit", "C1")), quantity, **given)

"""Made-up rules, sources and short ways to keep books, for tests of accounting."""

import datetime
from collections.abc import Callable, Iterable, Mapping

from core.custody.chains import row
from stannary.core.custody import (
    Books,
    CertificateChange,
    CertificateScope,
    CertificateStatus,
    Constant,
    ConversionFactor,
    CustodyCertificate,
    CustodyRules,
    EntityKind,
    Kind,
    Method,
    Model,
    Row,
    Side,
    Source,
    events_of,
    keep_books,
)
from stannary.core.kernel import Mark, Value

MINER, TRADER, PLANT, BRAND = "Mine Co", "Trade Co", "Plant Co", "Brand Co"
MB, BC, IP, CB = (
    Model.MASS_BALANCE,
    Model.BOOK_AND_CLAIM,
    Model.IDENTITY_PRESERVED,
    Model.CONTROLLED_BLENDING,
)
NORTH = Source(datetime.date(2026, 1, 5), "north", "urn:north")
SOUTH = Source(datetime.date(2026, 2, 5), "south", "urn:south")

KNOWN: dict[str, Value] = {
    "mass_balance_methods": "credit rolling_average",
    "balance_period_months": 12,
    "balance_opening_and_closing": "calendar",
    "balance_carry_over": "once",
    "overdraft_tolerance": "none",
    "conversion_factor_source": "measured",
    "conversion_factor_review_months": 12,
    "credit_unit": "gram",
    "credit_life_months": 24,
    "controlled_blending_min_share": "0.05",
    "certificate_validity_months": 36,
    "multi_site_scope": "listed_sites",
    "outsourcing_agreements": "listed_with_days",
    "trader_treatment": "like_others",
    "surveillance_interval_months": 12,
    "level_of_mix": "each_origin",
    "attestation_basis": "produced_on",
}


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def at(text: str, hour: int = 12) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(hour=hour, tzinfo=datetime.UTC)


def under(**other: Value | None) -> CustodyRules:
    """The constants above with some changed; None makes one unknown."""
    values = {**KNOWN, **other}
    constants = {
        name: Constant(value, Mark.UNKNOWN if value is None else Mark.OWN, "illustrative")
        for name, value in values.items()
    }
    return CustodyRules(constants=constants, pack="example/custody/1")


def always(**other: Value | None) -> Callable[[datetime.date], CustodyRules]:
    allowed = under(**other)
    return lambda _: allowed


def mined(event: str, on: str, lot: str, mass_mg: int, **fields: object) -> Row:
    """A lot that the mine produced, attested."""
    given = {"entity": MINER, "site": "north", "attestation": "urn:north", "material": "ore"}
    return row(event, Kind.PRODUCE, Side.OUT, lot, mass_mg, at=at(on), **{**given, **fields})


def takes(event: str, on: str, kind: Kind, lot: str, mass_mg: int, **fields: object) -> Row:
    given = {"entity": MINER, "site": "north", "material": "ore"}
    return row(event, kind, Side.IN, lot, mass_mg, at=at(on), **{**given, **fields})


def makes(event: str, on: str, kind: Kind, lot: str, mass_mg: int, **fields: object) -> Row:
    given = {"entity": MINER, "site": "north", "material": "metal"}
    return row(event, kind, Side.OUT, lot, mass_mg, at=at(on), **{**given, **fields})


def moves(event: str, on: str, kind: Kind, lot: str, mass_mg: int, **fields: object) -> Row:
    given = {"entity": MINER, "site": "north", "material": "ore"}
    return row(event, kind, Side.MOVE, lot, mass_mg, at=at(on), **{**given, **fields})


def books(
    *rows: Row,
    as_of: str | None = None,
    method: Method | None = None,
    certificates: Iterable[CustodyCertificate] | None = None,
    factors: Iterable[ConversionFactor] = (),
    constants: Mapping[str, Value | None] | None = None,
) -> Books:
    return keep_books(
        events_of(rows),
        rules_on=always(**(constants or {})),
        as_of=None if as_of is None else day(as_of),
        method=method,
        certificates=certificates,
        factors=factors,
    )


def codes(kept: Books) -> list[str]:
    return [finding.code for finding in kept.findings]


def carried(kept: Books, lot: str) -> int:
    return sum(kept.carried.get(lot, {}).values())


def certificate(entity: str = MINER, **other: object) -> CustodyCertificate:
    fields: dict[str, object] = {
        "id": f"urn:example:coc:{entity}",
        "entity": entity,
        "kind": EntityKind.MINE,
        "pack": "example/custody/1",
        "scope": CertificateScope(
            frozenset({"north", "plant", "port"}), frozenset({"ore", "metal"}), frozenset(Model)
        ),
        "valid_from": day("2026-01-01"),
        "valid_until": day("2029-01-01"),
        **other,
    }
    return CustodyCertificate(**fields)  # type: ignore[arg-type]  # fields by name


def change(on: str, status: str) -> CertificateChange:
    return CertificateChange(day(on), CertificateStatus(status), "illustrative")

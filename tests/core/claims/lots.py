"""A small chain for tests: two mines and an unknown source, blended into one lot.

North: 375 kg, then South: 500 kg, unknown: 125 kg; all names are made up.
"""

import datetime
from fractions import Fraction

from stannary.core.attestations import Achievement
from stannary.core.claims import Claim
from stannary.core.custody import Kind, Model, Row, Side, events_of
from stannary.core.kernel import DatedValue, Mark, Parameter
from stannary.core.provenance import Trace, trace
from stannary.core.standards import ClaimWording, Edition, Level

DAY = datetime.date
STANDARD = "stannary/test-mining/1"
SEEN = DAY(2026, 1, 1)


def constant(name: str, value: str | None) -> Parameter:
    return Parameter(name, "1", "", (DatedValue(value, "test", Mark.OWN, SEEN),))


def level(code: str, share: str) -> Level:
    return Level(code, code.title(), "", constant("min", share), None, None)


EDITION = Edition(
    kind="assurance",
    publisher="stannary",
    standard="test-mining",
    edition="1",
    title="Test",
    short_title="Test",
    summary="",
    language="en",
    licence="CC0-1.0",
    in_force_from=SEEN,
    requirements_complete=False,
    texts="outline",
    levels=(level("L-0", "0"), level("L-50", "0.5"), level("L-75", "0.75")),
)


def words(code: str, least: str | None, models: tuple[Model, ...], **texts: str) -> ClaimWording:
    names = tuple(str(model) for model in models)
    return ClaimWording(code, code.title(), names, constant("least", least), texts)


PHYSICAL = (Model.IDENTITY_PRESERVED, Model.SEGREGATED, Model.CONTROLLED_BLENDING)
PACK = Edition(
    kind="custody",
    publisher="stannary",
    standard="test-custody",
    edition="1",
    title="Test custody",
    short_title="Test custody",
    summary="",
    language="en",
    licence="CC0-1.0",
    in_force_from=SEEN,
    requirements_complete=True,
    texts="full",
    parameters={"attestation_basis": constant("attestation_basis", "produced_on")},
    claims=(
        words(
            "SHARE",
            "0",
            PHYSICAL,
            en="At least {share} of the {element} in lot {lot} comes from sites at {level}.",
            fr="Au moins {share} du {element} du lot {lot} vient de sites au niveau {level}.",
        ),
        words("HALF", "0.5", PHYSICAL, en="{share} of {lot}"),
        words("ALL", "1", PHYSICAL, en="All {element} in lot {lot} comes from sites at {level}."),
        words("FROM", "0", PHYSICAL, en="Lot {lot} comes from assessed mines."),
        words("BLEND-ONLY", "0", (Model.CONTROLLED_BLENDING,), en="{share}"),
        words("OPEN", None, PHYSICAL, en="{share}"),
    ),
)


def row(event: str, kind: Kind, lot: str, side: Side, mass_kg: int, **more: object) -> Row:
    hour = {"N": 8, "S": 9, "U": 10, "B": 11}.get(event[0], 12)
    fields: dict[str, object] = {
        "at": datetime.datetime(2026, 2, 1, hour, tzinfo=datetime.UTC),
        "site": "works",
        "entity": "Example Works",
        "material": "concentrate",
        "model": Model.CONTROLLED_BLENDING,
    }
    fields |= more
    return Row(
        event=event,
        kind=kind,
        lot=lot,
        side=side,
        mass_mg=mass_kg * 10**6,
        content_mg=mass_kg * 10**6,
        **fields,  # type: ignore[arg-type]
    )


NORTH = row("N1", Kind.PRODUCE, "N", Side.OUT, 375, site="north", attestation="north-1")
SOUTH = row("S1", Kind.PRODUCE, "S", Side.OUT, 500, site="south", attestation="south-1")
UNKNOWN = row("U1", Kind.PURCHASE, "U", Side.OUT, 125)
BLEND = (
    row("B1", Kind.BLEND, "N", Side.IN, 375),
    row("B1", Kind.BLEND, "S", Side.IN, 500),
    row("B1", Kind.BLEND, "U", Side.IN, 125),
    row("B1", Kind.BLEND, "L", Side.OUT, 1000),
)
ROWS = (NORTH, SOUTH, UNKNOWN, *BLEND)


def achievement(
    name: str, site: str, code: str, begin: DAY = SEEN, end: DAY | None = None
) -> Achievement:
    return Achievement(name, site, STANDARD, code, begin, end, None)


ACHIEVEMENTS = {
    "north-1": achievement("north-1", "north", "L-75"),
    "south-1": achievement("south-1", "south", "L-50"),
}


def trace_of(*rows: Row, lot: str = "L") -> Trace:
    return trace(events_of(rows or ROWS), lot)


CLAIM = Claim(
    id="urn:uuid:3c7a0d4e-7c6d-4a44-8a0e-2d7a7b0f3c11",
    lot="L",
    wording="SHARE",
    standard=STANDARD,
    level="L-75",
    share=Fraction(3, 8),
    element="lithium",
    made_by="Example Works",
    made_on=DAY(2026, 3, 9),
    valid_until=DAY(2027, 3, 9),
)

"""Illustrative certificates of the five illustrative entities, under which today's chain was booked."""

import datetime

from stannary.web.entities import operations
from stannary.web.entities.models import Certificate, EntityRecord
from stannary.web.entities.operations import CertificateSaid
from stannary.web.parties.models import Organisation, Person

AT = datetime.datetime(2025, 12, 15, 9, 0, tzinfo=datetime.UTC)
BEGIN = datetime.date(2026, 1, 1)
END = datetime.date(2028, 12, 31)
ORE = "spodumene concentrate"
BLEND = "blended concentrate"
CARBONATE = "lithium carbonate"
ALL = (
    "identity_preserved", "segregated", "controlled_blending", "mass_balance", "book_and_claim",
)  # fmt: skip

HELD = (
    ("example-north-mining", "mine", ("example-north-mine",), (ORE,)),
    ("example-south-mining", "mine", ("example-south-mine",), (ORE,)),
    ("example-trading-house", "trader", ("example-port",), (ORE, BLEND)),
    ("example-refining", "refiner", ("example-refinery",), (ORE, BLEND, CARBONATE)),
    ("example-cells", "manufacturer", ("example-cell-plant",), (ORE, CARBONATE)),
)


def load(*, by: Person, issuer: str = "example-scheme") -> None:
    """Record the entities and issue their certificates; calling it again changes nothing.

    Args:
        by: Of the secretariat.
        issuer: Short name of the scheme.
    """
    for number, (slug, kind, sites, materials) in enumerate(HELD, start=1):
        those = Organisation.objects.get(slug=slug)
        if not EntityRecord.objects.filter(organisation=those).exists():
            operations.record_entity(actor=by, organisation=slug, kind=kind, at=AT)
        name = f"EXAMPLE-COC-{number}"
        if not Certificate.objects.filter(number=name).exists():
            said = CertificateSaid(
                entity=slug,
                kind=kind,
                sites=sites,
                materials=materials,
                models=ALL,
                valid_from=BEGIN,
                valid_until=END,
                issuer=issuer,
                number=name,
            )
            operations.issue_certificate(actor=by, said=said, at=AT)
    south = Certificate.objects.get(number="EXAMPLE-COC-2")
    if not south.steps.exists():
        operations.change_status(
            actor=by,
            number=south.number,
            status="suspended",
            on=datetime.date(2026, 9, 1),
            reason="Made up: the books of July and August were not handed in.",
            at=datetime.datetime(2026, 8, 31, 9, 0, tzinfo=datetime.UTC),
        )

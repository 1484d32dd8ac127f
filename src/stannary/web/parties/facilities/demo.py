"""Illustrative facilities of the five illustrative entities, which the movements name.

Their places are points in the open sea, so that nobody takes them for real ones.
"""

import datetime
from decimal import Decimal

from stannary.web.parties.facilities import operations
from stannary.web.parties.facilities.operations import FacilitySaid
from stannary.web.parties.models import Facility, Person

AT = datetime.datetime(2026, 1, 5, 9, 0, tzinfo=datetime.UTC)
LITHIUM = ("lithium",)


def _said(
    name: str, kind: str, country: str, at: tuple[str, str], *, gln: str = ""
) -> FacilitySaid:
    return FacilitySaid(
        name=name,
        kind=kind,
        country=country,
        materials=LITHIUM,
        gln=gln,
        latitude=Decimal(at[0]),
        longitude=Decimal(at[1]),
        radius_km=25,
        note="Made up.",
    )


FACILITIES = (
    (
        "example-north-mining",
        "example-north-concentrator",
        _said("Example North Concentrator", "concentrator", "IS", ("61.5", "-31.5")),
    ),
    (
        "example-south-mining",
        "example-south-concentrator",
        _said("Example South Concentrator", "concentrator", "NZ", ("-46.5", "-149.5")),
    ),
    (
        "example-trading-house",
        "example-port",
        _said("Example Port", "port", "PT", ("38.0", "-20.0")),
    ),
    (
        "example-refining",
        "example-refinery",
        _said("Example Refinery", "refinery", "NO", ("66.0", "1.0"), gln="9521321000018"),
    ),
    (
        "example-cells",
        "example-cell-plant",
        _said("Example Cell Plant", "factory", "DK", ("56.5", "3.5")),
    ),
)


def load(*, by: Person) -> None:
    """Record the facilities; calling it again changes nothing."""
    for organisation, slug, said in FACILITIES:
        if not Facility.objects.filter(slug=slug).exists():
            operations.add_facility(
                actor=by, organisation=organisation, said=said, slug=slug, at=AT
            )

"""Two illustrative conversion factors: one that is approved, one that waits for it."""

import datetime

from stannary.web.entities.demo import AT, BEGIN, CARBONATE, ORE
from stannary.web.entities.factors import operations
from stannary.web.entities.factors.operations import FactorSaid
from stannary.web.entities.models import ConversionFactor
from stannary.web.parties.models import Person

RUN = datetime.date(2026, 7, 1)


def load(*, clerk: Person, by: Person, entity: str = "example-cells") -> None:
    """State two factors and approve the first; calling it again changes nothing.

    Args:
        clerk: Of the entity that states them.
        by: Of the secretariat.
        entity: Its short name.
    """
    if ConversionFactor.objects.exists():
        return
    process = "acid roast and leach"
    first = FactorSaid(
        ORE, CARBONATE, process, "lithium", "0.92", "Made up: yearly mean", BEGIN, entity=entity
    )
    second = FactorSaid(
        ORE, CARBONATE, process, "lithium", "23/26", "Made up: test run", RUN, entity=entity
    )
    approved = operations.state(actor=clerk, said=first, at=AT)
    operations.state(actor=clerk, said=second, at=AT)
    operations.approve(actor=by, number=str(approved.pk), at=AT)

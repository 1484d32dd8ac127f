"""Lots, and what a balance says about them."""

import datetime
from dataclasses import dataclass

from stannary.core.custody.rows import Kind, Model, Row


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot as the event that made it recorded it; moves never change it.

    Attributes:
        event_id: The event that made it.
        at: When it was made.
        site: Where it was made.
        entity: Who made it.
        model: As recorded where it was made; None when not named.
        attestation: Identifier that mined material names; "" for none.
        kind: The kind of the event that made it.
        element: The tracked element: as its row names it, or the other rows of its event, or the lots
            that it was made of; "" where nobody does.
    """

    id: str
    event_id: str
    at: datetime.datetime
    site: str
    entity: str
    material: str
    mass_mg: int
    content_mg: int
    model: Model | None
    attestation: str
    kind: Kind
    element: str = ""

    @classmethod
    def from_row(cls, row: Row) -> "Lot":
        """Give the lot that an output row makes."""
        return cls(
            id=row.lot,
            event_id=row.event,
            at=row.at,
            site=row.site,
            entity=row.entity,
            material=row.material,
            mass_mg=row.mass_mg,
            content_mg=row.content_mg,
            model=row.model,
            attestation=row.attestation,
            kind=row.kind,
            element=row.element,
        )


@dataclass(frozen=True, slots=True)
class Holding:
    """What an entity has left of a lot when all events are replayed.

    Attributes:
        site: Where the lot was made or last received.
        mass_mg: What is left; 0 only if content is left.
        content_mg: What is left; 0 only if mass is left.
        model: Chain of custody model of the lot after its last move; None when never named.
    """

    entity: str
    site: str
    lot: str
    material: str
    mass_mg: int
    content_mg: int
    model: Model | None


@dataclass(frozen=True, slots=True)
class Transit:
    """A lot that was shipped and not received yet: held by nobody.

    Attributes:
        shipped_by: The last sender.
        from_site: Where it left.
        since: When it left.
    """

    lot: str
    material: str
    mass_mg: int
    content_mg: int
    model: Model | None
    shipped_by: str
    from_site: str
    since: datetime.datetime


@dataclass(frozen=True, slots=True)
class Loss:
    """Material that an event of kind `loss` took out of the chain.

    Attributes:
        weighing: Whether it is a difference of weighing.
    """

    event: str
    at: datetime.datetime
    entity: str
    site: str
    lot: str
    material: str
    mass_mg: int
    content_mg: int
    note: str
    weighing: bool = False


@dataclass(frozen=True, slots=True)
class ProcessLoss:
    """What a transformation took in and did not put out.

    Attributes:
        mass_mg: Below 0 where the process bound more mass than it lost.
        content_mg: 0 or more.
    """

    event: str
    at: datetime.datetime
    entity: str
    site: str
    mass_mg: int
    content_mg: int


@dataclass(frozen=True, slots=True)
class Total:
    """All holdings of one material by one entity."""

    entity: str
    material: str
    mass_mg: int
    content_mg: int

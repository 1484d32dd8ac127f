"""Who holds a lot, from its making over every shipment and receipt.

Rules: CUSTODY-012, CUSTODY-013.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from stannary.core.custody import rules
from stannary.core.custody.events import Event
from stannary.core.custody.rows import Kind, Row
from stannary.core.kernel import Finding, Rule


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a lot was last seen.

    Attributes:
        entity: Its holder, or its sender if it is in transit.
        site: Where it lies, or where it left.
        since: When it was made, shipped or received.
    """

    entity: str
    site: str
    since: datetime.datetime
    in_transit: bool = False

    def __str__(self) -> str:
        return f"in transit from {self.entity}" if self.in_transit else self.entity


@dataclass(slots=True)
class Holders:
    """Where every lot is after all events, and what was wrong on the way."""

    where: dict[str, Whereabouts] = field(default_factory=dict)
    findings: list[tuple[int, Finding]] = field(default_factory=list)


def follow(
    events: Sequence[Event], maker: Mapping[str, int], before: Holders | None = None
) -> Holders:
    """Follow every lot over a sequence of events.

    A lot is where it was last seen: a shipment or a receipt with a finding still moves it, so
    that one missing record is told once and not at every later use.

    Args:
        events: In the order of replay.
        maker: Lot id to the index of the event that made it.
        before: Where events before these left lots; it is changed.
    """
    holders = Holders() if before is None else before
    where = holders.where
    for index, event in enumerate(events):
        if event.kind.is_credit:
            continue
        holders.findings.extend((index, finding) for finding in _check(event, where))
        for row in event.moves:
            if row.lot in where:
                shipped = row.kind is Kind.SHIP
                where[row.lot] = Whereabouts(row.entity, row.site, row.at, in_transit=shipped)
        for row in event.outputs:
            if maker[row.lot] == index:
                where[row.lot] = Whereabouts(row.entity, row.site, row.at)
    return holders


def _check(event: Event, where: Mapping[str, Whereabouts]) -> Iterator[Finding]:
    for row in event.inputs + event.moves:
        seen = where.get(row.lot)
        if seen is None:
            continue  # Unknown or not made yet: CUSTODY-003 and CUSTODY-004 tell it.
        if row.kind is Kind.RECEIVE:
            if not seen.in_transit:
                yield _finding(rules.RECEIPT_FOLLOWS_SHIPMENT, row, seen)
        elif seen.in_transit or seen.entity != row.entity:
            yield _finding(rules.LOT_IS_HELD, row, seen)


def _finding(rule: Rule, row: Row, seen: Whereabouts) -> Finding:
    facts = {"lot": row.lot, "event": row.event, "entity": row.entity, "held_by": str(seen)}
    return Finding(rule, facts, row.place_of("entity"))

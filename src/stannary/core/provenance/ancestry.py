"""Which lots and events a lot is made of.

Rules: TRACE-001, and those of the defects that make a trace meaningless.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from stannary.core.custody import (
    DEFAULT_RULES,
    CustodyRules,
    Event,
    Row,
    in_order,
    lot_defects,
)
from stannary.core.custody.rules import MEANINGLESS_CODES
from stannary.core.kernel import RefusalError, refuse
from stannary.core.provenance import rules as codes


@dataclass(frozen=True, slots=True)
class Chain:
    """Events in the order of replay, free of defects of lots and masses.

    Attributes:
        events: Without moves, losses and credits: those that make lots.
        rows: Lot id to the output row that made it.
        maker: Lot id to the index of its event in `events`.
    """

    events: tuple[Event, ...]
    rows: Mapping[str, Row]
    maker: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Ancestry:
    """What one lot is made of.

    Attributes:
        lots: Ids of the lot itself and of every lot that it was made of, directly or not.
        events: Indices of the events that made them, ascending: inputs before outputs.
    """

    lots: frozenset[str]
    events: tuple[int, ...]


def chain_of(
    events: Sequence[Event],
    rules: CustodyRules = DEFAULT_RULES,
    *,
    refused: frozenset[str] = MEANINGLESS_CODES,
) -> Chain:
    """Check events and put them in order.

    Args:
        events: The order given decides only between events of one time.
        rules: The constants of a custody pack.
        refused: Codes of the defects of lots and masses that are looked at.

    Raises:
        RefusalError: With every defect that is looked at (CUSTODY-001 to CUSTODY-011 unless
            given otherwise), and CUSTODY-017 for every correction.
    """
    defects = lot_defects(events, rules=rules, looked_at=refused)
    if defects:
        raise RefusalError(*defects)
    making = tuple(
        event for event in in_order(events) if event.kind.is_source or event.kind.is_change
    )
    made = {row.lot: (index, row) for index, event in enumerate(making) for row in event.outputs}
    return Chain(
        events=making,
        rows={lot: row for lot, (_, row) in made.items()},
        maker={lot: index for lot, (index, _) in made.items()},
    )


def ancestry_of(chain: Chain, lot_id: str) -> Ancestry:
    """Walk back from a lot to its origins.

    Raises:
        RefusalError: TRACE-001 if no event makes the lot.
    """
    if lot_id not in chain.maker:
        _unknown(lot_id)
    lots, events, open_lots = {lot_id}, set[int](), [lot_id]
    while open_lots:
        index = chain.maker[open_lots.pop()]
        if index in events:
            continue
        events.add(index)
        fresh = {row.lot for row in chain.events[index].inputs} - lots
        lots |= fresh
        open_lots += fresh
    return Ancestry(frozenset(lots), tuple(sorted(events)))


def _unknown(lot_id: str) -> NoReturn:
    refuse(codes.LOT_IS_IN_THE_FILE, lot=lot_id[:200])


def ancestry(
    events: Sequence[Event], lot_id: str, *, rules: CustodyRules = DEFAULT_RULES
) -> tuple[Event, ...]:
    """Give the events that a trace of a lot depends on, in the order of replay.

    These are the events that made the lot and every lot it was made of. Shipments, receipts
    and losses are not among them: they do not change what a lot is made of. A trace over the
    events returned is the same as a trace over all events.

    Raises:
        RefusalError: TRACE-001 if no event makes the lot; CUSTODY codes for defects.
    """
    chain = chain_of(events, rules)
    return tuple(chain.events[index] for index in ancestry_of(chain, lot_id).events)

"""Events: the rows that happened together, in the order in which they are replayed.

Rules: CUSTODY-029.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stannary.core.custody import rules
from stannary.core.custody.rows import Kind, Row, Side
from stannary.core.kernel import Finding, RefusalError


@dataclass(frozen=True, slots=True)
class Event:
    """Rows that happened together.

    Attributes:
        site: Of the first row; rows of one event may stand at several sites of the entity.
        entity: Of the first row; only shipments and receipts may have several.
        inputs: Rows on the side `in`, in file order; the same lot may stand in several.
        outputs: Rows on the side `out`, in file order.
        moves: Rows on the side `move`, in file order.
    """

    id: str
    at: datetime.datetime
    kind: Kind
    site: str
    entity: str
    inputs: tuple[Row, ...] = ()
    outputs: tuple[Row, ...] = ()
    moves: tuple[Row, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row: inputs, outputs, moves."""
        return self.inputs + self.outputs + self.moves


def events_of(rows: Iterable[Row]) -> tuple[Event, ...]:
    """Put rows together to events, ordered by time, then by their first row's place in `rows`.

    Raises:
        RefusalError: CUSTODY-029 with one finding for each row that disagrees with the first
            row of its event in time or kind, or in the entity if they do not ship or receive.
    """
    groups: dict[str, list[Row]] = {}
    findings: list[Finding] = []
    for row in rows:
        group = groups.setdefault(row.event, [])
        if group:
            findings.extend(_disagreements(group[0], row))
        group.append(row)
    if findings:
        raise RefusalError(*findings)
    return in_order([_event(group) for group in groups.values()])


def in_order(events: Sequence[Event]) -> tuple[Event, ...]:
    """Give events in the order of replay: by time; at the same time as they were given."""
    return tuple(sorted(events, key=lambda event: event.at))


def _event(group: Sequence[Row]) -> Event:
    first = group[0]
    return Event(
        id=first.event,
        at=first.at,
        kind=first.kind,
        site=first.site,
        entity=first.entity,
        inputs=tuple(row for row in group if row.side is Side.IN),
        outputs=tuple(row for row in group if row.side is Side.OUT),
        moves=tuple(row for row in group if row.side is Side.MOVE),
    )


def _disagreements(first: Row, row: Row) -> Iterable[Finding]:
    pairs = [
        ("at", first.at.isoformat(), row.at.isoformat(), first.at == row.at),
        ("kind", first.kind, row.kind, first.kind == row.kind),
        (
            "entity",
            first.entity,
            row.entity,
            first.entity == row.entity or first.kind.is_move,
        ),
    ]
    for column, expected, seen, same in pairs:
        if not same:
            facts = {"event": row.event, "field": column, "first_row": expected, "this_row": seen}
            yield Finding(rules.EVENT_ROWS_AGREE, facts, row.place_of(column))

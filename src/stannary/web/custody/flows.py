"""The flows behind a lot, gathered into few nodes: origins, processing steps, the lot itself.

Splits and moves change nothing in a lot's composition, so they are not drawn.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from stannary.core.custody import Event, Kind
from stannary.core.provenance import links

NODES_A_COLUMN = 8


@dataclass(frozen=True, slots=True)
class Node:
    """A place in the drawing.

    Attributes:
        key: Unique in the drawing.
        kind: "mine", "unknown", "recycled", "step", "lot", or "others".
        title: Site, entity or lot as recorded.
        detail: The date of a step, or the attestation of a mine; "" for none.
        share: Of the traced lot's content that passes here.
        column: 0 for origins; the lot has the last.
        count: How many nodes stand behind "others"; else 1.
    """

    key: str
    kind: str
    title: str
    detail: str
    share: Fraction
    column: int
    count: int = 1


@dataclass(frozen=True, slots=True)
class Flow:
    """What passes from one node to another, as a share of the traced lot's content."""

    source: str
    target: str
    share: Fraction


@dataclass(frozen=True, slots=True)
class Drawing:
    """Nodes by column, and flows between them; shares of the flows into the lot add up to 1."""

    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]


def drawing_of(events: Sequence[Event], lot_id: str) -> Drawing:
    """Gather the flows behind a lot."""
    makers = {row.lot: event for event in events for row in event.outputs}
    through = _Gathered(makers, lot_id)
    flows: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for link in links(events, lot_id):
        source, target = through.key(link.from_lot), through.key(link.to_lot)
        if source != target:
            flows[source, target] += link.share
    last = makers[lot_id]
    if through.key(lot_id) != f"lot {lot_id}":
        flows[through.key(lot_id), f"lot {lot_id}"] += 1
    return _folded(_nodes(flows, through, lot_id, last), flows)


class _Gathered:
    """Tells in which node a lot stands: that of the event that made it, through splits."""

    def __init__(self, makers: Mapping[str, Event], lot_id: str) -> None:
        self.makers = makers
        self.lot_id = lot_id
        self.of_key: dict[str, Event] = {}
        self.known: dict[str, str] = {}

    def key(self, lot: str) -> str:
        start = lot
        while lot not in self.known:
            event = self.makers[lot]
            if event.kind is Kind.SPLIT and len({row.lot for row in event.inputs}) == 1:
                lot = event.inputs[0].lot
                continue
            key = self._key_of(event, lot)
            self.of_key[key] = event
            self.known[lot] = key
        self.known[start] = self.known[lot]
        return self.known[start]

    def _key_of(self, event: Event, lot: str) -> str:
        row = next(row for row in event.outputs if row.lot == lot)
        if event.kind is Kind.PRODUCE:
            return f"mine {row.site} {row.attestation}"
        if event.kind is Kind.PURCHASE:
            return "unknown"
        if event.kind is Kind.RECYCLE:
            return "recycled"
        return f"step {event.id}"


def _columns(flows: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Give each node its longest way from an origin; flows come in the order of events."""
    column: dict[str, int] = {}
    targets: dict[str, list[str]] = defaultdict(list)
    waiting: dict[str, int] = defaultdict(int)
    for source, target in flows:
        targets[source].append(target)
        waiting[target] += 1
        column.setdefault(source, 0)
        column.setdefault(target, 0)
    ready = [node for node in column if not waiting[node]]
    while ready:
        node = ready.pop()
        for target in targets[node]:
            column[target] = max(column[target], column[node] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return column


def _nodes(
    flows: Mapping[tuple[str, str], Fraction], through: _Gathered, lot_id: str, last: Event
) -> list[Node]:
    column = _columns(flows)
    share: dict[str, Fraction] = defaultdict(Fraction)
    for (source, _target), part in flows.items():
        share[source] += part
    found = []
    for key, place in column.items():
        kind, _space, rest = key.partition(" ")
        if kind == "lot":
            found.append(Node(key, "lot", lot_id, last.at.date().isoformat(), Fraction(1), place))
            continue
        event = through.of_key[key]
        title, detail = event.entity, event.at.date().isoformat()
        if kind == "mine":
            title, _space, detail = rest.partition(" ")
        found.append(Node(key, kind, title, detail, share[key], place))
    return found


def _folded(nodes: Sequence[Node], flows: Mapping[tuple[str, str], Fraction]) -> Drawing:
    """Put the smallest nodes of a crowded column together."""
    columns: dict[int, list[Node]] = defaultdict(list)
    for node in nodes:
        columns[node.column].append(node)
    kept: list[Node] = []
    renamed: dict[str, str] = {}
    for place, those in sorted(columns.items()):
        those.sort(key=lambda node: (-node.share, node.key))
        if len(those) <= NODES_A_COLUMN:
            kept += those
            continue
        small = those[NODES_A_COLUMN - 1 :]
        key = f"others {place}"
        renamed |= {node.key: key for node in small}
        total = sum((node.share for node in small), Fraction(0))
        kept += [
            *those[: NODES_A_COLUMN - 1],
            Node(key, "others", "", "", total, place, len(small)),
        ]
    merged: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for (source, target), part in flows.items():
        merged[renamed.get(source, source), renamed.get(target, target)] += part
    return Drawing(
        nodes=tuple(kept),
        flows=tuple(Flow(source, target, part) for (source, target), part in merged.items()),
    )

"""The flows behind a lot, gathered into few nodes: origins, processing steps, the lot itself.

Splits and moves change nothing in a lot's composition, so they are not drawn.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from stannary.core.custody import Event, Kind
from stannary.core.provenance import Chain, ancestry_of, passing, passing_nearly

NODES_A_COLUMN = 8
COLUMNS = 6
"""More than these are gathered: eight times six is what an eye still follows."""

Pairs = Mapping[tuple[str, str], int]
"""Source and target to what passes, in parts of the whole."""

_DIGITS = 64
"""Binary digits after which places in a column count as one."""


@dataclass(frozen=True, slots=True)
class Node:
    """A place in the drawing.

    Attributes:
        key: Unique in the drawing.
        kind: "mine", "unknown", "recycled", "step", "lot", "others" for small nodes put together,
            or "between" for steps put together.
        title: Site, entity or lot as recorded; "" for nodes put together.
        detail: The day of a step or of the lot, or the attestation of a mine; "" for none.
        share: Of the traced lot's content that passes here, 0 to 1.
        column: 0 for origins; the lot has the last.
        count: How many nodes stand behind this one.
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
    """Nodes by column, in the order in which they are drawn, and the flows between them.

    Flows into the lot add up to 1; what flows into a step flows out of it.
    """

    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]

    @property
    def columns(self) -> tuple[tuple[Node, ...], ...]:
        """The nodes of each column, from the origins to the lot."""
        last = max(node.column for node in self.nodes)
        return tuple(
            tuple(node for node in self.nodes if node.column == place) for place in range(last + 1)
        )


def drawing_of(chain: Chain, lot_id: str) -> Drawing:
    """Gather the flows behind a lot.

    Args:
        chain: The lot's ancestry at least.
        lot_id: The lot that is made in it.
    """
    makers = {lot: chain.events[index] for lot, index in chain.maker.items()}
    gathered = _Gathered(makers, lot_id)
    back = ancestry_of(chain, lot_id)
    passed = passing(chain, back, lot_id) or passing_nearly(chain, back, lot_id)
    made = {index: next(r.lot for r in chain.events[index].outputs) for index in back.events}
    pairs: dict[tuple[str, str], int] = defaultdict(int)
    for lot, index, part in passed.uses:
        source, target = gathered.key(lot), gathered.key(made[index])
        if source != target:
            pairs[source, target] += part
    pairs[gathered.key(lot_id), f"lot {lot_id}"] += passed.one
    nodes = _nodes(pairs, passed.one, gathered, lot_id, makers[lot_id])
    nodes, kept = _narrowed(*_shortened(nodes, pairs))
    flows = (Flow(*pair, Fraction(part, passed.one)) for pair, part in kept.items())
    whole = Fraction(1, passed.one)
    ordered = (replace(node, share=node.share * whole) for node in _untangled(nodes, kept))
    return Drawing(tuple(ordered), tuple(flows))


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
            return f"mine {row.attestation}\n{row.site}"
        if event.kind is Kind.PURCHASE:
            return "unknown"
        if event.kind is Kind.RECYCLE:
            return "recycled"
        return f"step {event.id}"


def _columns(flows: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Give each node its longest way from an origin."""
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


def _nodes(pairs: Pairs, one: int, gathered: _Gathered, lot_id: str, last: Event) -> list[Node]:
    """Make a node of each place, with shares in parts of the whole until all are put together."""
    column = _columns(pairs)
    share: dict[str, int] = defaultdict(int)
    for (source, _target), part in pairs.items():
        share[source] += part
    found = []
    for key, place in column.items():
        kind, _space, rest = key.partition(" ")
        if kind == "lot":
            day = last.at.date().isoformat()
            found.append(Node(key, "lot", lot_id, day, Fraction(one), place))
            continue
        event = gathered.of_key[key]
        title, detail = event.entity, event.at.date().isoformat()
        if kind == "mine":
            detail, _line, title = rest.partition("\n")
        found.append(Node(key, kind, title, detail, Fraction(share[key]), place))
    return found


def _shortened(nodes: Sequence[Node], pairs: Pairs) -> tuple[list[Node], Pairs]:
    """Put the steps in the middle of a long chain together, so that the columns fit."""
    last = max(node.column for node in nodes)
    surplus = last + 1 - COLUMNS
    if surplus <= 0:
        return list(nodes), pairs
    first, end = 2, 2 + surplus  # the first step stays, as do the last ones
    hidden = [node for node in nodes if first <= node.column <= end]
    names = {node.key: "between" for node in hidden}
    pairs = _renamed(pairs, names)
    between = sum(part for (_source, target), part in pairs.items() if target == "between")
    share = Fraction(between)
    kept = [
        replace(node, column=node.column - surplus) if node.column > end else node
        for node in nodes
        if node.key not in names
    ]
    return [*kept, Node("between", "between", "", "", share, first, len(hidden))], pairs


def _narrowed(nodes: Sequence[Node], pairs: Pairs) -> tuple[list[Node], Pairs]:
    """Put the smallest nodes of a crowded column together; what is unknown is always shown."""
    kept: list[Node] = []
    names: dict[str, str] = {}
    for place in range(max(node.column for node in nodes) + 1):
        those = sorted(
            (node for node in nodes if node.column == place),
            key=lambda node: (node.kind not in ("unknown", "recycled"), -node.share, node.key),
        )
        if len(those) <= NODES_A_COLUMN:
            kept += those
            continue
        small = those[NODES_A_COLUMN - 1 :]
        key = f"others {place}"
        names |= {node.key: key for node in small}
        total = sum((node.share for node in small), Fraction(0))
        count = sum(node.count for node in small)
        kept += [*those[: NODES_A_COLUMN - 1], Node(key, "others", "", "", total, place, count)]
    return kept, _renamed(pairs, names)


def _renamed(pairs: Pairs, names: Mapping[str, str]) -> Pairs:
    merged: dict[tuple[str, str], int] = defaultdict(int)
    for (source, target), part in pairs.items():
        pair = names.get(source, source), names.get(target, target)
        if pair[0] != pair[1]:
            merged[pair] += part
    return merged


def _untangled(nodes: Sequence[Node], pairs: Pairs) -> tuple[Node, ...]:
    """Order each column so that flows cross little: by where they come from, then go to."""
    place = {node.key: number << _DIGITS for number, node in enumerate(nodes)}
    into: dict[str, list[tuple[str, int]]] = defaultdict(list)
    out: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for (source, target), part in pairs.items():
        into[target].append((source, part))
        out[source].append((target, part))
    last = max(node.column for node in nodes)

    def mean(those: Sequence[tuple[str, int]], otherwise: int) -> int:
        weight = sum(part for _, part in those)
        return sum(place[end] * part for end, part in those) // weight if weight else otherwise

    for sweep in range(4):
        forwards = sweep % 2 == 0
        for number in range(last + 1) if forwards else range(last, -1, -1):
            column = [node for node in nodes if node.column == number]
            ends = into if forwards else out
            where = {node.key: mean(ends[node.key], place[node.key]) for node in column}
            column.sort(key=lambda node: (_is_rest(node), where[node.key], -node.share, node.key))
            for order, node in enumerate(column):
                place[node.key] = order << _DIGITS
    return tuple(sorted(nodes, key=lambda node: (node.column, place[node.key])))


def _is_rest(node: Node) -> int:
    """What is recycled, unknown or put together stands below what is named."""
    return {"recycled": 1, "unknown": 2, "others": 3}.get(node.kind, 0)

"""The drawing of flows: proportional, complete, and readable however long the chain is."""

import datetime
import re
from collections import defaultdict
from fractions import Fraction

import pytest
from django.utils import translation

from core.custody.chains import random_chain
from stannary.core.custody import Kind, Row, Side, events_of
from stannary.core.provenance import chain_of, trace
from stannary.web.custody import flows, sankey
from stannary.web.custody.flows import COLUMNS, NODES_A_COLUMN, Drawing

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def row(
    event: str,
    day: int,
    kind: Kind,
    side: Side,
    lot: str,
    mass_mg: int,
    site: str = "example-plant",
) -> Row:
    at = START + datetime.timedelta(days=day)
    return Row(event=event, at=at, kind=kind, site=site, entity="Example", lot=lot, side=side, material="ore",
               mass_mg=mass_mg, content_mg=mass_mg)  # fmt: skip


def drawn(rows: list[Row], lot: str) -> Drawing:
    return flows.drawing_of(chain_of(events_of(rows)), lot)


def long_chain(steps: int) -> list[Row]:
    rows = [row("p", 0, Kind.PRODUCE, Side.OUT, "L0", 1000, site="example-mine")]
    for n in range(steps):
        rows.append(row(f"t{n}", n + 1, Kind.TRANSFORM, Side.IN, f"L{n}", 1000))
        rows.append(row(f"t{n}", n + 1, Kind.TRANSFORM, Side.OUT, f"L{n + 1}", 1000))
    return rows


def blend_of(mines: int) -> list[Row]:
    rows = []
    for n in range(mines):
        rows.append(
            row(f"p{n}", 0, Kind.PRODUCE, Side.OUT, f"M{n}", 1000 + n, site=f"example-mine-{n}")
        )
        rows.append(row("b", 1, Kind.BLEND, Side.IN, f"M{n}", 1000 + n))
    total = sum(1000 + n for n in range(mines))
    return [*rows, row("b", 1, Kind.BLEND, Side.OUT, "B", total)]


def check(drawing: Drawing, lot: str) -> None:
    """What comes in goes out, node by node, and all of it reaches the lot."""
    into: dict[str, Fraction] = defaultdict(Fraction)
    out: dict[str, Fraction] = defaultdict(Fraction)
    column = {node.key: node.column for node in drawing.nodes}
    for flow in drawing.flows:
        out[flow.source] += flow.share
        into[flow.target] += flow.share
        assert column[flow.source] < column[flow.target]
    assert into[f"lot {lot}"] == 1
    for node in drawing.nodes:
        if node.column:
            assert into[node.key] == node.share
        if node.kind != "lot":
            assert out[node.key] == node.share
    assert sum(node.share for node in drawing.columns[0]) == 1
    assert len(drawing.columns) <= COLUMNS
    assert all(len(column) <= NODES_A_COLUMN for column in drawing.columns)


@pytest.mark.parametrize("seed", range(6))
def test_what_comes_in_goes_out_of_every_node_and_adds_up_to_the_trace(seed: int) -> None:
    rows = random_chain(seed, events=150)
    events = events_of(rows)
    made = [row.lot for event in events for row in event.outputs]
    for lot in made[-25:]:
        drawing = drawn(rows, lot)
        check(drawing, lot)
        found = trace(events, lot)
        unknown = sum(node.share for node in drawing.nodes if node.kind == "unknown")
        if not any(node.kind == "others" for node in drawing.columns[0]):
            assert unknown == found.unknown_share


@pytest.mark.parametrize(
    ("steps", "columns"), [(0, 2), (1, 3), (COLUMNS - 2, COLUMNS), (COLUMNS - 1, COLUMNS), (60, COLUMNS)]
)  # fmt: skip
def test_a_long_chain_is_gathered_in_the_middle(steps: int, columns: int) -> None:
    drawing = drawn(long_chain(steps), f"L{steps}")

    check(drawing, f"L{steps}")
    assert len(drawing.columns) == columns
    hidden = sum(node.count for node in drawing.nodes if node.kind == "between")
    shown = sum(node.kind == "step" for node in drawing.nodes)
    assert hidden + shown == steps


@pytest.mark.parametrize("mines", [1, NODES_A_COLUMN - 1, NODES_A_COLUMN, NODES_A_COLUMN + 1, 40])
def test_the_smallest_of_many_origins_are_put_together(mines: int) -> None:
    drawing = drawn(blend_of(mines), "B")

    check(drawing, "B")
    origins = drawing.columns[0]
    assert sum(node.count for node in origins) == mines
    assert len(origins) == min(mines, NODES_A_COLUMN)
    if mines > NODES_A_COLUMN:
        assert origins[-1].kind == "others"


def test_what_is_unknown_is_shown_however_small_it_is() -> None:
    rows = blend_of(40)
    blend = rows.pop()
    rows.append(row("u", 0, Kind.PURCHASE, Side.OUT, "U", 1))
    rows.append(row("b", 1, Kind.BLEND, Side.IN, "U", 1))
    rows.append(row("b", 1, Kind.BLEND, Side.OUT, "B", blend.mass_mg + 1))
    drawing = drawn(rows, "B")

    check(drawing, "B")
    assert [node.kind for node in drawing.columns[0]].count("unknown") == 1
    with translation.override("en"):
        svg = sankey.draw(drawing, names={}, notes={}, title="Flows")
    assert "&lt; 0.1\N{NO-BREAK SPACE}%" in svg


def test_splits_are_not_drawn() -> None:
    rows = [
        row("p", 0, Kind.PRODUCE, Side.OUT, "A", 100, site="example-mine"),
        row("s", 1, Kind.SPLIT, Side.IN, "A", 100),
        row("s", 1, Kind.SPLIT, Side.OUT, "A1", 40),
        row("s", 1, Kind.SPLIT, Side.OUT, "A2", 60),
    ]

    drawing = drawn(rows, "A1")

    assert [node.kind for node in drawing.nodes] == ["mine", "lot"]


@pytest.mark.parametrize("rows", [blend_of(3), blend_of(40), long_chain(60)])
def test_sizes_are_proportional_and_nothing_leaves_the_drawing(rows: list[Row]) -> None:
    lot = rows[-1].lot
    drawing = drawn(rows, lot)
    with translation.override("en"):
        svg = sankey.draw(drawing, names={}, notes={}, title="Flows")

    wide, tall = svg.split("</svg>")[:2]
    for picture, size, across in ((wide, "height", "y"), (tall, "width", "x")):
        box = re.search(r'viewBox="0 0 (\d+) (\d+)"', picture)
        assert box
        limit = int(box[2] if size == "height" else box[1])
        found = re.findall(rf'<rect [^>]*{across}="(\d+)"[^>]*?{size}="(\d+)"', picture)
        assert len(found) == len(drawing.nodes)
        sizes = [int(one[1]) for one in found]
        whole = sizes[[node.kind for node in drawing.nodes].index("lot")]
        for node, (at, one) in zip(drawing.nodes, found, strict=True):
            assert 0 <= int(at) <= int(at) + int(one) <= limit
            assert abs(int(one) - node.share * whole) <= 1
    assert "style=" not in svg


def test_hostile_names_are_text_in_the_drawing() -> None:
    name = "<script>alert(1)</script>"
    rows = [row("p", 0, Kind.PRODUCE, Side.OUT, name, 10, site=name)]
    with translation.override("en"):
        svg = sankey.draw(drawn(rows, name), names={}, notes={}, title=name)

    assert "<script" not in svg

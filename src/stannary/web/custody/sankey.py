"""The flows behind a lot as accessible SVG; the table beside it says the same.

Two drawings, of which the style sheet shows one: from left to right on a wide screen, from
top to bottom on a phone. Sizes are proportional to shares and start at zero.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stannary.web.custody.flows import Drawing, Flow, Node
from stannary.web.project.templatetags.stannary import day, percent

THIN = 12
"""How thick a node is, across the direction of the flows."""

_FILLS = {
    "mine": "fill-tin",
    "step": "fill-ink",
    "between": "fill-ink",
    "lot": "fill-copper",
    "unknown": "fill-warn",
    "recycled": "fill-good",
    "others": "fill-tin",
}
Note = Callable[[Node], str]


@dataclass(frozen=True, slots=True)
class Box:
    """Where a node lies: `along` the flows, `across` them, and how much of that it takes."""

    along: int
    across: int
    size: int


@dataclass(frozen=True, slots=True)
class Words:
    """What stands beside a node: who or what, how much, and a note for the pointer."""

    first: str
    second: str
    hint: str


def draw(
    drawing: Drawing, *, names: Mapping[str, str], notes: Mapping[tuple[str, str], str], title: str
) -> SafeString:
    """Draw the flows, once for a wide screen and once for a phone.

    Args:
        drawing: From `drawing_of`.
        names: Slug to name, for mines.
        notes: Site and attestation to what is to stand beside the share, such as a level.
        title: What the drawing shows, for those who do not see it.
    """
    words = {node.key: _words(node, names, notes) for node in drawing.nodes}
    drawn = _wide(drawing, words, title) + _tall(drawing, words, title)
    return mark_safe(drawn)  # noqa: S308 - numbers are ours, texts are escaped


def bands(drawing: Drawing, *, names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Give every flow of the drawing as a row: from where, to where, and its share."""
    said = {node.key: _named(node, names) for node in drawing.nodes}
    place = {node.key: number for number, node in enumerate(drawing.nodes)}
    ordered = sorted(drawing.flows, key=lambda flow: (place[flow.source], place[flow.target]))
    return [(said[one.source], said[one.target], _percent(one.share)) for one in ordered]


def _named(node: Node, names: Mapping[str, str]) -> str:
    """Name a node so that two of one name are told apart: steps and lots by their day."""
    name = _name(node, names)
    return f"{name}, {day(node.detail)}" if node.kind in ("step", "lot") else name


def _words(node: Node, names: Mapping[str, str], notes: Mapping[tuple[str, str], str]) -> Words:
    name = _name(node, names)
    second, hint = _percent(node.share), name
    if node.kind == "mine":
        note = notes.get((node.title, node.detail))
        second = f"{second} · {note}" if note else second
    elif node.kind == "lot":
        second = day(node.detail)
    elif node.kind == "step":
        hint = _named(node, names)
    return Words(_short(name), second, hint)


def _percent(share: Fraction) -> str:
    """Show a share with one decimal; what is there never reads as nothing."""
    least = Fraction(1, 1000)
    return percent(share) if share >= least else f"< {percent(least)}"


def _name(node: Node, names: Mapping[str, str]) -> str:
    """Say who or what a node is, in the reader's language."""
    count = {"count": node.count}
    if node.kind == "others":
        return ngettext("%(count)d smaller", "%(count)d smaller", node.count) % count
    if node.kind == "between":
        return ngettext("%(count)d step between", "%(count)d steps between", node.count) % count
    said = {"unknown": _("Unknown origin"), "recycled": _("Recycled")}
    return said.get(node.kind) or names.get(node.title, node.title)


def _short(text: str, longest: int = 24) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _size(share: Fraction, whole: int) -> int:
    """Scale a share; what is there is never drawn as nothing."""
    return max(1, round(share * whole))


def _across(
    columns: Sequence[Sequence[Node]], *, whole: int, gap: int
) -> tuple[dict[str, tuple[int, int]], int]:
    """Give every node its place and size across the flows; columns are centred."""
    breadth = {
        place: sum(_size(node.share, whole) for node in column) + gap * (len(column) - 1)
        for place, column in enumerate(columns)
    }
    most = max(breadth.values())
    found: dict[str, tuple[int, int]] = {}
    for place, column in enumerate(columns):
        at = (most - breadth[place]) // 2
        for node in column:
            size = _size(node.share, whole)
            found[node.key] = (at, size)
            at += size + gap
    return found, most


def _ends(drawing: Drawing, boxes: Mapping[str, Box], whole: int) -> list[tuple[Flow, int, int]]:
    """Tell for each flow where it leaves its source and reaches its target, across the flows."""
    leaving: dict[str, Fraction] = defaultdict(Fraction)
    reaching: dict[str, Fraction] = defaultdict(Fraction)
    starts: dict[Flow, int] = {}
    ends: dict[Flow, int] = {}
    for flow in sorted(drawing.flows, key=lambda one: boxes[one.target].across):
        starts[flow] = boxes[flow.source].across + round(leaving[flow.source] * whole)
        leaving[flow.source] += flow.share
    for flow in sorted(drawing.flows, key=lambda one: boxes[one.source].across):
        ends[flow] = boxes[flow.target].across + round(reaching[flow.target] * whole)
        reaching[flow.target] += flow.share
    return [(flow, starts[flow], ends[flow]) for flow in drawing.flows]


def _bands(drawing: Drawing, boxes: Mapping[str, Box], *, whole: int, turned: bool) -> str:
    """Draw the flows as bands; `turned` for those that run down instead of to the right."""
    kinds = {node.key: node.kind for node in drawing.nodes}
    paths = []
    for flow, a, b in _ends(drawing, boxes, whole):
        p, q = boxes[flow.source].along + THIN, boxes[flow.target].along
        m, size = (p + q) // 2, _size(flow.share, whole)
        points = [
            (p, a), (m, a), (m, b), (q, b), (q, b + size), (m, b + size), (m, a + size), (p, a + size),
        ]  # fmt: skip
        d = [f"{y} {x}" if turned else f"{x} {y}" for x, y in points]
        shape = f"M{d[0]}C{d[1]} {d[2]} {d[3]}L{d[4]}C{d[5]} {d[6]} {d[7]}Z"
        paths.append(f'<path class="flow {_FILLS[kinds[flow.source]]}" d="{shape}"/>')
    return "".join(paths)


def _svg(kind: str, width: int, height: int, title: str, inside: str) -> str:
    return (
        f'<svg class="sankey sankey-{kind}" viewBox="0 0 {width} {height}" role="img"'
        f' aria-labelledby="sankey-{kind}-title"><title id="sankey-{kind}-title">{escape(title)}</title>'
        f"{inside}</svg>"
    )


def _text(x: int, y: int, text: str, *, anchor: str = "start", quiet: bool = False) -> str:
    kind = ' class="q"' if quiet else ""
    where = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text{kind} x="{x}" y="{y}"{where}>{escape(text)}</text>'


def _wide(drawing: Drawing, words: Mapping[str, Words], title: str) -> str:
    """Draw from left to right, labels beside the first and the last column, else below."""
    width, whole, gap, side, top = 960, 280, 40, 170, 8
    columns = drawing.columns
    across, most = _across(columns, whole=whole, gap=gap)
    step = (width - 2 * side - THIN) // max(1, len(columns) - 1)
    boxes = {
        node.key: Box(side + node.column * step, top + across[node.key][0], across[node.key][1])
        for node in drawing.nodes
    }
    parts = [_bands(drawing, boxes, whole=whole, turned=False)]
    for node in drawing.nodes:
        box, said = boxes[node.key], words[node.key]
        x, y = box.along, box.across
        parts.append(
            f'<rect class="{_FILLS[node.kind]}" x="{x}" y="{y}" width="{THIN}" height="{box.size}">'
            f"<title>{escape(said.hint)}, {escape(_percent(node.share))}</title></rect>"
        )
        if node.column == 0:
            x, y, anchor = x - 8, y + box.size // 2 - 2, "end"
        elif node.column == len(columns) - 1:
            x, y, anchor = x + THIN + 8, y + box.size // 2 - 2, "start"
        else:
            x, y, anchor = x + THIN // 2, y + box.size + 15, "middle"
        parts += [
            _text(x, y, said.first, anchor=anchor),
            _text(x, y + 15, said.second, anchor=anchor, quiet=True),
        ]
    return _svg("wide", width, most + 2 * top + 32, title, "".join(parts))


def _tall(drawing: Drawing, words: Mapping[str, Words], title: str) -> str:
    """Draw from top to bottom; each origin has a line of its own above, led to its bar."""
    width, gap, margin, line, step = 340, 10, 4, 34, 104
    columns = drawing.columns
    room = max(len(column) for column in columns) - 1
    whole = width - 2 * margin - gap * room
    across, most = _across(columns, whole=whole, gap=gap)
    left = (width - most) // 2
    top = line * len(columns[0]) + 6
    boxes = {
        node.key: Box(top + node.column * step, left + across[node.key][0], across[node.key][1])
        for node in drawing.nodes
    }
    parts = [_bands(drawing, boxes, whole=whole, turned=True)]
    for number, node in enumerate(columns[0]):
        parts.append(_led(boxes[node.key], words[node.key], number * line, top, width))
    for node in drawing.nodes:
        box, said = boxes[node.key], words[node.key]
        parts.append(
            f'<rect class="{_FILLS[node.kind]}" x="{box.across}" y="{box.along}" width="{box.size}"'
            f' height="{THIN}"><title>{escape(said.hint)}, {escape(_percent(node.share))}</title></rect>'
        )
        if node.column and box.size >= 56:
            x, y = box.across + box.size // 2, box.along + THIN + 15
            letters = box.size // 7
            parts += [
                _text(x, y, _short(said.first, letters), anchor="middle"),
                _text(x, y + 15, _short(said.second, letters), anchor="middle", quiet=True),
            ]
    height = top + (len(columns) - 1) * step + THIN + 40
    return _svg("tall", width, height, title, "".join(parts))


def _led(box: Box, said: Words, y: int, bar: int, width: int) -> str:
    """Write the label of an origin with a line down to its bar, on the side that has room."""
    x = box.across + min(box.size // 2, 8)
    end = x > width * 3 // 5
    at, anchor = (x - 6, "end") if end else (x + 6, "start")
    return (
        f'<line class="leader" x1="{x}" x2="{x}" y1="{y + 3}" y2="{bar}"/>'
        f"{_text(at, y + 13, said.first, anchor=anchor)}"
        f"{_text(at, y + 27, said.second, anchor=anchor, quiet=True)}"
    )

"""The flows behind a lot, drawn as an accessible SVG; the table beside it says the same."""

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stannary.web.custody.flows import Drawing, Node
from stannary.web.project.templatetags.stannary import day, percent

WIDTH = 960
BODY = 300
GAP = 34
BAR = 14
TOP = 14
SIDE = 165
_FILLS = {
    "mine": "fill-tin",
    "step": "fill-ink",
    "lot": "fill-copper",
    "unknown": "fill-warn",
    "recycled": "fill-good",
    "others": "fill-tin",
}


def draw(drawing: Drawing, *, names: Mapping[str, str], title: str) -> SafeString:
    """Draw the flows. Heights are proportional to shares and start at zero.

    Args:
        drawing: From `drawing_of`.
        names: Slug to name, for mines.
        title: What the picture shows, for those who do not see it.
    """
    boxes, height = _places(drawing)
    parts = [_flow_paths(drawing, boxes)]
    last = max(node.column for node in drawing.nodes)
    parts += [_node(node, boxes[node.key], names, last) for node in drawing.nodes]
    return mark_safe(  # noqa: S308 - numbers are ours, texts are escaped
        f'<svg class="wide sankey" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="sankey-title">'
        f'<title id="sankey-title">{escape(title)}</title>{"".join(parts)}</svg>'
    )


def _size(share: Fraction) -> float:
    return max(1.0, float(share * BODY))


def _places(drawing: Drawing) -> tuple[dict[str, tuple[float, float, float]], int]:
    """Give each node x, y and height; columns are centred."""
    columns: dict[int, list[Node]] = defaultdict(list)
    for node in drawing.nodes:
        columns[node.column].append(node)
    last = max(columns)
    tall = {
        place: sum(_size(node.share) for node in those) + GAP * (len(those) - 1)
        for place, those in columns.items()
    }
    height = max(tall.values())
    step = (WIDTH - 2 * SIDE - BAR) / max(1, last)
    boxes = {}
    for place, those in columns.items():
        y = TOP + (height - tall[place]) / 2
        for node in those:
            boxes[node.key] = (SIDE + place * step, y, _size(node.share))
            y += _size(node.share) + GAP
    return boxes, int(height + TOP + GAP)


def _flow_paths(drawing: Drawing, boxes: Mapping[str, tuple[float, float, float]]) -> str:
    left: dict[str, float] = defaultdict(float)
    right: dict[str, float] = defaultdict(float)
    kinds = {node.key: node.kind for node in drawing.nodes}
    paths = []
    order = sorted(drawing.flows, key=lambda one: (boxes[one.source][1], boxes[one.target][1]))
    for flow in order:
        x1, y1, _h1 = boxes[flow.source]
        x2, y2, _h2 = boxes[flow.target]
        size = _size(flow.share)
        a, b = y1 + right[flow.source], y2 + left[flow.target]
        right[flow.source] += size
        left[flow.target] += size
        x1 += BAR
        mid = (x1 + x2) / 2
        paths.append(
            f'<path class="flow {_FILLS[kinds[flow.source]]}" d="M{x1:.1f} {a:.1f}C{mid:.1f} {a:.1f} {mid:.1f} {b:.1f}'
            f" {x2:.1f} {b:.1f}V{b + size:.1f}C{mid:.1f} {b + size:.1f} {mid:.1f} {a + size:.1f} {x1:.1f} {a + size:.1f}Z"
            '"/>'
        )
    return "".join(paths)


def _node(node: Node, box: tuple[float, float, float], names: Mapping[str, str], last: int) -> str:
    x, y, height = box
    rect = f'<rect class="{_FILLS[node.kind]}" x="{x:.1f}" y="{y:.1f}" width="{BAR}" height="{height:.1f}"/>'
    first, second = label(node, names)
    if node.column == 0:
        place = f'x="{x - 8:.1f}" text-anchor="end"'
        middle = y + height / 2
    elif node.column == last:
        place = f'x="{x + BAR + 8:.1f}"'
        middle = y + height / 2
    else:
        place = f'x="{x + BAR / 2:.1f}" text-anchor="middle"'
        middle = y + height + 14
    hint = f"{node.title}, {day(node.detail)}" if node.kind == "step" else first
    rect = rect.replace("/>", f"><title>{escape(hint)}</title></rect>")
    return (
        f'{rect}<text {place} y="{middle:.1f}">{escape(first)}</text>'
        f'<text class="q" {place} y="{middle + 15:.1f}">{escape(second)}</text>'
    )


def label(node: Node, names: Mapping[str, str]) -> tuple[str, str]:
    """Give the two lines beside a node: who or what, and how much."""
    share = percent(node.share, 1)
    if node.kind == "mine":
        return _short(names.get(node.title, node.title)), share
    if node.kind == "unknown":
        return _("Unknown origin"), share
    if node.kind == "recycled":
        return _("Recycled"), share
    if node.kind == "others":
        return ngettext("%(count)d smaller", "%(count)d smaller", node.count) % {
            "count": node.count
        }, share
    if node.kind == "lot":
        return _short(node.title), day(node.detail)
    return _short(node.title), share


def _short(text: str) -> str:
    return text if len(text) <= 26 else text[:25] + "…"

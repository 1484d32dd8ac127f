"""The timeline drawn: facts above the line, computed dates below it, labels that never cross.

Labels begin at their date. They are laid from right to left: each takes the lowest lane that is free
of other labels and higher than every leader line that it would cross.
"""

import datetime
from collections.abc import Sequence

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from stannary.web.parties.timeline import Entry

WIDTH = 660
LEFT = 12
LETTER = 7.4
"""Width of a letter of 12 px, on the generous side: nobody here can measure the reader's font."""
LANE = 19


class _Scale:
    """Days to places, so that every label ends inside the drawing."""

    def __init__(self, shown: Sequence[tuple[Entry, float]]) -> None:
        firsts = [one.first for one, _width in shown if one.first]
        lasts = [one.last for one, _width in shown if one.last]
        self.start = min(firsts) - datetime.timedelta(days=45)
        self.end = max(lasts) + datetime.timedelta(days=45)
        spans = [((one.first - self.start).days, width) for one, width in shown if one.first]
        self.day = min((WIDTH - LEFT - width) / max(days, 1) for days, width in spans)
        self.day = min(self.day, (WIDTH - 2 * LEFT) / (self.end - self.start).days)

    def x(self, day: datetime.date) -> float:
        return LEFT + (day - self.start).days * self.day


def draw(entries: Sequence[Entry], *, title: str) -> SafeString:
    """Draw the dated entries; empty when only the day looked at is known."""
    dated = [one for one in entries if one.first]
    if not any(one.kind != "today" for one in dated):
        return SafeString()
    above = [(one, _width(one)) for one in dated if one.kind == "fact"]
    below = [(one, _width(one)) for one in dated if one.kind != "fact"]
    scale = _Scale(above + below)
    high, low = _lanes(above, scale), _lanes(below, scale)
    axis = 44 + LANE * (1 + max(high, default=0))
    height = axis + 34 + LANE * (1 + max(low, default=0))
    opening = (
        f'<svg class="timeline-drawing" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="timeline-title">'
        f'<title id="timeline-title">{conditional_escape(title)}</title>'
    )
    line = f'<line class="rule-line" x1="{LEFT}" x2="{scale.x(scale.end):.0f}" y1="{axis}" y2="{axis}"/>'
    parts = [opening, *_years(scale, height), line]
    facts = [
        (one, _above(one, scale, axis, axis - 20 - LANE * lane))
        for (one, _w), lane in zip(above, high, strict=True)
    ]
    parts += [drawn for one, drawn in facts if one.vague]  # beneath the dates that are exact
    parts += [
        _below(one, scale, axis, axis + 30 + LANE * lane)
        for (one, _w), lane in zip(below, low, strict=True)
    ]
    parts += [drawn for one, drawn in facts if not one.vague]
    return mark_safe("".join(parts) + "</svg>")  # noqa: S308 - numbers, and texts escaped where they stand


def _width(one: Entry) -> float:
    return LETTER * len(_caption(one)) + 8


def _caption(one: Entry) -> str:
    return one.date if one.kind == "today" else one.label


def _lanes(those: Sequence[tuple[Entry, float]], scale: _Scale) -> list[int]:
    """Give each label its lane, 0 nearest the line, in the order given (which is that of time)."""
    lanes = [0] * len(those)
    spans: list[tuple[float, float, int]] = []
    for place in reversed(range(len(those))):
        one, width = those[place]
        left = scale.x(one.first) if one.first else 0.0
        right = left + width
        lane = 0
        for begin, end, taken in spans:
            crosses_its_leader = left - 3 <= begin < right
            if crosses_its_leader or (begin < right and left < end and taken == lane):
                lane = max(lane, taken + 1)
        lanes[place] = lane
        spans.append((left, right, lane))
    return lanes


def _years(scale: _Scale, height: int) -> list[str]:
    parts = []
    for year in range(scale.start.year, scale.end.year + 1):
        first = max(datetime.date(year, 1, 1), scale.start)
        x = scale.x(first)
        if datetime.date(year, 1, 1) >= scale.start:
            parts.append(f'<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="8" y2="{height - 6}"/>')
        if scale.x(datetime.date(year, 12, 31)) - x > 34:
            parts.append(f'<text class="q" x="{x + 4:.1f}" y="18">{year}</text>')
    return parts


def _above(one: Entry, scale: _Scale, axis: int, y: int) -> str:
    first, last = one.first or scale.start, one.last or scale.start
    x, end = scale.x(first), scale.x(last)
    caption = conditional_escape(_caption(one))
    kind = "vague" if one.vague else "fill-ink"
    shape = f'<circle class="{kind}" cx="{x:.1f}" cy="{axis}" r="6"/>'
    if end - x > 12:
        shape = f'<rect class="{kind}" x="{x:.1f}" y="{axis - 4}" width="{end - x:.1f}" height="8" rx="4"/>'
    return (
        f'<line class="leader" x1="{x:.1f}" x2="{x:.1f}" y1="{y + 4}" y2="{axis}"/>{shape}'
        f'<text x="{x - 1:.1f}" y="{y}">{caption}</text>'
    )


def _below(one: Entry, scale: _Scale, axis: int, y: int) -> str:
    first, last = one.first or scale.start, one.last or scale.start
    x, end = scale.x(first), scale.x(last)
    caption = conditional_escape(_caption(one))
    leader = f'<line class="leader" x1="{x:.1f}" x2="{x:.1f}" y1="{axis}" y2="{y - 11}"/>'
    text = f'<text class="{{}}" x="{x - 1:.1f}" y="{y}">{caption}</text>'
    if one.kind == "window":
        box = (
            f'<rect class="window" x="{x:.1f}" y="{axis - 11}" width="{end - x:.1f}" height="22"/>'
        )
        return leader + box + text.format("q")
    if one.kind == "due":
        return f'{leader}<circle class="due" cx="{x:.1f}" cy="{axis}" r="6.5"/>{text.format("")}'
    line = f'<line class="today" x1="{x:.1f}" x2="{x:.1f}" y1="26" y2="{y - 11}"/>'
    return line + text.format("copper-text")

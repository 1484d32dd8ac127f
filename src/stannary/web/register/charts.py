"""Charts of the register, drawn on the server; the table beside each says the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from stannary.web.project.html import safe

WIDTH, ROW, LABEL = 720, 34, 210
KINDS = ("used", "held", "expired")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: a name and its parts in milligrams, in the order of `KINDS`."""

    name: str
    parts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All parts."""
        return sum(self.parts)


def stacked(bars: Sequence[Bar], *, title: str) -> SafeString | str:
    """Draw stacked bars on one scale that starts at zero; "" where there is nothing to draw."""
    most = max((bar.total for bar in bars), default=0)
    if not most:
        return ""
    room = WIDTH - LABEL
    lines = []
    for place, bar in enumerate(bars):
        y, x = place * ROW, LABEL
        lines.append(f'<text x="0" y="{y + 21}">{safe(bar.name[:28])}</text>')
        for kind, part in zip(KINDS, bar.parts, strict=True):
            width = part * room // most
            if part:
                shape = f'x="{x}" y="{y + 6}" width="{max(width, 1)}" height="22"'
                lines.append(f'<rect class="{kind}" {shape}/>')
            x += width
    return mark_safe(  # noqa: S308 - names are escaped, all else is numbers
        f'<svg class="stacked" viewBox="0 0 {WIDTH} {len(bars) * ROW}" role="img" '
        f'aria-label="{safe(title)}"><title>{safe(title)}</title>{"".join(lines)}</svg>'
    )

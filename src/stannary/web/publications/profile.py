"""The shares of all chapters as one picture; the table beside it says the same."""

from fractions import Fraction
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from stannary.core.scores import Tally
from stannary.core.standards import Chapter
from stannary.web.project.templatetags.stannary import percent
from stannary.web.publications.pages import Shown

LEFT, WIDTH, ROW, HEAD = 60, 600, 22, 26
"""Place of the axis, its length, height of a row and of what stands above them, in units."""


def chart(those: Shown) -> SafeString:
    """Draw the share of each chapter, in groups by principle, with the principle's own line."""
    bars = {bar.id: bar for bar in those.bars}
    parts, y = [], HEAD
    for principle in those.edition.principles:
        rows = [one for one in those.chapters if one[0].principle == principle.id]
        bar = bars.get(principle.id)
        top = y + ROW
        parts.append(f'<text x="0" y="{y + 15}" class="q">{escape(principle.id)}</text>')
        parts.append(_text(LEFT, y + 15, principle.title))
        y = top
        for chapter, tally in rows:
            parts.append(_row(chapter, tally, y))
            y += ROW
        if bar is not None and bar.share is not None:
            x = _x(bar.share)
            parts.append(f'<line class="rule-line" x1="{x}" x2="{x}" y1="{top}" y2="{y}"/>')
        y += ROW // 2
    title = escape(gettext("Share of the points in each chapter, by principle"))
    about = escape(
        gettext(
            "The line across a group is the share of its principle. The table below says the same."
        )
    )
    ticks = "".join(
        f'<line class="axis" x1="{_x(at)}" x2="{_x(at)}" y1="{HEAD}" y2="{y}"/>'
        f'<text class="q" text-anchor="middle" x="{_x(at)}" y="14">{escape(percent(at, 0))}</text>'
        for at in (Fraction(0), Fraction(1, 2), Fraction(1))
    )
    return mark_safe(  # noqa: S308 - every text is escaped above
        f'<svg class="profile" viewBox="0 0 {LEFT + WIDTH + 60} {y}" role="img" '
        f'aria-labelledby="profile-t profile-d"><title id="profile-t">{title}</title>'
        f'<desc id="profile-d">{about}</desc>{ticks}{"".join(parts)}</svg>'
    )


def _x(share: Fraction) -> int:
    return LEFT + int(max(Fraction(0), min(Fraction(1), share)) * WIDTH)


def _row(chapter: Chapter, tally: Tally, y: int) -> str:
    name = f'<text x="{LEFT - 8}" y="{y + 15}" text-anchor="end">{escape(chapter.id)}</text>'
    if tally.share is None:
        return name + _text(LEFT + 4, y + 15, gettext("no points"))
    end = _x(tally.share)
    fill = (
        f'<rect class="fill-tin" x="{LEFT}" y="{y + 4}" width="{end - LEFT}" height="{ROW - 8}"/>'
    )
    return f"{name}{fill}{_text(_x(Fraction(1)) + 8, y + 15, percent(tally.share))}"


def _text(x: int, y: int, text: str) -> str:
    return f'<text class="q" x="{x}" y="{y}">{escape(text)}</text>'

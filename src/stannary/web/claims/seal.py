"""The seal of a claim: words, days, number and a code, drawn as SVG on the server.

It is scheme-neutral and ours; it says what was claimed and where that is checked, and nothing of
the site or the scheme beyond the claim's own words. Text is text; sizes are of a design of
480 units width. Nothing in it needs a script, a style sheet or a font from elsewhere.
"""

import datetime
import re
import textwrap
from dataclasses import dataclass

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _

from stannary.web.claims.models import Claim
from stannary.web.claims.queries import State, state, withdrawn_on
from stannary.web.project.templatetags.stannary import day

WIDTH = 480
_LEFT = 20
_LINE = 19
_SIGNS = 36
"""Signs of a line of words: as many as fit in the widest font that is likely."""
_SMALL_SIGNS = 48
_CODE = 124
_PATH = re.compile(r'<path[^>]* d="([^"]+)"')
_FONT = 'font-family="system-ui, Helvetica, Arial, sans-serif"'
_INK, _QUIET, _PAPER, _COPPER, _BAD = "#1d2326", "#56605f", "#ffffff", "#9a4a22", "#8f1d1d"


@dataclass(frozen=True, slots=True)
class Seal:
    """What a seal says, in one language.

    Attributes:
        title: Its name and the state of the claim, for whoever does not see it.
        words: The claim's own sentence.
        said: Who says it, and for which days.
        number: Of the claim.
        over: Why it is not in force; "" if it is.
        note: That it is made up; "" if it is not.
        address: Where the claim is checked: what the code leads to.
    """

    title: str
    words: str
    said: str
    number: str
    over: str
    note: str
    address: str


def check_address(row: Claim) -> str:
    """Give the address of the page that checks a claim, in the reader's language."""
    return f"{settings.ORIGIN}{reverse('verify')}?claim={row.claim_id}"


def seal_of(row: Claim, *, sentence: str, on: datetime.date) -> Seal:
    """Say what the seal of a claim says on a day, in the reader's language."""
    over = over_text(row, on)
    days = {"from": day(row.made_on), "until": day(row.valid_until), "who": row.made_by.name}
    return Seal(
        title=over or _("A claim that can be checked"),
        words=sentence,
        said=_("%(who)s, %(from)s, until before %(until)s") % days,
        number=str(row.claim_id),
        over=over,
        note=_("illustrative") if row.made_by.illustrative else "",
        address=check_address(row),
    )


def over_text(row: Claim, on: datetime.date) -> str:
    """Say why a claim is not in force on a day; "" if it is."""
    match state(row, on):
        case State.WITHDRAWN:
            return _("Taken back on %(day)s") % {"day": day(withdrawn_on(row))}
        case State.AFFECTED:
            return _("No longer supported by what is recorded")
        case State.ENDED:
            return _("Ended on %(day)s") % {"day": day(row.valid_until)}
        case State.NOT_YET:
            return _("Not in force before %(day)s") % {"day": day(row.made_on)}
        case _:
            return ""


def draw(seal: Seal) -> str:
    """Draw a seal as an SVG document; the same seal gives the same text."""
    words = textwrap.wrap(seal.words, _SIGNS) or [""]
    said = textwrap.wrap(seal.said, _SMALL_SIGNS)
    top = 62 + (30 if seal.over else 0)
    after = top + _LINE * len(words) + 6
    bottom = after + 15 * (len(said) + 1)
    height = max(bottom + 12, 62 + _CODE + 34)
    language = translation.get_language() or "en"
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}"'
            f' height="{height}" role="img" aria-labelledby="seal-title seal-desc" lang="{language}">'
        ),
        f'<title id="seal-title">{escape(seal.title)}</title>',
        f'<desc id="seal-desc">{escape(described(seal))}</desc>',
        (
            f'<rect x="1" y="1" width="{WIDTH - 2}" height="{height - 2}" rx="8" fill="{_PAPER}"'
            f' stroke="{_BAD if seal.over else _INK}" stroke-width="2"/>'
        ),
        _mark(),
        _text(54, 33, _("Claim with its proof"), 17, weight=700),
        _text(WIDTH - _LEFT, 33, seal.note, 12, fill=_QUIET, anchor="end") if seal.note else "",
        _band(seal.over) if seal.over else "",
        *(
            _text(_LEFT, top + _LINE * n + 4, line, 15, struck=bool(seal.over))
            for n, line in enumerate(words)
        ),
        *(_text(_LEFT, after + 15 * n + 8, line, 11, fill=_QUIET) for n, line in enumerate(said)),
        _text(_LEFT, after + 15 * len(said) + 10, seal.number, 11, fill=_QUIET, mono=True),
        _code(seal.address, x=WIDTH - _CODE - _LEFT, y=48),
        _text(WIDTH - _LEFT - _CODE // 2, 48 + _CODE + 16, _("check it here"), 11, anchor="middle"),
        "</svg>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def described(seal: Seal) -> str:
    """Say in a text all that a seal says, for whoever does not see it."""
    said = [seal.over, seal.words, seal.said, seal.number, seal.note, seal.address]
    return ". ".join(part.rstrip(".") for part in said if part) + "."


def _mark() -> str:
    """Draw our own mark: a disc three quarters full, in a square."""
    return (
        f'<g transform="translate({_LEFT} 16) scale(1.25)" aria-hidden="true">'
        f'<rect width="20" height="20" rx="3" fill="{_INK}"/>'
        f'<circle cx="10" cy="10" r="6.5" fill="none" stroke="{_PAPER}" stroke-width="1.5"/>'
        '<path d="M10 10V4A6 6 0 1 1 4 10Z" fill="#e39a72"/></g>'
    )


def _band(text: str) -> str:
    return f'<rect x="{_LEFT}" y="50" width="304" height="26" rx="3" fill="{_BAD}"/>' + _text(
        _LEFT + 10, 68, text, 14, weight=700, fill=_PAPER
    )


def _text(
    x: int,
    y: int,
    said: str,
    size: int,
    *,
    weight: int = 400,
    fill: str = _INK,
    anchor: str = "start",
    mono: bool = False,
    struck: bool = False,
) -> str:
    font = 'font-family="ui-monospace, monospace"' if mono else _FONT
    line = ' text-decoration="line-through"' if struck else ""
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{fill}"'
        f' text-anchor="{anchor}"{line} {font}>{escape(said)}</text>'
    )


def _code(address: str, *, x: int, y: int) -> str:
    """Draw the code; four modules of quiet zone belong to it."""
    made = segno.make(address, error="m", micro=False)
    side = made.symbol_size(border=4)[0]
    drawn = made.svg_inline(border=4, dark="#000", light="#fff", svgclass=None, lineclass=None)
    path = _PATH.findall(drawn)[-1]
    scale = f"{_CODE / side:.6f}"
    return (
        f'<g transform="translate({x} {y}) scale({scale})" aria-hidden="true">'
        f'<rect width="{side}" height="{side}" fill="#fff"/>'
        f'<path d="{escape(path)}" stroke="#000" fill="none" shape-rendering="crispEdges"/></g>'
    )

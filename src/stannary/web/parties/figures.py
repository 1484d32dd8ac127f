"""The figures about the whole system: a drawing of how many sites are in it, and all of them as a table."""

from collections.abc import Iterable, Sequence

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stannary.web.parties.models import Figure
from stannary.web.parties.wording import figure_text, source_html
from stannary.web.project import html
from stannary.web.project.templatetags.stannary import day, mark

IN_THE_SYSTEM = "independent-assessment"
VERIFIED = "verified-here"


def in_the_system(figures: Iterable[Figure]) -> dict[str, object] | None:
    """Give the newest number of sites that are said to be in the system; None when none is known."""
    found = [one for one in figures if one.key.endswith(IN_THE_SYSTEM)]
    if not found:
        return None
    newest = max(found, key=lambda one: one.on)
    return {"value": newest.value, "on": newest.on, "source": _source(newest.source)}


def context(figures: Sequence[Figure]) -> dict[str, object]:
    """Give what the page shows."""
    said = sorted(
        (one for one in figures if one.key.endswith(IN_THE_SYSTEM)), key=lambda one: one.on
    )
    verified = [one for one in figures if one.key == VERIFIED]
    return {
        "newest": said[-1] if said else None,
        "verified": verified[-1] if verified else None,
        "drawing": _drawing([*said, *verified]),
        "rows": html.rows(
            (
                (day(one.on), _text(one), one.value, _source(one.source), _sure(one.mark))
                for one in sorted(figures, key=lambda one: one.on, reverse=True)
            ),
            numeric=frozenset({2}),
        ),
    }


def _sure(code: str) -> str:
    return _("counted by us") if code == "own" else mark(code)["meaning"]


def _text(one: Figure) -> SafeString:
    text = figure_text(one.key, one.text)
    if text == one.text and (get_language() or "en") != "en":
        return format_html('<span lang="en">{}</span>', text)
    return conditional_escape(text)


def _source(source: str) -> SafeString:
    if (get_language() or "en") != "en":
        return format_html('<span lang="en">{}</span>', source_html(source))
    return source_html(source)


def _drawing(figures: Sequence[Figure]) -> SafeString:
    """Draw numbers of sites as bars that begin at zero; the table says the same."""
    if not figures:
        return SafeString()
    most = max(one.value for one in figures) or 1
    parts = []
    for place, one in enumerate(figures):
        y = place * 44
        width = 480 * one.value / most
        fill = "fill-copper" if one.key == VERIFIED else "fill-tin"
        what = _("verified here") if one.key == VERIFIED else _("said to be in the system")
        parts.append(
            f'<text x="0" y="{y + 13}">{conditional_escape(day(one.on))}, {conditional_escape(what)}</text>'
            f'<rect class="{fill}" x="0" y="{y + 20}" width="{width:.0f}" height="14"/>'
            f'<text class="strong" x="{width + 8:.0f}" y="{y + 31}">{one.value}</text>'
        )
    label = conditional_escape(_("Number of sites; the table below says the same"))
    return mark_safe(  # noqa: S308 - numbers, and texts escaped above
        f'<svg class="figures-drawing" viewBox="0 0 540 {44 * len(figures)}" role="img" aria-label="{label}">'
        f"{''.join(parts)}</svg>"
    )

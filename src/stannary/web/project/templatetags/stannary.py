"""How values are shown: levels, dates, masses, shares, rules. In every template without loading."""

import datetime
from collections.abc import Iterable, Mapping
from fractions import Fraction

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from stannary.core.kernel import PartialDate, mass_text, percent_text
from stannary.web.project.facts import name_of

register = template.Library()

_DISCS = {
    0: "",
    1: '<path d="M10 10V2A8 8 0 0 1 18 10Z" fill="currentColor"/>',
    2: '<path d="M10 10V2A8 8 0 0 1 10 18Z" fill="currentColor"/>',
    3: '<path d="M10 10V2A8 8 0 1 1 2 10Z" fill="currentColor"/>',
    4: '<circle cx="10" cy="10" r="8" fill="currentColor"/>',
}


def disc_svg(quarters: int) -> SafeString:
    """Draw a disc filled by 0 to 4 quarters; the word beside it carries the meaning."""
    return mark_safe(  # noqa: S308 - only constants of this module
        '<svg class="disc" viewBox="0 0 20 20" aria-hidden="true" focusable="false">'
        '<circle cx="10" cy="10" r="8.5" fill="none" stroke="currentColor" stroke-width="1.5"/>'
        f"{_DISCS[quarters]}</svg>"
    )


def quarters_of(code: str) -> int:
    """Give how full a level's disc is: the lowest of four is one quarter, no level is empty."""
    ending = code.rpartition("-")[2]
    return {"TRANSPARENCY": 1, "50": 2, "75": 3, "100": 4}.get(ending, 0)


def level_title(code: str) -> str:
    """Give a level's code as people write it: IRMA-75 is IRMA 75."""
    head, _sep, tail = code.rpartition("-")
    return f"{head} {tail.capitalize() if tail.isalpha() else tail}".strip()


@register.filter
def level(code: str | None) -> SafeString:
    """Show a level as a word with its disc; no level says so."""
    if not code:
        return format_html('<span class="level none">{}{}</span>', disc_svg(0), _("no level"))
    return format_html(
        '<span class="level">{}{}</span>', disc_svg(quarters_of(code)), level_title(code)
    )


@register.filter
def level_name(code: str) -> str:
    """Give a level's code as people write it."""
    return level_title(code)


@register.filter
def mass(mass_mg: int) -> str:
    """Show a mass in kilograms, exact, blanks that do not break."""
    return mass_text(mass_mg).replace(" ", "\N{NO-BREAK SPACE}")


@register.filter
def percent(share: Fraction | None, places: int = 1) -> str:
    """Show a share as percent, rounded towards zero; None says unknown."""
    if share is None:
        return _("unknown")
    number = percent_text(share, places=places)
    return f"{number.replace('.', formats.get_format('DECIMAL_SEPARATOR'))}\N{NO-BREAK SPACE}%"


@register.filter(expects_localtime=True)
def day(value: datetime.date | datetime.datetime | str | None) -> str:
    """Show a date in words; a partial date shows what is known of it."""
    if not value:
        return _("date unknown")
    if isinstance(value, str):
        partial = PartialDate.parse(value)
        if not partial.month:
            return str(partial.year)
        if not partial.day:
            return formats.date_format(partial.first, "YEAR_MONTH_FORMAT")
        value = partial.first
    return formats.date_format(value, "j F Y").replace(" ", "\N{NO-BREAK SPACE}")


@register.filter(expects_localtime=True)
def moment(value: datetime.datetime | None) -> SafeString | str:
    """Show an instant in words, with its time of day and zone; programs read it as ISO 8601."""
    if not value:
        return _("date unknown")
    text = f"{day(value)}, {formats.date_format(value, 'H:i e')}"
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), text)


@register.filter
def rule(code: str) -> SafeString:
    """Show a rule's code as a link to its page."""
    try:
        address = reverse("rule", args=[code])
    except NoReverseMatch:
        return format_html("{}", code)
    return format_html('<a class="rule" href="{}">{}</a>', address, code)


@register.filter
def fact(name: str) -> str:
    """Show the name of a fact in a finding, in the reader's language."""
    return name_of(name)


@register.filter
def facts(of: Mapping[str, str]) -> SafeString:
    """Show the facts of a finding in one line, their names in the reader's language."""
    said = ((_("%(name)s: %(value)s") % {"name": name_of(name), "value": of[name]},) for name in of)
    return format_html_join(" ", '<span class="fact">{}</span>', said)


@register.simple_tag
def bar(share: Fraction | None, threshold: Fraction | None = None) -> SafeString:
    """Draw a share of 0 to 1 as a bar with its threshold; the number stands beside it in text."""
    width = 0 if share is None else int(max(Fraction(0), min(Fraction(1), share)) * 1000)
    line = ""
    if threshold is not None:
        x = int(threshold * 1000)
        line = f'<line class="threshold" x1="{x}" x2="{x}" y1="0" y2="100"/>'
    return mark_safe(  # noqa: S308 - only numbers computed here
        '<svg class="bar" viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<rect class="rail" x="0" y="20" width="1000" height="60"/><rect class="fill" x="0" y="20" width="{width}"'
        f' height="60"/>{line}</svg>'
    )


@register.filter
def in_words(text: str) -> str:
    """Show a text of the core in the reader's language."""
    return _(text) if text else ""


@register.filter
def words(text: str) -> list[str]:
    """Split at blanks."""
    return text.split()


@register.filter
def joined(values: Iterable[object]) -> str:
    """Join with commas."""
    return ", ".join(str(value) for value in values)


@register.inclusion_tag("project/mark.html")
def mark(code: str) -> dict[str, str]:
    """Show how sure we are of a fact."""
    meanings = {
        "S": _("seen in a primary source"),
        "S2": _("seen in a secondary source"),
        "SEED": _("seen in one publication"),
        "SEED+S": _("seen in several sources, one of them primary"),
        "SEED+S2": _("seen in several sources"),
        "D": _("deduced from other facts"),
        "GK": _("general knowledge, not verified"),
        "?": _("unknown"),
        "own": _("our own choice"),
    }
    shown = {"GK": _("not verified"), "?": _("unknown"), "D": _("deduced"), "own": _("own choice")}
    return {"code": code, "meaning": meanings.get(code, code), "shown": shown.get(code, "")}

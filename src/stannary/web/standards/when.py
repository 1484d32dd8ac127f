"""Which edition applies when: a drawing of the terms, and the table beside it."""

import datetime
from collections.abc import Sequence
from html import escape
from itertools import pairwise

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from stannary.web.project.templatetags.stannary import day as day_words
from stannary.web.standards.pages import Book
from stannary.web.standards.queries import Term

WIDTH, ROW, BAR, TOP = 400, 46, 14, 22
ONE_DAY = datetime.timedelta(days=1)


def until(term: Term) -> datetime.date | None:
    """Give the last day on which an edition applies; None where no end is set."""
    return None if term.last is None else term.last - ONE_DAY


def draw(terms: Sequence[Term], today: datetime.date) -> SafeString:
    """Draw the terms of a standard's editions, oldest first, with today across them.

    The table beside it says the same in words, so the drawing is hidden from screen readers.
    """
    days = [today, *(term.first for term in terms)]
    days += [term.last for term in terms if term.last is not None]
    first, span = min(days), max((max(days) - min(days)).days, 1)

    def x(value: datetime.date) -> int:
        """Leave an eighth of the width to the right, for what has no end yet."""
        return (value - first).days * (WIDTH - WIDTH // 8) // span

    height = TOP + ROW * len(terms)
    parts = [
        f'<rect class="window" x="{x(opens)}" y="{TOP}" width="{x(closes) - x(opens)}" height="{height - TOP}"/>'
        for opens, closes in _windows(terms)
    ]
    for place, term in enumerate(terms):
        y = TOP + ROW * place
        end = WIDTH - 8 if term.last is None else x(term.last)
        parts.append(f'<text x="0" y="{y + 16}">{escape(term.edition.short_title)}</text>')
        parts.append(
            f'<rect class="fill-{"tin" if term.holds_on(today) else "quiet"}" x="{x(term.first)}" y="{y + 23}" '
            f'width="{max(end - x(term.first), 1)}" height="{BAR}"/>'
        )
        if term.last is None:
            parts.append(
                f'<path class="fill-{"tin" if term.holds_on(today) else "quiet"}" '
                f'd="M{end} {y + 23}l8 {BAR // 2}l-8 {BAR // 2}Z"/>'
            )
    now = x(today)
    anchor = "end" if now > WIDTH // 2 else "start"
    parts.append(f'<line class="today" x1="{now}" x2="{now}" y1="{TOP - 6}" y2="{height}"/>')
    parts.append(
        f'<text class="copper-text" x="{now}" y="12" text-anchor="{anchor}">{escape(_("today"))}</text>'
    )
    return mark_safe(  # noqa: S308 - numbers are computed here, titles escaped
        f'<svg class="terms" viewBox="0 0 {WIDTH} {height}" aria-hidden="true" focusable="false">{"".join(parts)}</svg>'
    )


def _windows(terms: Sequence[Term]) -> list[tuple[datetime.date, datetime.date]]:
    """Give the times in which two editions apply, one after the other."""
    return [
        (newer.first, older.last)
        for older, newer in pairwise(terms)
        if older.last is not None and newer.first < older.last
    ]


def table(books: Sequence[tuple[Term, Book]], today: datetime.date) -> SafeString:
    """Build the rows: edition, first and last day, whether it applies today."""
    rows = []
    for term, book in books:
        last = until(term)
        name = book.foreign(book.original.short_title)
        rows.append(
            format_html(
                '<tr><th scope="row"><a href="{}">{}</a></th><td data-label="{}">{}</td>'
                '<td data-label="{}">{}</td><td data-label="{}">{}</td></tr>',
                book.address,
                name,
                _("From"),
                day_words(term.first),
                _("To"),
                day_words(last) if last else _("no end is set"),
                _("Today"),
                _("yes") if term.holds_on(today) else _("no"),
            )
        )
    return mark_safe("".join(rows))  # noqa: S308 - every row was built by format_html

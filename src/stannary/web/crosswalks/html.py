"""What every page of this app shows alike: clauses, coverages, tables that stack, pages of a list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from stannary.core.kernel import percent_text
from stannary.core.standards import Edition, Requirement
from stannary.web.standards import queries as standards
from stannary.web.standards.pages import Book

ROWS = 80
"""Rows on a page: what keeps it below 100 kB with the longest reasons."""


def book_of(edition: Edition, language: str) -> Book:
    """Give an edition as it is read in a language, without a query."""
    return Book(edition, standards.in_language(edition, language), language)


class Clauses:
    """The chapters, sections and requirements of an edition as links; built once for a page."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.address = str(conditional_escape(book.address))
        self.sections: dict[str, SafeString] = {}
        for chapter in book.original.chapters:
            shown = {one.id: one.title for one in book.shown.chapter_by_id[chapter.id].sections}
            for section in chapter.sections:
                title = book.text(shown.get(section.id, section.title), section.title)
                self.sections[section.id] = title

    def title(self, clause: str) -> SafeString:
        """Give the title of a clause in the reader's language; empty for what has none."""
        requirement = self.book.original.requirement_by_id.get(clause)
        if requirement is not None:
            return self.book.title_of(requirement)
        chapter = self.book.original.chapter_by_id.get(clause)
        return self.book.chapter_title(chapter) if chapter else self.sections.get(clause, _EMPTY)

    def link(self, clause: str) -> str:
        """Give number and title as a link to the page that holds the clause."""
        name = str(conditional_escape(clause))
        page = name if name.count(".") != 2 else name.rpartition(".")[0]
        return f'<a href="{self.address}{page}/"><span class="id">{name}</span> {self.title(clause)}</a>'

    def number(self, clause: str) -> str:
        """Give the number alone as a link."""
        name = str(conditional_escape(clause))
        page = name if name.count(".") != 2 else name.rpartition(".")[0]
        return f'<a class="num" href="{self.address}{page}/">{name}</a>'

    def heading(self, one: Requirement) -> str:
        """Give a requirement as a link, and say if it is critical."""
        word = _("critical")
        critical = f' <span class="critical">{word}</span>' if one.critical else ""
        return self.link(one.id) + critical


_EMPTY = SafeString("")


def coverage(share: Fraction | None) -> str:
    """Show a coverage as percent, rounded towards zero, so that only all of it reads as 100."""
    if share is None:
        return "\N{EN DASH}"
    if 0 < share < Fraction(1, 100):
        return _("under 1 %")
    return f"{percent_text(share, places=0)}\N{NO-BREAK SPACE}%"


def row(heading: str, cells: Sequence[tuple[str, str, str]], *, name: str = "") -> str:
    """Build a row whose cells name their column on a phone; every part is HTML already.

    Args:
        heading: What the row is about.
        cells: Label, class and content of each; a label of "" needs none.
        name: Anchor of the row; "" for none.
    """
    parts = []
    for label, kind, content in cells:
        labelled = f' data-label="{label}"' if label else ""
        classed = f' class="{kind}"' if kind else ""
        parts.append(f"<td{labelled}{classed}>{content}</td>")
    anchor = f' id="{name}"' if name else ""
    return f'<tr{anchor}><th scope="row">{heading}</th>{"".join(parts)}</tr>'


def joined(parts: Iterable[str]) -> SafeString:
    """Put rows together whose every text was escaped where they were built."""
    return mark_safe("".join(parts))  # noqa: S308 - escaped by the builders of rows


@dataclass(frozen=True, slots=True)
class Paged:
    """A piece of a list, with the addresses of its neighbours.

    Attributes:
        number: How many there are in all.
        first, last: Places of those shown, from 1; 0 when there are none.
        before, after: Addresses; empty at the ends.
    """

    number: int
    first: int
    last: int
    before: str
    after: str

    @property
    def is_whole(self) -> bool:
        """Whether everything is shown."""
        return not self.before and not self.after


def paged(number: int, asked: QueryDict, *, size: int = ROWS) -> tuple[slice, Paged]:
    """Cut a list for the page that is asked for; what is no page is the first, or the last."""
    text = asked.get("page", "1")
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
    pages = max(1, -(-number // size))
    page = min(max(1, wanted), pages)
    start = (page - 1) * size
    end = min(number, start + size)

    def address(other: int) -> str:
        query = asked.copy()
        query["page"] = str(other)
        return f"?{query.urlencode()}"

    return slice(start, end), Paged(
        number=number,
        first=start + 1 if number else 0,
        last=end,
        before=address(page - 1) if page > 1 else "",
        after=address(page + 1) if page < pages else "",
    )


def with_query(asked: QueryDict, **changes: str) -> str:
    """Give this page's address with other parameters; "" takes one away, and the page begins anew."""
    query = asked.copy()
    query.pop("page", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}"


def choices(options: Iterable[tuple[str, object]], chosen: str) -> SafeString:
    """Build the options of a select."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, SafeString(" selected" if value == chosen else ""), text)
            for value, text in options
        ),
    )


def crosswalk_address(name: str) -> str:
    """Give the address of a crosswalk's page."""
    return reverse("crosswalks:crosswalk", args=[name])

"""The pages of tags: all tags of an edition, and the requirements that have one of them."""

from collections import Counter

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from stannary.web.standards import tag_words
from stannary.web.standards.pages import Book, counts, requirement_links


def address(book: Book, code: str) -> str:
    """Give the address of a tag's page in an edition."""
    return f"{book.address}tags/{code}/"


def schemes(book: Book) -> list[dict[str, object]]:
    """Give the tags of an edition by scheme, each with its number of requirements."""
    found = Counter(tag for one in book.original.requirements for tag in one.tags)
    by_scheme: dict[str, list[tuple[str, str, str, int]]] = {}
    for code in sorted(found, key=tag_words.order):
        said = tag_words.explain(code)
        if said is not None:
            row = (address(book, code), said.title, code, found[code])
            by_scheme.setdefault(said.scheme, []).append(row)
    return [{"title": scheme, "rows": _rows(rows)} for scheme, rows in by_scheme.items()]


def _rows(rows: list[tuple[str, str, str, int]]) -> SafeString:
    return format_html_join(
        "",
        '<li><a href="{}">{}</a> <code class="small">{}</code> <span class="count">{}</span></li>',
        rows,
    )


def page(book: Book, tag: tag_words.Tag) -> dict[str, object]:
    """Give the requirements that have a tag."""
    those = [one for one in book.original.requirements if tag.code in one.tags]
    return {
        "book": book,
        "tag": tag,
        "counts": counts(those),
        "requirements": requirement_links(book, those),
    }

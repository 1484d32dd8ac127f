"""Pages about standards. Every address is stable: publisher, standard, edition, requirement id."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from stannary.core.kernel import refuse
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.parties.search import MAX_QUERY
from stannary.web.standards import pages, queries, search, tables


def _book(publisher: str, standard: str, edition: str) -> pages.Book:
    """Give an edition with its texts in the reader's language, or answer that it is not there."""
    language = get_language() or "en"
    original, shown = queries.both(f"{publisher}/{standard}/{edition}", language)
    return pages.Book(original, shown, language)


def edition_list(request: HttpRequest) -> HttpResponse:
    """List the editions that are here."""
    language = get_language() or "en"
    books = [
        pages.Book(one, queries.in_language(one, language), language) for one in queries.editions()
    ]
    return render(request, "standards/list.html", {"books": books})


def edition_page(request: HttpRequest, publisher: str, standard: str, edition: str) -> HttpResponse:
    """Show an edition as a tree, or what a search in it finds."""
    book = _book(publisher, standard, edition)
    query = request.GET.get("q", "")[:MAX_QUERY].strip()
    context: dict[str, object] = {"book": book, "q": query}
    if query:
        hits = search.hits(book.original, query)
        context |= {"hits": len(hits), "results": pages.found(book, hits, query)}
        return render(request, "standards/search.html", context)
    today = timezone.localdate()
    context |= {
        "principles": pages.tree(book),
        "levels": pages.levels(book),
        "tests": tables.tests(book),
        "points": tables.points(book),
        "constants": tables.constants(book, today),
        "claims": tables.claims(book),
    }
    return render(request, "standards/edition.html", context)


def chapter_page(
    request: HttpRequest, publisher: str, standard: str, edition: str, chapter: str
) -> HttpResponse:
    """Show a chapter with all its requirements."""
    book = _book(publisher, standard, edition)
    if chapter not in book.original.chapter_by_id:
        refuse(IS_THERE_FOR_YOU, asked_for="chapter")
    return render(request, "standards/chapter.html", pages.chapter(book, chapter))


def requirement_page(
    request: HttpRequest, publisher: str, standard: str, edition: str, requirement: str
) -> HttpResponse:
    """Show one requirement."""
    book = _book(publisher, standard, edition)
    if requirement not in book.original.requirement_by_id:
        refuse(IS_THERE_FOR_YOU, asked_for="requirement")
    return render(request, "standards/requirement.html", pages.requirement(book, requirement))

"""Pages about standards. Every address is stable: publisher, standard, edition, requirement id."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from stannary.core.kernel import refuse
from stannary.core.standards import Edition, MoveKind
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.parties.search import MAX_QUERY
from stannary.web.standards import (
    crossings,
    pages,
    queries,
    search,
    tables,
    tag_pages,
    tag_words,
    translation_pages,
    when,
)

LIST_ROWS = 100


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
    context |= _terms(book) | {
        "principles": pages.tree(book),
        "tagged": any(one.tags for one in book.original.requirements),
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
    moves = crossings.moves_of(queries.transitions(), book.original, requirement)
    context = pages.requirement(book, requirement)
    context["moves"] = crossings.moved_shown(moves, book.language)
    return render(request, "standards/requirement.html", context)


def _terms(book: pages.Book) -> dict[str, object]:
    """Give which edition applies when, where a transition leads from or to this one."""
    one = book.original
    found = [x for x in queries.transitions() if one.id in (x.before.id, x.after.id)]
    if not found:
        return {}
    today = timezone.localdate()
    terms = queries.terms(f"{one.publisher}/{one.standard}")
    books = [_shown(term.edition, book.language) for term in terms]
    return {
        "drawing": when.draw(terms, today),
        "terms": when.table(list(zip(terms, books, strict=True)), today),
        "transitions": [
            {
                "address": crossings.address_of(x),
                "before": x.before.short_title,
                "after": x.after.short_title,
                "opens": x.transition.opens,
                "closes": x.transition.closes,
            }
            for x in found
        ],
    }


def _shown(original: Edition, language: str) -> pages.Book:
    return pages.Book(original, queries.in_language(original, language), language)


def transition_page(
    request: HttpRequest, publisher: str, standard: str, edition: str, older: str
) -> HttpResponse:
    """Show what became of the requirements of an older edition: in sum, by kind, or by chapter."""
    language = get_language() or "en"
    base = f"{publisher}/{standard}"
    crossing = queries.transition(f"{base}/{older}", f"{base}/{edition}")
    before, after = (_shown(one, language) for one in (crossing.before, crossing.after))
    those = crossings.two(crossing, before, after)
    kinds = crossings.counted(those.moves)
    context: dict[str, object] = {
        "book": after,
        "before": before,
        "crossing": crossing,
        "source": after.foreign(crossing.transition.source),
        "address": those.address,
        "kinds": kinds,
    }
    kind = request.GET.get("kind", "")
    chapter = request.GET.get("chapter", "")
    if chapter:
        return _chapter_of(request, those, chapter, kind, context)
    if kind in {one.kind for one in kinds}:
        found = [move for move in those.moves if move.kind == kind]
        page = Paginator(found, LIST_ROWS).get_page(request.GET.get("page"))
        context |= {
            "kind": next(one for one in kinds if one.kind == kind),
            "page": page,
            "rows": crossings.short_rows(those, page.object_list),
        }
        return render(request, "standards/transition_kind.html", context)
    context |= {
        "standing": crossings.standing(those),
        "chapters": crossings.chapter_rows(those, kinds),
    }
    return render(request, "standards/transition.html", context)


def _chapter_of(
    request: HttpRequest,
    those: crossings.Two,
    chapter: str,
    kind: str,
    context: dict[str, object],
) -> HttpResponse:
    found = crossings.by_chapter(those)
    if chapter not in found:
        refuse(IS_THERE_FOR_YOU, asked_for="chapter")
    names = list(found)
    place = names.index(chapter)
    kinds = crossings.counted(found[chapter])
    moves = [move for move in found[chapter] if kind not in set(MoveKind) or move.kind == kind]
    context |= {
        "kinds": kinds,
        "kind": kind if kind in set(MoveKind) else "",
        "chapter": chapter,
        "chapter_title": crossings.chapter_title(those, chapter),
        "all": len(found[chapter]),
        "moves": crossings.side_by_side(those, moves),
        "previous": names[place - 1] if place else "",
        "next": names[place + 1] if place + 1 < len(names) else "",
    }
    return render(request, "standards/transition_chapter.html", context)


def tag_list(request: HttpRequest, publisher: str, standard: str, edition: str) -> HttpResponse:
    """List the tags of an edition with their numbers of requirements."""
    book = _book(publisher, standard, edition)
    context = {"book": book, "schemes": tag_pages.schemes(book)}
    return render(request, "standards/tags.html", context)


def tag_page(
    request: HttpRequest, publisher: str, standard: str, edition: str, tag: str
) -> HttpResponse:
    """Show what a tag means and which requirements of an edition have it."""
    book = _book(publisher, standard, edition)
    said = tag_words.explain(tag)
    if said is None or not any(tag in one.tags for one in book.original.requirements):
        refuse(IS_THERE_FOR_YOU, asked_for="tag")
    return render(request, "standards/tag.html", tag_pages.page(book, said))


def translation_page(
    request: HttpRequest, publisher: str, standard: str, edition: str
) -> HttpResponse:
    """Show how far an edition is translated, and what is left to do in a language."""
    book = _book(publisher, standard, edition)
    languages = translation_pages.languages(book.original)
    known = {one.code: one for one in languages if not one.is_original}
    chosen = known.get(request.GET.get("language", book.language))
    left = translation_pages.to_do(book.original, chosen.code) if chosen else {}
    by_id = book.original.requirement_by_id
    context = {
        "book": book,
        "states": list(translation_pages.STATES.values()),
        "languages": [(one, list(one.numbers.values())) for one in languages],
        "chosen": chosen,
        "left": [
            {
                "title": translation_pages.state_words(state),
                "number": len(names),
                "rows": pages.requirement_links(book, [by_id[name] for name in names]),
            }
            for state, names in left.items()
        ],
    }
    return render(request, "standards/translations.html", context)

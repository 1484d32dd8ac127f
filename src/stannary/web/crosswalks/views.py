"""Pages about crosswalks: all public, all readable without scripts."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from stannary.core.crosswalks import NeedState
from stannary.core.kernel import refuse
from stannary.web.crosswalks import gap_page, html, pages, plan_page, queries, results, words
from stannary.web.crosswalks.html import Clauses
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.standards import queries as standards
from stannary.web.standards.pages import Book

RESULTS = 100
"""How many results a gap report offers to choose from."""


def _language() -> str:
    return get_language() or "en"


def _books(entry: queries.Entry) -> tuple[Book, Book]:
    language = _language()
    crosswalk = entry.crosswalk
    first, second = (standards.edition(name) for name in (crosswalk.first, crosswalk.second))
    return html.book_of(first, language), html.book_of(second, language)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the crosswalks that are here, and offer a co-audit plan."""
    language = _language()
    editions = standards.editions()
    books = {one.id: html.book_of(one, language) for one in editions}
    context = {
        "entries": [
            pages.summary(entry, books[entry.crosswalk.first], books[entry.crosswalk.second])
            for entry in queries.crosswalks()
        ],
        "options": plan_page.options(
            [one for one in editions if one.kind == "assurance"], plan_page.NOTHING
        ),
    }
    return render(request, "crosswalks/list.html", context)


@require_safe
def crosswalk_page(request: HttpRequest, name: str) -> HttpResponse:
    """Show a crosswalk: counts by chapter, then its judgements, or what nobody has examined."""
    entry = queries.crosswalk(name)
    first, second = _books(entry)
    clauses = Clauses(first), Clauses(second)
    context = pages.summary(entry, first, second)
    asked = pages.Asked.read(request.GET, first.original)
    sides = pages.Sides(entry.crosswalk, (first.original, second.original))
    if asked.relation == pages.UNEXAMINED:
        those = asked.unexamined(sides)
        piece, paged = html.paged(len(those), request.GET)
        rows = pages.unexamined_rows(those[piece], *clauses)
    else:
        links = asked.links(entry.crosswalk)
        piece, paged = html.paged(len(links), request.GET)
        marked = str(context["marked"])
        rows = pages.judgement_rows(links[piece], *clauses, marked=marked)
    relations = [(str(one), word) for one, word in words.RELATIONS.items()]
    chapters = [(one.id, f"{one.id} {one.title}") for one in first.shown.chapters]
    context |= {
        "asked": asked,
        "rows": rows,
        "paged": paged,
        "chapters": pages.chapters(sides, clauses[0], request.GET),
        "chapter_options": html.choices(chapters, asked.chapter),
        "relation_options": html.choices(
            [*relations, (pages.UNEXAMINED, words.NEEDS[NeedState.UNEXAMINED])], asked.relation
        ),
    }
    return render(request, "crosswalks/crosswalk.html", context)


@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """Plan one audit for several standards, or ask for which."""
    language = _language()
    asked = plan_page.Asked.read(request.GET)
    context: dict[str, object] = {
        "asked": asked,
        "options": plan_page.options(queries.comparable(), asked),
    }
    if asked.is_complete:
        planned = queries.plan(asked.lead, asked.others)
        found = planned.plan
        chosen = next(one for one in found.others if one.id == asked.of)
        lead = Clauses(html.book_of(found.lead, language))
        other = Clauses(html.book_of(chosen, language))
        needs = asked.needs(found)
        piece, paged = html.paged(len(needs), request.GET)
        marked = pages.language_of(planned.languages[chosen.id], language)
        context |= {
            "plan": found,
            "lead": lead.book,
            "other": other.book,
            "counts": plan_page.counts(found, request.GET),
            "states": [(words.NEEDS[one], words.NEEDS_WHOLE[one]) for one in NeedState],
            "state": words.NEEDS[NeedState(asked.state)] if asked.state else "",
            "rows": plan_page.need_rows(needs[piece], lead, other, marked=marked),
            "paged": paged,
            "files": plan_page.files(asked),
            "everything": html.with_query(request.GET, state=""),
        }
    return render(request, "crosswalks/plan.html", context)


@require_safe
def gaps(request: HttpRequest, name: str) -> HttpResponse:
    """Show what a published result says under the other standard, or ask for which result."""
    entry = queries.crosswalk(name)
    first, second = _books(entry)
    context: dict[str, object] = {**pages.summary(entry, first, second)}
    result_id = request.GET.get("result", "")
    if not result_id:
        editions = (entry.crosswalk.first, entry.crosswalk.second)
        titles = {one.original.id: one.original.short_title for one in (first, second)}
        context["results"] = [
            (one, titles[one.standard]) for one in results.under(editions, most=RESULTS)
        ]
        return render(request, "crosswalks/gaps.html", context)
    found = queries.gaps(entry, _uuid(result_id))
    books = (first, second) if found.report.first == first.original.id else (second, first)
    rated, other = (Clauses(one) for one in books)
    state = gap_page.state_asked(request.GET)
    listed = gap_page.listed(found.report, state)
    piece, paged = html.paged(len(listed), request.GET)
    context |= {
        "rated": found.rated,
        "from_book": books[0],
        "to_book": books[1],
        "counts": gap_page.counts(found.report, request.GET),
        "state": gap_page.state_word(state),
        "rows": gap_page.gap_rows(listed[piece], rated, other),
        "paged": paged,
        "everything": html.with_query(request.GET, state=""),
    }
    return render(request, "crosswalks/gaps.html", context)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        refuse(IS_THERE_FOR_YOU, asked_for="result")

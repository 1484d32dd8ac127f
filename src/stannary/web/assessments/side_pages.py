"""The page on which the three verdicts of every requirement stand side by side."""

from collections.abc import Iterable, Iterator
from html import escape
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from stannary.core.assessments.verdicts import Side
from stannary.core.kernel import refuse
from stannary.core.standards import Edition, Requirement
from stannary.web.assessments import queries, voices, words
from stannary.web.assessments.models import Assessment
from stannary.web.assessments.records import Newest
from stannary.web.assessments.views import actor_of
from stannary.web.assessments.voices import APART, DIFFERENCES, SIDES, Voices
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.project.templatetags.stannary import day
from stannary.web.standards import queries as standards

PART_BYTES = 60_000
"""How much HTML the rows of one page may be."""


@login_required
@require_safe
def side_by_side(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Show what site and auditors say, and what counts: a chapter, or where they differ."""
    actor = actor_of(request)
    those = queries.assessment(actor=actor, assessment_id=assessment_id)
    if those.engagement is None or those.kind == Assessment.Kind.SELF:
        refuse(IS_THERE_FOR_YOU, assessment=str(assessment_id))
    edition = words.here(standards.edition(those.edition_id))
    said = voices.voices(actor, those)
    apart = [one for one in edition.requirements if said.three(one.id).difference in APART]
    differ = "differ" in request.GET
    chapter = request.GET.get("chapter", "")
    chosen = chapter if chapter in edition.chapter_by_id else ""
    if not chosen and not differ:
        chosen = _first(edition)
    wanted = apart if differ else edition.requirements
    wanted = [one for one in wanted if chosen in ("", one.chapter)]
    pages = tuple(_pages(wanted, said))
    place = _place(request.GET.get("page", ""), len(pages))
    asked = {"chapter": chosen} if chosen else {}
    context = {
        "assessment": those,
        "edition": edition,
        "chapter": edition.chapter_by_id.get(chosen),
        "chapters": [
            (one, sum(x.chapter == one.id for x in apart))
            for one in edition.chapters
            if edition.requirements_by_chapter.get(one.id)
        ],
        "differ": differ,
        "apart": len(apart),
        "found": len(wanted),
        "rows": mark_safe("".join(pages[place])) if pages else "",  # noqa: S308 - escaped in `_row`
        "pages": [
            (
                urlencode({**asked, **({"differ": "1"} if differ else {}), "page": n + 1}),
                n + 1,
                n == place,
            )
            for n in range(len(pages))
        ],
    }
    return render(request, "assessments/side_by_side.html", context)


def _first(edition: Edition) -> str:
    filled = (x.id for x in edition.chapters if edition.requirements_by_chapter.get(x.id))
    return next(filled, "")


def _place(text: str, count: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return min(max(number, 1), max(count, 1)) - 1


def _pages(those: Iterable[Requirement], said: Voices) -> Iterator[list[str]]:
    """Cut the rows where a page would grow too heavy; one row is never cut."""
    labels = {side: escape(str(title)) for side, title in SIDES.items()}
    built: list[str] = []
    weight = 0
    for one in those:
        row = _row(one, said, labels)
        size = len(row.encode())
        if built and weight + size > PART_BYTES:
            yield built
            built, weight = [], 0
        built.append(row)
        weight += size
    if built:
        yield built


def _row(one: Requirement, said: Voices, labels: dict[Side, str]) -> SafeString:
    """Build one row; every text is escaped here."""
    name = escape(one.id)
    sides = said.said.get(one.id, {})
    difference = said.three(one.id).difference
    sign, text = DIFFERENCES[difference]
    critical = (
        f' <span class="critical">{escape(gettext("critical"))}</span>' if one.critical else ""
    )
    cells = "".join(
        f'<td data-label="{label}">{_verdict(sides.get(side))}</td>'
        for side, label in labels.items()
    )
    objected = voices.objected_html(said.objections.get(one.id, ()))
    apart = ' class="apart"' if difference in APART else ""
    label = escape(gettext("Difference"))
    return mark_safe(  # noqa: S308 - every part is escaped above
        f'<tr{apart} id="r-{name}"><th scope="row"><span class="num">{name}</span> '
        f"{escape(one.title)}{critical}</th>{cells}"
        f'<td data-label="{label}"><span class="sign" aria-hidden="true">{sign}</span> '
        f"{escape(str(text))}{objected}</td></tr>"
    )


def _verdict(one: Newest | None) -> str:
    if one is None:
        return '<span class="quiet">–</span>'
    reason = f'<br><span class="why">{escape(one.rationale)}</span>' if one.rationale else ""
    moment = f'<time datetime="{one.at.isoformat()}">{escape(str(day(one.at)))}</time>'
    return (
        f"<strong>{escape(words.rating_word(one.rating))}</strong>{reason}"
        f'<br><span class="small">{escape(one.assessor)}, {moment}</span>'
    )

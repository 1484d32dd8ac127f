"""The page on which the answers of an assessment are carried over to a newer edition."""

from dataclasses import dataclass
from html import escape

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from stannary.core.standards import Edition, Rating
from stannary.web.assessments import carried, operations, queries, words
from stannary.web.assessments.beside import said_by
from stannary.web.assessments.carried import Plan
from stannary.web.assessments.models import Assessment
from stannary.web.assessments.records import Newest
from stannary.web.assessments.views import actor_of
from stannary.web.standards import queries as standards

ROWS = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A row: requirements before and after, and the old answers."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    said: tuple[Newest, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that have the same fate."""

    name: str
    words: str
    lines: tuple[Line, ...]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def carry_over(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Show what would stand, and what must be judged again; open the new assessment when sent."""
    actor = actor_of(request)
    if request.method == "POST":
        made = operations.carry_over(
            actor=actor, assessment_id=assessment_id, edition_id=request.POST.get("to", "")
        )
        number = made.ratings.count()
        said = ngettext(
            "%(count)s answer was carried over.", "%(count)s answers were carried over.", number
        )
        messages.success(request, said % {"count": number})
        return redirect("assessments:overview", made.pk)
    those = queries.assessment(actor=actor, assessment_id=assessment_id)
    plan = carried.plan(those, request.GET.get("to") or None)
    before, after = (words.here(x) for x in (plan.crossing.before, plan.crossing.after))
    standards.edition_to_open(after.id, timezone.localdate())
    there = Assessment.objects.filter(
        site=those.site, firm=those.firm, edition_id=after.id, state=Assessment.State.OPEN
    )
    parts = _parts(plan)
    asked_for = request.GET.get("show", "")
    chosen = next((part for part in parts if part.name == asked_for), parts[1])
    page = Paginator(chosen.lines, ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "assessments/carry_over.html",
        {
            "assessment": those,
            "before": before,
            "after": after,
            "there": there.first(),
            "parts": parts,
            "chosen": chosen,
            "page": page,
            "rows": _rows(before, after, list(page.object_list)),
        },
    )


def _parts(plan: Plan) -> tuple[Part, ...]:
    newest = plan.newest
    again = tuple(
        Line(
            one.move.before,
            (one.requirement,),
            tuple(newest[x.requirement] for x in one.background),
        )
        for one in plan.again
    )
    stands = tuple(
        Line(one.move.before, (one.requirement,), (plan.source_of(one),)) for one in plan.standing
    )
    new = tuple(Line((), (one.requirement,), ()) for one in plan.new)
    dropped = tuple(Line((one.requirement,), (), (one,)) for one in plan.dropped)
    return (
        Part("stands", gettext("Answer stands"), stands),
        Part("again", gettext("To judge again, the old answer beside"), again),
        Part("new", gettext("New"), new),
        Part("dropped", gettext("Dropped"), dropped),
    )


def _rows(before: Edition, after: Edition, lines: list[Line]) -> SafeString:
    """Build the rows; every text is escaped here."""
    labels = [escape(text) for text in (gettext("Before"), gettext("Old answer"))]
    built = []
    for line in lines:
        said = "<br>".join(escape(said_by(one)) for one in line.said)
        none = escape(words.rating_word(Rating.PENDING)) if line.before else "–"
        built.append(
            f'<tr><th scope="row">{_names(after, line.after) or escape(gettext("Dropped"))}</th>'
            f'<td data-label="{labels[0]}">{_names(before, line.before) or "–"}</td>'
            f'<td data-label="{labels[1]}">{said or none}</td></tr>'
        )
    return mark_safe("".join(built))  # noqa: S308 - every part is escaped above


def _names(edition: Edition, names: tuple[str, ...]) -> str:
    """Link requirements of an edition by number and title."""
    base = reverse("standards:edition", args=[edition.publisher, edition.standard, edition.edition])
    return "<br>".join(
        f'<a href="{escape(base)}{escape(name)}/"><span class="num">{escape(name)}</span> '
        f"{escape(edition.requirement_by_id[name].title)}</a>"
        for name in names
    )

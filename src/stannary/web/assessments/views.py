"""Pages for the firm's auditors: their work, one assessment, the rating matrix."""

import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stannary.core.kernel import RefusalError, refuse
from stannary.core.scores import score_as_dict
from stannary.core.scores.sensitivity import sensitivity
from stannary.core.standards import Edition
from stannary.web.assessments import (
    carried,
    chapters,
    derivation,
    forms,
    matrix,
    operations,
    queries,
    records,
    shown_evidence,
    voices,
    words,
)
from stannary.web.assessments.beside import Beside, beside
from stannary.web.assessments.chapters import Asked, Shown
from stannary.web.assessments.models import Assessment
from stannary.web.assessments.queries import Movement, Standing
from stannary.web.assessments.respondents import queries as respondents
from stannary.web.assessments.rules import NEWEST_WAS_SEEN
from stannary.web.parties.models import Person
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.project.problems import problem_shape, status_of

HISTORY = 15


def actor_of(request: HttpRequest) -> Person:
    """Give the person who is signed in.

    Raises:
        RefusalError: PARTY-001 if nobody is.
    """
    user = request.user
    if not isinstance(user, Person):
        refuse(IS_THERE_FOR_YOU)
    return user


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List what the person has to rate, and what they have published."""
    found = queries.standings(actor_of(request), as_of=timezone.localdate())
    return render(
        request,
        "assessments/list.html",
        {
            "open": [x for x in found if x.assessment.state == Assessment.State.OPEN],
            "published": [x for x in found if x.assessment.state != Assessment.State.OPEN],
            "to_answer": [
                (x, x.stands(timezone.now())) for x in respondents.to_answer(actor_of(request))
            ],
        },
    )


@login_required
@require_safe
def overview(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Show one assessment: level, why, what lifts it, chapters, what changed last."""
    actor = actor_of(request)
    today = timezone.localdate()
    as_of = _day(request.GET.get("as_of", "")) or today
    now = queries.standing(actor=actor, assessment_id=assessment_id, as_of=as_of, known_on=as_of)
    edition = words.here(now.edition)
    return render(
        request,
        "assessments/overview.html",
        {
            "as_of": as_of,
            "other_day": as_of != today,
            "hangs_by": sensitivity(records.sheet(now.edition, now.newest), as_of=as_of),
            "assessment": now.assessment,
            "may_rate": queries.side_of(actor, now.assessment) is not None,
            "own": now.assessment.kind == Assessment.Kind.SELF,
            "gives_away": respondents.gives_away(actor, now.assessment),
            "standing": now,
            "edition": edition,
            "level": edition.level_by_code.get(now.score.level.code or now.score.level.floor or ""),
            "bars": words.bars(now.score, edition),
            "steps": words.steps(now.score, edition),
            "next": words.next_level(now.score, edition),
            "chapters": [(edition.chapter_by_id[tally.id], tally) for tally in now.score.chapters],
            "history": queries.history(now.assessment, limit=HISTORY, known_on=as_of),
            "ways": [crossing.after for crossing in carried.ways(now.assessment)],
        },
    )


@login_required
@require_safe
def derived(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Work the level out from every requirement's points, as of today or of another day."""
    actor = actor_of(request)
    today = timezone.localdate()
    as_of = _day(request.GET.get("as_of", "")) or today
    now = queries.standing(actor=actor, assessment_id=assessment_id, as_of=as_of, known_on=as_of)
    edition = words.here(now.edition)
    sheet = records.sheet(now.edition, now.newest)
    return render(
        request,
        "assessments/derivation.html",
        {
            "as_of": as_of,
            "other_day": as_of != today,
            "assessment": now.assessment,
            "standing": now,
            "edition": edition,
            "derived": derivation.derivation(sheet, now.score, edition),
        },
    )


def _day(text: str) -> datetime.date | None:
    """Read a day; None for what is none."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Show a chapter to rate, or a list to choose from; take rows that were sent as a form."""
    actor = actor_of(request)
    if request.method == "POST":
        return _save(request, actor, assessment_id)
    now = queries.standing(actor=actor, assessment_id=assessment_id, as_of=timezone.localdate())
    if queries.side_of(actor, now.assessment) is None:
        return redirect("assessments:overview", assessment_id)
    those = chapters.asked(request.GET)
    if those.is_list:
        named = chapters.named(now.edition, those.find)
        return redirect(request.path + named) if named else _list(request, now, those)
    edition = words.here(now.edition)
    said = _beside(actor, now)
    return _matrix(request, now, edition, chapters.shown(now, edition, those, said))


def _save(request: HttpRequest, actor: Person, assessment_id: int) -> HttpResponse:
    """Save the rows of a form that say something new, all or none of them."""
    now = queries.standing(actor=actor, assessment_id=assessment_id, as_of=timezone.localdate())
    operations.side_to_rate(actor, now.assessment)
    changes = forms.sent(request.POST, now.edition)
    seen = {record.id: record for record in now.newest.values()}
    older = {change.seen for change in changes.values() if change.seen and change.seen not in seen}
    seen |= queries.records_with_ids(now.assessment, older)
    changed = {
        name: change
        for name, change in changes.items()
        if forms.differs(change, seen.get(change.seen or 0))
    }
    try:
        operations.rate_all(
            actor=actor, assessment_id=assessment_id, changes=list(changed.values())
        )
    except RefusalError as refusal:
        typed = matrix.typed_after(refusal, changed, now.newest)
        edition = words.here(now.edition)
        sent = [one for one in edition.requirements if one.id in changes]
        part = matrix.part_sent(sent, now.newest, typed, _beside(actor, now))
        shown = Shown(sent[0].chapter, (part,), 0, troubles=len(typed.troubles))
        return _matrix(request, now, edition, shown, status=status_of(refusal))
    count = len(changed)
    saved = ngettext("%(count)s rating saved.", "%(count)s ratings saved.", count)
    text = saved % {"count": count} if count else gettext("Nothing was changed.")
    messages.success(request, text)
    return redirect(request.path + chapters.address_from(now.edition, next(iter(changes), "")))


def _beside(actor: Person, now: Standing) -> Beside:
    said = voices.beside_rows(voices.voices(actor, now.assessment), now.newest)
    shown = shown_evidence.beside_rows(actor, now.assessment)
    return beside(now.edition, carried.background(now.assessment), said, shown)


def _matrix(
    request: HttpRequest, now: Standing, edition: Edition, shown: Shown, *, status: int = 200
) -> HttpResponse:
    part = shown.part
    context = {
        "chapter": edition.chapter_by_id[shown.chapter],
        "part": part,
        "parts": chapters.addresses_of_parts(edition, shown),
        "here": chapters.address_from(edition, part.first if part else ""),
        "before": chapters.neighbour(edition, shown, -1),
        "after": chapters.neighbour(edition, shown, 1),
        "left_after": chapters.left_after(now, part.requirements if part else ()),
        "troubles": shown.troubles,
        **_frame(now, edition, chapters.asked(request.GET), shown.chapter),
    }
    return render(request, "assessments/rate.html", context, status=status)


def _list(request: HttpRequest, now: Standing, those: Asked) -> HttpResponse:
    edition = words.here(now.edition)
    found = chapters.found(now, edition, those)
    page = Paginator(found, chapters.LIST_ROWS).get_page(those.page)
    context = {
        "found": len(found),
        "page": page,
        "rows": chapters.list_rows(list(page.object_list), now.newest),
        **_frame(now, edition, those, ""),
    }
    return render(request, "assessments/rate_list.html", context)


def _frame(now: Standing, edition: Edition, those: Asked, chapter: str) -> dict[str, Any]:
    """Give what stands around the rows: the search, the index of chapters, the foot."""
    progress = chapters.progress(now)
    latest = queries.history(now.assessment, limit=queries.LOOK_BACK)
    return {
        "edition": edition,
        "asked": those,
        "index": chapters.index(edition, progress, chapter),
        "progress": progress.get(chapter),
        **_foot(now, edition, queries.last_movement(now, latest)),
    }


def _foot(now: Standing, edition: Edition, movement: Movement | None) -> dict[str, Any]:
    """Give what the foot of the matrix shows."""
    fell = words.cause(movement.before, now.score) if movement else ""
    return {
        "assessment": now.assessment,
        "standing": now,
        "bars": words.bars(now.score, edition),
        "movement": movement,
        "cause": fell,
        "left": words.count_rated(now.pending),
    }


@require_POST
def rate_one(request: HttpRequest, assessment_id: int, requirement_id: str) -> HttpResponse:
    """Save one rating sent by the matrix's script and answer the score and the new foot."""
    if not request.user.is_authenticated:
        return _problem({"title": gettext("You are signed out."), "status": 401})
    change = forms.one_change(request, requirement_id)
    if change is None:
        return _problem({"title": gettext("The request has not the right form."), "status": 400})
    actor = actor_of(request)
    try:
        record = operations.rate_all(actor=actor, assessment_id=assessment_id, changes=[change])[0]
    except RefusalError as refusal:
        return refused(request, actor, assessment_id, refusal)
    now = queries.standing(actor=actor, assessment_id=assessment_id, as_of=timezone.localdate())
    latest = queries.history(now.assessment, limit=queries.LOOK_BACK)
    movement = queries.last_movement(now, latest)
    moved = movement is not None and movement.record == record.pk
    chapter = now.edition.requirement_by_id[record.requirement_id].chapter
    shown = _foot(now, words.here(now.edition), movement)
    return JsonResponse(
        {
            "record": record_shape(now, record.requirement_id),
            "summary": matrix.said_summary(matrix.Labels(), record.rationale, record.evidence),
            "score": score_as_dict(now.score),
            "moved": moved,
            "tally": {"chapter": chapter, "html": chapters.progress(now)[chapter].html},
            "foot": render_to_string("assessments/foot.html", shown, request),
            "said": words.said_aloud(
                record.requirement_id, record.rating, now.score, movement if moved else None
            ),
        }
    )


def record_shape(now: Standing, requirement_id: str) -> dict[str, object]:
    """Give the newest record of a requirement as JSON."""
    held = now.newest[requirement_id]
    return {
        "id": held.id,
        "requirement": held.requirement,
        "rating": str(held.rating),
        "rationale": held.rationale,
        "evidence": list(held.evidence),
        "assessor": held.assessor,
        "at": held.at.isoformat(),
        "carried_from": held.carried_from,
    }


def refused(
    request: HttpRequest, actor: Person, assessment_id: int, refusal: RefusalError
) -> HttpResponse:
    """Answer a refusal; a conflict brings the rating that was saved meanwhile."""
    shape = problem_shape(refusal, instance=request.path)
    if refusal.rule.code == NEWEST_WAS_SEEN.code:
        now = queries.standing(actor=actor, assessment_id=assessment_id, as_of=timezone.localdate())
        requirement = refusal.findings[0].facts["requirement"]
        saved = now.newest.get(requirement)
        if saved is not None:
            shape["newest"] = record_shape(now, requirement)
            shape["message"] = matrix.saved_meanwhile(saved)
    return _problem(shape)


def _problem(shape: dict[str, Any]) -> HttpResponse:
    return JsonResponse(shape, status=shape["status"], content_type="application/problem+json")

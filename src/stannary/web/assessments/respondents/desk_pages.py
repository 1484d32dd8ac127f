"""Pages of the site's people: who was asked what, who owes what, return, withdraw, link anew."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from stannary.core.kernel import RefusalError
from stannary.web.assessments import words
from stannary.web.assessments.models import Turn
from stannary.web.assessments.respondents import mail, operations, queries
from stannary.web.assessments.respondents.operations import Asked, Begun
from stannary.web.assessments.respondents.queries import Desk, Given
from stannary.web.parties.models import Person
from stannary.web.project.idempotency import actor_of
from stannary.web.project.problems import finding_shape, status_of

FORM = ("respondent", "name", "email", "language", "single")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """List who owes what, and give chapters to somebody."""
    actor = actor_of(request)
    there = queries.desk(actor=actor, assessment_id=assessment_id)
    if request.method != "POST":
        return _desk(request, there)
    try:
        begun = operations.assign(actor=actor, assessment_id=assessment_id, asked=_asked(request))
    except RefusalError as refusal:
        if status_of(refusal) == 404:
            raise
        return _desk(request, there, refusal)
    there = queries.desk(actor=actor, assessment_id=assessment_id)
    return _begun(request, there, begun)


def _asked(request: HttpRequest) -> Asked:
    data = request.POST
    single = data.get("single", "").replace(",", " ").replace(";", " ").split()
    return Asked(
        parts=[*data.getlist("chapter"), *single],
        username=data.get("respondent", ""),
        name=data.get("name", ""),
        email=data.get("email", ""),
        language=data.get("language", "en"),
    )


def _begun(request: HttpRequest, there: Desk, begun: Begun) -> HttpResponse:
    """Mail a turn that has begun, and show its link: the only time that it can be read."""
    sent = mail.send(begun.turn, begun.token)
    if not begun.token:
        messages.success(request, gettext("It is the respondent's turn now."))
        return redirect("assessments:respondents", there.assessment.pk)
    with override(begun.turn.assignment.language):
        address = mail.address_of(begun.turn, begun.token)
    context = {
        **_frame(there),
        "given": queries.one_of(there, begun.turn.assignment_id),
        "address": address,
        "sent": sent,
    }
    return render(request, "assessments/respondents/link.html", context)


def _frame(there: Desk) -> dict[str, Any]:
    return {
        "there": there,
        "assessment": there.assessment,
        "site": there.assessment.site,
        "edition": words.here(there.edition),
    }


def _desk(request: HttpRequest, there: Desk, refusal: RefusalError | None = None) -> HttpResponse:
    edition = words.here(there.edition)
    nobody = there.given_to_nobody()
    left: dict[str, int] = {}
    for one in nobody:
        left[one.chapter] = left.get(one.chapter, 0) + 1
    chosen = set(request.POST.getlist("chapter"))
    context = {
        **_frame(there),
        "rows": [_line(there, one) for one in there.given],
        "chapters": [(one, left.get(one.id, 0), one.id in chosen) for one in edition.chapters],
        "left": len(nobody),
        "respondents": queries.respondents(there.assessment),
        "languages": settings.LANGUAGES,
        "typed": {name: request.POST.get(name, "") for name in FORM}
        | ({} if request.method == "POST" else {"language": get_language() or "en"}),
        "findings": [finding_shape(x) for x in refusal.findings] if refusal else [],
    }
    status = status_of(refusal) if refusal else 200
    return render(request, "assessments/respondents/desk.html", context, status=status)


def _line(there: Desk, given: Given) -> dict[str, Any]:
    stands = given.stands(timezone.now())
    return {
        "given": given,
        "parts": given.parts,
        "stands": stands,
        "owes": stands in (queries.OPEN, queries.EXPIRED) and not given.turn.end,
        "said": STANDS.get(stands, _still)(given),
        "may_link": there.may_assign and given.assignment.respondent is None and not given.turn.end,
        "may_revoke": there.may_assign and not given.turn.end,
        "may_return": there.may_assign and given.turn.end == Turn.End.HANDED_IN,
    }


def _still(given: Given) -> str:
    if given.turn.reason or given.asked:
        return gettext("to change")
    return gettext("to answer")


STANDS: Mapping[str, Callable[[Given], str]] = {
    Turn.End.HANDED_IN.value: lambda _: gettext("handed in"),
    Turn.End.REVOKED.value: lambda _: gettext("withdrawn"),
    queries.EXPIRED: lambda _: gettext("the link has ended"),
    queries.CLOSED: lambda _: gettext("closed"),
}
"""How a turn stands, in words."""


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, assessment_id: int, assignment_id: int) -> HttpResponse:
    """Show what a respondent said; return it for a change, withdraw it, make another link."""
    actor = actor_of(request)
    there = queries.desk(actor=actor, assessment_id=assessment_id)
    given = queries.one_of(there, assignment_id)
    if request.method != "POST":
        return _one(request, there, given)
    try:
        begun = _acted(request, actor, given)
    except RefusalError as refusal:
        if status_of(refusal) == 404:
            raise
        return _one(request, there, given, refusal)
    if begun is None:
        messages.success(request, gettext("It is withdrawn. What was answered stays."))
        return redirect("assessments:respondents", assessment_id)
    there = queries.desk(actor=actor, assessment_id=assessment_id)
    return _begun(request, there, begun)


def _acted(request: HttpRequest, actor: Person, given: Given) -> Begun | None:
    """Do what was asked of an assignment; None: no turn has begun."""
    assessment_id, assignment_id = given.assessment.pk, given.assignment.pk
    act = request.POST.get("act", "")
    if act == "revoke":
        operations.revoke(actor=actor, assessment_id=assessment_id, assignment_id=assignment_id)
        return None
    if act == "link":
        return operations.link_again(
            actor=actor, assessment_id=assessment_id, assignment_id=assignment_id
        )
    return operations.give_back(
        actor=actor,
        assessment_id=assessment_id,
        assignment_id=assignment_id,
        reason=request.POST.get("reason", ""),
        comments={x.id: request.POST.get(f"comment-{x.id}", "") for x in given.requirements},
    )


def _one(
    request: HttpRequest, there: Desk, given: Given, refusal: RefusalError | None = None
) -> HttpResponse:
    edition = words.here(there.edition)
    context = {
        **_frame(there),
        "given": given,
        "line": _line(there, given),
        "rows": [
            {
                "requirement": edition.requirement_by_id[x.id],
                "said": given.newest.get(x.id),
                "asked": given.asked.get(x.id, ""),
                "to_change": x.id in given.to_change,
                "typed": request.POST.get(f"comment-{x.id}", ""),
            }
            for x in given.requirements
        ],
        "turns": queries.turns_of(given.assignment),
        "reason": request.POST.get("reason", ""),
        "findings": [finding_shape(x) for x in refusal.findings] if refusal else [],
    }
    status = status_of(refusal) if refusal else 200
    return render(request, "assessments/respondents/one.html", context, status=status)

"""Pages on which a respondent answers: by a link without an account, or with one.

Both show the same. They hold what was given to the respondent, and of that the site's own word:
no other chapter, no other side, no evidence, no score.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from stannary.core.kernel import RefusalError, refuse
from stannary.core.standards import Rating, Requirement
from stannary.web.accounts import limits
from stannary.web.assessments import matrix, records, words
from stannary.web.assessments.forms import seen_id
from stannary.web.assessments.operations import Change
from stannary.web.assessments.records import Newest
from stannary.web.assessments.respondents import operations, queries
from stannary.web.assessments.respondents.queries import Given
from stannary.web.assessments.rules import NEWEST_WAS_SEEN
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.project.idempotency import actor_of
from stannary.web.project.problems import finding_shape, status_of

View = Callable[..., HttpResponse]
LIMIT = "answer_link"
MOST_A_MINUTE = 10
"""How often an address may try links that are none within a minute."""


@dataclass(frozen=True)
class Door:
    """The way in which somebody came to their answers.

    Attributes:
        given: What they answer.
        base: Address of their overview; of a requirement or chapter with its id at the end.
        layout: The template around the pages.
    """

    given: Given
    base: str
    layout: str

    def at(self, part: str) -> str:
        """Give the address of a requirement or chapter."""
        return f"{self.base}{part}/"


def kept_private(view: View) -> View:
    """Let nobody store, index or pass on a page whose address opens it."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        response = view(request, *args, **named)
        response.headers["Cache-Control"] = "no-store, private"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return answered


# The address is the right itself and no cookie is: whoever could make a browser send this form
# knows the link. And a page without a referrer sends its forms with no origin to check.
@csrf_exempt
@kept_private
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str, part: str = "") -> HttpResponse:
    """Let somebody without an account answer."""
    if limits.is_stopped(request, LIMIT, most=MOST_A_MINUTE):
        return limits.too_many(request)
    try:
        given = queries.by_link(token)
    except RefusalError:
        limits.failed(request, LIMIT)
        return render(request, "assessments/respondents/no_link.html", status=404)
    base = reverse("answer", args=[token])
    return _page(request, Door(given, base, "assessments/respondents/plain.html"), part)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def with_account(request: HttpRequest, assignment_id: int, part: str = "") -> HttpResponse:
    """Let a respondent of the engagement answer."""
    given = queries.mine(actor=actor_of(request), assignment_id=assignment_id)
    base = reverse("assessments:to_answer", args=[assignment_id])
    return _page(request, Door(given, base, "base.html"), part)


def _page(request: HttpRequest, door: Door, part: str) -> HttpResponse:
    stands = door.given.stands(timezone.now())
    if stands:
        return _ended(request, door, stands)
    if not part:
        return _overview(request, door)
    shown = queries.requirements_of(door.given.edition, [part])
    own = {one.id for one in door.given.requirements}
    those = [one for one in shown if one.id in own]
    if not those:
        refuse(IS_THERE_FOR_YOU, asked_for="requirement")
    return _part(request, door, part, those)


def _ended(request: HttpRequest, door: Door, stands: str) -> HttpResponse:
    context = {**_frame(door), "stands": stands}
    # an account still has the page; a link that is used up leads nowhere any more
    status = 200 if context["with_account"] else 410
    return render(request, "assessments/respondents/ended.html", context, status=status)


def _frame(door: Door) -> dict[str, Any]:
    given = door.given
    return {
        "door": door,
        "layout": door.layout,
        "with_account": given.assignment.respondent is not None,
        "given": given,
        "site": given.assessment.site,
        "edition": words.here(given.edition),
        "operator": given.assessment.by,
    }


def _overview(request: HttpRequest, door: Door) -> HttpResponse:
    given = door.given
    findings: list[dict[str, object]] = []
    status = 200
    if request.method == "POST":
        try:
            operations.hand_in(given=given)
        except RefusalError as refusal:
            findings, status = [finding_shape(x) for x in refusal.findings], status_of(refusal)
        else:
            return redirect(door.base)
    first = next(iter((*given.to_change, *given.left)), "")
    context = {
        **_frame(door),
        "chapters": _chapters(door),
        "findings": findings,
        "next": door.at(first) if first else "",
        "saved": "saved" in request.GET,
    }
    return render(request, "assessments/respondents/overview.html", context, status=status)


def _chapters(door: Door) -> list[dict[str, Any]]:
    """Give what was given, by chapter, with how each requirement stands."""
    given, edition = door.given, words.here(door.given.edition)
    found: dict[str, list[dict[str, Any]]] = {}
    for one in given.requirements:
        there = given.newest.get(one.id)
        found.setdefault(one.chapter, []).append(
            {
                "requirement": edition.requirement_by_id[one.id],
                "address": door.at(one.id),
                "rating": _said(there),
                "comment": given.asked.get(one.id, ""),
                "to_change": one.id in given.to_change,
            }
        )
    return [
        {"chapter": edition.chapter_by_id[name], "address": door.at(name), "rows": rows}
        for name, rows in found.items()
    ]


def _said(there: Newest | None) -> str:
    """Say an answer in a word; empty for none."""
    if there is None or (there.rating is Rating.PENDING and not there.rationale):
        return ""
    if there.rating is Rating.PENDING:
        return gettext("cannot answer")
    return words.rating_word(there.rating)


@dataclass(frozen=True)
class Sent:
    """What a form brought, and why it was not saved.

    Attributes:
        changes: By requirement.
        name: That was stated.
        refusal: None: nothing was sent.
    """

    changes: Mapping[str, Change] = field(default_factory=dict)
    name: str = ""
    refusal: RefusalError | None = None

    def findings(self, requirement: str) -> list[dict[str, object]]:
        """Give what stands in the way of an answer, but that somebody was faster."""
        every = self.refusal.findings if self.refusal else ()
        return [
            finding_shape(one)
            for one in every
            if one.rule != NEWEST_WAS_SEEN and one.facts.get("requirement") == requirement
        ]

    def others(self) -> list[dict[str, object]]:
        """Give what stands in the way of all answers."""
        every = self.refusal.findings if self.refusal else ()
        return [finding_shape(one) for one in every if "requirement" not in one.facts]

    def is_conflict(self, requirement: str) -> bool:
        """Tell whether somebody answered meanwhile."""
        every = self.refusal.findings if self.refusal else ()
        return any(
            one.rule == NEWEST_WAS_SEEN and one.facts.get("requirement") == requirement
            for one in every
        )


def _part(
    request: HttpRequest, door: Door, part: str, those: Sequence[Requirement]
) -> HttpResponse:
    sent = Sent()
    if request.method == "POST":
        sent = _sent(request.POST, those)
        try:
            changed = [one for one in sent.changes.values() if _is_new(door.given, one)]
            if changed:
                operations.answer(given=door.given, changes=changed, name=sent.name)
            return redirect(_onward(door, those))
        except RefusalError as refusal:
            if status_of(refusal) == 404:
                raise
            sent = Sent(sent.changes, sent.name, refusal)
    edition = words.here(door.given.edition)
    now = _again(door) if sent.refusal else door.given
    single = len(those) == 1
    context = {
        **_frame(door),
        "rows": [_row(now, edition.requirement_by_id[one.id], sent) for one in those],
        "chapter": edition.chapter_by_id[those[0].chapter],
        "chapter_address": door.at(those[0].chapter) if single else "",
        "here": door.at(part),
        "name": sent.name or door.given.turn.said_by or door.given.name,
        "findings": sent.others(),
        "trouble": sent.refusal is not None,
    }
    status = status_of(sent.refusal) if sent.refusal else 200
    return render(request, "assessments/respondents/part.html", context, status=status)


def _again(door: Door) -> Given:
    """Read what is said now, for somebody else has answered meanwhile."""
    given = door.given
    person = given.assignment.respondent
    if person is not None:
        return queries.mine(actor=person, assignment_id=given.assignment.pk)
    return queries.of_turn(given.turn)


def _sent(data: QueryDict, those: Sequence[Requirement]) -> Sent:
    changes = {
        one.id: Change(
            requirement_id=one.id,
            rating=data.get(f"rating-{one.id}", ""),
            rationale=data.get(f"rationale-{one.id}", ""),
            evidence="",
            seen=seen_id(data.get(f"seen-{one.id}", "")),
        )
        for one in those
        if data.get(f"rating-{one.id}") or data.get(f"rationale-{one.id}", "").strip()
    }
    return Sent(changes, data.get("name", ""))


def _is_new(given: Given, change: Change) -> bool:
    """Tell whether an answer says something else than the one its writer saw."""
    there = given.newest.get(change.requirement_id)
    if there is None or there.id != change.seen:
        return True
    return (str(there.rating), there.rationale) != (
        change.rating,
        records.tidy(change.rationale),
    )


def _onward(door: Door, those: Sequence[Requirement]) -> str:
    """Give where to go after saving: to the next that is left, else to the overview."""
    after = [one.id for one in door.given.requirements]
    after = after[after.index(those[-1].id) + 1 :]
    waiting = {*door.given.left, *door.given.to_change}
    following = next((name for name in after if name in waiting), None)
    if following is None or len(those) > 1:
        return f"{door.base}?saved=1"
    return door.at(following)


def _row(given: Given, one: Requirement, sent: Sent) -> dict[str, Any]:
    there, change = given.newest.get(one.id), sent.changes.get(one.id)
    rating = change.rating if change else str(there.rating) if there else ""
    return {
        "requirement": one,
        "choices": [
            {"value": str(x), "label": _choice(x), "chosen": str(x) == rating}
            for x in matrix.RATINGS
        ],
        "reason": change.rationale if change else there.rationale if there else "",
        "seen": there.id if there else "",
        "there": there,
        "there_rating": _said(there),
        "comment": given.asked.get(one.id, ""),
        "findings": sent.findings(one.id),
        "conflict": sent.is_conflict(one.id),
    }


def _choice(rating: Rating) -> str:
    if rating is Rating.PENDING:
        return gettext("I cannot answer this")
    return words.rating_word(rating)

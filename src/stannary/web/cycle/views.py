"""Pages of engagements: mine, one of them with its acts, and the secretariat's overview."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stannary.core.cycle import State
from stannary.core.kernel import RefusalError, refuse
from stannary.web.cycle import forms, operations, overview, pages, queries, words
from stannary.web.cycle.forms import Trouble
from stannary.web.cycle.rules import PEOPLE_COME_FROM_THEIR_SIDE
from stannary.web.parties.models import Organisation, Site
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.project.downloads import stream
from stannary.web.project.idempotency import actor_of
from stannary.web.project.problems import finding_shape, status_of

ROWS = 50
FILTERS = ("q", "state", "standard", "standing", "waits", "sort")


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the engagements in which the person has a role, with what is next for them."""
    actor = actor_of(request)
    found = overview.lines(queries.mine(actor), on=timezone.localdate())
    found.sort(key=lambda line: not line.next_acts)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_line(line) for line in page.object_list],
        "waiting": sum(bool(line.next_acts) for line in found),
        "secretariat": queries.of_secretariat(actor),
        "may_open": bool(queries.operators_of(actor)),
    }
    return render(request, "cycle/list.html", context)


def _line(line: overview.Line) -> dict[str, object]:
    what, how = overview.due_words(line)
    return {
        "line": line,
        "name": pages.name(line.row),
        "state": words.STATES[line.state],
        "standard": line.edition.short_title if line.edition else line.row.edition_id,
        "roles": words.roles(line.roles),
        "next": [words.ACTS[kind][0] for kind in line.next_acts],
        "waits_for": words.roles(queries.waits_for(line.state)),
        "clock": what,
        "how": how,
    }


@login_required
@require_safe
def secretariat(request: HttpRequest) -> HttpResponse:
    """Show the secretariat every engagement with what is due, overdue and extended."""
    every = overview.all_lines(actor=actor_of(request), on=timezone.localdate())
    asked = _asked(request)
    found = overview.chosen(every, asked)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    editions = {line.row.edition_id: line for line in every}
    context = {
        "page": page,
        "rows": [_line(line) for line in page.object_list],
        "count": len(found),
        "counts": {
            "all": len(every),
            "overdue": sum(line.overdue for line in every),
            "due_soon": sum(line.stands("due_soon") for line in every),
            "extended": sum(line.extended for line in every),
        },
        "asked": asked,
        "query": _query(asked),
        "states": [(str(one), words.STATES[one]) for one in State],
        "standards": sorted(editions),
        "waits": [(str(one), words.ROLES[one]) for one in words.ROLES if one != "observer"],
    }
    return render(request, "cycle/overview.html", context)


@login_required
@require_safe
def secretariat_csv(request: HttpRequest) -> HttpResponseBase:
    """Give the overview, filtered as asked, as a table: a row for each clock."""
    every = overview.all_lines(actor=actor_of(request), on=timezone.localdate())
    found = overview.chosen(every, _asked(request))
    rows = overview.table(found)
    return stream("engagements", "csv", overview.COLUMNS, rows, licence="not public")


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "")[:200] for name in FILTERS}


def _query(asked: dict[str, str]) -> str:
    return urlencode({name: value for name, value in asked.items() if value})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_one(request: HttpRequest) -> HttpResponse:
    """Open an engagement for a site of one's operator."""
    actor = actor_of(request)
    operators = queries.operators_of(actor)
    if not operators:
        refuse(IS_THERE_FOR_YOU, asked_for="operator")
    sites = queries.sites_of(operators)
    findings: list[dict[str, object]] = []
    status = 200
    if request.method == "POST":
        site = _site(sites, request.POST.get("site", ""))
        try:
            row = operations.open_engagement(
                actor=actor,
                site=site,
                edition_id=request.POST.get("edition", ""),
                operator=_operator(operators, site),
                title=request.POST.get("title", ""),
            )
        except RefusalError as refusal:
            status = status_of(refusal)
            if status == 404:
                raise
            findings = [finding_shape(one) for one in refusal.findings]
        else:
            messages.success(request, gettext("The engagement is open."))
            return redirect("engagements:engagement", row.pk)
    context = {
        "sites": sites,
        "editions": queries.editions_to_choose(),
        "findings": findings,
        "typed": forms.typed(request.POST),
    }
    return render(request, "cycle/open.html", context, status=status)


def _site(sites: tuple[Site, ...], slug: str) -> Site:
    found = next((one for one in sites if one.slug == slug), None)
    if found is None:
        refuse(IS_THERE_FOR_YOU, asked_for="site")
    return found


def _operator(operators: tuple[Organisation, ...], site: Site) -> Organisation:
    return next(one for one in operators if one.name == site.operator)


@login_required
@require_safe
def engagement(request: HttpRequest, engagement_id: UUID) -> HttpResponse:
    """Show one engagement: where it stands, what is next, its line, clocks, people, history."""
    return _page(request, engagement_id)


def _page(
    request: HttpRequest, engagement_id: UUID, trouble: Trouble | None = None, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    held = queries.engagement(actor=actor, engagement_id=engagement_id)
    context = pages.context(held, viewer=actor, on=timezone.localdate(), trouble=trouble)
    context["name"] = pages.name(held.row)
    return render(request, "cycle/engagement.html", context, status=status)


def _tried(
    request: HttpRequest, engagement_id: UUID, part: str, done: str, do: Callable[[], object]
) -> HttpResponse:
    """Do what a form asks for; where it is refused, show the page with the reasons and the form."""
    try:
        do()
    except RefusalError as refusal:
        status = status_of(refusal)
        if status == 404:
            raise
        trouble = Trouble(part, refusal.findings, forms.typed(request.POST))
        return _page(request, engagement_id, trouble, status)
    messages.success(request, done)
    return redirect("engagements:engagement", engagement_id)


@require_POST
@login_required
def act(request: HttpRequest, engagement_id: UUID) -> HttpResponse:
    """Do an act."""
    actor = actor_of(request)
    kind = forms.act_kind(request.POST.get("act", ""))
    if kind is None:
        refuse(IS_THERE_FOR_YOU, asked_for="act")
    return _tried(
        request,
        engagement_id,
        str(kind),
        str(words.ACTS[kind][1]),
        lambda: operations.act(
            actor=actor,
            engagement_id=engagement_id,
            kind=kind,
            expected_number=forms.count(request.POST.get("seen", "")),
            said=forms.said(request.POST),
        ),
    )


@require_POST
@login_required
def add_member(request: HttpRequest, engagement_id: UUID) -> HttpResponse:
    """Give somebody a role."""
    actor = actor_of(request)
    role = forms.role(request.POST.get("role", ""))

    def add() -> object:
        if role is None:
            queries.engagement(actor=actor, engagement_id=engagement_id)
            refuse(PEOPLE_COME_FROM_THEIR_SIDE, role="none")
        return operations.add_member(
            actor=actor,
            engagement_id=engagement_id,
            username=request.POST.get("person", ""),
            role=role,
        )

    return _tried(request, engagement_id, "people", gettext("The role is given."), add)


@require_POST
@login_required
def end_member(request: HttpRequest, engagement_id: UUID, member_id: int) -> HttpResponse:
    """Take a role from somebody."""
    actor = actor_of(request)
    return _tried(
        request,
        engagement_id,
        "people",
        gettext("The role has ended."),
        lambda: operations.end_member(
            actor=actor, engagement_id=engagement_id, member_id=member_id
        ),
    )


@require_POST
@login_required
def scope(request: HttpRequest, engagement_id: UUID) -> HttpResponse:
    """Say which units are in scope."""
    actor = actor_of(request)
    return _tried(
        request,
        engagement_id,
        "scope",
        gettext("The scope is saved."),
        lambda: operations.set_scope(
            actor=actor,
            engagement_id=engagement_id,
            units=forms.units(request.POST),
            seen=request.POST.get("seen", ""),
        ),
    )


@require_POST
@login_required
def propose(request: HttpRequest, engagement_id: UUID) -> HttpResponse:
    """Propose a chapter as not relevant, or take the proposal back."""
    actor = actor_of(request)
    chapter = request.POST.get("chapter", "")

    def send() -> object:
        if "take_back" in request.POST:
            return operations.take_back_relevance(
                actor=actor, engagement_id=engagement_id, chapter=chapter
            )
        return operations.propose_relevance(
            actor=actor,
            engagement_id=engagement_id,
            chapter=chapter,
            reason=request.POST.get("reason", ""),
        )

    return _tried(request, engagement_id, "relevance", gettext("Saved."), send)


@require_POST
@login_required
def judge(request: HttpRequest, engagement_id: UUID) -> HttpResponse:
    """Judge a chapter that was proposed as not relevant."""
    actor = actor_of(request)
    return _tried(
        request,
        engagement_id,
        "relevance",
        gettext("The chapter is judged."),
        lambda: operations.judge_relevance(
            actor=actor,
            engagement_id=engagement_id,
            chapter=request.POST.get("chapter", ""),
            accepted=request.POST.get("judged") == "accepted",
            reason=request.POST.get("reason", ""),
        ),
    )

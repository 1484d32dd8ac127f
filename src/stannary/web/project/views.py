"""The pages that belong to no context: first page, how we know, rules, design, data."""

from fractions import Fraction

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from stannary.core.kernel import Finding, Place
from stannary.core.standards import rules
from stannary.web.parties.models import Role
from stannary.web.project import catalogue
from stannary.web.project.problems import finding_shape


def home(request: HttpRequest) -> HttpResponse:
    """Show what this is and where to begin."""
    return render(request, "project/home.html")


@login_required
def work(request: HttpRequest) -> HttpResponse:
    """Lead somebody to what they have to do: auditors rate, clerks hold lots, site users lead."""
    kinds = set(Role.objects.filter(person_id=request.user.pk or 0).values_list("kind", flat=True))
    if Role.Kind.CLERK in kinds and Role.Kind.AUDITOR not in kinds:
        return redirect("stock:list")
    if Role.Kind.SECRETARIAT in kinds and Role.Kind.AUDITOR not in kinds:
        return redirect("people:list")
    if Role.Kind.SITE_USER in kinds and Role.Kind.AUDITOR not in kinds:
        return redirect("engagements:list")
    return redirect("assessments:list")


def about(request: HttpRequest) -> HttpResponse:
    """Say how we know what we show, and what we do not claim."""
    return render(request, "project/about.html")


def data(request: HttpRequest) -> HttpResponse:
    """List every download with its licence and source."""
    return render(request, "project/data.html", {"downloads": catalogue.downloads()})


def design(request: HttpRequest) -> HttpResponse:
    """Show every part of the design system, living."""
    example = Finding(
        rules.IDS_ARE_UNIQUE, {"kind": "requirement", "id": "1.1.1.1"}, Place("1.1.toml", 12, "id")
    )
    shown = {
        "levels": catalogue.LEVEL_EXAMPLES,
        "share": Fraction(123, 160),
        "low": Fraction(1, 2),
        "threshold": Fraction(3, 4),
        "findings": [finding_shape(example)],
    }
    return render(request, "project/design.html", shown)


def rule_list(request: HttpRequest) -> HttpResponse:
    """List every rule with its code."""
    return render(request, "project/rules.html", {"contexts": catalogue.rules_by_context()})


def rule_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show one rule: demand, remedy, source, where it stands in the code."""
    found = catalogue.rule_by_code().get(code)
    if found is None:
        raise Http404(gettext("There is no rule with this code."))
    return render(request, "project/rule.html", {"found": found})


def health(_request: HttpRequest) -> HttpResponse:
    """Answer that the server answers."""
    return JsonResponse({"status": "ok"})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer for an address that leads nowhere, in the caller's form."""
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": gettext("Not found"), "status": 404}
        return JsonResponse(body, status=404, content_type="application/problem+json")
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Answer a form that came without its token: most often a page left open overnight."""
    return render(request, "project/csrf.html", status=403)

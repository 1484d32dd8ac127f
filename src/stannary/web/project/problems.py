"""One mapping from a refusal to an RFC 9457 problem, for pages and API alike."""

import json
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from stannary.core.kernel import Finding, RefusalError

NOT_FOUND_RULES = frozenset({"PARTY-001"})
"""Refusals that look like "not there": an outsider does not learn what exists."""

CONFLICT_RULES = frozenset(
    {
        "RATING-020",
        "ENGAGEMENT-020",
        "EVIDENCE-009",
        "CORRECTION-020",
        "TRANSACTION-004",
        "TRANSACTION-006",
        "STAKEHOLDER-020",
        "PARTY-035",
    }
)
"""Refusals because somebody else was faster."""

TOO_MUCH_RULES = frozenset({"API-004"})
"""Refusals because more was sent than is read at once."""

FORBIDDEN_RULES = frozenset({"PARTY-020"})
"""Refusals of somebody who is known, and has to do something first."""


def status_of(refusal: RefusalError) -> int:
    """Give the HTTP status of a refusal."""
    if refusal.rule.code in NOT_FOUND_RULES:
        return 404
    if refusal.rule.code in FORBIDDEN_RULES:
        return 403
    if refusal.rule.code in TOO_MUCH_RULES:
        return 413
    return 409 if refusal.rule.code in CONFLICT_RULES else 422


def finding_shape(finding: Finding) -> dict[str, object]:
    """Give a finding with its demand and remedy in the reader's language."""
    shape = finding.as_dict()
    shape["demand"] = gettext(finding.rule.demand)
    shape["remedy"] = gettext(finding.rule.remedy)
    shape["source"] = finding.rule.source
    return shape


def why(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """Give findings as a line of a page says them: of each rule one, without its facts."""
    return [finding_shape(one) for one in {each.code: each for each in findings}.values()]


def problem_shape(refusal: RefusalError, *, instance: str = "") -> dict[str, object]:
    """Give a refusal as an RFC 9457 problem detail, with every finding."""
    first = refusal.findings[0]
    status = status_of(refusal)
    if status == 404:
        return {"type": "about:blank", "title": gettext("Not found"), "status": 404}
    return {
        "type": f"/rules/{first.code}/",
        "title": gettext(first.rule.demand),
        "status": status,
        "detail": first.message,
        "instance": instance,
        "code": first.code,
        "findings": [finding_shape(finding) for finding in refusal.findings],
    }


def wants_json(request: HttpRequest) -> bool:
    """Tell whether the caller is a program."""
    accept = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or "json" in accept


def refusal_response(request: HttpRequest, refusal: RefusalError) -> HttpResponse:
    """Answer a refusal: a problem for programs, a page for people."""
    status = status_of(refusal)
    if wants_json(request):
        body = json.dumps(problem_shape(refusal, instance=request.path), ensure_ascii=False)
        return HttpResponse(body, status=status, content_type="application/problem+json")
    if status == 404:
        return render(request, "404.html", status=404)
    findings = [finding_shape(finding) for finding in refusal.findings]
    return render(request, "project/refusal.html", {"findings": findings}, status=status)

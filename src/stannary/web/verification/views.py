import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from stannary.core.verification import Outcome, Report, StepName
from stannary.web.claims import queries as claims
from stannary.web.claims.seal import over_text
from stannary.web.project.problems import finding_shape
from stannary.web.verification.checking import FILE_MAX_BYTES, check_or_refuse

WORDS = {
    Outcome.PASSED: ("ok", "holds"),
    Outcome.FAILED: ("no", "fails"),
    Outcome.NOT_CHECKED: ("unk", "not checked"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def verify_page(request: HttpRequest) -> HttpResponse:
    """Check a file that is pasted, dropped or named by a claim of this register."""
    content, name, problem = _handed_in(request)
    context: dict[str, object] = {"problem": problem, "pasted": "", **_standing(request)}
    if content:
        report, refusal = check_or_refuse(content, name=name, on=today())
        if report is not None:
            context["report"] = _shown(report)
        if refusal is not None:
            context["findings"] = [finding_shape(one) for one in refusal.findings]
    status = 422 if problem or "findings" in context else 200
    return render(request, "verification/verify.html", context, status=status)


def _standing(request: HttpRequest) -> dict[str, object]:
    """Say how a claim of this register stands that is named: its file cannot know what came later."""
    wanted = request.GET.get("claim", "") if request.method != "POST" else ""
    row = claims.claim_named(wanted) if wanted else None
    if row is None:
        return {}
    return {"claim": row, "over": over_text(row, today())}


def today() -> datetime.date:
    """Give the day of the check."""
    return timezone.now().date()


def _handed_in(request: HttpRequest) -> tuple[bytes, str, str]:
    """Give what was handed in, its name, and what is wrong with it."""
    if request.method != "POST":
        wanted = request.GET.get("claim", "")
        text = claims.claim_file_text(wanted) if wanted else None
        if wanted and text is None:
            return b"", "", gettext("There is no claim with this number here.")
        return (text or "").encode(), f"{wanted}.claim.json", ""
    upload = request.FILES.get("file")
    if upload is not None and upload.size:
        if upload.size > FILE_MAX_BYTES:
            return b"", "", gettext("The file is larger than 20 MB.")
        return upload.read(), str(upload.name)[:200], ""
    text = request.POST.get("text", "").strip()
    if not text:
        return b"", "", gettext("Choose a file, or paste its text.")
    return text.encode(), gettext("pasted text"), ""


def _shown(report: Report) -> dict[str, object]:
    """Give a report in the reader's language."""
    statement = report.statement
    language = translation.get_language() or "en"
    sentence = ""
    if statement is not None and statement.sentences:
        sentence = statement.sentences.get(language) or next(iter(statement.sentences.values()))
    return {
        "file": report.file,
        "on": report.on,
        "holds": report.holds,
        "taken_back": {step.name for step in report.failed} == {StepName.NOT_REVOKED},
        "failed": len(report.failed),
        "not_checked": len(report.not_checked),
        "statement": statement,
        "sentence": sentence,
        "steps": [
            {
                "title": step.title,
                "reason": step.said(gettext),
                "where": step.where,
                "css": WORDS[step.outcome][0],
                "word": WORDS[step.outcome][1],
                "outcome": str(step.outcome),
                "findings": [finding_shape(finding) for finding in step.findings],
            }
            for step in report.steps
        ],
    }

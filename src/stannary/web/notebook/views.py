"""The notebook: its page, what a browser keeps of it, and what it takes along of an audit."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stannary.formats.canonical import canonical_bytes, sha256_hex
from stannary.web.assessments import words
from stannary.web.assessments.records import name_of
from stannary.web.notebook import queries, records, shell
from stannary.web.parties.models import Person
from stannary.web.project.idempotency import actor_of

POLICY = "camera=(), geolocation=(self), microphone=(), payment=(), usb=()"
"""As everywhere, but that the notebook may ask for the place where a note is taken."""


def _page(html: str) -> HttpResponse:
    answer = HttpResponse(html)
    answer["Permissions-Policy"] = POLICY
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def shell_page(_request: HttpRequest) -> HttpResponse:
    """Give the page that is the same for everybody: the notebooks of this browser."""
    return _page(shell.render())


@login_required
@require_safe
def book(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Give the same page to an auditor who may open the notebook of this assessment."""
    queries.assessment_to_note(actor=actor_of(request), assessment_id=assessment_id)
    return _page(shell.render(assessment_id=assessment_id))


@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """Give the service worker; its address is what limits it to the notebook."""
    answer = HttpResponse(shell.worker(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    """Give what a browser needs to install the notebook."""
    here = reverse("notebook:shell")
    said = {
        "name": gettext("Stannary notebook"),
        "short_name": gettext("Notebook"),
        "start_url": here,
        "scope": here,
        "id": here,
        "display": "standalone",
        "background_color": "#fbfaf7",
        "theme_color": "#1d2326",
        "icons": [
            {"src": static("stannary/mark.svg"), "sizes": "any", "type": "image/svg+xml"},
        ],
    }
    return JsonResponse(said, content_type="application/manifest+json")


@require_safe
@never_cache
def now(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Give what the notebook takes along: ratings, notes, rights, and the token for sending."""
    if not isinstance(request.user, Person):
        return _signed_out()
    found = queries.notebook(actor=request.user, assessment_id=assessment_id)
    those = found.assessment
    said: dict[str, Any] = {
        "assessment": those.pk,
        "person": {"id": request.user.pk, "name": name_of(request.user)},
        "site": those.site.name,
        "illustrative": those.illustrative,
        "firm": those.by,
        "engagement": str(those.engagement_id) if those.engagement_id else None,
        "may": {
            "rate": found.may_rate,
            "note": found.may_note,
            "photograph": found.may_photograph,
        },
        "newest": {name: records.newest_shape(one) for name, one in found.newest.items()},
        "notes": [records.note_shape(one) for one in found.notes],
        "checklist": _digest(records.checklist_shape(words.here(found.edition))),
        "token": get_token(request),
    }
    return JsonResponse(said)


@require_safe
@never_cache
def checklist(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Give what is asked, in the language of the page."""
    if not isinstance(request.user, Person):
        return _signed_out()
    found = queries.notebook(actor=request.user, assessment_id=assessment_id)
    shape = records.checklist_shape(words.here(found.edition))
    return JsonResponse({**shape, "digest": _digest(shape)})


def _signed_out() -> HttpResponse:
    said = {"title": gettext("You are signed out."), "status": 401}
    return JsonResponse(said, status=401, content_type="application/problem+json")


def _digest(shape: dict[str, Any]) -> str:
    return sha256_hex(canonical_bytes(shape))

"""The API: one router per app, errors as RFC 9457 problems."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from stannary import __version__
from stannary.core.kernel import RefusalError
from stannary.web.assessments.api import router as assessments
from stannary.web.claims.api import router as claims
from stannary.web.custody.api import router as custody
from stannary.web.parties.api import router as parties
from stannary.web.project.problems import refusal_response
from stannary.web.publications.api import router as publications
from stannary.web.standards.api import router as standards
from stannary.web.transparency_log.api import router as log
from stannary.web.verification.api import router as verification

api = NinjaAPI(
    title="Stannary",
    version=__version__,
    description=(
        "Published facts about mines, standards, results, lots, claims and the public log. "
        "Lists are paged by cursor; errors are RFC 9457 problems with the rule's code."
    ),
    urls_namespace="api",
    docs_url=None,
)
api.add_router("/sites", parties)
api.add_router("/standards", standards)
api.add_router("/assessments", assessments)
api.add_router("/results", publications)
api.add_router("/lots", custody)
api.add_router("/claims", claims)
api.add_router("/log", log)
api.add_router("/verify", verification)


def _problem(status: int, title: str, **more: object) -> HttpResponse:
    body = {"type": "about:blank", "title": title, "status": status, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json")


@api.exception_handler(RefusalError)
def on_refusal(request: HttpRequest, refusal: RefusalError) -> HttpResponse:
    """Answer a refusal as a problem."""
    return refusal_response(request, refusal)


@api.exception_handler(Http404)
def on_not_found(_request: HttpRequest, _error: Http404) -> HttpResponse:
    """Answer for what is not there."""
    return _problem(404, gettext("Not found"))


@api.exception_handler(AuthenticationError)
def on_stranger(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    """Answer somebody who has not signed in where that is needed."""
    return _problem(401, gettext("Sign in first."))


@api.exception_handler(HttpError)
def on_other_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what the router itself refuses, such as a write without its token."""
    return _problem(error.status_code, str(error))


@api.exception_handler(ValidationError)
def on_invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer parameters of the wrong form, each with its place."""
    findings = [
        {"at": ".".join(str(part) for part in item["loc"]), "demand": item["msg"]}
        for item in error.errors
    ]
    return _problem(
        422, gettext("The request has parameters of the wrong form."), findings=findings
    )

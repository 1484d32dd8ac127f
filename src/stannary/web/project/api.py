"""The API: one router per app, errors as RFC 9457 problems."""

from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language, gettext
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from stannary import __version__
from stannary.core.kernel import Finding, RefusalError
from stannary.web.assessments.api import router as assessments
from stannary.web.assessments.respondents.answering_api import link_router as answer_by_link
from stannary.web.assessments.respondents.answering_api import router as to_answer
from stannary.web.assessments.respondents.desk_api import router as respondents
from stannary.web.claims.api import facility_router as blended
from stannary.web.claims.api import router as claims
from stannary.web.claims.sites.api import router as blends
from stannary.web.corrections.api import router as findings
from stannary.web.crosswalks.api import router as crosswalks
from stannary.web.custody.api import book_router as movements
from stannary.web.custody.api import router as custody
from stannary.web.custody.books.api import accounts_router as accounts
from stannary.web.custody.books.api import router as credit_books
from stannary.web.custody.desk.api import router as stock
from stannary.web.cycle.api import router as engagements
from stannary.web.entities.api import certificate_router as certificates
from stannary.web.entities.api import router as entities
from stannary.web.entities.factors.api import router as conversion_factors
from stannary.web.evidence.api import router as evidence
from stannary.web.independence.api import check_router as team_check
from stannary.web.independence.api import router as firms
from stannary.web.notebook.api import router as notes
from stannary.web.parties.api import router as parties
from stannary.web.parties.facilities.api import router as facilities
from stannary.web.project.idempotency import HEADER, KEY_MAX
from stannary.web.project.problems import refusal_response
from stannary.web.project.rules import NOT_TOO_MUCH_AT_ONCE, REQUEST_HAS_ITS_FORM
from stannary.web.publications.api import router as publications
from stannary.web.register.api import router as register
from stannary.web.restatements.api import router as restatements
from stannary.web.stakeholders.api import router as stakeholder_input
from stannary.web.standards.api import router as standards
from stannary.web.totals.api import router as mine_totals
from stannary.web.transactions.api import router as transactions
from stannary.web.transactions.periods.api import router as periods
from stannary.web.transactions.reconciling.api import router as reconciliations
from stannary.web.transparency_log.api import router as log
from stannary.web.verification.api import router as verification

GAPS = {
    "site": "Permanent id of the site",
    "facility": "Permanent id of the facility",
    "publisher": "First part of the edition's id",
    "standard": "Second part of the edition's id",
    "edition": "Third part of the edition's id",
    "older": "Third part of the id of an older edition of the same standard",
    "crosswalk": "Name of the crosswalk",
    "requirement": "Number of the requirement in its edition",
    "engagement_id": "UUID of the engagement",
    "firm": "Short name of the firm",
    "item_id": "UUID of the piece of evidence",
    "version_id": "UUID of one of its versions",
    "number": "Number of the finding, or of the entry",
    "assessment_id": "Id of the assessment",
    "assignment_id": "Id of what was given to a respondent",
    "note_id": "UUID of the note",
    "result_id": "UUID of the result",
    "other_id": "UUID of another result of the same site",
    "entity": "Short name of the entity",
    "certificate": "Number of the chain of custody certificate",
    "factor": "Number of the conversion factor",
    "lot_id": "Id of the lot",
    "credit_id": "Id of the credit",
    "transaction_id": "UUID of the transaction",
    "statement_id": "UUID of the statement",
    "last_day": "Last day of the period",
    "organisation": "Short name of the organisation",
    "claim_id": "UUID of the claim",
    "event": "Id of the event",
    "file_id": "UUID of the file",
}
"""What the gaps of paths stand for."""

FINDINGS_MAX = 100

WRITE_HEADERS = [
    {
        "in": "header",
        "name": HEADER,
        "required": False,
        "schema": {"type": "string", "minLength": 1, "maxLength": KEY_MAX},
        "description": (
            "A key of your own choice for this request, a random UUID say. The same request with "
            "the same key is done once and answered alike, for at least 30 days; another request "
            "with it is refused (API-003). A refusal is not kept, for nothing was done."
        ),
        "example": "8e03978e-40d5-43e8-bc93-6894a57f9324",
    },
    {
        "in": "header",
        "name": "X-CSRFToken",
        "required": True,
        "schema": {"type": "string"},
        "description": "The value of the cookie csrftoken, which signing in has set.",
        "example": "h4c9Zl0kq3W7mS2xR8tYvB5nJ1dF6gPa",
    },
]
"""What every write that needs an account takes beside its body."""

SESSION: dict[str, list[str]] = {"SessionAuth": []}
"""How an operation says that it needs an account; one by a link says something else."""

LOCATION = {"Location": {"description": "Address of what was made.", "schema": {"type": "string"}}}

PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "Why there is no answer, as RFC 9457 has it.",
    "required": ["type", "title", "status"],
    "properties": {
        "code": {"type": "string", "description": "Of the rule; left out where none applies."},
        "detail": {"type": "string", "description": "What is wrong here, in words."},
        "instance": {"type": "string", "description": "What was asked for."},
        "type": {"type": "string", "description": "Page of the rule, or about:blank."},
        "title": {"type": "string", "description": "What is wrong, for people."},
        "status": {"type": "integer", "description": "As in the answer's first line."},
        "findings": {
            "type": "array",
            "items": {"type": "object"},
            "description": "Each thing that is wrong, with its place.",
        },
    },
}


class DocumentedAPI(NinjaAPI):
    """An API whose document explains the gaps of its paths, and how errors look."""

    def __init__(self, **options: Any) -> None:
        """Have no document yet: not every router is there."""
        super().__init__(**options)
        self._documents: dict[tuple[str, str], OpenAPISchema] = {}

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Give the document, made once for each place and language: making it takes half a second."""
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        known = (prefix, get_language() or "")
        if known not in self._documents:
            self._documents[known] = self._document(prefix)
        return self._documents[known]

    def _document(self, prefix: str) -> OpenAPISchema:
        """Make the document, with what ninja leaves out."""
        schema = super().get_openapi_schema(path_prefix=prefix)
        schema["components"]["schemas"]["Problem"] = PROBLEM
        form = {"$ref": "#/components/schemas/Problem"}
        otherwise = {
            "description": "There is no answer",
            "content": {"application/problem+json": {"schema": form}},
        }
        for methods in schema["paths"].values():
            for method, operation in methods.items():
                operation["responses"]["default"] = otherwise
                if method == "post" and SESSION in operation.get("security", []):
                    operation["parameters"] = [*operation.get("parameters", []), *WRITE_HEADERS]
                if 201 in operation["responses"]:
                    operation["responses"][201]["headers"] = LOCATION
                for asked in operation.get("parameters", []):
                    if asked["in"] == "path":
                        asked["description"] = GAPS.get(asked["name"], "")
        return schema


api = DocumentedAPI(
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
api.add_router("/facilities", facilities)
api.add_router("/facilities", blended)
api.add_router("/facilities", blends)
api.add_router("/standards", standards)
api.add_router("/crosswalks", crosswalks)
api.add_router("/engagements", engagements)
api.add_router("/engagements", evidence)
api.add_router("/engagements", findings)
api.add_router("/engagements", stakeholder_input)
api.add_router("/firms", firms)
api.add_router("/independence/check", team_check)
api.add_router("/assessments", assessments)
api.add_router("/assessments", notes)
api.add_router("/assessments", respondents)
api.add_router("/assessments/to-answer", to_answer)
api.add_router("/answer", answer_by_link)
api.add_router("/results", publications)
api.add_router("/entities", entities)
api.add_router("/entities", accounts)
api.add_router("/credits", credit_books)
api.add_router("/certificates", certificates)
api.add_router("/conversion-factors", conversion_factors)
api.add_router("/lots", custody)
api.add_router("/movements", movements)
api.add_router("/stock", stock)
api.add_router("/transactions", transactions)
api.add_router("/transactions", reconciliations)
api.add_router("/transactions", periods)
api.add_router("/restatements", restatements)
api.add_router("/claims", claims)
api.add_router("/register", register)
api.add_router("/totals", mine_totals)
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


@api.exception_handler(RequestDataTooBig)
def on_too_much(request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
    """Answer a body that is longer than this server reads."""
    facts = {"most": f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes"}
    return refusal_response(request, RefusalError(Finding(NOT_TOO_MUCH_AT_ONCE, facts)))


@api.exception_handler(BadRequest)
@api.exception_handler(SuspiciousOperation)
def on_unreadable(_request: HttpRequest, _error: Exception) -> HttpResponse:
    """Answer what is no HTTP request of the form that it says it has."""
    return _problem(400, gettext("The request cannot be read."))


@api.exception_handler(ValidationError)
def on_invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer parameters of the wrong form, each with its place."""
    code = REQUEST_HAS_ITS_FORM.code
    findings = [
        {
            "code": code,
            "at": ".".join(str(part) for part in item["loc"]),
            "demand": item["msg"],
            "remedy": gettext(REQUEST_HAS_ITS_FORM.remedy),
        }
        for item in error.errors[:FINDINGS_MAX]
    ]
    body = {
        "type": f"/rules/{code}/",
        "title": gettext("The request has parameters of the wrong form."),
        "status": 422,
        "code": code,
        "findings": findings,
    }
    return JsonResponse(body, status=422, content_type="application/problem+json")

"""The list of published results as a file."""

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import reverse
from django.utils import translation

from stannary.web.project.downloads import stream
from stannary.web.publications import queries
from stannary.web.publications.models import PublishedResult

COLUMNS = (
    "id",
    "site",
    "site_name",
    "illustrative",
    "kind",
    "earlier",
    "corrected_by",
    "standard",
    "level_state",
    "level",
    "firm",
    "published_on",
    "sha256",
    "log_index",
    "page",
    "content",
)


def results(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    """Stream the results in the order in which they were published."""
    return stream("results", form, COLUMNS, _rows())


def _rows() -> Iterator[dict[str, object]]:
    for row in queries.results().order_by("pk").defer(*queries.HEAVY).iterator():
        yield shape(row)


@translation.override("en")
def shape(row: PublishedResult) -> dict[str, object]:
    """Give one result as JSON values, without its content; addresses are the same for everybody."""
    return {
        "id": str(row.result_id),
        "site": row.site.slug,
        "site_name": row.site.name,
        "illustrative": row.illustrative,
        "kind": row.kind,
        "earlier": _text(getattr(row, "earlier_uuid", None)),
        "corrected_by": _text(getattr(row, "correction_uuid", None)),
        "standard": row.standard,
        "level_state": row.level_state,
        "level": row.level or None,
        "firm": row.assessment.by,
        "published_on": row.published_on.isoformat(),
        "sha256": row.sha256,
        "log_index": row.log_index,
        "page": settings.ORIGIN + reverse("results:page", args=[row.result_id]),
        "content": settings.ORIGIN + reverse("results:json", args=[row.result_id]),
    }


FORMS = ("json", "csv", "oscal", "xlsx", "pdf", "bundle", "zip")
"""Files of a result, by the names of their addresses."""


@translation.override("en")
def files(row: PublishedResult) -> dict[str, str]:
    """Give where each file of a result is, the same for everybody."""
    return {
        form: settings.ORIGIN + reverse(f"results:{form}", args=[row.result_id]) for form in FORMS
    }


def _text(name: object) -> str | None:
    return None if name is None else str(name)

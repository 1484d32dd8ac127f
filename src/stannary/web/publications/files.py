"""The files of a result, for everybody: the same content, the same bytes."""

import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from stannary import __version__
from stannary.core.kernel import refuse
from stannary.formats.canonical import sha256_hex
from stannary.formats.oscal_results import results_json
from stannary.formats.report_xlsx import result_xlsx
from stannary.formats.results import ratings_csv
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.publications import queries, records, report, report_cache, report_languages
from stannary.web.publications.models import PublishedResult
from stannary.web.standards import queries as standards

FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_DAY = "public, max-age=86400"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORM = "2"
"""Of the files made here; another makes every file anew."""


@require_safe
def content(request: HttpRequest, result_id: uuid.UUID) -> HttpResponse:
    """Give the result exactly as it was hashed, signed and logged."""
    row = queries.result(result_id)
    return _file(request, row, row.content.encode(), "application/json", "json", etag=row.sha256)


@require_safe
def ratings(request: HttpRequest, result_id: uuid.UUID) -> HttpResponse:
    """Give the ratings as a table that `stannary score` reads."""
    row = queries.result(result_id)
    body = ratings_csv(records.result_of(row)).encode()
    return _file(request, row, body, "text/csv; charset=utf-8", "csv", etag=f"{row.sha256}-csv")


@require_safe
def bundle(request: HttpRequest, result_id: uuid.UUID) -> HttpResponse:
    """Give the file with which anybody checks the result without this site."""
    row = queries.result(result_id)
    body = records.result_file(row).encode()
    etag = f"{row.sha256}-bundle"
    return _file(request, row, body, "application/json", "result.json", etag=etag)


@require_safe
def archive(request: HttpRequest, result_id: uuid.UUID) -> HttpResponse:
    """Give the bundle with which anybody checks the result with nothing else at hand."""
    row = queries.result(result_id)
    body = report_cache.kept(("zip", FORM, __version__, row.sha256), lambda: records.bundle(row))
    return _file(request, row, body, "application/zip", "zip", for_a_day=True)


@require_safe
def oscal(request: HttpRequest, result_id: uuid.UUID) -> HttpResponse:
    """Give the result as OSCAL assessment results."""
    row = queries.result(result_id)
    with translation.override("en"):  # one address for every reader
        address = settings.ORIGIN + reverse("results:json", args=[row.result_id])

    def make() -> bytes:
        edition = standards.edition(row.standard)
        return results_json(records.result_of(row), edition, address=address).encode()

    body = report_cache.kept(("oscal", FORM, row.sha256, address), make)
    return _file(request, row, body, "application/json", "oscal.json", for_a_day=True)


@require_safe
def workbook(request: HttpRequest, result_id: uuid.UUID) -> HttpResponse:
    """Give the result as a workbook whose cells are texts and whole numbers."""
    row = queries.result(result_id)

    def make() -> bytes:
        return result_xlsx(records.result_of(row), standards.edition(row.standard))

    body = report_cache.kept(("xlsx", FORM, row.sha256), make)
    return _file(request, row, body, XLSX, "xlsx", for_a_day=True)


@require_safe
def pdf(request: HttpRequest, result_id: uuid.UUID) -> HttpResponse:
    """Give the report as PDF, tagged, in the language of the address or the one asked for."""
    row = queries.result(result_id)
    language = request.GET.get("language") or get_language() or "en"
    if language not in report_languages.offered():
        refuse(IS_THERE_FOR_YOU, language=language[:20])
    with translation.override(language):
        body = report.pdf(row, queries.before(row))
    response = _file(request, row, body, "application/pdf", "pdf", for_a_day=True)
    response["Content-Language"] = language
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _file(
    request: HttpRequest,
    row: PublishedResult,
    body: bytes,
    kind: str,
    form: str,
    *,
    etag: str = "",
    for_a_day: bool = False,
) -> HttpResponse:
    """Answer with a file; a caller who has it is told so.

    What was signed never changes; what is made of it may be laid out anew, so that it is kept for
    a day only.
    """
    response = HttpResponse(body, content_type=kind)
    place = "inline" if form == "pdf" else "attachment"
    response["Content-Disposition"] = f'{place}; filename="{row.result_id}.{form}"'
    response["Cache-Control"] = FOR_A_DAY if for_a_day else FOR_EVER
    response["Access-Control-Allow-Origin"] = "*"
    response["Link"] = '<https://creativecommons.org/publicdomain/zero/1.0/>; rel="license"'
    response["ETag"] = quote_etag(etag or sha256_hex(body))
    return get_conditional_response(request, etag=response["ETag"], response=response) or response

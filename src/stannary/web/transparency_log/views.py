import io
import zipfile

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render

from stannary.formats.tlog import log_files
from stannary.web.transparency_log import queries
from stannary.web.transparency_log.models import LogEntry

PAGE = 50


def index(request: HttpRequest) -> HttpResponse:
    """Show what the log is, its newest checkpoint and its entries, newest first."""
    text = request.GET.get("before", "")
    before = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
    found = queries.entries(before=before, limit=PAGE + 1)
    shown = [
        {"index": row.index, "at": row.at, "text": bytes(row.entry).decode("utf-8", "replace")}
        for row in found[:PAGE]
    ]
    context = {
        "checkpoint": queries.newest_checkpoint(),
        "entries": shown,
        "older": shown[-1]["index"] if len(found) > PAGE else None,
        "origin": queries.origin(),
        "vkey": queries.vkey(),
    }
    return render(request, "transparency_log/log.html", context)


def _text(content: str) -> HttpResponse:
    return HttpResponse(content, content_type="text/plain; charset=utf-8")


def checkpoint(_request: HttpRequest) -> HttpResponse:
    """Give the newest signed checkpoint."""
    found = queries.newest_checkpoint()
    if found is None:
        raise Http404
    return _text(found.note)


def whole(_request: HttpRequest) -> HttpResponse:
    """Give the whole log as files in a zip, for `stannary log verify` and `stannary verify --log`."""
    found = queries.newest_checkpoint()
    if found is None:
        raise Http404
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in log_files(queries.entries_of(found.size), found.note):
            archive.writestr(zipfile.ZipInfo(f"log/{name}"), file)
    answer = HttpResponse(content.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="log.zip"'
    return answer


def vkey(_request: HttpRequest) -> HttpResponse:
    """Give the verifier key of the log."""
    return _text(queries.vkey() + "\n")


def proof(_request: HttpRequest, index: int) -> HttpResponse:
    """Give the proof that an entry is in the log."""
    if not LogEntry.objects.filter(index=index).exists():
        raise Http404
    return _text(queries.inclusion(index))


def entry(_request: HttpRequest, index: int) -> HttpResponse:
    """Give the bytes of an entry."""
    found = get_object_or_404(LogEntry, index=index)
    return HttpResponse(bytes(found.entry), content_type="application/json")


def did_json(_request: HttpRequest) -> HttpResponse:
    """Give the document that lists the keys of this register."""
    return JsonResponse(queries.issuer().document())

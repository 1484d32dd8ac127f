from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, render

from stannary.formats.archives import zipped_in_pieces
from stannary.formats.tlog import log_files_in_parts
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


def whole(_request: HttpRequest) -> HttpResponseBase:
    """Give the whole log as files in a zip, for `stannary log verify` and `stannary verify --log`.

    It is read and sent 256 entries at a time; of the same log it is the same to the byte.
    """
    found = queries.newest_checkpoint()
    if found is None:
        raise Http404
    files = log_files_in_parts(
        found.size, queries.entries_between, queries.leaf_hashes_between, found.note
    )
    pieces = zipped_in_pieces((f"log/{name}", content) for name, content in files)
    answer = StreamingHttpResponse(pieces, content_type="application/zip")
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

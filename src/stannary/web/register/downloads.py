"""Suspensions and withdrawals as files; certificates, credits and claims have files of their own."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse

from stannary.web.project.downloads import stream
from stannary.web.register import effects

COLUMNS = ("kind", "id", "whose", "status", "since", "until", "reason", "illustrative")


def suspensions(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    """Give every suspension and withdrawal of a certificate or an achievement, the newest first."""
    return stream("suspensions", form, COLUMNS, rows())


def rows() -> Iterator[dict[str, Any]]:
    """Give suspensions as rows."""
    for one in effects.suspensions():
        yield {
            "kind": one.kind,
            "id": one.id,
            "whose": one.whose,
            "status": one.status,
            "since": one.since.isoformat(),
            "until": one.until.isoformat() if one.until else "",
            "reason": one.reason,
            "illustrative": one.illustrative,
        }

"""Chain of custody certificates as files."""

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from stannary.web.entities import queries, shapes
from stannary.web.project.downloads import stream


def certificates(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    """Give every certificate as it stands today, by holder."""
    today = timezone.localdate()
    rows = (queries.held_on(row, today) for row in queries.with_visits())
    lines = (shapes.row(one, today.isoformat()) for one in rows)
    return stream("certificates", form, shapes.COLUMNS, lines)

"""Approvals of audit firms as files."""

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from stannary.web.independence import approval_list, shapes
from stannary.web.project.downloads import stream


def firms(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    """Give every approval as it stands today, by firm."""
    entries = approval_list.entries(timezone.localdate())
    return stream("firms", form, shapes.COLUMNS, shapes.rows(entries))

"""Credits and what was used up, as files."""

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from stannary.web.custody.books import queries, shapes
from stannary.web.project.downloads import stream


def credits_of_all(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    """Give every credit as it stands today."""
    today = timezone.localdate()
    rows = (shapes.credit(one, today) for one in queries.credits_of_all(today))
    return stream("credits", form, shapes.CREDIT_COLUMNS, rows)


def uses(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    """Give everything that was used up, and for whom."""
    return stream("credit-uses", form, shapes.USE_COLUMNS, map(shapes.use, queries.uses()))

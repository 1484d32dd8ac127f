from django.http import HttpRequest, StreamingHttpResponse

from stannary.web.project.downloads import stream


def results(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    return stream("results", form, [], [])

from django.http import HttpRequest, StreamingHttpResponse

from stannary.web.project.downloads import stream


def claims(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    return stream("claims", form, [], [])

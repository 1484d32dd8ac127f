from django.http import HttpRequest, StreamingHttpResponse

from stannary.web.project.downloads import stream


def requirements(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    return stream("requirements", form, [], [])

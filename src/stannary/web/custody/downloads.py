from django.http import HttpRequest, StreamingHttpResponse

from stannary.web.project.downloads import stream


def lots(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    return stream("lots", form, [], [])


def movements(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    return stream("movements", form, [], [])

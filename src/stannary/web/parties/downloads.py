from django.http import HttpRequest, StreamingHttpResponse

from stannary.web.project.downloads import stream


def sites(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    return stream("sites", form, [], [])


def facts(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    return stream("facts", form, [], [])

"""How a refusal for too many tries is answered: with its status, and when to try again."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

RETRY_SECONDS = 300
"""How long a name stays blocked after its last allowed try: the longest of the limits on signing in."""

_MARK = "_stannary_too_many"


def refused(request: HttpRequest | None) -> None:
    """Remember that this request was refused for too many tries."""
    if request is not None:
        setattr(request, _MARK, True)


class TooManyTriesMiddleware:
    """Answers a form that was refused for too many tries with 429, and says when to try again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, _MARK, False):
            response.headers["Retry-After"] = str(RETRY_SECONDS)
            if response.status_code == 200:
                response.status_code = 429
        return response


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer somebody who sends more forms than people do."""
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response

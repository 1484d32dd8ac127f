"""How a refusal for too many tries is answered: with its status, and when to try again."""

import time
from collections.abc import Callable
from contextlib import suppress

from allauth.account.adapter import get_adapter
from django.core.cache import cache
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


def is_stopped(request: HttpRequest, action: str, *, most: int) -> bool:
    """Tell whether an address has failed at something as often as it may within a minute."""
    return int(cache.get(_key(request, action), 0)) >= most


def failed(request: HttpRequest, action: str) -> None:
    """Count that an address has failed at something."""
    key = _key(request, action)
    cache.add(key, 0, timeout=2 * 60)
    with suppress(ValueError):  # the minute is over
        cache.incr(key)


def _key(request: HttpRequest, action: str) -> str:
    address = get_adapter().get_client_ip(request)
    return f"failed:{action}:{address}:{int(time.time()) // 60}"

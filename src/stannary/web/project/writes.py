"""How a write of the API is declared: who may send it, that it is done once, how it is answered.

Rules: API-002, API-003.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from ninja.security import django_auth

from stannary.web.project.idempotency import Made, once

Asked = ParamSpec("Asked")
Act = Callable[Concatenate[HttpRequest, Asked], Made]
View = Callable[Concatenate[HttpRequest, Asked], HttpResponse]


def write(
    router: Router, path: str, *, answer: type[Schema], summary: str, status: int = 201
) -> Callable[[Act[Asked]], View[Asked]]:
    """Declare a POST for somebody who is signed in. This will do it once for each key.

    The function below does the act and says what it made: it runs inside the transaction of its
    Idempotency-Key, and not at all where the key was used for the same request before.

    Args:
        router: To which it belongs.
        path: Below that of the router.
        answer: The form of what is answered.
        summary: What it does, in a line.
        status: 201 where something new has an address, else 200, as the function says it too.
    """

    def declared(act: Act[Asked]) -> View[Asked]:
        @wraps(act)
        def view(request: HttpRequest, /, *args: Asked.args, **named: Asked.kwargs) -> HttpResponse:
            return once(request, answer, lambda: act(request, *args, **named))

        router.post(path, response={status: answer}, auth=django_auth, summary=summary)(view)
        return view

    return declared

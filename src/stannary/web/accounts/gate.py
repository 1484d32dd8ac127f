"""The one place where a second factor is asked for, for pages and API alike.

Rules: PARTY-020.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from stannary.core.kernel import Finding, RefusalError
from stannary.web.accounts import queries
from stannary.web.parties.rules import SECOND_FACTOR_IS_USED
from stannary.web.project.problems import refusal_response, wants_json

OPEN = ("account_", "mfa_")
"""How the names of the pages begin that are needed to set up or to show a second factor."""

OPEN_NAMES = frozenset({"health"})


class SecondFactorMiddleware:
    """Lets people whose role asks for a second factor go nowhere else before they have shown one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        """Stop before the view, and lead to what has to be done first."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None  # a visitor; asking who it is would make answers differ by cookie
        match = request.resolver_match
        name = (match.url_name or "") if match and not match.namespaces else ""
        if name.startswith(OPEN) or name in OPEN_NAMES:
            return None
        factor = queries.second_factor(request)
        if not factor.is_missing:
            return None
        if wants_json(request):
            return refusal_response(request, RefusalError(Finding(SECOND_FACTOR_IS_USED, {})))
        if factor.is_there:
            after = f"?{urlencode({'next': request.get_full_path()})}"
            return redirect(
                reverse("mfa_reauthenticate") + (after if request.method == "GET" else "")
            )
        return redirect("mfa_index")

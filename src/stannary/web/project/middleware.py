"""What happens around every request."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from stannary.core.kernel import RefusalError
from stannary.web.project.problems import refusal_response

Handler = Callable[[HttpRequest], HttpResponse]


class PermissionsPolicyMiddleware:
    """Say that no page here uses camera, microphone, place or payment."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class NoNullMiddleware:
    """Find nothing under an address with a null character: PostgreSQL cannot even look for one."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404
        return self.get_response(request)


class RefusalMiddleware:
    """Turn a refusal that no view has caught into its problem."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a RefusalError; leave everything else to Django."""
        if isinstance(exception, RefusalError):
            return refusal_response(request, exception)
        return None

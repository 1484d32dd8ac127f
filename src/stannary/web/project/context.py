"""What every template knows."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils import translation


def site(request: HttpRequest) -> dict[str, object]:
    """Give the address of this page in the other languages, and whether this is a demonstration."""
    path = request.get_full_path()
    return {
        "demonstration": settings.DEMONSTRATION,
        "language": translation.get_language() or "en",
        "in_english": translate_url(path, "en"),
        "in_french": translate_url(path, "fr"),
    }

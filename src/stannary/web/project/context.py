"""What every template knows."""

from django.http import HttpRequest
from django.urls import translate_url
from django.utils import translation


def site(request: HttpRequest) -> dict[str, object]:
    """Give the address of this page in the other languages."""
    path = request.get_full_path()
    return {
        "language": translation.get_language() or "en",
        "in_english": translate_url(path, "en"),
        "in_french": translate_url(path, "fr"),
    }

"""What a browser keeps to show the notebook without a network: a page, a style sheet, scripts.

All of it is the same for everybody and says nothing of any audit. Its version is the digest of
its content, so that a browser that holds one version never mixes it with another.
"""

import hashlib
import json
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation

from stannary.web.notebook.words import words

SCRIPTS = ("page", "book", "card", "clock", "copy", "entries", "send", "store", "vault")
WORKER = "notebook/worker.js"


def render(*, assessment_id: int | None = None) -> str:
    """Render the page; without an assessment it is the one that browsers keep."""
    context = {
        "assessment_id": assessment_id,
        "words": words(),
        "language": translation.get_language() or "en",
    }
    return render_to_string("notebook/page.html", context)


def assets() -> list[str]:
    """Give the addresses of manifest, style sheet, mark and scripts, as the page and the scripts name them."""
    entry = static("notebook/page.js")
    # a script imports its neighbours by their plain names, not by those with a digest
    plain = [f"{entry.rpartition('/')[0]}/{name}.js" for name in SCRIPTS[1:]]
    manifest = reverse("notebook:manifest")
    return [manifest, static("stannary/stannary.css"), static("stannary/mark.svg"), entry, *plain]


def worker() -> str:
    """Write the service worker of the language: what it keeps, then its script."""
    shell = reverse("notebook:shell")
    said = {"shell": shell, "assets": assets(), "version": _version(translation.get_language())}
    return f"const KEPT = {json.dumps(said)};\n" + _text(WORKER)


def _version(language: str | None) -> str:
    digest = hashlib.sha256(render().encode())
    digest.update((language or "").encode())
    for name in ("stannary/stannary.css", *(f"notebook/{one}.js" for one in SCRIPTS), WORKER):
        digest.update(_text(name).encode())
    return digest.hexdigest()[:16]


@cache
def _text(name: str) -> str:
    found = finders.find(name)
    return Path(found).read_text(encoding="utf-8") if isinstance(found, str) else ""

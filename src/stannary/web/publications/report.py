"""The report of a published result as PDF: tagged, PDF/UA-1 and PDF/A-2a, the same bytes each time.

What it shows is made by report_content, how it looks by the template of report_templates; it is set
by report_setting, once, and kept by report_cache.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language

from stannary.core.publications import PublishedResult as Result
from stannary.web.publications import glyphs, records, report_content, report_languages
from stannary.web.publications.models import PublishedResult
from stannary.web.publications.report_cache import kept
from stannary.web.publications.report_content import Source
from stannary.web.publications.report_setting import HAN, LATIN, set_pdf
from stannary.web.publications.report_templates import Template, template
from stannary.web.standards import queries as standards

_HERE = Path(__file__).parent


def pdf(row: PublishedResult, earlier: PublishedResult | None = None) -> bytes:
    """Give the report of a result in the language of now, from the disk where it is kept.

    Args:
        row: The result.
        earlier: The result before it, to compare; None where there is none.

    Raises:
        RefusalError: PUBLICATION-040 if this server's own template cannot be set.
    """
    chosen = template()
    before = None if earlier is None else records.result_of(earlier)
    return kept(
        ("pdf", *_key(row, earlier, chosen)),
        lambda: pdf_with(chosen, row, earlier=before),
    )


def pdf_with(chosen: Template, row: PublishedResult, *, earlier: Result | None = None) -> bytes:
    """Set the report of a result with a template, in the language of now; nothing is kept."""
    return set_pdf(chosen, data(chosen, row, earlier=earlier))


def data(
    chosen: Template, row: PublishedResult, *, earlier: Result | None = None
) -> dict[str, Any]:
    """Give what a template is given, in the language of now."""
    source = Source(row, earlier, chosen.words(get_language() or "en"))
    return _shown(report_content.content(source))


def _shown(content: dict[str, Any]) -> dict[str, Any]:
    """Give what a report shows with notes on what it cannot show as it is."""
    words = content["words"]
    known = glyphs.covered(LATIN) | glyphs.covered(HAN)
    whole: dict[str, Any] = glyphs.showable(content, known, words["left_unprinted"])
    notes = [words["unprintable"]] if whole != content else []
    if whole["fallback"]:
        notes.append(whole["fallback"])
    if not report_languages.is_complete(get_language() or "en"):
        notes.append(words["strings_missing"])
    return {**whole, "notes": notes}


def _key(
    row: PublishedResult, earlier: PublishedResult | None, chosen: Template
) -> tuple[str, ...]:
    """Give everything that a report follows from."""
    language = get_language() or "en"
    return (
        row.sha256,
        str(row.log_index),
        earlier.sha256 if earlier else "",
        standards.sha256_of(row.standard),
        language,
        settings.ORIGIN,
        chosen.digest,
        _version(language),
    )


@cache
def _version(language: str) -> str:
    """Give a short name of the code and the words that make reports in a language."""
    whole = hashlib.sha256()
    files = [*sorted(_HERE.glob("report*.py")), _HERE / "pages.py", _HERE / "glyphs.py"]
    locale = translation.to_locale(language)
    files += [
        file
        for folder in settings.LOCALE_PATHS
        for file in sorted(Path(folder).glob(f"{locale}/LC_MESSAGES/django.po"))
    ]
    for file in files:
        whole.update(file.read_bytes())
    return whole.hexdigest()[:16]

"""In which languages a report is offered: those that have a translation of every word of it.

Pages are there in the languages of the settings. A report has far fewer words, so it may speak more
languages; one that lacks a single word is not offered (docs/adr/0015).
"""

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation import to_locale

from stannary.core.scores import steps
from stannary.web.publications.report_words import WORDS

SOURCE = "en"
"""The language of the words in the code."""
NAMES: Mapping[str, str] = {
    "en": "English",
    "fr": "Français",
    "es": "Español",
    "pt": "Português",
    "zh-hans": "简体中文",
}
"""Languages that a report may have, as those who read them call them."""


def needed() -> frozenset[str]:
    """Give every text that a language must translate: the words, and the steps of a derivation."""
    return frozenset(WORDS.values()) | _marked_in(Path(steps.__file__))


@cache
def _marked_in(module: Path) -> frozenset[str]:
    """Give the texts that a module marks for translation."""
    calls = (one for one in ast.walk(ast.parse(module.read_text("utf-8"))))
    return frozenset(
        ast.literal_eval(one.args[0])
        for one in calls
        if isinstance(one, ast.Call)
        and isinstance(one.func, ast.Name)
        and one.func.id == "gettext_noop"
    )


@cache
def missing(language: str) -> frozenset[str]:
    """Give the texts of the report that a language does not translate."""
    if language == SOURCE:
        return frozenset()
    found: set[str] = set()
    for folder in settings.LOCALE_PATHS:
        file = Path(folder) / to_locale(language) / "LC_MESSAGES" / "django.po"
        if file.is_file():
            entries = polib.pofile(str(file)).translated_entries()
            found |= {one.msgid for one in entries if not one.msgctxt}
    return needed() - found


def is_complete(language: str) -> bool:
    """Tell whether a report in a language is in that language alone."""
    return not missing(language)


@cache
def offered() -> Mapping[str, str]:
    """Give the languages that are complete, with their names."""
    return {code: name for code, name in NAMES.items() if is_complete(code)}

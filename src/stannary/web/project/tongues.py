"""In which language somebody wrote: told by the small words, so that a page can say so (WCAG 3.1.2)."""

import re
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

SMALL_WORDS = {
    "en": "the and of is are was were not to for with by that this it from has have be which an as at our we",
    "fr": "le les des est sont pas une un et du dans pour avec par qui il elle sur aux ce cette été nous au",
    "es": "el los las es son una y del para con por que se fue al lo su sus hay más está",
    "pt": "os é são uma e do da em para com por que não ao foi dos das na no está",
}
"""Words that carry little else than their language."""

USUAL = "en"
"""The language of the standards that are rated here, and of a text that shows no other."""

_WORD = re.compile(r"[^\W\d_]+")
_HAN = re.compile("[\u4e00-\u9fff]")
_SETS = {language: frozenset(words.split()) for language, words in SMALL_WORDS.items()}
LONGEST = 2000
"""So many characters of a text are looked at."""


@lru_cache(maxsize=20_000)
def language_of(text: str) -> str:
    """Tell the language of a text by its small words; where none stands out, the usual one.

    Example:
        >>> language_of("The register is kept."), language_of("Le registre n'est pas tenu.")
        ('en', 'fr')
    """
    looked_at = text[:LONGEST]
    if _HAN.search(looked_at):
        return "zh-hans"
    words = [word.lower() for word in _WORD.findall(looked_at)]
    found = {language: sum(word in small for word in words) for language, small in _SETS.items()}
    most = max(found.values())
    best = [language for language, number in found.items() if number == most]
    return best[0] if most and len(best) == 1 else USUAL


def lang_of(text: str) -> str:
    """Give the attribute that says the language of a text, where it is not that of the page."""
    language = language_of(text)
    here = (get_language() or USUAL).lower()
    return "" if not text or language == here else f' lang="{language}"'


def said(text: str) -> SafeString:
    """Show what somebody wrote, escaped, with its lines and its language."""
    shown = escape(text).replace("\n", "<br>")
    mark = lang_of(text)
    return mark_safe(f"<span{mark}>{shown}</span>" if mark else shown)  # noqa: S308 - escaped here

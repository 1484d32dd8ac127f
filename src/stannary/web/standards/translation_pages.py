"""The page of an edition's translations: languages by states, and what is stale or missing."""

from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from stannary.core.standards import Edition, TranslationState, translation_states

STATES = {
    TranslationState.CURRENT: gettext_lazy("current"),
    TranslationState.STALE: gettext_lazy("original changed since"),
    TranslationState.UNCHECKED: gettext_lazy("not compared"),
    TranslationState.MISSING: gettext_lazy("missing"),
}
"""States in the order shown, in as few words as a column has room for."""


@dataclass(frozen=True, slots=True)
class Language:
    """How far an edition is translated into a language."""

    code: str
    name: str
    numbers: dict[TranslationState, int]
    is_original: bool


def languages(edition: Edition) -> list[Language]:
    """Give the original, then every language of the edition or of the pages, by code."""
    others = {*edition.translations, *(code for code, _name in settings.LANGUAGES)}
    others.discard(edition.language)
    found = []
    for code in (edition.language, *sorted(others)):
        states = Counter(translation_states(edition, code).values())
        numbers = {state: states[state] for state in STATES}
        found.append(Language(code, name_of(code), numbers, code == edition.language))
    return found


def name_of(code: str) -> str:
    """Give the name of a language in the reader's language; its code where we have none."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def state_words(state: TranslationState) -> str:
    """Say a state in a sentence's part."""
    return {
        TranslationState.STALE: _("The original was changed after it was translated"),
        TranslationState.UNCHECKED: _("Nothing says from which text it was translated"),
        TranslationState.MISSING: _("Not translated"),
    }[state]


def to_do(edition: Edition, language: str) -> dict[TranslationState, list[str]]:
    """Give the requirements that somebody has to translate or look at again, by state."""
    found: dict[TranslationState, list[str]] = {}
    for name, state in translation_states(edition, language).items():
        if state is not TranslationState.CURRENT:
            found.setdefault(state, []).append(name)
    return {state: found[state] for state in STATES if state in found}

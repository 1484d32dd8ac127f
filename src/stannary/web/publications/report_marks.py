"""Texts of a standard in a report: translated, or marked with the language in which they stand."""

from collections.abc import Mapping
from dataclasses import replace

from stannary.core.standards import Edition
from stannary.web.parties.reference import materials


class Marks:
    """Marks texts of the standard that have no translation with the language in which they stand."""

    def __init__(self, original: Edition, language: str) -> None:
        self.original, self.language = original, language
        self.foreign = language != original.language
        self.said = original.translations.get(language)
        self.used = False

    def title(self) -> str:
        """Give the title of the edition."""
        said = self.said.title if self.said else ""
        return said or self.marked(self.original.title)

    def chapter(self, name: str, title: str) -> str:
        """Give the title of a chapter."""
        return title if self.said and name in self.said.chapters else self.marked(title)

    def principle(self, name: str, title: str) -> str:
        """Give the title of a principle."""
        return title if self.said and name in self.said.principles else self.marked(title)

    def requirement(self, name: str, title: str) -> str:
        """Give the title of a requirement."""
        return title if self.said and name in self.said.requirement_titles else self.marked(title)

    def level(self, code: str, summary: str) -> str:
        """Give what a level means."""
        return summary if self.said and code in self.said.level_summaries else self.marked(summary)

    def edition(self, translated: Edition) -> Edition:
        """Give an edition with the titles that a derivation names, marked."""
        known = self.said.rating_titles if self.said else {}
        return replace(
            translated,
            principles=tuple(
                replace(one, title=self.principle(one.id, one.title))
                for one in translated.principles
            ),
            ratings=tuple(
                one if str(one.rating) in known else replace(one, title=self.marked(one.title))
                for one in translated.ratings
            ),
        )

    def material(self, key: str) -> str:
        """Give the name of a material."""
        names = materials().get(key, {})
        if self.language in names or not names:
            return names.get(self.language, key)
        self.used = True
        return f"{names['en']} [en]"

    def note(self, words: Mapping[str, str]) -> str:
        """Say what the mark means."""
        return words["fallback"] % {"language": self.original.language}

    def marked(self, text: str) -> str:
        """Mark a text of the standard, unless its language is the reader's."""
        if not self.foreign or not text:
            return text
        self.used = True
        return f"{text} [{self.original.language}]"

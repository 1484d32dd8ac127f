"""Searching within an edition: ids, titles, demands and interview prompts, in all its languages."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe

from stannary.core.standards import Edition
from stannary.web.parties.search import fold, wanted

_ID = re.compile(r"[0-9]+(\.[0-9]+)+\.?")


def hits(edition: Edition, query: str) -> tuple[str, ...]:
    """Give the ids of the requirements that hold every word asked for, in their order.

    A word of numbers and points, such as 1.2, asks for the ids that begin so.
    """
    words = wanted(query)
    if not words:
        return ()
    return tuple(
        requirement_id
        for requirement_id, text in _index(_Key(edition))
        if all(_holds(requirement_id, text, word) for word in words)
    )


class _Key:
    """Stands for an edition in a cache: two are the same when it is the same object."""

    __slots__ = ("edition",)

    def __init__(self, edition: Edition) -> None:
        self.edition = edition

    def __hash__(self) -> int:
        return id(self.edition)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.edition is self.edition


@lru_cache(maxsize=32)
def _index(key: _Key) -> tuple[tuple[str, str], ...]:
    """Fold all texts once: about the size of the edition itself."""
    edition = key.edition
    index = []
    for requirement in edition.requirements:
        texts = [requirement.id, requirement.title, requirement.demand, requirement.interview]
        for said in edition.translations.values():
            texts.append(said.requirement_titles.get(requirement.id, ""))
            texts.append(said.requirement_demands.get(requirement.id, ""))
        index.append((requirement.id, fold("\n".join(texts))))
    return tuple(index)


def _holds(requirement_id: str, text: str, word: str) -> bool:
    if _ID.fullmatch(word):
        return f"{requirement_id}.".startswith(f"{word.rstrip('.')}.")
    return word in text


def marked(text: str, query: str) -> SafeString:
    """Escape a text and mark the words that were asked for, whatever their accents.

    A single letter stands in every other word, so it is found and not marked.

    Example:
        >>> str(marked("Propriété <b>", "propriete"))
        '<mark>Propriété</mark> &lt;b&gt;'
    """
    words = [word for word in wanted(query) if len(word) > 1 and not _ID.fullmatch(word)]
    folded, places = _folded_with_places(text)
    spans = sorted(span for word in words for span in _spans(folded, places, word))
    parts: list[str] = []
    done = 0
    for start, end in spans:
        if end > done:
            begin = max(start, done)
            parts += [escape(text[done:begin]), "<mark>", escape(text[begin:end]), "</mark>"]
            done = end
    parts.append(escape(text[done:]))
    return mark_safe("".join(parts).replace("</mark><mark>", ""))  # noqa: S308 - every piece is escaped


def _spans(folded: str, places: Sequence[int], word: str) -> Iterator[tuple[int, int]]:
    start = folded.find(word)
    while start >= 0:
        yield places[start], places[start + len(word) - 1] + 1
        start = folded.find(word, start + len(word))


@lru_cache(maxsize=2048)
def _folded_with_places(text: str) -> tuple[str, Sequence[int]]:
    """Fold a text and say for each folded character at which place it stood."""
    if text.isascii():
        return text.lower(), range(len(text))
    folded = [_folded_letter(letter) for letter in text]
    places = [place for place, parts in enumerate(folded) for _part in parts]
    return "".join(folded), places


@lru_cache(maxsize=4096)
def _folded_letter(letter: str) -> str:
    return fold(letter)

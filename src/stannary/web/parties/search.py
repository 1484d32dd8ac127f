"""Finding words whatever their accents and capitals: Fénix is found by fenix."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

MAX_QUERY = 100


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Take accents and capitals off.

    Example:
        >>> fold("Salar de Atacama, Région"), fold("ÎLE")
        ('salar de atacama, region', 'ile')
    """
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def wanted(query: str) -> tuple[str, ...]:
    """Split what somebody typed into folded words, of which all must be found."""
    return tuple(fold(query[:MAX_QUERY]).split())


def finds(words: Iterable[str], texts: Iterable[str]) -> bool:
    """Tell whether each word stands in one of the texts.

    Example:
        >>> finds(wanted("FENIX argent"), ("Fénix", "Argentina")), finds(wanted("x"), ("abc",))
        (True, False)
    """
    whole = "\n".join(fold(text) for text in texts)
    return all(word in whole for word in words)

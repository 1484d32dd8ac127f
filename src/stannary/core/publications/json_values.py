"""JSON values read with their kind and place; whatever is of another kind is refused.

Rules: PUBLICATION-006.
"""

import datetime
from collections.abc import Mapping
from typing import NoReturn

from stannary.core.kernel import Finding, RefusalError, refuse
from stannary.core.publications import rules

DEPTH_MAX = 10
"""How deep a score may nest; ours has five levels."""


def wrong(key: str, problem: str) -> NoReturn:
    """Refuse a value, saying where it stands and what is wrong."""
    refuse(rules.RESULT_HAS_ITS_FORM, key=key[:80], problem=problem)


def check_keys(content: Mapping[str, object], keys: tuple[str, ...], path: str) -> None:
    """Refuse an object that misses a key or has another one; every such key is told."""
    prefix = f"{path}." if path else ""
    missing = [(key, "missing") for key in keys if key not in content]
    unknown = [(str(key), "unknown") for key in content if key not in keys]
    if missing or unknown:
        raise RefusalError(
            *(
                Finding(
                    rules.RESULT_HAS_ITS_FORM, {"key": f"{prefix}{key}"[:80], "problem": problem}
                )
                for key, problem in (*missing, *unknown)
            )
        )


def as_object(item: object, path: str, keys: tuple[str, ...] | None) -> Mapping[str, object]:
    """Give an object with exactly these keys; None: with any."""
    if not isinstance(item, Mapping) or not all(isinstance(key, str) for key in item):
        wrong(path, "not an object")
    if keys is not None:
        check_keys(item, keys, path)
    return item


def as_list(item: object, path: str) -> list[object]:
    """Give a list."""
    return item if isinstance(item, list) else wrong(path, "not a list")


def as_text(item: object, path: str) -> str:
    """Give a text."""
    return item if isinstance(item, str) else wrong(path, "not a text")


def as_flag(item: object, path: str) -> bool:
    """Give true or false."""
    return item if isinstance(item, bool) else wrong(path, "neither true nor false")


def as_count(item: object, path: str) -> int:
    """Give a whole number, 0 or more."""
    if isinstance(item, bool) or not isinstance(item, int) or item < 0:
        wrong(path, "not a whole number")
    return item


def as_day(item: object, path: str) -> datetime.date:
    """Give a day."""
    text = as_text(item, path)
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        day = None
    # The other forms of ISO 8601, such as 2026-W23-1, are read but not allowed here.
    if day is None or day.isoformat() != text:
        wrong(path, "not a day written YYYY-MM-DD")
    return day


def as_json(item: object, path: str, depth: int = 0) -> object:
    """Copy a value that JSON can hold without fractions."""
    if depth > DEPTH_MAX:
        wrong(path, "nested too deep")
    if isinstance(item, Mapping):
        those = as_object(item, path, None)
        return {key: as_json(those[key], f"{path}.{key}", depth + 1) for key in those}
    if isinstance(item, list):
        return [as_json(each, f"{path}[{n}]", depth + 1) for n, each in enumerate(item)]
    if item is None or isinstance(item, str | bool | int):
        return item
    wrong(path, "neither text nor whole number")

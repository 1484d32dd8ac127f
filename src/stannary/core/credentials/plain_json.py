"""JSON read strictly, so that two readers can never see two things in one text.

Rules: CREDENTIAL-002.
"""

import json
from typing import NoReturn

from stannary.core.credentials import rules
from stannary.core.kernel import Finding, Place, RefusalError, refuse

DEPTH_MAX = 64

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]
"""What such a text can hold."""


def parse_json(text: str, *, at: Place | None = None, fractions_as_text: bool = False) -> Json:
    """Read one JSON value strictly.

    Args:
        text: The value, with blanks around it or none.
        at: Where it was read, for messages.
        fractions_as_text: Keep a number with a point or exponent as its text. Else it is
            refused: numbers that carry meaning are written as texts.

    Raises:
        RefusalError: CREDENTIAL-002 for anything that is not JSON, a key that is repeated in
            its object, half a surrogate pair, NaN, or more than 64 levels.

    Example:
        >>> parse_json('{"share": "3/8", "lines": [1, 2]}')
        {'share': '3/8', 'lines': [1, 2]}
    """

    def stop(problem: str) -> NoReturn:
        refuse(rules.JSON_IS_PLAIN, at=at, problem=problem)

    def pairs(those: list[tuple[str, Json]]) -> dict[str, Json]:
        found: dict[str, Json] = {}
        for name, value in those:
            if name in found:
                stop(f"the key {name[:60]!a} twice")
            found[name] = value
        return found

    def fraction(number: str) -> str:
        return number if fractions_as_text else stop(f"the fraction {number[:40]}")

    try:
        content: Json = json.loads(
            text,
            object_pairs_hook=pairs,
            parse_float=fraction,
            parse_constant=lambda name: stop(f"the number {name}"),
        )
    except RecursionError:
        stop("more than 64 levels")
    except json.JSONDecodeError as error:
        place = Place(at.file, error.lineno, str(error.colno)) if at else None
        finding = Finding(rules.JSON_IS_PLAIN, {"problem": error.msg}, place)
        raise RefusalError(finding) from error
    except ValueError:  # a whole number of thousands of digits
        stop("a number that is too long")
    problem = _problem(content)
    if problem:
        stop(problem)
    return content


def _problem(content: Json) -> str | None:
    """What else is wrong with a value that was read; walks it without recursion."""
    open_values = [(content, 1)]
    while open_values:
        value, depth = open_values.pop()
        if depth > DEPTH_MAX:
            return "more than 64 levels"
        texts = [value] if isinstance(value, str) else []
        if isinstance(value, dict):
            texts = list(value)
            open_values += [(inner, depth + 1) for inner in value.values()]
        elif isinstance(value, list):
            open_values += [(inner, depth + 1) for inner in value]
        if any("\ud800" <= sign <= "\udfff" for text in texts for sign in text):
            return "half a surrogate pair"
    return None

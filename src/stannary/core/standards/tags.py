"""Tags: where else the subject of a requirement is known.

Rules: STANDARD-018.
"""

import re
from collections.abc import Mapping

_WHOLE = "[1-9][0-9]?"
_FORMS: Mapping[str, re.Pattern[str]] = {
    "sdg": re.compile(rf"(?P<number>{_WHOLE})\.(?:{_WHOLE}|[a-d])"),
    "ungp": re.compile(rf"(?P<number>{_WHOLE})"),
    "gistm": re.compile(rf"(?P<number>{_WHOLE})"),
    "untp": re.compile(r"[a-z]{2,}(?:-[a-z]+){0,6}"),
}
_LAST: Mapping[str, int] = {"sdg": 17, "ungp": 31, "gistm": 15}


def is_tag(tag: str) -> bool:
    """Tell whether a tag names a scheme that is known here and a code that the scheme can have.

    "sdg" is a target of the Sustainable Development Goals (goals 1 to 17), "ungp" a UN Guiding
    Principle on Business and Human Rights (1 to 31), "gistm" a principle of the Global Industry
    Standard on Tailings Management (1 to 15), "untp" the short name of a conformity topic.

    Example:
        >>> is_tag("sdg:8.8"), is_tag("sdg:18.1"), is_tag("ungp:31"), is_tag("untp:air-quality-management")
        (True, False, True, True)
    """
    scheme, _, code = tag.partition(":")
    form = _FORMS.get(scheme)
    found = form.fullmatch(code) if form is not None else None
    if found is None:
        return False
    return scheme not in _LAST or int(found["number"]) <= _LAST[scheme]

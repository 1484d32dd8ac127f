"""What becomes public of a finding: never the name of somebody of the site.

Rules: CORRECTION-011.
"""

import re
from collections.abc import Iterable

from stannary.core.corrections import rules
from stannary.core.kernel import Finding

LEFT_OUT = "[name left out]"
"""What stands in a published text instead of a name."""

SHORTEST_NAME = 3
"""Letters; shorter ones are found inside of other words and are not looked for."""


def check_no_names(texts: Iterable[str], names: Iterable[str]) -> tuple[Finding, ...]:
    """Find names of people in texts that will be public.

    Args:
        texts: That will be public.
        names: Full names of people of the site, whom nothing public may name.

    Example:
        >>> [one.code for one in check_no_names(["Ana Example keeps it."], ["Ana Example"])]
        ['CORRECTION-011']
    """
    patterns = _patterns(names)
    there = (found.group() for text in texts for one in patterns for found in one.finditer(text))
    shown = ", ".join(dict.fromkeys(there))
    return (Finding(rules.NOBODY_OF_THE_SITE_IS_NAMED, {"names": shown}),) if shown else ()


def without_names(text: str, names: Iterable[str]) -> str:
    """Give a text with `LEFT_OUT` in the place of each name.

    What is written is checked already (CORRECTION-011); this holds for people who came later.
    """
    for one in _patterns(names):
        text = one.sub(LEFT_OUT, text)
    return text


def _patterns(names: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    """Give what finds each name as a whole, in any letters and across blanks; long ones first."""
    known = {tuple(name.split()) for name in names}
    long_enough = (parts for parts in known if sum(map(len, parts)) >= SHORTEST_NAME)
    wanted = sorted(long_enough, key=lambda parts: (-len(" ".join(parts)), parts))
    return tuple(
        re.compile(r"\b" + r"\s+".join(map(re.escape, parts)) + r"\b", re.IGNORECASE)
        for parts in wanted
    )

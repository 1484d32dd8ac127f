"""What axe finds on a page, without measuring what looks alike again and again."""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Page

RUN = "([rules, most, met]) => looks.look(rules, most, met)"
LOOKS = (Path(__file__).parent / "barriers.js").read_text(encoding="utf-8")
CONTRAST = "color-contrast"
ALIKE = 3
"""Places that look alike, of which the contrast is measured: rows of a table repeat, and heads of pages."""

Rules = tuple[str, ...] | None
"""The rules that axe goes through; None for all of them."""

EVERYTHING: Rules = None
COLOURS: Rules = (CONTRAST,)
NARROW: Rules = ("target-size", "scrollable-region-focusable", "meta-viewport")
"""What may differ on a narrow window; all else is the same page as at a desk."""
WORDED: Rules = (
    CONTRAST,
    "html-has-lang",
    "valid-lang",
    "document-title",
    "label",
    "link-name",
    "button-name",
)
"""What may differ in another language, and in the dark."""


class Seen(NamedTuple):
    """What one look at a page gives.

    Attributes:
        wider: By how many pixels it is wider than its window, with all that opens opened.
        frames: Frames, sounds and films, which are not looked into.
        language: That it is said to be in.
        size: Of its HTML, in bytes.
        barriers: That axe finds, with the first place of each.
    """

    wider: int
    frames: int
    language: str | None
    size: int
    barriers: list[str]


def prepare(context: BrowserContext) -> None:
    """Let each page that is opened from now on be ready to be looked at."""
    context.add_init_script(AXE_SCRIPT + "\n" + LOOKS)


def seen(page: Page, rules: Rules, met: Counter[str]) -> Seen:
    """Look at a page; what looks alike is counted, and not measured again when it was met enough."""
    told = page.evaluate(RUN, [rules, ALIKE, met])
    met.update(told["met"])
    found = []
    for violation in told["found"]:
        places = [node["html"][:200] for node in violation["nodes"]]
        found.append(f"{violation['id']} in {len(places)} places, first {places[0]}")
    return Seen(told["wide"], told["frames"], told["language"], told["bytes"], found)


def barriers(page: Page, rules: Rules) -> list[str]:
    """Give what axe finds on a page that stands alone."""
    page.evaluate(AXE_SCRIPT)
    page.evaluate(LOOKS)
    return seen(page, rules, Counter()).barriers

"""What axe finds on a page, without measuring what looks alike again and again."""

from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RUN = "([rules, most]) => looks.run(rules, most)"
LOOKS = (Path(__file__).parent / "barriers.js").read_text(encoding="utf-8")
CONTRAST = "color-contrast"
ALIKE = 3
"""Places of a page that look alike, of which the contrast is measured: rows of a table repeat."""

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


def barriers(page: Page, rules: Rules) -> list[str]:
    """Give what axe finds on a page, with the first place of each."""
    if not page.evaluate("'looks' in window"):
        page.evaluate(AXE_SCRIPT)
        page.evaluate(LOOKS)
    found = []
    for violation in page.evaluate(RUN, [rules, ALIKE]):
        places = [node["html"][:200] for node in violation["nodes"]]
        found.append(f"{violation['id']} in {len(places)} places, first {places[0]}")
    return found

"""Every kind of page: without barriers, no wider than a phone, light, and clean under the policy."""

from typing import Literal, NamedTuple

import pytest
from django.urls import resolve, reverse
from django.utils import translation
from playwright.sync_api import FilePayload, Page

from journeys import every_page
from journeys.barriers import COLOURS, EVERYTHING, NARROW, WORDED, Rules, barriers
from journeys.register import HEIGHT, Register, wide
from stannary.web.claims.models import Claim

DESK, PHONE = 1280, 360
MOST_BYTES = 100_000
MOST_OF_A_RESULT = 130_000
"""A result shows every requirement with its reasons on one page; a seventh of it travels."""
OPEN_ALL = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"


def framed(page: Page) -> list[str]:
    """Say if a page has what is not looked into."""
    count = page.locator("iframe, audio, video").count()
    return [f"{count} frames, sounds or films"] if count else []


class Look(NamedTuple):
    """One way of looking at every page.

    Attributes:
        width: Of the window.
        language: Of the pages.
        rules: That axe goes through.
        scheme: Of the colours.
        narrowed: Whether the window is made as narrow as a phone afterwards, and looked at again.
    """

    width: int
    language: str
    rules: Rules
    scheme: Literal["light", "dark"]
    narrowed: bool = False


LOOKS = {
    "at a desk and then on a phone": Look(DESK, "en", EVERYTHING, "light", narrowed=True),
    "in French on a phone in the dark": Look(PHONE, "fr", WORDED, "dark"),
}


def look(page: Page, where: str, way: Look) -> list[str]:
    """Unfold all of the page that is open, and give what is wrong with it."""
    page.evaluate(OPEN_ALL)
    found = [*too_wide(page), *framed(page), *barriers(page, way.rules)]
    if page.locator("html").get_attribute("lang") != way.language:
        found.append(f"not said to be in {way.language}")
    if way.narrowed:
        page.set_viewport_size({"width": PHONE, "height": HEIGHT})
        narrow = [*too_wide(page), *barriers(page, NARROW)]
        found += [f"on a phone: {one}" for one in narrow]
        page.set_viewport_size({"width": way.width, "height": HEIGHT})
    return [f"{where}: {one}" for one in found]


def too_wide(page: Page) -> list[str]:
    """Say if a page is wider than its window."""
    more = wide(page)
    return [f"{more} pixels wider than the window"] if more > 0 else []


def faults(page: Page, path: str, way: Look) -> list[str]:
    """Open a page, weigh it and look at it."""
    answer = page.goto(path)
    assert answer is not None
    size = len(answer.body())
    most = MOST_OF_A_RESULT if "/results/" in path else MOST_BYTES
    heavy = [f"{path}: {size} bytes of HTML"] if size >= most else []
    return heavy + look(page, path, way)


def refused(page: Page, path: str, typed: dict[str, str], way: Look) -> list[str]:
    """Send a form with something that is refused, and look at the answer."""
    page.goto(path)
    for field, text in typed.items():
        where = page.locator(f"main [name={field}]")
        if field == "file":
            where.set_input_files(FilePayload(name="a", mimeType="", buffer=text.encode()))
        else:
            where.fill(text)
    with page.expect_navigation():
        page.locator("main form[method=post] button[type=submit]").click()
    assert page.get_by_role("alert").or_(page.locator(".verdict.bad")).first.is_visible()
    return look(page, f"{path} refused", way)


@pytest.mark.timeout(900)
@pytest.mark.either_database
@pytest.mark.parametrize("way", list(LOOKS.values()), ids=list(LOOKS))
def test_every_kind_of_page_is_open_to_everybody(register: Register, way: Look) -> None:
    width, language = way.width, way.language
    register.expected = ("status of 404", "status of 422")
    with translation.override(language):
        public, closed = every_page.public(), every_page.signed_in()
        door = every_page.half_signed_in()
        sign_in, verify = reverse("account_login"), reverse("verify")
        make = reverse("claims:make", args=["L-2041"])
    found: list[str] = []
    forged = Claim.objects.get().file.replace("5000000000", "5000000001", 1)

    page = register.visitor(width, language=language, scheme=way.scheme)
    for path in public:
        found += faults(page, path, way)
    wrong = {"login": "auditor", "password": "forgotten"}
    for path, typed in (
        (sign_in, wrong),
        (verify, {"text": "no claim"}),
        (verify, {"file": forged}),
    ):
        found += refused(page, path, typed, way)
    page = register.visitor(width, language=language, scheme=way.scheme)
    register.begin_to_sign_in(page, "keyholder", language)
    found += faults(page, door, way)
    for name, paths in closed.items():
        page = register.visitor(width, language=language, scheme=way.scheme)
        register.sign_in(page, name, language)
        for path in paths:
            found += faults(page, path, way)
        if name == "clerk":
            found += refused(page, make, {"share": "99"}, way)

    assert found + register.complaints == []


@pytest.mark.either_database
def test_the_pages_looked_at_are_all_that_there_are(register: Register) -> None:
    closed = every_page.signed_in().values()
    paths = [
        every_page.half_signed_in(),
        *every_page.public(),
        *(one for some in closed for one in some),
    ]
    seen = {resolve(path.partition("?")[0]).view_name for path in paths}

    assert every_page.page_names() == seen


def test_a_barrier_would_be_found(page: Page) -> None:
    page.set_content(
        "<style>:root { color-scheme: light dark; background: white; color: #ccc }</style>"
        "<main><h1>Pale</h1><img src=''><p>Pale words</p></main>"
    )

    found = " ".join(barriers(page, EVERYTHING))

    assert "image-alt" in found
    assert "color-contrast" in " ".join(barriers(page, COLOURS))


def test_one_pale_word_in_a_long_table_would_be_found(page: Page) -> None:
    rows = [f"<tr><td>Line {n}</td></tr>" for n in range(50)]
    rows[40] = "<tr style='background: #ccc'><td style='color: #bbb'>Line 40</td></tr>"
    page.set_content(f"<main><h1>Long</h1><table>{''.join(rows)}</table></main>")

    found = barriers(page, COLOURS)

    assert len(found) == 1
    assert "Line 40" in found[0]
    assert page.evaluate("looks.places(3).length") == 5

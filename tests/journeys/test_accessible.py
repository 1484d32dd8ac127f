"""Every kind of page: without barriers, no wider than a phone, light, and clean under the policy."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

import pytest
from django.urls import resolve, reverse
from django.utils import translation
from playwright.sync_api import FilePayload, Page

from journeys import every_page
from journeys.barriers import (
    ALIKE,
    COLOURS,
    EVERYTHING,
    NARROW,
    WORDED,
    Rules,
    Seen,
    barriers,
    prepare,
    seen,
)
from journeys.register import HEIGHT, Register
from stannary.web.claims.models import Claim

DESK, PHONE = 1280, 360
GAVE_A_PASSWORD = ("keyholder", "clerk")
"""Pages about one's own account open only to who gave a password a moment ago."""
MOST_BYTES = 100_000
MOST_OF_A_RESULT = 130_000
"""A result shows every requirement with its reasons on one page; a seventh of it travels."""


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


@dataclass
class Eyes:
    """A browser that goes from page to page, and looks at each in one way.

    Attributes:
        page: Where it is.
        way: In which it looks.
        met: How often each look of a place was measured, by everybody who looks in this way.
    """

    page: Page
    way: Look
    met: Counter[str]

    def look(self, where: str) -> Iterator[str]:
        """Unfold all of the page that is open, and give what is wrong with it."""
        found = seen(self.page, self.way.rules, self.met)
        yield from (f"{where}: {one}" for one in wrong(found))
        if found.language != self.way.language:
            yield f"{where}: not said to be in {self.way.language}"
        most = MOST_OF_A_RESULT if "/results/" in where else MOST_BYTES
        if found.size >= most:
            yield f"{where}: {found.size} bytes of HTML"
        if self.way.narrowed:
            self.page.set_viewport_size({"width": PHONE, "height": HEIGHT})
            narrow = seen(self.page, NARROW, self.met)
            yield from (f"{where}: on a phone: {one}" for one in wrong(narrow))
            self.page.set_viewport_size({"width": self.way.width, "height": HEIGHT})

    def open(self, path: str) -> Iterator[str]:
        """Open a page and look at it."""
        assert self.page.goto(path) is not None
        if self.page.locator("body.notebook").count():  # its script shows it when it has looked
            self.page.locator("main h1:visible, #nothing:visible").first.wait_for()
        yield from self.look(path)

    def be_refused(self, path: str, typed: dict[str, str]) -> Iterator[str]:
        """Send a form with something that is refused, and look at the answer."""
        page = self.page
        page.goto(path)
        for field, text in typed.items():
            where = page.locator(f"main [name={field}]")
            if field == "file":
                where.set_input_files(FilePayload(name="a", mimeType="", buffer=text.encode()))
            else:
                where.fill(text)
        with page.expect_navigation():
            page.locator("main form[method=post] button[type=submit]:not([name=preview])").click()
        assert page.get_by_role("alert").or_(page.locator(".verdict.bad")).first.is_visible()
        yield from self.look(f"{path} refused")


def wrong(found: Seen) -> Iterator[str]:
    """Say if a page is wider than its window, has what is not looked into, or barriers."""
    if found.wider > 0:
        yield f"{found.wider} pixels wider than the window"
    if found.frames:
        yield f"{found.frames} frames, sounds or films"
    yield from found.barriers


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
    forged = Claim.objects.get().file.replace("5000000000", "5000000001", 1)
    found: list[str] = []
    met: Counter[str] = Counter()

    def visitor() -> Eyes:
        page = register.visitor(width, language=language, scheme=way.scheme)
        prepare(page.context)
        return Eyes(page, way, met)

    eyes = visitor()
    for path in public:
        found += eyes.open(path)
    wrong = {"login": "auditor", "password": "forgotten"}
    for path, typed in (
        (sign_in, wrong),
        (verify, {"text": "no claim"}),
        (verify, {"file": forged}),
    ):
        found += eyes.be_refused(path, typed)
    eyes = visitor()
    register.begin_to_sign_in(eyes.page, "keyholder", language)
    found += eyes.open(door)
    for name, paths in closed.items():
        eyes = visitor()
        if name in GAVE_A_PASSWORD:
            register.sign_in(eyes.page, name, language)
        else:
            register.let_in(eyes.page, name)
        for path in paths:
            found += eyes.open(path)
        if name == "clerk":
            found += eyes.be_refused(make, {"share": "99"})

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
    long = f"<main><h1>Long</h1><table>{''.join(rows)}</table></main>"
    met: Counter[str] = Counter()
    prepare(page.context)
    page.goto("about:blank")
    page.set_content(long)

    found = seen(page, COLOURS, met).barriers

    assert len(found) == 1
    assert "Line 40" in found[0]
    assert sorted(met.values()) == [1, 1, ALIKE]
    again = page.evaluate("met => looks.places(3, met).chosen.map(one => one.innerText)", met)
    assert again == ["Long", "Line 40"]


def test_a_pale_word_on_the_next_page_would_be_found_among_others_like_it(page: Page) -> None:
    met: Counter[str] = Counter()
    lines = "<p>Dark.</p>" * 5
    prepare(page.context)
    page.goto("about:blank")
    page.set_content(f"<main>{lines}</main>")
    first = seen(page, COLOURS, met)
    page.set_content(f"<main>{lines}<p style='color: #bbb'>Pale.</p></main>")
    second = seen(page, COLOURS, met)
    page.set_content(
        f"<main>{lines}<div style='background: #333'><p>On a dark ground.</p></div></main>"
    )
    third = seen(page, COLOURS, met)

    assert first.barriers == []
    assert "Pale." in second.barriers[0]
    assert "On a dark ground." in third.barriers[0]


def test_a_page_that_is_too_wide_or_has_a_frame_would_be_found(page: Page) -> None:
    prepare(page.context)
    page.set_viewport_size({"width": PHONE, "height": HEIGHT})
    page.goto("about:blank")
    page.set_content("<details><p style='width: 400px'>Wide.</p></details><iframe></iframe>")

    found = seen(page, COLOURS, Counter())

    assert found.wider > 0
    assert found.frames == 1

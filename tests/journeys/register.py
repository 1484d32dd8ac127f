"""The register with all its data, as a person meets it: in a browser, on a desk or a phone."""

import base64
import hashlib
import hmac
import struct
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, WebError

from stannary.web.parties.models import Person

PASSWORD = "long enough for journeys"
SECRET = base64.b32encode(b"twenty bytes of keys").decode()
PEOPLE = (
    "auditor",
    "colleague",
    "verifier",
    "operator",
    "clerk",
    "secretariat",
    "outsider",
    "keyholder",
)
WITH_SECOND_FACTOR = ("keyholder",)
HEIGHT = 800
PICTURES = Path(__file__).resolve().parents[2] / "docs" / "images"


@dataclass
class Register:
    """A running register, and what the browsers that looked at it complained of.

    Attributes:
        url: Where it answers, without a slash at the end.
        browser: The Chromium in which it is looked at.
        complaints: Errors on the console and in scripts, violations of the policy included.
        expected: Parts of complaints that belong to the journey, such as the answer 422.
    """

    url: str
    browser: Browser
    complaints: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()
    contexts: list[BrowserContext] = field(default_factory=list)

    def visitor(
        self,
        width: int = 1280,
        *,
        scripts: bool = True,
        scheme: Literal["light", "dark"] = "light",
        language: str = "en-GB",
    ) -> Page:
        """Open a browser of its own, as somebody who has never been here."""
        context = self.browser.new_context(
            base_url=self.url,
            viewport={"width": width, "height": HEIGHT},
            java_script_enabled=scripts,
            color_scheme=scheme,
            locale=language,
            has_touch=width < 600,
            reduced_motion="reduce",
        )
        context.set_default_timeout(20_000)
        context.on("console", self._console)
        context.on("weberror", self._script)
        self.contexts.append(context)
        return context.new_page()

    def sign_in(self, page: Page, name: str, language: str = "en") -> None:
        """Sign in through the form."""
        page.goto("/sign-in/" if language == "en" else f"/{language}/sign-in/")
        page.locator("#id_login").fill(name)
        page.locator("#id_password").fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()
        if name in WITH_SECOND_FACTOR:
            page.locator("#id_code").fill(code_at(time.time()))
            page.locator("main form button[type=submit]").first.click()
        page.locator("footer form button").wait_for()

    def begin_to_sign_in(self, page: Page, name: str, language: str = "en") -> None:
        """Give name and password, and stop where the second factor is asked for."""
        page.goto("/sign-in/" if language == "en" else f"/{language}/sign-in/")
        page.locator("#id_login").fill(name)
        page.locator("#id_password").fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()
        page.locator("#id_code").wait_for()

    def let_in(self, page: Page, name: str) -> None:
        """Let somebody be signed in, by a session that was begun without the form."""
        client = Client()
        client.force_login(Person.objects.get(username=name))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.url}]
        )
        where = page.request.get("/work/", max_redirects=0).headers["location"]
        assert not where.startswith(("/sign-in/", "/account/")), where

    def sign_out(self, page: Page) -> None:
        """Sign out through the button in the foot."""
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("contentinfo").get_by_role("link", name="Sign in").wait_for()

    def close(self) -> None:
        """Close every browser that was opened."""
        while self.contexts:
            self.contexts.pop().close()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            where = message.location.get("url", "").removeprefix(self.url)
            self._complain(f"{where}: {message.text}")

    def _script(self, error: WebError) -> None:
        self._complain(f"{error.page.url if error.page else ''}: {error.error}")

    def _complain(self, text: str) -> None:
        if not any(part in text for part in self.expected):
            self.complaints.append(text)


def code_at(moment: float) -> str:
    """Give the code that the keyholder's app shows at a moment: RFC 6238, 30 seconds, 6 digits."""
    counter = struct.pack(">Q", int(moment // 30))
    digest = hmac.new(base64.b32decode(SECRET), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def wide(page: Page) -> int:
    """Give by how many pixels a page is wider than its window."""
    # by the locator, which waits: in the middle of a navigation there is no root element yet
    return int(page.locator("html").evaluate("html => html.scrollWidth - html.clientWidth"))

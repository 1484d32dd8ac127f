"""Passkeys in a real browser, with a device that Chromium plays: made, used, renamed, removed."""

import os
import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from playwright.sync_api import CDPSession, ConsoleMessage, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from stannary.web.parties.models import Person
from web.accounts.people import PASSWORD

# The browser is driven by a loop in this thread, and Django asks whether that is meant.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.either_database,
    pytest.mark.untraced,
]

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """Collect what the browser complains of, such as a script that the policy forbids."""
    found: list[str] = []

    def take(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            found.append(message.text)

    page.on("console", take)
    yield found
    assert found == []


@pytest.fixture
def door(live_server: LiveServer, settings: Settings, page: Page, complaints: list[str]) -> Page:
    """Open the door of a register that is called localhost, for passkeys need a name."""
    assert live_server.url.startswith("http://localhost:")
    settings.ORIGIN = live_server.url
    page.goto(f"{live_server.url}/sign-in/")
    return page


def plug_in(page: Page, **other: object) -> tuple[CDPSession, str]:
    """Give the browser a device that keeps passkeys."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": {**DEVICE, **other}})
    return tools, str(made["authenticatorId"])


def by_password(page: Page, name: str) -> None:
    page.get_by_label("Name or e-mail address").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("contentinfo").get_by_role("link", name="Sign in").click()


def add(page: Page, name: str, *, alone: bool) -> None:
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name of the passkey").fill(name)
    page.get_by_label("Sign in with it alone").set_checked(alone)
    page.get_by_role("button", name="Add a passkey").click()


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def test_an_auditor_sets_up_a_passkey_and_signs_in_with_it_alone(
    door: Page, auditor: Person
) -> None:
    plug_in(door)
    by_password(door, "auditor")
    expect(door.get_by_role("alert")).to_contain_text("Your role asks for a second factor")

    add(door, "My telephone", alone=True)

    heading(door, "Recovery codes")
    expect(door.locator(".codes li")).to_have_count(10)
    door.get_by_role("link", name="I have kept them").click()
    expect(door).to_have_url(re.compile("/assessments/$"))
    sign_out(door)
    door.get_by_role("button", name="Sign in with a passkey").click()
    expect(door).to_have_url(re.compile("/assessments/$"))
    door.goto(door.url.replace("/assessments/", "/sites/"))
    heading(door, "Mines")


def test_a_passkey_is_the_second_factor_after_the_password(door: Page, auditor: Person) -> None:
    plug_in(door)
    by_password(door, "auditor")
    add(door, "Key ring", alone=False)
    heading(door, "Recovery codes")
    sign_out(door)

    by_password(door, "auditor")
    heading(door, "Your second factor")
    door.get_by_role("button", name="Use a passkey").click()

    expect(door).to_have_url(re.compile("/assessments/$"))


def test_a_passkey_is_renamed_used_again_and_removed(door: Page, auditor: Person) -> None:
    plug_in(door)
    by_password(door, "auditor")
    add(door, "", alone=True)
    heading(door, "Recovery codes")
    door.get_by_role("link", name="Your account").click()
    door.get_by_role("link", name="Your passkeys").click()
    door.get_by_role("link", name="Rename").click()
    door.get_by_label("Name of the passkey").fill("<b>Old</b> telephone")
    door.get_by_role("button", name="Rename").click()
    expect(door.get_by_role("main")).to_contain_text("<b>Old</b> telephone")

    door.goto(door.url.replace("/passkeys/", "/confirm/passkey/"))
    door.get_by_role("button", name="Use a passkey").click()
    expect(door).to_have_url(re.compile("/assessments/$"))

    door.goto(door.url.replace("/assessments/", "/account/passkeys/"))
    door.get_by_role("link", name="Remove").click()
    door.get_by_role("button", name="Remove the passkey").click()
    expect(door.get_by_role("main")).to_contain_text("The passkey was removed.")
    assert not Authenticator.objects.exists()


def test_a_device_that_knows_nobody_here_is_told_so(door: Page, auditor: Person) -> None:
    plug_in(door)

    door.get_by_role("button", name="Sign in with a passkey").click()

    expect(door.get_by_role("alert")).to_contain_text("knows no passkey for this place")
    heading(door, "Sign in")


def test_one_device_holds_one_passkey_for_an_account(door: Page, auditor: Person) -> None:
    plug_in(door)
    by_password(door, "auditor")
    add(door, "First", alone=True)
    heading(door, "Recovery codes")
    door.get_by_role("link", name="Your account").click()

    add(door, "Second", alone=True)

    expect(door.get_by_role("alert")).to_contain_text("has a passkey for this account already")
    assert Authenticator.objects.filter(type="webauthn").count() == 1


def test_an_answer_for_one_question_does_not_fit_another(
    door: Page, live_server: LiveServer, auditor: Person
) -> None:
    plug_in(door)
    by_password(door, "auditor")
    add(door, "First", alone=True)
    heading(door, "Recovery codes")
    sign_out(door)
    door.evaluate("HTMLFormElement.prototype.submit = () => {}")
    door.get_by_role("button", name="Sign in with a passkey").click()
    field = door.locator("form.passkey input[name=credential]")
    expect(field).not_to_have_value("")
    answer = field.input_value()
    assert door.context.browser is not None
    stranger = door.context.browser.new_context().new_page()
    stranger.goto(door.url)

    assert send(stranger, answer) == "/sign-in/"
    assert send(door, answer.replace('"signature":"', '"signature":"AAAA')) == "/sign-in/"
    assert send(door, "{}") == "/sign-in/"
    assert send(door, answer) == "/work/"
    door.goto(f"{live_server.url}/sign-out/")
    door.get_by_role("main").get_by_role("button", name="Sign out").click()
    door.goto(f"{live_server.url}/sign-in/")
    assert send(door, answer) == "/sign-in/"


def send(page: Page, answer: str) -> str:
    """Send a device's answer from a page to sign in, and give where it leads."""
    token = page.locator("form.passkey input[name=csrfmiddlewaretoken]").input_value()
    sent = page.request.post(
        f"{page.url.partition('/sign-in/')[0]}/sign-in/passkey/",
        form={"csrfmiddlewaretoken": token, "credential": answer},
        headers={"Referer": page.url},
        max_redirects=0,
    )
    assert sent.status == 302
    return sent.headers["location"]


def test_without_scripts_there_is_no_button_that_does_nothing(
    live_server: LiveServer, settings: Settings, page: Page, auditor: Person
) -> None:
    settings.ORIGIN = live_server.url
    assert page.context.browser is not None
    plain = page.context.browser.new_context(java_script_enabled=False).new_page()
    plain.goto(f"{live_server.url}/sign-in/")

    expect(plain.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    by_password(plain, "auditor")
    plain.get_by_role("link", name="Add a passkey").click()
    expect(plain.get_by_role("main")).to_contain_text("A passkey needs scripts")
    expect(plain.get_by_role("button", name="Add a passkey")).to_be_hidden()


@pytest.mark.parametrize("origin", ["http://127.0.0.1:8000", "http://register.example.org"])
def test_where_passkeys_cannot_work_the_page_says_so(
    auditor: Person, settings: Settings, origin: str
) -> None:
    settings.ORIGIN = origin
    settings.ALLOWED_HOSTS = ["*"]
    browser = Client(SERVER_NAME=origin.partition("//")[2].partition(":")[0])
    browser.force_login(auditor)

    page = browser.get("/account/").content.decode()

    if "127" in origin:
        assert "http://localhost:80/sign-in/" in page
    else:
        assert "only for places that are reached by https" in page
    assert (
        "Sign in with a passkey"
        not in Client(SERVER_NAME=origin.partition("//")[2].partition(":")[0])
        .get("/sign-in/")
        .content.decode()
    )

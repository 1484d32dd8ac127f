"""Codes of an app and recovery codes: set up, used, used up, and guessed in vain."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client

from stannary.web.parties.models import Person
from stannary.web.project import mail
from web.accounts.conftest import Clock
from web.accounts.people import SECRET, code_at, give_app, is_signed_in, type_in
from web.project.mail_server import Inbox

pytestmark = pytest.mark.django_db(transaction=True)


def waiting_for_code(name: str = "auditor") -> Client:
    browser = Client()
    assert type_in(browser, name)["Location"] == "/sign-in/code/"
    return browser


def shown_codes(browser: Client) -> list[str]:
    page = browser.get("/account/codes/").content.decode()
    return re.findall(r"<li>(\d{8})</li>", page)


def set_up(browser: Client, clock: Clock) -> str:
    """Set up an app as its page says, and give the secret."""
    page = browser.get("/account/app/").content.decode()
    (secret,) = re.findall(r'class="mono secret">([A-Z2-7]+)<', page)
    answer = browser.post("/account/app/", {"code": code_at(clock.now, secret)})
    assert answer["Location"] == "/account/codes/"
    return str(secret)


def test_an_app_is_set_up_with_a_computed_code_and_then_asked_for(
    auditor: Person, clock: Clock, inbox: Inbox
) -> None:
    auditor.email = "auditor@example.org"
    auditor.save()
    EmailAddress.objects.create(user=auditor, email=auditor.email, primary=True, verified=True)
    browser = Client()
    type_in(browser, "auditor")

    secret = set_up(browser, clock)

    assert browser.get("/sites/").status_code == 200
    assert len(shown_codes(browser)) == 10
    mail.wait_for_sending()
    assert [sent["To"] for sent in inbox.mails] == ["auditor@example.org"]
    assert inbox.mails[0]["Subject"] == "Authenticator App Activated"
    clock.now += 30
    later = waiting_for_code()
    assert (
        later.post("/sign-in/code/", {"code": code_at(clock.now, secret)})["Location"] == "/work/"
    )
    assert is_signed_in(later)


def test_the_picture_to_scan_is_in_the_page_without_style_and_says_what_the_app_needs(
    auditor: Person,
) -> None:
    browser = Client()
    type_in(browser, "auditor")

    page = browser.get("/account/app/").content.decode()

    assert '<svg class="qr"' in page or 'class="qr"' in page
    assert "data:" not in page
    assert " style=" not in page
    assert "otpauth://totp/auditor?secret=" in page
    assert "issuer=Stannary%20testserver" in page


def test_a_wrong_code_sets_nothing_up(auditor: Person, clock: Clock) -> None:
    browser = Client()
    type_in(browser, "auditor")
    page = browser.get("/account/app/").content.decode()
    (secret,) = re.findall(r'class="mono secret">([A-Z2-7]+)<', page)
    wrong = f"{(int(code_at(clock.now, secret)) + 1) % 1_000_000:06}"

    answer = browser.post("/account/app/", {"code": wrong})

    assert "This code is not right" in answer.content.decode()
    assert secret in answer.content.decode()
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    ("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_code_of_the_half_minute_before_or_after_is_right_and_no_other(
    auditor: Person, clock: Clock, steps: int, right: bool
) -> None:
    give_app(auditor)
    browser = waiting_for_code()

    browser.post("/sign-in/code/", {"code": code_at(clock.now + 30 * steps)})

    assert is_signed_in(browser) is right


def test_a_code_signs_in_once_even_while_it_could_still_be_given(
    auditor: Person, clock: Clock
) -> None:
    give_app(auditor)
    code = code_at(clock.now)
    first, second = waiting_for_code(), waiting_for_code()
    first.post("/sign-in/code/", {"code": code})
    assert is_signed_in(first)

    for moment in (0, 30):
        clock.now += moment
        answer = second.post("/sign-in/code/", {"code": f" {code}"})
        assert not is_signed_in(second)
        assert "used already" in answer.content.decode()


def test_a_recovery_code_signs_in_once_and_the_others_stay(auditor: Person, clock: Clock) -> None:
    give_app(auditor)
    codes = RecoveryCodes.activate(auditor).generate_codes()
    browser = waiting_for_code()

    assert browser.post("/sign-in/code/", {"code": codes[3]})["Location"] == "/work/"

    assert browser.get("/sites/").status_code == 200
    assert shown_codes(browser) == codes[:3] + codes[4:]
    again = waiting_for_code()
    answer = again.post("/sign-in/code/", {"code": codes[3]})
    assert not is_signed_in(again)
    assert "used already" in answer.content.decode()
    assert again.post("/sign-in/code/", {"code": codes[4]}).status_code == 302


def test_five_wrong_codes_are_looked_at_and_then_not_even_the_right_one(
    auditor: Person, clock: Clock
) -> None:
    give_app(auditor)
    browser = waiting_for_code()
    wrong = f"{(int(code_at(clock.now)) + 1) % 1_000_000:06}"

    answers = [browser.post("/sign-in/code/", {"code": wrong}).status_code for _try in range(5)]
    last = browser.post("/sign-in/code/", {"code": code_at(clock.now)})

    assert answers == [200] * 5
    assert last.status_code == 429
    assert last["Retry-After"] == "300"
    assert "Too many wrong tries" in last.content.decode()
    assert not is_signed_in(browser)


def test_without_the_password_nobody_comes_to_the_code(auditor: Person) -> None:
    give_app(auditor)

    assert Client().get("/sign-in/code/")["Location"] == "/sign-in/"
    assert Client().post("/sign-in/code/", {"code": "000000"})["Location"] == "/sign-in/"


def test_secrets_are_sealed_in_the_database(auditor: Person) -> None:
    app = give_app(auditor)
    codes = RecoveryCodes.activate(auditor)

    kept = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert SECRET not in kept
    assert codes.generate_codes()[0] not in kept
    assert app.wrap().instance.data["secret"] != SECRET


def test_new_recovery_codes_end_the_old_ones_and_can_be_taken_as_a_file(
    auditor: Person, clock: Clock
) -> None:
    browser = Client()
    type_in(browser, "auditor")
    set_up(browser, clock)
    old = shown_codes(browser)
    assert "The 10 that are left" in browser.get("/account/codes/new/").content.decode()

    assert browser.post("/account/codes/new/")["Location"] == "/account/codes/"

    new = shown_codes(browser)
    assert not set(old) & set(new)
    file = browser.get("/account/codes/recovery-codes.txt")
    assert file.content.decode().split() == new
    assert file["Content-Disposition"].startswith("attachment")
    assert "no-store" in file["Cache-Control"]


def test_what_only_the_owner_may_do_is_asked_for_again_after_five_minutes(
    auditor: Person, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_app(auditor)
    RecoveryCodes.activate(auditor)
    browser = waiting_for_code()
    browser.post("/sign-in/code/", {"code": code_at(clock.now)})
    assert browser.get("/account/codes/").status_code == 200
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 301
    session.save()

    for address in ("/account/codes/", "/account/app/remove/", "/account/passkeys/new/"):
        assert browser.get(address)["Location"].startswith("/account/confirm/"), address
    again = {"password": "long enough for tests", "next": "/account/codes/"}
    assert browser.post("/account/confirm/", again)["Location"] == "/account/codes/"
    assert browser.get("/account/codes/").status_code == 200


def test_the_password_alone_is_not_enough_where_a_second_factor_is(
    ada: Person, clock: Clock
) -> None:
    browser = Client()
    type_in(browser, "ada")
    give_app(ada)

    assert browser.get("/account/app/remove/")["Location"].startswith("/account/confirm/")


def test_without_the_app_its_recovery_codes_end_too(auditor: Person, clock: Clock) -> None:
    browser = Client()
    type_in(browser, "auditor")
    set_up(browser, clock)

    assert browser.post("/account/app/remove/")["Location"] == "/account/"

    assert not Authenticator.objects.exists()
    assert browser.get("/sites/")["Location"] == "/account/"

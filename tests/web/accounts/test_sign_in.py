"""Signing in by name or address, within limits that tell nobody who has an account."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.test import Client

from stannary.web.parties.models import Person
from web.accounts.conftest import Clock
from web.accounts.people import is_signed_in, type_in


def test_somebody_signs_in_by_name_or_by_address(ada: Person) -> None:
    for name in ("ada", "ADA", "ada@example.org", "Ada@Example.org"):
        browser = Client()

        answer = type_in(browser, name)

        assert answer.status_code == 302, name
        assert answer["Location"] == "/work/"
        assert is_signed_in(browser)


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(ada: Person) -> None:
    wrong = type_in(Client(), "ada", "not this one").content.decode()
    unknown = type_in(Client(), "eve", "not this one").content.decode()

    assert "Name and password do not belong together" in wrong
    assert plain(wrong, "ada") == plain(unknown, "eve")


def plain(page: str, name: str) -> str:
    """Give a page without the name that was typed and without the tokens of its forms."""
    without = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    return without.replace(f'value="{name}"', "")


def test_after_signing_in_one_comes_to_where_one_wanted_to_go_but_never_elsewhere(
    ada: Person,
) -> None:
    assert type_in(Client(), "ada", next="/lots/L-1/")["Location"] == "/lots/L-1/"
    assert type_in(Client(), "ada", next="https://evil.example/")["Location"] == "/work/"
    assert type_in(Client(), "ada", next="//evil.example/")["Location"] == "/work/"


def test_the_key_of_the_session_changes_with_signing_in(ada: Person) -> None:
    browser = Client()
    session = browser.session
    session["before"] = "x"
    session.save()
    browser.cookies[django_settings.SESSION_COOKIE_NAME] = str(session.session_key)

    type_in(browser, "ada")

    assert browser.cookies["sessionid"].value != session.session_key
    assert browser.cookies["sessionid"]["httponly"]
    assert browser.cookies["sessionid"]["samesite"] == "Lax"
    type_in(browser, "ada")
    assert is_signed_in(browser)


def test_signing_out_needs_a_form_and_ends_the_session(ada: Person) -> None:
    browser = Client()
    type_in(browser, "ada")

    assert "Sign out" in browser.get("/sign-out/").content.decode()
    assert is_signed_in(browser)
    assert browser.post("/sign-out/")["Location"] == "/"
    assert not is_signed_in(browser)


def test_nobody_makes_an_account_for_themselves(client: Client) -> None:
    before = Person.objects.count()
    form = {"username": "eve", "email": "eve@example.org", "password1": "p", "password2": "p"}

    answer = client.post("/sign-up/", form)

    assert "Accounts are made by the secretariat" in answer.content.decode()
    assert Person.objects.count() == before


def test_a_closed_account_does_not_sign_in_and_is_signed_out_at_once(ada: Person) -> None:
    browser = Client()
    type_in(browser, "ada")
    ada.is_active = False
    ada.save()

    assert browser.get("/work/").status_code == 302
    assert browser.get("/work/")["Location"].startswith("/sign-in/")
    late = Client()
    assert type_in(late, "ada")["Location"] == "/sign-in/closed/"
    assert not is_signed_in(late)
    assert "This account is closed" in late.get("/sign-in/closed/").content.decode()


@pytest.mark.parametrize("name", ["ada", "ada@example.org", "eve", "eve@example.org"])
def test_five_wrong_tries_are_looked_at_and_the_sixth_is_refused_whoever_it_is(
    ada: Person, clock: Clock, name: str
) -> None:
    answers = [type_in(Client(), name, "not this one") for _try in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    page = answers[5].content.decode()
    assert "Too many wrong tries. Nothing was looked at. Wait five minutes" in page
    assert answers[5]["Retry-After"] == "300"
    assert "Retry-After" not in answers[4]


def test_what_is_said_at_the_limit_does_not_tell_who_has_an_account(
    ada: Person, clock: Clock
) -> None:
    for name in ("ada", "eve"):
        for _try in range(5):
            type_in(Client(), name, "not this one")

    known, unknown = (type_in(Client(), name, "not this one") for name in ("ada", "eve"))

    assert plain(known.content.decode(), "ada") == plain(unknown.content.decode(), "eve")
    own = {name: known[name] for name in ("Content-Length", "Expires")}  # a name's, and a second's
    assert {**known.headers} == {**unknown.headers, **own}


@pytest.mark.parametrize(("seconds", "status"), [(299.75, 429), (300.0, 302), (300.25, 302)])
def test_the_limit_ends_five_minutes_after_the_first_try_even_for_the_right_password(
    ada: Person, clock: Clock, seconds: float, status: int
) -> None:
    first = clock.now
    for _try in range(5):
        type_in(Client(), "ada", "not this one")
    assert type_in(Client(), "ada").status_code == 429

    clock.now = first + seconds

    assert type_in(Client(), "ada").status_code == status


def test_right_passwords_do_not_count_and_four_wrong_ones_stop_nobody(
    ada: Person, clock: Clock
) -> None:
    for _try in range(4):
        type_in(Client(), "ada", "not this one")
    for _try in range(6):
        assert type_in(Client(), "ada").status_code == 302
    assert type_in(Client(), "ada", "not this one").status_code == 200
    assert type_in(Client(), "ada").status_code == 429


def test_one_place_may_not_try_many_names(ada: Person, clock: Clock) -> None:
    answers = [type_in(Client(), f"name-{number}", "x").status_code for number in range(21)]

    assert answers == [200] * 20 + [429]
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert type_in(elsewhere, "name-0", "x").status_code == 200


def test_a_stranger_cannot_pretend_to_come_from_elsewhere(ada: Person, clock: Clock) -> None:
    for number in range(20):
        type_in(Client(), f"name-{number}", "x")

    answer = type_in(Client(HTTP_X_FORWARDED_FOR="192.0.2.9"), "another", "x")

    assert answer.status_code == 429


def test_whoever_sends_more_forms_than_people_do_gets_a_page_that_says_when(
    ada: Person, clock: Clock
) -> None:
    for _try in range(60):
        type_in(Client(), "ada")

    answer = type_in(Client(), "ada")

    assert answer.status_code == 429
    assert "Too many tries" in answer.content.decode()
    assert answer["Retry-After"] == "300"


def test_an_address_that_is_not_confirmed_signs_in_its_own_account_only(ada: Person) -> None:
    bea = Person.objects.create_user("bea", "bea@example.org", "another long password")
    EmailAddress.objects.create(user=ada, email="bea@example.org", verified=False)

    browser = Client()
    type_in(browser, "bea@example.org", "another long password")

    assert browser.session["_auth_user_id"] == str(bea.pk)

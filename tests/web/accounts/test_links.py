"""Links from mails: they arrive, work once and for a time, and tell nobody who has an account."""

import datetime
import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from pytest_django.fixtures import Settings

from stannary.web.parties.models import Organisation, Person, Role
from stannary.web.parties.operations import invite
from stannary.web.parties.tokens import INVITATION_HOLDS, RESET_HOLDS, LinkTokens
from stannary.web.project import mail
from web.accounts.people import NEW, give_app, is_signed_in, link_in, set_password, type_in
from web.project.mail_server import Inbox

pytestmark = pytest.mark.django_db(transaction=True)


def ask(address: str) -> Any:
    answer = Client().post("/password/", {"email": address}, follow=True)
    mail.wait_for_sending()
    return answer


def test_a_link_to_a_new_password_arrives_works_once_and_is_refused_later(
    ada: Person, inbox: Inbox
) -> None:
    assert "If an account has this address" in ask("ADA@example.org").content.decode()
    (sent,) = inbox.mails
    assert sent["To"] == "ada@example.org"
    assert sent["Subject"] == "A new password"
    path = link_in(sent.get_content())

    assert set_password(Client(), path)["Location"] == "/password/set/"

    browser = Client()
    type_in(browser, "ada", NEW)
    assert is_signed_in(browser)
    again = Client().get(path, follow=True).content.decode()
    assert "This link does not work any more" in again
    mail.wait_for_sending()
    assert "reset" in inbox.mails[-1].get_content()


def test_an_address_nobody_has_is_answered_like_one_that_somebody_has(
    ada: Person, inbox: Inbox
) -> None:
    known, unknown = ask("ada@example.org"), ask("eve@example.org")

    token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    pages = [token.sub("", one.content.decode()) for one in (known, unknown)]
    assert pages[0] == pages[1]
    assert known.redirect_chain == unknown.redirect_chain
    assert [sent["To"] for sent in inbox.mails] == ["ada@example.org"]


def test_a_closed_account_gets_no_link(ada: Person, inbox: Inbox) -> None:
    ada.is_active = False
    ada.save()

    ask("ada@example.org")

    assert inbox.mails == []


def test_links_carry_the_public_address_and_not_what_the_browser_called_us(
    ada: Person, inbox: Inbox, settings: Settings
) -> None:
    settings.ORIGIN = "https://register.example.org"

    Client(SERVER_NAME="localhost").post("/password/", {"email": "ada@example.org"})
    mail.wait_for_sending()

    assert "https://register.example.org/password/" in inbox.mails[0].get_content()
    assert "localhost" not in inbox.mails[0].get_content()


def test_a_new_password_does_not_replace_the_second_factor(ada: Person, inbox: Inbox) -> None:
    give_app(ada)
    ask("ada@example.org")
    set_password(Client(), link_in(inbox.mails[0].get_content()))

    browser = Client()
    answer = type_in(browser, "ada", NEW)

    assert answer["Location"] == "/sign-in/code/"
    assert not is_signed_in(browser)


def test_a_new_password_ends_every_other_session(ada: Person, inbox: Inbox) -> None:
    thief = Client()
    type_in(thief, "ada")
    ask("ada@example.org")
    set_password(Client(), link_in(inbox.mails[0].get_content()))

    assert thief.get("/account/")["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("password", ["short", "qwerty123456", "ada@example.org"])
def test_a_password_that_is_short_common_or_ones_own_name_is_refused(
    ada: Person, inbox: Inbox, password: str
) -> None:
    ask("ada@example.org")

    answer = set_password(Client(), link_in(inbox.mails[0].get_content()), password)

    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert ada.check_password("long enough for tests")


def test_a_sixth_link_for_one_address_is_refused_in_words_that_tell_nothing(
    ada: Person, inbox: Inbox
) -> None:
    for address in ("ada@example.org", "eve@example.org"):
        answers = [ask(address).status_code for _try in range(6)]
        assert answers == [200] * 5 + [429]
    assert len(inbox.mails) == 5


class Later(LinkTokens):
    """Tokens that are looked at later than they were made."""

    after = datetime.timedelta()

    def _now(self) -> datetime.datetime:
        return super()._now().replace(microsecond=0) + self.after


SECOND = datetime.timedelta(seconds=1)
EDGES = ((-SECOND, True), (0 * SECOND, True), (SECOND, False))


@pytest.mark.parametrize(("more", "holds"), EDGES, ids=["just under", "at", "just over"])
@pytest.mark.parametrize("invited", [True, False])
def test_a_link_holds_to_the_end_of_its_time_and_no_longer(
    ada: Person, more: datetime.timedelta, holds: bool, invited: bool
) -> None:
    if invited:
        ada.set_unusable_password()
        ada.save()
    tokens = Later()
    moment = tokens._now()
    tokens._now = lambda: moment  # type: ignore[method-assign] # a clock that stands still
    token = tokens.make_token(ada)
    end = INVITATION_HOLDS if invited else RESET_HOLDS

    tokens._now = lambda: moment + end + more  # type: ignore[method-assign] # and then moves

    assert tokens.check_token(ada, token) is holds


def test_a_token_is_one_persons_and_ends_with_a_new_address(ada: Person) -> None:
    bea = Person.objects.create_user("bea")
    tokens = LinkTokens()
    token = tokens.make_token(ada)

    assert tokens.check_token(ada, token)
    assert not tokens.check_token(bea, token)
    assert not tokens.check_token(None, token)
    assert not tokens.check_token(ada, None)
    assert not tokens.check_token(ada, token[:-1] + "x")
    EmailAddress.objects.create(user=ada, email="second@example.org")
    assert not tokens.check_token(ada, token)


def test_an_invited_person_sets_a_password_once_and_their_address_is_confirmed(
    secretary: Person, firm: Organisation, inbox: Inbox
) -> None:
    person = invite(
        actor=secretary,
        username="nina",
        first_name="Nina",
        last_name="Newcomer",
        email="Nina@Example.org",
        kind=Role.Kind.AUDITOR,
        organisation=firm,
        language="fr",
    )
    mail.wait_for_sending()
    (sent,) = inbox.mails
    assert sent["To"] == "nina@example.org"
    path = link_in(sent.get_content())
    assert path.startswith("/fr/password/")
    assert not type_in(Client(), "nina", "").has_header("Location")

    set_password(Client(), path)

    address = EmailAddress.objects.get(user=person)
    assert (address.email, address.primary, address.verified) == ("nina@example.org", True, True)
    browser = Client()
    type_in(browser, "nina", NEW)
    assert browser.get("/assessments/")["Location"] == "/account/"
    assert "ne fonctionne plus" in Client().get(path, follow=True).content.decode()


def test_with_two_addresses_a_link_confirms_neither(ada: Person, inbox: Inbox) -> None:
    EmailAddress.objects.filter(user=ada).update(verified=False)
    EmailAddress.objects.create(user=ada, email="second@example.org")
    ask("ada@example.org")

    set_password(Client(), link_in(inbox.mails[0].get_content()))

    assert not EmailAddress.objects.filter(user=ada, verified=True).exists()


def test_a_new_address_is_confirmed_by_its_link_and_then_signs_in(
    ada: Person, inbox: Inbox
) -> None:
    browser = Client()
    type_in(browser, "ada")
    browser.post("/account/addresses/", {"action_add": "1", "email": "second@example.org"})
    mail.wait_for_sending()
    assert type_in(Client(), "second@example.org").status_code == 302  # its own, confirmed or not
    (sent,) = inbox.mails
    assert sent["To"] == "second@example.org"
    path = link_in(sent.get_content())
    assert "Confirm it only if you asked for this" in browser.get(path).content.decode()
    assert not EmailAddress.objects.get(email="second@example.org").verified

    assert browser.post(path)["Location"] == "/account/addresses/"

    assert EmailAddress.objects.get(email="second@example.org").verified
    assert Client().post("/account/addresses/nothing/").status_code == 404
    assert "does not work any more" in Client().get("/account/addresses/x/").content.decode()


def test_a_change_of_password_is_mailed_to_its_owner_and_needs_the_old_one(
    ada: Person, inbox: Inbox
) -> None:
    browser = Client()
    type_in(browser, "ada")
    sent = {"oldpassword": "not this one", "password1": NEW, "password2": NEW}
    assert browser.post("/account/password/", sent).status_code == 200
    ada.refresh_from_db()
    assert not ada.check_password(NEW)

    browser.post("/account/password/", {**sent, "oldpassword": "long enough for tests"})
    mail.wait_for_sending()

    ada.refresh_from_db()
    assert ada.check_password(NEW)
    assert is_signed_in(browser)
    assert [one["To"] for one in inbox.mails] == ["ada@example.org"]
    assert "Your password has been changed" in inbox.mails[0].get_content()

"""A second factor is asked of those whose role asks for one, at every address, at every request."""

import datetime
from collections.abc import Callable, Iterator

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver
from django.utils import translation
from pytest_django.fixtures import Settings

from stannary.web.cycle.models import Engagement, Member
from stannary.web.parties.models import Organisation, Person, Role, Site
from web.accounts.conftest import Clock
from web.accounts.people import code_at, give_app, is_signed_in, type_in

pytestmark = pytest.mark.django_db(transaction=True)

ASKED = ("auditor", "lead_auditor", "reviewer", "secretariat")


def with_role(kind: str, organisation: Organisation) -> Person:
    person = Person.objects.create_user("ruth", password="long enough for tests")
    Role.objects.create(person=person, organisation=organisation, kind=kind)
    return person


@pytest.mark.parametrize("kind", ASKED)
def test_each_role_that_asks_for_a_second_factor_is_led_to_its_page_and_nowhere_else(
    firm: Organisation, kind: str
) -> None:
    with_role(kind, firm)
    browser = Client()
    type_in(browser, "ruth")

    for address in ("/", "/work/", "/sites/", "/assessments/", "/people/", "/fr/lots/", "/no/"):
        answer = browser.get(address)
        expected = "/fr/account/" if address.startswith("/fr/") else "/account/"
        if address == "/no/":
            assert answer.status_code == 404
        else:
            assert answer["Location"] == expected, address
    page = browser.get("/account/").content.decode()
    assert "Your role asks for a second factor" in page
    assert "PARTY-020" in page
    for address in ("/account/app/", "/account/passkeys/new/", "/account/password/", "/health"):
        assert browser.get(address).status_code == 200, address


@pytest.mark.parametrize("kind", ASKED)
def test_the_api_refuses_with_the_rule_and_what_to_do(firm: Organisation, kind: str) -> None:
    with_role(kind, firm)
    browser = Client()
    type_in(browser, "ruth")

    for answer in (browser.get("/api/v1/sites"), browser.post("/api/v1/assessments")):
        assert answer.status_code == 403
        assert answer["Content-Type"] == "application/problem+json"
        problem = answer.json()
        assert problem["code"] == "PARTY-020"
        assert problem["type"] == "/rules/PARTY-020/"
        assert "authenticator app or a passkey" in problem["findings"][0]["remedy"]


def addresses(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one, here)
        elif "<" not in here and "(" not in here:
            yield here


def test_every_address_without_gaps_is_closed_but_those_of_the_door(firm: Organisation) -> None:
    with_role("auditor", firm)
    browser = Client()
    type_in(browser, "ruth")
    with translation.override("en"):
        known = sorted(addresses(get_resolver()))
    assert len(known) > 40

    reached = []
    for address in known:
        answer = browser.get(f"/{address}")
        led = answer.status_code == 302 and answer["Location"] in ("/account/", "/work/")
        if answer.status_code != 403 and not led:
            reached.append(address)

    doors = ("account/", "sign-in/", "sign-out/", "sign-up/", "password/")
    assert [one for one in reached if not one.startswith(doors) and one != "health"] == []


def test_a_clerk_and_somebody_without_a_role_are_asked_for_nothing(
    maker: Organisation, outsider: Person
) -> None:
    with_role("clerk", maker)
    for name in ("ruth", "outsider"):
        browser = Client()
        type_in(browser, name)
        assert browser.get("/lots/").status_code == 200
        assert browser.get("/api/v1/sites").status_code == 200
        assert "yours to choose" in browser.get("/account/").content.decode()


@pytest.mark.parametrize(
    ("kind", "asked"), [("auditor", True), ("reviewer", True), ("observer", False)]
)
def test_a_part_in_one_engagement_asks_for_it_too_while_it_lasts(
    outsider: Person, mine: Site, maker: Organisation, kind: str, asked: bool
) -> None:
    now = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    engagement = Engagement.objects.create(
        site=mine,
        operator=maker,
        edition_id="a/b/1",
        standard="a/b",
        opened_at=now,
        opened_by=outsider,
    )
    part = Member.objects.create(
        engagement=engagement, person=outsider, role=kind, added_by=outsider, added_at=now
    )
    browser = Client()
    type_in(browser, "outsider")
    assert browser.get("/sites/").status_code == (302 if asked else 200)

    part.ended_at = now
    part.save()

    assert browser.get("/sites/").status_code == 200


def test_a_role_that_was_just_given_or_taken_counts_at_the_next_request(
    maker: Organisation, firm: Organisation
) -> None:
    person = with_role("clerk", maker)
    browser = Client()
    type_in(browser, "ruth")
    assert browser.get("/sites/").status_code == 200

    role = Role.objects.create(person=person, organisation=firm, kind="auditor")
    assert browser.get("/sites/")["Location"] == "/account/"
    role.delete()
    assert browser.get("/sites/").status_code == 200


def test_with_a_second_factor_that_was_shown_everything_is_open(
    auditor: Person, clock: Clock
) -> None:
    give_app(auditor)
    browser = Client()
    assert type_in(browser, "auditor", next="/sites/")["Location"] == "/sign-in/code/"
    assert not is_signed_in(browser)

    answer = browser.post("/sign-in/code/", {"code": code_at(clock.now)})

    assert answer["Location"] == "/sites/"
    assert browser.get("/sites/").status_code == 200
    assert browser.get("/api/v1/sites").status_code == 200


def test_a_session_from_before_the_second_factor_has_to_show_it(
    auditor: Person, clock: Clock
) -> None:
    early = Client()
    type_in(early, "auditor")
    give_app(auditor)
    RecoveryCodes.activate(auditor)

    assert early.get("/sites/?q=a")["Location"] == (
        "/account/confirm/code/?next=%2Fsites%2F%3Fq%3Da"
    )
    assert early.get("/api/v1/sites").status_code == 403
    answer = early.post(
        "/account/confirm/code/", {"code": code_at(clock.now), "next": "/sites/?q=a"}
    )
    assert answer["Location"] == "/sites/?q=a"
    assert early.get("/sites/").status_code == 200


def test_a_form_that_is_sent_in_vain_leads_to_the_code_without_being_sent_again(
    auditor: Person,
) -> None:
    browser = Client()
    type_in(browser, "auditor")
    give_app(auditor)

    assert browser.post("/people/invite/", {})["Location"] == "/account/confirm/code/"


def test_without_the_factor_one_is_asked_for_again(auditor: Person, clock: Clock) -> None:
    app = give_app(auditor)
    browser = Client()
    type_in(browser, "auditor")
    browser.post("/sign-in/code/", {"code": code_at(clock.now)})
    assert browser.get("/sites/").status_code == 200

    app.delete()

    assert browser.get("/sites/")["Location"] == "/account/"


def test_recovery_codes_alone_are_no_second_factor(auditor: Person) -> None:
    RecoveryCodes.activate(auditor)
    browser = Client()
    type_in(browser, "auditor")

    assert browser.get("/sites/")["Location"] == "/account/"


@pytest.mark.parametrize(
    ("demonstration", "account", "status"),
    [(True, True, 200), (True, False, 302), (False, True, 302), (False, False, 302)],
)
def test_only_demonstration_accounts_in_a_demonstration_are_spared(
    auditor: Person, settings: Settings, demonstration: bool, account: bool, status: int
) -> None:
    settings.DEMONSTRATION = demonstration
    auditor.demonstration = account
    auditor.save()
    browser = Client()
    type_in(browser, "auditor")

    answer = browser.get("/sites/")

    assert answer.status_code == status
    page = Client().get("/sites/").content.decode()
    assert ("A demonstration on this machine alone" in page) is demonstration


def test_asking_for_a_second_factor_costs_no_query(
    auditor: Person, sign_in: Callable[[Person], Client], settings: Settings
) -> None:
    def cost(browser: Client) -> list[str]:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            browser.get("/about/")
        return [one["sql"] for one in asked.captured_queries]

    settings.SECOND_FACTOR_ROLES = ()
    unasked = cost(sign_in(auditor))
    settings.SECOND_FACTOR_ROLES = ASKED
    gated = cost(sign_in(auditor))

    assert len(unasked) == 2  # the session, and the person with what is known of factors
    assert len(gated) == 2
    assert cost(Client()) == []


def test_a_visitor_is_answered_alike_with_or_without_cookies_where_nobody_is_asked_for() -> None:
    assert "Cookie" not in Client().get("/data/sites.csv").headers.get("Vary", "")
    assert "Cookie" not in Client().get("/health").headers.get("Vary", "")

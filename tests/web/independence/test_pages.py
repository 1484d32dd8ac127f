"""Pages about firms: who sees which, what they show, and what their forms do."""

# mypy: disable-error-code="arg-type, attr-defined"
# Forms are passed as tables here, and answers stream; the stubs know neither.

import datetime
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stannary.core.standards import Edition
from stannary.web.independence import forms, models, operations, words
from stannary.web.independence.models import FirmApplication, FirmApproval
from stannary.web.independence.operations import InterestSaid
from stannary.web.parties.models import Organisation, Person, Site
from stannary.web.standards import queries as standards
from web.independence.conftest import ENGAGEMENT, NOW, SCOPE, STANDARD

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
FIRM = "/firms/example-assurance/"
CHECK = "/independence/check/"


def text(browser: Client, address: str, status: int = 200, /, **sent: Any) -> str:
    answer = browser.get(address, sent or None)
    assert answer.status_code == status, address
    return answer.content.decode()


def send(browser: Client, address: str, status: int = 302, /, **sent: Any) -> str:
    answer = browser.post(address, sent)
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return answer.content.decode()


@pytest.fixture
def lasting(secretary: Person, application: FirmApplication) -> FirmApproval:
    """Approve the firm without end, so that pages of today show it in force."""
    (row,) = operations.grant_application(
        actor=secretary,
        application_id=application.pk,
        scope=SCOPE,
        since=datetime.date(2026, 1, 1),
        until=None,
        at=NOW,
    )
    return row


@pytest.fixture
def asked(auditor: Person, secretary: Person, site: Site, operator: Organisation) -> str:
    """Ask the auditor for a declaration, and give the address of its page."""
    operations.ask_for_declaration(
        actor=secretary, person=auditor, engagement_id=ENGAGEMENT, site=site, operator=operator
    )
    return f"/independence/declarations/{ENGAGEMENT}/"


def test_who_may_open_which_page(
    lasting: FirmApproval,
    asked: str,
    auditor: Person,
    rival: Person,
    outsider: Person,
    secretary: Person,
    operator: Organisation,
    sign_in: SignIn,
) -> None:
    interest = operations.declare_interests(
        actor=auditor, engagement_id=ENGAGEMENT, interests=[InterestSaid(operator, "shares")]
    ).interests.get()
    people: Mapping[str, Person | None] = {
        "visitor": None,
        "outsider": outsider,
        "rival": rival,
        "auditor": auditor,
        "secretary": secretary,
    }
    everybody, inside = set(people), {"auditor", "secretary"}
    pages = {
        "/firms/": everybody,
        FIRM: everybody,
        "/firms/nobody/": set(),
        f"{FIRM}inside/": inside,
        f"{FIRM}apply/": inside,
        "/independence/": {"secretary"},
        CHECK: {"secretary"},
        f"/independence/applications/{lasting.application_id}/": {"secretary"},
        f"/independence/approvals/{lasting.pk}/": {"secretary"},
        f"/independence/people/{auditor.pk}/": {"secretary"},
        f"/independence/people/{outsider.pk}/": set(),
        f"/independence/interests/{interest.pk}/": {"secretary"},
        f"/independence/interests/{10**25}/": set(),
        asked: {"auditor"},
    }
    for address, may in pages.items():
        for name, person in people.items():
            browser = sign_in(person) if person else Client()
            status = browser.get(address).status_code
            shut = 302 if name == "visitor" and may is not everybody and address[1] != "f" else 404
            if name == "visitor" and address.endswith(("inside/", "apply/")):
                shut = 302
            assert status == (200 if name in may else shut), (address, name)


def test_the_list_shows_scope_and_marks_who_is_suspended(
    lasting: FirmApproval, secretary: Person
) -> None:
    page = text(Client(), "/firms/")
    assert "Iceland, Ireland" in page
    assert "Copper, Lithium" in page
    assert "in force" in page
    assert "Only made-up firms have approvals here" in page

    operations.suspend_firm(
        actor=secretary,
        approval_id=lasting.pk,
        since=datetime.date(2026, 2, 1),
        until=None,
        reason="Reports were <late>.",
    )

    assert "suspended since 1\N{NO-BREAK SPACE}February\N{NO-BREAK SPACE}2026" in text(
        Client(), "/firms/"
    )
    assert "Reports were &lt;late&gt;." in text(Client(), FIRM)


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("", True),
        ("q=assurance", True),
        ("q=nobody", False),
        (f"standard={STANDARD}", True),
        ("standard=irma/mining", False),
        ("country=IS", True),
        ("country=CL", False),
        ("material=copper", True),
        ("material=gold", False),
        ("state=in_force", True),
        ("state=ended", False),
        ("sort=-since&page=9", True),
        ("sort=standard", True),
        ("sort=nonsense&page=x", True),
    ],
)
def test_the_list_is_filtered_and_sorted(query: str, there: bool, lasting: FirmApproval) -> None:
    assert (f'<a href="{FIRM}">' in text(Client(), f"/firms/?{query}")) is there


def test_an_approval_for_anything_fits_every_filter(lasting: FirmApproval) -> None:
    FirmApproval.objects.create(
        firm=Organisation.objects.create(slug="other", name="Other Firm", kind="firm"),
        application=lasting.application,
        standard="another/standard",
        countries="*",
        materials="*",
        since=datetime.date(2026, 1, 1),
        granted_by=lasting.granted_by,
        granted_at=NOW,
    )

    page = text(Client(), "/firms/?country=CL&material=gold")

    assert "Other Firm" in page
    assert "any country" in page
    assert "Example Assurance" not in page


@pytest.mark.parametrize(
    ("since", "until", "state"),
    [(-1, None, "in force"), (1, None, "not yet in force"), (-2, -1, "ended"), (0, 0, "in force")],
)
def test_a_state_follows_from_the_days(
    since: int, until: int | None, state: str, application: FirmApplication, secretary: Person
) -> None:
    today = timezone.localdate()
    operations.grant_application(
        actor=secretary,
        application_id=application.pk,
        scope=SCOPE,
        since=today + datetime.timedelta(days=since),
        until=None if until is None else today + datetime.timedelta(days=until),
    )

    assert f">{state}" in text(Client(), "/firms/")


def test_a_firm_without_approval_says_so(firm: Organisation) -> None:
    assert "No approval of this firm is recorded here" in text(Client(), FIRM)
    assert "No firm is approved here yet" in text(Client(), "/firms/")


def test_a_firm_applies_and_waits(
    auditor: Person, firm: Organisation, edition: Edition, sign_in: SignIn, secretary: Person
) -> None:
    browser = sign_in(auditor)
    said = {"standards": STANDARD, "countries": "Islande, IE", "materials": ["lithium"]}
    assert "Not known as countries: Atlantis." in send(
        browser, f"{FIRM}apply/", 422, **{**said, "countries": "Atlantis"}, statement="Because."
    )
    assert "INDEPENDENCE-020" in send(
        browser, f"{FIRM}apply/", 422, **{**said, "countries": ""}, statement="Because."
    )

    send(browser, f"{FIRM}apply/", **said, statement="Because.")

    row = FirmApplication.objects.get()
    assert (row.countries, row.materials, row.statement) == ("IE IS", "lithium", "Because.")
    assert "waits for its decision" in text(browser, f"{FIRM}inside/")
    assert "waits for its decision" in text(browser, f"{FIRM}apply/")
    assert "you do not act for it" not in text(browser, f"{FIRM}apply/")
    assert "Example Assurance" in text(sign_in(secretary), "/independence/")


def test_the_secretariat_looks_at_an_application_form_and_does_not_send_it(
    secretary: Person, firm: Organisation, edition: Edition, sign_in: SignIn
) -> None:
    assert "you do not act for it" in text(sign_in(secretary), f"{FIRM}apply/")


def test_an_application_is_granted_in_part(
    application: FirmApplication, secretary: Person, sign_in: SignIn
) -> None:
    browser, address = sign_in(secretary), f"/independence/applications/{application.pk}/"
    assert "We have done it before." in text(browser, address)
    said = {"act": "grant", "standards": STANDARD, "since": "2026-01-01", "countries": "Iceland"}
    wrong = {**said, "materials": ["zinc"]}
    assert "INDEPENDENCE-022" in send(browser, address, 422, **wrong)

    send(browser, address, **said, materials=["lithium"], reason="No samples of copper yet.")

    assert FirmApproval.objects.get().countries == "IS"
    assert "No samples of copper yet." in text(browser, address)
    assert "INDEPENDENCE-021" in send(browser, address, 422, **said, materials=["lithium"])


def test_an_application_is_turned_down_with_a_reason(
    application: FirmApplication, auditor: Person, secretary: Person, sign_in: SignIn
) -> None:
    browser, address = sign_in(secretary), f"/independence/applications/{application.pk}/"
    send(browser, address, 422, act="refuse")
    send(browser, address, 422, act="nonsense")

    send(browser, address, **{"act": "refuse", "refuse-reason": "Nothing was enclosed."})

    page = text(sign_in(auditor), f"{FIRM}inside/")
    assert "turned down" in page
    assert "Nothing was enclosed." in page


def test_an_approval_is_suspended_resumed_and_ended(
    lasting: FirmApproval, secretary: Person, sign_in: SignIn
) -> None:
    browser, address = sign_in(secretary), f"/independence/approvals/{lasting.pk}/"
    reason = {"resume-reason": "It was mended.", "suspend-reason": "It went badly."}
    resume = {"act": "resume", "resume-until": timezone.localdate().isoformat(), **reason}
    text(browser, address)
    assert "404" not in send(browser, address, 404, **resume)

    send(browser, address, **{"act": "suspend", "suspend-since": "2026-02-01", **reason})
    assert "End the suspension" in text(browser, address)
    again = {"act": "suspend", "suspend-since": "2026-03-01", **reason}
    assert "INDEPENDENCE-025" in send(browser, address, 422, **again)
    send(browser, address, **resume)
    assert "End the suspension" not in text(browser, address)
    end = {"act": "end", "end-last_day": "2026-10-01", "end-reason": "The firm closes."}
    send(browser, address, **end)

    assert "The firm closes." in text(browser, address)
    assert "No approval of this firm is in force here." in text(Client(), FIRM)


def test_competences_are_recorded_shown_and_taken_back(
    auditor: Person, secretary: Person, firm: Organisation, sign_in: SignIn, edition: Edition
) -> None:
    browser, address = sign_in(secretary), f"/independence/people/{auditor.pk}/"
    today = timezone.localdate()
    soon = {"act": "add", "kind": "lead_auditor", "since": "2026-01-01", "source": "A school."}
    send(browser, address, **soon, until=(today + datetime.timedelta(days=30)).isoformat())
    send(browser, address, **{**soon, "kind": "climbing_ropes"})
    assert "INDEPENDENCE-026" in send(browser, address, 422, **{**soon, "kind": "Lead!"})
    for page in (text(browser, address), text(sign_in(auditor), f"{FIRM}inside/")):
        assert "ends soon" in page
        assert "climbing ropes" in page
    assert "leading an audit" in text(browser, "/independence/")
    row = models.CompetenceRecord.objects.get(kind="climbing_ropes")

    back = {"act": "withdraw", "withdraw-reason": "Somebody else's."}
    send(browser, address, **back, competence=row.pk)
    send(browser, address, 404, **back, competence="x")

    assert "Somebody else&#x27;s." in text(browser, address)
    assert "climbing ropes" not in text(sign_in(auditor), f"{FIRM}inside/")


def test_of_several_competences_of_a_kind_the_one_that_counts_is_shown(
    auditor: Person, secretary: Person, firm: Organisation, sign_in: SignIn
) -> None:
    today, day = timezone.localdate(), datetime.timedelta(days=1)
    for since, until in ((-900, -500), (-400, 400), (200, 900)):
        operations.record_competence(
            actor=secretary,
            person=auditor,
            kind="reviewing",
            since=today + since * day,
            until=today + until * day,
            source="A school.",
        )

    page = text(sign_in(auditor), f"{FIRM}inside/")

    assert page.count("reviewing reports") == 1
    assert "holds" in page
    assert "expired" not in page
    assert "not yet" in text(sign_in(secretary), f"/independence/people/{auditor.pk}/")


def test_somebody_who_is_asked_declares_and_sees_what_became_of_it(
    asked: str, auditor: Person, secretary: Person, sign_in: SignIn
) -> None:
    browser = sign_in(auditor)
    assert "Declare" in text(browser, f"{FIRM}inside/")
    assert "Example Minerals" in text(browser, asked)
    send(browser, asked, 422, **{"interest-1-kind": "shares"})
    note = {"whole": "on", "interest-1-note": "A boat."}
    assert "INDEPENDENCE-027" in send(browser, asked, 422, **note)
    other = {"whole": "on", "interest-2-kind": "other"}
    assert "INDEPENDENCE-027" in send(browser, asked, 422, **other)

    send(browser, asked, **{"whole": "on", "interest-2-kind": "shares", "interest-2-note": "Ten."})

    assert "Ten." in text(browser, asked)
    interest = models.InterestRecord.objects.get()
    desk, page = sign_in(secretary), f"/independence/interests/{interest.pk}/"
    assert page in text(desk, "/independence/")
    send(desk, page, 422, act="clear", reason="")
    send(desk, page, act="clear", reason="Ten shares move nobody.")
    assert "INDEPENDENCE-025" in send(desk, page, 422, act="clear", reason="Again.")
    assert "cleared by the secretariat" in text(browser, asked)

    send(browser, asked, whole="on")

    assert "No interest." in text(browser, asked)
    assert "replaced by a later one" in text(browser, asked)


def test_figures_are_recorded_by_the_firm(
    auditor: Person, firm: Organisation, operator: Organisation, sign_in: SignIn
) -> None:
    browser = sign_in(auditor)
    said = {"operator": operator.pk, "year_ended_on": "2025-12-31", "currency": "eur"}
    figures = {"from_operator": "61000", "in_all": "940000"}
    assert "INDEPENDENCE-028" in send(
        browser, f"{FIRM}inside/", 422, **said, from_operator="2", in_all="1"
    )
    send(browser, f"{FIRM}inside/", 422, **said)

    send(browser, f"{FIRM}inside/", **said, **figures)

    assert "940\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}EUR" in text(browser, f"{FIRM}inside/")


def test_a_team_is_checked_on_a_page(
    lasting: FirmApproval,
    auditor: Person,
    secretary: Person,
    site: Site,
    edition: Edition,
    firm: Organisation,
    asked: str,
    sign_in: SignIn,
) -> None:
    browser = sign_in(secretary)
    said: dict[str, Any] = {"firm": firm.slug, "site": site.slug, "edition": edition.id}
    assert "Choose the team" in text(browser, CHECK)

    page = text(browser, CHECK, **said)
    assert "auditor" in page
    assert "own choice" in page
    assert "36 months" in page
    assert "15.0" in page

    team = {**said, f"role-{auditor.pk}": "lead_auditor", "on": "2026-06-01"}
    page = text(browser, CHECK, **team, engagement=str(ENGAGEMENT), audit="surveillance")
    for code in ("INDEPENDENCE-003", "INDEPENDENCE-004", "INDEPENDENCE-005", "INDEPENDENCE-009"):
        assert f">{code}</a>" in page
    assert "Name one lead auditor" in page
    assert "Choose the team" in text(browser, CHECK, **{**team, "firm": "nobody"})
    assert "Nothing stands against" not in text(browser, CHECK, **{**team, "on": "x"})
    Organisation.objects.filter(pk=firm.pk).update(illustrative=False)
    assert "INDEPENDENCE-031" in text(browser, CHECK, 422, **team)


def test_a_limit_that_is_left_open_is_said_on_the_page(
    lasting: FirmApproval,
    auditor: Person,
    secretary: Person,
    site: Site,
    firm: Organisation,
    monkeypatch: pytest.MonkeyPatch,
    sign_in: SignIn,
    edition: Edition,
) -> None:
    name = "independence_fee_share"
    limit = edition.parameters[name]
    unknown = replace(limit, values=(replace(limit.values[0], value=None),))
    bare = replace(edition, parameters={**edition.parameters, name: unknown})
    monkeypatch.setattr(standards, "editions", lambda: (bare,))
    monkeypatch.setattr(standards, "edition", lambda _id: bare)

    page = text(
        sign_in(secretary),
        CHECK,
        firm=firm.slug,
        site=site.slug,
        edition=edition.id,
        **{f"role-{auditor.pk}": "reviewer"},
    )

    assert "left open, not checked" in page
    assert "Not checked, because the standard leaves it open" in page


def test_countries_are_read_by_code_and_by_name() -> None:
    codes, unknown = forms.country_codes(
        "IS, irlande; Chile\nBonaire, Sint Eustatius and Saba\n, Atlantis"
    )

    assert codes == ["IS", "IE", "CL", "BQ"]
    assert unknown == ["Atlantis"]


def test_a_long_list_of_countries_is_counted() -> None:
    assert words.countries_text("IS IE", shown=2) == "Iceland, Ireland"
    assert words.countries_text("IS IE CL", shown=2) == "Chile, Iceland and 1 other"
    assert words.countries_text("IS IE CL", shown=1) == "Chile and 2 others"
    assert words.materials_text("*") == "any material"
    assert forms.scope_initial("a/b", "*", "*")["any_country"] is True


def many_firms(lasting: FirmApproval, number: int) -> None:
    firms = Organisation.objects.bulk_create(
        Organisation(slug=f"firm-{n}", name=f"Firm {n}", kind="firm", illustrative=True)
        for n in range(number)
    )
    FirmApproval.objects.bulk_create(
        FirmApproval(
            firm=one,
            application=lasting.application,
            standard=f"made-up/standard-{n}",
            countries="IS IE CL",
            materials="copper lithium",
            since=datetime.date(2026, 1, 1),
            granted_by=lasting.granted_by,
            granted_at=NOW,
        )
        for n, one in enumerate(firms)
    )


def test_five_hundred_firms_take_the_queries_of_one(lasting: FirmApproval) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as counted:
            page = text(Client(), address)
        assert len(page) < 100_000
        return len(counted)

    addresses = ("/firms/", "/api/v1/firms", "/data/firms.csv")
    before = {address: queries(address) for address in addresses[:2]}

    many_firms(lasting, 500)

    assert {address: queries(address) for address in addresses[:2]} == before
    assert max(before.values()) <= 4
    lines = Client().get("/data/firms.csv").getvalue().decode().splitlines()
    assert len(lines) == 502
    page = text(Client(), "/firms/?page=2")
    assert "101 to 200" in page
    assert "Page before" in page
    assert "Next page" in page


def test_work_leads_to_the_firm_and_to_what_is_asked(
    asked: str, auditor: Person, outsider: Person, sign_in: SignIn
) -> None:
    page = text(sign_in(auditor), "/assessments/")
    assert f"{FIRM}inside/" in page
    assert asked in page
    assert "Your firm" not in text(sign_in(outsider), "/assessments/")

    operations.declare_interests(actor=auditor, engagement_id=ENGAGEMENT, interests=())

    assert asked not in text(sign_in(auditor), "/assessments/")

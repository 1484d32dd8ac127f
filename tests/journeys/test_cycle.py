"""A site's whole cycle, from the application to the reassessment, by every role in its own browser.

The clock is moved by the test, over three years. Everything is done through pages, by people who
are signed in already; only what is the same many times, the ratings of a whole standard, is sent as
one form of the person's browser.
Up to the first public result, tests/web/assessments/test_walk.py walks it on both databases, without
a browser.
"""

import datetime
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from journeys.register import Register
from stannary.core.cycle import ActKind
from stannary.web.assessments.queries import newest_records
from stannary.web.cycle.models import Engagement
from stannary.web.cycle.words import ACTS
from stannary.web.independence import operations as independence
from stannary.web.parties.models import Person, Role
from stannary.web.publications.models import PublishedResult
from stannary.web.standards import queries as standards

SITE = "Example South Mine"
OLD, NEW = "stannary/open-mining/0.1", "stannary/open-mining/1.0"
LEFT_OUT, OBJECTED = "4.8", "1.1.1.1"
GIVEN_AWAY = "1.1"
TEAM = {"auditor": "lead_auditor", "colleague": "auditor", "reviewer": "reviewer"}
QUALIFIED = {
    "auditor": ("interviewing",),
    "colleague": ("standard_training", "interviewing"),
    "reviewer": (),
}
ONE_DAY = datetime.timedelta(days=1)
TEN_YEARS = 10 * 366 * 24 * 3600


@dataclass
class Walk:
    """Everybody's browser, and the clock on the wall."""

    register: Register
    monkeypatch: pytest.MonkeyPatch
    pages: dict[str, Page] = field(default_factory=dict)
    row: Engagement | None = None

    def on(self, day: str) -> None:
        """Put the clock to nine o'clock of a day."""
        moment = datetime.datetime.fromisoformat(f"{day}T09:00:00+00:00")
        self.monkeypatch.setattr(timezone, "now", lambda: moment)

    def by(self, name: str) -> Page:
        """Give the browser of somebody, signed in."""
        if name not in self.pages:
            self.pages[name] = self.register.visitor()
            if name != "visitor":
                self.register.let_in(self.pages[name], name)
        return self.pages[name]

    @property
    def engagement(self) -> Engagement:
        """Give the engagement that is walked, as it stands."""
        assert self.row is not None
        self.row.refresh_from_db()
        return self.row

    @property
    def address(self) -> str:
        """Give the page of the engagement."""
        return f"/engagements/{self.engagement.pk}/"

    def look(self, name: str) -> Page:
        """Open the engagement as somebody."""
        page = self.by(name)
        page.goto(self.address)
        return page

    def act(self, name: str, kind: ActKind, **said: str) -> None:
        """Do an act by its form, and see on the page that it happened."""
        page = self.look(name)
        number = self.engagement.acts.count()
        form = page.locator(f"#act-{kind}")
        if not form.is_visible():
            page.get_by_text("What may be done at any time").click()
        for what, text in said.items():
            where = form.locator(f"[name={what}]")
            if where.evaluate("one => one.tagName") == "SELECT":
                where.select_option(text)
            else:
                where.fill(text)
        obstacles = form.locator(".obstacles")
        assert obstacles.count() == 0, obstacles.inner_text()
        form.get_by_role("button", name=str(ACTS[kind][0])).click()
        row = page.locator("table.history tbody tr").first
        expect(row).to_contain_text(str(ACTS[kind][1]))
        expect(row.locator("td").first).to_have_text(str(number + 1))

    def is_offered(self, name: str, kind: ActKind) -> bool:
        """Tell whether the page offers an act to somebody, with nothing in its way."""
        form = self.look(name).locator(f"#act-{kind}")
        return form.locator("button[type=submit]").count() > 0

    def rate(self, name: str, kind: str, rating: str) -> None:
        """Rate everything that nobody on that side has rated yet."""
        page = self.by(name)
        those = self.engagement.assessments.get(kind=kind)
        rated = newest_records([those])[those.pk]
        page.goto(f"/assessments/{those.pk}/rate/")
        token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
        sent: dict[str, str | float | bool] = {"csrfmiddlewaretoken": token}
        for one in standards.edition(those.edition_id).requirements:
            if one.id not in rated:
                sent[f"rating-{one.id}"] = rating
                sent[f"rationale-{one.id}"] = f"Looked at by {name}."
        headers = {"Referer": page.url}
        answer = page.request.post(page.url, form=sent, headers=headers)
        assert answer.ok, answer.text()[:400]

    def declare(self) -> None:
        """Let everybody in the team declare that they have no interest."""
        for name in TEAM:
            page = self.by(name)
            page.goto(f"/independence/declarations/{self.engagement.pk}/")
            page.get_by_label("This is everything that I know of.").check()
            page.get_by_role("button", name=re.compile("^Declare")).click()
            expect(page.locator("main")).to_contain_text("Declared on")

    def publish(self, kind: str) -> str:
        """Publish as the secretariat; give the address of the result."""
        page = self.by("secretariat")
        those = self.engagement.assessments.get(kind=kind)
        page.goto(f"/results/publish/{those.pk}/")
        page.get_by_label("I have read this").check()
        page.get_by_role("button", name="Publish for good").click()
        expect(page.get_by_role("status")).to_contain_text("Everybody can read and check it now")
        return page.url


@pytest.fixture
def walk(register: Register, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Walk:
    """Give everybody, where they need them, trainings that last."""
    settings.SESSION_COOKIE_AGE = TEN_YEARS
    secretariat = Person.objects.get(username="secretariat")
    observer = Person.objects.get(username="outsider")
    for name, kinds in QUALIFIED.items():
        person = Person.objects.get(username=name)
        for kind in kinds:
            independence.record_competence(
                actor=secretariat,
                person=person,
                kind=kind,
                since=datetime.date(2026, 1, 1),
                until=datetime.date(2029, 12, 31),
                source="Made up for a test.",
                at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
            )
    assert not Role.objects.filter(person=observer).exists()
    return Walk(register, monkeypatch)


@pytest.mark.timeout(600)
@pytest.mark.either_database
def test_a_cycle_is_walked_from_application_to_reassessment_by_every_role(walk: Walk) -> None:
    walk.register.expected = ("status of 404", "status of 410", "status of 422")

    first = to_publication(walk, OLD, 2026)
    surveillance(walk, "2028-06-05")
    before = walk.engagement
    second = to_publication(walk, NEW, 2028, after=first)
    walk.row = before
    walk.act("secretariat", ActKind.REPLACE)
    page = walk.look("outsider")

    expect(page.get_by_text("Nothing. This engagement has ended.")).to_be_visible()
    assert walk.engagement.state == "reassessed"
    shown = PublishedResult.objects.filter(site__slug="example-south-mine")
    public = {one.result_id for one in shown.exclude(assessment__engagement=None)}
    assert len(public) == 3
    assert {first.rstrip("/")[-36:], second.rstrip("/")[-36:]} < set(map(str, public))
    assert walk.register.complaints == []


def to_publication(walk: Walk, edition: str, year: int, *, after: str = "") -> str:
    """Walk from the opening to the public result, a bit more than a year; give its address."""
    walk.on(f"{year}-12-01")
    apply(walk, edition)
    walk.on(f"{year}-12-07")
    form_a_team(walk)
    walk.on(f"{year + 1}-01-11")
    desk_review(walk)
    walk.on(f"{year + 1}-03-01")
    visit(walk)
    walk.on(f"{year + 1}-03-29")
    review(walk)
    walk.on(f"{year + 1}-04-12")
    found = walk.publish("audit")
    assert walk.engagement.state == "published"
    page = walk.by("visitor")
    page.goto(found)
    expect(page.get_by_role("heading", level=1)).to_contain_text(SITE)
    expect(page.locator("main")).to_contain_text("Example Assurance")
    if after:
        page.goto(after)
        expect(page.get_by_role("heading", level=1)).to_contain_text(SITE)
    return found


def apply(walk: Walk, edition: str) -> None:
    """Open an engagement, assess oneself, name what is in scope, and apply."""
    page = walk.by("operator")
    page.goto("/engagements/new/")
    page.get_by_label("Site", exact=True).select_option("example-south-mine")
    page.get_by_label("Standard").select_option(edition)
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(SITE)
    walk.row = Engagement.objects.order_by("-opened_at")[0]
    assert not walk.is_offered("operator", ActKind.APPLY)
    page.locator("[name=name]").first.fill("South pit")
    page.get_by_role("button", name="Save the scope").click()
    page.get_by_text("Propose a chapter as not relevant").click()
    page.locator("#chapter").select_option(LEFT_OUT)
    page.locator("#why").fill("No gold or silver is recovered here.")
    page.get_by_role("button", name="Propose", exact=True).click()
    if edition == OLD:
        let_a_respondent_answer(walk)
    walk.rate("operator", "self", "substantially")
    walk.act("operator", ActKind.APPLY)
    page = walk.by("visitor")
    assert page.goto(walk.address) is not None
    expect(page).to_have_url(re.compile("/sign-in/"))


def let_a_respondent_answer(walk: Walk) -> None:
    """Give a chapter to somebody without an account, return an answer, and have it changed."""
    own = walk.engagement.assessments.get(kind="self")
    page = walk.by("operator")
    page.goto(f"/assessments/{own.pk}/respondents/")
    page.locator(f"[name=chapter][value='{GIVEN_AWAY}']").check()
    page.locator("#name").fill("Ingrid Shift")
    page.locator("form.ask button[type=submit]").click()
    first = urlsplit(page.locator(".handed-over code").inner_text()).path
    asked = walk.register.visitor(360)
    answer(asked, first, "It is on file.")
    assert asked.context.cookies() == []
    expect(asked.get_by_role("textbox")).to_have_count(0)

    walk.on(f"{timezone.localdate() + ONE_DAY}")
    page.get_by_role("link", name="Back to all respondents").click()
    page.get_by_role("link", name="Ingrid Shift").click()
    page.locator(f"[name='comment-{OBJECTED}']").fill("Say since when.")
    page.get_by_role("button", name="Return for a change").click()
    second = urlsplit(page.locator(".handed-over code").inner_text()).path
    found = asked.goto(first)
    assert found is not None
    assert found.status == 410
    walk.on(f"{timezone.localdate() + ONE_DAY}")
    asked.goto(second)
    expect(asked.locator("main")).to_contain_text("Say since when.")
    answer(asked, second, "It is on file since May.", only=OBJECTED)
    said = own.ratings.filter(requirement_id=OBJECTED).order_by("pk")
    assert [(one.said_by, one.rationale) for one in said] == [
        ("Ingrid", "It is on file."),
        ("Ingrid", "It is on file since May."),
    ]
    found = asked.goto(second)
    assert found is not None
    assert found.status == 410


def answer(page: Page, link: str, why: str, *, only: str = "") -> None:
    """Answer a chapter, or one requirement of it, by a link, and hand in."""
    page.goto(f"{link}{only or GIVEN_AWAY}/")
    for part in page.locator("section.to-say").all():
        part.get_by_label("Substantially").check()
        part.get_by_role("textbox").fill(why)
    page.get_by_label("Your name").fill("Ingrid")
    page.get_by_role("button", name=re.compile("^Save")).click()
    expect(page.get_by_role("status")).to_have_text("Saved.")
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator("main")).to_contain_text("This link is used up")


def form_a_team(walk: Walk) -> None:
    """Accept the application; name a firm, give its people their roles, let them declare."""
    page = walk.by("secretariat")
    page.goto("/engagements/overview/")
    expect(page.locator("main")).to_contain_text(SITE)
    walk.act("secretariat", ActKind.ACCEPT_APPLICATION)
    walk.act("secretariat", ActKind.SIGN_AGREEMENT)
    walk.act("operator", ActKind.NAME_FIRM, firm="example-assurance")
    for name, role in {**TEAM, "outsider": "observer"}.items():
        page = walk.look("secretariat")
        page.get_by_text("Give somebody a role").click()
        page.locator("#person").fill(name)
        page.locator("#role").select_option(role)
        page.get_by_role("button", name="Give the role").click()
        expect(page.locator("ul.people")).to_contain_text(name)
    walk.act("auditor", ActKind.PROPOSE_TEAM)
    assert not walk.is_offered("secretariat", ActKind.ACCEPT_TEAM)
    walk.declare()
    give_figures(walk)
    walk.act("secretariat", ActKind.ACCEPT_TEAM)
    walk.act("auditor", ActKind.ANNOUNCE)


def give_figures(walk: Walk) -> None:
    """Let the firm say what it earned last year, from the operator and from everybody."""
    page = walk.by("auditor")
    page.goto("/firms/example-assurance/inside/")
    page.get_by_text("Record the figures of a year").click()
    form = page.locator("form").filter(has=page.get_by_label("Income in all"))
    last_year = timezone.localdate().year - 1
    form.get_by_label("Operator, with its group").select_option("Example Minerals")
    form.get_by_label("Last day of the financial year").fill(f"{last_year}-12-31")
    form.get_by_label("Income from the operator").fill("50000")
    form.get_by_label("Income in all").fill("950000")
    form.get_by_label("Currency").fill("EUR")
    form.get_by_role("button").click()
    expect(page.get_by_role("status")).to_be_visible()


def desk_review(walk: Walk) -> None:
    """Judge at the desk what is relevant, and announce the visit."""
    walk.act("auditor", ActKind.BEGIN_STAGE_1)
    page = walk.look("auditor")
    page.locator("#judge-1").fill("Seen on the flow sheets.")
    page.get_by_role("button", name=re.compile("^Not relevant")).click()
    walk.act("auditor", ActKind.FINISH_STAGE_1)
    visit_on = timezone.localdate().replace(month=3, day=1)
    walk.act("auditor", ActKind.ANNOUNCE_VISIT, until=visit_on.isoformat())


def visit(walk: Walk) -> None:
    """Look at the site, rate, and hand in the draft."""
    walk.act("auditor", ActKind.BEGIN_STAGE_2)
    walk.rate("colleague", "audit", "substantially")
    walk.act("auditor", ActKind.FINISH_STAGE_2)
    walk.act("auditor", ActKind.SUBMIT_DRAFT)


def review(walk: Walk) -> None:
    """Object to a finding, rule on it, close the review, and choose to publish."""
    why = "The register was shown during the visit."
    walk.act("operator", ActKind.OBJECT, requirement=OBJECTED, reason=why)
    number = str(walk.engagement.acts.count())
    said = {"objection": number, "rating": "fully", "reason": "The notes confirm it."}
    walk.act("reviewer", ActKind.RULE_ON_OBJECTION, **said)
    walk.act("secretariat", ActKind.CLOSE_REVIEW)
    walk.act("operator", ActKind.PUBLISH_NOW)
    assert not walk.is_offered("secretariat", ActKind.PUBLISH) or walk.engagement.state == "ready"


def surveillance(walk: Walk, day: str) -> None:
    """Come back after more than a year: declare anew, look again, publish what was seen."""
    walk.on(day)
    walk.declare()
    walk.act("auditor", ActKind.BEGIN_SURVEILLANCE)
    walk.act("auditor", ActKind.FINISH_SURVEILLANCE)
    found = walk.publish("surveillance")
    page = walk.by("visitor")
    page.goto(found)
    expect(page.get_by_role("heading", level=1)).to_contain_text(SITE)
    assert walk.engagement.state == "published"

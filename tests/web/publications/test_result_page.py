"""The public page of a result: for everybody, complete, safe, and honest about itself."""

import datetime
import re
import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stannary.core.publications import check_result
from stannary.core.standards import Edition
from stannary.web.assessments import queries as assessment_queries
from stannary.web.assessments.models import Assessment
from stannary.web.assessments.operations import rate
from stannary.web.parties.models import Person, Site
from stannary.web.publications import pages
from stannary.web.publications.models import PublishedResult
from stannary.web.publications.operations import Corrected, correct, publish
from web.publications.conftest import Story

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 1, 5)
HOSTILE = '<script>alert("1")</script>\n=HYPERLINK("http://evil.example")'


def page(client: Client, row: PublishedResult, query: str = "", language: str = "") -> str:
    response = client.get(f"{language}/results/{row.result_id}/{query}")
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def hostile(auditor: Person, rated: Assessment) -> PublishedResult:
    """Publish a result whose first reason and evidence try to be more than text."""
    held = assessment_queries.newest_records([rated])[rated.pk]["1.1.1.1"]
    rate(
        actor=auditor,
        assessment_id=rated.pk,
        requirement_id="1.1.1.1",
        rating="partially",
        rationale=HOSTILE,
        evidence='https://a.example/"><script>alert(2)</script>',
        seen=held.id,
        at=datetime.datetime(2026, 1, 4, 18, tzinfo=datetime.UTC),
    )
    return publish(actor=auditor, assessment_id=rated.pk, published_on=DAY)


@pytest.mark.parametrize("who", ["", "auditor", "rival", "clerk", "outsider"])
def test_everybody_reads_a_result(
    who: str,
    published: PublishedResult,
    client: Client,
    sign_in: Callable[[Person], Client],
    request: pytest.FixtureRequest,
) -> None:
    browser = sign_in(request.getfixturevalue(who)) if who else client

    for form in ("/", ".json", ".csv", ".pdf", ".result.json"):
        assert browser.get(f"/results/{published.result_id}{form}").status_code == 200
    assert browser.get("/results/").status_code == 200


def test_a_result_that_is_not_there_is_not_found(client: Client, db: None) -> None:
    for form in ("/", ".json", ".csv", ".pdf", ".result.json"):
        assert client.get(f"/results/{uuid.uuid4()}{form}").status_code == 404


def test_the_page_shows_every_requirement_with_rating_reason_and_evidence(
    published: PublishedResult, open_mining: Edition, client: Client
) -> None:
    found = page(client, published)

    assert len(re.findall(r'<tr id="r-', found)) == len(open_mining.requirements)
    start = found.index('<tr id="r-1.2.2.1"')
    row = found[start : found.index("</tr>", start)]
    assert "Management meets communities every quarter" in row
    assert "<strong>partially</strong>" in row
    assert "The plan is sound on paper." in row
    link = 'href="https://pit.example/evidence/1.2.2.1" rel="nofollow noopener noreferrer"'
    assert link in row
    assert 'href="/standards/stannary/open-mining/0.1/1.2.2.1/"' in row


def test_the_page_says_level_dates_derivation_and_how_to_check(
    published: PublishedResult, client: Client
) -> None:
    found = page(client, published)

    assert "OPEN 75" in found
    assert '<span class="tag">illustrative</span>' in found
    assert "made up, to show how a result looks" in found
    assert "5\N{NO-BREAK SPACE}January\N{NO-BREAK SPACE}2029" in found
    assert ">computed</a>" in found
    assert "The lowest is principle 2, Planning for a lasting benefit" in found
    assert published.sha256 in found
    assert f"stannary verify {published.result_id}.result.json" in found
    assert "does not come out as it was published" not in found
    assert "certified" not in found.lower()


def test_the_page_speaks_french(published: PublishedResult, client: Client) -> None:
    found = page(client, published, language="/fr")

    assert '<html lang="fr">' in found
    assert "Planifier des bénéfices durables" in found
    assert "76,2\N{NO-BREAK SPACE}%" in found


def test_requirements_can_be_filtered_by_rating_and_by_being_critical(
    published: PublishedResult, client: Client
) -> None:
    weak = page(client, published, "?rating=not_met")
    critical = page(client, published, "?critical=yes")
    nonsense = page(client, published, "?rating=%3Cscript%3E&critical=maybe")

    assert re.findall(r'<tr id="r-([^"]+)"', weak) == ["1.5.1.3", "2.5.2.2", "4.5.2.2"]
    assert len(re.findall(r'<tr id="r-', critical)) == 14
    assert len(re.findall(r'<tr id="r-', nonsense)) == 115
    assert "No requirement has this rating." in page(client, published, "?rating=pending")


def test_hostile_text_stays_text(hostile: PublishedResult, client: Client) -> None:
    found = page(client, hostile)

    assert "<script>alert" not in found
    assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;<br>=HYPERLINK" in found


def test_the_table_of_ratings_is_safe_in_a_spreadsheet(
    auditor: Person, rated: Assessment, client: Client
) -> None:
    held = assessment_queries.newest_records([rated])[rated.pk]["1.1.1.1"]
    rate(
        actor=auditor,
        assessment_id=rated.pk,
        requirement_id="1.1.1.1",
        rating="partially",
        rationale='=HYPERLINK("http://evil.example")',
        seen=held.id,
        at=datetime.datetime(2026, 1, 4, 18, tzinfo=datetime.UTC),
    )
    row = publish(actor=auditor, assessment_id=rated.pk, published_on=DAY)

    lines = client.get(f"/results/{row.result_id}.csv").content.decode().splitlines()

    assert lines[0] == "requirement,rating,rationale,evidence"
    assert lines[1] == '1.1.1.1,partially," =HYPERLINK(""http://evil.example"")",'
    assert len(lines) == 116


def test_a_result_whose_sum_does_not_come_out_says_so(
    published: PublishedResult, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the pack had been changed since: the page shows what was published, with a warning."""
    changed = {"standard": "stannary/other/1"}

    def with_another_pack(content: dict[str, object], edition: Edition) -> object:
        return check_result({**content, **changed}, edition)

    monkeypatch.setattr(pages, "check_result", with_another_pack)

    found = page(client, published)

    assert "does not come out as it was published" in found
    assert "OPEN 75" in found


def test_results_are_listed_for_everybody(published: PublishedResult, client: Client) -> None:
    found = client.get("/results/").content.decode()

    assert f'href="/results/{published.result_id}/"' in found
    assert "Example Pit" in found
    assert '<span class="tag">illustrative</span>' in found


def test_without_results_the_list_says_why_and_what_to_do(client: Client, db: None) -> None:
    found = client.get("/results/").content.decode()

    assert "No result has been published here yet." in found


def test_a_site_s_results_are_shown_by_its_tag(published: PublishedResult) -> None:
    template = Template("{% load publications_tags %}{% site_results site %}")

    found = template.render(Context({"site": published.site}))
    other = Site.objects.create(slug="other", name="Other", country="IS", illustrative=True)
    none = template.render(Context({"site": other}))
    real = Site.objects.create(slug="real", name="Real", country="IS")

    assert f"/results/{published.result_id}/" in found
    assert "OPEN 75" in found
    assert "Open Mining 0.1" in found
    assert "No result of this site was published yet." in none
    assert template.render(Context({"site": real})).strip() == ""


def test_the_auditors_find_their_result(
    published: PublishedResult, auditor: Person, sign_in: Callable[[Person], Client]
) -> None:
    client = sign_in(auditor)

    work = client.get("/assessments/").content.decode()
    overview = client.get(f"/assessments/{published.assessment_id}/").content.decode()

    assert f'href="/results/{published.result_id}/"' in work
    assert f'href="/results/{published.result_id}/"' in overview


def test_pages_make_few_queries(published: PublishedResult, client: Client) -> None:
    for address, most in ((f"/results/{published.result_id}/", 3), ("/results/", 2)):
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        assert len(captured) <= most, address


def test_the_page_says_what_was_assessed_by_whom_when_and_how_the_site_sees_it(
    story: Story, pending: PublishedResult, client: Client
) -> None:
    found = page(client, pending)

    assert "North pit" in found
    assert "Lithium" in found
    for name in ("auditor, lead auditor", "colleague, auditor", "reviewer, reviewer"):
        assert f"<li>{name}</li>" in found
    assert "Application and its review" in found
    assert '<svg class="profile"' in found
    assert "Site: <b>substantially</b>" in found
    assert "It is the first result of this site under this standard here." in found


def test_every_version_leads_to_the_others_and_the_old_one_says_so_first(
    published: PublishedResult, secretary: Person, client: Client
) -> None:
    verdict = Corrected("1.1.1.2", "fully", "The register was complete.")
    row = correct(
        actor=secretary,
        base_id=published.result_id,
        reason="It was entered in the wrong line.",
        verdicts=[verdict],
        published_on=datetime.date(2026, 2, 16),
    )

    old, new = page(client, published), page(client, row)

    address = f"/results/{row.result_id}/changes/{published.result_id}/"
    head = old[: old.index('<p class="lede">')]
    assert "A correction of this result was published on" in head
    assert f'href="/results/{row.result_id}/"' in head
    assert address in head
    head = new[: new.index('<p class="lede">')]
    assert "It was entered in the wrong line." in head
    assert '<a href="#r-1.1.1.2">1.1.1.2</a>' in head
    assert f'href="/results/{published.result_id}/"' in head
    assert new.count(address) >= 2
    for each in (old, new):
        assert "All results of this site under this standard" in each
    with CaptureQueriesContext(connection) as captured:
        client.get(f"/results/{row.result_id}/")
    assert len(captured) <= 4


def test_a_result_of_form_1_shows_what_it_has(
    result_with: Callable[[int], PublishedResult], client: Client
) -> None:
    found = page(client, result_with(30))

    assert "published in a form that does not say it" in found
    assert "The site rated itself" not in found
    assert "Corrective actions" not in found

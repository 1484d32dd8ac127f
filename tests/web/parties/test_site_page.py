"""The page of a site: every fact with its source, nothing that was not published, nothing made up."""

import re

import pytest
from django.test import Client

from stannary.web.parties.models import Organisation, Person, Site
from web.conftest import signed_in

pytestmark = pytest.mark.django_db


def page(client: Client, slug: str, query: str = "", prefix: str = "") -> str:
    answer = client.get(f"{prefix}/sites/{slug}/{query}")
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ")


def facts_box(text: str) -> dict[str, str]:
    box = text.partition('<dl class="facts">')[2].partition("</dl>")[0]
    pairs = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", box, re.DOTALL)
    return {
        re.sub("<[^>]+>", "", name): re.sub("<[^>]+>", "", value).strip() for name, value in pairs
    }


def test_a_site_shows_level_dates_cycle_and_what_the_level_means(
    client: Client, published: None
) -> None:
    text = page(client, "minas-rio", "?on=2026-11-22")

    assert facts_box(text) == {
        "Achievement level": "IRMA 75",
        "In force since": "7 February 2024",
        "Last look": "Surveillance report, 20 January 2026",
        "Next full audit due": "7 February 2027 computed",
    }
    assert "at least three quarters of its possible points" in text
    assert "The principle with the smallest share decides, not the average." in text
    assert "not statements of the scheme" in text
    assert 'href="/rules/CYCLE-004/"' in text
    assert 'href="/rules/CYCLE-006/"' in text
    assert "Approximate: within 50 km of 19° S, 43.5° W." in text


def test_every_fact_stands_with_its_source_and_how_sure_we_are(
    client: Client, published: None
) -> None:
    for site in Site.objects.all():
        text = page(client, site.slug)
        for fact in site.facts.all():
            assert re.sub(r"[^\w]", "", fact.text) in re.sub(r"<[^>]+>|[^\w]", "", text)
        table = text.partition('<table class="stack cycle">')[2].partition("</table>")[0]
        rows = table.partition("<tbody>")[2].count("<tr>")
        assert (
            table.count('data-label="How sure">seen') + table.count(">computed by us") >= rows - 1
        )


def test_a_pending_level_is_said_in_words_and_no_level_is_shown(
    client: Client, published: None
) -> None:
    text = page(client, "fenix")

    assert facts_box(text)["Achievement level"] == "level pending"
    assert "the level is pending" in text
    assert "No level is in force, and none is guessed here." in text
    assert "The level waits for chapter 2.2" in text
    assert "What the level means" not in text


def test_a_site_without_results_says_that_it_has_no_level(client: Client, published: None) -> None:
    text = page(client, "greenbushes")

    assert facts_box(text) == {
        "Achievement level": "in process",
        "Report published": "no report known",
        "Last look": "none known",
        "Next full audit due": "not computed",
    }
    assert "No audit result is known to be published, so there is no level." in text


def test_another_day_shows_what_had_been_published_by_then(client: Client, published: None) -> None:
    before = page(client, "minas-rio", "?on=2024-02-06")
    after = page(client, "minas-rio", "?on=2028-01-01")

    assert facts_box(before)["Achievement level"] == "nothing published yet"
    assert "IRMA 75" not in before.partition("<main")[2]
    assert "On this day no audit result had been published" in before
    assert "by 6 February 2024" in before
    assert facts_box(after)["Next full audit due"] == "7 February 2027 computedno newer audit known"


@pytest.mark.parametrize("on", ["", "yesterday", "2024-02-30", "<script>", "2026-11-22T10:00"])
def test_what_is_no_day_is_today(client: Client, published: None, on: str) -> None:
    strange, today = page(client, "minas-rio", f"?on={on}"), page(client, "minas-rio")

    assert strange.partition("<main")[2].partition("</main>")[0] in today


@pytest.mark.parametrize("on", ["0001-01-01", "1989-12-31", "2101-01-01", "9999-12-31"])
def test_a_day_out_of_reach_is_the_nearest_in_reach(
    client: Client, published: None, on: str
) -> None:
    assert "Minas-Rio" in page(client, "minas-rio", f"?on={on}")


def test_it_speaks_french_and_says_which_words_are_english(client: Client, published: None) -> None:
    text = page(client, "fenix", prefix="/fr")

    assert "Argentine" in text
    assert "26 février 2028" in text
    assert "25,5° S" in text
    assert '<span lang="en">Initial audit report published, level pending</span>' in text
    assert '<p class="site-note" lang="en">' in text


def test_a_made_up_site_says_so_and_shows_what_was_published_here(
    client: Client, published: None
) -> None:
    Site.objects.create(
        slug="example", name="Example Mine", country="NZ", illustrative=True, operator="Example Minerals",
        operator_source="Made up.", operator_mark="own", standard="irma/mining/1.0",
        status="published", level="IRMA-50", released_on="2026-01-05",
    )  # fmt: skip
    text = page(client, "example", "?on=2026-11-22")

    assert '<span class="tag">illustrative</span></h1>' in text
    assert facts_box(text)["Last look"] == "Report published, 5 January 2026"
    assert "published here</td>" in text
    assert "our own choice" not in text.partition('<dl class="known">')[2].partition("</dl>")[0]
    assert "We hold the published level" not in text


def test_the_words_of_strangers_stay_words(client: Client, db: None) -> None:
    bad = "<script>alert(1)</script>\"'&"
    site = Site.objects.create(
        slug="bad", name=bad, other_names=bad, operator=bad, operator_note=bad, operator_source=bad,
        firm=bad, firm_source=bad, country="<i", materials="<b> <u>", standard=bad, note=bad, status="in_process",
        place_source=bad, latitude=1, longitude=1, place_radius_km=5,
    )  # fmt: skip
    site.facts.create(kind=bad[:40], on="2024", text=bad, source=bad, mark="S", position=0)

    for prefix in ("", "/fr"):
        text = page(client, "bad", prefix=prefix)
        for tag in ("<script", "<i<", "<b>", "<u>"):
            assert tag not in text


def test_who_is_not_there_is_not_there_for_anybody(
    client: Client, published: None, auditor: Person, outsider: Person, firm: Organisation
) -> None:
    for visitor in (client, signed_in(auditor), signed_in(outsider)):
        for address in ("/sites/atlantis/", "/fr/sites/atlantis/", "/api/v1/sites/atlantis"):
            assert visitor.get(address).status_code == 404
        assert page(visitor, "minas-rio")


def test_nothing_is_offered_that_cannot_be_done_yet(client: Client, published: None) -> None:
    text = page(client, "minas-rio").casefold()

    assert "complain</a>" not in text
    assert "follow</a>" not in text
    assert text.count('method="post"') == 0
    assert "certified" not in text


def test_the_figures_stand_with_dates_and_sources(client: Client, published: None) -> None:
    text = client.get("/sites/figures/").content.decode().replace("\xa0", " ")

    assert "27 sites were said to be in independent assessment in February 2026." in text
    assert "The published audits of 14 were verified here." in text
    assert text.partition("<tbody>")[2].count("<tr>") == 14
    assert "counted by us" in text
    french = client.get("/fr/sites/figures/").content.decode()
    assert "février 2026" in french


def test_the_figures_page_stands_without_figures(client: Client, db: None) -> None:
    assert client.get("/sites/figures/").status_code == 200

"""The list of sites: filters, order, pages, words of strangers kept as words."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from stannary.web.parties.models import Site

pytestmark = pytest.mark.django_db


def names(client: Client, query: str = "", prefix: str = "") -> list[str]:
    page = client.get(f"{prefix}/sites/{query}").content.decode()
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', body)


def test_it_says_how_many_are_said_to_be_in_the_system_and_how_many_are_verified(
    client: Client, published: None
) -> None:
    page = client.get("/sites/").content.decode()

    assert "27 sites were said to be in independent assessment in February" in page
    assert "post of 5 February 2026" in page
    assert "14 sites with published results were verified here, 13 of them with a level" in page
    assert "11 more are known to be in process" in page
    assert "The list is not complete" in page


def test_a_made_up_site_is_marked_and_counts_in_no_figure(client: Client, published: None) -> None:
    Site.objects.create(
        slug="example", name="Example Mine", country="CL", illustrative=True,
        status="published", level="OPEN-75", released_on="2026-01-01",
    )  # fmt: skip

    page = client.get("/sites/").content.decode()

    assert "14 sites with published results were verified here, 13 of them" in page
    assert re.search(r'Example Mine</a> <span class="tag">illustrative</span>', page)
    assert names(client, "?illustrative=true") == ["Example Mine"]
    assert "Example Mine" not in names(client, "?illustrative=false")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=fenix", ["Fénix"]),
        ("?q=F%C3%89NIX", ["Fénix"]),
        ("?q=senegal", ["Grande Côte"]),
        ("?q=s%C3%A9n%C3%A9gal", ["Grande Côte"]),
        ("?q=carrizal", ["Zimapán"]),
        ("?q=lithium+australie", ["Greenbushes"]),
        ("?country=BR", ["Barro Alto", "Minas-Rio"]),
        ("?country=BR&material=iron", ["Minas-Rio"]),
        ("?material=graphite", ["Balama"]),
        ("?level=IRMA-TRANSPARENCY", ["Zimapán"]),
        ("?status=level_pending", ["Fénix"]),
        ("?firm=SCS+Global+Services&level=IRMA-75", ["Minas-Rio", "Unki"]),
        ("?q=fenix&country=BR", []),
        ("?country=QQ", []),
        ("?q=100%25", []),
    ],
)
def test_filters_find_what_fits_all_of_them(
    client: Client, published: None, query: str, expected: list[str]
) -> None:
    assert names(client, query) == expected
    assert names(client, query, prefix="/fr") == expected


def test_nothing_found_says_so_and_leads_back(client: Client, published: None) -> None:
    page = client.get("/sites/?q=atlantis").content.decode()

    assert "No site here fits all of this." in page
    assert "says nothing about that site" in page
    assert "<table" not in page
    assert 'href="/sites/"' in page


def test_every_order_goes_both_ways(client: Client, published: None) -> None:
    by_name = names(client)
    assert by_name == names(client, "?sort=name")
    assert by_name[:3] == ["Amandelbult", "Balama", "Barro Alto"]
    assert names(client, "?sort=-name") == by_name[::-1]
    assert names(client, "?sort=country")[0] == "Fénix"
    assert names(client, "?sort=-country")[-2:] == ["Fénix", "Sal de Oro"]
    assert names(client, "?sort=level")[-1] == "Unki"
    assert names(client, "?sort=-level")[0] == "Barro Alto"
    assert names(client, "?sort=date")[0] == "Zimapán"
    assert names(client, "?sort=-date")[0] == "Grande Côte"


def test_sites_without_a_date_stand_last_in_either_direction(
    client: Client, published: None
) -> None:
    for query in ("?sort=date", "?sort=-date"):
        assert {"Greenbushes", "Kamativi", "Sorowako"} <= set(names(client, query)[14:])


def test_the_column_sorted_by_says_so_and_turns_round(client: Client, published: None) -> None:
    page = client.get("/sites/?sort=date&country=ZA").content.decode()

    assert page.count("aria-sort") == 1
    assert (
        '<th scope="col" class="roomy" aria-sort="ascending"><a href="?country=ZA&amp;sort=-date#list">'
        in page
    )
    turned = client.get("/sites/?sort=-date&country=ZA").content.decode()
    assert 'aria-sort="descending"><a href="?country=ZA&amp;sort=date#list">' in turned


@pytest.mark.parametrize(
    "query", ["?sort=password", "?sort=", "?page=x", "?page=-1", "?per=0", "?per=x", "?area=x"]
)
def test_what_it_does_not_know_asks_for_nothing(
    client: Client, published: None, query: str
) -> None:
    assert client.get(f"/sites/{query}").status_code == 200
    assert names(client, query) in (names(client), ["Amandelbult"])


def test_pages_hold_a_hundred_or_a_thousand(
    client: Client, make_sites: Callable[[int], list[Site]]
) -> None:
    make_sites(1000)

    assert len(names(client)) == 100
    assert len(names(client, "?per=1000")) == 1000
    assert len(names(client, "?per=5000")) == 1000
    assert names(client, "?page=2")[0] > names(client)[-1]
    assert names(client, "?page=99") == names(client, "?page=10")
    first = client.get("/sites/?country=BR").content.decode()
    assert 'rel="next" href="?country=BR&amp;page=2#list"' in first
    assert 'rel="prev"' not in first
    assert sorted(name for n in range(1, 11) for name in names(client, f"?page={n}")) == sorted(
        site.name for site in Site.objects.all()
    )


def test_the_words_of_strangers_stay_words(client: Client, db: None) -> None:
    bad = "<script>alert(1)</script>\"'&"
    Site.objects.create(
        slug="bad", name=bad, operator=bad, firm=bad, country="BR", materials="<b>",
        latitude=1, longitude=1, illustrative=True,
    )  # fmt: skip

    for query in ("", f"?q={bad}", f"?firm={bad}", f"?country={bad}", "?sort=<script>"):
        page = client.get(f"/sites/{query}").content.decode()
        assert "<script" not in page
        assert "alert(1)" not in page.replace("&lt;script&gt;alert(1)", "").replace(
            "script%3Ealert", ""
        )


def test_it_speaks_french(client: Client, published: None) -> None:
    page = client.get("/fr/sites/?material=lead").content.decode()

    assert '<html lang="fr">' in page
    assert "Mexique" in page
    assert "Plomb" in page
    assert 'href="/fr/sites/zimapan/"' in page


def test_an_empty_register_is_no_error(client: Client, db: None) -> None:
    page = client.get("/sites/").content.decode()

    assert "No site here fits all of this." in page
    assert "said to be" not in page

"""A thousand sites on one page take less than a fifth of a second and as many queries as ten."""

import time
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stannary.web.parties.models import Site

pytestmark = pytest.mark.django_db
MOST_SECONDS = 0.2


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def fastest(client: Client, address: str) -> float:
    """Give the best of three times, or of more when the machine is busy with other things."""
    best = MOST_SECONDS
    for number in range(12):
        start = time.perf_counter()
        assert client.get(address).status_code == 200
        best = min(best, time.perf_counter() - start)
        if number >= 2 and best < MOST_SECONDS:
            break
    return best


@pytest.mark.parametrize(
    "address",
    ["/sites/?per=1000", "/sites/?per=1000&sort=-level&q=mine", "/api/v1/sites?limit=1000"],
)
def test_a_thousand_sites_take_as_many_queries_as_ten(
    client: Client, make_sites: Callable[[int], list[Site]], address: str
) -> None:
    make_sites(10)
    few = queries_of(client, address)
    Site.objects.all().delete()
    make_sites(1000)

    assert queries_of(client, address) == few <= 3


@pytest.mark.parametrize("prefix", ["", "/fr"])
@pytest.mark.parametrize(
    "query",
    [
        "?per=1000",
        "?per=1000&q=mine+lithium",
        "?per=1000&sort=-date",
        "?area=-60,-50,60,50&per=1000",
    ],
)
@pytest.mark.untraced
def test_a_thousand_sites_on_one_page_take_less_than_a_fifth_of_a_second(
    client: Client, make_sites: Callable[[int], list[Site]], prefix: str, query: str
) -> None:
    make_sites(1000)
    client.get("/sites/")

    assert fastest(client, f"{prefix}/sites/{query}") < MOST_SECONDS


def test_the_page_of_a_site_takes_a_fixed_number_of_queries(
    client: Client, published: None
) -> None:
    site = Site.objects.get(slug="minas-rio")
    few = queries_of(client, "/sites/minas-rio/")
    for number in range(10, 60):
        site.facts.create(kind="visit", on="2024", text="t", source="s", mark="S", position=number)

    assert queries_of(client, "/sites/minas-rio/") == few <= 8


@pytest.mark.parametrize("address", ["/sites/", "/sites/minas-rio/", "/sites/figures/"])
def test_a_page_weighs_less_than_a_hundred_kilobytes(
    client: Client, published: None, address: str
) -> None:
    assert len(client.get(address).content) < 100_000

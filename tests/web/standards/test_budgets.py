"""An edition with 500 requirements shows in less than a fifth of a second, with as many queries as a short one."""

import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from web.standards.conftest import long_edition, store

pytestmark = pytest.mark.django_db
MOST_SECONDS = 0.2
BASE = "/standards/stannary/open-mining/long-"
NEXT = "stannary/open-mining/1.0/"


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
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


@pytest.mark.parametrize("rest", ["/", "/?q=operator", "/1.2/", "/1.1.9.1/"])
def test_five_hundred_requirements_take_as_many_queries_as_thirty(
    client: Client, rest: str
) -> None:
    for number in (30, 500):
        store(long_edition(number))

    assert queries_of(client, f"{BASE}500{rest}") == queries_of(client, f"{BASE}30{rest}") <= 2


@pytest.mark.parametrize("prefix", ["", "/fr"])
@pytest.mark.parametrize("rest", ["/", "/?q=operator", "/?q=e", "/1.2/", "/1.1.9.1/"])
@pytest.mark.untraced
def test_five_hundred_requirements_take_less_than_a_fifth_of_a_second(
    client: Client, prefix: str, rest: str
) -> None:
    store(long_edition(500))
    client.get(f"{BASE}500/")

    assert fastest(client, f"{prefix}{BASE}500{rest}") < MOST_SECONDS


@pytest.mark.untraced
@pytest.mark.parametrize("prefix", ["", "/fr"])
@pytest.mark.parametrize("rest", ["", "from/0.1/", "from/0.1/?chapter=3.1", "1.1.1.3/"])
def test_the_longest_shipped_edition_shows_in_less_than_a_fifth_of_a_second(
    client: Client, shipped: None, prefix: str, rest: str
) -> None:
    client.get(f"/standards/{NEXT}")

    assert fastest(client, f"{prefix}/standards/{NEXT}{rest}") < MOST_SECONDS


@pytest.mark.parametrize(("rest", "most"), [("", 4), ("from/0.1/", 1), ("1.1.1.3/", 2)])
def test_pages_about_two_editions_take_as_many_queries_as_they_need(
    client: Client, shipped: None, rest: str, most: int
) -> None:
    assert queries_of(client, f"/standards/{NEXT}{rest}") <= most


@pytest.mark.parametrize(
    "address",
    [
        "",
        "irma/mining/1.0/",
        "stannary/open-mining/0.1/",
        "stannary/open-mining/0.1/1.2/",
        f"{NEXT}",
        f"{NEXT}1.2/",
        f"{NEXT}?q=water",
        f"{NEXT}from/0.1/",
        f"{NEXT}from/0.1/?kind=new",
        f"{NEXT}from/0.1/?chapter=3.1",
        f"{NEXT}tags/",
        f"{NEXT}tags/sdg:8.8/",
        f"{NEXT}translations/?language=fr",
    ],
)
def test_a_page_weighs_less_than_a_hundred_kilobytes(
    client: Client, shipped: None, address: str
) -> None:
    assert len(client.get(f"/standards/{address}").content) < 100_000

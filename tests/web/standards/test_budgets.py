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


@pytest.mark.parametrize(
    "address",
    ["", "irma/mining/1.0/", "stannary/open-mining/0.1/", "stannary/open-mining/0.1/1.2/"],
)
def test_a_page_weighs_less_than_a_hundred_kilobytes(
    client: Client, shipped: None, address: str
) -> None:
    assert len(client.get(f"/standards/{address}").content) < 100_000

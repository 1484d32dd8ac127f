"""The page of a result with five hundred requirements answers fast, with as many queries as one of fifty."""

import datetime
import time
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stannary.core.publications import About, Kind
from stannary.web.publications.models import PublishedResult

pytestmark = [pytest.mark.django_db, pytest.mark.untraced]

DAY = datetime.date(2026, 1, 5)
PAGE_MS = 200


def test_five_hundred_requirements_cost_no_more_queries_and_less_than_200_ms(
    result_with: Callable[[int], PublishedResult], client: Client
) -> None:
    counts = []
    spent = []
    for size in (50, 500):
        address = f"/results/{result_with(size).result_id}/"
        assert client.get(address).content.count(b'<tr id="r-') == size
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        counts.append(len(captured))
        for _ in range(4):
            start = time.process_time()
            client.get(address)
            spent.append((time.process_time() - start) * 1000)

    assert counts[0] == counts[1] <= 3
    assert min(spent[4:]) < PAGE_MS


def test_two_thousand_requirements_of_form_2_cost_no_more_queries(
    result_with: Callable[..., PublishedResult], client: Client
) -> None:
    address = f"/results/{result_with(2000, About(Kind.AUDIT)).result_id}/"
    client.get(address)

    start = time.process_time()
    with CaptureQueriesContext(connection) as captured:
        found = client.get(address)
    spent = (time.process_time() - start) * 1000

    assert found.content.count(b'<tr id="r-') == 2000
    assert len(captured) <= 3
    assert spent < 2000 / 500 * PAGE_MS * 2

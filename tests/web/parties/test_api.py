"""Sites for programs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from stannary.web.parties.models import Site

pytestmark = pytest.mark.django_db
SUMMARY = {
    "id", "name", "other_names", "illustrative", "country", "materials", "operator", "firm", "standard", "status",
    "level", "released_on", "place", "address",
}  # fmt: skip


def get(client: Client, address: str) -> dict[str, Any]:
    answer = client.get(f"/api/v1{address}")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_the_list_has_sites_and_the_cursor_of_the_next_page(
    client: Client, published: None
) -> None:
    whole = get(client, "/sites")
    assert whole["next"] is None
    assert len(whole["items"]) == 25
    assert set(whole["items"][0]) == SUMMARY

    ids: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = get(client, f"/sites?limit=7{cursor and '&cursor=' + cursor}")
        ids += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert ids == [item["id"] for item in whole["items"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=fenix", {"fenix"}),
        ("q=minas+brésil", {"minas-rio"}),
        ("country=BR&level=IRMA-75", {"barro-alto", "minas-rio"}),
        ("material=graphite", {"balama"}),
        ("status=self_assessing", {"sal-de-oro"}),
        ("firm=Nobody", set()),
        ("illustrative=true", set()),
    ],
)
def test_the_list_can_be_filtered(
    client: Client, published: None, query: str, expected: set[str]
) -> None:
    assert {item["id"] for item in get(client, f"/sites?{query}")["items"]} == expected


def test_filters_hold_across_pages(client: Client, make_sites: Callable[[int], list[Site]]) -> None:
    make_sites(300)

    first = get(client, "/sites?country=ZA&limit=50")
    second = get(client, f"/sites?country=ZA&limit=50&cursor={first['next']}")

    assert second["next"] is None
    assert len(first["items"]) + len(second["items"]) == 60
    assert {item["country"] for item in first["items"] + second["items"]} == {"ZA"}


def test_one_site_has_facts_with_sources_and_computed_dates(
    client: Client, published: None
) -> None:
    site = get(client, "/sites/minas-rio?on=2026-11-22")

    assert set(site) == SUMMARY | {"on", "note", "facts", "computed"}
    assert site["level"] == "IRMA-75"
    assert site["computed"]["surveillance_from"] == "2025-02-07"
    assert site["computed"]["surveillance_until"] == "2025-08-07"
    assert site["computed"]["reassessment_due"] == "2027-02-07"
    assert "not a statement of the scheme" in site["computed"]["note"]
    assert [step["standing"] for step in site["computed"]["standing"]] == ["done", "not_yet_due"]
    assert {fact["kind"] for fact in site["facts"]} >= {
        "operator",
        "firm",
        "level",
        "place",
        "initial_release",
    }
    assert all(fact["mark"] for fact in site["facts"])


def test_one_site_on_an_earlier_day_says_only_what_was_known(
    client: Client, published: None
) -> None:
    site = get(client, "/sites/minas-rio?on=2024-02-06")

    assert site["level"] is None
    assert site["released_on"] is None
    assert site["computed"] is None
    assert not [fact for fact in site["facts"] if fact["kind"] in ("level", "initial_release")]


def test_a_site_in_process_has_nulls_not_guesses(client: Client, published: None) -> None:
    site = get(client, "/sites/greenbushes")

    assert (site["level"], site["released_on"], site["computed"]) == (None, None, None)


def test_figures_have_dates_and_sources(client: Client, published: None) -> None:
    items = get(client, "/sites/figures")["items"]

    assert len(items) == 14
    assert all(set(item) == {"key", "value", "text", "on", "source", "mark"} for item in items)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/sites/atlantis", 404),
        ("/sites?limit=0", 422),
        ("/sites?limit=1001", 422),
        ("/sites?cursor=!!", 422),
        ("/sites/minas-rio?on=soon", 422),
    ],
)
def test_errors_are_problems(client: Client, published: None, address: str, status: int) -> None:
    answer = client.get(f"/api/v1{address}")

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_the_description_names_every_field(client: Client) -> None:
    schema = client.get("/api/v1/openapi.json").json()

    assert {"/api/v1/sites", "/api/v1/sites/{site}", "/api/v1/sites/figures"} <= set(
        schema["paths"]
    )
    assert set(schema["components"]["schemas"]["SiteSummary"]["required"]) == SUMMARY
    assert (
        "null"
        in schema["components"]["schemas"]["SiteSummary"]["properties"]["level"]["description"]
    )

"""Sites and facts leave the house as files: valid, complete, each fact with its source."""

import csv
import io
import json

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from stannary.web.parties.models import Site, SiteFact
from stannary.web.parties.shapes import FACT_COLUMNS, SITE_COLUMNS

pytestmark = pytest.mark.django_db


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.streaming
    return str(answer.getvalue().decode())


def table(client: Client, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text_of(client, address))))


def test_sites_are_a_table_and_a_list_of_the_same(client: Client, published: None) -> None:
    rows = table(client, "/data/sites.csv")
    listed = json.loads(text_of(client, "/data/sites.json"))

    assert tuple(rows[0]) == SITE_COLUMNS
    assert len(rows) == 25
    assert [row["site"] for row in rows] == [row["site"] for row in listed["sites"]]
    assert listed["licence"] == "CC0-1.0"
    assert {row["illustrative"] for row in rows} == {"false"}
    assert listed["sites"][0]["illustrative"] is False
    rio = next(row for row in rows if row["site"] == "minas-rio")
    assert (rio["level"], rio["latitude"], rio["longitude"], rio["radius_km"]) == (
        "IRMA-75",
        "-19",
        "-43.5",
        "50",
    )


def test_geojson_has_longitude_first_a_radius_and_says_that_places_are_approximate(
    client: Client, published: None
) -> None:
    answer = client.get("/data/sites.geojson")
    data = json.loads(text_of(client, "/data/sites.geojson"))

    assert answer["Content-Type"] == "application/geo+json"
    assert 'rel="license"' in answer["Link"]
    assert data["type"] == "FeatureCollection"
    assert "crs" not in data
    assert "Approximate" in data["note"]
    assert len(data["features"]) == 25
    for feature in data["features"]:
        assert set(feature) == {"type", "id", "geometry", "properties"}
        assert feature["type"] == "Feature"
        assert set(feature["geometry"]) == {"type", "coordinates"}
        longitude, latitude = feature["geometry"]["coordinates"]
        assert -180 <= longitude <= 180
        assert -90 <= latitude <= 90
        assert feature["properties"]["radius_km"] == 50
        assert "Approximate" in feature["properties"]["place_note"]
    rio = next(one for one in data["features"] if one["id"] == "minas-rio")
    assert rio["geometry"]["coordinates"] == [-43.5, -19.0]


def test_a_site_without_a_place_is_no_feature(client: Client, db: None) -> None:
    Site.objects.create(slug="a", name="A", country="BR")

    assert json.loads(text_of(client, "/data/sites.geojson"))["features"] == []
    assert table(client, "/data/sites.csv")[0]["latitude"] == ""


def test_every_fact_is_there_with_source_and_mark(client: Client, published: None) -> None:
    rows = table(client, "/data/facts.csv")

    assert tuple(rows[0]) == FACT_COLUMNS
    assert all(row["mark"] for row in rows)
    assert all(row["source"] for row in rows if row["kind"] != "country")
    events = [
        row for row in rows if row["kind"] not in ("country", "operator", "firm", "level", "place")
    ]
    assert len(events) == SiteFact.objects.count()
    assert sum(row["kind"] == "level" for row in rows) == 13
    assert len(json.loads(text_of(client, "/data/facts.json"))["facts"]) == len(rows)


def test_made_up_sites_have_no_facts_in_the_file_of_facts(client: Client, db: None) -> None:
    site = Site.objects.create(slug="a", name="A", country="BR", illustrative=True, level="OPEN-50")
    site.facts.create(kind="visit", text="t", source="illustrative", mark="own", position=0)

    assert table(client, "/data/facts.csv") == []
    assert table(client, "/data/sites.csv")[0]["illustrative"] == "true"


@pytest.mark.parametrize("address", ["/data/sites.xml", "/data/facts.geojson", "/data/facts."])
def test_a_form_that_a_list_does_not_have_is_not_there(
    client: Client, db: None, address: str
) -> None:
    assert client.get(address).status_code == 404


def test_no_cell_is_a_formula(client: Client, db: None) -> None:
    Site.objects.create(slug="a", name="=HYPERLINK(1)", country="BR")

    assert table(client, "/data/sites.csv")[0]["name"] == "'=HYPERLINK(1)"


def test_a_file_takes_the_same_number_of_queries_for_any_number_of_sites(
    client: Client, published: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        text_of(client, "/data/facts.csv")
    with django_assert_num_queries(1):
        text_of(client, "/data/sites.geojson")

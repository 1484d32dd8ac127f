"""Standards for programs and as a file."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client

from stannary.formats.packs import shipped_packs
from stannary.web.standards import queries

pytestmark = pytest.mark.django_db
BASE = "/api/v1/standards"
OPEN = f"{BASE}/stannary/open-mining/0.1"


def get(client: Client, address: str) -> dict[str, Any]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_the_list_has_every_edition(client: Client, shipped: None) -> None:
    items = get(client, BASE)["items"]

    assert [item["id"] for item in items] == sorted(
        "/".join(folder.parts[-3:]) for folder in shipped_packs()
    )
    by_id = {item["id"]: item for item in items}
    for name, requirements, texts in (
        ("irma/mining/1.0", 5, "outline"),
        ("stannary/open-custody/0.1", 0, "full"),
        ("stannary/open-mining/0.1", 115, "full"),
        ("stannary/open-mining/1.0", 418, "full"),
    ):
        assert (by_id[name]["requirements"], by_id[name]["texts"]) == (requirements, texts)


def test_an_edition_has_levels_and_constants_with_their_sources(
    client: Client, shipped: None
) -> None:
    edition = get(client, f"{BASE}/irma/mining/1.0")

    assert edition["sha256"] == queries.sha256_of("irma/mining/1.0")
    assert [level["code"] for level in edition["levels"]][-1] == "IRMA-100"
    assert edition["levels"][0]["min_principle_share"] is None
    months = edition["parameters"]["surveillance_from_months"]["values"][0]
    assert months["value"] == 12
    assert months["from"] == "2018-06-01"
    assert months["mark"] == "SEED+S2"
    assert months["placeholder"] is False
    assert edition["parameters"]["complaint_answer_days"]["values"][0]["value"] is None
    assert [chapter["requirements"] for chapter in edition["chapters"]].count(0) == 23


def test_requirements_come_in_pages_in_their_order(client: Client, shipped: None) -> None:
    whole = get(client, f"{OPEN}/requirements?limit=1000")
    assert whole["next"] is None

    ids: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = get(client, f"{OPEN}/requirements?limit=40{cursor and '&cursor=' + cursor}")
        ids += [item["id"] for item in page["items"]]
        cursor = page["next"]

    assert ids == [item["id"] for item in whole["items"]]
    assert ids == [one.id for one in queries.edition("stannary/open-mining/0.1").requirements]


def test_requirements_can_be_searched(client: Client, shipped: None) -> None:
    found = get(client, f"{OPEN}/requirements?q=motivee+preoccupations")

    assert [item["id"] for item in found["items"]] == ["1.2.2.2"]


def test_one_requirement_has_its_translations(client: Client, shipped: None) -> None:
    one = get(client, f"{OPEN}/requirements/1.2.2.2")

    assert set(one) == {
        "standard", "id", "principle", "chapter", "section", "title", "demand", "critical", "applies", "why",
        "evidence", "interview", "tags", "was", "source", "mark", "address", "translations",
    }  # fmt: skip
    assert (one["principle"], one["chapter"], one["section"]) == ("1", "1.2", "1.2.2")
    assert one["critical"] is False
    assert one["translations"]["fr"]["title"].startswith("Les préoccupations")
    assert client.get(one["address"]).status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{BASE}/irma/mining/9", 404),
        (f"{OPEN}/requirements/9.9.9.9", 404),
        (f"{OPEN}/requirements?limit=0", 422),
        (f"{OPEN}/requirements?cursor=%21", 422),
        (f"{OPEN}/requirements?cursor=%00", 404),
    ],
)
def test_errors_are_problems(client: Client, shipped: None, address: str, status: int) -> None:
    answer = client.get(address)

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


def test_the_description_names_its_addresses(client: Client) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]

    assert f"{BASE}/{{publisher}}/{{standard}}/{{edition}}/requirements/{{requirement}}" in paths


def test_the_file_has_the_columns_that_outsiders_rely_on(client: Client, shipped: None) -> None:
    answer = client.get("/data/requirements.csv")
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))

    assert list(rows[0]) == [
        "standard", "id", "principle", "chapter", "section", "title", "demand", "critical", "applies",
    ]  # fmt: skip
    editions = queries.editions()
    assert len(rows) == sum(len(edition.requirements) for edition in editions)
    assert {row["critical"] for row in rows} == {"true", "false"}
    listed = json.loads(client.get("/data/requirements.json").getvalue())
    assert [row["id"] for row in listed["requirements"]] == [row["id"] for row in rows]
    assert listed["licence"] == "as each standard says: /api/v1/standards"
    assert "Link" not in answer
    assert {row["critical"] for row in listed["requirements"]} == {True, False}
    assert client.get("/data/requirements.xml").status_code == 404

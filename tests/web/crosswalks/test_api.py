"""Crosswalks for programs and as files."""

import csv
import io
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from core.crosswalks.links import LEAD, OTHER
from stannary.core.crosswalks import Crosswalk
from stannary.core.standards import Rating
from stannary.formats.crosswalks import CSV_COLUMNS, load_crosswalk
from stannary.web.crosswalks import queries, results
from stannary.web.crosswalks.operations import load_crosswalks
from stannary.web.crosswalks.results import Rated, Source
from stannary.web.publications.crosswalk_source import SOURCE
from stannary.web.publications.models import PublishedResult
from stannary.web.standards.operations import load_packs
from web.crosswalks.conftest import JUDGED, NAME, NOW, THIRD

pytestmark = pytest.mark.django_db
BASE = "/api/v1/crosswalks"
PLAN = f"lead={LEAD.id}&with={OTHER.id}&with={THIRD.id}"


def get(client: Client, address: str) -> dict[str, Any]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_the_list_and_the_record_say_the_same(client: Client, made_up: Crosswalk) -> None:
    (item,) = get(client, BASE)["items"]

    assert item == get(client, f"{BASE}/{NAME}")
    assert (item["name"], item["first"], item["second"]) == (NAME, LEAD.id, OTHER.id)
    assert item["relations"] == {
        "equal": 1, "subset": 1, "superset": 1, "intersects": 1, "none": 3,
    }  # fmt: skip
    assert item["sha256"] == queries.crosswalk(NAME).sha256
    assert client.get(item["address"]).status_code == 200


def test_judgements_come_in_pages_in_their_order(client: Client, made_up: Crosswalk) -> None:
    seen: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = get(client, f"{BASE}/{NAME}/judgements?limit=3{cursor and '&cursor=' + cursor}")
        seen += page["items"]
        cursor = page["next"]

    assert [one["first"] for one in seen] == [link.first or None for link in JUDGED.links]
    assert seen[1]["coverage"] == "2/3"
    assert (seen[1]["direction"], seen[1]["coverage_back"]) == ("forward", None)


def test_judgements_are_filtered_by_relation(client: Client, made_up: Crosswalk) -> None:
    found = get(client, f"{BASE}/{NAME}/judgements?relation=none")["items"]

    assert [(one["first"], one["second"]) for one in found] == [
        ("1.1.1.1", "5.2.1.1"),
        ("2.1.1.1", None),
        (None, "5.2.1.1"),
    ]
    assert client.get(f"{BASE}/{NAME}/judgements?relation=part").status_code == 422


def test_a_plan_is_what_the_page_shows(client: Client, made_up: Crosswalk) -> None:
    plan = get(client, f"{BASE}/plan?{PLAN}")

    assert plan["shared"] == {"1.1.1.1": 2, "1.1.1.2": 2}
    other, third = plan["standards"]
    assert other["counts"] == {
        "covered": 2, "rest": 1, "perhaps": 0, "ask": 1, "unexamined": 0,
    }  # fmt: skip
    assert [one["id"] for one in other["to_ask"]] == ["5.1.1.2", "5.2.1.1"]
    assert [one["reason"] for one in other["to_ask"][1]["nothing"]] == [
        "Another subject.",
        "Nothing like that.",
    ]
    assert third["requirements_complete"] is False


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{BASE}/nothing", 404),
        (f"{BASE}/nothing/judgements", 404),
        (f"{BASE}/{NAME}/gaps", 422),
        (f"{BASE}/{NAME}/gaps?result={uuid.UUID(int=1)}", 404),
        (f"{BASE}/plan", 422),
        (f"{BASE}/plan?lead={LEAD.id}", 422),
        (f"{BASE}/plan?lead={LEAD.id}&with={LEAD.id}", 422),
        (f"{BASE}/plan?lead={LEAD.id}&with=a/b/c", 404),
        (f"{BASE}/plan?lead={LEAD.id}" + f"&with={OTHER.id}" * 11, 422),
        (f"{BASE}/{NAME}/judgements?cursor=x", 422),
    ],
)
def test_what_cannot_be_answered_is_a_problem(
    client: Client, made_up: Crosswalk, address: str, status: int
) -> None:
    answer = client.get(address)

    assert answer.status_code == status
    assert "problem+json" in answer.headers["Content-Type"]


# gaps


@pytest.fixture
def backwards() -> Iterator[uuid.UUID]:
    """A published result under the second edition."""
    found = Rated(
        uuid.UUID(int=7), "Example Pit", True, OTHER.id, NOW.date(), {"5.1.1.1": Rating.FULLY}
    )
    results.answer_with(Source(one=lambda _id: found, under=lambda _editions, _most: (found,)))
    yield found.result_id
    results.answer_with(SOURCE)


def test_a_result_under_the_second_edition_turns_the_crosswalk(
    client: Client, made_up: Crosswalk, backwards: uuid.UUID
) -> None:
    report = get(client, f"{BASE}/{NAME}/gaps?result={backwards}")

    assert (report["first"], report["second"]) == (OTHER.id, LEAD.id)
    assert [(one["id"], one["state"]) for one in report["requirements"]] == [
        ("1.1.1.1", "shown"),
        ("1.1.1.2", "perhaps"),
        ("1.2.1.1", "perhaps"),
        ("2.1.1.1", "ask"),
    ]


def test_published_ratings_are_found(client: Client, published: PublishedResult) -> None:
    load_packs()
    load_crosswalks()
    name = "open-mining-1.0--open-mining-0.1"
    report = get(client, f"{BASE}/{name}/gaps?result={published.result_id}")

    assert report["first"] == published.standard
    assert sum(report["counts"].values()) == len(report["requirements"])
    assert report["counts"]["shown"] > 0
    page = client.get(f"/crosswalks/{name}/gaps/")
    assert str(published.result_id).encode() in page.content
    assert SOURCE.one(uuid.UUID(int=1)) is None


# files


def test_every_judgement_is_in_one_file(client: Client, made_up: Crosswalk) -> None:
    answer = client.get("/data/crosswalks.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode())))

    assert list(rows[0]) == ["crosswalk", *CSV_COLUMNS]
    assert [row["first"] for row in rows] == [link.first for link in JUDGED.links]
    whole = json.loads(b"".join(client.get("/data/crosswalks.json")))
    assert len(whole["crosswalks"]) == len(JUDGED.links)
    assert client.get("/data/crosswalks.pdf").status_code == 404


def test_a_file_without_its_first_column_is_read_as_a_crosswalk(
    client: Client, made_up: Crosswalk, tmp_path: Any
) -> None:
    answer = b"".join(client.get("/data/crosswalks.csv")).decode()
    table = [row[1:] for row in csv.reader(io.StringIO(answer))]
    file = tmp_path / "table.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(table)

    assert len(load_crosswalk(file).links) == len(JUDGED.links)


def test_a_plan_is_a_file_with_a_row_for_each_requirement(
    client: Client, made_up: Crosswalk
) -> None:
    answer = client.get(f"/data/co-audit-plan.csv?{PLAN}")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode())))

    assert [(row["standard"], row["requirement"]) for row in rows] == [
        (edition.id, one.id) for edition in (OTHER, THIRD) for one in edition.requirements
    ]
    assert (rows[1]["floor"], rows[1]["by"], rows[1]["perhaps"]) == ("2/3", "1.1.1.2", "1.2")
    assert client.get("/data/co-audit-plan.csv").status_code == 404
    assert client.get(f"/data/co-audit-plan.xml?{PLAN}").status_code == 404

"""The API keeps its word: what the OpenAPI document says, and nothing worse than a refusal."""

import io
import re
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ninja import Schema
from ninja.openapi.schema import OpenAPISchema

from stannary.web.project.paging import encode

METHODS = ("get", "post", "put", "patch", "delete")
HOSTILE = ("", " ", "0", "-1", "1", "L-2041", "%00", "..", "a/b", "é", "字", "'", "<b>", "9" * 30)
ANSWERS = frozenset({200, 401, 404, 422})


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """Give the OpenAPI document as the server gives it."""
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
def demonstration(db: None) -> None:
    """Load packs and the demonstration, so that there is something to ask for."""
    call_command("load_packs", stdout=io.StringIO())
    call_command("load_crosswalks", stdout=io.StringIO())
    call_command("demo", stdout=io.StringIO())


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give path, method and what is said of each operation."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_document_is_made_once_and_comes_out_the_same(document: dict[str, Any]) -> None:
    with patch.object(OpenAPISchema, "__init__", side_effect=AssertionError("made again")):
        again = Client().get("/api/v1/openapi.json")

    assert again.json() == document


def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    assert document["info"]["title"] == "Stannary"
    names = [operation["operationId"] for _path, _method, operation in operations(document)]
    assert len(names) == len(set(names))


def test_every_operation_says_in_a_line_what_it_does(document: dict[str, Any]) -> None:
    silent = [
        f"{method} {path}"
        for path, method, operation in operations(document)
        if not (operation.get("summary") and operation.get("description"))
    ]

    assert silent == []


def test_every_parameter_and_every_field_is_described(document: dict[str, Any]) -> None:
    silent = [
        f"{method} {path}: {one['name']}"
        for path, method, operation in operations(document)
        for one in operation.get("parameters", [])
        if not one.get("description")
    ]
    for name, schema in document["components"]["schemas"].items():
        if not schema.get("description"):
            silent.append(name)
        for field, said in schema.get("properties", {}).items():
            if not said.get("description"):
                silent.append(f"{name}.{field}")

    assert silent == []


def test_a_method_that_is_not_declared_is_not_allowed(
    document: dict[str, Any], demonstration: None
) -> None:
    client = Client()
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                continue
            answer = getattr(client, method)(address(path, {}))

            assert answer.status_code == 405, f"{method} {path}"
            assert "Allow" in answer.headers


def address(path: str, values: dict[str, str]) -> str:
    """Fill the gaps of a path: with what is there, or with what is given."""
    there = {
        "site": "example-ridge",
        "facility": "example-refinery",
        "publisher": "stannary",
        "standard": "open-mining",
        "edition": "0.1",
        "requirement": "1.1.1.1",
        "crosswalk": "open-mining-1.0--open-mining-0.1",
        "firm": "example-assurance",
        "older": "0.1",
        "assessment_id": "1",
        "assignment_id": "1",
        "note_id": "8e03978e-40d5-43e8-bc93-6894a57f9324",
        "engagement_id": "5b1c1f0e-7a55-4f5c-9e0c-2f6d3f0a1c01",
        "number": "1",
        "item_id": "3f0c6c0e-5d0f-4a63-9a2b-6a4f3b1c2d01",
        "version_id": "3f0c6c0e-5d0f-4a63-9a2b-6a4f3b1c2d02",
        "entity": "example-cells",
        "certificate": "EXAMPLE-COC-5",
        "factor": "1",
        "transaction_id": "3f0c6c0e-5d0f-4a63-9a2b-6a4f3b1c2d04",
        "lot_id": "L-2041",
        "credit_id": "CR-2",
        "event": "E-01",
        "organisation": "example-cells",
        "statement_id": "3f0c6c0e-5d0f-4a63-9a2b-6a4f3b1c2d05",
        "last_day": "2026-03-31",
        "file_id": "3f0c6c0e-5d0f-4a63-9a2b-6a4f3b1c2d03",
        "result_id": "6f0b7e2a-5d57-4c0f-9d5e-0a1f4f5c2b01",
        "other_id": "6f0b7e2a-5d57-4c0f-9d5e-0a1f4f5c2b03",
        "claim_id": "6f0b7e2a-5d57-4c0f-9d5e-0a1f4f5c2b01",
    }
    return re.sub(r"{(\w+)}", lambda gap: values.get(gap[1], there[gap[1]]), path)


def ids() -> st.SearchStrategy[str]:
    """Give ids: hostile ones and any text that can stand in a path."""
    letters = st.characters(codec="utf-8", exclude_characters="/?#")
    return st.sampled_from(HOSTILE) | st.text(letters, max_size=12)


def values() -> st.SearchStrategy[str]:
    """Give values of parameters: numbers, days, cursors, and any text."""
    return (
        ids()
        | st.integers(-(10**20), 10**20).map(str)
        | st.dates().map(str)
        | st.integers(0, 10**19).map(encode)
        | st.text(max_size=120)
    )


@pytest.mark.either_database
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_whatever_is_asked_the_answer_is_data_or_a_problem(
    data: st.DataObject, document: dict[str, Any], demonstration: None
) -> None:
    client = Client(raise_request_exception=False)
    for path, method, operation in operations(document):
        if method != "get":
            continue
        asked = operation.get("parameters", [])
        gaps = {one["name"]: data.draw(ids()) for one in asked if one["in"] == "path"}
        gaps = gaps if data.draw(st.booleans()) else {}
        query = {
            one["name"]: data.draw(values())
            for one in asked
            if one["in"] == "query" and data.draw(st.booleans())
        }
        answer = client.get(address(path, gaps), query)

        assert answer.status_code in ANSWERS, (path, gaps, query, answer.status_code)
        check_form(answer.status_code, answer.headers["Content-Type"], answer.content)


def check_form(status: int, kind: str, body: bytes) -> None:
    """Check that data are JSON, and errors problems that say their status."""
    if status == 200:
        assert kind.startswith("application/json")
    else:
        assert kind.startswith("application/problem+json"), (status, kind, body[:200])
        assert f'"status": {status}'.encode() in body


@pytest.mark.parametrize(
    "asked",
    [
        "/lots/%00/",
        "/lots/?q=%00",
        "/lots/?holder=a%00b",
        "/sites/?q=%00",
        "/rules/%00/",
        "/data/lots.%00",
        "/api/v1/lots/%00/trace",
        "/api/v1/results?site=%00",
    ],
)
def test_nothing_is_found_under_a_null_character(client: Client, db: None, asked: str) -> None:
    answer = client.get(asked)

    assert answer.status_code == 404
    assert ("problem+json" in answer.headers["Content-Type"]) == asked.startswith("/api/")


def test_no_two_shapes_of_the_api_bear_one_name() -> None:
    def below(shape: type[Schema]) -> Iterator[type[Schema]]:
        for one in shape.__subclasses__():
            yield one
            yield from below(one)

    Client().get("/api/v1/openapi.json")  # every router is loaded
    places: dict[str, set[str]] = {}
    for one in below(Schema):
        if one.__module__.startswith("stannary."):
            places.setdefault(one.__name__, set()).add(one.__module__)

    assert {name: those for name, those in places.items() if len(those) > 1} == {}
